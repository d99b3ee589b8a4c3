//! Everything in SQL: messages, jobs, replies, invoices, the audit trail and what models said.
//!
//! `engine` is the two databases behind one kind of connection; `tables` is what is kept, a file
//! for each port; `breath` keeps transactions of a kind apart; `query` turns a plan into a
//! statement; `adhoc` runs statements of others; `audit` and `copy` look at and carry over the
//! whole. Nothing here makes a network call besides the database, or decides what to write.

mod adhoc;
mod audit;
mod breath;
mod codec;
mod copy;
mod engine;
mod open_error;
mod query;
mod tables;
mod wake;

pub use adhoc::probe;
pub use audit::Finding;
pub use breath::Breath;
pub use copy::{Copied, CopyError, copy};
pub use open_error::OpenError;
pub use wake::{Calls, calls};

use domain::ids::TenantId;
use engine::{Connection, Engine, Reach, Write};
use ports::{
    clock::Clock,
    store::{StoreError, StoreResult},
};
use std::{path::PathBuf, sync::Arc, time::Duration};
use tables::Lines;

/// How long whoever hands in a message waits for a connection. A provider sends a message that was
/// refused again; one that waits too long for an answer it takes for lost.
const SOON: Duration = Duration::from_millis(1_800);

/// An open database.
pub struct Database {
    engine: Engine,
    clock: Arc<dyn Clock>,
    lines: Lines,
    kept: adhoc::Kept,
}

impl Database {
    fn of(engine: Engine, clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self { engine, clock, lines: Lines::default(), kept: adhoc::Kept::default() })
    }

    /// Lets go of the database, after what is running has ended.
    pub async fn close(&self) {
        self.engine.close().await;
    }

    /// Returns whether a process that serves has it open: its connections for wake-ups tell. Without them,
    /// where Redis carries wake-ups, and of a file, which is locked, nothing is known.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database is away.
    pub async fn is_served(&self) -> StoreResult<bool> {
        self.engine.is_served().await
    }

    /// Begins a write of one tenant's book.
    async fn begin_for(&self, tenant: TenantId) -> StoreResult<Write> {
        self.engine.begin(Reach::Tenant(tenant)).await
    }

    /// Begins a write that takes in, hands out or sends messages, whoever they belong to.
    async fn begin_for_everyone(&self) -> StoreResult<Write> {
        self.engine.begin(Reach::Everyone).await
    }

    /// Begins a read of one tenant's book.
    async fn reader_for(&self, tenant: TenantId) -> StoreResult<Connection> {
        self.engine.reader(Reach::Tenant(tenant)).await
    }

    /// Begins a read of what does not belong to a tenant, or is not known yet to whom.
    async fn reader_for_everyone(&self) -> StoreResult<Connection> {
        self.engine.reader(Reach::Everyone).await
    }

    /// Begins a write of messages that come in for somebody who rather hears soon that there is no
    /// connection.
    async fn begin_soon(&self) -> StoreResult<Write> {
        soon(self.engine.begin_taking_in(Reach::Everyone)).await
    }

    /// Returns a connection that reads, or soon says that there is none.
    async fn reader_soon(&self) -> StoreResult<Connection> {
        soon(self.reader_for_everyone()).await
    }

    /// Returns the instant as it is stored.
    fn now(&self) -> i64 {
        self.clock.now().as_millisecond()
    }

    /// Returns a new identifier as it is stored.
    fn new_id(&self) -> String {
        self.clock.new_id().to_string()
    }
}

/// How often a write is made again that was in the way of another one.
const MAX_COLLISIONS: u32 = 5;
/// How long the first of these waits for the other one to get on.
const ASIDE: Duration = Duration::from_millis(5);

/// Makes a write, and makes it again where it was in the way of another one and the database has
/// ended it: nothing of it was kept, and nobody need hear of it.
async fn until_it_stands<T, F>(write: impl Fn() -> F) -> StoreResult<T>
where
    F: Future<Output = StoreResult<T>>,
{
    let mut tries = 0_u32;
    loop {
        match write().await {
            Err(StoreError::Conflict) if tries < MAX_COLLISIONS => {
                tries = tries.saturating_add(1);
                tokio::time::sleep(ASIDE.saturating_mul(tries)).await;
            }
            result => return result,
        }
    }
}

/// Waits for a connection or a short answer, but not long.
async fn soon<T>(connecting: impl Future<Output = StoreResult<T>>) -> StoreResult<T> {
    let connected = tokio::time::timeout(SOON, connecting).await;
    connected.unwrap_or_else(|_| Err(StoreError::Unavailable("no connection is free".into())))
}

/// Who may do what: the addresses of one database as its users reach it.
#[derive(Debug, Clone, Copy)]
pub struct Addresses<'a> {
    /// Reads and writes rows.
    pub rows: &'a str,
    /// Only reads; the same user as above where there is no other one.
    pub queries: Option<&'a str>,
    /// Owns the tables and changes them; the first one where there is no other.
    pub owner: Option<&'a str>,
}

impl<'a> Addresses<'a> {
    /// Returns the addresses of a database that one user does everything with.
    #[must_use]
    pub const fn one(url: &'a str) -> Self {
        Self { rows: url, queries: None, owner: None }
    }
}

/// Opens the database of a URL (`sqlite://path`, `sqlite::memory:` or
/// `postgres://user:password@host/name`), made and brought up to date if needed.
///
/// # Errors
///
/// [`OpenError`], one sentence that says what to do.
pub async fn open(url: &str, clock: Arc<dyn Clock>) -> Result<Arc<Database>, OpenError> {
    open_as(url, &Opening::default(), clock).await
}

/// How a process uses a database on a server; a file has neither.
#[derive(Debug, Clone, Copy)]
pub struct Opening<'a> {
    /// The address for reads, by a user of their own; nothing if they share that of writes.
    pub queries: Option<&'a str>,
    /// The most connections that write, and the most that read; two more hear and ring.
    pub connections: u32,
}

impl Opening<'_> {
    /// Enough connections for one process on a few processors.
    pub const CONNECTIONS: u32 = 10;
}

impl Default for Opening<'_> {
    fn default() -> Self {
        Self { queries: None, connections: Self::CONNECTIONS }
    }
}

/// Opens a database as [`open`] does, for a use that is told.
///
/// # Errors
///
/// [`OpenError`], one sentence that says what to do.
pub async fn open_as(
    url: &str,
    opening: &Opening<'_>,
    clock: Arc<dyn Clock>,
) -> Result<Arc<Database>, OpenError> {
    Ok(Database::of(Engine::open(url, opening).await?, clock))
}

/// Opens a database that is there already, as [`open`] does; makes none.
///
/// # Errors
///
/// [`OpenError`], one sentence that says what to do.
pub async fn open_existing(url: &str, clock: Arc<dyn Clock>) -> Result<Arc<Database>, OpenError> {
    Ok(Database::of(Engine::open_existing(url).await?, clock))
}

/// Returns the file of a database that is in one.
#[must_use]
pub fn file(url: &str) -> Option<PathBuf> {
    engine::file(url)
}

/// Brings the schema of a database up to date as its owner, and gives the other users their rights;
/// a second run changes nothing.
///
/// # Errors
///
/// As [`open`].
pub async fn migrate(addresses: Addresses<'_>) -> Result<(), OpenError> {
    Engine::migrate(addresses).await
}
