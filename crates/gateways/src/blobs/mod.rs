//! Places that keep files.

mod local;
mod s3;

pub use local::LocalDir;
pub use s3::{S3, S3Settings};

use bytes::Bytes;
use domain::document::ContentHash;
use futures::{
    StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use ports::blobs::BlobError;
use sha2::{Digest, Sha256};

fn hash_of(bytes: &[u8]) -> ContentHash {
    ContentHash(Sha256::digest(bytes).into())
}

/// What is checked on the way: the chunk before the last is handed on when the last is known to be right.
struct Checked {
    from: BoxStream<'static, Result<Bytes, BlobError>>,
    hasher: Sha256,
    held: Option<Bytes>,
}

/// Hands bytes on, holding each chunk back until the next one is there, and the last until all of them
/// have turned out to be those of the hash.
fn checked(
    hash: ContentHash,
    chunks: BoxStream<'static, Result<Bytes, BlobError>>,
) -> BoxStream<'static, Result<Bytes, BlobError>> {
    let start = Checked { from: chunks, hasher: Sha256::new(), held: None };
    stream::try_unfold(Some(start), move |state| async move {
        let Some(mut checked) = state else { return Ok(None) };
        while let Some(chunk) = checked.from.try_next().await? {
            checked.hasher.update(&chunk);
            if let Some(before) = checked.held.replace(chunk) {
                return Ok(Some((before, Some(checked))));
            }
        }
        let found: [u8; 32] = checked.hasher.finalize().into();
        match checked.held {
            _ if found != hash.0 => Err(BlobError::Damaged),
            Some(last) => Ok(Some((last, None))),
            None => Ok(None),
        }
    })
    .boxed()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn flown(hash: ContentHash, chunks: &[&'static [u8]]) -> (Vec<u8>, bool) {
        let chunks: Vec<_> = chunks.iter().map(|chunk| Ok(Bytes::from_static(chunk))).collect();
        let mut out = checked(hash, stream::iter(chunks).boxed());
        let mut bytes = Vec::new();
        while let Some(chunk) = out.next().await {
            match chunk {
                Ok(chunk) => bytes.extend_from_slice(&chunk),
                Err(error) => {
                    assert!(matches!(error, BlobError::Damaged));
                    return (bytes, false);
                }
            }
        }
        (bytes, true)
    }

    #[tokio::test]
    async fn f17_bytes_that_are_others_never_come_out_whole() {
        let hash = hash_of(b"a long receipt");
        assert_eq!(
            flown(hash, &[b"a long", b" ", b"receipt"]).await,
            (b"a long receipt".to_vec(), true)
        );
        assert_eq!(flown(hash, &[b"a long", b" ", b"rubbish"]).await, (b"a long ".to_vec(), false));
        assert_eq!(flown(hash, &[b"a long"]).await, (Vec::new(), false), "cut off");
        assert_eq!(flown(hash_of(b""), &[]).await, (Vec::new(), true));
    }
}
