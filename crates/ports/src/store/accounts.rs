//! Tenants, for the command line.

use super::StoreResult;
use async_trait::async_trait;
use domain::{ids::TenantId, invoice::Invoice, message::ChannelKind, tenant::Habits};
use jiff::Timestamp;

/// Tenants, for the command line.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Returns a tenant's habits; nothing if there is no such tenant.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn habits(&self, tenant: TenantId) -> StoreResult<Option<Habits>>;

    /// Returns every tenant with the channel address of its first member, oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn tenants(&self) -> StoreResult<Vec<(TenantId, ChannelKind, String)>>;

    /// Stores invoices that come from a file, in one transaction. Those whose identifier is
    /// already there are left as they are; returns how many were new.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError): nothing was written.
    async fn import(&self, tenant: TenantId, invoices: &[Invoice]) -> StoreResult<u64>;

    /// Returns how long the database takes to answer.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) if it does not.
    async fn ping(&self) -> StoreResult<()>;

    /// Returns the time by the clock that all processes on the database share; nothing where only one
    /// process can use it, whose own clock will do.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn shared_time(&self) -> StoreResult<Option<Timestamp>>;

    /// Returns the connections of this process to the database, one row for each purpose.
    fn connections(&self) -> Vec<Connections>;
}

/// The connections of one purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connections {
    /// What they are for: `read` or `write`.
    pub purpose: &'static str,
    /// How many are open.
    pub open: u32,
    /// How many of these nobody uses.
    pub idle: u32,
    /// How many there may be.
    pub most: u32,
}
