//! The right of way of what comes in: a provider gives up on an acknowledgement after seconds, a
//! person waits longer for an answer. While messages of many wait to be stored, few turns begin; after it more
//! and more of them, until many wait again. However much one sender sends, it is no rush.

use super::pace::Pace;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// From how many senders with messages that wait to be stored on there is a rush. As many are there
/// at once only where this process or its database is at its end.
const CROWD: usize = 16;

/// How long a rush goes on after the last crowd: what turns do in the lull between two crowds is what
/// the second one waits for.
const LULL: Duration = Duration::from_millis(100);
/// The most turns of a kind that begin at one look into the queue.
const MOST: u32 = 64;

/// Whose messages wait to be stored by this process.
#[derive(Debug, Clone, Default)]
pub struct Rush(Arc<Crowd>);

#[derive(Debug)]
struct Crowd {
    /// How many messages of each sender wait.
    waiting: Mutex<HashMap<String, u32>>,
    pace: Pace,
    begun: Instant,
    /// Until when there is a rush, in milliseconds since the beginning.
    until: AtomicU64,
    /// How many turns of a kind may begin at one look into the queue.
    allowed: AtomicU32,
}

impl Default for Crowd {
    fn default() -> Self {
        Self {
            waiting: Mutex::default(),
            pace: Pace::default(),
            begun: Instant::now(),
            until: AtomicU64::new(0),
            allowed: AtomicU32::new(MOST),
        }
    }
}

impl Crowd {
    /// Has one more message of a sender wait and returns how many senders there are.
    fn come(&self, sender: &str) -> usize {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        match waiting.get_mut(sender) {
            Some(count) => *count = count.saturating_add(1),
            None => drop(waiting.insert(sender.to_owned(), 1)),
        }
        waiting.len()
    }

    /// Has one message less of a sender wait.
    fn go(&self, sender: &str) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(count) = waiting.get_mut(sender) else { return };
        *count = count.saturating_sub(1);
        if *count == 0 {
            waiting.remove(sender);
        }
    }

    fn is_there(&self) -> bool {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).len() >= CROWD
    }

    /// Returns so long after now, in milliseconds since the beginning.
    fn after(&self, lull: Duration) -> u64 {
        u64::try_from(self.begun.elapsed().saturating_add(lull).as_millis()).unwrap_or(u64::MAX)
    }
}

/// A message that waits to be stored, until it is dropped.
#[derive(Debug)]
pub struct Waiting {
    crowd: Arc<Crowd>,
    sender: String,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.crowd.go(&self.sender);
    }
}

impl Rush {
    /// Waits until one more message of this sender may be stored, and counts it.
    pub async fn let_in(&self, sender: &str) -> Waiting {
        self.0.pace.wait(sender).await;
        self.one_more(sender)
    }

    fn one_more(&self, sender: &str) -> Waiting {
        if self.0.come(sender) >= CROWD {
            self.0.until.store(self.0.after(LULL), Ordering::Relaxed);
        }
        Waiting { crowd: Arc::clone(&self.0), sender: sender.to_owned() }
    }

    /// Returns how many turns of a kind may begin now. To be asked at each look into the queue: each time
    /// it is half as many in a rush, and an eighth more after it.
    pub(super) fn allowed(&self) -> u32 {
        let before = self.0.allowed.load(Ordering::Relaxed);
        let now = if self.is_on_after(Duration::ZERO) {
            before.checked_div(2).unwrap_or_default().max(1)
        } else {
            let more = before.checked_div(8).unwrap_or_default().max(1);
            before.saturating_add(more).min(MOST)
        };
        self.0.allowed.store(now, Ordering::Relaxed);
        now
    }

    /// Returns how many that was at the last look.
    pub(super) fn allowed_lately(&self) -> u32 {
        self.0.allowed.load(Ordering::Relaxed)
    }

    fn is_on_after(&self, from_now: Duration) -> bool {
        self.0.is_there() || self.0.after(from_now) < self.0.until.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crowd(rush: &Rush, senders: usize) -> Vec<Waiting> {
        (0..senders).map(|number| rush.one_more(&number.to_string())).collect()
    }

    #[test]
    fn turns_give_way_from_when_there_is_a_crowd() {
        let rush = Rush::default();
        let mut crowd = crowd(&rush, CROWD - 1);
        assert!(!rush.is_on_after(Duration::ZERO));
        crowd.push(rush.one_more("one more"));
        assert!(rush.is_on_after(Duration::ZERO));
        assert!(rush.is_on_after(LULL * 2), "a crowd is there");
        crowd.pop();
        assert!(rush.is_on_after(Duration::ZERO), "the next crowd may be about to come");
        assert!(!rush.is_on_after(LULL));
    }

    #[test]
    fn f63_one_who_sends_much_is_no_crowd_before_whom_the_others_give_way() {
        let rush = Rush::default();
        let flood: Vec<Waiting> = (0..1_000).map(|_| rush.one_more("noisy")).collect();
        assert!(!rush.is_on_after(Duration::ZERO));
        assert_eq!(rush.allowed(), MOST);
        drop(flood);
        assert!(rush.0.waiting.lock().unwrap().is_empty());
    }

    #[test]
    fn turns_are_few_soon_after_a_crowd_has_come_and_as_many_as_before_soon_after_it_has_gone() {
        let rush = Rush::default();
        assert_eq!(rush.allowed(), MOST);
        let crowd = crowd(&rush, CROWD);
        assert_eq!([(); 8].map(|()| rush.allowed()), [32, 16, 8, 4, 2, 1, 1, 1]);
        assert_eq!(rush.allowed_lately(), 1);
        drop(crowd);
        rush.0.until.store(0, Ordering::Relaxed);
        assert_eq!([(); 3].map(|()| rush.allowed()), [2, 3, 4]);
        assert!((0..30).any(|_| rush.allowed() == MOST));
    }
}
