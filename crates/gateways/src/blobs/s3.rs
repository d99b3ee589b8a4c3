//! Files in a bucket of S3, or of a server that speaks like it, each under its SHA-256: `ab/abcd…`.
//!
//! The key is the hash, so that a file whose receipt was lost is put again in its own place.

use super::{checked, hash_of};
use async_trait::async_trait;
use bytes::Bytes;
use domain::document::ContentHash;
use futures::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use object_store::{
    ClientOptions, Error, ObjectStore, ObjectStoreExt, RetryConfig,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    path::Path,
};
use ports::blobs::{BlobError, BlobStore, Listed, Outflow};
use secrecy::{ExposeSecret, SecretString};
use std::{error::Error as _, fmt::Write, time::Duration};

/// How long a connection may take to be made, and a request to be answered.
const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(30);
/// How long a call tries again what may pass.
const RETRY: Duration = Duration::from_secs(20);
const RETRIES: usize = 3;
/// The client's names for how the server encrypts, and with which key; their types are not public.
const ENCRYPTION: &str = "aws_server_side_encryption";
const ENCRYPTION_KEY: &str = "aws_sse_kms_key_id";

/// Which bucket, and how it is opened.
#[derive(Debug, Clone)]
pub struct S3Settings {
    /// The bucket; it must be there.
    pub bucket: String,
    /// What every key begins with; may be empty.
    pub prefix: String,
    /// The region.
    pub region: String,
    /// The server, for those that are not Amazon's; its buckets are then part of the path.
    pub endpoint: Option<String>,
    /// The key and its secret; without them, the role of the machine.
    pub access_key: Option<(String, SecretString)>,
    /// The token that goes with a temporary key.
    pub session_token: Option<SecretString>,
    /// A role, and the file of the token that opens it, as clusters hand them out.
    pub web_identity: Option<(String, String)>,
    /// How the server encrypts what it keeps: `AES256` or `aws:kms`.
    pub encryption: Option<String>,
    /// Which key it encrypts with, for `aws:kms`; the account's own without it.
    pub encryption_key: Option<String>,
}

/// A bucket.
#[derive(Debug)]
pub struct S3 {
    bucket: object_store::aws::AmazonS3,
    prefix: String,
}

impl S3 {
    /// Makes the client; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`BlobError::Unavailable`] if a setting cannot be used.
    pub fn open(settings: &S3Settings) -> Result<Self, BlobError> {
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&settings.bucket)
            .with_region(&settings.region)
            .with_retry(RetryConfig {
                max_retries: RETRIES,
                retry_timeout: RETRY,
                ..RetryConfig::default()
            });
        let mut options = ClientOptions::new().with_connect_timeout(CONNECT).with_timeout(ANSWER);
        if let Some(endpoint) = &settings.endpoint {
            options = options.with_allow_http(endpoint.starts_with("http://"));
            builder = builder.with_endpoint(endpoint).with_virtual_hosted_style_request(false);
        }
        if let Some((key, secret)) = &settings.access_key {
            builder =
                builder.with_access_key_id(key).with_secret_access_key(secret.expose_secret());
        }
        if let Some(token) = &settings.session_token {
            builder = builder.with_token(token.expose_secret());
        }
        if let Some((role, file)) = &settings.web_identity {
            builder = builder
                .with_config(AmazonS3ConfigKey::RoleArn, role)
                .with_config(AmazonS3ConfigKey::WebIdentityTokenFile, file);
        }
        if let Some(encryption) = &settings.encryption {
            let key = ENCRYPTION.parse::<AmazonS3ConfigKey>().map_err(failed)?;
            builder = builder.with_config(key, encryption);
        }
        if let Some(which) = &settings.encryption_key {
            let key = ENCRYPTION_KEY.parse::<AmazonS3ConfigKey>().map_err(failed)?;
            builder = builder.with_config(key, which);
        }
        let bucket = builder.with_client_options(options).build().map_err(failed)?;
        Ok(Self { bucket, prefix: settings.prefix.trim_matches('/').to_owned() })
    }

    fn key(&self, hash: ContentHash) -> Path {
        let name = hash.to_string();
        let folder = name.get(..2).unwrap_or("00");
        Path::from(format!("{}/{folder}/{name}", self.prefix))
    }
}

#[async_trait]
impl BlobStore for S3 {
    async fn put(&self, bytes: Bytes) -> Result<ContentHash, BlobError> {
        let hash = hash_of(&bytes);
        self.bucket.put(&self.key(hash), bytes.into()).await.map_err(failed)?;
        Ok(hash)
    }

    async fn get(&self, hash: ContentHash) -> Result<Option<Bytes>, BlobError> {
        let found = match self.bucket.get(&self.key(hash)).await {
            Ok(found) => found.bytes().await.map_err(failed)?,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        if hash_of(&found) == hash { Ok(Some(found)) } else { Err(BlobError::Damaged) }
    }

    async fn stream(&self, hash: ContentHash) -> Result<Option<Outflow>, BlobError> {
        let found = match self.bucket.get(&self.key(hash)).await {
            Ok(found) => found,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let size = found.meta.size;
        let chunks = found.into_stream().map_err(failed).boxed();
        Ok(Some(Outflow { size, chunks: checked(hash, chunks) }))
    }

    async fn remove(&self, hash: ContentHash) -> Result<(), BlobError> {
        match self.bucket.delete(&self.key(hash)).await {
            Err(error) if !is_absent(&error) => Err(failed(error)),
            _ => Ok(()),
        }
    }

    async fn size(&self, hash: ContentHash) -> Result<Option<u64>, BlobError> {
        match self.bucket.head(&self.key(hash)).await {
            Ok(found) => Ok(Some(found.size)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    async fn list(
        &self,
        after: Option<ContentHash>,
        most: usize,
    ) -> Result<Vec<Listed>, BlobError> {
        let folder = Path::from(self.prefix.as_str());
        let found = match after {
            Some(hash) => self.bucket.list_with_offset(Some(&folder), &self.key(hash)),
            None => self.bucket.list(Some(&folder)),
        };
        let found = found.try_filter_map(|file| {
            let hash = file.location.filename().and_then(|name| name.parse().ok());
            let written_at = Timestamp::from_millisecond(file.last_modified.timestamp_millis());
            let written_at = written_at.unwrap_or_default();
            futures::future::ready(Ok(hash.map(|hash| Listed { hash, written_at })))
        });
        found.take(most).try_collect().await.map_err(failed)
    }
}

/// Returns whether a file is not there; a bucket that is not there is something else.
fn is_absent(error: &Error) -> bool {
    matches!(error, Error::NotFound { .. }) && !text_of(error).contains("NoSuchBucket")
}

/// What servers say and what their owner has to do about it.
const REFUSALS: [(&str, &str); 8] = [
    ("InvalidBucketName", "no bucket can have this name; correct S3_BUCKET"),
    ("NoSuchBucket", "the bucket does not exist; make it, or correct S3_BUCKET"),
    ("InvalidAccessKeyId", "the bucket's server does not know this key; check AWS_ACCESS_KEY_ID"),
    (
        "SignatureDoesNotMatch",
        "the bucket's server refuses the secret; check AWS_SECRET_ACCESS_KEY",
    ),
    (
        "RequestTimeTooSkewed",
        "the clock of this machine is more than 15 minutes off; set it, or turn on NTP",
    ),
    ("AuthorizationHeaderMalformed", "the bucket is in another region; check AWS_REGION"),
    ("incorrectly configured region", "the bucket is in another region; check AWS_REGION"),
    (
        "AccessDenied",
        "this key may not read and write the bucket; it needs GetObject, PutObject, DeleteObject and ListBucket",
    ),
];

/// Returns what a failure means: change a setting, or wait.
fn failed(error: Error) -> BlobError {
    let text = text_of(&error);
    if let Some((_, advice)) = REFUSALS.iter().find(|(code, _)| text.contains(code)) {
        return BlobError::Refused(advice);
    }
    match error {
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => {
            let (_, advice) = REFUSALS.last().copied().unwrap_or_default();
            BlobError::Refused(advice)
        }
        error => BlobError::Unavailable(Box::new(error)),
    }
}

/// Returns an error with everything behind it, where the server's own code is.
fn text_of(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        // Writing into a String cannot fail.
        let _ = write!(text, ": {error}");
        cause = error.source();
    }
    text
}
