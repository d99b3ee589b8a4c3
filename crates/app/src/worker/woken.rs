//! Keeps this process within call of the others that share its database.

use super::backoff;
use ports::wake::Wake;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;

/// The first wait before listening again.
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(15);
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
            Err(error) = wake.carry() => {
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
