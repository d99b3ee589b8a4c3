//! Hands out work under leases, and commits what comes of it.
//!
//! Only the eldest open job of a conversation has a due time; it is the run time of a free job and
//! the end of the lease of a claimed one, so that one index finds both.

use super::{
    changes::{Author, apply},
    erasing, inbox,
    intake::by_powers_of_two,
    replies::{self, Thread},
    senders,
};
use crate::{
    Database, codec,
    engine::{Bind, Row, Sql, Write, query, row},
    until_it_stands,
};
use async_trait::async_trait;
use domain::{
    ids::InboundId,
    message::{ChannelKind, NewOutbound},
    outcome::{Change, Outcome},
};
use ports::store::{
    Behind, Burial, Claim, JobState, Lease, Oldest, Queue, QueueCounts, Room, StoreError,
    StoreResult, Work,
};
use std::{collections::HashMap, time::Duration};
use uuid::Uuid;

#[async_trait]
impl Queue for Database {
    async fn claim(&self, room: Room, lease_for: Duration) -> StoreResult<Vec<Claim>> {
        let mut write = self.begin_for_everyone().await?;
        let (now, token) = (self.now(), self.clock.new_id());
        let locked = write.dialect().skip_locked();
        let kind = |which: &str, room: &str| {
            format!(
                "SELECT id FROM (SELECT id FROM jobs WHERE state = 'open' AND {which} \
                 AND due_at <= $3 ORDER BY due_at, id LIMIT {room}{locked}) AS kind"
            )
        };
        let leased = query(format!(
            "WITH due AS MATERIALIZED ({} UNION ALL {} UNION ALL {}) UPDATE jobs SET due_at = $1, \
             lease_token = $2, attempts = attempts + 1 WHERE id IN (SELECT id FROM due) \
             RETURNING id",
            kind("has_files = 0 AND attempts = 0", "$4"),
            kind("has_files = 1 AND attempts = 0", "$5"),
            kind("has_files IN (0, 1) AND attempts > 0", "$6")
        ))
        .bind(codec::later(now, lease_for))
        .bind(token.to_string())
        .bind(now)
        .bind(room.words)
        .bind(room.files)
        .bind(room.again)
        .fetch_all(&mut write)
        .await?;
        let ids: Vec<String> =
            leased.iter().map(|row| row::text(row, "id")).collect::<StoreResult<_>>()?;
        let claims = claims(&mut write, &ids, token).await?;
        write.commit().await?;
        Ok(claims)
    }

    async fn heartbeat(&self, lease: &Lease, lease_for: Duration) -> StoreResult<()> {
        until_it_stands(|| async move {
            let mut write = self.begin_for_everyone().await?;
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
        })
        .await
    }

    async fn text_behind(&self, lease: &Lease, within: Duration) -> StoreResult<Option<Behind>> {
        until_it_stands(|| self.find_behind(lease, within)).await
    }

    async fn join(&self, lease: &Lease, behind: &Behind) -> StoreResult<()> {
        until_it_stands(|| self.join_behind(lease, behind)).await
    }

    async fn finish(&self, lease: &Lease, outcome: &Outcome) -> StoreResult<()> {
        match self.finish_in_line(lease, outcome).await {
            Some(finished) => finished,
            None => until_it_stands(|| self.finish_alone(lease, outcome)).await,
        }
    }

    async fn release(&self, lease: &Lease, after: Duration) -> StoreResult<()> {
        until_it_stands(|| async move {
            let mut write = self.begin_for_everyone().await?;
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
        })
        .await
    }

    async fn postpone(
        &self,
        lease: &Lease,
        after: Duration,
        notice: Option<&NewOutbound>,
    ) -> StoreResult<()> {
        until_it_stands(|| async move {
            let mut write = self.begin_for_everyone().await?;
            let turn = held_turn(&mut write, lease).await?;
            replies::store(
                self,
                &mut write,
                &turn.thread,
                notice.map_or(&[], std::slice::from_ref),
                None,
            )
            .await?;
            query(
                "UPDATE jobs SET due_at = $1, lease_token = NULL, attempts = attempts - 1 \
                 WHERE id = $2",
            )
            .bind(codec::later(self.now(), after))
            .bind(&turn.job)
            .execute(&mut write)
            .await?;
            write.commit().await
        })
        .await
    }

    async fn bury(&self, lease: &Lease, burial: &Burial) -> StoreResult<()> {
        until_it_stands(|| async move {
            let mut write = self.begin_for_everyone().await?;
            let turn = held_turn(&mut write, lease).await?;
            replies::store(
                self,
                &mut write,
                &turn.thread,
                std::slice::from_ref(&burial.apology),
                None,
            )
            .await?;
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
        })
        .await
    }

    async fn reclaim_all(&self) -> StoreResult<u64> {
        if !self.engine.is_alone() {
            return Ok(0);
        }
        let mut write = self.begin_for_everyone().await?;
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
        let mut reader = self.reader_for_everyone().await?;
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
        let mut reader = self.reader_for_everyone().await?;
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

    async fn oldest(&self) -> StoreResult<Oldest> {
        let mut reader = self.reader_for_everyone().await?;
        let row = query(
            "SELECT (SELECT MIN(inbound.received_at) FROM jobs JOIN inbound \
             ON inbound.id = jobs.inbound WHERE jobs.state = 'open') AS message, \
             (SELECT MIN(created_at) FROM outbound WHERE state = 'waiting') AS reply",
        )
        .fetch_one(&mut reader)
        .await?;
        let instant = |name| row::maybe_int(&row, name)?.map(codec::instant).transpose();
        Ok(Oldest { message: instant("message")?, reply: instant("reply")? })
    }
}

/// What a held lease is about, as far as a commit needs it.
pub struct HeldTurn {
    /// The job.
    pub job: String,
    /// The thread, and the message that is answered in it.
    pub thread: Thread,
}

impl Database {
    async fn finish_alone(&self, lease: &Lease, outcome: &Outcome) -> StoreResult<()> {
        let mut write = self.begin_for_everyone().await?;
        let is_last = outcome.changes.iter().any(|change| matches!(change, Change::Erase(_)));
        if is_last {
            erasing::hold_turns_beside(&mut write, lease).await?;
        }
        let mut turn = held_turn(&mut write, lease).await?;
        for change in &outcome.changes {
            let by = (&turn.thread.author, Some(turn.job.as_str()));
            apply(self, &mut write, by, change).await?;
        }
        if is_last && turn.thread.channel != ChannelKind::Twilio.word() {
            // The receipt is read where the message was sent from; nobody need be found by it.
            turn.thread.to.clear();
        }
        let memory = codec::json(&outcome.conversation)?;
        replies::store(self, &mut write, &turn.thread, &outcome.replies, Some(memory)).await?;
        self.end(&mut write, &turn, "done").await?;
        write.commit().await
    }

    /// Ends a job and makes the next of its conversation due.
    async fn end(&self, write: &mut Write, turn: &HeldTurn, state: &str) -> StoreResult<()> {
        query(
            "UPDATE jobs SET state = CASE WHEN id = $1 THEN $2 ELSE state END, \
             due_at = CASE WHEN id = $1 THEN NULL ELSE $3 END, lease_token = NULL, \
             ended_at = CASE WHEN id = $1 THEN $3 END WHERE id = $1 OR id = (SELECT id FROM jobs \
             WHERE conversation = $4 AND state = 'open' AND id <> $1 ORDER BY place LIMIT 1)",
        )
        .bind(&turn.job)
        .bind(state)
        .bind(self.now())
        .bind(&turn.thread.conversation)
        .execute(write)
        .await?;
        Ok(())
    }
}

/// Returns what the turns on jobs start from, the oldest message first.
async fn claims(write: &mut Write, jobs: &[String], token: Uuid) -> StoreResult<Vec<Claim>> {
    let mut rows = Vec::with_capacity(jobs.len());
    for part in by_powers_of_two(jobs) {
        let mut sql = Sql::new(
            "SELECT inbound.*, inbound.id AS inbound_id, jobs.id AS job, jobs.attempts, \
             conversations.member, conversations.memory, tenants.habits FROM jobs \
             JOIN inbound ON inbound.id = jobs.inbound \
             JOIN conversations ON conversations.id = jobs.conversation \
             JOIN tenants ON tenants.id = inbound.tenant WHERE jobs.id IN (",
        );
        sql.bind_all(part.iter().map(Bind::from)).push(")");
        rows.extend(sql.fetch(write).await?);
    }
    let claim = |row: &Row| {
        Ok(Claim {
            lease: Lease { job: row::parsed(row, "job")?, token },
            attempts: u32::try_from(row::int(row, "attempts")?).unwrap_or(u32::MAX),
            work: work(row)?,
        })
    };
    let mut claims: Vec<Claim> = rows.iter().map(claim).collect::<StoreResult<_>>()?;
    claims.sort_by_key(|claim| (claim.work.received_at, claim.work.inbound.id));
    Ok(claims)
}

fn work(row: &Row) -> StoreResult<Work> {
    Ok(Work {
        inbound: inbox::read(row)?,
        sender: senders::read(row)?,
        conversation: codec::from_json(&row::text(row, "memory")?, "a conversation")?,
        received_at: codec::instant(row::int(row, "received_at")?)?,
    })
}

const HELD: &str = "SELECT jobs.id, jobs.lease_token, jobs.inbound, jobs.conversation, \
     inbound.tenant, conversations.member, inbound.channel, inbound.sender, inbound.recipient, \
     inbound.sent_at";

/// Returns what a lease is about while it is still held, and holds its job, tenant and conversation
/// until the commit.
pub(super) async fn held_turn(write: &mut Write, lease: &Lease) -> StoreResult<HeldTurn> {
    let row = query(format!(
        "{HELD}{} FROM jobs JOIN inbound ON inbound.id = jobs.inbound \
         JOIN tenants ON tenants.id = inbound.tenant \
         JOIN conversations ON conversations.id = jobs.conversation \
         WHERE jobs.id = $1 AND jobs.lease_token = $2 AND jobs.state = 'open'{}",
        write.dialect().seeing_only("tenants.id"),
        write.dialect().locked(&["jobs", "tenants", "conversations"])
    ))
    .bind(lease.job.to_string())
    .bind(lease.token.to_string())
    .fetch_optional(write)
    .await?
    .ok_or(StoreError::LeaseLost)?;
    read_held(&row)
}

/// Returns what those leases are about that are still held, and holds their jobs and conversations
/// until the commit. Conversations are held in the order in which messages that come in hold them.
pub async fn held_turns(write: &mut Write, leases: &[&Lease]) -> StoreResult<Vec<HeldTurn>> {
    let mut sql = Sql::new(&format!(
        "{HELD} FROM jobs JOIN inbound ON inbound.id = jobs.inbound \
         JOIN conversations ON conversations.id = jobs.conversation \
         WHERE jobs.state = 'open' AND jobs.id IN ("
    ));
    sql.bind_all(leases.iter().map(|lease| lease.job.to_string().into()));
    sql.push(") ORDER BY conversations.id");
    sql.push(&write.dialect().locked(&["jobs", "conversations"]));
    let tokens: HashMap<String, String> =
        leases.iter().map(|lease| (lease.job.to_string(), lease.token.to_string())).collect();
    let mut held = Vec::with_capacity(leases.len());
    for row in sql.fetch(write).await? {
        let (job, token) = (row::text(&row, "id")?, row::maybe_text(&row, "lease_token")?);
        if token.is_some() && tokens.get(&job) == token.as_ref() {
            held.push(read_held(&row)?);
        }
    }
    Ok(held)
}

fn read_held(row: &Row) -> StoreResult<HeldTurn> {
    let author =
        Author { tenant: row::parsed(row, "tenant")?, member: Some(row::parsed(row, "member")?) };
    let thread = Thread {
        inbound: Some(row::text(row, "inbound")?),
        conversation: row::text(row, "conversation")?,
        author,
        channel: row::text(row, "channel")?,
        to: row::text(row, "sender")?,
        from: row::text(row, "recipient")?,
        missed_since: row::maybe_int(row, "sent_at")?,
    };
    Ok(HeldTurn { job: row::text(row, "id")?, thread })
}

/// Returns whether a fenced write found its row.
pub fn held(rows: u64) -> StoreResult<()> {
    if rows == 1 { Ok(()) } else { Err(StoreError::LeaseLost) }
}
