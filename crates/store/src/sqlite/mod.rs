//! The embedded database: one file, one connection that writes, a few that read.
//!
//! Every write is a `BEGIN IMMEDIATE` transaction on the one write connection, so that writers
//! wait their turn instead of failing. An acknowledged write is on the disk (`synchronous=FULL`).

mod accounts;
mod answers;
mod changes;
mod events;
mod failure;
mod figures;
mod inbox;
mod invoices;
mod ledger;
mod numbering;
mod open;
mod outbox;
mod queue;
mod replies;
mod row;
mod senders;
mod spending;
mod vendor_memory;

use failure::failed;
use ports::{clock::Clock, store::StoreResult};
use sqlx::{SqliteConnection, SqlitePool, Transaction, pool::PoolConnection, sqlite::SqliteRow};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// How long one read may take.
const READ_LIMIT: Duration = Duration::from_secs(3);
/// How many steps of SQLite's machine lie between two looks at the time.
const STEPS_BETWEEN_LOOKS: i32 = 10_000;

/// A write in progress; undone unless it is committed.
type Write = Transaction<'static, sqlx::Sqlite>;

/// The database in one SQLite file.
pub struct Sqlite {
    write: SqlitePool,
    read: SqlitePool,
    clock: Arc<dyn Clock>,
    /// Whether reads use the write connection: a database in memory has only one.
    is_shared: bool,
}

impl Sqlite {
    /// Lets go of the file, after what is running has ended.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }

    /// Begins a write.
    async fn begin(&self) -> StoreResult<Write> {
        let mut write = self.write.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        if self.is_shared {
            write.lock_handle().await.map_err(failed)?.remove_progress_handler();
        }
        Ok(write)
    }

    /// Returns a connection that reads and is interrupted after [`READ_LIMIT`].
    async fn reader(&self) -> StoreResult<PoolConnection<sqlx::Sqlite>> {
        let mut reader = self.read.acquire().await.map_err(failed)?;
        let begun = Instant::now();
        reader
            .lock_handle()
            .await
            .map_err(failed)?
            .set_progress_handler(STEPS_BETWEEN_LOOKS, move || begun.elapsed() < READ_LIMIT);
        Ok(reader)
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

/// Returns the next place in a conversation and holds the conversation until the commit.
async fn next_place(connection: &mut SqliteConnection, conversation: &str) -> StoreResult<i64> {
    let row: SqliteRow =
        sqlx::query("UPDATE conversations SET places = places + 1 WHERE id = $1 RETURNING places")
            .bind(conversation)
            .fetch_one(connection)
            .await
            .map_err(failed)?;
    row::int(&row, "places")
}
