//! Stretches of days that a sentence says, and how they lie to one another.

use domain::dates::Date;

/// A stretch of days with open ends, and the pieces that say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) from: Option<Date>,
    pub(super) to: Option<Date>,
    /// The first piece.
    pub(super) first: usize,
    /// The piece after the last.
    pub(super) end: usize,
}

impl Found {
    /// Returns whether every day of it is one of the other's.
    pub(super) fn is_within(self, other: Self) -> bool {
        let begins = match (self.from, other.from) {
            (Some(one), Some(other)) => one >= other,
            (_, from) => from.is_none(),
        };
        let ends = match (self.to, other.to) {
            (Some(one), Some(other)) => one <= other,
            (_, to) => to.is_none(),
        };
        begins && ends
    }

    /// Returns whether two stretches have a day in common.
    pub(super) fn meets(self, other: Self) -> bool {
        let begins_in_time = |one: Self, two: Self| match (one.from, two.to) {
            (Some(from), Some(to)) => from <= to,
            _ => true,
        };
        begins_in_time(self, other) && begins_in_time(other, self)
    }
}

/// "The first half of the year": returns the stretch that lies within all others, else the one given.
pub(super) fn narrowest(found: &[Found], otherwise: Found) -> Found {
    let mut within = found.iter().filter(|one| found.iter().all(|other| one.is_within(*other)));
    within.next().copied().unwrap_or(otherwise)
}
