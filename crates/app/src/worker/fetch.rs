//! Gets the files of a message and keeps them, before anybody reads them.

use super::failure::Failure;
use domain::{
    document::ContentHash,
    message::{Attachment, AttachmentSource},
};
use ports::{Ports, channel::ChannelError, store::Claim};
use sha2::{Digest, Sha256};
use std::time::Duration;
use workflow::turn::ReceivedFile;

/// Returns the message's files in order, each kept in the blob store before anybody reads it.
pub(super) async fn fetch_all(ports: &Ports, claim: &Claim) -> Result<Vec<ReceivedFile>, Failure> {
    let mut files = Vec::new();
    for attachment in &claim.work.inbound.message.attachments {
        files.push(fetch(ports, claim, attachment).await?);
    }
    Ok(files)
}

async fn fetch(
    ports: &Ports,
    claim: &Claim,
    attachment: &Attachment,
) -> Result<ReceivedFile, Failure> {
    let name = attachment.name.clone();
    match &attachment.source {
        AttachmentSource::Stored(hash) => {
            let bytes = ports.blobs.get(*hash).await?;
            if bytes.is_none() {
                tracing::error!(
                    job.id = %claim.lease.job,
                    "a file that was taken in is not where files are kept: all processes must share one \
                     data folder or bucket"
                );
            }
            Ok(bytes.map_or(ReceivedFile::Gone, |bytes| ReceivedFile::Got {
                name,
                hash: *hash,
                bytes,
            }))
        }
        AttachmentSource::Remote(address) => {
            let Some(channel) = ports.channels.of(claim.work.inbound.message.channel) else {
                return Ok(ReceivedFile::Gone);
            };
            match channel.fetch(address).await {
                Ok(bytes) => {
                    ports.store.keep_file(&claim.lease, hash_of(&bytes)).await?;
                    let hash = ports.blobs.put(bytes.clone()).await?;
                    Ok(ReceivedFile::Got { name, hash, bytes })
                }
                Err(ChannelError::TooLarge) => Ok(ReceivedFile::TooLarge),
                Err(ChannelError::NoSuchFile) => Ok(ReceivedFile::Gone),
                Err(error) => Err(fetch_failure(&error)),
            }
        }
    }
}

fn hash_of(bytes: &[u8]) -> ContentHash {
    ContentHash(Sha256::digest(bytes).into())
}

fn fetch_failure(error: &ChannelError) -> Failure {
    let class = match error {
        ChannelError::Unavailable(_) | ChannelError::Unclear(_) => "channel_unavailable",
        ChannelError::RateLimited { .. } => "channel_rate_limited",
        ChannelError::Unauthorized => "channel_unauthorized",
        ChannelError::Refused { .. } => "channel_refused",
        ChannelError::NoSuchFile | ChannelError::TooLarge => "file",
    };
    // An unclear fetch, unlike an unclear send, is safe to repeat.
    let again = matches!(error, ChannelError::Unclear(_)).then_some(Duration::from_secs(2));
    Failure { step: "fetch", class, retry: error.retry().or(again) }
}
