//! `billhook export`: the stored invoices as CSV, XLSX or JSON, or all of it with the originals as ZIP.

use super::{
    failure::{Failure, chain},
    owner,
};
use crate::{compose, config::Config};
use clap::{Args, ValueEnum};
use domain::{dates::Date, ids::TenantId, invoice::Invoice, table::Table};
use ports::{
    blobs::BlobStore,
    store::{SelectError, Store},
};
use press::{PressFault, archive::Archive};
use std::{
    collections::HashSet,
    fs::File,
    io::{BufWriter, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};
use workflow::original_name;

/// How many invoices are read at once.
const PAGE: u32 = 500;
/// How many messages are.
const MESSAGES: usize = 500;

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
    /// An archive: the invoices in all three forms, the original files, and what was said
    Zip,
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
    if format == Format::Zip && arguments.out.is_none() {
        return Err(Failure::usage(
            "an archive is not written to standard output",
            "name a file: --out billhook.zip",
        ));
    }
    let store = compose::open_store(config).await?;
    let tenant = owner::tenant(store.as_ref(), config, arguments.tenant).await?;
    let mut invoices = all(store.as_ref(), tenant).await?;
    invoices.retain(|invoice| {
        arguments.from.is_none_or(|from| invoice.issue_date >= from)
            && arguments.to.is_none_or(|to| invoice.issue_date <= to)
    });
    if let (Format::Zip, Some(path)) = (format, &arguments.out) {
        let is_all = arguments.from.is_none() && arguments.to.is_none();
        let said = if is_all { said(store.as_ref(), tenant).await? } else { None };
        let blobs = compose::blobs(config)?;
        let lack = pack(path, &invoices, said.as_ref(), blobs.as_ref()).await?;
        eprintln!("{} invoices were written to {}.", invoices.len(), path.display());
        if lack > 0 {
            eprintln!("The originals of {lack} invoices are not kept any more.");
        }
        return Ok(ExitCode::SUCCESS);
    }
    let bytes = sheet(format, &invoices)?;
    match &arguments.out {
        Some(path) => {
            write(path, &bytes)?;
            eprintln!("{} invoices were written to {}.", invoices.len(), path.display());
        }
        None => to_standard_output(&bytes)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn sheet(format: Format, invoices: &[Invoice]) -> Result<Vec<u8>, Failure> {
    let made = match format {
        Format::Xlsx => press::xlsx::invoices(invoices),
        Format::Json => press::json::array(invoices),
        Format::Csv | Format::Zip => press::csv::invoices(invoices),
    };
    made.map_err(|error| unmade(&error))
}

fn unmade(error: &PressFault) -> Failure {
    Failure::new(format!("the file cannot be made: {}", chain(error)), "")
}

/// Returns what was said, oldest first; nothing where nothing was.
async fn said(store: &dyn Store, tenant: TenantId) -> Result<Option<Table>, Failure> {
    let today = compose::clock().today("UTC");
    let mut all = Table::default();
    let mut page = MESSAGES;
    loop {
        let found = match store.said(tenant, all.rows.len(), page, today).await {
            Ok(found) => found,
            Err(SelectError::Store(error)) => return Err(Failure::of_store(&error)),
            // Long messages: fewer of them are read at once.
            Err(_) if page > 1 => {
                page = page.div_ceil(8);
                continue;
            }
            // A book too large for it: its invoices and originals are given all the same.
            Err(_) => {
                eprintln!("Not all that was said is in it: the book is too large to be read so.");
                return Ok(Some(all).filter(|table| !table.rows.is_empty()));
            }
        };
        let is_last = found.rows.len() < page;
        all.columns = found.columns;
        all.rows.extend(found.rows);
        if is_last {
            return Ok(Some(all).filter(|table| !table.rows.is_empty()));
        }
    }
}

/// Writes an archive, one original after the other, and returns how many originals there are not.
async fn pack(
    path: &Path,
    invoices: &[Invoice],
    said: Option<&Table>,
    blobs: &dyn BlobStore,
) -> Result<usize, Failure> {
    let shown = path.display().to_string();
    let failed =
        |error: std::io::Error| Failure::because(&format!("{shown} cannot be written"), &error);
    let part = beside(path);
    let file = File::create(&part).map_err(failed)?;
    let mut archive = Archive::new(BufWriter::new(file));
    for (name, format) in [
        ("invoices.csv", Format::Csv),
        ("invoices.xlsx", Format::Xlsx),
        ("invoices.json", Format::Json),
    ] {
        archive.add(name, &sheet(format, invoices)?).map_err(|error| unmade(&error))?;
    }
    if let Some(said) = said {
        let bytes = press::csv::table(said).map_err(|error| unmade(&error))?;
        archive.add("messages.csv", &bytes).map_err(|error| unmade(&error))?;
    }
    let (mut packed, mut lack) = (HashSet::new(), 0_usize);
    for invoice in invoices {
        // The invoices of one list have one original.
        let Some(document) = invoice.document.filter(|document| packed.insert(*document)) else {
            continue;
        };
        let original = blobs.get(document).await;
        let original =
            original.map_err(|error| Failure::because("an original cannot be read", &error))?;
        let Some(original) = original else {
            lack = lack.saturating_add(1);
            continue;
        };
        let name = original_name(invoice, &original);
        archive.add(&name, &original).map_err(|error| unmade(&error))?;
    }
    let mut written = archive.finish().map_err(|error| unmade(&error))?;
    written.flush().and_then(|()| std::fs::rename(&part, path)).map_err(failed)?;
    Ok(lack)
}

fn by_ending(path: Option<&Path>) -> Format {
    let ending = path.and_then(Path::extension).and_then(|ending| ending.to_str());
    match ending.map(str::to_ascii_lowercase).as_deref() {
        Some("xlsx") => Format::Xlsx,
        Some("json") => Format::Json,
        Some("zip") => Format::Zip,
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
    let part = beside(path);
    std::fs::write(&part, bytes)
        .and_then(|()| std::fs::rename(&part, path))
        .map_err(|error| Failure::because(&format!("{} cannot be written", path.display()), &error))
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    path.with_file_name(name)
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
        assert_eq!(by_ending(Some(Path::new("a.zip"))), Format::Zip);
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
