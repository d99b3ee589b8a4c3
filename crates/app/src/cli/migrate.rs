//! `billhook migrate`: brings the database up to date.

use super::failure::{Failure, print};
use crate::{compose, config::Config};
use secrecy::ExposeSecret;
use std::process::ExitCode;
use store::Addresses;

/// Brings the schema up to date; a second run changes nothing.
///
/// # Errors
///
/// [`Failure`] if the data folder or the database cannot be opened.
pub async fn run(config: &Config) -> Result<ExitCode, Failure> {
    compose::make_data_dir(config)?;
    let others = &config.other_users;
    let addresses = Addresses {
        rows: config.database_url.expose_secret(),
        queries: others.queries.as_ref().map(ExposeSecret::expose_secret),
        owner: others.owner.as_ref().map(ExposeSecret::expose_secret),
    };
    store::migrate(addresses)
        .await
        .map_err(|error| Failure::because("the database cannot be brought up to date", &error))?;
    print("The database is up to date.\n")?;
    Ok(ExitCode::SUCCESS)
}
