//! Months that are said one after another, and numbers that only look as if they began such a row.

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

    /// "Extend invoice 20 to 31 December", "the due date of 15 to 20 December": the first number
    /// names an invoice and begins no stretch of days.
    pub(super) fn is_target_of_change(&self, at: usize) -> bool {
        let mut before = self.pieces.get(..at).unwrap_or_default();
        // "des factures 12 et 13 au 31 décembre"
        while let [rest @ .., number, and] = before
            && and.is(Word::And)
            && number.value.is_some()
        {
            before = rest;
        }
        let several = before.len() < at;
        let last = before.last();
        if several && last.is_some_and(|piece| piece.is_any(&[Word::Document, Word::NumberLabel])) {
            return true;
        }
        let paper = last.is_some_and(|piece| {
            piece.is_any(&[Word::Document, Word::NumberLabel]) && !piece.folded.ends_with('s')
        });
        let mut lead =
            before.iter().rev().skip_while(|piece| piece.is_any(&[Word::Of, Word::Stop]));
        let led = last.is_some_and(|piece| piece.is_any(&[Word::Of, Word::Stop, Word::DueDate]));
        paper || led && lead.next().is_some_and(|piece| piece.is(Word::DueDate))
    }
}
