//! Months that are said one after another.

use super::{
    period::{Calendar, Towards},
    word::Word,
};
use domain::dates::Period;

impl Calendar<'_> {
    /// "March April and May": months in their order, and an "and" before the last.
    pub(super) fn months_in_a_row(&self, at: usize) -> Option<(Period, usize)> {
        let mut months = vec![self.month(at)?];
        let (mut place, mut joined) = (at.saturating_add(1), false);
        loop {
            let mark = self.pieces.get(place).is_some_and(|piece| piece.is_mark(","));
            let and = self.is(place, Word::And);
            joined |= and;
            let next = place.saturating_add(usize::from(mark || and));
            let Some(month) = self.month(next) else { break };
            if months.last().is_none_or(|last| last.saturating_add(1) != month) {
                return None;
            }
            months.push(month);
            place = next.saturating_add(1);
        }
        let (first, last) = (*months.first()?, *months.last()?);
        let in_year = |year: i16| {
            let (one, other) = (Period::month(year, first)?, Period::month(year, last)?);
            Some(Period { from: one.from, to: other.to })
        };
        let (year, end) = self.year_after(self.skip(place)).unzip();
        let found = in_year(year.unwrap_or_else(|| self.today.year()))?;
        let ahead = end.is_none() && found.from > self.today && self.towards == Towards::Past;
        let found = if ahead { in_year(found.from.year().saturating_sub(1))? } else { found };
        (joined && months.len() > 2).then_some((found, end.unwrap_or(place)))
    }
}
