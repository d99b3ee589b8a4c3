//! The real clock: the one place where time and randomness come from.

use jiff::Timestamp;
use ports::clock::Clock;
use uuid::Uuid;

/// The machine's own time and randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "every other place takes time from here")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    #[expect(clippy::disallowed_methods, reason = "every other place takes identifiers from here")]
    fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }
}
