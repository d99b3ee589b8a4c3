//! Captions that come as messages of their own: joined to the files before them, whose turn answers
//! both. Joined they stay, whoever runs that turn in the end.

use super::queue::{HeldTurn, held_turn};
use crate::{
    Database,
    engine::{Write, query, row},
};
use ports::store::{Behind, Lease, StoreResult};
use std::time::Duration;

impl Database {
    pub(super) async fn find_behind(
        &self,
        lease: &Lease,
        within: Duration,
    ) -> StoreResult<Option<Behind>> {
        let mut write = self.begin_for_everyone().await?;
        let turn = held_turn(&mut write, lease).await?;
        let behind = match joined(&mut write, &turn).await? {
            Some(behind) => Some(behind),
            None => next(&mut write, &turn, within).await?,
        };
        write.commit().await?;
        Ok(behind)
    }

    pub(super) async fn join_behind(&self, lease: &Lease, behind: &Behind) -> StoreResult<()> {
        let mut write = self.begin_for_everyone().await?;
        let turn = held_turn(&mut write, lease).await?;
        query(
            "UPDATE jobs SET state = 'done', ended_at = $1, joined = $2 \
             WHERE id = $3 AND state = 'open' AND conversation = $4",
        )
        .bind(self.now())
        .bind(&turn.thread.inbound)
        .bind(behind.job.to_string())
        .bind(&turn.thread.conversation)
        .execute(&mut write)
        .await?;
        write.commit().await
    }
}

/// Returns the next message of the conversation, if it could be a caption.
async fn next(write: &mut Write, turn: &HeldTurn, within: Duration) -> StoreResult<Option<Behind>> {
    let next = query(
        "SELECT jobs.id, inbound.body, inbound.button, inbound.attachments, \
         inbound.received_at - files.received_at AS later FROM jobs \
         JOIN inbound ON inbound.id = jobs.inbound JOIN inbound AS files ON files.id = $2 \
         WHERE jobs.conversation = $1 AND jobs.state = 'open' AND jobs.inbound <> $2 \
         ORDER BY jobs.place LIMIT 1",
    )
    .bind(&turn.thread.conversation)
    .bind(&turn.thread.inbound)
    .fetch_optional(write)
    .await?;
    let Some(next) = next else { return Ok(None) };
    let text = row::text(&next, "body")?;
    let is_text = !text.trim().is_empty()
        && row::maybe_text(&next, "button")?.is_none()
        && row::text(&next, "attachments")? == "[]";
    let later = u128::try_from(row::int(&next, "later")?).unwrap_or_default();
    if !is_text || later > within.as_millis() {
        return Ok(None);
    }
    Ok(Some(Behind { text, job: row::parsed(&next, "id")?, is_joined: false }))
}

/// Returns the caption that an earlier attempt has joined.
async fn joined(write: &mut Write, turn: &HeldTurn) -> StoreResult<Option<Behind>> {
    let row = query(
        "SELECT jobs.id, inbound.body FROM jobs JOIN inbound ON inbound.id = jobs.inbound \
         WHERE jobs.joined = $1",
    )
    .bind(&turn.thread.inbound)
    .fetch_optional(write)
    .await?;
    let behind = |row| {
        let (text, job) = (row::text(&row, "body")?, row::parsed(&row, "id")?);
        Ok(Behind { text, job, is_joined: true })
    };
    row.map(behind).transpose()
}
