//! `billhook extract`: reads files as the conversation would, stores nothing, prints what they say.
//!
//! Files are read in the same sandbox and by the same models as in `serve`. One that cannot be
//! read is reported and the run goes on.

pub mod ahead;
mod files;
mod obstacles;
mod output;
pub mod progress;
pub mod reader;
pub mod record;
mod table;

use progress::Progress;
use reader::Reader;
use record::Record;

use super::{choice::ModelChoice, failure::Failure};
use crate::{compose, config::Config};
use clap::Args;
use futures::StreamExt;
use output::{Format, Output};
use std::{
    path::{Path, PathBuf},
    pin::pin,
    process::ExitCode,
    sync::Arc,
    time::Instant,
};

/// Which files, and how.
#[derive(Debug, Args)]
pub struct Arguments {
    /// PDFs, pictures, e-invoices or spreadsheets; folders with all below them; patterns
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The form of the output [default: by the ending of --output, else text]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// File to write; without it, standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Files to read at once [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// The model to ask: offline, openai or openai:NAME [default: that of the settings]
    #[arg(long, value_name = "MODEL")]
    model: Option<ModelChoice>,
}

impl Arguments {
    fn form(&self) -> Format {
        let by_ending = || Format::of_file(self.output.as_deref());
        if self.json { Format::Json } else { self.format.unwrap_or_else(by_ending) }
    }
}

/// Reads the files and writes what they say, in the order they were named.
///
/// The exit code is 1 if a file could not be opened or read; the others are written all the same.
///
/// # Errors
///
/// [`Failure`] if reading cannot begin or nothing can be written.
pub async fn run(arguments: Arguments, config: &Config) -> Result<ExitCode, Failure> {
    let settings = match &arguments.model {
        Some(choice) => choice.applied_to(&config.model)?,
        None => config.model.clone(),
    };
    let files = files::expand(&arguments.files)?;
    let reader = Arc::new(Reader::new(compose::documents_in_bulk()?, &settings, config));
    let mut output = Output::open(arguments.form(), arguments.output.as_deref())?;
    let progress = Progress::new(files.len());
    let reading = files.into_iter().map(|path| {
        let reader = Arc::clone(&reader);
        async move { records(&reader, &path).await }
    });
    let mut records = pin!(ahead::in_order(reading, jobs(arguments.jobs)));
    while let Some(of_file) = records.next().await {
        progress.suspend(|| of_file.iter().try_for_each(|record| output.put(record)))?;
        progress.step(of_file.iter().any(|record| record.failed));
    }
    Ok(if progress.finish() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns how many files to read at once: as many as asked for, else one for each core.
#[must_use]
pub fn jobs(asked: Option<u16>) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    asked.map_or_else(cores, usize::from)
}

/// Reads one file; whatever is wrong with it is part of the records, one for each invoice of a
/// list and never none.
pub async fn records(reader: &Reader, path: &Path) -> Vec<Record> {
    let begun = Instant::now();
    let looks = reader.look(path).await;
    let taken = begun.elapsed();
    let record = |look| Record::new(path, look, reader.currency, reader.today).taking(taken);
    looks.into_iter().map(record).collect()
}
