//! Hands out work under leases, and commits what comes of it.
//!
//! Only the eldest open job of a conversation has a due time; it is the run time of a free job and
//! the end of the lease of a claimed one, so that one index finds both.

use super::{
    changes::{Author, apply},
    inbox, replies, senders,
};
use crate::{
    Database, codec,
    engine::{Hold, Row, Write, query, row},
};
use async_trait::async_trait;
use domain::{ids::InboundId, outcome::Outcome};
use ports::store::{
    Burial, Claim, JobState, Lease, Queue, QueueCounts, StoreError, StoreResult, Work,
};
use std::time::Duration;

#[async_trait]
impl Queue for Database {
    async fn claim(&self, limit: u32, lease_for: Duration) -> StoreResult<Vec<Claim>> {
        let mut write = self.begin().await?;
        let now = self.now();
        let due = query(format!(
            "SELECT id FROM jobs WHERE state = 'open' AND due_at <= $1 ORDER BY due_at, id \
             LIMIT $2{}",
            write.dialect().skip_locked()
        ))
        .bind(now)
        .bind(limit)
        .fetch_all(&mut write)
        .await?;
        let mut claims = Vec::with_capacity(due.len());
        for job in &due {
            let id = row::text(job, "id")?;
            claims.push(self.lease(&mut write, &id, codec::later(now, lease_for)).await?);
        }
        write.commit().await?;
        Ok(claims)
    }

    async fn heartbeat(&self, lease: &Lease, lease_for: Duration) -> StoreResult<()> {
        let mut write = self.begin().await?;
        let until = codec::later(self.now(), lease_for);
        let done = query(
            "UPDATE jobs SET due_at = $1 WHERE id = $2 AND lease_token = $3 AND state = 'open'",
        )
        .bind(until)
        .bind(lease.job.to_string())
        .bind(lease.token.to_string())
        .execute(&mut write)
        .await?;
        held(done)?;
        write.commit().await
    }

    async fn finish(&self, lease: &Lease, outcome: &Outcome) -> StoreResult<()> {
        let mut write = self.begin().await?;
        let turn = held_turn(&mut write, lease).await?;
        for change in &outcome.changes {
            apply(self, &mut write, &turn.author, change).await?;
        }
        replies::store(self, &mut write, &turn, &outcome.replies).await?;
        query("UPDATE conversations SET memory = $1 WHERE id = $2")
            .bind(codec::json(&outcome.conversation)?)
            .bind(&turn.conversation)
            .execute(&mut write)
            .await?;
        self.end(&mut write, &turn, "done").await?;
        write.commit().await
    }

    async fn release(&self, lease: &Lease, after: Duration) -> StoreResult<()> {
        let mut write = self.begin().await?;
        let done = query(
            "UPDATE jobs SET due_at = $1, lease_token = NULL \
             WHERE id = $2 AND lease_token = $3 AND state = 'open'",
        )
        .bind(codec::later(self.now(), after))
        .bind(lease.job.to_string())
        .bind(lease.token.to_string())
        .execute(&mut write)
        .await?;
        held(done)?;
        write.commit().await
    }

    async fn bury(&self, lease: &Lease, burial: &Burial) -> StoreResult<()> {
        let mut write = self.begin().await?;
        let turn = held_turn(&mut write, lease).await?;
        replies::store(self, &mut write, &turn, std::slice::from_ref(&burial.apology)).await?;
        query(
            "INSERT INTO dead_letters (job, step, error_class, attempts, buried_at) \
             SELECT id, $1, $2, attempts, $3 FROM jobs WHERE id = $4",
        )
        .bind(burial.step)
        .bind(&burial.error_class)
        .bind(self.now())
        .bind(&turn.job)
        .execute(&mut write)
        .await?;
        self.end(&mut write, &turn, "dead").await?;
        write.commit().await
    }

    async fn reclaim_all(&self) -> StoreResult<u64> {
        if !self.engine.is_alone() {
            return Ok(0);
        }
        let mut write = self.begin().await?;
        let now = self.now();
        let jobs = query(
            "UPDATE jobs SET due_at = $1, lease_token = NULL \
             WHERE state = 'open' AND lease_token IS NOT NULL",
        )
        .bind(now)
        .execute(&mut write)
        .await?;
        let replies = query(
            "UPDATE outbound SET due_at = $1, lease_token = NULL \
             WHERE state = 'waiting' AND lease_token IS NOT NULL",
        )
        .bind(now)
        .execute(&mut write)
        .await?;
        write.commit().await?;
        Ok(jobs.saturating_add(replies))
    }

    async fn state_of(&self, inbound: InboundId) -> StoreResult<Option<JobState>> {
        let mut reader = self.reader().await?;
        let row = query("SELECT state FROM jobs WHERE inbound = $1")
            .bind(inbound.to_string())
            .fetch_optional(&mut reader)
            .await?;
        row.map(|row| match row::text(&row, "state")?.as_str() {
            "open" => Ok(JobState::Open),
            "done" => Ok(JobState::Done),
            "dead" => Ok(JobState::Dead),
            _ => Err(StoreError::Malformed("the state of a job")),
        })
        .transpose()
    }

    async fn counts(&self) -> StoreResult<QueueCounts> {
        let mut reader = self.reader().await?;
        let row = query(
            "SELECT (SELECT COUNT(*) FROM jobs WHERE state = 'open') AS open, \
             (SELECT COUNT(*) FROM jobs WHERE state = 'dead') AS dead, \
             (SELECT COUNT(*) FROM outbound WHERE state = 'waiting') AS outbox",
        )
        .fetch_one(&mut reader)
        .await?;
        Ok(QueueCounts {
            open: row::count(&row, "open")?,
            dead: row::count(&row, "dead")?,
            outbox: row::count(&row, "outbox")?,
        })
    }
}

/// What a held lease is about, as far as a commit needs it.
pub struct HeldTurn {
    /// The job.
    pub job: String,
    /// The message that is answered.
    pub inbound: String,
    /// The thread.
    pub conversation: String,
    /// Whose book it is, and who changes it.
    pub author: Author,
    /// The channel that replies go to.
    pub channel: String,
    /// The recipient of replies.
    pub to: String,
    /// The address that replies come from.
    pub from: String,
}

impl Database {
    /// Takes the lease on a due job, counts the attempt and loads what its turn starts from.
    async fn lease(&self, write: &mut Write, job: &str, until: i64) -> StoreResult<Claim> {
        let token = self.clock.new_id();
        let updated = query(
            "UPDATE jobs SET due_at = $1, lease_token = $2, attempts = attempts + 1 \
             WHERE id = $3 RETURNING attempts",
        )
        .bind(until)
        .bind(token.to_string())
        .bind(job)
        .fetch_one(write)
        .await?;
        let row = query(
            "SELECT inbound.*, inbound.id AS inbound_id, conversations.member, \
             conversations.memory, tenants.habits FROM jobs \
             JOIN inbound ON inbound.id = jobs.inbound \
             JOIN conversations ON conversations.id = jobs.conversation \
             JOIN tenants ON tenants.id = inbound.tenant WHERE jobs.id = $1",
        )
        .bind(job)
        .fetch_one(write)
        .await?;
        Ok(Claim {
            lease: Lease { job: codec::parsed(job, "a job")?, token },
            attempts: u32::try_from(row::int(&updated, "attempts")?).unwrap_or(u32::MAX),
            work: work(&row)?,
        })
    }

    /// Ends a job and makes the next of its conversation due.
    async fn end(&self, write: &mut Write, turn: &HeldTurn, state: &str) -> StoreResult<()> {
        let now = self.now();
        query(
            "UPDATE jobs SET state = $1, due_at = NULL, lease_token = NULL, ended_at = $2 \
             WHERE id = $3",
        )
        .bind(state)
        .bind(now)
        .bind(&turn.job)
        .execute(write)
        .await?;
        query(
            "UPDATE jobs SET due_at = $1 WHERE id = (SELECT id FROM jobs \
             WHERE conversation = $2 AND state = 'open' ORDER BY place LIMIT 1)",
        )
        .bind(now)
        .bind(&turn.conversation)
        .execute(write)
        .await?;
        Ok(())
    }
}

fn work(row: &Row) -> StoreResult<Work> {
    Ok(Work {
        inbound: inbox::read(row)?,
        sender: senders::read(row)?,
        conversation: codec::from_json(&row::text(row, "memory")?, "a conversation")?,
        received_at: codec::instant(row::int(row, "received_at")?)?,
    })
}

/// Returns what a lease is about while it is still held.
async fn held_turn(write: &mut Write, lease: &Lease) -> StoreResult<HeldTurn> {
    write.hold(Hold::Job(lease.job)).await?;
    let row = query(
        "SELECT jobs.id, jobs.inbound, jobs.conversation, inbound.tenant, conversations.member, \
         inbound.channel, inbound.sender, inbound.recipient FROM jobs \
         JOIN inbound ON inbound.id = jobs.inbound \
         JOIN conversations ON conversations.id = jobs.conversation \
         WHERE jobs.id = $1 AND jobs.lease_token = $2 AND jobs.state = 'open'",
    )
    .bind(lease.job.to_string())
    .bind(lease.token.to_string())
    .fetch_optional(write)
    .await?
    .ok_or(StoreError::LeaseLost)?;
    let turn = HeldTurn {
        job: row::text(&row, "id")?,
        inbound: row::text(&row, "inbound")?,
        conversation: row::text(&row, "conversation")?,
        author: Author {
            tenant: row::parsed(&row, "tenant")?,
            member: Some(row::parsed(&row, "member")?),
        },
        channel: row::text(&row, "channel")?,
        to: row::text(&row, "sender")?,
        from: row::text(&row, "recipient")?,
    };
    write.hold(Hold::Tenant(turn.author.tenant)).await?;
    write.hold(Hold::Conversation(&turn.conversation)).await?;
    Ok(turn)
}

/// Returns whether a fenced write found its row.
pub fn held(rows: u64) -> StoreResult<()> {
    if rows == 1 { Ok(()) } else { Err(StoreError::LeaseLost) }
}
