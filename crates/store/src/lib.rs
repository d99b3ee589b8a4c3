//! Everything in SQL: messages, jobs, replies, invoices, the audit trail and what models said.
//!
//! `engine` is the two databases behind one kind of connection; `tables` is what is kept, a file
//! for each port; `query` turns a plan into a statement. Nothing here makes a network call besides
//! the database, or decides what to write.

mod codec;
mod engine;
mod open_error;
mod query;
mod tables;

pub use open_error::OpenError;

use engine::{Connection, Engine, Write};
use ports::{clock::Clock, store::StoreResult};
use std::sync::Arc;

/// An open database.
pub struct Database {
    engine: Engine,
    clock: Arc<dyn Clock>,
}

impl Database {
    /// Lets go of the database, after what is running has ended.
    pub async fn close(&self) {
        self.engine.close().await;
    }

    async fn begin(&self) -> StoreResult<Write> {
        self.engine.begin().await
    }

    async fn reader(&self) -> StoreResult<Connection> {
        self.engine.reader().await
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

/// Opens the database of a URL (`sqlite://path`, `sqlite::memory:` or
/// `postgres://user:password@host/name`), made and brought up to date if needed.
///
/// # Errors
///
/// [`OpenError`], one sentence that says what to do.
pub async fn open(url: &str, clock: Arc<dyn Clock>) -> Result<Arc<Database>, OpenError> {
    Ok(Arc::new(Database { engine: Engine::open(url).await?, clock }))
}

/// Brings the schema of a database up to date and lets go of it; a second run changes nothing.
///
/// # Errors
///
/// As [`open`].
pub async fn migrate(url: &str, clock: Arc<dyn Clock>) -> Result<(), OpenError> {
    open(url, clock).await?.close().await;
    Ok(())
}
