//! Deletes what is not to be kept any longer.

use super::StoreResult;
use async_trait::async_trait;
use jiff::Timestamp;

/// What is kept for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// What people have written. A row without content stays: its provider's identifier keeps it from
    /// being taken in again.
    Messages,
    /// What they were told.
    Replies,
    /// Files that no invoice of theirs has; they are deleted as soon as nobody has them.
    Files,
    /// What models have answered.
    Answers,
}

/// What one page came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// How many rows lost their content.
    pub count: u64,
    /// Where the next page begins; nothing after the last.
    pub next: Option<String>,
}

/// Deletes what is not to be kept any longer.
#[async_trait]
pub trait Retention: Send + Sync {
    /// Deletes what came before an instant and is over, looking at most at so many rows after the
    /// page before. Nothing that still waits for its end is touched.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError): nothing of this page was deleted.
    async fn forget(
        &self,
        what: Kept,
        before: Timestamp,
        after: Option<&str>,
        most: u32,
    ) -> StoreResult<Forgotten>;
}
