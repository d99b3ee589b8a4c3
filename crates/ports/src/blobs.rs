//! Files, kept under the SHA-256 of their bytes.

use async_trait::async_trait;
use bytes::Bytes;
use domain::document::ContentHash;
use std::time::Duration;

/// Why a file could not be kept or fetched.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The store cannot be reached or has no space left; later may work.
    #[error("the blob store is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The store refuses what it is asked; the text says what its owner has to change.
    #[error("{0}")]
    Refused(&'static str),
    /// The bytes that came back are not those that were kept.
    #[error("a stored file is damaged")]
    Damaged,
}

impl BlobError {
    /// Returns how long to wait before the same call may succeed; nothing if it never will.
    #[must_use]
    pub const fn retry(&self) -> Option<Duration> {
        match self {
            Self::Unavailable(_) => Some(Duration::from_secs(5)),
            // Until its owner has changed it.
            Self::Refused(_) => Some(Duration::from_secs(60)),
            Self::Damaged => None,
        }
    }
}

/// Keeps files.
#[async_trait]
pub trait BlobStore: Send + Sync {
    /// Keeps bytes and returns their hash; keeping the same bytes again changes nothing.
    ///
    /// # Errors
    ///
    /// [`BlobError::Unavailable`]; nothing half-written is ever visible.
    async fn put(&self, bytes: Bytes) -> Result<ContentHash, BlobError>;

    /// Returns the bytes of a hash, checked against it; nothing if they were never kept.
    ///
    /// # Errors
    ///
    /// [`BlobError`].
    async fn get(&self, hash: ContentHash) -> Result<Option<Bytes>, BlobError>;

    /// Returns the hashes of at most this many files that are kept, in order, after one of them.
    ///
    /// # Errors
    ///
    /// [`BlobError`].
    async fn list(
        &self,
        after: Option<ContentHash>,
        most: usize,
    ) -> Result<Vec<ContentHash>, BlobError>;

    /// Deletes the bytes of a hash; where there are none, nothing changes.
    ///
    /// # Errors
    ///
    /// [`BlobError`].
    async fn remove(&self, hash: ContentHash) -> Result<(), BlobError>;

    /// Keeps a small file and fetches it again, to see whether that works.
    ///
    /// # Errors
    ///
    /// [`BlobError`].
    async fn check(&self) -> Result<(), BlobError> {
        let hash = self.put(Bytes::from_static(b"Billhook was here.")).await?;
        self.get(hash).await?.map(|_| ()).ok_or(BlobError::Damaged)
    }

    /// Returns how many bytes are kept under a hash; nothing if they were never kept.
    ///
    /// # Errors
    ///
    /// [`BlobError`].
    async fn size(&self, hash: ContentHash) -> Result<Option<u64>, BlobError> {
        let bytes = self.get(hash).await?;
        Ok(bytes.and_then(|bytes| u64::try_from(bytes.len()).ok()))
    }
}
