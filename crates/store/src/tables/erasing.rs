//! Deletes everything that is stored of a tenant, so that nothing comes back: no message that the
//! provider repeats, no turn that was under way, no file that only he had.
//!
//! What remains is a row without content for each message (its provider's identifier keeps it from
//! being taken in again), the counters of his own invoice numbers, and one entry of the audit trail.

use super::{
    changes::Author,
    events::{self, Event},
    intake::by_powers_of_two,
};
use crate::{
    Database, codec,
    engine::{Bind, Connection, Dialect, Hold, Sql, Write, query, row},
    until_it_stands,
};
use async_trait::async_trait;
use domain::{
    document::ContentHash,
    ids::{EventId, TenantId},
    outcome::Stored,
    party::Party,
    tenant::Habits,
};
use ports::store::{Erasing, Lease, StoreError, StoreResult};
use std::{collections::HashSet, time::Duration};

/// What the audit trail calls it.
const ERASED: &str = "erased";
/// The conversations of a tenant.
const THREADS: &str = "(SELECT conversations.id FROM members \
     JOIN conversations ON conversations.member = members.id WHERE members.tenant = $1)";
/// For so long after, what a turn that was under way has remembered of a model is deleted too.
const AFTERWARDS: Duration = Duration::from_secs(15 * 60);

#[async_trait]
impl Erasing for Database {
    async fn keep_file(&self, lease: &Lease, hash: ContentHash) -> StoreResult<()> {
        until_it_stands(|| async move {
            let mut write = self.begin_for_everyone().await?;
            let held = query(format!(
                "SELECT conversations.tenant FROM jobs \
                 JOIN conversations ON conversations.id = jobs.conversation WHERE jobs.id = $1 \
                 AND jobs.lease_token = $2 AND jobs.state = 'open'{}",
                write.dialect().locked(&["jobs"])
            ))
            .bind(lease.job.to_string())
            .bind(lease.token.to_string())
            .fetch_optional(&mut write)
            .await?
            .ok_or(StoreError::LeaseLost)?;
            keep(self, &mut write, &row::text(&held, "tenant")?, hash).await?;
            write.commit().await
        })
        .await
    }

    async fn let_go(&self, hashes: &[ContentHash]) -> StoreResult<()> {
        let mut write = self.begin_for_everyone().await?;
        for hash in hashes {
            let_go(&mut write, &hash.to_string(), self.now()).await?;
        }
        write.commit().await
    }

    async fn erase(&self, tenant: TenantId, event: EventId) -> StoreResult<Stored> {
        until_it_stands(|| async move {
            let mut write = self.begin_for_everyone().await?;
            hold_turns(&mut write, tenant).await?;
            write.hold(Hold::Tenant(tenant)).await?;
            let stored = erase(self, &mut write, tenant, event, None).await?;
            write.commit().await?;
            Ok(stored)
        })
        .await
    }

    async fn files_to_delete(&self, most: u32) -> StoreResult<Vec<ContentHash>> {
        let mut reader = self.reader_for_everyone().await?;
        let rows = query("SELECT hash FROM erased_files ORDER BY erased_at, hash LIMIT $1")
            .bind(most)
            .fetch_all(&mut reader)
            .await?;
        rows.iter().map(|row| row::parsed(row, "hash")).collect()
    }

    async fn is_kept(&self, hash: ContentHash) -> StoreResult<bool> {
        let mut reader = self.reader_for_everyone().await?;
        let kept = query("SELECT 1 AS one FROM kept_files WHERE hash = $1 LIMIT 1")
            .bind(hash.to_string())
            .fetch_optional(&mut reader)
            .await?;
        Ok(kept.is_some())
    }

    async fn strays_among(&self, hashes: &[ContentHash]) -> StoreResult<Vec<ContentHash>> {
        let mut kept: HashSet<ContentHash> = HashSet::new();
        for part in by_powers_of_two(hashes) {
            let mut sql = Sql::new("SELECT DISTINCT hash FROM kept_files WHERE hash IN (");
            sql.bind_all(part.iter().map(|hash| Bind::from(hash.to_string()))).push(")");
            for row in sql.fetch(&mut self.reader_for_everyone().await?).await? {
                kept.insert(row::parsed(&row, "hash")?);
            }
        }
        Ok(hashes.iter().filter(|hash| !kept.contains(*hash)).copied().collect())
    }

    async fn note_deleted(&self, hash: ContentHash) -> StoreResult<()> {
        let mut write = self.begin_for_everyone().await?;
        query("DELETE FROM erased_files WHERE hash = $1")
            .bind(hash.to_string())
            .execute(&mut write)
            .await?;
        write.commit().await
    }

    async fn sweep(&self) -> StoreResult<()> {
        let lately = i64::try_from(AFTERWARDS.as_millis()).unwrap_or(i64::MAX);
        let since = self.now().saturating_sub(lately);
        let mut reader = self.reader_for_everyone().await?;
        let any = query("SELECT id FROM tenants WHERE erased_at > $1 LIMIT 1")
            .bind(since)
            .fetch_optional(&mut reader)
            .await?;
        drop(reader);
        if any.is_none() {
            return Ok(());
        }
        let mut write = self.begin_for_everyone().await?;
        for statement in [
            "DELETE FROM answers WHERE tenant IN (SELECT id FROM tenants WHERE erased_at > $1)",
            "UPDATE model_calls SET input = '', document = NULL \
             WHERE tenant IN (SELECT id FROM tenants WHERE erased_at > $1) AND input <> ''",
        ] {
            query(statement).bind(since).execute(&mut write).await?;
        }
        write.commit().await?;
        self.engine.tidy().await
    }
}

/// Notes that a tenant has a file.
pub async fn keep(
    store: &Database,
    write: &mut Write,
    tenant: &str,
    hash: ContentHash,
) -> StoreResult<()> {
    query(
        "INSERT INTO kept_files (tenant, hash, kept_at) VALUES ($1, $2, $3) \
         ON CONFLICT (tenant, hash) DO UPDATE SET kept_at = EXCLUDED.kept_at",
    )
    .bind(tenant)
    .bind(hash.to_string())
    .bind(store.now())
    .execute(write)
    .await?;
    Ok(())
}

/// Has a file deleted, unless somebody has it.
pub async fn let_go(write: &mut Write, hash: &str, now: i64) -> StoreResult<()> {
    query(
        "INSERT INTO erased_files (hash, erased_at) SELECT $1, $2 WHERE NOT EXISTS \
         (SELECT 1 FROM kept_files WHERE hash = $1) ON CONFLICT (hash) DO NOTHING",
    )
    .bind(hash)
    .bind(now)
    .execute(write)
    .await?;
    Ok(())
}

/// Returns how much is stored of a tenant.
pub async fn count(connection: &mut Connection, tenant: TenantId) -> StoreResult<Stored> {
    let row = query(format!(
        "SELECT (SELECT COUNT(*) FROM invoices WHERE tenant = $1) AS invoices, \
         (SELECT COUNT(*) FROM kept_files WHERE tenant = $1) AS files, \
         (SELECT COUNT(*) FROM inbound WHERE sender <> '' AND conversation IN {THREADS}) \
         + (SELECT COUNT(*) FROM outbound WHERE conversation IN {THREADS}) AS messages"
    ))
    .bind(tenant.to_string())
    .fetch_one(connection)
    .await?;
    Ok(Stored {
        invoices: row::count(&row, "invoices")?,
        files: row::count(&row, "files")?,
        messages: row::count(&row, "messages")?,
    })
}

/// Waits for the turns of a tenant that are being committed, and holds all others back. Before the
/// tenant is held: who commits a turn takes them in this order too.
pub async fn hold_turns(write: &mut Write, tenant: TenantId) -> StoreResult<()> {
    if write.dialect() == Dialect::Sqlite {
        return Ok(());
    }
    query(format!(
        "SELECT id FROM jobs WHERE state = 'open' AND conversation IN {THREADS} \
         ORDER BY id FOR NO KEY UPDATE"
    ))
    .bind(tenant.to_string())
    .fetch_all(write)
    .await
    .map(|_| ())
}

/// As [`hold_turns`], for the tenant of a job.
pub async fn hold_turns_beside(write: &mut Write, lease: &Lease) -> StoreResult<()> {
    let own = query(
        "SELECT conversations.tenant FROM jobs \
         JOIN conversations ON conversations.id = jobs.conversation WHERE jobs.id = $1",
    )
    .bind(lease.job.to_string())
    .fetch_optional(write)
    .await?
    .ok_or(StoreError::LeaseLost)?;
    hold_turns(write, row::parsed(&own, "tenant")?).await
}

/// Deletes everything of a tenant who is held; the job that does it, if one does, goes on.
pub async fn erase(
    store: &Database,
    write: &mut Write,
    tenant: TenantId,
    event: EventId,
    job: Option<&str>,
) -> StoreResult<Stored> {
    let id = tenant.to_string();
    if write.dialect() == Dialect::Postgres {
        // Whoever takes a message in holds its conversation: from here on nobody does.
        let held = format!("SELECT id FROM conversations WHERE id IN {THREADS} FOR NO KEY UPDATE");
        query(held).bind(&id).fetch_all(write).await?;
    }
    let stored = count(write, tenant).await?;
    end_turns(store, write, &id, job.unwrap_or_default()).await?;
    query(
        "INSERT INTO erased_files (hash, erased_at) SELECT hash, $2 FROM kept_files \
         WHERE tenant = $1 ON CONFLICT (hash) DO NOTHING",
    )
    .bind(&id)
    .bind(store.now())
    .execute(write)
    .await?;
    for statement in CONTENT {
        let statement =
            statement.replace("{threads}", THREADS).replace("{without_content}", WITHOUT_CONTENT);
        query(statement).bind(&id).execute(write).await?;
    }
    close(store, write, tenant).await?;
    // The hash of each entry covers the one before: none can stay without its elders.
    let trail = match write.dialect() {
        Dialect::Sqlite => "DELETE FROM events WHERE tenant = $1",
        Dialect::Postgres => "SELECT erase_trail($1)",
    };
    query(trail).bind(&id).execute(write).await?;
    let tombstone =
        Event { id: Some(event.to_string()), ..Event::after(ERASED, codec::json(&stored)?) };
    events::append(store, write, &Author { tenant, member: None }, tombstone).await?;
    store.kept.forget(tenant);
    Ok(stored)
}

/// What remains of a message: its identifiers, and when it came. Its sender is nobody.
pub const WITHOUT_CONTENT: &str = "sender = '', recipient = '', profile_name = '', body = '', \
     button = NULL, attachments = '[]', locale = NULL, trace = NULL";

/// What holds content, in the order in which it can go.
const CONTENT: [&str; 10] = [
    "DELETE FROM outbound WHERE conversation IN {threads}",
    "UPDATE inbound SET {without_content} WHERE conversation IN {threads}",
    "UPDATE conversations SET memory = '{}', reminders = 0, reminded_at = NULL WHERE id IN {threads}",
    "DELETE FROM invoice_lines WHERE tenant = $1",
    "DELETE FROM invoices WHERE tenant = $1",
    "DELETE FROM answers WHERE tenant = $1",
    "DELETE FROM document_traces WHERE tenant = $1",
    "DELETE FROM vendor_hints WHERE tenant = $1",
    "DELETE FROM kept_files WHERE tenant = $1",
    // What was spent stays: the caps are those of the installation.
    "UPDATE model_calls SET input = '', document = NULL WHERE tenant = $1",
];

/// Ends all other turns unread: their leases are lost, and nobody is told of their failures.
async fn end_turns(store: &Database, write: &mut Write, id: &str, job: &str) -> StoreResult<()> {
    for which in ["state = 'open'", "id IN (SELECT job FROM dead_letters)"] {
        query(format!(
            "UPDATE jobs SET state = CASE WHEN state = 'open' THEN 'done' ELSE state END, \
             due_at = NULL, lease_token = NULL, ended_at = COALESCE(ended_at, $2) \
             WHERE {which} AND id <> $3 AND conversation IN {THREADS}"
        ))
        .bind(id)
        .bind(store.now())
        .bind(job)
        .execute(write)
        .await?;
    }
    Ok(())
}

/// Makes a stranger of everyone whose address is his own. The owner of the installation keeps his
/// empty book, and how amounts and days are meant in it.
async fn close(store: &Database, write: &mut Write, tenant: TenantId) -> StoreResult<()> {
    let id = tenant.to_string();
    let own = query("SELECT is_owner, habits FROM tenants WHERE id = $1")
        .bind(&id)
        .fetch_one(write)
        .await?;
    let is_owner = row::int(&own, "is_owner")? == 1;
    let habits = if is_owner {
        let habits: Habits = codec::from_json(&row::text(&own, "habits")?, "habits")?;
        codec::json(&Habits { seller: Party::default(), ..habits })?
    } else {
        "{}".to_owned()
    };
    query("UPDATE tenants SET habits = $2, erased_at = $3 WHERE id = $1")
        .bind(&id)
        .bind(habits)
        .bind(store.now())
        .execute(write)
        .await?;
    if is_owner {
        return Ok(());
    }
    query("UPDATE members SET address = CONCAT('erased:', id) WHERE tenant = $1")
        .bind(&id)
        .execute(write)
        .await?;
    query(format!("UPDATE conversations SET closed_at = $2 WHERE id IN {THREADS}"))
        .bind(&id)
        .bind(store.now())
        .execute(write)
        .await?;
    Ok(())
}
