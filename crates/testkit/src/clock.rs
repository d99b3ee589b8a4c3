//! A clock that stands still until it is moved, with identifiers that are the same in every run.

use jiff::Timestamp;
use ports::clock::Clock;
use std::{
    sync::atomic::{AtomicI64, AtomicU64, Ordering},
    time::Duration,
};
use uuid::{Builder, Uuid};

/// A clock that tests set. Its identifiers are in time order and differ only by a counter.
#[derive(Debug)]
pub struct FakeClock {
    milliseconds: AtomicI64,
    made: AtomicU64,
}

impl FakeClock {
    /// Makes a clock that shows an instant.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self { milliseconds: AtomicI64::new(now.as_millisecond()), made: AtomicU64::new(0) }
    }

    /// Moves the clock on; an instant beyond the calendar stays at the end of it.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.milliseconds.fetch_add(by, Ordering::SeqCst);
    }

    /// Sets the clock, also back.
    pub fn set(&self, now: Timestamp) {
        self.milliseconds.store(now.as_millisecond(), Ordering::SeqCst);
    }
}

impl Default for FakeClock {
    /// Makes a clock at noon of 10 September 2025, UTC.
    fn default() -> Self {
        Self::at(Timestamp::from_second(1_757_505_600).unwrap_or_default())
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.milliseconds.load(Ordering::SeqCst)).unwrap_or_default()
    }

    fn new_id(&self) -> Uuid {
        let milliseconds = self.milliseconds.load(Ordering::SeqCst);
        let count = u128::from(self.made.fetch_add(1, Ordering::SeqCst)).to_be_bytes();
        let [_, _, _, _, _, _, tail @ ..] = count;
        Builder::from_unix_timestamp_millis(u64::try_from(milliseconds).unwrap_or_default(), &tail)
            .into_uuid()
    }
}
