//! Takes messages in: a row and its job, or nothing.

use super::StoreResult;
use async_trait::async_trait;
use domain::{
    ids::InboundId,
    message::{ChannelKind, NewInbound},
    tenant::{Habits, Sender},
};
use std::collections::HashSet;

/// What became of a message that was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// It is stored, and its job with it.
    New(InboundId),
    /// The provider had sent it before; nothing was written.
    Duplicate(InboundId),
    /// The provider had sent it before with another text, which it never should; nothing was written and
    /// the first one stands.
    Contradicted(InboundId),
}

/// Takes messages in.
#[async_trait]
pub trait Inbox: Send + Sync {
    /// Stores a message and its job in one transaction, durable when it returns. A sender who was
    /// never seen gets a tenant, a member and a conversation; `habits` are for a new tenant.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`](super::StoreError::Unavailable): the message must not be acknowledged.
    async fn accept(&self, message: &NewInbound, habits: &Habits) -> StoreResult<Accepted>;

    /// Returns which of these messages are stored already, by the provider's ids.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn known(
        &self,
        channel: ChannelKind,
        provider_ids: &[String],
    ) -> StoreResult<HashSet<String>>;

    /// Returns the tenant, member and conversation of a sender, made if he is new.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn sender(
        &self,
        channel: ChannelKind,
        from: &str,
        habits: &Habits,
    ) -> StoreResult<Sender>;
}
