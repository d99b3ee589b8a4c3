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

#[cfg(test)]
mod tests {
    use super::*;
    use domain::dates::{Date, date};

    fn today(instant: &str, zone: &str) -> Date {
        FakeClock::at(instant.parse().unwrap()).today(zone)
    }

    #[test]
    fn f20_today_is_the_day_of_the_user_s_zone() {
        // Eleven hours behind and fourteen ahead: three days at once.
        let noon = "2024-02-29T10:30:00Z";
        assert_eq!(today(noon, "Pacific/Pago_Pago"), date(2024, 2, 28));
        assert_eq!(today(noon, "Europe/Berlin"), date(2024, 2, 29));
        assert_eq!(today(noon, "Pacific/Kiritimati"), date(2024, 3, 1));
        // A leap day begins and ends where the user is.
        assert_eq!(today("2024-02-28T23:30:00Z", "Europe/Berlin"), date(2024, 2, 29));
        assert_eq!(today("2023-02-28T23:30:00Z", "Europe/Berlin"), date(2023, 3, 1));
        assert_eq!(today("2025-01-01T04:59:59Z", "America/New_York"), date(2024, 12, 31));
        // The day on which clocks go forward is an hour shorter, the other an hour longer.
        for (instant, day) in [
            ("2025-03-29T22:59:59Z", date(2025, 3, 29)),
            ("2025-03-29T23:00:00Z", date(2025, 3, 30)),
            ("2025-03-30T21:59:59Z", date(2025, 3, 30)),
            ("2025-03-30T22:00:00Z", date(2025, 3, 31)),
            ("2025-10-25T22:00:00Z", date(2025, 10, 26)),
            ("2025-10-26T22:59:59Z", date(2025, 10, 26)),
            ("2025-10-26T23:00:00Z", date(2025, 10, 27)),
        ] {
            assert_eq!(today(instant, "Europe/Berlin"), day, "{instant}");
        }
        assert_eq!(today(noon, "Nowhere/At_All"), date(2024, 2, 29), "UTC where none is known");
    }
}
