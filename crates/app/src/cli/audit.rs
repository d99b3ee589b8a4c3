//! `billhook audit`: checks that nothing was lost, doubled or changed.

use super::failure::{Failure, print};
use crate::{compose, config::Config};
use clap::Args;
use ports::blobs::{BlobError, BlobStore};
use secrecy::ExposeSecret;
use std::{fmt::Write, process::ExitCode};
use store::{Database, Finding};

/// How many files are asked for at once.
const PAGE: u32 = 500;
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
                blobs.get(hash).await.map(|bytes| bytes.is_some())
            };
            finding.looked_at = finding.looked_at.saturating_add(1);
            match found {
                Ok(true) => {}
                Ok(false) | Err(BlobError::Damaged) => {
                    finding.broken = finding.broken.saturating_add(1);
                    if finding.examples.len() < NAMED {
                        finding.examples.push(hash.to_string());
                    }
                }
                Err(error) => return Err(Failure::because("a file cannot be read", &error)),
            }
            last = Some(hash);
        }
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
