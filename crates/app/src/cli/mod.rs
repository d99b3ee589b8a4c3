//! The command line: what it takes, which verb runs, and how it says that something is wrong.
//!
//! Answers go to standard output, everything else to standard error. The exit code is 1 when a
//! verb fails and 2 when it was called wrongly or settings are wrong.

mod ask;
mod audit;
mod backup;
mod choice;
mod command;
mod doctor;
mod erase;
mod eval;
mod export;
mod extract;
mod failure;
mod flags;
mod import;
mod migrate;
mod owner;
mod ready;
mod reference;
mod relocate;
mod restore;
mod serve;
mod simulate;
mod sql;
mod understand;

use crate::{
    config::{Config, LogFormat, Sources},
    sandbox,
    telemetry::{self, traces::Traces},
};
use clap::{Parser, Subcommand};
pub use failure::chain;

use failure::Failure;
use flags::SettingFlags;
use std::{path::PathBuf, process::ExitCode};
use tracing::Level;

/// Self-hosted invoice assistant for WhatsApp.
///
/// Without a verb it serves: web chat, HTTP API and, once it is set up, WhatsApp.
#[derive(Debug, Parser)]
#[command(name = "billhook", version, after_help = AFTER_HELP)]
pub struct Cli {
    #[command(flatten)]
    settings: SettingFlags,
    /// Settings file to read instead of ./billhook.toml
    #[arg(long, global = true, value_name = "FILE", help_heading = "Settings")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    verb: Option<Verb>,
}

const AFTER_HELP: &str = "Every setting is a flag, an environment variable and a line of \
billhook.toml; --help shows the flags.";

#[derive(Debug, Subcommand)]
enum Verb {
    /// Run the web chat, the HTTP API, the webhooks and the workers (the default)
    Serve,
    /// Read invoices from files and print what they say
    Extract(extract::Arguments),
    /// Measure how well documents are read, against what you know of them
    Eval(eval::Arguments),
    /// Say what a sentence means: intent, query, draft or change
    Understand(understand::Arguments),
    /// Ask a question about the stored invoices, as the owner
    Ask(ask::Arguments),
    /// Do what a command word does in the chat, as the owner
    Command(command::Arguments),
    /// Run a SELECT over the stored invoices
    Sql(sql::Arguments),
    /// Load invoices from JSON lines or CSV
    Import(import::Arguments),
    /// Write the stored invoices as CSV, XLSX, JSON or ZIP
    Export(export::Arguments),
    /// Delete everything that is stored of a person
    Erase(erase::Arguments),
    /// Bring the database up to date
    Migrate,
    /// Copy the database into an empty one, such as from SQLite to PostgreSQL
    Move(relocate::Arguments),
    /// Write the database and the original files into one file
    Backup(backup::Arguments),
    /// Fill an empty database and the place of the files from a backup
    Restore(restore::Arguments),
    /// Check that nothing was lost, doubled or changed
    Audit(audit::Arguments),
    /// Ask the running Billhook whether it can work; exit code 1 if not
    Ready,
    /// Check settings, storage, reader and connections
    Doctor(doctor::Arguments),
    /// Send a signed WhatsApp webhook to a running Billhook and print its reply
    Simulate(simulate::Arguments),
    /// Print generated reference texts
    #[command(hide = true)]
    Reference(reference::Arguments),
    /// Read an errand and one document from standard input, inside the sandbox
    #[command(hide = true)]
    ReadDocument {
        /// Threads that read letters
        #[arg(long, default_value_t = 2)]
        threads: usize,
    },
}

/// Runs what the command line asks for.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.verb {
        // These two must work whatever the settings say.
        Some(Verb::ReadDocument { threads }) => return sandbox::run_child(threads),
        Some(Verb::Reference(arguments)) => reference::run(&arguments),
        verb => with_settings(verb, cli.settings, cli.config),
    };
    done.unwrap_or_else(|failure| failure.report())
}

fn with_settings(
    verb: Option<Verb>,
    flags: SettingFlags,
    file: Option<PathBuf>,
) -> Result<ExitCode, Failure> {
    let sources = Sources::gather(flags.into_values(), file.as_deref());
    let config = Config::load(&sources);
    if let Some(Verb::Doctor(arguments)) = verb {
        return runtime()?.block_on(doctor::run(&arguments, config));
    }
    let config = config.map_err(Failure::settings)?;
    let serves = matches!(verb, None | Some(Verb::Serve));
    let runtime = runtime()?;
    let traces = serves.then(|| Traces::new(&config.traces, runtime.handle().clone()));
    let level = if serves { Level::INFO } else { Level::WARN };
    telemetry::start(&config.log, level, traces.as_ref());
    let is_logged = serves && config.log.format == LogFormat::Json;
    let done = runtime.block_on(async {
        match verb {
            None | Some(Verb::Serve) => serve::run(config).await,
            Some(Verb::Extract(arguments)) => extract::run(arguments, &config).await,
            Some(Verb::Eval(arguments)) => eval::run(arguments, &config).await,
            Some(Verb::Understand(arguments)) => understand::run(arguments, &config).await,
            Some(Verb::Ask(arguments)) => ask::run(&arguments, config).await,
            Some(Verb::Command(arguments)) => command::run(arguments, config).await,
            Some(Verb::Erase(arguments)) => erase::run(&arguments, &config).await,
            Some(Verb::Sql(arguments)) => sql::run(&arguments, &config).await,
            Some(Verb::Import(arguments)) => import::run(&arguments, &config).await,
            Some(Verb::Export(arguments)) => export::run(&arguments, &config).await,
            Some(Verb::Migrate) => migrate::run(&config).await,
            Some(Verb::Ready) => ready::run(&config).await,
            Some(Verb::Move(arguments)) => relocate::run(&arguments, &config).await,
            Some(Verb::Backup(arguments)) => backup::run(&arguments, &config).await,
            Some(Verb::Restore(arguments)) => restore::run(&arguments, &config).await,
            Some(Verb::Audit(arguments)) => audit::run(&arguments, &config).await,
            Some(Verb::Simulate(arguments)) => simulate::run(arguments, &config).await,
            // Dealt with before the settings were read.
            Some(Verb::Doctor(_) | Verb::Reference(_) | Verb::ReadDocument { .. }) => {
                Ok(ExitCode::SUCCESS)
            }
        }
    });
    match done {
        // Whoever collects logs reads nothing else.
        Err(failure) if is_logged => Ok(failure.log()),
        done => done,
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::because("the program cannot start its threads", &error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_setting_is_a_flag_before_and_after_the_verb() {
        for line in [["billhook", "--port", "81", "serve"], ["billhook", "serve", "--port", "81"]] {
            let cli = Cli::try_parse_from(line).unwrap();
            assert_eq!(cli.settings.into_values().get("PORT").map(String::as_str), Some("81"));
        }
    }

    #[test]
    fn a_secret_is_no_flag() {
        assert!(Cli::try_parse_from(["billhook", "--twilio-auth-token", "x"]).is_err());
    }
}
