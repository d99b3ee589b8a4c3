//! What runs beside the web server: turns on messages, the replies on their way out, and what one
//! process does for all.
//!
//! All loops take their work from the database under a lease; being woken only makes them faster.

mod caption;
mod chores;
mod deliver;
mod erased;
mod failure;
mod fetch;
mod in_time;
mod missed;
mod pace;
mod pulse;
mod reminders;
mod retention;
mod rush;
mod slots;
mod strays;
mod throttle;
mod turn;
mod watched;
mod woken;

pub use erased::delete_files;
pub use pulse::Pulse;
pub use retention::Keep;
pub use rush::Rush;
pub use throttle::Throttle;
pub use woken::carry;

use domain::tenant::Habits;
use ports::{Ports, cache::Cache, wake::Wake};
use std::{sync::Arc, time::Duration};
use tokio::{sync::Notify, time::Instant};
use tokio_util::sync::CancellationToken;

/// How long a loop sleeps when nobody wakes it.
const POLL: Duration = Duration::from_millis(500);

/// The shortest while between two looks into the queue: under load, what comes in meanwhile is taken
/// together.
const BREATH: Duration = Duration::from_millis(10);

/// Keeps looks into the queue apart, and delays none that comes after a rest.
#[derive(Default)]
struct Breath(Option<Instant>);

impl Breath {
    async fn take(&mut self) {
        if let Some(next) = self.0 {
            tokio::time::sleep_until(next).await;
        }
        self.0 = Instant::now().checked_add(BREATH);
    }
}

/// What the workers share with the rest of their process, and with others.
#[derive(Clone)]
pub struct Ties {
    /// Says that something has come in; a hint only.
    pub wake: Arc<dyn Wake>,
    /// Whether the workers get on.
    pub pulse: Arc<Pulse>,
    /// Whether more comes in than is stored at once.
    pub rush: Rush,
    /// How often each sender is answered.
    pub throttle: Throttle,
    /// What was found out a moment ago.
    pub cache: Arc<dyn Cache>,
}

/// Runs turns and deliveries until it is told to stop; what is running then gets a few seconds to
/// end, and what does not is given back to the queue.
pub async fn run(ports: Ports, ties: Ties, stop: CancellationToken) {
    let (replies, rush) = (Arc::new(Notify::new()), ties.rush.clone());
    tokio::join!(
        turn::run(ports.clone(), ties, Arc::clone(&replies), stop.clone()),
        deliver::run(ports, rush, replies, stop),
    );
}

/// Does what one process does for all, until it is told to stop; who is new among those whose messages
/// are found begins with these habits.
pub async fn look_after(
    ports: Ports,
    ties: Ties,
    habits: Arc<Habits>,
    keep: Keep,
    stop: CancellationToken,
) {
    let catching_up = async {
        if let Some(chore) = missed::CatchingUp::of(ports.clone(), ties.clone(), habits) {
            chores::tend(chore, stop.clone()).await;
        }
    };
    tokio::join!(
        catching_up,
        chores::tend(reminders::Reminding::of(ports.clone(), ties.clone()), stop.clone()),
        chores::tend(retention::Forgetting::of(ports.clone(), keep), stop.clone()),
        chores::tend(strays::Gathering(ports.clone()), stop.clone()),
        chores::tend(erased::Deleting(ports.clone()), stop.clone()),
    );
}

/// Returns how long to wait before another try: twice as long after each one, at most `longest`.
fn backoff(first: Duration, tries: u32, longest: Duration) -> Duration {
    let factor = 2_u32.saturating_pow(tries.min(16));
    first.saturating_mul(factor).min(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_up_to_the_longest() {
        let wait =
            |tries| backoff(Duration::from_secs(2), tries, Duration::from_secs(60)).as_secs();
        assert_eq!([wait(0), wait(1), wait(4), wait(5), wait(400)], [2, 4, 32, 60, 60]);
    }
}
