//! Two databases behind one kind of connection, statement and row.
//!
//! Statements are written once, in the SQL that both understand (`$1` for bound values, amounts as
//! whole numbers, everything else as text). What only one of them can say is asked of [`Dialect`].

mod failure;
mod group;
mod postgres;
mod readers;
pub mod row;
mod schema;
mod sqlite;
mod statement;

pub use postgres::calling;
pub use row::Row;
pub use sqlite::file;
pub use statement::{Bind, Sql, query};

use crate::{Addresses, OpenError, Opening};
use domain::ids::TenantId;
use failure::failed;
use ports::store::{Connections, StoreResult};
use postgres::{FreeRead, PostgresRead, READ_PATIENCE, WRITE_PATIENCE, answered};
use sqlx::{PgConnection, Pool, SqliteConnection, Transaction};
use std::{
    fmt,
    ops::{Deref, DerefMut},
    time::Duration,
};
use tokio::sync::OwnedSemaphorePermit;

/// The SQL that only one of the databases understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// One writer at a time, so that nothing need be locked.
    Sqlite,
    /// Many writers.
    Postgres,
}

impl Dialect {
    /// Returns what makes the selected rows of a table ours until the commit; rows that another
    /// process holds are passed over.
    pub const fn skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR NO KEY UPDATE SKIP LOCKED",
        }
    }

    /// Returns one more column of a selection, after which the write sees only the tenant of a column.
    pub fn seeing_only(self, tenant: &str) -> String {
        match self {
            Self::Sqlite => String::new(),
            Self::Postgres => format!(", SET_CONFIG('billhook.tenant', {tenant}, true)"),
        }
    }

    /// Returns what makes the selected rows of these tables ours until the commit, once others have
    /// let go of them; taken in this order, the one of the tables in the statement.
    pub fn locked(self, tables: &[&str]) -> String {
        match self {
            Self::Sqlite => String::new(),
            Self::Postgres => format!(" FOR NO KEY UPDATE OF {}", tables.join(", ")),
        }
    }

    /// Returns the Monday of the week of a column that holds a date.
    pub fn monday(self, column: &str) -> String {
        match self {
            // On to Sunday, then back to its Monday.
            Self::Sqlite => format!("DATE({column}, 'weekday 0', '-6 days')"),
            Self::Postgres => {
                format!("TO_CHAR(DATE_TRUNC('week', CAST({column} AS DATE)), 'YYYY-MM-DD')")
            }
        }
    }
}

/// Whose rows a transaction sees. On PostgreSQL the row policies hold every user to it who does not
/// own the tables; on SQLite, and for the owner, the conditions of the statements alone do.
#[derive(Debug, Clone, Copy)]
pub enum Reach {
    /// Those of one tenant.
    Tenant(TenantId),
    /// All: for what hands out work, takes messages in, or looks after the whole.
    Everyone,
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tenant(id) => id.fmt(f),
            Self::Everyone => f.write_str("everyone"),
        }
    }
}

/// The pools of one database.
pub enum Engine {
    /// A file, or memory.
    Sqlite(sqlite::Pools),
    /// A server.
    Postgres(postgres::Pools),
}

impl Engine {
    /// Opens the database of a URL and brings its schema up to date.
    pub async fn open(url: &str, opening: &Opening<'_>) -> Result<Self, OpenError> {
        if postgres::is_address(url) {
            return postgres::Pools::open(url, opening).await.map(Self::Postgres);
        }
        sqlite::Pools::open(url).await.map(Self::Sqlite)
    }

    /// Brings a schema up to date, and on a server gives users their rights.
    pub async fn migrate(addresses: Addresses<'_>) -> Result<(), OpenError> {
        if postgres::is_address(addresses.rows) {
            return postgres::migrate(addresses).await;
        }
        sqlite::Pools::open(addresses.rows).await?.close().await;
        Ok(())
    }

    /// Opens a database that is there already, as [`open`](Self::open) does.
    pub async fn open_existing(url: &str) -> Result<Self, OpenError> {
        match sqlite::missing(url) {
            Some(path) => Err(OpenError::Missing(path)),
            None => Self::open(url, &Opening::default()).await,
        }
    }

    /// Returns whether no other process can use the database.
    pub const fn is_alone(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// Returns whether a process has connections for wake-ups.
    pub async fn is_served(&self) -> StoreResult<bool> {
        match self {
            Self::Sqlite(_) => Ok(false),
            Self::Postgres(pools) => pools.is_served().await,
        }
    }

    /// Begins a write.
    pub async fn begin(&self, reach: Reach) -> StoreResult<Write> {
        let room = match self {
            Self::Sqlite(_) => None,
            Self::Postgres(pools) => Some(pools.room().await?),
        };
        let write = self.begin_taking_in(reach).await?;
        Ok(Write { room, ..write })
    }

    /// Begins a write that takes messages in; it never waits until all others have ended.
    pub async fn begin_taking_in(&self, reach: Reach) -> StoreResult<Write> {
        let kind = match self {
            Self::Sqlite(pools) => Kind::SqliteWrite(pools.begin().await?),
            Self::Postgres(pools) => Kind::Postgres(pools.begin(reach).await?),
        };
        Ok(Write { connection: Connection(kind), room: None })
    }

    /// Begins a read, which is interrupted when it takes too long.
    pub async fn reader(&self, reach: Reach) -> StoreResult<Connection> {
        Ok(Connection(match self {
            Self::Sqlite(pools) => Kind::SqliteRead(pools.reader().await?),
            Self::Postgres(pools) => match pools.reader(reach).await? {
                PostgresRead::Bound(read) => Kind::Postgres(read),
                PostgresRead::Free(read) => Kind::PostgresRead(read),
            },
        }))
    }

    /// Begins a read of one state of the whole database, which may take as long as it needs.
    pub async fn snapshot(&self) -> StoreResult<Connection> {
        Ok(Connection(match self {
            Self::Sqlite(pools) => Kind::SqliteWrite(pools.snapshot().await?),
            Self::Postgres(pools) => Kind::PostgresLong(pools.snapshot().await?),
        }))
    }

    /// Begins a write that may take as long as it needs.
    pub async fn begin_long(&self) -> StoreResult<Write> {
        let mut write = self.begin(Reach::Everyone).await?;
        if write.dialect() == Dialect::Postgres {
            query(postgres::WITHOUT_LIMITS).fetch_all(&mut write).await?;
        }
        write.connection.0 = match write.connection.0 {
            Kind::Postgres(transaction) => Kind::PostgresLong(transaction),
            other => other,
        };
        Ok(write)
    }

    /// Returns the connections, by purpose.
    pub fn connections(&self) -> Vec<Connections> {
        match self {
            Self::Sqlite(pools) => pools.connections(),
            Self::Postgres(pools) => pools.connections(),
        }
    }

    /// Has the database itself forget what was deleted; a server does that when it vacuums.
    pub async fn tidy(&self) -> StoreResult<()> {
        match self {
            Self::Sqlite(pools) => pools.tidy().await,
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Lets go of the database, after what is running has ended.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(pools) => pools.close().await,
            Self::Postgres(pools) => pools.close().await,
        }
    }
}

/// Returns how many connections of a pool are open, idle and allowed.
fn connections<D: sqlx::Database>(purpose: &'static str, pool: &Pool<D>) -> Connections {
    let open = pool.size();
    // Counted one after the other, while connections come and go.
    let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX).min(open);
    Connections { purpose, open, idle, most: pool.options().get_max_connections() }
}

/// A connection to either database.
pub struct Connection(Kind);

enum Kind {
    SqliteRead(sqlite::SqliteRead),
    SqliteWrite(sqlite::SqliteWrite),
    PostgresRead(FreeRead),
    Postgres(Transaction<'static, sqlx::Postgres>),
    /// One that may take as long as it needs.
    PostgresLong(Transaction<'static, sqlx::Postgres>),
}

/// The connection underneath; that to a server with how long its answer is waited for.
enum Raw<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection, Duration),
}

impl Connection {
    /// Returns which SQL it understands.
    pub const fn dialect(&self) -> Dialect {
        match &self.0 {
            Kind::SqliteRead(_) | Kind::SqliteWrite(_) => Dialect::Sqlite,
            Kind::Postgres(_) | Kind::PostgresLong(_) | Kind::PostgresRead(_) => Dialect::Postgres,
        }
    }

    /// Returns the connection underneath for one statement.
    fn raw(&mut self) -> StoreResult<Raw<'_>> {
        Ok(match &mut self.0 {
            Kind::SqliteRead(read) => Raw::Sqlite(read.connection()?),
            Kind::SqliteWrite(write) => Raw::Sqlite(write.connection()),
            Kind::PostgresRead(read) => Raw::Postgres(read.connection(), READ_PATIENCE),
            Kind::Postgres(transaction) => Raw::Postgres(transaction, WRITE_PATIENCE),
            Kind::PostgresLong(transaction) => Raw::Postgres(transaction, Duration::MAX),
        })
    }

    /// Returns whether a statement may have to be run on another connection.
    const fn can_be_replaced(&self) -> bool {
        matches!(&self.0, Kind::PostgresRead(_))
    }

    /// Takes note of how a statement has ended: it was not given up in the middle. Returns whether it
    /// is to be run once more, on another connection, since the server had left this one.
    async fn ended<T>(&mut self, with: &Result<T, sqlx::Error>) -> StoreResult<bool> {
        match (&mut self.0, with) {
            (Kind::SqliteRead(read), _) => read.rest(),
            (Kind::PostgresRead(read), Err(error)) => return read.replaced(error).await,
            _ => {}
        }
        Ok(false)
    }
}

/// A write in progress; undone unless it is committed.
pub struct Write {
    connection: Connection,
    /// Held until the end, if it is no write of a message that comes in.
    room: Option<OwnedSemaphorePermit>,
}

/// What a write must have for itself until its commit, because what it writes depends on what it
/// reads there. On SQLite every write has everything.
#[derive(Debug, Clone, Copy)]
pub enum Hold<'a> {
    /// A tenant's numbers and audit trail. From then on nobody else's rows are seen.
    Tenant(TenantId),
    /// The order of what is said in a conversation.
    Conversation(&'a str),
    /// What has been spent on models.
    Spending,
}

/// The key of the lock on what has been spent; any number that no other lock has.
const SPENDING: i64 = 0x6269_6c6c;
/// Holds a tenant and sees nobody else from then on.
const TENANT_ALONE: &str = "SELECT id, SET_CONFIG('billhook.tenant', id, true) FROM tenants \
     WHERE id = $1 FOR NO KEY UPDATE";

impl Write {
    /// Waits for something and holds it until the commit. Always in the order job, tenant,
    /// conversation, so that no two writes wait for each other.
    pub async fn hold(&mut self, what: Hold<'_>) -> StoreResult<()> {
        if self.dialect() == Dialect::Sqlite {
            return Ok(());
        }
        let statement = match what {
            Hold::Tenant(id) => query(TENANT_ALONE).bind(id.to_string()),
            Hold::Conversation(id) => {
                query("SELECT id FROM conversations WHERE id = $1 FOR NO KEY UPDATE").bind(id)
            }
            Hold::Spending => query("SELECT PG_ADVISORY_XACT_LOCK($1)").bind(SPENDING),
        };
        statement.fetch_all(self).await.map(|_| ())
    }

    /// Makes what was written last.
    pub async fn commit(self) -> StoreResult<()> {
        let Self { connection, room: _room } = self;
        match connection.0 {
            Kind::SqliteWrite(write) => write.commit().await,
            Kind::Postgres(write) | Kind::PostgresLong(write) => {
                answered(WRITE_PATIENCE, write.commit()).await.map_err(failed)
            }
            Kind::SqliteRead(_) | Kind::PostgresRead(_) => Ok(()),
        }
    }
}

impl Deref for Write {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}
