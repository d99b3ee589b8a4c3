//! Files in memory.

use async_trait::async_trait;
use bytes::Bytes;
use domain::document::ContentHash;
use jiff::Timestamp;
use ports::blobs::{BlobError, BlobStore, Listed};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Files in memory, by their hash.
#[derive(Debug, Default)]
pub struct MemoryBlobs {
    files: Mutex<BTreeMap<ContentHash, Bytes>>,
}

impl MemoryBlobs {
    /// Makes an empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns how many files are kept.
    #[must_use]
    pub fn count(&self) -> usize {
        self.files().len()
    }

    fn files(&self) -> MutexGuard<'_, BTreeMap<ContentHash, Bytes>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl BlobStore for MemoryBlobs {
    async fn put(&self, bytes: Bytes) -> Result<ContentHash, BlobError> {
        let hash = ContentHash(Sha256::digest(&bytes).into());
        self.files().insert(hash, bytes);
        Ok(hash)
    }

    async fn get(&self, hash: ContentHash) -> Result<Option<Bytes>, BlobError> {
        Ok(self.files().get(&hash).cloned())
    }

    async fn remove(&self, hash: ContentHash) -> Result<(), BlobError> {
        self.files().remove(&hash);
        Ok(())
    }

    async fn list(
        &self,
        after: Option<ContentHash>,
        most: usize,
    ) -> Result<Vec<Listed>, BlobError> {
        let files = self.files();
        let later = files.keys().filter(|hash| after.is_none_or(|after| **hash > after));
        let listed = |hash: &ContentHash| Listed { hash: *hash, written_at: Timestamp::UNIX_EPOCH };
        Ok(later.take(most).map(listed).collect())
    }
}
