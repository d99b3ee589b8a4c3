//! Everything in SQL: messages, jobs, replies, invoices, the audit trail and what models said.
//!
//! One folder per database; what they have in common (turning a plan into SQL, and its rows into
//! an answer) is in `query`. Nothing here makes a network call or decides what to write.

mod codec;
mod open_error;
mod query;
mod sqlite;

pub use open_error::OpenError;
pub use sqlite::Sqlite;

use ports::clock::Clock;
use std::sync::Arc;

/// Opens the database of a URL (`sqlite://path` or `sqlite::memory:`), made and brought up to
/// date if needed.
///
/// # Errors
///
/// [`OpenError`], one sentence that says what to do.
pub async fn open(url: &str, clock: Arc<dyn Clock>) -> Result<Arc<Sqlite>, OpenError> {
    Sqlite::open(url, clock).await.map(Arc::new)
}

/// Brings the schema of a database up to date and lets go of it; a second run changes nothing.
///
/// # Errors
///
/// As [`open`].
pub async fn migrate(url: &str, clock: Arc<dyn Clock>) -> Result<(), OpenError> {
    let store = Sqlite::open(url, clock).await?;
    store.close().await;
    Ok(())
}
