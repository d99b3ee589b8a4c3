//! Time, identifiers and randomness: the only place they come from.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use uuid::Uuid;

/// Time and identifiers.
pub trait Clock: Send + Sync {
    /// Returns the instant.
    fn now(&self) -> Timestamp;

    /// Returns a new identifier, in time order.
    fn new_id(&self) -> Uuid;

    /// Returns the calendar day in a time zone by its IANA name; UTC for an unknown name.
    fn today(&self, time_zone: &str) -> Date {
        let zone = TimeZone::get(time_zone).unwrap_or(TimeZone::UTC);
        self.now().to_zoned(zone).date()
    }
}
