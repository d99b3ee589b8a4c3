//! What all processes do together, begun by one of them at a time.

use super::StoreResult;
use async_trait::async_trait;
use jiff::Timestamp;
use std::time::Duration;

/// Hands out what one process does for all.
#[async_trait]
pub trait Chores: Send + Sync {
    /// Claims a chore, unless somebody has begun it within the last `every`. Returns up to when it
    /// has got, which for one that was never begun is now.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn claim_chore(
        &self,
        name: &'static str,
        every: Duration,
    ) -> StoreResult<Option<Timestamp>>;

    /// Notes up to when a chore has got; it never goes back.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn note_reached(&self, name: &'static str, reached: Timestamp) -> StoreResult<()>;
}
