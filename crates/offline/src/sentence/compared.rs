//! Two stretches of days in one question: a figure of one, held against that of the other.

use super::{filters::Binder, found::Found, word::Word};
use domain::{
    dates::{Period, Unit, shift},
    question::Against,
};
use jiff::ToSpan;

impl Binder<'_> {
    /// "More in May than in April", "more than last month": notes the second stretch as what the
    /// figure is held against and returns the first, which is the present one if it is not said.
    pub(super) fn compared(&mut self, found: &[Found]) -> Option<Found> {
        let against = |one: Found| Some(Against { date_from: one.from?, date_to: one.to? });
        let comparison = self
            .free()
            // "über" alone is a name or an amount, "mehr als" holds one thing against another
            .find(|(_, piece)| {
                let limit = piece.is_any(&[Word::Over, Word::Under]) && piece.text.contains(' ');
                limit || piece.is(Word::Compare)
            })
            .map(|(at, _)| at);
        let (first, second) = match found {
            [one, other] if self.is_turned_round(*one, *other) => return None,
            [one, other] if !one.meets(*other) && !self.is_part(*one, *other) => {
                let less = self.less(*one, *other);
                if less.is_none() && !self.holds_against() {
                    return None;
                }
                less.into_iter().for_each(|at| self.take(at, at.saturating_add(1)));
                (*one, *other)
            }
            [one] if comparison.is_some_and(|at| at < one.first) => (self.present(*one)?, *one),
            _ => return None,
        };
        self.bound.against = against(second);
        if let Some(at) = comparison {
            self.take(at, at.saturating_add(1));
        }
        Some(first)
    }

    /// "Less in May than in April": returns where the "less" stands that leaves nothing out.
    fn less(&self, one: Found, other: Found) -> Option<usize> {
        const LESS: [&str; 6] = ["less", "menos", "moins", "meno", "minder", "weniger"];
        const THAN: [&str; 8] = ["than", "que", "qu", "do que", "als", "dan", "che", "di"];
        let says = |from: usize, end: usize, words: &[&str]| {
            (from..end).find(|at| {
                self.piece(*at)
                    .is_some_and(|piece| words.contains(&piece.folded.trim_end_matches('\'')))
            })
        };
        let than = says(one.end, other.first, &THAN);
        than.and_then(|than| says(0, than, &LESS))
    }

    /// Returns whether any word holds one thing against another, or puts two side by side: "in May 2024
    /// in June" has none.
    fn holds_against(&self) -> bool {
        const HOLDING: [Word; 10] = [
            Word::More,
            Word::Most,
            Word::Least,
            Word::Over,
            Word::Under,
            Word::Compare,
            Word::And,
            Word::Or,
            Word::WhatAbout,
            Word::Beyond,
        ];
        self.pieces.iter().any(|piece| piece.is_any(&HOLDING))
    }

    /// "From June to May": one stretch whose ends stand the wrong way round, and no comparison.
    fn is_turned_round(&self, one: Found, other: Found) -> bool {
        let between = self.pieces.get(one.end..other.first).unwrap_or_default();
        // "più a ottobre che a settembre" goes to nowhere
        let ends = [Word::To, Word::Until];
        between.iter().any(|piece| piece.is_any(&ends))
            && between.iter().all(|piece| piece.is_any(&[Word::To, Word::Until, Word::Stop]))
            && between.len() < 3
    }

    /// "The last days of October": nothing but an "of" stands between.
    fn is_part(&self, one: Found, other: Found) -> bool {
        let between = self.pieces.get(one.end..other.first).unwrap_or_default();
        let led = between.first().is_none_or(|piece| piece.is(Word::Of));
        led && between.iter().all(|piece| piece.is_any(&[Word::Of, Word::Stop]))
    }

    /// "In May and June": months, years or quarters one after the other are one stretch.
    pub(super) fn joined(&self, found: &[Found]) -> Option<Found> {
        let [one, other] = found else { return None };
        let between = self.pieces.get(one.end..other.first).unwrap_or_default();
        let joins = between.iter().any(|piece| piece.is(Word::And))
            && between.iter().all(|piece| piece.is_any(&[Word::And, Word::Stop, Word::From]));
        let follows = one.to.map(|to| shift(to, 1.days())) == other.from;
        let compares =
            self.free().any(|(_, piece)| piece.is_any(&[Word::Over, Word::Under, Word::Compare]));
        (joins && follows && !compares).then_some(Found { to: other.to, ..*one })
    }

    /// Returns this month for the last one, this year for the last one, and so on.
    fn present(&self, past: Found) -> Option<Found> {
        let today = self.sentence.today;
        let units = [Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::Year];
        let unit = units.into_iter().find(|unit| {
            let last = Period::relative(today, *unit, -1);
            past.from == Some(last.from) && past.to == Some(last.to)
        })?;
        let now = Period::relative(today, unit, 0);
        Some(Found { from: Some(now.from), to: Some(now.to), ..past })
    }
}
