//! The pace at which messages of one sender are stored. Whoever sends a flood keeps the database and
//! the processor busy for everyone; the first of his messages is stored at once, the others a few at a
//! time. None is refused, and nobody else waits for them.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// From one step of a sender to the next.
const STEP: Duration = Duration::from_millis(100);
/// How many messages of a sender are stored at one step: together, in one transaction.
const TOGETHER: u32 = 4;
/// The longest that a message waits for its step: a provider gives up after 15 s.
const LONGEST: Duration = Duration::from_secs(1);
/// From how many senders on those are forgotten whose last step is over.
const MANY: usize = 1_024;

/// When the next message of each sender may be stored.
#[derive(Debug, Default)]
pub(super) struct Pace(Mutex<HashMap<String, Step>>);

/// The last step that a sender has taken, and how many of his messages are in it.
#[derive(Debug, Clone, Copy)]
struct Step {
    at: Instant,
    taken: u32,
}

impl Step {
    fn is_over(&self, now: Instant) -> bool {
        self.at.checked_add(STEP).is_some_and(|next| next <= now)
    }

    /// Returns the step of one more message.
    fn next(self, now: Instant) -> Self {
        let is_begun = self.at <= now;
        let is_far = self.at.saturating_duration_since(now) >= LONGEST;
        if !is_begun && (is_far || self.taken < TOGETHER) {
            return Self { at: self.at, taken: self.taken.saturating_add(1) };
        }
        Self { at: self.at.checked_add(STEP).unwrap_or(self.at), taken: 1 }
    }
}

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
        if let Some(step) = steps.get_mut(sender).filter(|step| !step.is_over(now)) {
            *step = step.next(now);
            return step.at;
        }
        if steps.len() >= MANY && steps.len().is_power_of_two() {
            steps.retain(|_, step| !step.is_over(now));
        }
        steps.insert(sender.to_owned(), Step { at: now, taken: 1 });
        now
    }
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
    async fn f63_the_first_message_of_a_flood_is_stored_at_once_and_the_others_a_few_at_a_time() {
        let (pace, now) = (Pace::default(), Instant::now());
        let flood = waits(&pace, "noisy", now, 20);
        assert_eq!(flood[0], 0);
        assert!(flood[1..5].iter().all(|&wait| wait == 100), "{flood:?}");
        assert!(flood[5..9].iter().all(|&wait| wait == 200), "{flood:?}");
        assert_eq!(waits(&pace, "ana", now, 1), [0], "nobody else waits");
        let later = now + Duration::from_millis(110);
        assert_eq!(waits(&pace, "noisy", later, 1), [390], "behind his own");
        assert_eq!(waits(&pace, "ana", later, 1), [0]);
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
