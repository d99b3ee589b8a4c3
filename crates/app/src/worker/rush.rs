//! The right of way of what comes in: a provider gives up on an acknowledgement after seconds, a
//! person waits longer for an answer. While many messages wait to be stored, few turns begin; after it more
//! and more of them, until many messages wait again.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

/// From how many messages that wait to be stored on there is a rush. As many are there at once only
/// where this process or its database is at its end.
const CROWD: usize = 16;

/// How long a rush goes on after the last crowd: what turns do in the lull between two crowds is what
/// the second one waits for.
const LULL: Duration = Duration::from_millis(100);
/// The most turns of a kind that begin at one look into the queue.
const MOST: u32 = 64;

/// How many messages wait to be stored by this process.
#[derive(Debug, Clone, Default)]
pub struct Rush(Arc<Crowd>);

#[derive(Debug)]
struct Crowd {
    waiting: AtomicUsize,
    begun: Instant,
    /// Until when there is a rush, in milliseconds since the beginning.
    until: AtomicU64,
    /// How many turns of a kind may begin at one look into the queue.
    allowed: AtomicU32,
}

impl Default for Crowd {
    fn default() -> Self {
        Self {
            waiting: AtomicUsize::new(0),
            begun: Instant::now(),
            until: AtomicU64::new(0),
            allowed: AtomicU32::new(MOST),
        }
    }
}

impl Crowd {
    /// Returns so long after now, in milliseconds since the beginning.
    fn after(&self, lull: Duration) -> u64 {
        u64::try_from(self.begun.elapsed().saturating_add(lull).as_millis()).unwrap_or(u64::MAX)
    }
}

/// A message that waits to be stored, until it is dropped.
#[derive(Debug)]
pub struct Waiting(Arc<Crowd>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Rush {
    /// Counts one more message.
    #[must_use]
    pub fn one_more(&self) -> Waiting {
        if self.0.waiting.fetch_add(1, Ordering::Relaxed).saturating_add(1) >= CROWD {
            self.0.until.store(self.0.after(LULL), Ordering::Relaxed);
        }
        Waiting(Arc::clone(&self.0))
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
        self.0.waiting.load(Ordering::Relaxed) >= CROWD
            || self.0.after(from_now) < self.0.until.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_give_way_from_nowthere_is_a_crowd() {
        let rush = Rush::default();
        let mut crowd: Vec<Waiting> = (1..CROWD).map(|_| rush.one_more()).collect();
        assert!(!rush.is_on_after(Duration::ZERO));
        crowd.push(rush.one_more());
        assert!(rush.is_on_after(Duration::ZERO));
        assert!(rush.is_on_after(LULL * 2), "a crowd is there");
        crowd.pop();
        assert!(rush.is_on_after(Duration::ZERO), "the next crowd may be about to come");
        assert!(!rush.is_on_after(LULL));
    }

    #[test]
    fn turns_are_few_soon_after_a_crowd_has_come_and_as_many_as_before_soon_after_it_has_gone() {
        let rush = Rush::default();
        assert_eq!(rush.allowed(), MOST);
        let crowd: Vec<Waiting> = (0..CROWD).map(|_| rush.one_more()).collect();
        assert_eq!([(); 8].map(|()| rush.allowed()), [32, 16, 8, 4, 2, 1, 1, 1]);
        assert_eq!(rush.allowed_lately(), 1);
        drop(crowd);
        rush.0.until.store(0, Ordering::Relaxed);
        assert_eq!([(); 3].map(|()| rush.allowed()), [2, 3, 4]);
        assert!((0..30).any(|_| rush.allowed() == MOST));
    }
}
