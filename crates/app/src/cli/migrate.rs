//! `billhook migrate`: brings the database up to date.

use super::failure::{Failure, print};
use crate::{clock::SystemClock, compose, config::Config};
use secrecy::ExposeSecret;
use std::{process::ExitCode, sync::Arc};

/// Brings the schema up to date; a second run changes nothing.
///
/// # Errors
///
/// [`Failure`] if the data folder or the database cannot be opened.
pub async fn run(config: &Config) -> Result<ExitCode, Failure> {
    compose::make_data_dir(config)?;
    store::migrate(config.database_url.expose_secret(), Arc::new(SystemClock))
        .await
        .map_err(|error| Failure::because("the database cannot be brought up to date", &error))?;
    print("The database is up to date.\n")?;
    Ok(ExitCode::SUCCESS)
}
