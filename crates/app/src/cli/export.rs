//! `billhook export`: the stored invoices as CSV, XLSX or JSON.

use super::{
    failure::{Failure, chain},
    owner,
};
use crate::{compose, config::Config};
use clap::{Args, ValueEnum};
use domain::{dates::Date, ids::TenantId, invoice::Invoice};
use ports::store::Store;
use std::{
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

/// How many invoices are read at once.
const PAGE: u32 = 500;

/// Which invoices, in which form, and where to.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The form of the file [default: by the ending of --out, else csv]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// File to write; without it, standard output
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// First issue date, such as 2025-01-01
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// Last issue date
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
    /// The book to export, by its id [default: the owner's]
    #[arg(long, value_name = "ID")]
    tenant: Option<TenantId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One line an invoice, its items as JSON in the last column
    Csv,
    /// A spreadsheet
    Xlsx,
    /// One array of invoices
    Json,
}

/// Writes the invoices, oldest first.
///
/// # Errors
///
/// [`Failure`] if they cannot be read or written; a file that was there is then unchanged.
pub async fn run(arguments: &Arguments, config: &Config) -> Result<ExitCode, Failure> {
    if let (Some(from), Some(to)) = (arguments.from, arguments.to)
        && from > to
    {
        return Err(Failure::usage("--from lies after --to", "swap the two dates"));
    }
    let format = arguments.format.unwrap_or_else(|| by_ending(arguments.out.as_deref()));
    if format == Format::Xlsx && arguments.out.is_none() && std::io::stdout().is_terminal() {
        return Err(Failure::usage(
            "a spreadsheet cannot be shown on a terminal",
            "name a file: --out invoices.xlsx",
        ));
    }
    let store = compose::open_store(config).await?;
    let tenant = owner::tenant(store.as_ref(), config, arguments.tenant).await?;
    let mut invoices = all(store.as_ref(), tenant).await?;
    invoices.retain(|invoice| {
        arguments.from.is_none_or(|from| invoice.issue_date >= from)
            && arguments.to.is_none_or(|to| invoice.issue_date <= to)
    });
    let made = match format {
        Format::Csv => press::csv::invoices(&invoices),
        Format::Xlsx => press::xlsx::invoices(&invoices),
        Format::Json => press::json::array(&invoices),
    };
    let bytes = made
        .map_err(|error| Failure::new(format!("the file cannot be made: {}", chain(&error)), ""))?;
    match &arguments.out {
        Some(path) => {
            write(path, &bytes)?;
            eprintln!("{} invoices were written to {}.", invoices.len(), path.display());
        }
        None => to_standard_output(&bytes)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn by_ending(path: Option<&Path>) -> Format {
    let ending = path.and_then(Path::extension).and_then(|ending| ending.to_str());
    match ending.map(str::to_ascii_lowercase).as_deref() {
        Some("xlsx") => Format::Xlsx,
        Some("json") => Format::Json,
        _ => Format::Csv,
    }
}

async fn all(store: &dyn Store, tenant: TenantId) -> Result<Vec<Invoice>, Failure> {
    let mut invoices: Vec<Invoice> = Vec::new();
    loop {
        let after = invoices.last().map(|invoice| invoice.id);
        let page = store.page(tenant, after, PAGE).await;
        let page = page.map_err(|error| Failure::of_store(&error))?;
        if page.is_empty() {
            return Ok(invoices);
        }
        invoices.extend(page);
    }
}

/// Writes beside the file and renames, so that a full disk leaves the old one whole.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    std::fs::write(&part, bytes)
        .and_then(|()| std::fs::rename(&part, path))
        .map_err(|error| Failure::because(&format!("{} cannot be written", path.display()), &error))
}

fn to_standard_output(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::because("the export cannot be written", &error))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_of_the_file_settles_its_form() {
        assert_eq!(by_ending(Some(Path::new("a.XLSX"))), Format::Xlsx);
        assert_eq!(by_ending(Some(Path::new("a.json"))), Format::Json);
        assert_eq!(by_ending(Some(Path::new("a"))), Format::Csv);
        assert_eq!(by_ending(None), Format::Csv);
    }

    #[test]
    fn a_file_is_replaced_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(write(&folder.path().join("no/such/folder"), b"x").is_err());
    }
}
