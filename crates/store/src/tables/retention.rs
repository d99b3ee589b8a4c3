//! Deletes what is not to be kept any longer, a page of rows in one transaction.
//!
//! Pages follow the keys, so that no index is needed beside them and each transaction is short. What
//! remains of a message is what remains of one that its sender had deleted.

use super::erasing::{self, WITHOUT_CONTENT};
use crate::{
    Database, codec,
    engine::{Row, Write, query, row},
    until_it_stands,
};
use async_trait::async_trait;
use domain::conversation::Conversation;
use jiff::Timestamp;
use ports::store::{Forgotten, Kept, Retention, StoreResult};

/// What stands between the two parts of a key.
const BETWEEN: char = ' ';

#[async_trait]
impl Retention for Database {
    async fn forget(
        &self,
        what: Kept,
        before: Timestamp,
        after: Option<&str>,
        most: u32,
    ) -> StoreResult<Forgotten> {
        let page = Page { before: before.as_millisecond(), after: after.unwrap_or_default(), most };
        until_it_stands(|| async move {
            let mut write = self.begin_for_everyone().await?;
            let forgotten = match what {
                Kept::Messages => page.messages(&mut write).await,
                Kept::Replies => page.replies(&mut write).await,
                Kept::Files => page.files(&mut write, self.now()).await,
                Kept::Answers => page.answers(&mut write).await,
            }?;
            write.commit().await?;
            Ok(forgotten)
        })
        .await
    }
}

/// What is looked at.
#[derive(Clone, Copy)]
struct Page<'a> {
    /// Older than this, in milliseconds.
    before: i64,
    /// Behind this key.
    after: &'a str,
    most: u32,
}

/// The rows of a page that are old, between its first key and its last.
const OLD_MESSAGES: &str = "inbound.id > $1 AND inbound.id <= $2 AND inbound.received_at < $3 \
     AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.inbound = inbound.id AND jobs.state = 'open') \
     AND NOT EXISTS (SELECT 1 FROM outbound WHERE outbound.inbound = inbound.id \
     AND outbound.state = 'waiting')";

impl Page<'_> {
    /// Identifiers grow with time: behind a page without an old row there is none.
    async fn messages(self, write: &mut Write) -> StoreResult<Forgotten> {
        let Some(last) = self.last(write, "inbound", "received_at").await? else {
            return Ok(Forgotten::default());
        };
        let count = query(format!(
            "UPDATE inbound SET {WITHOUT_CONTENT} WHERE sender <> '' AND {OLD_MESSAGES}"
        ))
        .bind(self.after)
        .bind(&last)
        .bind(self.before)
        .execute(write)
        .await?;
        let quiet = query(format!(
            "SELECT id, memory FROM conversations WHERE id IN \
             (SELECT conversation FROM inbound WHERE {OLD_MESSAGES}) AND NOT EXISTS \
             (SELECT 1 FROM inbound AS later WHERE later.conversation = conversations.id \
             AND later.sender <> '')"
        ))
        .bind(self.after)
        .bind(&last)
        .bind(self.before)
        .fetch_all(write)
        .await?;
        for conversation in quiet {
            forget_memory(write, &conversation).await?;
        }
        Ok(Forgotten { count, next: Some(last) })
    }

    async fn replies(self, write: &mut Write) -> StoreResult<Forgotten> {
        let Some(last) = self.last(write, "outbound", "created_at").await? else {
            return Ok(Forgotten::default());
        };
        let count = query(
            "DELETE FROM outbound WHERE id > $1 AND id <= $2 AND created_at < $3 \
             AND state <> 'waiting'",
        )
        .bind(self.after)
        .bind(&last)
        .bind(self.before)
        .execute(write)
        .await?;
        Ok(Forgotten { count, next: Some(last) })
    }

    /// Returns the last key of the page; nothing if it holds no old row.
    async fn last(self, write: &mut Write, table: &str, at: &str) -> StoreResult<Option<String>> {
        let row = query(format!(
            "SELECT MAX(id) AS last, MIN(came_at) AS oldest FROM (SELECT id, {at} AS came_at \
             FROM {table} WHERE id > $1 ORDER BY id LIMIT $2) AS page"
        ))
        .bind(self.after)
        .bind(self.most)
        .fetch_one(write)
        .await?;
        let oldest = row::maybe_int(&row, "oldest")?;
        let last = row::maybe_text(&row, "last")?;
        Ok(last.filter(|_| oldest.is_some_and(|oldest| oldest < self.before)))
    }

    /// While a message or reply is old and not over, its file may still be needed.
    async fn files(self, write: &mut Write, now: i64) -> StoreResult<Forgotten> {
        let waiting = query(
            "SELECT 1 AS one FROM jobs JOIN inbound ON inbound.id = jobs.inbound \
             WHERE jobs.state = 'open' AND inbound.received_at < $1 UNION ALL \
             SELECT 1 FROM outbound WHERE state = 'waiting' AND created_at < $1 LIMIT 1",
        );
        if waiting.bind(self.before).fetch_optional(write).await?.is_some() {
            return Ok(Forgotten::default());
        }
        let (tenant, hash) = self.after.split_once(BETWEEN).unwrap_or_default();
        let rows = query(
            "SELECT tenant, hash, kept_at, (SELECT created_at FROM invoices \
             WHERE invoices.tenant = kept_files.tenant AND invoices.document = kept_files.hash) \
             AS booked_at FROM kept_files WHERE tenant > $1 OR (tenant = $1 AND hash > $2) \
             ORDER BY tenant, hash LIMIT $3",
        )
        .bind(tenant)
        .bind(hash)
        .bind(self.most)
        .fetch_all(write)
        .await?;
        let mut forgotten = Forgotten::default();
        for found in rows {
            let (tenant, hash) = (row::text(&found, "tenant")?, row::text(&found, "hash")?);
            let is_old = row::int(&found, "kept_at")? < self.before;
            if is_old && row::maybe_int(&found, "booked_at")?.is_none() {
                forget_file(write, &tenant, &hash, now).await?;
                forgotten.count = forgotten.count.saturating_add(1);
            }
            forgotten.next = Some(format!("{tenant}{BETWEEN}{hash}"));
        }
        Ok(forgotten)
    }

    async fn answers(self, write: &mut Write) -> StoreResult<Forgotten> {
        let count = query(
            "DELETE FROM answers WHERE (tenant, key) IN (SELECT tenant, key FROM answers \
             WHERE created_at < $1 LIMIT $2)",
        )
        .bind(self.before)
        .bind(self.most)
        .execute(write)
        .await?;
        let next = (count > 0).then(String::new);
        Ok(Forgotten { count, next })
    }
}

/// Has a file deleted as soon as nobody has it, with what it showed on paper.
async fn forget_file(write: &mut Write, tenant: &str, hash: &str, now: i64) -> StoreResult<()> {
    for statement in [
        "DELETE FROM kept_files WHERE tenant = $1 AND hash = $2",
        "DELETE FROM document_traces WHERE tenant = $1 AND document = $2",
    ] {
        query(statement).bind(tenant).bind(hash).execute(write).await?;
    }
    erasing::let_go(write, hash, now).await
}

/// Forgets what was said in a conversation, but not that its person wants to hear nothing more.
async fn forget_memory(write: &mut Write, found: &Row) -> StoreResult<()> {
    let before = row::text(found, "memory")?;
    let memory: Conversation = codec::from_json(&before, "a conversation")?;
    let kept = Conversation { is_silent: memory.is_silent, ..Conversation::default() };
    if kept != memory {
        query("UPDATE conversations SET memory = $1 WHERE id = $2")
            .bind(codec::json(&kept)?)
            .bind(row::text(found, "id")?)
            .execute(write)
            .await?;
    }
    Ok(())
}
