//! Hands out replies, and shows what was said.

use super::StoreResult;
use async_trait::async_trait;
use domain::{
    ids::{ConversationId, InboundId, OutboundId},
    message::{Inbound, Outbound},
};
use jiff::Timestamp;
use std::time::Duration;
use uuid::Uuid;

/// A reply that was claimed for sending.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The reply.
    pub outbound: Outbound,
    /// Proves that the claim has not passed on.
    pub token: Uuid,
    /// How often it has been tried before this time.
    pub attempts: u32,
    /// When an earlier try began whose end is unknown: look it up before sending.
    pub unclear_since: Option<Timestamp>,
    /// The trace of the message that it answers, as a W3C `traceparent`.
    pub trace: Option<String>,
}

/// Whether a reply that the provider had accepted got to its recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// It did.
    Delivered,
    /// It never will, by the provider's code.
    Lost {
        /// The code; 0 if the provider gave none.
        code: u32,
    },
}

/// Hands out replies.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Claims up to `limit` due replies for `lease_for`, in the order of each conversation, never
    /// two of one conversation. Web chat and API replies are not claimed: they are read by
    /// [`Outbox::transcript`]. Marks the try as begun, so that a crash in it is known.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn claim_deliveries(&self, limit: u32, lease_for: Duration)
    -> StoreResult<Vec<Delivery>>;

    /// Notes that the provider has accepted a reply.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`](super::StoreError::LeaseLost).
    async fn mark_sent(&self, delivery: &Delivery, provider_id: &str) -> StoreResult<()>;

    /// Gives a reply back, to be tried again after a while; `unclear` keeps the mark that it may
    /// have left.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`](super::StoreError::LeaseLost).
    async fn defer(&self, delivery: &Delivery, after: Duration, unclear: bool) -> StoreResult<()>;

    /// Notes that a reply will never leave, and why, by the provider's code.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`](super::StoreError::LeaseLost).
    async fn mark_failed(&self, delivery: &Delivery, code: u32) -> StoreResult<()>;

    /// Notes whether a reply has arrived, under the id that the provider calls it by. The first word
    /// stands: it comes again, out of order, and before [`Outbox::mark_sent`]. Returns whether this
    /// was news.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn note_arrival(
        &self,
        outbound: OutboundId,
        provider_id: &str,
        arrival: Arrival,
    ) -> StoreResult<bool>;

    /// Returns the provider ids of replies sent to one address since an instant.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn sent_ids(&self, to: &str, since: Timestamp) -> StoreResult<Vec<String>>;

    /// Returns how many replies since an instant were refused for good or lost on their way, by the
    /// provider's code, the most frequent first. Reads every reply: for an owner who asks, not for a poll.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn undelivered(&self, since: Timestamp) -> StoreResult<Vec<(u32, u64)>>;

    /// Returns what was said in a conversation after a place in it, oldest first, at most 200.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn transcript(&self, conversation: ConversationId, after: i64) -> StoreResult<Vec<Said>>;

    /// Returns the replies to one message, in order.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn replies_to(&self, inbound: InboundId) -> StoreResult<Vec<Outbound>>;

    /// Returns the file of a reply, if that reply belongs to the conversation.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn file_of(
        &self,
        conversation: ConversationId,
        outbound: OutboundId,
    ) -> StoreResult<Option<domain::message::SentFile>>;

    /// Returns the file of a reply by the unguessable token of its public link, while that link
    /// is valid; for providers that fetch what we send.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn file_by_token(&self, token: &str) -> StoreResult<Option<domain::message::SentFile>>;
}

/// One line of a conversation, from either side.
#[derive(Debug, Clone)]
pub struct Said {
    /// Its place in the conversation; grows.
    pub place: i64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub line: Line,
}

/// Which side said it.
#[derive(Debug, Clone)]
pub enum Line {
    /// The user.
    User(Box<Inbound>),
    /// Billhook.
    Billhook(Box<Outbound>),
}
