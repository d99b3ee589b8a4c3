//! Deletes what is stored of a person, and knows who has which file.

use super::{Lease, StoreResult};
use async_trait::async_trait;
use domain::{
    document::ContentHash,
    ids::{EventId, TenantId},
    outcome::Stored,
};

/// Deletes what is stored of a person.
///
/// Files are kept under their hash and may belong to several. Who is about to keep one says so first
/// ([`Erasing::keep_file`]); who deletes one looks whether anybody has it, deletes it, and looks
/// again: whoever came in between gets it back.
#[async_trait]
pub trait Erasing: Send + Sync {
    /// Notes that the tenant of a job is about to keep a file.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`](super::StoreError::LeaseLost): nothing was noted.
    async fn keep_file(&self, lease: &Lease, hash: ContentHash) -> StoreResult<()>;

    /// Has files deleted, as far as nobody has them: a turn that kept them came to nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn let_go(&self, hashes: &[ContentHash]) -> StoreResult<()>;

    /// Deletes everything that is stored of a tenant and returns how much it was. Turns that are
    /// under way lose their leases; the audit trail keeps one entry, of this identifier.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError): nothing was deleted.
    async fn erase(&self, tenant: TenantId, event: EventId) -> StoreResult<Stored>;

    /// Returns files that are to be deleted, the oldest wish first.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn files_to_delete(&self, most: u32) -> StoreResult<Vec<ContentHash>>;

    /// Returns whether anybody has a file.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn is_kept(&self, hash: ContentHash) -> StoreResult<bool>;

    /// Returns those of some files that nobody has.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn strays_among(&self, hashes: &[ContentHash]) -> StoreResult<Vec<ContentHash>>;

    /// Notes that a file was deleted, or that somebody has it.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn note_deleted(&self, hash: ContentHash) -> StoreResult<()>;

    /// Deletes what turns that were under way have remembered of models since, and what the
    /// database itself has let go of.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn sweep(&self) -> StoreResult<()>;
}
