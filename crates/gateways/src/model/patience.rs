//! How long a failed call waits before the next attempt, and when it gives up.

use async_trait::async_trait;
use jiff::Timestamp;
use ports::clock::Clock;
use std::{sync::Arc, time::Duration};

/// The most attempts of one call.
const MAX_ATTEMPTS: u32 = 4;
/// The first wait where the server names none; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The longest of those waits.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Lets time pass between two attempts.
#[async_trait]
pub trait Pause: Send + Sync {
    /// Returns after a while.
    async fn pause(&self, wait: Duration);
}

/// Real time.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealPause;

#[async_trait]
impl Pause for RealPause {
    async fn pause(&self, wait: Duration) {
        tokio::time::sleep(wait).await;
    }
}

/// The patience of one call.
pub struct Patience {
    clock: Arc<dyn Clock>,
    begun: Timestamp,
    total: Duration,
    attempts: u32,
}

impl Patience {
    /// Begins a call that may take so long in all.
    pub fn begin(clock: Arc<dyn Clock>, total: Duration) -> Self {
        Self { begun: clock.now(), clock, total, attempts: 0 }
    }

    /// Returns how much of the time is left; a clock that was put back gives no more of it.
    pub fn left(&self) -> Duration {
        let taken = self.clock.now().duration_since(self.begun);
        self.total.saturating_sub(Duration::try_from(taken).unwrap_or_default())
    }

    /// Counts a failed attempt and returns how long to wait before the next; nothing if there is
    /// none to come. What the server asks for is obeyed where it fits into the time that is left.
    pub fn next(&mut self, asked: Option<Duration>) -> Option<Duration> {
        self.attempts = self.attempts.saturating_add(1);
        if self.attempts >= MAX_ATTEMPTS {
            return None;
        }
        let wait = asked.unwrap_or_else(|| self.backoff());
        (wait < self.left()).then_some(wait)
    }

    /// Twice as long each time, less up to a quarter by chance, so that callers who failed together
    /// do not come back together; never under a second.
    fn backoff(&self) -> Duration {
        let doubled =
            FIRST_WAIT.saturating_mul(2_u32.saturating_pow(self.attempts.saturating_sub(1)));
        let longest = doubled.min(LONGEST_WAIT);
        let [.., chance] = *self.clock.new_id().as_bytes();
        let less = longest.checked_div(1_024).unwrap_or_default().saturating_mul(chance.into());
        longest.saturating_sub(less).max(FIRST_WAIT)
    }
}
