//! The pace at which messages of one sender are stored. Whoever sends a flood keeps the database and
//! the processor busy for everyone; the first of his messages is stored at once, the others one after the
//! other. None is refused, and nobody else waits for them.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// From one message of a sender to the next. Several at once would hold all transactions that take messages
/// in, each waiting for the one before it.
const STEP: Duration = Duration::from_millis(25);
/// The longest that a message waits for its step: a provider gives up after 15 s. Whatever comes meanwhile
/// is stored with it.
const LONGEST: Duration = Duration::from_secs(1);
/// From how many senders on those are forgotten whose last step is over.
const MANY: usize = 1_024;

/// When the last message of each sender may be stored.
#[derive(Debug, Default)]
pub(super) struct Pace(Mutex<HashMap<String, Instant>>);

impl Pace {
    /// Waits until a message of this sender may be stored.
    pub(super) async fn wait(&self, sender: &str) {
        let now = Instant::now();
        let at = self.step(sender, now);
        if at > now {
            tokio::time::sleep_until(at).await;
        }
    }

    /// Returns when a message that comes now may be stored; it has its place then.
    fn step(&self, sender: &str, now: Instant) -> Instant {
        let mut steps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = steps.get_mut(sender) {
            *last = after(*last, now);
            return *last;
        }
        if steps.len() >= MANY && steps.len().is_power_of_two() {
            steps.retain(|_, last| after(*last, now) > now);
        }
        steps.insert(sender.to_owned(), now);
        now
    }
}

/// Returns the step of a message that comes now, after the last one of its sender.
fn after(last: Instant, now: Instant) -> Instant {
    if last.saturating_duration_since(now) >= LONGEST {
        return last;
    }
    last.checked_add(STEP).map_or(now, |next| next.max(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns after how many milliseconds each of so many messages that come at once may be stored.
    fn waits(pace: &Pace, sender: &str, now: Instant, count: u32) -> Vec<u128> {
        let steps = (0..count).map(|_| pace.step(sender, now));
        steps.map(|at| at.saturating_duration_since(now).as_millis()).collect()
    }

    #[tokio::test]
    async fn f63_the_first_message_of_a_flood_is_stored_at_once_and_the_others_one_by_one() {
        let (pace, now) = (Pace::default(), Instant::now());
        assert_eq!(waits(&pace, "noisy", now, 5), [0, 25, 50, 75, 100]);
        assert_eq!(waits(&pace, "ana", now, 1), [0], "nobody else waits");
        let later = now + Duration::from_millis(30);
        assert_eq!(waits(&pace, "noisy", later, 1), [95], "behind his own");
        assert_eq!(waits(&pace, "ana", later, 2), [0, 25]);
    }

    #[tokio::test]
    async fn f63_no_message_of_a_flood_waits_until_its_provider_gives_up() {
        let (pace, now) = (Pace::default(), Instant::now());
        let flood = waits(&pace, "noisy", now, 10_000);
        assert!(flood.is_sorted());
        assert_eq!(flood.last(), Some(&1_000));
    }

    #[tokio::test]
    async fn senders_who_have_gone_are_forgotten() {
        let (pace, mut now) = (Pace::default(), Instant::now());
        for number in 0..10_000 {
            now += Duration::from_millis(1);
            pace.step(&number.to_string(), now);
        }
        assert!(pace.0.lock().unwrap().len() <= MANY);
    }
}
