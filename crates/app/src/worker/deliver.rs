//! Sends what waits in the outbox.
//!
//! A reply whose sending may have succeeded is looked up at the provider before it is sent again.
//! Web chat and API replies never come by here: they are read from the transcript.

use super::{POLL, backoff};
use futures::{StreamExt, stream};
use ports::{
    Ports,
    channel::{Channel, ChannelError, Receipt},
    store::{Delivery, StoreResult},
};
use std::{sync::Arc, time::Duration};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// How many replies are claimed and sent at once.
const BATCH: u32 = 8;
/// How long a claimed reply is ours.
const LEASE: Duration = Duration::from_secs(60);
/// How long one send may take; shorter than the lease, so that its end is always noted in time.
const DEADLINE: Duration = Duration::from_secs(45);
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

/// Sends replies until it is told to stop.
pub(super) async fn run(ports: Ports, replies: Arc<Notify>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if !send_batch(&ports).await {
            tokio::select! {
                () = stop.cancelled() => {}
                () = replies.notified() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }
}

/// Sends what is due; returns whether there was anything.
async fn send_batch(ports: &Ports) -> bool {
    let deliveries = match ports.store.claim_deliveries(BATCH, LEASE).await {
        Ok(deliveries) => deliveries,
        Err(error) => {
            tracing::warn!(%error, "no replies could be claimed");
            return false;
        }
    };
    let any = !deliveries.is_empty();
    stream::iter(deliveries)
        .for_each_concurrent(None, |delivery| async move { deliver(ports, &delivery).await })
        .await;
    any
}

async fn deliver(ports: &Ports, delivery: &Delivery) {
    let outbound = &delivery.outbound;
    let sent = match ports.channels.of(outbound.channel) {
        Some(channel) => attempt(ports, &*channel, delivery).await,
        // The channel was switched off: the reply waits for it to come back.
        None => Sent::Later { after: LONGEST_WAIT, unclear: delivery.unclear_since.is_some() },
    };
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
            let wait_ms = after.as_millis();
            tracing::warn!(outbound.id = %id, wait_ms, unclear, "reply will be tried again");
        }
        Sent::Never { code } => tracing::error!(outbound.id = %id, code, "reply refused for good"),
    }
    if let Err(error) = noted {
        tracing::warn!(outbound.id = %id, %error, "what became of a reply was not noted");
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
    let known = ports.store.sent_ids(&outbound.to, since).await.map_err(|_| again)?;
    let found = tokio::time::timeout(DEADLINE, channel.find_sent(outbound, since, &known));
    match found.await {
        Ok(Ok(receipt)) => Ok(receipt),
        Ok(Err(error)) => Err(error.retry().unwrap_or(again).max(again)),
        Err(_) => Err(again),
    }
}

fn after_error(error: &ChannelError, attempts: u32) -> Sent {
    match error {
        ChannelError::Unavailable(_) => Sent::Later { after: wait(attempts), unclear: false },
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
