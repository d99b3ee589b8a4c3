//! `billhook extract`: reads files as the conversation would, stores nothing, prints what they say.
//!
//! Files are read in the same sandbox and by the same models as in `serve`. One that cannot be
//! read is reported and the run goes on.

mod record;
mod table;

use super::failure::{Failure, print};
use crate::{compose, config::Config};
use bytes::Bytes;
use clap::Args;
use domain::{dates::Date, document::Contents, money::Currency, reading::Reading};
use futures::StreamExt;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ports::{
    documents::Documents,
    model::{Ask, Claimed, LanguageModel, Sheets, Task},
};
use record::{Record, Seen};
use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Instant,
};
use workflow::prompts;

/// Which files, and how.
#[derive(Debug, Args)]
pub struct Arguments {
    /// PDFs, pictures or e-invoices
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Print one JSON object a file instead of a summary
    #[arg(long)]
    json: bool,
    /// Files to read at once [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
}

/// What every file is read with.
struct Reader {
    documents: Arc<dyn Documents>,
    model: Arc<dyn LanguageModel>,
    today: Date,
    locale: String,
    currency: Currency,
}

/// Reads the files and prints what they say, in the order they were named.
///
/// # Errors
///
/// [`Failure`] if reading cannot begin or nothing can be printed. A file that cannot be read is
/// no failure of the run.
pub async fn run(arguments: Arguments, config: &Config) -> Result<ExitCode, Failure> {
    let reader = Arc::new(Reader {
        documents: compose::documents()?,
        model: compose::model(&config.model),
        today: compose::clock().today(&config.habits.time_zone),
        locale: config.habits.locale.clone(),
        currency: config.habits.currency,
    });
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let jobs = arguments.jobs.map_or(cores, usize::from);
    let progress = progress(arguments.files.len());
    let reading = arguments.files.into_iter().map(|path| {
        let reader = Arc::clone(&reader);
        async move { reader.record(&path).await }
    });
    let mut records = futures::stream::iter(reading).buffered(jobs);
    while let Some(record) = records.next().await {
        let text = if arguments.json { record.as_line() } else { table::render(&record) };
        progress.suspend(|| print(&text))?;
        progress.inc(1);
    }
    progress.finish_and_clear();
    Ok(ExitCode::SUCCESS)
}

/// A bar for people; programs that read standard error get nothing.
fn progress(files: usize) -> ProgressBar {
    if !std::io::stderr().is_terminal() || files < 2 {
        return ProgressBar::hidden();
    }
    let bar =
        ProgressBar::with_draw_target(u64::try_from(files).ok(), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} files, {eta} left");
    style.map_or(bar.clone(), |style| bar.with_style(style))
}

impl Reader {
    async fn record(&self, path: &Path) -> Record {
        let begun = Instant::now();
        let seen = self.look(path).await;
        Record::new(path, seen, self.currency, self.today).taking(begun.elapsed())
    }

    async fn look(&self, path: &Path) -> Seen {
        let bytes = match tokio::fs::read(path).await {
            Ok(bytes) => Bytes::from(bytes),
            Err(error) => return Seen::Failed(format!("the file cannot be opened: {error}")),
        };
        let mut contents = match self.documents.read(bytes.clone()).await {
            Ok(contents) => contents,
            Err(error) => return Seen::Failed(super::chain(&error)),
        };
        if let Some(obstacle) = contents.obstacle {
            return Seen::Obstacle(obstacle);
        }
        if contents.other_xml.is_some() {
            return Seen::NoInvoice;
        }
        match contents.einvoice.take() {
            Some(reading) => Seen::Read(Box::new(reading)),
            None => self.ask(contents, bytes).await,
        }
    }

    async fn ask(&self, contents: Contents, bytes: Bytes) -> Seen {
        match self.answer(contents, bytes).await {
            Ok(Some(reading)) => Seen::Read(reading),
            Ok(None) => Seen::NoInvoice,
            Err(error) => Seen::Failed(error),
        }
    }

    async fn answer(
        &self,
        contents: Contents,
        bytes: Bytes,
    ) -> Result<Option<Box<Reading>>, String> {
        let pictures = if self.model.sees_pictures() {
            self.documents.pictures(bytes).await.map_err(|error| super::chain(&error))?
        } else {
            Vec::new()
        };
        let sheets = Sheets {
            pages: contents.pages,
            pictures,
            today: self.today,
            locale: self.locale.clone(),
        };
        let task = Task::ReadInvoice(sheets);
        let ask = Ask { task, instructions: prompts::READ_INVOICE };
        match self.model.answer(&ask).await.map_err(|error| super::chain(&error))?.claimed {
            Claimed::Reading(reading) => Ok(Some(reading)),
            _ => Ok(None),
        }
    }
}
