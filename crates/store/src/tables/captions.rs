//! Captions that come as messages of their own: joined to the files before them, whose turn answers
//! both. Joined they stay, whoever runs that turn in the end.

use super::queue::{HeldTurn, held_turn};
use crate::{
    Database,
    engine::{Write, query, row},
};
use ports::store::{Lease, StoreResult};
use std::time::Duration;

impl Database {
    pub(super) async fn join_caption(
        &self,
        lease: &Lease,
        within: Duration,
    ) -> StoreResult<Option<String>> {
        let mut write = self.begin_for_everyone().await?;
        let turn = held_turn(&mut write, lease).await?;
        let caption = match joined(&mut write, &turn).await? {
            Some(caption) => Some(caption),
            None => self.join_next(&mut write, &turn, within).await?,
        };
        write.commit().await?;
        Ok(caption)
    }

    /// Ends the next message of the conversation as a part of this one, if it is a caption.
    async fn join_next(
        &self,
        write: &mut Write,
        turn: &HeldTurn,
        within: Duration,
    ) -> StoreResult<Option<String>> {
        let next = query(
            "SELECT jobs.id, inbound.body, inbound.button, inbound.attachments, \
             inbound.received_at - files.received_at AS later FROM jobs \
             JOIN inbound ON inbound.id = jobs.inbound JOIN inbound AS files ON files.id = $2 \
             WHERE jobs.conversation = $1 AND jobs.state = 'open' AND jobs.inbound <> $2 \
             ORDER BY jobs.place LIMIT 1",
        )
        .bind(&turn.conversation)
        .bind(&turn.inbound)
        .fetch_optional(write)
        .await?;
        let Some(next) = next else { return Ok(None) };
        let caption = row::text(&next, "body")?;
        let is_text = !caption.trim().is_empty()
            && row::maybe_text(&next, "button")?.is_none()
            && row::text(&next, "attachments")? == "[]";
        let later = u128::try_from(row::int(&next, "later")?).unwrap_or_default();
        if !is_text || later > within.as_millis() {
            return Ok(None);
        }
        query("UPDATE jobs SET state = 'done', ended_at = $1, joined = $2 WHERE id = $3")
            .bind(self.now())
            .bind(&turn.inbound)
            .bind(row::text(&next, "id")?)
            .execute(write)
            .await?;
        Ok(Some(caption))
    }
}

/// Returns the caption that an earlier attempt has joined.
async fn joined(write: &mut Write, turn: &HeldTurn) -> StoreResult<Option<String>> {
    let row = query(
        "SELECT inbound.body FROM jobs JOIN inbound ON inbound.id = jobs.inbound \
         WHERE jobs.joined = $1",
    )
    .bind(&turn.inbound)
    .fetch_optional(write)
    .await?;
    row.map(|row| row::text(&row, "body")).transpose()
}
