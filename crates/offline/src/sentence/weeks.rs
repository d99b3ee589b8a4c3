//! Weeks of a month, and stretches that end today.

use super::{
    found::Found,
    period::{Atom, Calendar},
    piece::Piece,
    word::{Role, Word},
};
use domain::dates::{Date, Period, Unit, shift};
use jiff::ToSpan;

/// What is counted with a word that is a verb elsewhere.
const HINDI_UNITS: [&str; 8] = ["din", "hafte", "mahine", "saal", "दिन", "हफ्ते", "महीने", "साल"];

impl Calendar<'_> {
    /// "In 10 days", "dans deux semaines": the day, and the place after it.
    pub(super) fn within(&self, at: usize) -> Option<(Date, usize)> {
        const IN: [&str; 8] = ["in", "en", "dans", "tra", "fra", "em", "over", "binnen"];
        let led = self.pieces.get(at).is_some_and(|piece| IN.contains(&piece.folded.as_str()));
        let counted = || self.counted(at.saturating_add(1)).filter(|_| led);
        let (unit, count, end) = self.counted_from_today(at).or_else(counted)?;
        let day = match unit {
            Unit::Day => shift(self.today, count.days()),
            Unit::Week => shift(self.today, count.weeks()),
            Unit::Month => shift(self.today, count.months()),
            _ => return None,
        };
        Some((day, end))
    }

    /// "A week from today", "two weeks from now": how many of which unit, and the place after it.
    fn counted_from_today(&self, at: usize) -> Option<(Unit, i64, usize)> {
        // "a week" is one phrase, as in "50 a week"
        let one = || {
            let unit = match self.pieces.get(at)?.folded.as_str() {
                "a day" => Unit::Day,
                "a week" => Unit::Week,
                "a month" => Unit::Month,
                _ => return None,
            };
            Some((unit, 1, at.saturating_add(1)))
        };
        self.counted(at).into_iter().chain(one()).find_map(|(unit, count, end)| {
            let from = self.pieces.get(end).is_some_and(|piece| piece.folded == "from");
            let today = end.saturating_add(1);
            (from && self.is(today, Word::Today)).then_some((unit, count, today.saturating_add(1)))
        })
    }

    /// "Older than 60 days", "de más de dos meses": whatever was before that.
    pub(super) fn older_than(&self, at: usize) -> Option<Found> {
        let head = self.pieces.get(at)?;
        let papers = self.pieces.get(..at).unwrap_or_default();
        let old = head.is(Word::Before) && head.text.contains(' ')
            || head.is(Word::Over)
                && head.text.contains(' ')
                && papers.iter().any(|piece| piece.is(Word::Document));
        // "older than a week"
        let one = || {
            let unit_at = self.skip(at.saturating_add(1));
            Some((self.unit(unit_at)?, 1, unit_at.saturating_add(1)))
        };
        let counted = self.counted(at.saturating_add(1)).or_else(one);
        let (unit, count, end) = counted.filter(|_| old)?;
        let end = if self.is(end, Word::Ago) { end.saturating_add(1) } else { end };
        let back = match unit {
            Unit::Day => count.days(),
            Unit::Week => count.weeks(),
            Unit::Month => count.months(),
            Unit::Quarter => count.saturating_mul(3).months(),
            Unit::HalfYear => count.saturating_mul(6).months(),
            Unit::Year => count.years(),
        };
        let last = shift(shift(self.today, back.negate()), (-1).days());
        Some(Found { from: None, to: Some(last), first: at, end })
    }

    /// How many days, weeks or months are counted at a place.
    pub(super) fn number_of_units(&self, at: usize) -> Option<i64> {
        let piece = self.pieces.get(at)?;
        // "pichle do mahine": elsewhere it is the "do" of "kar do"
        let unit = self.pieces.get(at.saturating_add(1));
        let counted = unit.is_some_and(|unit| HINDI_UNITS.contains(&unit.text.as_str()));
        let two = || ["do", "दो"].contains(&piece.text.as_str()).then_some(2);
        let count = piece.count().or_else(|| two().filter(|_| counted))?;
        (1..=400).contains(&count).then_some(i64::from(count))
    }

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

    /// "March se pehle", "मार्च के बाद", "may tak": Hindi binds a stretch from behind. Returns its ends, and
    /// the place after the word.
    pub(super) fn bound_from_behind(
        &self,
        one: Period,
        end: usize,
    ) -> Option<(Option<Date>, Option<Date>, usize)> {
        const BEFORE: [&str; 3] = ["se pehle", "se pahle", "से पहले"];
        const AFTER: [&str; 2] = ["ke baad", "के बाद"];
        const UNTIL: [&str; 2] = ["tak", "तक"];
        let said = self.pieces.get(end)?.text.to_lowercase();
        let is = |words: &[&str]| words.contains(&said.as_str());
        let after = end.saturating_add(1);
        match () {
            () if is(&BEFORE) => Some((None, Some(shift(one.from, (-1).days())), after)),
            () if is(&AFTER) => Some((Some(shift(one.to, 1.days())), None, after)),
            () if is(&UNTIL) => Some((None, Some(one.to), after)),
            () => None,
        }
    }

    /// "Trinta de setembro", "uno de junio": the day is a word, where an "of" stands between.
    pub(super) fn day_word(&self, at: usize) -> Option<i8> {
        let joint = self.pieces.get(at.saturating_add(1))?;
        let day = self.pieces.get(at).filter(|piece| piece.value.is_none())?.count()?;
        let led = joint.is(Word::Of) && joint.text.chars().count() <= 4;
        i8::try_from(day).ok().filter(|day| led && (1..=31).contains(day))
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

    /// "The first six months", "los primeros seis meses de 2024": of this year where none is said.
    pub(super) fn first_of_year(&self, at: usize) -> Option<Atom> {
        let next = at.saturating_add(1);
        let unit_at = next.saturating_add(1);
        let count_at = match (self.is_first(at), self.is_first(next)) {
            (true, false) => next,
            (false, true) => at,
            _ => return None,
        };
        let count = self.pieces.get(count_at)?.count().filter(|count| (2..=12).contains(count))?;
        let months = match self.unit(unit_at)? {
            Unit::Month => i64::from(count),
            Unit::Quarter => i64::from(count).saturating_mul(3),
            _ => return None,
        };
        let end = unit_at.saturating_add(1);
        let (year, end) = match self.year_after(end) {
            Some(found) => found,
            None => (self.today.year(), self.after_the_year(end)),
        };
        let year = Period::year(year)?;
        let to = shift(shift(year.from, months.months()), (-1).days());
        (months <= 12).then_some((Period { to, ..year }, end))
    }

    fn is_first(&self, at: usize) -> bool {
        let first = |piece: &Piece| piece.roles.contains(&Role::Ordinal(1));
        self.pieces.get(at).is_some_and(first)
    }

    /// "Of the year": returns the place after it, or the place itself where nothing like that stands.
    pub(super) fn after_the_year(&self, at: usize) -> usize {
        let leads = [Word::Of, Word::From, Word::Stop];
        let is_lead = |at: usize| self.pieces.get(at).is_some_and(|piece| piece.is_any(&leads));
        let is_year = |at: usize| self.unit(at) == Some(Unit::Year);
        let first = at.saturating_add(1);
        let second = first.saturating_add(1);
        match () {
            () if is_lead(at) && is_year(first) => second,
            () if is_lead(at) && is_lead(first) && is_year(second) => second.saturating_add(1),
            () => at,
        }
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
