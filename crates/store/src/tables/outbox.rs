//! Hands out replies, one of a conversation at a time, and shows what was said.

use super::{inbox, intake::by_powers_of_two, queue::held, replies};
use crate::{
    Database, codec,
    engine::{Bind, Hold, Row, Sql, Write, query, row},
    until_it_stands,
};
use async_trait::async_trait;
use domain::{
    ids::{ConversationId, InboundId, OutboundId},
    message::{Outbound, SentFile},
};
use jiff::Timestamp;
use ports::store::{Arrival, Delivery, Line, Outbox, Said, StoreError, StoreResult};
use std::time::Duration;
use uuid::Uuid;

/// The most lines that one look at a conversation returns.
const MAX_SAID: usize = 200;

/// How long the public link of a file is valid once its reply is on its way: the provider fetches it
/// within minutes, and each try opens it anew.
const LINK_VALID: Duration = Duration::from_secs(15 * 60);

/// Whom a reply that has ended went to: nobody any more where the conversation was closed by a receipt
/// for deleted data.
pub(super) const RECIPIENT: &str = "CASE WHEN EXISTS (SELECT 1 FROM conversations \
     WHERE conversations.id = outbound.conversation AND closed_at IS NOT NULL) THEN '' ELSE recipient END";

#[async_trait]
impl Outbox for Database {
    async fn claim_deliveries(
        &self,
        limit: u32,
        lease_for: Duration,
    ) -> StoreResult<Vec<Delivery>> {
        let mut write = self.begin_for_everyone().await?;
        let (now, token) = (self.now(), self.clock.new_id());
        let due = query(format!(
            "SELECT outbound.*, (SELECT trace FROM inbound WHERE inbound.id = outbound.inbound) \
             AS trace FROM outbound WHERE state = 'waiting' AND due_at <= $1 \
             ORDER BY due_at, id LIMIT $2{}",
            write.dialect().skip_locked()
        ))
        .bind(now)
        .bind(limit)
        .fetch_all(&mut write)
        .await?;
        // The first beginning whose end is unknown stays: a later look-up must reach back that far.
        for part in by_powers_of_two(&due) {
            let mut sql = Sql::new("UPDATE outbound SET due_at = ");
            sql.bind(codec::later(now, lease_for)).push(", lease_token = ").bind(token.to_string());
            sql.push(", attempts = attempts + 1, begun_at = COALESCE(begun_at, ").bind(now);
            sql.push("), link_until = CASE WHEN link_token IS NOT NULL THEN ");
            let ids = part.iter().map(|row| row::text(row, "id").map(Bind::from));
            sql.bind(codec::later(now, LINK_VALID))
                .push(" END WHERE id IN (")
                .bind_all(ids.collect::<StoreResult<Vec<_>>>()?)
                .push(")");
            sql.run(&mut write).await?;
        }
        write.commit().await?;
        due.iter().map(|row| delivery(row, token)).collect()
    }

    async fn mark_sent(&self, delivery: &Delivery, provider_id: &str) -> StoreResult<()> {
        self.mark_sent_in_line(delivery, provider_id).await
    }

    async fn defer(&self, delivery: &Delivery, after: Duration, unclear: bool) -> StoreResult<()> {
        until_it_stands(|| async move {
            let mut write = self.begin_for_everyone().await?;
            let done = query(
                "UPDATE outbound SET due_at = $1, lease_token = NULL, \
                 begun_at = CASE WHEN $2 THEN begun_at END WHERE id = $3 AND lease_token = $4",
            )
            .bind(codec::later(self.now(), after))
            .bind(unclear)
            .bind(delivery.outbound.id.to_string())
            .bind(delivery.token.to_string())
            .execute(&mut write)
            .await?;
            held(done)?;
            write.commit().await
        })
        .await
    }

    async fn mark_failed(&self, delivery: &Delivery, code: u32) -> StoreResult<()> {
        until_it_stands(|| async move {
            let mut write = self.begin_for_everyone().await?;
            let conversation = delivery.outbound.conversation.to_string();
            write.hold(Hold::Conversation(&conversation)).await?;
            let done = query(format!(
                "UPDATE outbound SET state = 'failed', error_code = $1, ended_at = $2, due_at = NULL, \
                 lease_token = NULL, begun_at = NULL, recipient = {RECIPIENT} \
                 WHERE id = $3 AND lease_token = $4",
            ))
            .bind(code)
            .bind(self.now())
            .bind(delivery.outbound.id.to_string())
            .bind(delivery.token.to_string())
            .execute(&mut write)
            .await?;
            held(done)?;
            self.wake_next(&mut write, &delivery.outbound).await?;
            write.commit().await
        })
        .await
    }

    async fn note_arrival(
        &self,
        outbound: OutboundId,
        provider_id: &str,
        arrival: Arrival,
    ) -> StoreResult<bool> {
        until_it_stands(|| async move {
            let (word, code) = match arrival {
                Arrival::Delivered => ("delivered", None),
                Arrival::Lost { code } => ("lost", Some(i64::from(code))),
            };
            let mut write = self.begin_for_everyone().await?;
            let news = query(
                "UPDATE outbound SET arrival = $1, arrival_code = $2 WHERE id = $3 \
                 AND arrival IS NULL AND (provider_id IS NULL OR provider_id = $4)",
            )
            .bind(word)
            .bind(code)
            .bind(outbound.to_string())
            .bind(provider_id)
            .execute(&mut write)
            .await?;
            write.commit().await?;
            Ok(news > 0)
        })
        .await
    }

    async fn sent_ids(&self, to: &str, since: Timestamp) -> StoreResult<Vec<String>> {
        let mut reader = self.reader_for_everyone().await?;
        let rows = query(
            "SELECT provider_id FROM outbound WHERE recipient = $1 AND ended_at >= $2 \
             AND provider_id IS NOT NULL ORDER BY ended_at, id",
        )
        .bind(to)
        .bind(since.as_millisecond())
        .fetch_all(&mut reader)
        .await?;
        rows.iter().map(|row| row::text(row, "provider_id")).collect()
    }

    async fn undelivered(&self, since: Timestamp) -> StoreResult<Vec<(u32, u64)>> {
        let mut reader = self.reader_for_everyone().await?;
        let rows = query(
            "SELECT code, COUNT(*) AS n FROM \
             (SELECT CASE state WHEN 'failed' THEN error_code ELSE arrival_code END AS code \
             FROM outbound WHERE ended_at >= $1 AND (state = 'failed' OR arrival = 'lost')) AS lost \
             GROUP BY code ORDER BY n DESC, code",
        )
        .bind(since.as_millisecond())
        .fetch_all(&mut reader)
        .await?;
        let code = |row: &Row| {
            let code = row::maybe_int(row, "code")?.unwrap_or_default();
            Ok((u32::try_from(code).unwrap_or_default(), row::count(row, "n")?))
        };
        rows.iter().map(code).collect()
    }

    async fn transcript(&self, conversation: ConversationId, after: i64) -> StoreResult<Vec<Said>> {
        let mut reader = self.reader_for_everyone().await?;
        let mut said = Vec::new();
        let theirs = "SELECT *, id AS inbound_id, received_at AS at FROM inbound \
                      WHERE conversation = $1 AND place > $2 AND sender <> '' ORDER BY place LIMIT $3";
        let ours = "SELECT *, created_at AS at FROM outbound \
                    WHERE conversation = $1 AND place > $2 ORDER BY place LIMIT $3";
        for (sql, is_theirs) in [(theirs, true), (ours, false)] {
            let rows = query(sql)
                .bind(conversation.to_string())
                .bind(after)
                .bind(i64::try_from(MAX_SAID).unwrap_or(i64::MAX))
                .fetch_all(&mut reader)
                .await?;
            for row in &rows {
                said.push(line(row, is_theirs)?);
            }
        }
        said.sort_by_key(|said| said.place);
        said.truncate(MAX_SAID);
        Ok(said)
    }

    async fn replies_to(&self, inbound: InboundId) -> StoreResult<Vec<Outbound>> {
        let mut reader = self.reader_for_everyone().await?;
        let rows = query("SELECT * FROM outbound WHERE inbound = $1 ORDER BY place")
            .bind(inbound.to_string())
            .fetch_all(&mut reader)
            .await?;
        rows.iter().map(replies::read).collect()
    }

    async fn file_of(
        &self,
        conversation: ConversationId,
        outbound: OutboundId,
    ) -> StoreResult<Option<SentFile>> {
        let mut reader = self.reader_for_everyone().await?;
        let row = query("SELECT file FROM outbound WHERE id = $1 AND conversation = $2")
            .bind(outbound.to_string())
            .bind(conversation.to_string())
            .fetch_optional(&mut reader)
            .await?;
        Ok(row.as_ref().map(replies::file).transpose()?.flatten())
    }

    async fn file_by_token(&self, token: &str) -> StoreResult<Option<SentFile>> {
        let mut reader = self.reader_for_everyone().await?;
        let row = query("SELECT file FROM outbound WHERE link_token = $1 AND link_until > $2")
            .bind(token)
            .bind(self.now())
            .fetch_optional(&mut reader)
            .await?;
        Ok(row.as_ref().map(replies::file).transpose()?.flatten())
    }
}

impl Database {
    /// Makes the next reply of a conversation due.
    async fn wake_next(&self, write: &mut Write, ended: &Outbound) -> StoreResult<()> {
        query(
            "UPDATE outbound SET due_at = $1 WHERE id = (SELECT id FROM outbound \
             WHERE conversation = $2 AND state = 'waiting' ORDER BY place LIMIT 1)",
        )
        .bind(self.now())
        .bind(ended.conversation.to_string())
        .execute(write)
        .await?;
        Ok(())
    }
}

/// Returns a try, from its row as it was before.
fn delivery(row: &Row, token: Uuid) -> StoreResult<Delivery> {
    let tries = row::int(row, "attempts")?;
    Ok(Delivery {
        outbound: replies::read(row)?,
        token,
        attempts: u32::try_from(tries)
            .map_err(|_| StoreError::Malformed("a number of attempts"))?,
        unclear_since: row::maybe_int(row, "begun_at")?.map(codec::instant).transpose()?,
        trace: row::maybe_text(row, "trace")?,
    })
}

fn line(row: &Row, is_theirs: bool) -> StoreResult<Said> {
    Ok(Said {
        place: row::int(row, "place")?,
        at: codec::instant(row::int(row, "at")?)?,
        line: if is_theirs {
            Line::User(Box::new(inbox::read(row)?))
        } else {
            Line::Billhook(Box::new(replies::read(row)?))
        },
    })
}
