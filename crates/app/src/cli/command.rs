//! `billhook command …`: what a word does in the chat, as the owner.

use super::{ask, failure::Failure};
use crate::{config::Config, errand::Errand};
use clap::Args;
use std::{path::PathBuf, process::ExitCode};

/// Which command, and how its replies are told.
#[derive(Debug, Args)]
#[command(disable_help_subcommand = true)]
pub struct Arguments {
    #[command(subcommand)]
    errand: Errand,
    /// Print the replies as JSON, one object a line
    #[arg(long, global = true)]
    json: bool,
    /// Write files that come with the replies into this folder
    #[arg(long, global = true, value_name = "FOLDER")]
    save: Option<PathBuf>,
}

/// Has it done and prints the replies.
///
/// # Errors
///
/// [`Failure`] if a part cannot be set up, or no answer comes.
pub async fn run(arguments: Arguments, config: Config) -> Result<ExitCode, Failure> {
    let told = ask::Told { json: arguments.json, save: arguments.save };
    ask::say(arguments.errand.said(), &told, config).await
}
