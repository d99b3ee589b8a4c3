//! `billhook restore`: an empty database and the place of the files, filled from a backup.

use super::{
    backup::{DATABASE, FILES},
    failure::{Failure, counted, print},
    relocate,
};
use crate::{compose, config::Config};
use clap::Args;
use domain::document::ContentHash;
use ports::blobs::BlobStore;
use secrecy::ExposeSecret;
use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
    process::ExitCode,
};
use tar::{Archive, Entry};

/// The largest file that a person can have sent, with room to spare.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Where the backup is.
#[derive(Debug, Args)]
pub struct Arguments {
    /// File that `billhook backup` has written
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Puts the files back, then the rows, which appear all at once; a run that was cut short is
/// simply run again.
///
/// # Errors
///
/// [`Failure`] if a server is running here, the file is no backup, or the database holds data.
pub async fn run(arguments: &Arguments, config: &Config) -> Result<ExitCode, Failure> {
    let _lock = compose::lock_data_dir(config)?;
    let path = &arguments.file;
    let file = File::open(path)
        .map_err(|error| Failure::because(&format!("{} cannot be read", path.display()), &error))?;
    let workshop = tempfile::tempdir_in(&config.data_dir)
        .map_err(|error| Failure::because("the data folder cannot be written to", &error))?;
    let copy = workshop.path().join(DATABASE);
    let blobs = compose::blobs(config)?;
    let files = unpack(BufReader::new(file), &copy, blobs.as_ref()).await?;
    if !copy.exists() {
        return Err(no_backup("it has no database in it"));
    }
    let source = compose::open_database(&format!("sqlite://{}", copy.display())).await?;
    let target = store::open(config.database_url.expose_secret(), compose::clock())
        .await
        .map_err(|error| Failure::because("the database cannot be opened", &error))?;
    let copied = relocate::copy(&source, &target).await?;
    source.close().await;
    target.close().await;
    let rows: u64 = copied.iter().map(|table| table.rows).sum();
    print(&format!("{} and {} were restored.\n", counted(rows, "row"), counted(files, "file")))?;
    Ok(ExitCode::SUCCESS)
}

/// Puts the files of an archive where files are kept, and its database into a file; returns how
/// many files there were.
async fn unpack(input: impl Read, copy: &Path, blobs: &dyn BlobStore) -> Result<u64, Failure> {
    let mut archive = Archive::new(input);
    let mut count = 0_u64;
    for entry in archive.entries().map_err(|error| no_backup(&error.to_string()))? {
        let mut entry = entry.map_err(|error| no_backup(&error.to_string()))?;
        let name = entry.path().map_err(|error| no_backup(&error.to_string()))?.into_owned();
        if name == Path::new(DATABASE) {
            entry.unpack(copy).map_err(|error| no_backup(&error.to_string()))?;
        } else if entry.header().entry_type().is_file() && name.starts_with(FILES) {
            put_back(&mut entry, &name, blobs).await?;
            count = count.saturating_add(1);
        } else if !entry.header().entry_type().is_dir() {
            return Err(no_backup(&format!("{} does not belong in it", name.display())));
        }
    }
    Ok(count)
}

/// Keeps one file, whose name must be the hash of what is in it.
async fn put_back(
    entry: &mut Entry<'_, impl Read>,
    name: &Path,
    blobs: &dyn BlobStore,
) -> Result<(), Failure> {
    let damaged = || no_backup(&format!("{} is damaged", name.display()));
    let file = name.file_name().and_then(|file| file.to_str()).unwrap_or_default();
    let wanted: ContentHash = file.parse().map_err(|_| damaged())?;
    let bytes = read(entry).map_err(|_| damaged())?;
    let kept = blobs.put(bytes.into()).await;
    let kept = kept.map_err(|error| Failure::because("a file cannot be kept", &error))?;
    if kept == wanted { Ok(()) } else { Err(damaged()) }
}

fn read(entry: &mut Entry<'_, impl Read>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    entry.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn no_backup(why: &str) -> Failure {
    Failure::new(
        format!("the file is not a whole backup of Billhook: {why}"),
        "use a file that `billhook backup` has written; nothing in the database was changed",
    )
}
