//! `billhook backup`: the database and the original files in one file.
//!
//! The file is an ordinary archive (tar): the database as SQLite, whatever it is kept in, and the
//! files in the folders that a local installation has. Unpacked into an empty data folder it is an
//! installation.

use super::{
    failure::{Failure, counted, print},
    relocate,
};
use crate::{compose, config::Config};
use clap::Args;
use ports::blobs::{BlobStore, Listed};
use secrecy::ExposeSecret;
use std::{
    fs::{File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};
use store::Database;
use tar::{Builder, Header};

/// The database in an archive, and in a data folder.
pub const DATABASE: &str = "billhook.db";
/// The folder of the files in an archive, and in a data folder.
pub const FILES: &str = "files";
/// How many files are asked for at once.
const PAGE: usize = 500;

/// Where the backup goes.
#[derive(Debug, Args)]
pub struct Arguments {
    /// File to write; it must not be there yet
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Writes a backup; a running server goes on meanwhile.
///
/// # Errors
///
/// [`Failure`] if something cannot be read or written; no half file is left under the name.
pub async fn run(arguments: &Arguments, config: &Config) -> Result<ExitCode, Failure> {
    let path = &arguments.file;
    let shown = path.display();
    if path.exists() {
        return Err(Failure::usage(format!("{shown} is there already"), "choose another name"));
    }
    let failed = |error: io::Error| Failure::because(&format!("{shown} cannot be written"), &error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    let workshop = tempfile::tempdir_in(folder).map_err(failed)?;
    let database = compose::open_database(config.database_url.expose_secret()).await?;
    let copy = workshop.path().join(DATABASE);
    snapshot(&database, &copy).await?;
    let part = workshop.path().join("part");
    let mut archive = Builder::new(BufWriter::new(create(&part).map_err(failed)?));
    archive.append_path_with_name(&copy, DATABASE).map_err(failed)?;
    // The files come after the rows: every file that a row refers to is there by then.
    let files = add_files(&mut archive, compose::blobs(config)?.as_ref()).await?;
    let written = archive.into_inner().and_then(finish);
    written.and_then(|()| std::fs::rename(&part, path)).map_err(failed)?;
    print(&format!(
        "The database and {} are in {shown}. Keep it as safe as the originals.\n",
        counted(files, "file")
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Writes one state of the database into a new file.
async fn snapshot(database: &Database, path: &Path) -> Result<(), Failure> {
    let url = format!("sqlite://{}", path.display());
    let target = store::open(&url, compose::clock())
        .await
        .map_err(|error| Failure::because("the backup cannot be written", &error))?;
    relocate::copy(database, &target).await?;
    target.close().await;
    Ok(())
}

async fn add_files(
    archive: &mut Builder<impl Write>,
    blobs: &dyn BlobStore,
) -> Result<u64, Failure> {
    let unread = |error| Failure::because("a file cannot be read", &error);
    let (mut last, mut count) = (None, 0_u64);
    loop {
        let page = blobs.list(last, PAGE).await.map_err(unread)?;
        if page.is_empty() {
            return Ok(count);
        }
        for Listed { hash, .. } in page {
            last = Some(hash);
            // What was deleted meanwhile is not wanted any more.
            let Some(bytes) = blobs.get(hash).await.map_err(unread)? else { continue };
            let name = hash.to_string();
            let path = format!("{FILES}/{}/{}/{name}", &part(&name, 0), &part(&name, 2));
            let mut header = Header::new_gnu();
            header.set_size(u64::try_from(bytes.len()).unwrap_or_default());
            header.set_mode(0o600);
            let added = archive.append_data(&mut header, path, bytes.as_ref());
            added.map_err(|error| Failure::because("the backup cannot be written", &error))?;
            count = count.saturating_add(1);
        }
    }
}

fn part(name: &str, from: usize) -> &str {
    name.get(from..).and_then(|rest| rest.get(..2)).unwrap_or("00")
}

/// Makes a file for its owner only: it holds everything.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn finish(file: BufWriter<File>) -> io::Result<()> {
    file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}
