//! `billhook audit`: checks that nothing was lost, doubled or changed.

use super::failure::{Failure, print};
use crate::{compose, config::Config};
use clap::Args;
use domain::{document::ContentHash, message::ChannelKind};
use futures::TryStreamExt;
use jiff::{SignedDuration, Timestamp};
use ports::{
    blobs::{BlobError, BlobStore},
    channel::Channels,
    store::{Erasing, Inbox},
};
use secrecy::ExposeSecret;
use std::{fmt::Write, process::ExitCode};
use store::{Database, Finding};

/// How many files are asked for at once.
const PAGE: u32 = 500;
/// How many files are listed at once.
const PAGE_OF_FILES: usize = 512;
/// After so long a file that nobody has should be gone.
const STRAY: SignedDuration = SignedDuration::from_hours(1);
/// For how long back the provider is asked.
const LISTED: SignedDuration = SignedDuration::from_hours(72);
/// After so long a message that did not come by itself should have been found.
const SETTLED: SignedDuration = SignedDuration::from_mins(10);
/// How many of the broken rows are named.
const NAMED: usize = 10;

/// How the findings are told.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Print the findings as JSON
    #[arg(long)]
    json: bool,
    /// Only look whether the files are there, without reading them
    #[arg(long)]
    quick: bool,
    /// Also ask the provider which messages it has received for us in the last three days
    #[arg(long)]
    provider: bool,
}

/// Prints what was looked at; the exit code is 1 if anything is not as it must be.
///
/// # Errors
///
/// [`Failure`] if the database or the files cannot be read.
pub async fn run(arguments: &Arguments, config: &Config) -> Result<ExitCode, Failure> {
    let database = compose::open_database(config.database_url.expose_secret()).await?;
    let blobs = compose::blobs(config)?;
    let mut findings = database.audit().await.map_err(|error| Failure::of_store(&error))?;
    findings.push(files(&database, blobs.as_ref(), arguments.quick).await?);
    findings.push(strays(&database, blobs.as_ref()).await?);
    if arguments.provider {
        findings.push(received(&database, config).await?);
    }
    let holds = findings.iter().all(Finding::holds);
    if arguments.json {
        let text = serde_json::to_string_pretty(&findings)
            .map_err(|error| Failure::because("the findings cannot be written", &error))?;
        print(&format!("{text}\n"))?;
    } else {
        print(&told(&findings))?;
    }
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Looks for the file of every invoice that was read from one.
async fn files(
    database: &Database,
    blobs: &dyn BlobStore,
    quick: bool,
) -> Result<Finding, Failure> {
    let mut finding = Finding {
        invariant: "I6",
        says: "the file that an invoice was read from is there, unchanged",
        looked_at: 0,
        broken: 0,
        examples: Vec::new(),
    };
    let mut last = None;
    loop {
        let page = database.documents(last, PAGE).await;
        let page = page.map_err(|error| Failure::of_store(&error))?;
        if page.is_empty() {
            return Ok(finding);
        }
        for hash in page {
            let found = if quick {
                blobs.size(hash).await.map(|size| size.is_some())
            } else {
                whole(blobs, hash).await
            };
            finding.looked_at = finding.looked_at.saturating_add(1);
            match found {
                Ok(true) => {}
                Ok(false) | Err(BlobError::Damaged) => {
                    note(&mut finding, hash.to_string());
                }
                Err(error) => return Err(Failure::because("a file cannot be read", &error)),
            }
            last = Some(hash);
        }
    }
}

/// Returns whether a file is there, and reads it to its end.
async fn whole(blobs: &dyn BlobStore, hash: ContentHash) -> Result<bool, BlobError> {
    let Some(mut file) = blobs.stream(hash).await? else { return Ok(false) };
    while file.chunks.try_next().await?.is_some() {}
    Ok(true)
}

/// Looks for files that nobody has: a worker deletes them three times an hour.
async fn strays(database: &Database, blobs: &dyn BlobStore) -> Result<Finding, Failure> {
    let mut finding = Finding {
        invariant: "I6",
        says: "every file is somebody's, or was written within the hour",
        looked_at: 0,
        broken: 0,
        examples: Vec::new(),
    };
    let before = compose::clock().now().checked_sub(STRAY).unwrap_or(Timestamp::MIN);
    let mut last = None;
    loop {
        let page = blobs.list(last, PAGE_OF_FILES).await;
        let page = page.map_err(|error| Failure::because("the files cannot be listed", &error))?;
        if page.is_empty() {
            return Ok(finding);
        }
        last = page.last().map(|listed| listed.hash);
        let looked_at = u64::try_from(page.len()).unwrap_or(u64::MAX);
        finding.looked_at = finding.looked_at.saturating_add(looked_at);
        let old = page.iter().filter(|listed| listed.written_at < before);
        let old: Vec<ContentHash> = old.map(|listed| listed.hash).collect();
        let strays =
            database.strays_among(&old).await.map_err(|error| Failure::of_store(&error))?;
        strays.iter().for_each(|hash| note(&mut finding, hash.to_string()));
    }
}

/// Looks for messages that the provider has received for us, since we first heard of one, and that are not
/// here.
async fn received(database: &Database, config: &Config) -> Result<Finding, Failure> {
    let mut finding = Finding {
        invariant: "I1",
        says: "every message that the provider has received is here, within ten minutes",
        looked_at: 0,
        broken: 0,
        examples: Vec::new(),
    };
    let channels = compose::channels(config);
    let first = database.first_message().await.map_err(|error| Failure::of_store(&error))?;
    let (Some(channel), Some(first)) = (channels.of(ChannelKind::Twilio), first) else {
        return Ok(finding);
    };
    let earlier = |by| compose::clock().now().checked_sub(by).unwrap_or(Timestamp::MIN);
    let (oldest, settled) = (earlier(LISTED).max(first), earlier(SETTLED));
    let mut received = channel
        .received(oldest)
        .await
        .map_err(|error| Failure::because("the provider cannot be asked", &error))?;
    received.retain(|one| {
        let says_something = !one.message.text.is_empty() || one.has_files;
        one.sent_at >= oldest && one.sent_at < settled && says_something
    });
    let ids: Vec<String> =
        received.into_iter().map(|received| received.message.provider_id).collect();
    let known = database.known(ChannelKind::Twilio, &ids).await;
    let known = known.map_err(|error| Failure::of_store(&error))?;
    for id in ids {
        finding.looked_at = finding.looked_at.saturating_add(1);
        if !known.contains(&id) {
            note(&mut finding, id);
        }
    }
    Ok(finding)
}

/// Notes something that is broken.
fn note(finding: &mut Finding, example: String) {
    finding.broken = finding.broken.saturating_add(1);
    if finding.examples.len() < NAMED {
        finding.examples.push(example);
    }
}

/// Returns the findings as lines for a person.
fn told(findings: &[Finding]) -> String {
    let mut text = String::new();
    for Finding { invariant, says, looked_at, broken, examples } in findings {
        // Writing into a String cannot fail.
        let _ = match broken {
            0 => writeln!(text, "ok      {invariant:<4}{says} ({looked_at} looked at)"),
            _ => {
                let named = examples.join(", ");
                writeln!(text, "BROKEN  {invariant:<4}{says}: {broken} of {looked_at}: {named}")
            }
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_broken_is_named() {
        let finding = |broken, examples: &[&str]| Finding {
            invariant: "I6",
            says: "files are there",
            looked_at: 7,
            broken,
            examples: examples.iter().copied().map(str::to_owned).collect(),
        };
        assert_eq!(told(&[finding(0, &[])]), "ok      I6  files are there (7 looked at)\n");
        let broken = told(&[finding(2, &["a", "b"])]);
        assert_eq!(broken, "BROKEN  I6  files are there: 2 of 7: a, b\n");
    }
}
