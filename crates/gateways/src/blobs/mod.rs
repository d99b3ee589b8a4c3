//! Places that keep files.

mod local;
mod s3;

pub use local::LocalDir;
pub use s3::{S3, S3Settings};

use domain::document::ContentHash;
use sha2::{Digest, Sha256};

fn hash_of(bytes: &[u8]) -> ContentHash {
    ContentHash(Sha256::digest(bytes).into())
}
