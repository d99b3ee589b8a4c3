//! Hands out work under leases and commits what it leads to.

use super::StoreResult;
use async_trait::async_trait;
use domain::{
    conversation::Conversation,
    ids::{InboundId, JobId},
    message::{Inbound, NewOutbound},
    outcome::Outcome,
    tenant::Sender,
};
use jiff::Timestamp;
use std::time::Duration;
use uuid::Uuid;

/// The right to work on a job until it ends; every later write carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The job.
    pub job: JobId,
    /// Proves that the lease has not passed on.
    pub token: Uuid,
}

/// A job that was claimed: one message to be answered.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The right to work on it.
    pub lease: Lease,
    /// How often it has been claimed, this time included.
    pub attempts: u32,
    /// Everything that its turn starts from.
    pub work: Work,
}

/// What a turn starts from.
#[derive(Debug, Clone)]
pub struct Work {
    /// The message.
    pub inbound: Inbound,
    /// Who sent it.
    pub sender: Sender,
    /// The memory of the conversation.
    pub conversation: Conversation,
    /// When the message was accepted.
    pub received_at: Timestamp,
}

/// A text right behind files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// What was written.
    pub text: String,
    /// Its own job.
    pub job: JobId,
    /// Whether an earlier attempt has joined it to the files.
    pub is_joined: bool,
}

/// A job that will never be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Burial {
    /// Where it failed: `fetch`, `read`, `answer`, `commit`, `crash`.
    pub step: &'static str,
    /// The class of the error; never its text, which may hold personal data.
    pub error_class: String,
    /// What the user is told.
    pub apology: NewOutbound,
}

/// How many jobs a worker can take on. What carries files has a share of its own, so that slow
/// documents never hold up quick words; so has what was begun before and did not end: one of them may
/// be what ends processes, and whoever is in hand at that moment has one attempt less.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Jobs whose message has no file.
    pub words: u32,
    /// Jobs whose message has files.
    pub files: u32,
    /// Jobs of either kind that have been claimed before.
    pub again: u32,
}

/// Hands out work.
#[async_trait]
pub trait Queue: Send + Sync {
    /// Claims as many due jobs as there is room for, for `lease_for`, the oldest first, never two
    /// of one conversation and never one whose elder is unfinished. Counts the attempt. Jobs whose
    /// attempts exceed the limit of three are returned too: the caller buries them.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn claim(&self, room: Room, lease_for: Duration) -> StoreResult<Vec<Claim>>;

    /// Extends a lease.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`](super::StoreError::LeaseLost) if it has passed on: stop working.
    async fn heartbeat(&self, lease: &Lease, lease_for: Duration) -> StoreResult<()>;

    /// Returns the text that came right behind a message of files alone, as some phones send a picture and
    /// its caption: the next message of the conversation, if it is a text without more and came within
    /// this while after the files; or the one that has been joined to them.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`](super::StoreError::LeaseLost).
    async fn text_behind(&self, lease: &Lease, within: Duration) -> StoreResult<Option<Behind>>;

    /// Makes the next message of the conversation a part of this one: it is done with it, and one turn
    /// answers both.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`](super::StoreError::LeaseLost).
    async fn join(&self, lease: &Lease, behind: &Behind) -> StoreResult<()>;

    /// Commits an outcome: changes, replies, memory and the end of the job, all or nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`](super::StoreError::LeaseLost) and [`StoreError::Conflict`](super::StoreError::Conflict): nothing was written.
    async fn finish(&self, lease: &Lease, outcome: &Outcome) -> StoreResult<()>;

    /// Gives a job back, to be run again after a while. The attempt is not taken back.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`](super::StoreError::LeaseLost).
    async fn release(&self, lease: &Lease, after: Duration) -> StoreResult<()>;

    /// Gives a job back untried, to be run after a while: the attempt is taken back. What the person
    /// is told about it, if anything, is stored with it.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`](super::StoreError::LeaseLost).
    async fn postpone(
        &self,
        lease: &Lease,
        after: Duration,
        notice: Option<&NewOutbound>,
    ) -> StoreResult<()>;

    /// Ends a job for good: dead letter and apology in one transaction.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`](super::StoreError::LeaseLost).
    async fn bury(&self, lease: &Lease, burial: &Burial) -> StoreResult<()>;

    /// Makes every leased job and reply due at once. Only for a process that knows it is alone,
    /// such as the embedded default after it has locked its data folder; a database
    /// that others may use too takes nothing back, since the leases may be theirs.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn reclaim_all(&self) -> StoreResult<u64>;

    /// Returns whether a message's job has ended, and how.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn state_of(&self, inbound: InboundId) -> StoreResult<Option<JobState>>;

    /// Returns how many jobs are waiting or running, and how many are dead letters.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn counts(&self) -> StoreResult<QueueCounts>;

    /// Returns since when the oldest message and the oldest reply wait.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError).
    async fn oldest(&self) -> StoreResult<Oldest>;
}

/// What waits longest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Oldest {
    /// When the oldest message was received that is not answered yet.
    pub message: Option<Timestamp>,
    /// When the oldest reply was made that has not left yet.
    pub reply: Option<Timestamp>,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// Waiting or running.
    Open,
    /// Done.
    Done,
    /// A dead letter.
    Dead,
}

/// How full the queue is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QueueCounts {
    /// Waiting or running.
    pub open: u64,
    /// Dead letters.
    pub dead: u64,
    /// Replies that have not left yet.
    pub outbox: u64,
}
