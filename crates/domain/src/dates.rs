//! Calendar dates and the periods that people ask about.
//!
//! Dates are the user's own: "today" is handed in, already in his time zone.

pub use jiff::civil::{Date, Weekday, date};
use jiff::{Span, ToSpan};
use serde::{Deserialize, Serialize};

/// Days from one date to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day; never before the first.
    pub to: Date,
}

/// A calendar unit that dates are grouped by and counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// One day.
    Day,
    /// Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// January to March, and so on.
    Quarter,
    /// January to June, or July to December.
    HalfYear,
    /// A calendar year.
    Year,
}

impl Period {
    /// Returns the period between two dates, whichever comes first.
    #[must_use]
    pub fn between(one: Date, other: Date) -> Self {
        Self { from: one.min(other), to: one.max(other) }
    }

    /// Returns one day.
    #[must_use]
    pub const fn day(day: Date) -> Self {
        Self { from: day, to: day }
    }

    /// Returns the calendar unit that holds a day.
    #[must_use]
    pub fn containing(day: Date, unit: Unit) -> Self {
        let from = match unit {
            Unit::Day => day,
            Unit::Week => {
                shift(day, i64::from(day.weekday().to_monday_zero_offset()).days().negate())
            }
            Unit::Month => day.first_of_month(),
            Unit::Quarter => first_of(day, quarter_start(day.month())),
            Unit::HalfYear => first_of(day, if day.month() > 6 { 7 } else { 1 }),
            Unit::Year => day.first_of_year(),
        };
        Self { from, to: shift(shift(from, unit.span(1)), (-1).days()) }
    }

    /// Returns the unit so many steps before (negative) or after the one that holds a day.
    #[must_use]
    pub fn relative(day: Date, unit: Unit, steps: i64) -> Self {
        Self::containing(shift(Self::containing(day, unit).from, unit.span(steps)), unit)
    }

    /// Returns a named month of a year, or nothing for a month outside 1 to 12.
    #[must_use]
    pub fn month(year: i16, month: i8) -> Option<Self> {
        Date::new(year, month, 1).ok().map(|day| Self::containing(day, Unit::Month))
    }

    /// Returns a calendar year, or nothing outside −9999 to 9999.
    #[must_use]
    pub fn year(year: i16) -> Option<Self> {
        Date::new(year, 1, 1).ok().map(|day| Self::containing(day, Unit::Year))
    }
}

impl Unit {
    fn span(self, steps: i64) -> Span {
        match self {
            Self::Day => steps.days(),
            Self::Week => steps.weeks(),
            Self::Month => steps.months(),
            Self::Quarter => steps.saturating_mul(3).months(),
            Self::HalfYear => steps.saturating_mul(6).months(),
            Self::Year => steps.years(),
        }
    }
}

/// Returns a date moved by a span, held at the ends of the calendar.
#[must_use]
pub fn shift(day: Date, by: Span) -> Date {
    day.saturating_add(by)
}

/// Returns the due date of so many days after the issue date.
#[must_use]
pub fn due_in(issued: Date, days: u16) -> Date {
    shift(issued, i64::from(days).days())
}

fn quarter_start(month: i8) -> i8 {
    match month {
        1..=3 => 1,
        4..=6 => 4,
        7..=9 => 7,
        _ => 10,
    }
}

fn first_of(day: Date, month: i8) -> Date {
    Date::new(day.year(), month, 1).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(day: Date, unit: Unit, steps: i64) -> (String, String) {
        let period = Period::relative(day, unit, steps);
        (period.from.to_string(), period.to.to_string())
    }

    fn days(from: &str, to: &str) -> (String, String) {
        (from.to_owned(), to.to_owned())
    }

    #[test]
    fn weeks_start_on_monday() {
        let wednesday = date(2025, 9, 10);
        assert_eq!(period(wednesday, Unit::Week, 0), days("2025-09-08", "2025-09-14"));
        assert_eq!(period(date(2025, 9, 14), Unit::Week, -1), days("2025-09-01", "2025-09-07"));
    }

    #[test]
    fn last_month_quarter_and_year_are_whole_calendar_periods() {
        let day = date(2024, 3, 31);
        assert_eq!(period(day, Unit::Month, -1), days("2024-02-01", "2024-02-29"));
        assert_eq!(period(day, Unit::Quarter, -1), days("2023-10-01", "2023-12-31"));
        assert_eq!(period(day, Unit::HalfYear, 0), days("2024-01-01", "2024-06-30"));
        assert_eq!(period(day, Unit::Year, -1), days("2023-01-01", "2023-12-31"));
    }
}
