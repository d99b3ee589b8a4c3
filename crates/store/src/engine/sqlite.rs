//! The embedded database: one file, one connection that writes, a few that read.
//!
//! Writers wait their turn instead of failing, and share their commits. An acknowledged write is on
//! the disk (`synchronous=FULL`).

use super::{
    failed,
    group::{Group, GroupWrite},
};
use crate::OpenError;
use ports::store::{Connections, StoreResult};
use sqlx::{
    Connection as _, Sqlite, SqliteConnection, SqlitePool, Transaction,
    migrate::{MigrateError, Migrator},
    pool::PoolConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    path::{Path, PathBuf},
    str::FromStr,
    time::{Duration, Instant},
};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long a connection waits for another program's write to end.
const BUSY: Duration = Duration::from_secs(5);
/// How long a caller waits for a free connection.
const ACQUIRE: Duration = Duration::from_secs(10);
const READERS: u32 = 4;

/// How long one read may take.
const READ_LIMIT: Duration = Duration::from_secs(3);
/// How many steps of SQLite's machine lie between two looks at the time.
const STEPS_BETWEEN_LOOKS: i32 = 10_000;

/// The connections to one file.
pub struct Pools {
    write: Writers,
    read: SqlitePool,
}

/// Whoever writes.
enum Writers {
    /// One after the other, on a connection of their own.
    InGroups(Group),
    /// On the connection that reads too: a database in memory has only one.
    InMemory,
}

/// A write in progress.
pub enum SqliteWrite {
    /// Its commit is shared.
    InGroup(GroupWrite),
    /// It has the database for itself.
    Alone(Transaction<'static, Sqlite>),
}

impl Pools {
    /// Opens a file by its URL.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        let options = options(url)?;
        let path = options.get_filename().to_owned();
        let is_shared = url.contains(":memory:");
        if !is_shared {
            check_folder(&path)?;
            make_private(&path);
        }
        let explain = |error| explain(error, &path);
        if is_shared {
            let read = pool(1).connect_with(options).await.map_err(explain)?;
            MIGRATIONS.run(&read).await.map_err(|error| not_migrated(error, &path))?;
            return Ok(Self { write: Writers::InMemory, read });
        }
        let mut write = SqliteConnection::connect_with(&options).await.map_err(explain)?;
        MIGRATIONS.run(&mut write).await.map_err(|error| not_migrated(error, &path))?;
        let options = options.create_if_missing(false).pragma("query_only", "ON");
        let read = pool(READERS).connect_with(options).await.map_err(explain)?;
        Ok(Self { write: Writers::InGroups(Group::of(write)), read })
    }

    /// Begins a write.
    pub async fn begin(&self) -> StoreResult<SqliteWrite> {
        match &self.write {
            Writers::InGroups(group) => Ok(SqliteWrite::InGroup(group.begin().await?)),
            Writers::InMemory => {
                let mut write = self.read.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
                write.lock_handle().await.map_err(failed)?.remove_progress_handler();
                Ok(SqliteWrite::Alone(write))
            }
        }
    }

    /// Returns a connection that reads and is interrupted after [`READ_LIMIT`].
    pub async fn reader(&self) -> StoreResult<PoolConnection<Sqlite>> {
        let mut reader = self.read.acquire().await.map_err(failed)?;
        let begun = Instant::now();
        reader
            .lock_handle()
            .await
            .map_err(failed)?
            .set_progress_handler(STEPS_BETWEEN_LOOKS, move || begun.elapsed() < READ_LIMIT);
        Ok(reader)
    }

    /// Begins a read of one state of everything, without a limit on its time.
    pub async fn snapshot(&self) -> StoreResult<SqliteWrite> {
        let mut read = self.read.begin().await.map_err(failed)?;
        read.lock_handle().await.map_err(failed)?.remove_progress_handler();
        Ok(SqliteWrite::Alone(read))
    }

    /// Returns the connections, by purpose.
    pub fn connections(&self) -> Vec<Connections> {
        match &self.write {
            Writers::InGroups(group) => {
                vec![group.connections(), super::connections("read", &self.read)]
            }
            Writers::InMemory => vec![super::connections("write", &self.read)],
        }
    }

    /// Empties the log that what was deleted may still stand in.
    pub async fn tidy(&self) -> StoreResult<()> {
        match &self.write {
            Writers::InGroups(group) => group.tidy().await,
            Writers::InMemory => Ok(()),
        }
    }

    /// Lets go of the file, after what is running has ended.
    pub async fn close(&self) {
        self.read.close().await;
        if let Writers::InGroups(group) = &self.write {
            group.close().await;
        }
    }
}

impl SqliteWrite {
    /// Returns the connection.
    pub fn connection(&mut self) -> &mut SqliteConnection {
        match self {
            Self::InGroup(write) => write.connection(),
            Self::Alone(write) => write,
        }
    }

    /// Makes what was written last.
    pub async fn commit(self) -> StoreResult<()> {
        match self {
            Self::InGroup(write) => write.commit().await,
            Self::Alone(write) => write.commit().await.map_err(failed),
        }
    }
}

/// Returns the file of a URL if it is not there.
pub fn missing(url: &str) -> Option<PathBuf> {
    let path = options(url).ok()?.get_filename().to_owned();
    let is_missing = !url.contains(":memory:") && !path.exists();
    is_missing.then_some(path)
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
        // What is deleted is overwritten, not only let go of.
        .pragma("secure_delete", "ON")
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
