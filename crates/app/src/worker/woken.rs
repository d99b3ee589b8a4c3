//! Keeps this process within call of the others that share its database.

use super::backoff;
use crate::telemetry::meters;
use ports::wake::{Wake, WakeError};
use std::{
    convert::Infallible,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;

/// The first wait before listening again.
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(15);
/// After so long they reach the others.
const SOON: Duration = Duration::from_secs(3);
/// Who was within call for so long starts anew with the waits, and with what is logged.
const STEADY: Duration = Duration::from_secs(60);

/// Carries wake-ups to and from other processes until it is told to stop. A loss is logged once,
/// however often it is tried again: work is found by polling meanwhile.
pub async fn carry(wake: Arc<dyn Wake>, stop: CancellationToken) {
    let mut tries = 0_u32;
    while !stop.is_cancelled() {
        let begun = Instant::now();
        tokio::select! {
            () = stop.cancelled() => return,
            Err(error) = carried(&*wake) => {
                meters::wake_ups_shared(false);
                if begun.elapsed() >= STEADY {
                    tries = 0;
                }
                if tries == 0 {
                    let error = crate::cli::chain(&error);
                    tracing::warn!(error, "wake-ups between processes are lost; work is found by polling");
                }
            }
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(backoff(FIRST_WAIT, tries, LONGEST_WAIT)) => {}
        }
        tries = tries.saturating_add(1);
    }
}

/// Carries wake-ups until they are lost, and notes when they seem to get through: whoever cannot be
/// reached says so at once.
async fn carried(wake: &dyn Wake) -> Result<Infallible, WakeError> {
    let carrying = wake.carry();
    tokio::pin!(carrying);
    if let Ok(ended) = tokio::time::timeout(SOON, &mut carrying).await {
        return ended;
    }
    meters::wake_ups_shared(true);
    carrying.await
}
