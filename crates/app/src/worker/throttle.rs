//! Nobody takes more than a share: what one sender has too much waits, and is told so now and then.
//!
//! Messages are always taken in; only their answers wait. The owner's own channels have no limit.

use domain::message::ChannelKind;
use ports::{
    limits::{Limits, Rate},
    store::Work,
};
use std::{sync::Arc, time::Duration};

/// How often at most a sender is told that he is sending too much.
const NOTICE: Rate = Rate { burst: 1, every: Duration::from_secs(600) };

/// How often each sender is answered.
#[derive(Clone)]
pub struct Throttle {
    limits: Arc<dyn Limits>,
    rate: Option<Rate>,
}

/// What becomes of a message whose sender has had his share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wait {
    /// How long it waits.
    pub after: Duration,
    /// Whether its sender is told.
    pub is_told: bool,
}

impl Throttle {
    /// Makes it of limits and of what they are; nothing if there are none.
    pub fn new(limits: Arc<dyn Limits>, rate: Option<Rate>) -> Self {
        Self { limits, rate }
    }

    /// Takes one turn of those that a sender has, unless there is none.
    pub(super) async fn wait(&self, work: &Work) -> Option<Wait> {
        let rate = self.rate?;
        let is_owners = work.inbound.message.channel != ChannelKind::Twilio;
        // Who wants no answers takes none of anybody's, and is not told so either.
        if is_owners || work.conversation.is_silent {
            return None;
        }
        // An identifier of ours, which says nothing to others.
        let who = work.sender.member.to_string();
        let after = self.limits.take(&who, rate).await?;
        let told = self.limits.take(&format!("told:{who}"), NOTICE).await;
        Some(Wait { after, is_told: told.is_none() })
    }
}
