//! `billhook sql`: a SELECT over one book, in SQL of one's own.

use super::{
    failure::{Failure, print},
    owner,
};
use crate::{clock::SystemClock, compose, config::Config, rows};
use clap::Args;
use domain::ids::TenantId;
use ports::{clock::Clock, store::SelectError};
use std::process::ExitCode;

/// The statement and how its rows are told.
#[derive(Debug, Args)]
pub struct Arguments {
    /// One SELECT over users, conversations, messages, invoices and invoice_items
    #[arg(value_name = "SELECT")]
    statement: String,
    /// The book to ask, by its id [default: the owner's]
    #[arg(long, value_name = "ID")]
    tenant: Option<TenantId>,
    /// Print the rows as one JSON object
    #[arg(long)]
    json: bool,
}

/// Prints the rows.
///
/// # Errors
///
/// [`Failure`] if the statement is refused or cannot run, or the database does not answer.
pub async fn run(arguments: &Arguments, config: &Config) -> Result<ExitCode, Failure> {
    let store = compose::open_store(config).await?;
    let tenant = owner::tenant(store.as_ref(), config, arguments.tenant).await?;
    let habits = store.habits(tenant).await.map_err(|error| Failure::of_store(&error))?;
    let today = SystemClock.today(&habits.unwrap_or_default().time_zone);
    let table = store.select(tenant, &arguments.statement, today).await.map_err(failed)?;
    if arguments.json {
        return print(&format!("{}\n", rows::as_json(&table))).map(|()| ExitCode::SUCCESS);
    }
    print(&rows::as_lines(&table))?;
    if table.more {
        eprintln!("There are more rows than these {}.", table.rows.len());
    }
    if table.mixes_currencies {
        eprintln!("This adds up amounts of several currencies: GROUP BY currency.");
    }
    Ok(ExitCode::SUCCESS)
}

fn failed(error: SelectError) -> Failure {
    match error {
        SelectError::Store(error) => Failure::of_store(&error),
        error => Failure::new(
            error.to_string(),
            "one SELECT over users, conversations, messages, invoices and invoice_items; see docs/sql.md",
        ),
    }
}
