//! The database server: many processes, each with a few connections.
//!
//! Writes run in transactions of their own; whoever needs a row to stay as it is locks it. Reads
//! have connections of their own, which cannot write and are cut off when they take too long.

mod rights;
mod schema;
mod silence;

pub use silence::answered;

use super::{Reach, failed};
use crate::{Addresses, OpenError, Opening};
use ports::store::{Connections, StoreResult};
use rights::Rights;
use silence::Silence;
use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, PgPool, Postgres, SqlSafeStr as _, Transaction,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{str::FromStr, sync::Arc, time::Duration};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a caller waits for a free connection.
const ACQUIRE: Duration = Duration::from_secs(10);
/// How long is waited for the reason of a failure.
const WHY: Duration = Duration::from_secs(2);
/// How long a read, a write and a wait for a lock may take, and a transaction may lie idle, in
/// milliseconds.
const READ_LIMIT: &str = "3000";
const WRITE_LIMIT: &str = "30000";
const LOCK_LIMIT: &str = "5000";
const IDLE_LIMIT: &str = "30000";
/// How long the answer of a read and of a write is waited for: a little longer than the server gives them.
pub const READ_PATIENCE: Duration = Duration::from_secs(8);
pub const WRITE_PATIENCE: Duration = Duration::from_secs(35);
/// How many different statements a connection keeps ready.
const STATEMENTS: usize = 256;

/// The name under which the server knows connections for wake-ups.
const CALLS: &str = "billhook wake-ups";

/// Takes the limits on time off a transaction.
pub const WITHOUT_LIMITS: &str = "SELECT SET_CONFIG('statement_timeout', '0', true), \
     SET_CONFIG('idle_in_transaction_session_timeout', '0', true)";

/// Returns whether a URL is that of a server.
pub fn is_address(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

/// The connections to one server.
pub struct Pools {
    write: PgPool,
    read: PgPool,
    /// What writes other than those of messages that come in take first: one connection is left to
    /// these, however slowly the server commits what the others have written.
    room: Arc<Semaphore>,
    silence: Silence,
    /// Whether the row policies hold whoever reads to what a transaction may see.
    are_reads_bound: bool,
}

/// A connection that reads.
pub enum PostgresRead {
    /// In a transaction, which says whose rows it sees.
    Bound(Transaction<'static, Postgres>),
    /// Of the owner of the tables, whom no policy binds.
    Free(FreeRead),
}

/// A connection that reads without a transaction: every statement stands for itself, as it does in one
/// that reads what is committed, and costs one message to the server instead of three.
pub struct FreeRead {
    pool: PgPool,
    connection: PoolConnection<Postgres>,
    /// How many more connections may turn out to be cut off.
    others: u32,
}

impl FreeRead {
    async fn of(pool: &PgPool) -> StoreResult<Self> {
        let connection = pool.acquire().await.map_err(failed)?;
        Ok(Self { pool: pool.clone(), connection, others: pool.size() })
    }

    /// Returns the connection.
    pub fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// Takes another connection if a failure says that the server has ended this one, and returns
    /// whether it did.
    pub async fn replaced(&mut self, error: &sqlx::Error) -> StoreResult<bool> {
        if self.others == 0 || !is_cut_off(error) {
            return Ok(false);
        }
        self.others = self.others.saturating_sub(1);
        self.connection = self.pool.acquire().await.map_err(failed)?;
        Ok(true)
    }
}

impl Pools {
    /// Connects to the server of a URL, and for reads to that of another where there is one.
    pub async fn open(url: &str, opening: &Opening<'_>) -> Result<Self, OpenError> {
        let (queries, most) = (opening.queries, opening.connections);
        let (options, silence) = (options(url)?, Silence::default());
        let reading = queries.map_or(Ok(options.clone()), self::options)?;
        // What writes finds its rows by an index. A plan that was made while a table was small would look
        // through all of it once it has grown, until the server has counted its rows again.
        let writing =
            options.options([("statement_timeout", WRITE_LIMIT), ("enable_seqscan", "off")]);
        let write = match silence.watch(pool(most)).connect_with(writing.clone()).await {
            Ok(write) => write,
            Err(error) => return Err(explain(why(error, &writing).await)),
        };
        schema::ready(&write).await?;
        rights::check(&write, Rights::Rows).await?;
        let reading = reading
            .options([("statement_timeout", READ_LIMIT), ("default_transaction_read_only", "on")]);
        let setting = if queries.is_some() { "DATABASE_QUERY_URL" } else { "DATABASE_URL" };
        let read = silence.watch(pool(most)).connect_with(reading).await;
        let read = read.map_err(|error| explain(error).of(setting))?;
        if queries.is_some() {
            schema::same(&write, &read).await?;
            rights::check(&read, Rights::Queries).await?;
        }
        let are_reads_bound = rights::are_bound(&read).await?;
        let room = usize::try_from(most.saturating_sub(1).max(1)).unwrap_or(1);
        let room = Arc::new(Semaphore::new(room));
        Ok(Self { write, read, room, silence, are_reads_bound })
    }

    /// Returns whether a process has connections for wake-ups to this database.
    pub async fn is_served(&self) -> StoreResult<bool> {
        let calls = "SELECT EXISTS (SELECT 1 FROM pg_stat_activity \
                     WHERE datname = CURRENT_DATABASE() AND application_name = $1)";
        sqlx::query_scalar(calls).bind(CALLS).fetch_one(&self.read).await.map_err(failed)
    }

    /// Waits until there is room for a write beside those of messages that come in.
    pub async fn room(&self) -> StoreResult<OwnedSemaphorePermit> {
        let room = tokio::time::timeout(ACQUIRE, Arc::clone(&self.room).acquire_owned()).await;
        room.ok().and_then(Result::ok).ok_or_else(|| failed(sqlx::Error::PoolTimedOut))
    }

    /// Begins a write.
    pub async fn begin(&self, reach: Reach) -> StoreResult<Transaction<'static, Postgres>> {
        // One message to the server, as a plain beginning is.
        let begin = format!("BEGIN; SET LOCAL billhook.tenant = '{reach}'");
        self.begin_on(&self.write, begin).await
    }

    /// Begins a read.
    pub async fn reader(&self, reach: Reach) -> StoreResult<PostgresRead> {
        if !self.are_reads_bound {
            return FreeRead::of(&self.read).await.map(PostgresRead::Free);
        }
        let begin = format!("BEGIN READ ONLY; SET LOCAL billhook.tenant = '{reach}'");
        self.begin_on(&self.read, begin).await.map(PostgresRead::Bound)
    }

    /// Begins a transaction. Connections are not tried before they are used, which would be one more
    /// message to the server each time; of those that a restarted server has left behind, another one
    /// is taken.
    async fn begin_on(
        &self,
        pool: &PgPool,
        begin: String,
    ) -> StoreResult<Transaction<'static, Postgres>> {
        let mut others = pool.size();
        loop {
            let connection = pool.acquire().await.map_err(failed)?;
            let begin = AssertSqlSafe(begin.clone()).into_sql_str();
            match self.silence.at_once(Transaction::begin(connection, Some(begin))).await {
                Err(error) if others > 0 && is_cut_off(&error) => others = others.saturating_sub(1),
                begun => return begun.map_err(failed),
            }
        }
    }

    /// Begins a read of one state of everything, without a limit on its time.
    pub async fn snapshot(&self) -> StoreResult<Transaction<'static, Postgres>> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; \
                     SET LOCAL billhook.tenant = 'everyone'";
        let mut read = self.read.begin_with(begin).await.map_err(failed)?;
        sqlx::query(WITHOUT_LIMITS).execute(&mut *read).await.map_err(failed)?;
        Ok(read)
    }

    /// Returns the connections, by purpose.
    pub fn connections(&self) -> Vec<Connections> {
        vec![super::connections("write", &self.write), super::connections("read", &self.read)]
    }

    /// Lets go of the server, after what is running has ended.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

/// Returns whether a failure says that the server has ended the connection.
fn is_cut_off(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        // What it says when it is shut down, and when it has crashed.
        sqlx::Error::Database(database) => {
            matches!(database.code().as_deref(), Some("57P01" | "57P02"))
        }
        _ => false,
    }
}

/// Returns the connections of wake-ups: one that listens and one that tells, made when needed.
pub fn calling(url: &str) -> Result<PgPool, OpenError> {
    let options = PgConnectOptions::from_str(url).map_err(|_| OpenError::BadServerUrl)?;
    let options = options.application_name(CALLS);
    let pool = PgPoolOptions::new().max_connections(2).acquire_timeout(ACQUIRE);
    Ok(pool.max_lifetime(None).connect_lazy_with(options))
}

fn pool(most: u32) -> PgPoolOptions {
    PgPoolOptions::new().max_connections(most).acquire_timeout(ACQUIRE).test_before_acquire(false)
}

/// Returns how to reach the server of a URL, with the limits that every statement has.
fn options(url: &str) -> Result<PgConnectOptions, OpenError> {
    let options = PgConnectOptions::from_str(url).map_err(|_| OpenError::BadServerUrl)?;
    let options = options.statement_cache_capacity(STATEMENTS);
    Ok(options.application_name("billhook").options([
        ("lock_timeout", LOCK_LIMIT),
        ("idle_in_transaction_session_timeout", IDLE_LIMIT),
    ]))
}

/// Brings the schema up to date as its owner, without a limit on the time that takes, and gives the
/// other users their rights.
pub async fn migrate(addresses: Addresses<'_>) -> Result<(), OpenError> {
    let owning = options(addresses.owner.unwrap_or(addresses.rows))?;
    let owner = owning.get_username().to_owned();
    let setting = addresses.owner.map_or("DATABASE_URL", |_| "DATABASE_MIGRATION_URL");
    let opened = pool(2).connect_with(owning).await;
    let pool = opened.map_err(|error| explain(error).of(setting))?;
    schema::bring_up_to_date(&pool).await.map_err(|error| match error {
        OpenError::MayNotMigrate if addresses.owner.is_some() => OpenError::MayMakeNoTables,
        error => error,
    })?;
    let users = [(Some(addresses.rows), Rights::Rows), (addresses.queries, Rights::Queries)];
    for (url, rights) in users.into_iter().filter_map(|(url, rights)| Some((url?, rights))) {
        let user = options(url)?.get_username().to_owned();
        if user != owner {
            rights::give(&pool, &user, rights).await?;
        }
    }
    pool.close().await;
    Ok(())
}

/// Returns why there is no connection: a pool has tried in vain for a while, as a server that is only
/// starting needs, and does not say what it met.
async fn why(error: sqlx::Error, options: &PgConnectOptions) -> sqlx::Error {
    if !matches!(error, sqlx::Error::PoolTimedOut) {
        return error;
    }
    match tokio::time::timeout(WHY, PgConnection::connect_with(options)).await {
        Ok(Err(why)) => why,
        Ok(Ok(_)) | Err(_) => error,
    }
}

/// Returns what a failure of the server means to a person.
fn explain(error: sqlx::Error) -> OpenError {
    let code = match &error {
        sqlx::Error::Database(database) => database.code().map(|code| code.into_owned()),
        _ => None,
    };
    match (code.as_deref(), &error) {
        (Some("28P01" | "28000"), _) => OpenError::WrongCredentials("DATABASE_URL"),
        (Some("3D000"), _) => OpenError::DatabaseMissing,
        (Some("42501" | "42P01"), _) => OpenError::MissingRights,
        (Some("42704"), _) => OpenError::NoSuchUser,
        (Some("42P07" | "42710"), _) => OpenError::OtherTables,
        (Some("53100"), _) => OpenError::DiskFull,
        (None, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::Tls(_)) => {
            OpenError::Unreachable(Box::new(error))
        }
        _ => OpenError::Failed(Box::new(error)),
    }
}
