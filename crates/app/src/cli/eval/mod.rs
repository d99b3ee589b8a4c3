//! `billhook eval`: measures how well documents are read, against what their owner knows of them.
//!
//! Reads as `extract` does and stores nothing.

mod chart;
mod compare;
mod report;
mod score;
mod truth;

use super::{
    choice::ModelChoice,
    extract::{ahead::in_order, jobs, progress::Progress, reader::Reader, records},
    failure::{Failure, print},
};
use crate::{
    compose,
    config::{Config, ModelSettings, Provider},
};
use clap::{Args, Subcommand};
use futures::StreamExt;
use ports::model::{Cost, Usage};
use score::{Tally, Verdict};
use std::{
    collections::BTreeMap, path::PathBuf, pin::pin, process::ExitCode, sync::Arc, time::Instant,
};
use truth::Row;

/// What is measured.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Read documents and say how much of what they say was read rightly
    Documents(Documents),
}

/// Which documents, and how.
#[derive(Debug, Args)]
struct Documents {
    /// JSON lines: file (relative to this one), kind, and the fields that are known
    #[arg(value_name = "TRUTH")]
    truth: PathBuf,
    /// The model to ask: offline, openai or openai:NAME; repeat it to compare [default: that of the settings]
    #[arg(long, value_name = "MODEL")]
    model: Vec<ModelChoice>,
    /// Documents to read at once [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Print one JSON object instead of tables
    #[arg(long)]
    json: bool,
    /// Draw the shares into this SVG file
    #[arg(long, value_name = "FILE.svg", value_parser = chart::path)]
    chart: Option<PathBuf>,
    /// Print every value that is wrong or missing, too
    #[arg(long, conflicts_with = "json")]
    errors: bool,
}

/// How one model has read all documents.
struct Run {
    name: String,
    all: Tally,
    groups: BTreeMap<String, Tally>,
    verdicts: Vec<Verdict>,
    usage: Usage,
    /// Nothing where the price is not known.
    cost: Option<Cost>,
    /// Documents that the model itself was asked about, by the name it gave itself.
    asked: BTreeMap<String, u64>,
    seconds: u64,
}

/// Measures.
///
/// # Errors
///
/// [`Failure`] if the truths cannot be read, a document is not there, or nothing can be written.
pub async fn run(arguments: Arguments, config: &Config) -> Result<ExitCode, Failure> {
    let What::Documents(arguments) = arguments.what;
    let rows = truth::read(&arguments.truth)?;
    let mut runs = Vec::new();
    for (name, settings) in models(&arguments.model, &config.model)? {
        let reader = Reader::new(compose::documents_in_bulk()?, &settings, config);
        runs.push(read_all(name, reader, &rows, jobs(arguments.jobs)).await);
    }
    if let Some(path) = &arguments.chart {
        std::fs::write(path, chart::draw(&runs)).map_err(|error| {
            Failure::because(&format!("{} cannot be written", path.display()), &error)
        })?;
    }
    print(&if arguments.json {
        report::json(&runs)
    } else {
        report::text(&runs, arguments.errors)
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Returns the models to ask, each with its name; without a choice that of the settings.
fn models(
    chosen: &[ModelChoice],
    settings: &ModelSettings,
) -> Result<Vec<(String, ModelSettings)>, Failure> {
    if chosen.is_empty() {
        return Ok(vec![(name_of(settings), settings.clone())]);
    }
    chosen.iter().map(|choice| Ok((choice.to_string(), choice.applied_to(settings)?))).collect()
}

fn name_of(settings: &ModelSettings) -> String {
    match settings.provider {
        Provider::Offline => ModelChoice::Offline,
        Provider::OpenAi => ModelChoice::OpenAi(Some(settings.openai_model.clone())),
    }
    .to_string()
}

async fn read_all(name: String, reader: Reader, rows: &[Row], jobs: usize) -> Run {
    let begun = Instant::now();
    let mut run = Run {
        name,
        all: Tally::default(),
        groups: BTreeMap::new(),
        verdicts: Vec::new(),
        usage: Usage::default(),
        cost: Some(Cost::FREE),
        asked: BTreeMap::new(),
        seconds: 0,
    };
    let progress = Progress::new(rows.len());
    let reader = Arc::new(reader);
    let reading = rows.iter().cloned().map(|row| {
        let reader = Arc::clone(&reader);
        async move {
            // A list is measured by its first invoice.
            let first = records(&reader, &row.file).await.into_iter().next();
            first.map(|record| (row, record))
        }
    });
    let mut read = pin!(in_order(reading, jobs));
    while let Some(first) = read.next().await {
        let Some((row, record)) = first else { continue };
        run.usage = run.usage.plus(record.usage);
        if let Some(model) = &record.model {
            let asked = run.asked.entry(model.clone()).or_default();
            *asked = asked.saturating_add(1);
        }
        let verdict = Verdict::of(&row, &record);
        run.all.add(&verdict);
        run.groups.entry(row.medium()).or_default().add(&verdict);
        run.verdicts.push(verdict);
        progress.step(record.failed);
    }
    // That some could not be read shows in the figures.
    let _ = progress.finish();
    run.cost = reader.cost(run.usage);
    run.seconds = begun.elapsed().as_secs();
    run
}
