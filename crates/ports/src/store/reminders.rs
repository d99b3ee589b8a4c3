//! Knows who wants to be reminded, and keeps what they are told.

use super::StoreResult;
use async_trait::async_trait;
use domain::{
    ids::ConversationId,
    message::{ChannelKind, NewOutbound},
    tenant::Sender,
};
use jiff::Timestamp;

/// Somebody who wants to be reminded of what is due.
#[derive(Debug, Clone)]
pub struct Reminded {
    /// Who.
    pub sender: Sender,
    /// The channel that he wrote in.
    pub channel: ChannelKind,
    /// His address in it.
    pub to: String,
    /// Our address in it; may be empty.
    pub from: String,
    /// When he last wrote.
    pub heard_at: Timestamp,
    /// When it was last looked what he is to be told.
    pub last: Option<Timestamp>,
}

/// Knows who wants to be reminded.
#[async_trait]
pub trait Reminders: Send + Sync {
    /// Returns people who want to be reminded, in order, at most so many, after one of them.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn reminded(
        &self,
        after: Option<ConversationId>,
        most: u32,
    ) -> StoreResult<Vec<Reminded>>;

    /// Notes that it was looked what somebody is to be told, and puts it into the outbox if there is
    /// anything. Returns whether it was noted: nobody has looked meanwhile, and he still wants it.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn remind(
        &self,
        person: &Reminded,
        now: Timestamp,
        reminder: Option<&NewOutbound>,
    ) -> StoreResult<bool>;
}
