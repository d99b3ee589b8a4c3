//! Deletes what is not to be kept any longer: once a day, by one process for all.
//!
//! Invoices stay, with the files that they were read from or printed to, and so does the audit trail.

use super::chores::{Chore, Undone};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use ports::{Ports, store::Kept};
use std::time::Duration;

/// How often it is done.
const EVERY: Duration = Duration::from_secs(24 * 60 * 60);
/// How soon after a failure.
const SOON: Duration = Duration::from_secs(5 * 60);
/// The name of the chore in the database.
const NAME: &str = "retention";
/// How many rows are looked at in one transaction.
const AT_ONCE: u32 = 500;
/// How long others are let in between two of them.
const BREATH: Duration = Duration::from_millis(20);

/// For how many days what is no invoice is kept; nothing for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// Files that no invoice has, and what models have read in them.
    pub media_days: Option<u32>,
    /// What was written from either side.
    pub messages_days: Option<u32>,
}

/// Deletes what is old.
pub(super) struct Forgetting {
    ports: Ports,
    keep: Keep,
    /// How soon after it was last begun it is begun again.
    every: Duration,
}

impl Forgetting {
    pub(super) const fn of(ports: Ports, keep: Keep) -> Self {
        Self { ports, keep, every: EVERY }
    }

    async fn forget_all(&self) -> Result<(), Undone> {
        if self.ports.store.claim_chore(NAME, self.every).await?.is_none() {
            return Ok(());
        }
        let Keep { media_days, messages_days } = self.keep;
        // What was written goes before the replies to it: a message without a reply has lost one.
        let messages = self.forget(Kept::Messages, messages_days).await?;
        let replies = self.forget(Kept::Replies, messages_days).await?;
        let files = self.forget(Kept::Files, media_days).await?;
        let answers = self.forget(Kept::Answers, media_days).await?;
        if [messages, replies, files, answers].iter().any(|count| *count > 0) {
            tracing::info!(messages, replies, files, answers, "what was too old was deleted");
        }
        Ok(())
    }

    /// Deletes what is older than so many days, a page at a time.
    async fn forget(&self, what: Kept, days: Option<u32>) -> Result<u64, Undone> {
        let Some(before) = days.and_then(|days| days_ago(self.ports.clock.now(), days)) else {
            return Ok(0);
        };
        let (mut after, mut count) = (None, 0_u64);
        loop {
            let page = self.ports.store.forget(what, before, after.as_deref(), AT_ONCE).await?;
            count = count.saturating_add(page.count);
            if page.next.is_none() {
                return Ok(count);
            }
            after = page.next;
            tokio::time::sleep(BREATH).await;
        }
    }
}

#[async_trait]
impl Chore for Forgetting {
    const COMPLAINT: &'static str = "what is not to be kept any longer could not be deleted yet";
    const LOOK: Duration = Duration::from_secs(60);

    async fn run(&mut self) -> Result<(), Undone> {
        let done = self.forget_all().await;
        self.every = if done.is_ok() { EVERY } else { SOON };
        done
    }
}

fn days_ago(now: Timestamp, days: u32) -> Option<Timestamp> {
    let hours = i64::from(days).saturating_mul(24);
    now.checked_sub(SignedDuration::from_hours(hours)).ok()
}
