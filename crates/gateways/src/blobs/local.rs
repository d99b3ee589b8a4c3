//! Files in a local folder, each under its SHA-256: `ab/cd/abcd…`.
//!
//! A file is written beside its place, made durable and then renamed, so that it is there whole or
//! not at all.

use super::{checked, hash_of};
use async_trait::async_trait;
use bytes::Bytes;
use domain::document::ContentHash;
use futures::{StreamExt, stream};
use jiff::Timestamp;
use ports::blobs::{BlobError, BlobStore, Listed, Outflow};
use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read, Write},
    path::{Path, PathBuf},
};

/// How many bytes are read at once.
const CHUNK: usize = 64 * 1024;

/// A local folder of files.
#[derive(Debug, Clone)]
pub struct LocalDir {
    root: PathBuf,
}

impl LocalDir {
    /// Opens a folder, made if it is missing.
    ///
    /// # Errors
    ///
    /// Those of the file system: it cannot be made or is no folder.
    pub fn open(root: &Path) -> io::Result<Self> {
        fs::create_dir_all(root)?;
        Ok(Self { root: root.to_owned() })
    }

    fn path(&self, hash: ContentHash) -> PathBuf {
        let name = hash.to_string();
        let part = |from: usize| name.get(from..).and_then(|rest| rest.get(..2)).unwrap_or("00");
        self.root.join(part(0)).join(part(2)).join(&name)
    }
}

#[async_trait]
impl BlobStore for LocalDir {
    async fn put(&self, bytes: Bytes) -> Result<ContentHash, BlobError> {
        let hash = hash_of(&bytes);
        let path = self.path(hash);
        blocking(move || if has(&path, &bytes)? { Ok(()) } else { write(&path, &bytes) }).await?;
        Ok(hash)
    }

    async fn get(&self, hash: ContentHash) -> Result<Option<Bytes>, BlobError> {
        let path = self.path(hash);
        let found = blocking(move || absent(fs::read(path))).await?;
        match found {
            Some(bytes) if hash_of(&bytes) == hash => Ok(Some(bytes.into())),
            Some(_) => Err(BlobError::Damaged),
            None => Ok(None),
        }
    }

    async fn stream(&self, hash: ContentHash) -> Result<Option<Outflow>, BlobError> {
        let path = self.path(hash);
        let opened = blocking(move || {
            let Some(file) = absent(File::open(path))? else { return Ok(None) };
            let size = file.metadata()?.len();
            Ok(Some((file, size)))
        });
        let Some((file, size)) = opened.await? else { return Ok(None) };
        let chunks = stream::try_unfold(file, |mut file| async move {
            let read = blocking(move || {
                let mut chunk = Vec::with_capacity(CHUNK);
                let room = u64::try_from(CHUNK).unwrap_or(u64::MAX);
                Read::by_ref(&mut file).take(room).read_to_end(&mut chunk)?;
                Ok((Bytes::from(chunk), file))
            });
            let (chunk, file) = read.await?;
            Ok((!chunk.is_empty()).then_some((chunk, file)))
        });
        Ok(Some(Outflow { size, chunks: checked(hash, chunks.boxed()) }))
    }

    async fn remove(&self, hash: ContentHash) -> Result<(), BlobError> {
        let path = self.path(hash);
        blocking(move || absent(fs::remove_file(path)).map(|_| ())).await
    }

    async fn size(&self, hash: ContentHash) -> Result<Option<u64>, BlobError> {
        let path = self.path(hash);
        Ok(blocking(move || absent(fs::metadata(path))).await?.map(|found| found.len()))
    }

    async fn list(
        &self,
        after: Option<ContentHash>,
        most: usize,
    ) -> Result<Vec<Listed>, BlobError> {
        let this = self.clone();
        blocking(move || {
            let after = after.map(|hash| hash.to_string()).unwrap_or_default();
            let mut hashes = Vec::new();
            gather(&this.root, "", &after, &mut |hash| {
                hashes.push(hash);
                hashes.len() < most
            })?;
            hashes.truncate(most);
            let mut listed = Vec::with_capacity(hashes.len());
            for hash in hashes {
                // One may have been deleted meanwhile.
                let found = absent(fs::metadata(this.path(hash)))?;
                let written_at = found.map(|found| found.modified()).transpose()?;
                let written_at = written_at.and_then(|at| Timestamp::try_from(at).ok());
                listed.push(Listed { hash, written_at: written_at.unwrap_or_default() });
            }
            Ok(listed)
        })
        .await
    }
}

/// Hands on the files of a folder in order, until it is told that they are enough. Folders whose
/// names lie before the hash that was seen last are not looked into.
fn gather(
    folder: &Path,
    prefix: &str,
    after: &str,
    take: &mut impl FnMut(ContentHash) -> bool,
) -> io::Result<bool> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.extend(entry?.file_name().into_string());
    }
    names.sort();
    for name in names {
        // A file in the making has another name.
        let is_file = name.len() == 64;
        let whole = if is_file { name.clone() } else { format!("{prefix}{name}") };
        let wanted = if is_file {
            name.as_str() > after
        } else {
            after.get(..whole.len()).is_none_or(|seen| whole.as_str() >= seen)
        };
        let goes_on = match name.parse() {
            _ if !wanted => true,
            Ok(hash) => take(hash),
            Err(_) if name.len() == 2 => gather(&folder.join(&name), &whole, after, take)?,
            Err(_) => true,
        };
        if !goes_on {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Returns whether the bytes are there already; a damaged file is not, and is written anew.
fn has(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    Ok(absent(fs::read(path))?.is_some_and(|found| found == bytes))
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().ok_or(ErrorKind::InvalidInput)?;
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    for folder in folder.ancestors().take(3) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn absent<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, BlobError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(BlobError::Unavailable(Box::new(error))),
        Err(error) => Err(BlobError::Unavailable(Box::new(error))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_kept_comes_back_under_its_hash() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = LocalDir::open(folder.path()).unwrap();
        let hash = blobs.put(Bytes::from_static(b"a receipt")).await.unwrap();
        assert_eq!(blobs.put(Bytes::from_static(b"a receipt")).await.unwrap(), hash);
        assert_eq!(blobs.get(hash).await.unwrap().unwrap(), "a receipt");
        assert_eq!(blobs.size(hash).await.unwrap(), Some(9));
        assert_eq!(blobs.get(ContentHash([7; 32])).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_file_flows_out_in_chunks_and_a_damaged_one_not_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = LocalDir::open(folder.path()).unwrap();
        let large: Vec<u8> = (0..200_000_u32).map(|at| at.to_le_bytes()[0]).collect();
        let hash = blobs.put(large.clone().into()).await.unwrap();
        let flow = async || blobs.stream(hash).await.unwrap().unwrap();
        assert_eq!(flow().await.size, 200_000);
        let chunks: Vec<_> = flow().await.chunks.map(Result::unwrap).collect().await;
        assert!(chunks.len() > 2 && chunks.iter().all(|chunk| chunk.len() <= CHUNK));
        assert_eq!(chunks.concat(), large);
        fs::write(blobs.path(hash), [large.as_slice(), b"!"].concat()).unwrap();
        let chunks: Vec<_> = flow().await.chunks.collect().await;
        assert!(matches!(chunks.last(), Some(Err(BlobError::Damaged))));
        assert!(blobs.stream(ContentHash([7; 32])).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn a_damaged_file_is_noticed_and_mended_by_the_next_put() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = LocalDir::open(folder.path()).unwrap();
        let hash = blobs.put(Bytes::from_static(b"a receipt")).await.unwrap();
        fs::write(blobs.path(hash), b"rubbish").unwrap();
        assert!(matches!(blobs.get(hash).await, Err(BlobError::Damaged)));
        blobs.put(Bytes::from_static(b"a receipt")).await.unwrap();
        assert_eq!(blobs.get(hash).await.unwrap().unwrap(), "a receipt");
    }

    #[tokio::test]
    async fn files_are_listed_in_order_a_page_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = LocalDir::open(folder.path()).unwrap();
        assert_eq!(blobs.list(None, 5).await.unwrap(), []);
        let mut kept = Vec::new();
        for at in 0..50_u8 {
            kept.push(blobs.put(vec![at].into()).await.unwrap());
        }
        kept.sort();
        fs::write(folder.path().join("stray"), "").unwrap();
        let mut listed: Vec<ContentHash> = Vec::new();
        loop {
            let page = blobs.list(listed.last().copied(), 7).await.unwrap();
            assert!(page.len() <= 7);
            if page.is_empty() {
                break;
            }
            listed.extend(page.iter().map(|listed| listed.hash));
        }
        assert_eq!(listed, kept);
    }

    #[tokio::test]
    async fn nothing_half_written_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = LocalDir::open(folder.path()).unwrap();
        let hash = blobs.put(Bytes::from_static(b"one")).await.unwrap();
        let place = blobs.path(hash);
        let names: Vec<_> = fs::read_dir(place.parent().unwrap()).unwrap().collect();
        assert_eq!(names.len(), 1);
    }
}
