//! The database server: many processes, each with a few connections.
//!
//! Writes run in transactions of their own; whoever needs a row to stay as it is locks it. Reads
//! have connections of their own, which cannot write and are cut off when they take too long.

use super::failed;
use crate::OpenError;
use ports::store::StoreResult;
use sqlx::{
    PgPool, Postgres, Row, Transaction,
    migrate::{MigrateError, Migrator},
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{str::FromStr, time::Duration};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// The oldest server whose SQL is enough, as the server counts: 15.0.
const OLDEST: i32 = 150_000;
/// How long a caller waits for a free connection.
const ACQUIRE: Duration = Duration::from_secs(10);
/// The most connections that write, and the most that read, of one process.
const CONNECTIONS: u32 = 10;
/// How long a read, a write and a wait for a lock may take, and a transaction may lie idle, in
/// milliseconds.
const READ_LIMIT: &str = "3000";
const WRITE_LIMIT: &str = "30000";
const LOCK_LIMIT: &str = "5000";
const IDLE_LIMIT: &str = "30000";

/// Returns whether a URL is that of a server.
pub fn is_address(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

/// The connections to one server.
pub struct Pools {
    write: PgPool,
    read: PgPool,
}

impl Pools {
    /// Connects to the server of a URL.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        let options = PgConnectOptions::from_str(url).map_err(|_| OpenError::BadServerUrl)?;
        let options = options.application_name("billhook").options([
            ("lock_timeout", LOCK_LIMIT),
            ("idle_in_transaction_session_timeout", IDLE_LIMIT),
        ]);
        let writing = options.clone().options([("statement_timeout", WRITE_LIMIT)]);
        let write = pool().connect_with(writing).await.map_err(explain)?;
        check_age(&write).await?;
        bring_up_to_date(&write).await?;
        let reading = options
            .options([("statement_timeout", READ_LIMIT), ("default_transaction_read_only", "on")]);
        let read = pool().connect_with(reading).await.map_err(explain)?;
        Ok(Self { write, read })
    }

    /// Begins a write.
    pub async fn begin(&self) -> StoreResult<Transaction<'static, Postgres>> {
        self.write.begin().await.map_err(failed)
    }

    /// Returns a connection that reads.
    pub async fn reader(&self) -> StoreResult<PoolConnection<Postgres>> {
        self.read.acquire().await.map_err(failed)
    }

    /// Lets go of the server, after what is running has ended.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

fn pool() -> PgPoolOptions {
    PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(ACQUIRE)
}

async fn check_age(pool: &PgPool) -> Result<(), OpenError> {
    let row = sqlx::query("SELECT CAST(CURRENT_SETTING('server_version_num') AS INTEGER)")
        .fetch_one(pool)
        .await
        .map_err(explain)?;
    let version: i32 = row.try_get(0).map_err(explain)?;
    if version < OLDEST { Err(OpenError::ServerTooOld) } else { Ok(()) }
}

/// Runs the migrations that are missing. A role that may only read and write rows is enough where
/// none is.
async fn bring_up_to_date(pool: &PgPool) -> Result<(), OpenError> {
    match MIGRATIONS.run(pool).await {
        Ok(()) => Ok(()),
        Err(MigrateError::VersionMissing(_) | MigrateError::VersionMismatch(_)) => {
            Err(OpenError::TooNew)
        }
        Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => {
            Err(explain(error))
        }
        Err(error) => Err(OpenError::Failed(Box::new(error))),
    }
}

/// Returns what a failure of the server means to a person.
fn explain(error: sqlx::Error) -> OpenError {
    let code = match &error {
        sqlx::Error::Database(database) => database.code().map(|code| code.into_owned()),
        _ => None,
    };
    match (code.as_deref(), &error) {
        (Some("28P01" | "28000"), _) => OpenError::WrongCredentials,
        (Some("3D000"), _) => OpenError::DatabaseMissing,
        (Some("42501"), _) => OpenError::MayNotMigrate,
        (None, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::Tls(_)) => {
            OpenError::Unreachable(Box::new(error))
        }
        _ => OpenError::Failed(Box::new(error)),
    }
}
