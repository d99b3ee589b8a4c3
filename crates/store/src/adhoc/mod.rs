//! Statements that a model or an owner wrote: checked, written anew, and run where there is
//! nothing to find but one tenant's rows.

mod book;
mod calls;
mod days;
mod expressions;
mod functions;
#[cfg(test)]
mod fuzz;
mod guard;
mod private;
mod probe;
mod selects;
mod speech;
#[cfg(test)]
mod tests;

pub use probe::probe;

use crate::Database;
use async_trait::async_trait;
use domain::{dates::Date, ids::TenantId, table::Table};
use guard::Allowed;
use ports::store::{AdHoc, SelectError, StoreError};
use private::Private;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// How long a statement may run.
const PATIENCE: Duration = Duration::from_secs(3);
/// How many books are kept between two statements.
const MAX_KEPT: usize = 4;
/// The most rows of a book that is kept.
const MAX_KEPT_ROWS: usize = 20_000;

/// A private database that several may ask, one after the other.
type Shared = Arc<Mutex<Private>>;

/// The books that were asked last, the newest last.
#[derive(Default)]
pub struct Kept(Mutex<Vec<(TenantId, String, Shared)>>);

impl Kept {
    fn find(&self, tenant: TenantId, version: &str) -> Option<Shared> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().find(|(whose, of, _)| *whose == tenant && of == version);
        found.map(|(_, _, book)| Arc::clone(book))
    }

    /// Lets go of a tenant's book.
    pub fn forget(&self, tenant: TenantId) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(whose, _, _)| *whose != tenant);
    }

    fn keep(&self, tenant: TenantId, version: String, book: &Shared) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(whose, _, _)| *whose != tenant);
        kept.push((tenant, version, Arc::clone(book)));
        let surplus = kept.len().saturating_sub(MAX_KEPT);
        kept.drain(..surplus);
    }
}

#[async_trait]
impl AdHoc for Database {
    async fn select(&self, tenant: TenantId, sql: &str, today: Date) -> Result<Table, SelectError> {
        let sql = sql.to_owned();
        let allowed = apart(move || guard::allow(&sql, today)).await?;
        let allowed = allowed.map_err(|refusal| SelectError::Refused(refusal.to_string()))?;
        let book = self.book(tenant, &allowed).await?;
        let interrupt = book.lock().unwrap_or_else(PoisonError::into_inner).interrupt();
        let running =
            apart(move || book.lock().unwrap_or_else(PoisonError::into_inner).run(&allowed));
        match tokio::time::timeout(PATIENCE, running).await {
            Ok(table) => table?,
            Err(_) => {
                interrupt.interrupt();
                Err(SelectError::TooMuch)
            }
        }
    }

    async fn said(
        &self,
        tenant: TenantId,
        after: usize,
        most: usize,
        today: Date,
    ) -> Result<Table, SelectError> {
        let sql = format!(
            "SELECT created_at, direction, body FROM messages ORDER BY created_at, id \
             LIMIT {most} OFFSET {after}"
        );
        self.select(tenant, &sql, today).await
    }
}

impl Database {
    /// Returns the private database that a statement is run on.
    async fn book(&self, tenant: TenantId, allowed: &Allowed) -> Result<Shared, SelectError> {
        // What was said changes with every message: it is read anew, and only where it is wanted.
        let with_talk = allowed.reads.iter().any(|name| !name.starts_with("invoice"));
        let mut reader = self.reader_for(tenant).await?;
        let version = book::version(&mut reader, tenant).await?;
        if let Some(kept) = self.kept.find(tenant, &version).filter(|_| !with_talk) {
            return Ok(kept);
        }
        let rows = book::read(&mut reader, tenant, with_talk).await?;
        drop(reader);
        let is_small = rows.count() <= MAX_KEPT_ROWS;
        let book = apart(move || Private::fill(&rows)).await??;
        let book = Arc::new(Mutex::new(book));
        if is_small && !with_talk {
            self.kept.keep(tenant, version, &book);
        }
        Ok(book)
    }
}

/// Runs what keeps a core busy away from those who wait for messages.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, SelectError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| SelectError::Store(StoreError::Unavailable(error.into())))
}
