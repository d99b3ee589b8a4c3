//! Two databases behind one kind of connection, statement and row.
//!
//! Statements are written once, in the SQL that both understand (`$1` for bound values, amounts as
//! whole numbers, everything else as text). What only one of them can say is asked of [`Dialect`].

mod failure;
mod postgres;
pub mod row;
mod sqlite;
mod statement;

pub use row::Row;
pub use statement::{Bind, Sql, query};

use crate::OpenError;
use domain::ids::{JobId, TenantId};
use failure::failed;
use ports::store::StoreResult;
use sqlx::{PgConnection, SqliteConnection, Transaction, pool::PoolConnection};
use std::ops::{Deref, DerefMut};

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

/// The pools of one database.
pub enum Engine {
    /// A file, or memory.
    Sqlite(sqlite::Pools),
    /// A server.
    Postgres(postgres::Pools),
}

impl Engine {
    /// Opens the database of a URL and brings its schema up to date.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        if postgres::is_address(url) {
            return postgres::Pools::open(url).await.map(Self::Postgres);
        }
        sqlite::Pools::open(url).await.map(Self::Sqlite)
    }

    /// Returns whether no other process can use the database.
    pub const fn is_alone(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// Begins a write.
    pub async fn begin(&self) -> StoreResult<Write> {
        let kind = match self {
            Self::Sqlite(pools) => Kind::SqliteWrite(pools.begin().await?),
            Self::Postgres(pools) => Kind::PostgresWrite(pools.begin().await?),
        };
        Ok(Write(Connection(kind)))
    }

    /// Returns a connection that reads, and is interrupted when that takes too long.
    pub async fn reader(&self) -> StoreResult<Connection> {
        Ok(Connection(match self {
            Self::Sqlite(pools) => Kind::SqliteRead(pools.reader().await?),
            Self::Postgres(pools) => Kind::PostgresRead(pools.reader().await?),
        }))
    }

    /// Lets go of the database, after what is running has ended.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(pools) => pools.close().await,
            Self::Postgres(pools) => pools.close().await,
        }
    }
}

/// A connection to either database.
pub struct Connection(Kind);

enum Kind {
    SqliteRead(PoolConnection<sqlx::Sqlite>),
    SqliteWrite(Transaction<'static, sqlx::Sqlite>),
    PostgresRead(PoolConnection<sqlx::Postgres>),
    PostgresWrite(Transaction<'static, sqlx::Postgres>),
}

/// The connection underneath.
enum Raw<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

impl Connection {
    /// Returns which SQL it understands.
    pub const fn dialect(&self) -> Dialect {
        match &self.0 {
            Kind::SqliteRead(_) | Kind::SqliteWrite(_) => Dialect::Sqlite,
            Kind::PostgresRead(_) | Kind::PostgresWrite(_) => Dialect::Postgres,
        }
    }

    fn raw(&mut self) -> Raw<'_> {
        match &mut self.0 {
            Kind::SqliteRead(read) => Raw::Sqlite(read),
            Kind::SqliteWrite(write) => Raw::Sqlite(write),
            Kind::PostgresRead(read) => Raw::Postgres(read),
            Kind::PostgresWrite(write) => Raw::Postgres(write),
        }
    }
}

/// A write in progress; undone unless it is committed.
pub struct Write(Connection);

/// What a write must have for itself until its commit, because what it writes depends on what it
/// reads there. On SQLite every write has everything.
#[derive(Debug, Clone, Copy)]
pub enum Hold<'a> {
    /// A tenant's numbers and audit trail.
    Tenant(TenantId),
    /// The order of what is said in a conversation.
    Conversation(&'a str),
    /// A job and its lease.
    Job(JobId),
    /// What has been spent on models.
    Spending,
}

/// The key of the lock on what has been spent; any number that no other lock has.
const SPENDING: i64 = 0x6269_6c6c;

impl Write {
    /// Waits for something and holds it until the commit. Always in the order job, tenant,
    /// conversation, so that no two writes wait for each other.
    pub async fn hold(&mut self, what: Hold<'_>) -> StoreResult<()> {
        if self.dialect() == Dialect::Sqlite {
            return Ok(());
        }
        let statement =
            match what {
                Hold::Tenant(id) => query("SELECT id FROM tenants WHERE id = $1 FOR NO KEY UPDATE")
                    .bind(id.to_string()),
                Hold::Conversation(id) => {
                    query("SELECT id FROM conversations WHERE id = $1 FOR NO KEY UPDATE").bind(id)
                }
                Hold::Job(id) => query("SELECT id FROM jobs WHERE id = $1 FOR NO KEY UPDATE")
                    .bind(id.to_string()),
                Hold::Spending => query("SELECT PG_ADVISORY_XACT_LOCK($1)").bind(SPENDING),
            };
        statement.fetch_all(self).await.map(|_| ())
    }

    /// Makes what was written last.
    pub async fn commit(self) -> StoreResult<()> {
        match self.0.0 {
            Kind::SqliteWrite(write) => write.commit().await.map_err(failed),
            Kind::PostgresWrite(write) => write.commit().await.map_err(failed),
            Kind::SqliteRead(_) | Kind::PostgresRead(_) => Ok(()),
        }
    }
}

impl Deref for Write {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.0
    }
}
