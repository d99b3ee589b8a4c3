//! What is kept: a file for each of the ports, and for what several of them share.

mod accounts;
mod answers;
mod changes;
mod chores;
pub mod events;
mod figures;
mod inbox;
mod intake;
mod invoices;
mod ledger;
mod numbering;
mod outbox;
mod queue;
mod replies;
mod senders;
mod spending;
mod vendor_memory;

pub use intake::Intake;

use crate::engine::{Connection, query, row};
use ports::store::StoreResult;

/// Returns the next place in a conversation and holds the conversation until the commit.
async fn next_place(connection: &mut Connection, conversation: &str) -> StoreResult<i64> {
    let row = query("UPDATE conversations SET places = places + 1 WHERE id = $1 RETURNING places")
        .bind(conversation)
        .fetch_one(connection)
        .await?;
    row::int(&row, "places")
}
