//! What models have cost, and whether another call may be made.

use super::StoreResult;
use crate::model::{Caps, Cost, Usage};
use async_trait::async_trait;
use domain::{document::ContentHash, ids::TenantId};
use uuid::Uuid;

/// Keeps account of paid calls. Money is put aside before a call and settled after it, so that
/// any number of calls at once stay within the caps.
#[async_trait]
pub trait Spending: Send + Sync {
    /// Puts money aside for a call; nothing if a cap would be passed. The caps are those of the
    /// installation: what every tenant has spent counts.
    ///
    /// What is never settled stays spent: nobody knows whether that call was paid.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn reserve(
        &self,
        tenant: TenantId,
        call: &PaidCall<'_>,
        caps: Caps,
    ) -> StoreResult<Option<Uuid>>;

    /// Replaces what was put aside by what the call has taken; a second time changes nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn settle(&self, tenant: TenantId, call: Uuid, settled: &Settled<'_>) -> StoreResult<()>;

    /// Returns what a tenant has spent in all, or on one document.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn spent(&self, tenant: TenantId, document: Option<ContentHash>) -> StoreResult<Spent>;

    /// Returns what all tenants have spent on this day and in this month, UTC.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn spent_lately(&self) -> StoreResult<(Cost, Cost)>;
}

/// A call that is about to be made.
#[derive(Debug, Clone, Copy)]
pub struct PaidCall<'a> {
    /// Which task, as a word.
    pub task: &'a str,
    /// The hash of its input, under which its answer will be remembered.
    pub input: ContentHash,
    /// The document it is about.
    pub document: Option<ContentHash>,
    /// Which model, by its name in the settings.
    pub model: &'a str,
    /// The most it can cost.
    pub most: Cost,
}

/// How a call ended.
#[derive(Debug, Clone, Copy)]
pub struct Settled<'a> {
    /// What it took.
    pub usage: Usage,
    /// What that costs.
    pub cost: Cost,
    /// `answered`, or the class of its error.
    pub outcome: &'a str,
}

/// What was spent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// On how many calls.
    pub calls: u64,
    /// On how many tokens.
    pub usage: Usage,
    /// How much; money put aside for a call that has not ended counts.
    pub cost: Cost,
}
