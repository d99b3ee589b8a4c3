//! Deletes files that are not to be kept any more, as far as nobody else has them.

use super::chores::{Chore, Undone};
use async_trait::async_trait;
use domain::document::ContentHash;
use ports::{Ports, blobs::BlobError, store::StoreError};
use std::time::Duration;

/// How many are looked for at once.
const AT_ONCE: u32 = 100;

/// Why files were not deleted.
#[derive(Debug, thiserror::Error)]
pub enum NotDeleted {
    /// Their store did not do it.
    #[error("the files cannot be reached")]
    Blobs(#[from] BlobError),
    /// The database did not answer.
    #[error("the database is unavailable")]
    Store(#[from] StoreError),
}

/// Deletes files.
pub(super) struct Deleting(pub(super) Ports);

#[async_trait]
impl Chore for Deleting {
    const COMPLAINT: &'static str = "files of deleted data could not be deleted yet";
    const LOOK: Duration = Duration::from_secs(5);

    async fn run(&mut self) -> Result<(), Undone> {
        Ok(delete_files(&self.0).await?)
    }
}

/// Deletes all files that are to be deleted now, and what is left of deleted rows.
///
/// # Errors
///
/// [`NotDeleted`]; what is left is tried again by whoever does this next.
pub async fn delete_files(ports: &Ports) -> Result<(), NotDeleted> {
    loop {
        let hashes = ports.store.files_to_delete(AT_ONCE).await?;
        for hash in &hashes {
            delete(ports, *hash).await?;
        }
        if hashes.is_empty() {
            return Ok(ports.store.sweep().await?);
        }
    }
}

/// Deletes one file that nobody has. Whoever has come to have the same one meanwhile gets it back: he
/// has said so before he looked whether it is there.
async fn delete(ports: &Ports, hash: ContentHash) -> Result<(), NotDeleted> {
    if !ports.store.is_kept(hash).await? {
        let bytes = match ports.blobs.get(hash).await {
            Ok(bytes) => bytes,
            Err(BlobError::Damaged) => None,
            Err(error) => return Err(error.into()),
        };
        ports.blobs.remove(hash).await?;
        if let Some(bytes) = bytes
            && ports.store.is_kept(hash).await?
        {
            ports.blobs.put(bytes).await?;
        }
    }
    Ok(ports.store.note_deleted(hash).await?)
}
