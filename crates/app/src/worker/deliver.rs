//! Sends what waits in the outbox.
//!
//! A reply whose sending may have succeeded is looked up at the provider before it is sent again.
//! Web chat and API replies never come by here: they are read from the transcript.

use super::{Looks, Rush, backoff};
use crate::{
    cli::chain,
    telemetry::{meters, traces},
};
use jiff::SignedDuration;
use ports::{
    Ports,
    channel::{Channel, ChannelError, Receipt},
    store::{Delivery, StoreResult},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{sync::Notify, task::JoinSet};
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, Span};

/// How many replies are on their way at once; each waits for the provider most of its time.
const PLACES: usize = 128;
/// How many are on their way for each turn that may begin while more comes in than is stored at once.
const FOR_A_TURN: usize = 4;
/// How long a claimed reply is ours. Where its process has ended, it is another one's within a minute.
const LEASE: Duration = Duration::from_secs(50);
/// How long the look-up of an earlier send may take.
const LOOK_UP: Duration = Duration::from_secs(15);
/// How long one send may take; with the look-up before it shorter than the lease, so that nobody else
/// takes a reply for unsent that is on its way.
const DEADLINE: Duration = Duration::from_secs(30);
/// The first wait after a failed try.
const FIRST_WAIT: Duration = Duration::from_secs(2);
/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// What a try has led to.
#[derive(Debug, PartialEq, Eq)]
enum Sent {
    Accepted(Receipt),
    Later { after: Duration, unclear: bool },
    Never { code: u32 },
}

impl Sent {
    /// Returns the word that it is counted under.
    const fn word(&self) -> &'static str {
        match self {
            Self::Accepted(_) => "sent",
            Self::Later { unclear: true, .. } => "unclear",
            Self::Later { .. } => "later",
            Self::Never { .. } => "refused",
        }
    }
}

/// Returns the span of one try, in the trace of the message that is answered.
fn span(delivery: &Delivery) -> Span {
    let outbound = &delivery.outbound;
    let span = tracing::info_span!(
        "deliver", otel.kind = "client", outbound.id = %outbound.id,
        channel = outbound.channel.word(), trace.id = tracing::field::Empty,
    );
    traces::follow(&span, delivery.trace.as_deref());
    span
}

/// Sends replies until it is told to stop, then waits for those on their way.
pub(super) async fn run(ports: Ports, rush: Rush, replies: Arc<Notify>, stop: CancellationToken) {
    let (mut sending, mut looks) = (JoinSet::new(), Looks::new());
    while !stop.is_cancelled() {
        let turns = usize::try_from(rush.allowed_lately()).unwrap_or(usize::MAX);
        let places = PLACES.min(turns.saturating_mul(FOR_A_TURN));
        let taken = send_due(&ports, &mut sending, places).await;
        looks.next(taken, || replies.notified(), sending.join_next(), &stop).await;
    }
    while sending.join_next().await.is_some() {}
}

/// Begins to send what is due, as far as there are places; returns how much it is.
async fn send_due(ports: &Ports, sending: &mut JoinSet<()>, places: usize) -> usize {
    while sending.try_join_next().is_some() {}
    let free = u32::try_from(places.saturating_sub(sending.len())).unwrap_or(0);
    if free == 0 {
        return 0;
    }
    let deliveries = match ports.store.claim_deliveries(free, LEASE).await {
        Ok(deliveries) => deliveries,
        Err(error) => {
            tracing::warn!(error = chain(&error), "no replies could be claimed");
            return 0;
        }
    };
    let taken = deliveries.len();
    for delivery in deliveries {
        let (ports, span) = (ports.clone(), span(&delivery));
        sending.spawn(async move { deliver(&ports, &delivery).await }.instrument(span));
    }
    taken
}

async fn deliver(ports: &Ports, delivery: &Delivery) {
    let outbound = &delivery.outbound;
    let started = Instant::now();
    let sent = match ports.channels.of(outbound.channel) {
        Some(channel) => attempt(ports, &*channel, delivery).await,
        // The channel was switched off: the reply waits for it to come back.
        None => Sent::Later { after: LONGEST_WAIT, unclear: delivery.unclear_since.is_some() },
    };
    meters::delivery(outbound.channel.word(), sent.word(), started.elapsed());
    let noted = match &sent {
        Sent::Accepted(receipt) => ports.store.mark_sent(delivery, &receipt.provider_id).await,
        Sent::Later { after, unclear } => ports.store.defer(delivery, *after, *unclear).await,
        Sent::Never { code } => ports.store.mark_failed(delivery, *code).await,
    };
    report(delivery, &sent, noted);
}

fn report(delivery: &Delivery, sent: &Sent, noted: StoreResult<()>) {
    let id = delivery.outbound.id;
    match sent {
        Sent::Accepted(_) => tracing::info!(outbound.id = %id, "reply sent"),
        Sent::Later { after, unclear } => {
            let wait_ms = u64::try_from(after.as_millis()).unwrap_or(u64::MAX);
            tracing::warn!(outbound.id = %id, wait_ms, unclear, "reply will be tried again");
        }
        Sent::Never { code } => tracing::error!(outbound.id = %id, code, "reply refused for good"),
    }
    if let Err(error) = noted {
        tracing::warn!(outbound.id = %id, error = chain(&error), "what became of a reply was not noted");
    }
}

async fn attempt(ports: &Ports, channel: &dyn Channel, delivery: &Delivery) -> Sent {
    if delivery.unclear_since.is_some() {
        match look_up(ports, channel, delivery).await {
            Ok(Some(receipt)) => return Sent::Accepted(receipt),
            Ok(None) => {}
            Err(after) => return Sent::Later { after, unclear: true },
        }
    }
    match tokio::time::timeout(DEADLINE, channel.send(&delivery.outbound)).await {
        Ok(Ok(receipt)) => Sent::Accepted(receipt),
        Ok(Err(error)) => after_error(&error, delivery.attempts),
        Err(_) => Sent::Later { after: wait(delivery.attempts), unclear: true },
    }
}

/// Replies that were sent for so long before a try are told from it by their identifiers.
const JUST_BEFORE: SignedDuration = SignedDuration::from_mins(1);

/// The provider's clock may be so far behind ours.
const SKEW: SignedDuration = SignedDuration::from_secs(10);

/// Returns the receipt of an earlier try that did get through, or how long to wait before asking
/// again.
async fn look_up(
    ports: &Ports,
    channel: &dyn Channel,
    delivery: &Delivery,
) -> Result<Option<Receipt>, Duration> {
    let Some(since) = delivery.unclear_since else { return Ok(None) };
    let outbound = &delivery.outbound;
    let again = wait(delivery.attempts);
    // What was sent just before counts too: the provider tells the time in whole seconds.
    let before = since.checked_sub(JUST_BEFORE).unwrap_or(since);
    let known = ports.store.sent_ids(&outbound.to, before).await.map_err(|_| again)?;
    let since = since.checked_sub(SKEW).unwrap_or(since);
    let found = tokio::time::timeout(LOOK_UP, channel.find_sent(outbound, since, &known));
    match found.await {
        Ok(Ok(receipt)) => Ok(receipt),
        Ok(Err(error)) => Err(error.retry().unwrap_or(again).max(again)),
        Err(_) => Err(again),
    }
}

fn after_error(error: &ChannelError, attempts: u32) -> Sent {
    match error {
        ChannelError::Unavailable(_) => Sent::Later { after: wait(attempts), unclear: false },
        ChannelError::Unauthorized => {
            tracing::error!(
                "the provider refuses our credentials: check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"
            );
            Sent::Later { after: wait(attempts), unclear: false }
        }
        ChannelError::RateLimited { after } => {
            Sent::Later { after: (*after).max(wait(attempts)), unclear: false }
        }
        ChannelError::Unclear(_) => Sent::Later { after: wait(attempts), unclear: true },
        ChannelError::Refused { code } => Sent::Never { code: *code },
        ChannelError::NoSuchFile => Sent::Never { code: 404 },
        ChannelError::TooLarge => Sent::Never { code: 413 },
    }
}

fn wait(attempts: u32) -> Duration {
    backoff(FIRST_WAIT, attempts, LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unclear_end_keeps_its_mark_and_a_refusal_is_final() {
        let lost = ChannelError::Unclear("reset".into());
        assert_eq!(
            after_error(&lost, 0),
            Sent::Later { after: Duration::from_secs(2), unclear: true }
        );
        assert_eq!(
            after_error(&ChannelError::Refused { code: 63016 }, 0),
            Sent::Never { code: 63016 }
        );
    }

    #[test]
    fn a_provider_that_asks_for_time_gets_it() {
        let slow = ChannelError::RateLimited { after: Duration::from_secs(30) };
        assert_eq!(
            after_error(&slow, 1),
            Sent::Later { after: Duration::from_secs(30), unclear: false }
        );
    }
}
