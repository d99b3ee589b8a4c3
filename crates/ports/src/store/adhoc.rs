//! Answers statements that a model or an owner wrote.

use super::StoreError;
use async_trait::async_trait;
use domain::{dates::Date, ids::TenantId, table::Table};

/// Why a statement gave no rows.
#[derive(Debug, thiserror::Error)]
pub enum SelectError {
    /// It says something that is not on the list of what may be said; the words say what.
    #[error("{0}")]
    Refused(String),
    /// The database could not run it; the words are the database's own.
    #[error("{0}")]
    Failed(String),
    /// It took too long, or would return too much.
    #[error("the statement takes too long or returns too much; ask for less at once")]
    TooMuch,
    /// This tenant has more rows than are copied for a statement.
    #[error("there are more than {0} invoices: too many for SQL of one's own")]
    TooLarge(usize),
    /// The store itself.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Answers statements that a model or an owner wrote, from one tenant's rows and nothing else.
///
/// The relations are `users` (one row: whose book this is), `conversations`, `messages`,
/// `invoices` and `invoice_items`, with amounts as decimals in major units (negative on credit
/// notes), dates as ISO 8601 and `status` one of `paid`, `unpaid`, `draft` and `cancelled`.
#[async_trait]
pub trait AdHoc: Send + Sync {
    /// Runs one SELECT; `today` is the day that `CURRENT_DATE` means.
    ///
    /// # Errors
    ///
    /// [`SelectError`].
    async fn select(&self, tenant: TenantId, sql: &str, today: Date) -> Result<Table, SelectError>;

    /// Returns what was said by either side, oldest first: at most `most` messages after so many.
    ///
    /// # Errors
    ///
    /// [`SelectError`].
    async fn said(
        &self,
        tenant: TenantId,
        after: usize,
        most: usize,
        today: Date,
    ) -> Result<Table, SelectError>;
}
