//! What one process does for all, now and then: asks the provider for messages that never came.
//!
//! Whoever comes first does it; the database keeps who began when, and how far everything is known.

use super::Ties;
use crate::telemetry::meters;
use domain::{
    message::{ChannelKind, NewInbound},
    tenant::Habits,
};
use jiff::{SignedDuration, Timestamp};
use ports::{
    Ports,
    channel::{Channel, ChannelError, Received},
    store::{Accepted, StoreError},
};
use std::{sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;

/// How often it is looked whether something is to be done.
const LOOK: Duration = Duration::from_secs(15);
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

/// Why missed messages were not taken in.
#[derive(Debug, thiserror::Error)]
enum NotAsked {
    #[error("the provider cannot be asked")]
    Channel(#[from] ChannelError),
    #[error("the database is unavailable")]
    Store(#[from] StoreError),
}

/// Does what is due until it is told to stop.
pub(super) async fn run(ports: Ports, ties: Ties, habits: Arc<Habits>, stop: CancellationToken) {
    let Some(channel) = ports.channels.of(ChannelKind::Twilio) else { return };
    let catching_up = CatchingUp { ports, ties, habits, channel };
    let (mut every, mut is_warned) = (SOON, false);
    while !stop.is_cancelled() {
        tokio::select! {
            () = stop.cancelled() => return,
            done = catching_up.run(every) => match done {
                Ok(()) => (every, is_warned) = (EVERY, false),
                Err(error) => {
                    // Once, however often it is tried.
                    if !is_warned {
                        let error = crate::cli::chain(&error);
                        tracing::warn!(error, "messages that were missed could not be looked for");
                    }
                    (every, is_warned) = (SOON, true);
                }
            }
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

struct CatchingUp {
    ports: Ports,
    ties: Ties,
    habits: Arc<Habits>,
    channel: Arc<dyn Channel>,
}

impl CatchingUp {
    /// Takes in what the provider has received for us and we have not, unless somebody has looked
    /// within this time. Whatever ends it in the middle, it begins there again.
    async fn run(&self, every: Duration) -> Result<(), NotAsked> {
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

    async fn take_in(&self, received: Received) -> Result<(), NotAsked> {
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
