//! Files, kept under the SHA-256 of their bytes.

use async_trait::async_trait;
use bytes::Bytes;
use domain::document::ContentHash;
use futures::stream::{self, BoxStream, StreamExt};
use jiff::Timestamp;
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
            // It may have been changed on its way alone.
            Self::Damaged => Some(Duration::from_secs(2)),
        }
    }
}

/// A file on its way out of its store.
pub struct Outflow {
    /// How many bytes it has.
    pub size: u64,
    /// They, in order. The last ones come only if all are those of the hash; else
    /// [`BlobError::Damaged`] comes in their place.
    pub chunks: BoxStream<'static, Result<Bytes, BlobError>>,
}

/// A file that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// Its hash.
    pub hash: ContentHash,
    /// When it was last written.
    pub written_at: Timestamp,
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

    /// Returns a file without holding it in memory as a whole; nothing if it was never kept.
    ///
    /// # Errors
    ///
    /// [`BlobError`].
    async fn stream(&self, hash: ContentHash) -> Result<Option<Outflow>, BlobError> {
        let Some(bytes) = self.get(hash).await? else { return Ok(None) };
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Ok(Some(Outflow { size, chunks: stream::iter([Ok(bytes)]).boxed() }))
    }

    /// Returns at most this many files that are kept, in order, after one of them.
    ///
    /// # Errors
    ///
    /// [`BlobError`].
    async fn list(&self, after: Option<ContentHash>, most: usize)
    -> Result<Vec<Listed>, BlobError>;

    /// Deletes the bytes of a hash; where there are none, nothing changes.
    ///
    /// # Errors
    ///
    /// [`BlobError`].
    async fn remove(&self, hash: ContentHash) -> Result<(), BlobError>;

    /// Keeps a small file, fetches it again and deletes it, to see whether that works. The word makes
    /// it another file than those of others who do this at the same time.
    ///
    /// # Errors
    ///
    /// [`BlobError`].
    async fn check(&self, word: &str) -> Result<(), BlobError> {
        let hash = self.put(Bytes::from(format!("Billhook was here: {word}"))).await?;
        let found = self.get(hash).await?;
        self.remove(hash).await?;
        found.map(|_| ()).ok_or(BlobError::Damaged)
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
