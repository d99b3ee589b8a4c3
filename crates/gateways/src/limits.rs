//! Limits within one process.

use async_trait::async_trait;
use ports::limits::{Limits, Rate};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How many are remembered before those who have all their times back are forgotten.
const CROWD: usize = 10_000;

/// Limits that this process alone keeps.
#[derive(Debug, Default)]
pub struct InProcess {
    book: Mutex<Book>,
}

/// When each will have all of its times back.
#[derive(Debug, Default)]
struct Book {
    whole_at: HashMap<String, Instant>,
    /// The size at which the book is gone through again.
    next_look: usize,
}

#[async_trait]
impl Limits for InProcess {
    async fn take(&self, who: &str, rate: Rate) -> Option<Duration> {
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        book.take(who, rate, Instant::now())
    }
}

impl Book {
    fn take(&mut self, who: &str, rate: Rate, now: Instant) -> Option<Duration> {
        let whole_at = self.whole_at.get(who).copied().unwrap_or(now).max(now);
        let owed = whole_at.saturating_duration_since(now);
        let allowed = rate.every.saturating_mul(rate.burst.saturating_sub(1));
        let wait = owed.saturating_sub(allowed);
        if !wait.is_zero() {
            return Some(wait);
        }
        self.forget_the_whole(now);
        // A time that no clock can hold leaves the limit as it was.
        if let Some(later) = whole_at.checked_add(rate.every) {
            self.whole_at.insert(who.to_owned(), later);
        }
        None
    }

    /// Keeps the book as small as those who are in debt, going through it only when it has doubled.
    fn forget_the_whole(&mut self, now: Instant) {
        if self.whole_at.len() < self.next_look.max(CROWD) {
            return;
        }
        self.whole_at.retain(|_, whole_at| *whole_at > now);
        self.next_look = self.whole_at.len().saturating_mul(2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use testkit::contracts::limits::Pair;

    const RATE: Rate = Rate { burst: 2, every: Duration::from_secs(10) };

    async fn pair() -> Option<Pair> {
        let one = Arc::new(InProcess::default());
        Some(Pair { one: one.clone(), other: one })
    }

    testkit::limits_contract!(pair);

    #[test]
    fn times_come_back_one_by_one_and_never_more_than_the_burst() {
        let (mut book, now) = (Book::default(), Instant::now());
        let at = |seconds| now + Duration::from_secs(seconds);
        assert_eq!((book.take("a", RATE, now), book.take("a", RATE, now)), (None, None));
        assert_eq!(book.take("a", RATE, now), Some(Duration::from_secs(10)));
        assert_eq!(book.take("a", RATE, at(4)), Some(Duration::from_secs(6)));
        assert_eq!(book.take("a", RATE, at(10)), None);
        assert_eq!(book.take("a", RATE, at(10)), Some(Duration::from_secs(10)));
        let later = [(); 3].map(|()| book.take("a", RATE, at(3600)).is_none());
        assert_eq!(later, [true, true, false]);
    }

    #[test]
    fn s53_ten_thousand_strangers_are_forgotten_again() {
        let (mut book, now) = (Book::default(), Instant::now());
        for stranger in 0..CROWD {
            book.take(&stranger.to_string(), RATE, now);
        }
        book.take("one more", RATE, now + Duration::from_secs(3600));
        assert_eq!(book.whole_at.len(), 1);
    }
}
