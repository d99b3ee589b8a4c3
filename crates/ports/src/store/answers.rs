//! Remembers what models said.

use super::StoreResult;
use crate::model::Usage;
use async_trait::async_trait;
use domain::{document::ContentHash, ids::TenantId};

/// Remembers what models said, so that a second run costs nothing and says the same.
#[async_trait]
pub trait Answers: Send + Sync {
    /// Returns a remembered answer by the hash of input, model and prompt.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn recall(&self, tenant: TenantId, key: ContentHash) -> StoreResult<Option<String>>;

    /// Remembers an answer; a second one under the same key changes nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn remember(
        &self,
        tenant: TenantId,
        key: ContentHash,
        answer: &Remembered<'_>,
    ) -> StoreResult<()>;
}

/// An answer to remember.
#[derive(Debug, Clone, Copy)]
pub struct Remembered<'a> {
    /// The claim, written down.
    pub text: &'a str,
    /// Which model said it.
    pub model: &'a str,
    /// What it took.
    pub usage: Usage,
}
