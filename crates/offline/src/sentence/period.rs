//! Days and periods in a sentence, resolved against the user's date.
//!
//! Weeks start on Monday; "this month" is the whole calendar month; "last" is the one before.

use super::{
    found::Found,
    piece::Piece,
    token::Kind,
    word::{Role, Word},
};
use domain::dates::{Date, Period, Unit, shift};
use jiff::ToSpan;

/// Which way a day or month without a year is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Towards {
    Past,
    Future,
}

/// Reads dates out of pieces.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calendar<'a> {
    pub(super) pieces: &'a [Piece],
    pub(super) today: Date,
    pub(super) towards: Towards,
    /// Whether `03/04` is the fourth of March.
    pub(super) month_first: bool,
}

/// A period and the piece after it.
pub(super) type Atom = (Period, usize);

/// Returns whether a locale writes the month before the day.
pub(super) fn month_first(locale: &str) -> bool {
    locale.replace('_', "-").eq_ignore_ascii_case("en-us")
}

impl Calendar<'_> {
    /// Returns every stretch that is said, in order, without overlap.
    pub(super) fn all(&self) -> Vec<Found> {
        let (mut found, mut at) = (Vec::new(), 0);
        while at < self.pieces.len() {
            let here = self.older_than(at).or_else(|| self.range(at));
            at = here.map_or(at.saturating_add(1), |here| here.end.max(at.saturating_add(1)));
            found.extend(here);
        }
        found
    }

    /// Returns the stretch that begins at a piece.
    pub(super) fn range(&self, at: usize) -> Option<Found> {
        let found = |from, to, end| Some(Found { from, to, first: at, end });
        let head = self.pieces.get(at)?;
        let next = at.saturating_add(1);
        let inner = self.skip(next);
        if let Some((from, to, end)) = self.days_of_one_month(at) {
            return found(Some(from), Some(to), end);
        }
        if head.is(Word::Between)
            && let Some((one, end)) = self.atom(inner)
            && let Some((one, other, end)) =
                self.pair((inner, one), end, &[Word::And, Word::WhatAbout, Word::To, Word::Until])
        {
            return found(Some(one.from.min(other.from)), Some(other.to.max(one.to)), end);
        }
        if head.is_any(&[Word::From, Word::Since])
            && let Some((one, end)) = self.atom(inner)
            && let Some((one, other, end)) = self.pair((inner, one), end, &[Word::To, Word::Until])
        {
            return found(Some(one.from.min(other.from)), Some(other.to), end);
        }
        if let Some((one, end)) = self.months_in_a_row(at).or_else(|| self.atom(at)) {
            let joins = [Word::To, Word::Until];
            if let Some((one, other, end)) = self.pair((at, one), end, &joins) {
                return found(Some(one.from), Some(other.to), end);
            }
            if let Some((to, end)) = self.led_from_behind(one, end) {
                return found(Some(one.from), Some(to), end);
            }
            if let Some((to, end)) = self.until_now(one, end) {
                return found(Some(one.from), Some(to), end);
            }
            if let Some((from, to, end)) = self.bound_from_behind(one, end) {
                return found(from, to, end);
            }
            return found(Some(one.from), Some(one.to), end);
        }
        let open = [Word::Since, Word::Until, Word::Before, Word::After];
        if head.is_any(&open)
            && let Some((one, end)) = self.atom(inner)
        {
            let strict = head.is_any(&[Word::Before, Word::After]);
            return match () {
                () if strict && head.is(Word::Before) => {
                    found(None, Some(shift(one.from, (-1).days())), end)
                }
                () if strict => found(Some(shift(one.to, 1.days())), None, end),
                () if head.is(Word::EverSince) || head.is(Word::Since) && !head.is(Word::From) => {
                    found(Some(one.from), Some(self.today.max(one.from)), end)
                }
                () if head.is(Word::Since) => self.since_or_in(one, at, end),
                () => found(None, Some(one.to), end),
            };
        }
        if let Some((one, end)) = self.of_the_unit(at) {
            return found(Some(one.from), Some(one.to), end);
        }
        // "year to date" says since when, "so far" does not
        let from = self.unit(at).map(|unit| Period::containing(self.today, unit).from);
        if head.is(Word::SoFar) { found(from, Some(self.today), next) } else { None }
    }

    /// "Between the 1st and 15 March", "1 to 15 March": the first day has the month of the second.
    fn days_of_one_month(&self, at: usize) -> Option<(Date, Date, usize)> {
        let between = self.is(at, Word::Between);
        if !between && self.is_target_of_change(at) {
            return None;
        }
        let led = between || self.is(at, Word::From);
        let first = if led { self.day_place(at.saturating_add(1)) } else { at };
        let day = self.day_number(first)?;
        let join = self.after_ordinal(first);
        let joins = [Word::To, Word::Until];
        let joined = self.pieces.get(join)?;
        let joined = joined.is_any(&joins)
            || joined.is_mark("-")
            || between && joined.is_any(&[Word::And, Word::WhatAbout]);
        let second = self.day_place(join.saturating_add(1));
        let (last, end) = self.written_date(second).or_else(|| self.day_and_month(second))?;
        let from = Date::new(last.from.year(), last.from.month(), day).ok()?;
        (joined && last.from == last.to && from <= last.to).then_some((from, last.to, end))
    }

    /// Returns the place of a day after its articles: "el 15", "l'1".
    fn day_place(&self, at: usize) -> usize {
        let at = self.skip(at);
        if self.pieces.get(at).is_some_and(|piece| piece.is_mark("'")) {
            at.saturating_add(1)
        } else {
            at
        }
    }

    /// "From June" starts an open stretch; "from 2023", "invoices from June" mean the period.
    fn since_or_in(&self, one: Period, first: usize, end: usize) -> Option<Found> {
        // "من بداية السنة": from the start of something up to now
        let begins = self.is(self.skip(first.saturating_add(1)), Word::StartOf);
        let to = if begins { self.today.max(one.from) } else { one.to };
        Some(Found { from: Some(one.from), to: Some(to), first, end })
    }

    /// Returns both ends of a stretch whose first is said at a place; a year that only the second
    /// has is the first one's too ("1 May to 10 June 2024").
    fn pair(
        &self,
        (first, one): (usize, Period),
        join: usize,
        joins: &[Word],
    ) -> Option<(Period, Period, usize)> {
        // "a maggio a giugno", "in mei in juni": the same word twice joins nothing
        let lead = first.checked_sub(1).and_then(|at| self.pieces.get(at));
        let twice = lead.zip(self.pieces.get(join)).is_some_and(|(a, b)| a.folded == b.folded);
        let (other, end) = self.second(one, join, joins).filter(|_| !twice)?;
        let has_year =
            |mut places: std::ops::Range<usize>| places.any(|at| self.plain_year(at).is_some());
        if has_year(first..join) || !has_year(join..end) {
            return Some((one, other, end));
        }
        let (other, _) = self.atom(self.skip(join.saturating_add(1)))?;
        let of_year = |year: i16| {
            let years = i64::from(one.from.year()).saturating_sub(i64::from(year));
            let moved = |day| shift(day, years.saturating_neg().years());
            Period { from: moved(one.from), to: moved(one.to) }
        };
        let one = of_year(other.to.year());
        let is_before = one.from <= other.to;
        let one = if is_before { one } else { of_year(other.to.year().saturating_sub(1)) };
        Some((one, other, end))
    }

    fn second(&self, one: Period, at: usize, joins: &[Word]) -> Option<Atom> {
        let piece = self.pieces.get(at)?;
        if !piece.is_any(joins) && !piece.is_mark("-") {
            return None;
        }
        let (other, end) = self.atom(self.skip(at.saturating_add(1)))?;
        let back = |period: Period| Period {
            from: shift(period.from, (-1).years()),
            to: shift(period.to, (-1).years()),
        };
        // "November to January": the first of two months without years may be a year ahead.
        let ordered = if other.to < one.from { shift(other.to, 1.years()) } else { other.to };
        // "Between June and May" is more likely a slip than eleven months.
        if other.to < one.from && ordered > shift(one.from, 7.months()) {
            return None;
        }
        let other = Period { from: other.from, to: ordered };
        Some((if other.from < one.from && other.to < one.from { back(other) } else { other }, end))
    }

    /// Returns the day or calendar period that is named at a piece.
    pub(super) fn atom(&self, at: usize) -> Option<Atom> {
        self.written_date(at)
            .or_else(|| self.week_of_month(at))
            .or_else(|| self.day_and_month(at))
            .or_else(|| self.first_of_year(at))
            .or_else(|| self.edge(at))
            .or_else(|| self.rolling(at))
            .or_else(|| self.relative(at))
            .or_else(|| self.named_part(at))
            .or_else(|| self.single(at))
    }

    fn written_date(&self, at: usize) -> Option<Atom> {
        let piece = self.pieces.get(at).filter(|piece| piece.kind == Kind::Date)?;
        let parts: Vec<i16> = piece
            .text
            .split(|c: char| !c.is_ascii_digit())
            .filter_map(|p| p.parse().ok())
            .collect();
        let next = at.saturating_add(1);
        let day = |year: i16, month: i16, day: i16| {
            Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
        };
        let either = |year: i16, a: i16, b: i16| {
            let (first, second) =
                if self.month_first { ((a, b), (b, a)) } else { ((b, a), (a, b)) };
            day(year, first.0, first.1).or_else(|| day(year, second.0, second.1))
        };
        match parts.as_slice() {
            [year, month, date] if *year > 99 => {
                Some((Period::day(day(*year, *month, *date)?), next))
            }
            [a, b, year] => {
                let year = if *year < 100 { year.saturating_add(2000) } else { *year };
                Some((Period::day(either(year, *a, *b)?), next))
            }
            [month, year] if *year > 99 => {
                Some((Period::month(*year, (*month).try_into().ok()?)?, next))
            }
            [a, b] => {
                let day = either(self.today.year(), *a, *b)?;
                let (year, end) = self.year_after(next).unzip();
                let day = year
                    .map_or_else(|| self.nearest(day), |year| either(year, *a, *b).unwrap_or(day));
                Some((Period::day(day), end.unwrap_or(next)))
            }
            _ => None,
        }
    }

    fn day_and_month(&self, at: usize) -> Option<Atom> {
        let piece = self.pieces.get(at)?;
        if let Some(month) = self.month(at) {
            let next = at.saturating_add(1);
            let day = self.day_number(next)?;
            // "March 2025" is no second of March
            let (year, end) = self.year_after(self.skip(self.after_ordinal(next))).unzip();
            let found = self.dated(year, month, day)?;
            return Some((Period::day(found), end.unwrap_or(self.after_ordinal(next))));
        }
        let day = self.day_number(at).or_else(|| self.day_word(at));
        let day = day.filter(|_| piece.currency().is_none())?;
        // "invoice Tom 5 for October"
        let joint = self.pieces.get(self.after_ordinal(at))?;
        if joint.is(Word::For) && !joint.is_any(&[Word::Of, Word::From]) {
            return None;
        }
        let behind = self.after_ordinal(at);
        let at = self.skip(behind);
        // "the due date of 15 is December 1"
        if (behind..at).any(|at| self.is(at, Word::Is)) {
            return None;
        }
        let month = self.month(at)?;
        let next = at.saturating_add(1);
        let (year, end) = self.year_after(self.skip(next)).unzip();
        Some((Period::day(self.dated(year, month, day)?), end.unwrap_or(next)))
    }

    /// A number, and what may stand after it: "1st", "1.", "1er".
    pub(super) fn after_ordinal(&self, at: usize) -> usize {
        let next = at.saturating_add(1);
        let suffix = ["st", "nd", "rd", "th", "er", "e", "o", "a", "º", "ª", "°"];
        let is_suffix = self.pieces.get(next).is_some_and(|piece| {
            (piece.is_mark(".") || suffix.contains(&piece.folded.as_str()))
                && self.pieces.get(at).is_some_and(|number| number.end == piece.start)
        });
        if is_suffix { next.saturating_add(1) } else { next }
    }

    pub(super) fn day_number(&self, at: usize) -> Option<i8> {
        let piece = self.pieces.get(at)?;
        let digits = || {
            let digits: String = piece.text.chars().take_while(char::is_ascii_digit).collect();
            let tail = piece.text.get(digits.len()..).unwrap_or_default().to_lowercase();
            (["", "st", "nd", "rd", "th", "er"].contains(&tail.as_str()) && digits.len() < 3)
                .then(|| digits.parse::<i8>().ok())
                .flatten()
        };
        let ordinal = piece.roles.iter().find_map(|role| match role {
            Role::Ordinal(number) => i8::try_from(*number).ok(),
            _ => None,
        });
        digits().or(ordinal).filter(|day| (1..=31).contains(day))
    }

    fn dated(&self, year: Option<i16>, month: i8, day: i8) -> Option<Date> {
        match year {
            Some(year) => Date::new(year, month, day).ok(),
            None => Date::new(self.today.year(), month, day).ok().map(|day| self.nearest(day)),
        }
    }

    /// A day without a year is the last one in the past, or the next one.
    fn nearest(&self, day: Date) -> Date {
        match self.towards {
            Towards::Past if day > self.today => shift(day, (-1).years()),
            Towards::Future if day < self.today => shift(day, 1.years()),
            _ => day,
        }
    }

    pub(super) fn month(&self, at: usize) -> Option<i8> {
        self.pieces.get(at)?.roles.iter().find_map(|role| match role {
            Role::Month(month) => Some(*month),
            _ => None,
        })
    }

    pub(super) fn unit(&self, at: usize) -> Option<Unit> {
        self.pieces.get(at)?.roles.iter().find_map(|role| match role {
            Role::Unit(unit) => Some(*unit),
            _ => None,
        })
    }

    pub(super) fn is(&self, at: usize, word: Word) -> bool {
        self.pieces.get(at).is_some_and(|piece| piece.is(word))
    }

    pub(super) fn skip(&self, mut at: usize) -> usize {
        while self.pieces.get(at).is_some_and(|piece| {
            piece.is_any(&[Word::Stop, Word::Of])
                && piece.roles.iter().all(|role| {
                    matches!(
                        role,
                        Role::Word(
                            Word::Stop
                                | Word::Of
                                | Word::From
                                | Word::For
                                | Word::At
                                | Word::Per
                                | Word::Me
                                | Word::It
                                | Word::Is
                                | Word::And
                                | Word::To
                                | Word::Since
                                | Word::Until
                        )
                    )
                })
        }) {
            at = at.saturating_add(1);
        }
        at
    }

    /// Returns a year such as `2024`, "last year" or "this year", and the place after it.
    pub(super) fn year_after(&self, at: usize) -> Option<(i16, usize)> {
        let at =
            self.skip(if self.pieces.get(at)?.is_mark(",") { at.saturating_add(1) } else { at });
        if let Some(year) = self.plain_year(at) {
            return Some((year, at.saturating_add(1)));
        }
        let (period, end) = self.relative(at)?;
        let whole = period == Period::containing(period.from, Unit::Year);
        whole.then_some((period.from.year(), end))
    }

    pub(super) fn plain_year(&self, at: usize) -> Option<i16> {
        let piece = self.pieces.get(at).filter(|piece| piece.text.len() == 4)?;
        let year = piece.text.parse::<i16>().ok()?;
        (1990..=2100).contains(&year).then_some(year)
    }
}
