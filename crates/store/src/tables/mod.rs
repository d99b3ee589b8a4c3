//! What is kept: a file for each of the ports, and for what several of them share.

mod accounts;
mod answers;
mod calls;
mod captions;
mod changes;
mod chores;
mod endings;
mod erasing;
pub mod events;
mod figures;
mod inbox;
mod intake;
mod invoices;
mod ledger;
mod line;
mod newcomers;
mod numbering;
mod outbox;
mod queue;
mod reminders;
mod replies;
mod retention;
mod senders;
mod sendings;
mod spending;
mod vendor_memory;

use crate::engine::{Connection, query, row};
use ports::store::{StoreError, StoreResult};

/// Where writes of one kind stand in line, to be made together.
#[derive(Default)]
pub struct Lines {
    intake: intake::Intake,
    endings: endings::Endings,
    sendings: sendings::Sendings,
    calls: calls::Calls,
}

/// Returns the next place in a conversation and holds the conversation until the commit; a conflict
/// if it was closed meanwhile.
async fn next_place(connection: &mut Connection, conversation: &str) -> StoreResult<i64> {
    let row = query(
        "UPDATE conversations SET places = places + 1 WHERE id = $1 AND closed_at IS NULL \
         RETURNING places",
    )
    .bind(conversation)
    .fetch_optional(connection)
    .await?
    .ok_or(StoreError::Conflict)?;
    row::int(&row, "places")
}
