//! `billhook import`: invoices from JSON lines or CSV into a book.
//!
//! The columns are those of the query schema: number, vendor, customer, category, issue_date,
//! due_date, paid_at, currency, subtotal, tax, total, status, notes, items. All or nothing, unless
//! bad lines may be skipped. What identifies an invoice is its content, so importing the same file
//! again adds nothing.

mod row;
mod source;

use super::{
    failure::{Failure, print},
    owner,
};
use crate::{compose, config::Config};
use clap::Args;
use domain::{ids::TenantId, invoice::Invoice};
use row::Settler;
use source::Numbered;
use std::{collections::BTreeMap, path::PathBuf, process::ExitCode};

/// How many bad lines are shown.
const SHOWN: usize = 20;

/// Which file, and whose.
#[derive(Debug, Args)]
pub struct Arguments {
    /// JSON lines (.jsonl, .json) or CSV with a head line (.csv)
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The book to load into, by its id [default: the owner's]
    #[arg(long, value_name = "ID")]
    tenant: Option<TenantId>,
    /// Load the good lines even if others are bad
    #[arg(long)]
    skip_bad: bool,
}

/// Loads a file.
///
/// # Errors
///
/// [`Failure`] if it cannot be read, a line is bad, or the database does not take it; then nothing
/// was stored.
pub async fn run(arguments: &Arguments, config: &Config) -> Result<ExitCode, Failure> {
    let rows = source::read(&arguments.file)?;
    let store = compose::open_store(config).await?;
    let tenant = owner::tenant(store.as_ref(), config, arguments.tenant).await?;
    let (invoices, bad) = settle(rows, &Settler::new(tenant, config.habits.currency));
    for (line, reason) in bad.iter().take(SHOWN) {
        eprintln!("error: line {line}: {reason}");
    }
    if bad.len() > SHOWN {
        eprintln!("error: … and {} more lines", bad.len().saturating_sub(SHOWN));
    }
    if !bad.is_empty() && !arguments.skip_bad {
        return Err(Failure::new(
            format!(
                "{} of {} lines are bad; nothing was stored",
                bad.len(),
                total(&invoices, &bad)
            ),
            "correct them, or load the others with --skip-bad",
        ));
    }
    let new = store.import(tenant, &invoices).await.map_err(|error| Failure::of_store(&error))?;
    let known = u64::try_from(invoices.len()).unwrap_or(u64::MAX).saturating_sub(new);
    print(&summary(new, known, bad.len()))?;
    Ok(ExitCode::SUCCESS)
}

/// Sorts lines into invoices and reasons against them, both in the order of the file.
fn settle(rows: Vec<Numbered>, settler: &Settler) -> (Vec<Invoice>, Vec<(u64, String)>) {
    let mut invoices = Vec::new();
    let mut bad = Vec::new();
    // Two equal lines in one file are two invoices: the first of a kind is number 0, and so on.
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for Numbered { line, row } in rows {
        let settled = row.and_then(|row| {
            let copy = seen.entry(row.content()).or_default();
            let invoice = settler.invoice(&row, *copy)?;
            *copy = copy.saturating_add(1);
            Ok(invoice)
        });
        match settled {
            Ok(invoice) => invoices.push(invoice),
            Err(reason) => bad.push((line, reason)),
        }
    }
    (invoices, bad)
}

fn total(invoices: &[Invoice], bad: &[(u64, String)]) -> usize {
    invoices.len().saturating_add(bad.len())
}

fn summary(new: u64, known: u64, bad: usize) -> String {
    let mut text = match new {
        1 => "1 invoice was added".to_owned(),
        new => format!("{new} invoices were added"),
    };
    if known > 0 {
        text.push_str(&format!(", {known} were already there"));
    }
    if bad > 0 {
        text.push_str(&format!(", {bad} bad lines were skipped"));
    }
    text + ".\n"
}

#[cfg(test)]
mod tests;
