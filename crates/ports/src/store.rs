//! The database, by what is asked of it.
//!
//! Every call that touches a tenant's rows takes [`TenantId`] first. Instants are handed in by the
//! caller's clock except for leases, which run on the store's own.

use crate::model::{Names, Usage};
use async_trait::async_trait;
use domain::{
    conversation::Conversation,
    correction::Target,
    dates::Date,
    document::ContentHash,
    ids::{ConversationId, InboundId, InvoiceId, JobId, OutboundId, TenantId},
    invoice::Invoice,
    message::{ChannelKind, Inbound, NewInbound, NewOutbound, Outbound},
    outcome::{Outcome, Undoable},
    question::{Answer, InvoiceRow, QueryPlan},
    tenant::{Habits, Sender},
};
use jiff::Timestamp;
use std::time::Duration;
use uuid::Uuid;

/// Why the database did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached, is busy or has no space left; later may work.
    #[error("the database is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What the commit was based on has changed: run the turn again.
    #[error("the stored state has changed since it was read")]
    Conflict,
    /// The lease has passed to another worker: nothing was written.
    #[error("the lease on this work was lost")]
    LeaseLost,
    /// A stored value cannot be understood; a newer version may have written it.
    #[error("a stored value is malformed: {0}")]
    Malformed(&'static str),
    /// The schema is newer than this program.
    #[error("the database was written by a newer version")]
    TooNew,
    /// The query took too long or would return too much.
    #[error("the query exceeds its limits")]
    TooLarge,
}

impl StoreError {
    /// Returns how long to wait before the same call may succeed; nothing if it never will.
    #[must_use]
    pub const fn retry(&self) -> Option<Duration> {
        match self {
            Self::Unavailable(_) => Some(Duration::from_secs(2)),
            Self::Conflict => Some(Duration::ZERO),
            Self::LeaseLost | Self::Malformed(_) | Self::TooNew | Self::TooLarge => None,
        }
    }
}

/// A result of the database.
pub type StoreResult<T> = Result<T, StoreError>;

/// What became of a message that was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// It is stored, and its job with it.
    New(InboundId),
    /// The provider had sent it before; nothing was written.
    Duplicate(InboundId),
}

/// Takes messages in.
#[async_trait]
pub trait Inbox: Send + Sync {
    /// Stores a message and its job in one transaction, durable when it returns. A sender who was
    /// never seen gets a tenant, a member and a conversation; `habits` are for a new tenant.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`]: the message must not be acknowledged.
    async fn accept(&self, message: &NewInbound, habits: &Habits) -> StoreResult<Accepted>;

    /// Returns the tenant, member and conversation of a sender, made if he is new.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn sender(
        &self,
        channel: ChannelKind,
        from: &str,
        habits: &Habits,
    ) -> StoreResult<Sender>;
}

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

/// Hands out work.
#[async_trait]
pub trait Queue: Send + Sync {
    /// Claims up to `limit` due jobs for `lease_for`, the oldest first, never two of one
    /// conversation and never one whose elder is unfinished. Counts the attempt. Jobs whose
    /// attempts exceed the limit of three are returned too: the caller buries them.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn claim(&self, limit: u32, lease_for: Duration) -> StoreResult<Vec<Claim>>;

    /// Extends a lease.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`] if it has passed on: stop working.
    async fn heartbeat(&self, lease: &Lease, lease_for: Duration) -> StoreResult<()>;

    /// Commits an outcome: changes, replies, memory and the end of the job, all or nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`] and [`StoreError::Conflict`]: nothing was written.
    async fn finish(&self, lease: &Lease, outcome: &Outcome) -> StoreResult<()>;

    /// Gives a job back, to be run again after a while. The attempt is not taken back.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`].
    async fn release(&self, lease: &Lease, after: Duration) -> StoreResult<()>;

    /// Ends a job for good: dead letter and apology in one transaction.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`].
    async fn bury(&self, lease: &Lease, burial: &Burial) -> StoreResult<()>;

    /// Makes every leased job and reply due at once. Only for a process that knows it is alone,
    /// such as the embedded default after it has locked its data folder.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn reclaim_all(&self) -> StoreResult<u64>;

    /// Returns whether a message's job has ended, and how.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn state_of(&self, inbound: InboundId) -> StoreResult<Option<JobState>>;

    /// Returns how many jobs are waiting or running, and how many are dead letters.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn counts(&self) -> StoreResult<QueueCounts>;
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

/// A reply that was claimed for sending.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The reply.
    pub outbound: Outbound,
    /// Proves that the claim has not passed on.
    pub token: Uuid,
    /// How often it has been tried before this time.
    pub attempts: u32,
    /// When an earlier try began whose end is unknown: look it up before sending.
    pub unclear_since: Option<Timestamp>,
}

/// Hands out replies.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Claims up to `limit` due replies for `lease_for`, in the order of each conversation, never
    /// two of one conversation. Web chat and API replies are not claimed: they are read by
    /// [`Outbox::transcript`]. Marks the try as begun, so that a crash in it is known.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn claim_deliveries(&self, limit: u32, lease_for: Duration)
    -> StoreResult<Vec<Delivery>>;

    /// Notes that the provider has accepted a reply.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`].
    async fn mark_sent(&self, delivery: &Delivery, provider_id: &str) -> StoreResult<()>;

    /// Gives a reply back, to be tried again after a while; `unclear` keeps the mark that it may
    /// have left.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`].
    async fn defer(&self, delivery: &Delivery, after: Duration, unclear: bool) -> StoreResult<()>;

    /// Notes that a reply will never leave, and why, by the provider's code.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`].
    async fn mark_failed(&self, delivery: &Delivery, code: u32) -> StoreResult<()>;

    /// Returns the provider ids of replies sent to one address since an instant.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn sent_ids(&self, to: &str, since: Timestamp) -> StoreResult<Vec<String>>;

    /// Returns what was said in a conversation after a place in it, oldest first, at most 200.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn transcript(&self, conversation: ConversationId, after: i64) -> StoreResult<Vec<Said>>;

    /// Returns the replies to one message, in order.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn replies_to(&self, inbound: InboundId) -> StoreResult<Vec<Outbound>>;

    /// Returns the file of a reply, if that reply belongs to the conversation.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn file_of(
        &self,
        conversation: ConversationId,
        outbound: OutboundId,
    ) -> StoreResult<Option<domain::message::SentFile>>;

    /// Returns the file of a reply by the unguessable token of its public link, while that link
    /// is valid; for providers that fetch what we send.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn file_by_token(&self, token: &str) -> StoreResult<Option<domain::message::SentFile>>;
}

/// One line of a conversation, from either side.
#[derive(Debug, Clone)]
pub struct Said {
    /// Its place in the conversation; grows.
    pub place: i64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub line: Line,
}

/// Which side said it.
#[derive(Debug, Clone)]
pub enum Line {
    /// The user.
    User(Box<Inbound>),
    /// Billhook.
    Billhook(Box<Outbound>),
}

/// Reads invoices. Never writes.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Answers a plan from this tenant's rows; `today` settles what is overdue.
    ///
    /// # Errors
    ///
    /// [`StoreError::TooLarge`] if it takes too long.
    async fn answer(&self, tenant: TenantId, plan: &QueryPlan, today: Date) -> StoreResult<Answer>;

    /// Returns one invoice; nothing if it is not this tenant's.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn invoice(&self, tenant: TenantId, id: InvoiceId) -> StoreResult<Option<Invoice>>;

    /// Returns the invoices that a target means, newest first, at most 500. `Context` and
    /// `Unsaid` find nothing: the conversation knows those.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn find(
        &self,
        tenant: TenantId,
        target: &Target,
        today: Date,
    ) -> StoreResult<Vec<Invoice>>;

    /// Returns the invoice that was made from a document.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn by_document(
        &self,
        tenant: TenantId,
        document: ContentHash,
    ) -> StoreResult<Option<InvoiceRow>>;

    /// Returns the invoice with this duplicate key ([`Invoice::duplicate_key`]).
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn by_duplicate_key(
        &self,
        tenant: TenantId,
        key: &str,
    ) -> StoreResult<Option<InvoiceRow>>;

    /// Returns the distinct names in this tenant's invoices, at most 2,000 of each.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn names(&self, tenant: TenantId) -> StoreResult<Names>;

    /// Returns the next free place in the tenant's series of a year, from 1.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn next_sequence(&self, tenant: TenantId, year: i16) -> StoreResult<u32>;

    /// Returns the last change of this tenant that can still be taken back.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn last_undoable(&self, tenant: TenantId) -> StoreResult<Option<Undoable>>;

    /// Returns all invoices of a tenant, oldest first, a page at a time: at most `limit`, after
    /// the given one.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn page(
        &self,
        tenant: TenantId,
        after: Option<InvoiceId>,
        limit: u32,
    ) -> StoreResult<Vec<Invoice>>;
}

/// Remembers what models said, so that a second run costs nothing and says the same.
#[async_trait]
pub trait Answers: Send + Sync {
    /// Returns a remembered answer by the hash of input, model and prompt.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn recall(&self, tenant: TenantId, key: ContentHash) -> StoreResult<Option<String>>;

    /// Remembers an answer; a second one under the same key changes nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn remember(
        &self,
        tenant: TenantId,
        key: ContentHash,
        answer: &Remembered<'_>,
    ) -> StoreResult<()>;
}

/// An answer to remember.
#[derive(Debug, Clone, Copy)]
pub struct Remembered<'a> {
    /// The claim, written down.
    pub text: &'a str,
    /// Which model said it.
    pub model: &'a str,
    /// What it took.
    pub usage: Usage,
}

/// Tenants, for the command line.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Returns a tenant's habits; nothing if there is no such tenant.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn habits(&self, tenant: TenantId) -> StoreResult<Option<Habits>>;

    /// Returns every tenant with the channel address of its first member, oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn tenants(&self) -> StoreResult<Vec<(TenantId, ChannelKind, String)>>;

    /// Stores invoices that come from a file, in one transaction. Those whose identifier is
    /// already there are left as they are; returns how many were new.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: nothing was written.
    async fn import(&self, tenant: TenantId, invoices: &[Invoice]) -> StoreResult<u64>;

    /// Returns how long the database takes to answer.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if it does not.
    async fn ping(&self) -> StoreResult<()>;
}

/// All of the database.
pub trait Store: Inbox + Queue + Outbox + Ledger + Answers + Accounts {}

impl<T: Inbox + Queue + Outbox + Ledger + Answers + Accounts> Store for T {}
