//! Opens the file and brings its schema up to date.

use super::Sqlite;
use crate::OpenError;
use ports::clock::Clock;
use sqlx::{
    migrate::{MigrateError, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long a connection waits for another program's write to end.
const BUSY: Duration = Duration::from_secs(5);
/// How long a caller waits for a free connection.
const ACQUIRE: Duration = Duration::from_secs(10);
const READERS: u32 = 4;

impl Sqlite {
    /// Opens a database by its URL.
    pub(crate) async fn open(url: &str, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let options = options(url)?;
        let path = options.get_filename().to_owned();
        let is_shared = url.contains(":memory:");
        if !is_shared {
            check_folder(&path)?;
            make_private(&path);
        }
        let explain = |error| explain(error, &path);
        let write = pool(1).connect_with(options.clone()).await.map_err(explain)?;
        MIGRATIONS.run(&write).await.map_err(|error| not_migrated(error, &path))?;
        let read = if is_shared {
            write.clone()
        } else {
            let options = options.create_if_missing(false).pragma("query_only", "ON");
            pool(READERS).connect_with(options).await.map_err(explain)?
        };
        Ok(Self { write, read, clock, is_shared })
    }
}

fn options(url: &str) -> Result<SqliteConnectOptions, OpenError> {
    let bad = || OpenError::BadUrl(url.to_owned());
    if !url.starts_with("sqlite:") {
        return Err(bad());
    }
    let options = SqliteConnectOptions::from_str(url).map_err(|_| bad())?;
    if options.get_filename().as_os_str().is_empty() {
        return Err(bad());
    }
    Ok(options
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY))
}

/// Makes a missing file for its owner only; the files beside it take over its permissions. What
/// goes wrong here is told when the database is opened.
fn make_private(path: &Path) {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let _ = options.open(path);
}

/// Returns the settings of a pool whose connections live as long as it does: a database in memory
/// ends with its connection.
fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(ACQUIRE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

fn check_folder(path: &Path) -> Result<(), OpenError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        Some(folder) if !folder.is_dir() => Err(OpenError::FolderMissing(folder.to_owned())),
        _ if path.is_dir() => Err(OpenError::NotADatabase(path.to_owned())),
        _ => Ok(()),
    }
}

fn not_migrated(error: MigrateError, path: &Path) -> OpenError {
    match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionMismatch(_) => OpenError::TooNew,
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
            explain(error, path)
        }
        error => OpenError::Failed(Box::new(error)),
    }
}

/// Returns what SQLite's primary result code means to a person.
fn explain(error: sqlx::Error, path: &Path) -> OpenError {
    let path = || PathBuf::from(path);
    let code = match &error {
        sqlx::Error::Database(database) => database.code().and_then(|code| code.parse().ok()),
        _ => None,
    };
    // The low byte of an extended code is the primary one.
    match code.map(|code: u32| code & 0xff) {
        Some(5 | 6) => OpenError::Locked(path()),
        Some(3 | 8 | 14) => OpenError::ReadOnly(path()),
        Some(11 | 26) => OpenError::NotADatabase(path()),
        _ => OpenError::Failed(Box::new(error)),
    }
}
