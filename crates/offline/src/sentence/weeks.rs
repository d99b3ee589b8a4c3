//! Weeks of a month, and stretches that end today.

use super::{
    period::{Atom, Calendar},
    word::Word,
};
use domain::dates::{Date, Period, Unit, shift};
use jiff::ToSpan;

impl Calendar<'_> {
    /// "The first week of October" is its first seven days, "the last one" its last seven. Hindi
    /// and "Oktoberwoche" say the month first.
    pub(super) fn week_of_month(&self, at: usize) -> Option<Atom> {
        if let Some((which, after)) = self.which_week(at) {
            let place = self.skip(after);
            let place = if self.is(place, Word::From) { place.saturating_add(1) } else { place };
            let led = place > after || self.month(place).is_some();
            let (month, end) = self.atom(place).filter(|_| led)?;
            return Some((week_within(month, which)?, end));
        }
        if self.month(at).is_some() {
            let (month, end) = self.month_period(self.month(at)?, at.saturating_add(1))?;
            let (which, end) = self.which_week(self.skip(end))?;
            return Some((week_within(month, which)?, end));
        }
        let (which, place) = self.which(at)?;
        let (month, end) = self.month_period(self.month(place)?, place.saturating_add(1))?;
        (self.unit(end) == Some(Unit::Week))
            .then(|| Some((week_within(month, which)?, end.saturating_add(1))))?
    }

    /// "First week", or "week first" where adjectives follow; the place after it.
    fn which_week(&self, at: usize) -> Option<(Option<i8>, usize)> {
        let is_week = |at: usize| self.unit(at) == Some(Unit::Week);
        let led = self.which(at).filter(|(_, week)| is_week(*week));
        led.map(|(which, week)| (which, week.saturating_add(1)))
            .or_else(|| self.which(at.saturating_add(1)).filter(|_| is_week(at)))
    }

    /// The first four of a row by their number, or its last, and the place after the word.
    fn which(&self, at: usize) -> Option<(Option<i8>, usize)> {
        match self.ordinal(at).filter(|which| (1..=4).contains(which)) {
            Some(which) => Some((Some(which), self.after_ordinal(at))),
            None => self.is(at, Word::Last).then_some((None, at.saturating_add(1))),
        }
    }

    /// "सितंबर से", "this year so far": a stretch that ends today, and the place after it.
    pub(super) fn until_now(&self, one: Period, end: usize) -> Option<(Date, usize)> {
        const SINCE: [&str; 2] = ["से", "se"];
        let next = self.pieces.get(end)?;
        let since = next.is(Word::Since) && SINCE.contains(&next.text.as_str());
        let to = match () {
            () if since => self.today.max(one.from),
            () if next.is(Word::SoFar) => one.to.min(self.today),
            () => return None,
        };
        Some((to, end.saturating_add(1)))
    }
}

/// Returns the week of a whole month that is said, or its last.
fn week_within(month: Period, which: Option<i8>) -> Option<Period> {
    if month != Period::containing(month.from, Unit::Month) {
        return None;
    }
    let first = match which {
        Some(which) => shift(month.from, i64::from(which.saturating_sub(1)).weeks()),
        None => shift(month.to, (-6).days()),
    };
    Some(Period::between(first, shift(first, 6.days())))
}
