//! Reads invoices, always for one tenant.

use super::StoreResult;
use crate::model::Names;
use async_trait::async_trait;
use domain::{
    correction::Target,
    dates::Date,
    document::{ContentHash, Fingerprint},
    ids::{InvoiceId, TenantId},
    invoice::Invoice,
    outcome::{Stored, Undoable},
    question::{Answer, Filters, InvoiceRow, QueryPlan},
    vendor_memory::{Trace, VendorHint},
};

/// Reads invoices. Never writes.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Answers a plan from this tenant's rows; `today` settles what is overdue.
    ///
    /// # Errors
    ///
    /// [`StoreError::TooLarge`](super::StoreError::TooLarge) if it takes too long.
    async fn answer(&self, tenant: TenantId, plan: &QueryPlan, today: Date) -> StoreResult<Answer>;

    /// Returns the statement that answers a plan, with its values in place, to be read by people.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn statement(
        &self,
        tenant: TenantId,
        plan: &QueryPlan,
        today: Date,
    ) -> StoreResult<String>;

    /// Returns one invoice; nothing if it is not this tenant's.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn invoice(&self, tenant: TenantId, id: InvoiceId) -> StoreResult<Option<Invoice>>;

    /// Returns the invoices that a target means, newest first, at most 500. `Context` and
    /// `Unsaid` find nothing: the conversation knows those.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn find(
        &self,
        tenant: TenantId,
        target: &Target,
        today: Date,
    ) -> StoreResult<Vec<Invoice>>;

    /// Returns the invoices that filters find, newest first, at most `limit`.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn found(
        &self,
        tenant: TenantId,
        filters: &Filters,
        today: Date,
        limit: u32,
    ) -> StoreResult<Vec<Invoice>>;

    /// Returns the invoice that was made from a document.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn by_document(
        &self,
        tenant: TenantId,
        document: ContentHash,
    ) -> StoreResult<Option<InvoiceRow>>;

    /// Returns the invoice with this duplicate key ([`Invoice::duplicate_key`]).
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn by_duplicate_key(
        &self,
        tenant: TenantId,
        key: &str,
    ) -> StoreResult<Option<InvoiceRow>>;

    /// Returns the distinct names in this tenant's invoices, at most 2,000 of each.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn names(&self, tenant: TenantId) -> StoreResult<Names>;

    /// Returns the next free place in the tenant's series of a year, from 1.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn next_sequence(&self, tenant: TenantId, year: i16) -> StoreResult<u32>;

    /// Returns the last change of this tenant that can still be taken back.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn last_undoable(&self, tenant: TenantId) -> StoreResult<Option<Undoable>>;

    /// Returns how much is stored of a tenant: not invoices alone.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn stored(&self, tenant: TenantId) -> StoreResult<Stored>;

    /// Returns all invoices of a tenant, oldest first, a page at a time: at most `limit`, after
    /// the given one.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn page(
        &self,
        tenant: TenantId,
        after: Option<InvoiceId>,
        limit: u32,
    ) -> StoreResult<Vec<Invoice>>;

    /// Returns the stored invoices whose documents look like this, their fingerprints at most
    /// `distance` bits apart; newest first, at most 10.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn lookalikes(
        &self,
        tenant: TenantId,
        fingerprint: Fingerprint,
        distance: u32,
    ) -> StoreResult<Vec<InvoiceRow>>;

    /// Returns what a document showed on paper.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn trace(&self, tenant: TenantId, document: ContentHash) -> StoreResult<Option<Trace>>;

    /// Returns what this tenant has taught about vendors, the newest first, at most 2,000.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn hints(&self, tenant: TenantId) -> StoreResult<Vec<VendorHint>>;
}
