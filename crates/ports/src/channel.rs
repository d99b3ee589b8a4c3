//! The ways in and out: fetch what came, send what goes.

use async_trait::async_trait;
use bytes::Bytes;
use domain::message::{Attachment, ChannelKind, NewInbound, Outbound};
use jiff::Timestamp;
use std::{sync::Arc, time::Duration};

/// Why a message or file did not get through.
#[derive(Debug, thiserror::Error)]
pub enum ChannelError {
    /// Not now; later may work.
    #[error("the channel is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Too fast; wait as long as it says.
    #[error("the channel asks to slow down")]
    RateLimited {
        /// How long to wait.
        after: Duration,
    },
    /// The request left, its answer never came: it may have been done.
    #[error("the channel did not answer; the message may have been sent")]
    Unclear(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It does not know our credentials, such as after a change of them: nothing was done, and the same
    /// will work once its owner has set them right.
    #[error("the channel refuses our credentials")]
    Unauthorized,
    /// Refused for good, with the provider's code.
    #[error("the channel refused the request (code {code})")]
    Refused {
        /// The provider's error code or the HTTP status.
        code: u32,
    },
    /// The file is gone, or its address is not one that we fetch from.
    #[error("the file cannot be fetched")]
    NoSuchFile,
    /// The file is larger than the limit.
    #[error("the file is too large")]
    TooLarge,
}

impl ChannelError {
    /// Returns how long to wait before the same call may succeed; nothing if it never will.
    #[must_use]
    pub const fn retry(&self) -> Option<Duration> {
        match self {
            Self::Unavailable(_) => Some(Duration::from_secs(2)),
            Self::RateLimited { after } => Some(*after),
            // Until its owner has changed them.
            Self::Unauthorized => Some(Duration::from_secs(60)),
            Self::Unclear(_) | Self::Refused { .. } | Self::NoSuchFile | Self::TooLarge => None,
        }
    }
}

/// A message that the provider has accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The provider's id of it.
    pub provider_id: String,
}

/// A message that people have sent, as the provider lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The message, without its files.
    pub message: NewInbound,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// Whether it has any.
    pub has_files: bool,
}

/// One way in and out.
#[async_trait]
pub trait Channel: Send + Sync {
    /// Returns the bytes of a file that came with a message.
    ///
    /// # Errors
    ///
    /// [`ChannelError::NoSuchFile`] and [`ChannelError::TooLarge`] are final.
    async fn fetch(&self, remote: &str) -> Result<Bytes, ChannelError>;

    /// Sends one reply, once.
    ///
    /// # Errors
    ///
    /// [`ChannelError::Unclear`] if it may have been sent: look it up before sending again.
    async fn send(&self, outbound: &Outbound) -> Result<Receipt, ChannelError>;

    /// Looks for a reply that may have been sent since an instant; nothing if the provider does
    /// not have it. `known` are provider ids of other replies, which it cannot be.
    ///
    /// # Errors
    ///
    /// [`ChannelError`] if the provider cannot be asked.
    async fn find_sent(
        &self,
        outbound: &Outbound,
        since: Timestamp,
        known: &[String],
    ) -> Result<Option<Receipt>, ChannelError>;

    /// Lists what people have sent to us since an instant, the oldest first.
    ///
    /// # Errors
    ///
    /// [`ChannelError`] if the provider cannot be asked.
    async fn received(&self, since: Timestamp) -> Result<Vec<Received>, ChannelError>;

    /// Returns the files of a message that was listed, by the provider's id of it.
    ///
    /// # Errors
    ///
    /// [`ChannelError`] if the provider cannot be asked.
    async fn files_of(&self, provider_id: &str) -> Result<Vec<Attachment>, ChannelError>;
}

/// All channels that are set up.
pub trait Channels: Send + Sync {
    /// Returns a channel; nothing if it is not set up.
    fn of(&self, kind: ChannelKind) -> Option<Arc<dyn Channel>>;
}
