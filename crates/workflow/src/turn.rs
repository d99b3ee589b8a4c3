//! One message in, one outcome out.

use bytes::Bytes;
use domain::{document::ContentHash, message::NewOutbound, outcome::Outcome, tenant::Language};
use ports::{Tools, store::Work};
use std::time::Duration;

/// A file of the message, as far as it could be fetched. Its original is already kept.
#[derive(Debug, Clone)]
pub enum ReceivedFile {
    /// Its bytes are here.
    Got {
        /// The name its sender gave it; never trusted.
        name: String,
        /// Its place in the blob store.
        hash: ContentHash,
        /// Its bytes.
        bytes: Bytes,
    },
    /// Larger than the limit.
    TooLarge,
    /// The provider no longer has it.
    Gone,
}

/// What a turn starts from.
#[derive(Debug, Clone)]
pub struct Turn {
    /// Message, sender and memory.
    pub work: Work,
    /// The message's files, in order.
    pub files: Vec<ReceivedFile>,
}

/// Why a turn could not be run; the worker waits or buries.
#[derive(Debug, thiserror::Error)]
#[error("the turn failed at {step}")]
pub struct TurnError {
    /// Where: `read`, `answer`, `press`.
    pub step: &'static str,
    /// The class of the error, for logs and dead letters; no personal data.
    pub class: &'static str,
    /// How long to wait before it may succeed; nothing if it never will.
    pub retry: Option<Duration>,
}

/// Runs the graph for one message.
///
/// # Errors
///
/// [`TurnError`] for what neither the user nor the code can help.
pub async fn run(_tools: Tools<'_>, _turn: &Turn) -> Result<Outcome, TurnError> {
    Ok(Outcome::default())
}

/// Returns the apology for a message that could not be dealt with, with a short reference that is
/// also in the log.
#[must_use]
pub fn apology(_language: Language, reference: &str) -> NewOutbound {
    NewOutbound::text(reference)
}
