//! The embedded database: one file, one connection that writes, a few that read.
//!
//! Writers wait their turn instead of failing, and share their commits. An acknowledged write is on
//! the disk (`synchronous=FULL`).

use super::{
    failed,
    group::{Group, GroupWrite},
    readers::{self, Reader, Readers},
    schema::{OLDEST_PROGRAM, Standing},
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
    time::Duration,
};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long a connection waits for another program's write to end.
const BUSY: Duration = Duration::from_secs(5);
/// How long a caller waits for a free connection.
const ACQUIRE: Duration = Duration::from_secs(10);
const READERS: u32 = 4;

/// How many different statements a connection keeps ready.
const STATEMENTS: usize = 256;

/// The connections to one database.
pub enum Pools {
    /// Of a file.
    File {
        /// One writes, one write after the other.
        write: Group,
        /// A few read.
        read: Readers,
        /// For reads that may take long, opened when they are needed.
        long: SqlitePool,
    },
    /// Of memory, which has only one: it ends with it.
    Memory(SqlitePool),
}

/// A connection that reads.
pub enum SqliteRead {
    /// Of a file.
    File(Reader),
    /// Of memory.
    Memory(PoolConnection<Sqlite>),
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
            return Ok(Self::Memory(read));
        }
        let mut write = SqliteConnection::connect_with(&options).await.map_err(explain)?;
        match standing(&mut write).await.map_err(explain)? {
            Standing::Ready => {}
            Standing::Newer => return Err(OpenError::TooNew),
            Standing::Older => {
                MIGRATIONS.run(&mut write).await.map_err(|error| not_migrated(error, &path))?;
            }
        }
        let options = options.create_if_missing(false).pragma("query_only", "ON");
        let read = Readers::open(&options, READERS).await.map_err(explain)?;
        let long = pool(READERS).min_connections(0).connect_lazy_with(options);
        Ok(Self::File { write: Group::of(write), read, long })
    }

    /// Begins a write.
    pub async fn begin(&self) -> StoreResult<SqliteWrite> {
        match self {
            Self::File { write, .. } => Ok(SqliteWrite::InGroup(write.begin().await?)),
            Self::Memory(pool) => {
                let mut write = pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
                write.lock_handle().await.map_err(failed)?.remove_progress_handler();
                Ok(SqliteWrite::Alone(write))
            }
        }
    }

    /// Returns a connection that reads and is interrupted when it takes too long.
    pub async fn reader(&self) -> StoreResult<SqliteRead> {
        match self {
            Self::File { read, .. } => Ok(SqliteRead::File(read.reader().await?)),
            Self::Memory(pool) => {
                let mut reader = pool.acquire().await.map_err(failed)?;
                let mut handle = reader.lock_handle().await.map_err(failed)?;
                readers::limit(&mut handle, readers::from_now());
                drop(handle);
                Ok(SqliteRead::Memory(reader))
            }
        }
    }

    /// Begins a read of one state of everything, without a limit on its time.
    pub async fn snapshot(&self) -> StoreResult<SqliteWrite> {
        let (Self::File { long: pool, .. } | Self::Memory(pool)) = self;
        let mut read = pool.begin().await.map_err(failed)?;
        read.lock_handle().await.map_err(failed)?.remove_progress_handler();
        Ok(SqliteWrite::Alone(read))
    }

    /// Returns the connections, by purpose.
    pub fn connections(&self) -> Vec<Connections> {
        match self {
            Self::File { write, read, .. } => vec![write.connections(), read.connections()],
            Self::Memory(pool) => vec![super::connections("write", pool)],
        }
    }

    /// Empties the log that what was deleted may still stand in.
    pub async fn tidy(&self) -> StoreResult<()> {
        match self {
            Self::File { write, .. } => write.tidy().await,
            Self::Memory(_) => Ok(()),
        }
    }

    /// Lets go of the file, after what is running has ended.
    pub async fn close(&self) {
        match self {
            Self::File { write, read, long } => {
                read.close().await;
                long.close().await;
                write.close().await;
            }
            Self::Memory(pool) => pool.close().await,
        }
    }
}

impl SqliteRead {
    /// Returns the connection for one statement; [`SqliteRead::rest`] is to be said at its end.
    pub fn connection(&mut self) -> StoreResult<&mut SqliteConnection> {
        match self {
            Self::File(reader) => reader.connection(),
            Self::Memory(reader) => Ok(reader),
        }
    }

    /// Notes that the statement has come to its end.
    pub fn rest(&mut self) {
        if let Self::File(reader) = self {
            reader.rest();
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

/// Returns the file of a URL, if it is in one.
pub fn file(url: &str) -> Option<PathBuf> {
    let path = options(url).ok()?.get_filename().to_owned();
    (!url.contains(":memory:")).then_some(path)
}

/// Returns the file of a URL if it is not there.
pub fn missing(url: &str) -> Option<PathBuf> {
    file(url).filter(|path| !path.exists())
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
        .busy_timeout(BUSY)
        .statement_cache_capacity(STATEMENTS))
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

async fn standing(connection: &mut SqliteConnection) -> Result<Standing, sqlx::Error> {
    let is_there = |table: &'static str| {
        sqlx::query_scalar::<_, bool>("SELECT COUNT(*) > 0 FROM sqlite_master WHERE name = $1")
            .bind(table)
    };
    if !is_there("_sqlx_migrations").fetch_one(&mut *connection).await? {
        return Ok(Standing::Older);
    }
    let seen = "SELECT version, checksum FROM _sqlx_migrations WHERE success";
    let seen: Vec<(i64, Vec<u8>)> = sqlx::query_as(seen).fetch_all(&mut *connection).await?;
    let oldest = if is_there("_oldest_program").fetch_one(&mut *connection).await? {
        sqlx::query_scalar(OLDEST_PROGRAM).fetch_one(connection).await?
    } else {
        None
    };
    Ok(Standing::of(&MIGRATIONS, &seen.into_iter().collect(), oldest))
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
        // A full disk may also show as a failure to read or write.
        Some(10 | 13) => OpenError::DiskFull,
        Some(11 | 26) => OpenError::NotADatabase(path()),
        _ => OpenError::Failed(Box::new(error)),
    }
}
