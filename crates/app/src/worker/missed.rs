//! Asks the provider for messages that never came; the database keeps up to when everything is known.

use super::{
    Ties,
    chores::{Chore, Undone},
};
use crate::telemetry::meters;
use async_trait::async_trait;
use domain::{
    message::{ChannelKind, NewInbound},
    tenant::Habits,
};
use jiff::{SignedDuration, Timestamp};
use ports::{
    Ports,
    channel::{Channel, ChannelError, Received},
    store::Accepted,
};
use std::{sync::Arc, time::Duration};

/// How often missed messages are asked for.
const EVERY: Duration = Duration::from_secs(60);
/// How soon after it was last begun when a process starts, which may be the end of an outage, and after
/// a failure.
const SOON: Duration = Duration::from_secs(5);
/// The name of the chore in the database.
const MISSED: &str = "missed_messages";
/// A message younger than this may still come by itself.
const YOUNG: SignedDuration = SignedDuration::from_secs(30);
/// How much of what is known already is looked through again: the provider lists some late.
const AGAIN: SignedDuration = SignedDuration::from_mins(10);
/// The oldest that is asked for. Nobody waits longer for an answer, and after a day none may be sent.
const OLDEST: SignedDuration = SignedDuration::from_hours(72);

/// Looks for missed messages.
pub(super) struct CatchingUp {
    ports: Ports,
    ties: Ties,
    habits: Arc<Habits>,
    channel: Arc<dyn Channel>,
    /// How soon after it was last begun it is begun again.
    every: Duration,
}

#[async_trait]
impl Chore for CatchingUp {
    const COMPLAINT: &'static str = "messages that were missed could not be looked for";
    const LOOK: Duration = Duration::from_secs(15);

    async fn run(&mut self) -> Result<(), Undone> {
        let done = self.catch_up(self.every).await;
        self.every = if done.is_ok() { EVERY } else { SOON };
        done
    }
}

impl CatchingUp {
    /// Makes it; nothing where no provider can be asked.
    pub(super) fn of(ports: Ports, ties: Ties, habits: Arc<Habits>) -> Option<Self> {
        let channel = ports.channels.of(ChannelKind::Twilio)?;
        Some(Self { ports, ties, habits, channel, every: SOON })
    }

    /// Takes in what the provider has received for us and we have not, unless somebody has looked
    /// within this time. Whatever ends it in the middle, it begins there again.
    async fn catch_up(&self, every: Duration) -> Result<(), Undone> {
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        let Some(reached) = store.claim_chore(MISSED, every).await? else { return Ok(()) };
        if reached >= now {
            // The first time ever: what came before this installation was not meant for it.
            return Ok(());
        }
        let since = earlier(reached, AGAIN).max(earlier(now, OLDEST));
        let until = earlier(now, YOUNG);
        let mut received = self.channel.received(since).await?;
        received.retain(|received| received.sent_at <= until);
        let ids: Vec<String> =
            received.iter().map(|received| received.message.provider_id.clone()).collect();
        let known = store.known(ChannelKind::Twilio, &ids).await?;
        for received in received {
            if !known.contains(&received.message.provider_id) {
                self.take_in(received).await?;
            }
        }
        Ok(store.note_reached(MISSED, until).await?)
    }

    async fn take_in(&self, received: Received) -> Result<(), Undone> {
        let Received { mut message, has_files, .. } = received;
        if has_files {
            match self.channel.files_of(&message.provider_id).await {
                Ok(files) => message.attachments = files,
                // Deleted there meanwhile: what was written still gets its answer.
                Err(ChannelError::Refused { .. } | ChannelError::NoSuchFile) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let is_empty =
            |message: &NewInbound| message.text.is_empty() && message.attachments.is_empty();
        if is_empty(&message) {
            return Ok(());
        }
        if let Accepted::New(id) = self.ports.store.accept(&message, &self.habits).await? {
            self.ties.wake.ring();
            meters::missed(message.channel.word());
            tracing::info!(inbound.id = %id, "message found at the provider that had not come by itself");
        }
        Ok(())
    }
}

fn earlier(instant: Timestamp, by: SignedDuration) -> Timestamp {
    instant.checked_sub(by).unwrap_or(Timestamp::MIN)
}
