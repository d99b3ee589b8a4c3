//! Deletes the files of people whose data were deleted, as far as nobody else has them.

use domain::document::ContentHash;
use ports::{Ports, blobs::BlobError, store::StoreError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often it is looked whether there are any.
const LOOK: Duration = Duration::from_secs(5);
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

/// Does it again and again until it is told to stop.
pub(super) async fn run(ports: Ports, stop: CancellationToken) {
    let mut is_warned = false;
    while !stop.is_cancelled() {
        let done = tokio::select! {
            () = stop.cancelled() => return,
            done = delete_files(&ports) => done,
        };
        match done {
            Ok(()) => is_warned = false,
            Err(error) => {
                if !is_warned {
                    let error = crate::cli::chain(&error);
                    tracing::warn!(error, "files of deleted data could not be deleted yet");
                }
                is_warned = true;
            }
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
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
