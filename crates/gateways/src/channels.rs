//! Which channels are set up.
//!
//! Web chat, the HTTP API and the command line need no gateway: their files are stored when they
//! arrive and their replies are read from the database, so they are never among these.

use domain::message::ChannelKind;
use ports::channel::{Channel, Channels};
use std::sync::Arc;

/// The channels that reach beyond this process.
#[derive(Default)]
pub struct ChannelSet {
    twilio: Option<Arc<dyn Channel>>,
}

impl ChannelSet {
    /// Makes the set; a channel without settings is absent.
    #[must_use]
    pub const fn new(twilio: Option<Arc<dyn Channel>>) -> Self {
        Self { twilio }
    }
}

impl Channels for ChannelSet {
    fn of(&self, kind: ChannelKind) -> Option<Arc<dyn Channel>> {
        match kind {
            ChannelKind::Twilio => self.twilio.clone(),
            ChannelKind::WebChat | ChannelKind::Api | ChannelKind::Cli => None,
        }
    }
}
