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
use store::Breath;
use tokio::{sync::Notify, time::Instant};
use tokio_util::sync::CancellationToken;

/// How long a loop sleeps when nobody wakes it.
const POLL: Duration = Duration::from_millis(500);

/// The while from one look into the queue to the next: under load, what comes in meanwhile is taken
/// together.
const BREATH: Duration = Duration::from_millis(10);

/// Says when it is time to look into a queue.
struct Looks(Breath);

impl Looks {
    const fn new() -> Self {
        Self(Breath::of(BREATH))
    }

    /// Waits until it is time for the next look, after one that took so much: when something has come in,
    /// when something has ended, behind which another may have stood in line, or when nobody has said
    /// anything for long. What has ended is no hurry: what comes in meanwhile is taken with it.
    async fn next<C: Future<Output = ()>, E>(
        &mut self,
        taken: usize,
        comes: impl Fn() -> C,
        ends: impl Future<Output = Option<E>>,
        stop: &CancellationToken,
    ) {
        let has_come = tokio::select! {
            () = stop.cancelled() => false,
            () = comes() => true,
            Some(_) = ends => tokio::select! {
                () = stop.cancelled() => false,
                () = comes() => true,
                () = tokio::time::sleep(BREATH) => false,
            },
            () = tokio::time::sleep(POLL) => false,
        };
        if has_come {
            let begin = self.0.begin(Instant::now(), taken <= 1);
            if begin > Instant::now() {
                tokio::time::sleep_until(begin).await;
            }
        }
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
    use futures::FutureExt;

    #[tokio::test]
    async fn what_comes_in_is_looked_at_at_once_and_what_has_ended_a_breath_later() {
        let (mut looks, stop) = (Looks::new(), CancellationToken::new());
        let (never, ended) = (std::future::pending::<()>, || std::future::ready(Some(())));
        let come = || std::future::ready(());
        assert!(looks.next(1, never, ended(), &stop).now_or_never().is_none());
        assert!(looks.next(1, come, ended(), &stop).now_or_never().is_some());
        looks.next(1, never, ended(), &stop).await;
        stop.cancel();
        assert!(looks.next(1, never, ended(), &stop).now_or_never().is_some());
    }

    #[test]
    fn waiting_doubles_up_to_the_longest() {
        let wait =
            |tries| backoff(Duration::from_secs(2), tries, Duration::from_secs(60)).as_secs();
        assert_eq!([wait(0), wait(1), wait(4), wait(5), wait(400)], [2, 4, 32, 60, 60]);
    }
}
