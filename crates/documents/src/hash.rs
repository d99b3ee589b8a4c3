//! The name of a file by its content.

use domain::document::ContentHash;
use sha2::{Digest, Sha256};

/// Returns the SHA-256 of the bytes.
#[must_use]
pub fn hash(bytes: &[u8]) -> ContentHash {
    ContentHash(Sha256::digest(bytes).into())
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_is_the_sha_256_of_the_bytes() {
        assert_eq!(
            super::hash(b"abc").to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
