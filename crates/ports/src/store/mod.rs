//! The database, by what is asked of it.
//!
//! Every call that touches a tenant's rows takes its `TenantId` first. Instants are handed in by the
//! caller's clock except for leases, which run on the store's own.

mod accounts;
mod adhoc;
mod answers;
mod chores;
mod erasing;
mod inbox;
mod ledger;
mod outbox;
mod queue;
mod reminders;
mod retention;
mod spending;

pub use accounts::{Accounts, Connections};
pub use adhoc::{AdHoc, SelectError};
pub use answers::{Answers, Remembered};
pub use chores::Chores;
pub use erasing::Erasing;
pub use inbox::{Accepted, Inbox};
pub use ledger::Ledger;
pub use outbox::{Arrival, Delivery, Line, Outbox, Said};
pub use queue::{Behind, Burial, Claim, JobState, Lease, Oldest, Queue, QueueCounts, Room, Work};
pub use reminders::{Reminded, Reminders};
pub use retention::{Forgotten, Kept, Retention};
pub use spending::{PaidCall, Settled, Spending, Spent};
use std::time::Duration;

/// Why the database did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached, is busy or has no space left; later may work.
    #[error("the database is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What the commit was based on has changed: run the turn again.
    #[error("the stored state has changed since it was read")]
    Conflict,
    /// The lease has passed to another worker: nothing was written.
    #[error("the lease on this work was lost")]
    LeaseLost,
    /// A stored value cannot be understood; a newer version may have written it.
    #[error("a stored value is malformed: {0}")]
    Malformed(&'static str),
    /// The schema is newer than this program.
    #[error("the database was written by a newer version")]
    TooNew,
    /// The query took too long or would return too much.
    #[error("the query exceeds its limits")]
    TooLarge,
}

impl StoreError {
    /// Returns how long to wait before the same call may succeed; nothing if it never will.
    #[must_use]
    pub const fn retry(&self) -> Option<Duration> {
        match self {
            Self::Unavailable(_) => Some(Duration::from_secs(2)),
            Self::Conflict => Some(Duration::ZERO),
            Self::LeaseLost | Self::Malformed(_) | Self::TooNew | Self::TooLarge => None,
        }
    }
}

/// A result of the database.
pub type StoreResult<T> = Result<T, StoreError>;

/// All of the database.
pub trait Store:
    Inbox
    + Queue
    + Outbox
    + Ledger
    + AdHoc
    + Answers
    + Spending
    + Accounts
    + Chores
    + Reminders
    + Retention
    + Erasing
{
}

impl<T> Store for T where
    T: Inbox
        + Queue
        + Outbox
        + Ledger
        + AdHoc
        + Answers
        + Spending
        + Accounts
        + Chores
        + Reminders
        + Retention
        + Erasing
{
}
