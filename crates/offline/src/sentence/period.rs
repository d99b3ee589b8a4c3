//! Days and periods in a sentence, resolved against the user's date.
//!
//! Weeks start on Monday; "this month" is the whole calendar month; "last" is the one before.

use super::{
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

/// Reads dates out of pieces.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calendar<'a> {
    pub(super) pieces: &'a [Piece],
    pub(super) today: Date,
    pub(super) towards: Towards,
    /// Whether `03/04` is the fourth of March.
    pub(super) month_first: bool,
}

type Atom = (Period, usize);

/// Returns whether a locale writes the month before the day.
pub(super) fn month_first(locale: &str) -> bool {
    locale.replace('_', "-").eq_ignore_ascii_case("en-us")
}

impl Calendar<'_> {
    /// Returns every stretch that is said, in order, without overlap.
    pub(super) fn all(&self) -> Vec<Found> {
        let (mut found, mut at) = (Vec::new(), 0);
        while at < self.pieces.len() {
            let here = self.range(at);
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
        if head.is(Word::Between)
            && let Some((one, end)) = self.atom(inner)
            && let Some((other, end)) = self.second(one, end, &[Word::And, Word::To, Word::Until])
        {
            return found(Some(one.from.min(other.from)), Some(other.to.max(one.to)), end);
        }
        if head.is_any(&[Word::From, Word::Since])
            && let Some((one, end)) = self.atom(inner)
            && let Some((other, end)) = self.second(one, end, &[Word::To, Word::Until])
        {
            return found(Some(one.from.min(other.from)), Some(other.to), end);
        }
        if let Some((one, end)) = self.atom(at) {
            let joins = [Word::To, Word::Until];
            if let Some((other, end)) = self.second(one, end, &joins) {
                return found(Some(one.from), Some(other.to), end);
            }
            if self.is(end, Word::SoFar) {
                return found(Some(one.from), Some(one.to.min(self.today)), end.saturating_add(1));
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
                () if head.is(Word::Since) && !head.is(Word::From) => {
                    found(Some(one.from), Some(self.today.max(one.from)), end)
                }
                () if head.is(Word::Since) => self.since_or_in(one, at, end),
                () => found(None, Some(one.to), end),
            };
        }
        if head.is(Word::SoFar) {
            return found(Some(self.today.first_of_year()), Some(self.today), next);
        }
        None
    }

    /// "From June" starts an open stretch; "from 2023", "invoices from June" mean the period.
    fn since_or_in(&self, one: Period, first: usize, end: usize) -> Option<Found> {
        Some(Found { from: Some(one.from), to: Some(one.to), first, end })
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
        let other = Period { from: other.from, to: ordered };
        Some((if other.from < one.from && other.to < one.from { back(other) } else { other }, end))
    }

    /// Returns the day or calendar period that is named at a piece.
    pub(super) fn atom(&self, at: usize) -> Option<Atom> {
        self.written_date(at)
            .or_else(|| self.day_and_month(at))
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
        let day = self.day_number(at).filter(|_| piece.currency().is_none())?;
        let at = self.skip(self.after_ordinal(at));
        let month = self.month(at)?;
        let next = at.saturating_add(1);
        let (year, end) = self.year_after(self.skip(next)).unzip();
        Some((Period::day(self.dated(year, month, day)?), end.unwrap_or(next)))
    }

    /// A number, and what may stand after it: "1st", "1.", "1er".
    fn after_ordinal(&self, at: usize) -> usize {
        let next = at.saturating_add(1);
        let suffix = ["st", "nd", "rd", "th", "er", "e", "o", "a", "º", "ª", "°"];
        let is_suffix = self.pieces.get(next).is_some_and(|piece| {
            (piece.is_mark(".") || suffix.contains(&piece.folded.as_str()))
                && self.pieces.get(at).is_some_and(|number| number.end == piece.start)
        });
        if is_suffix { next.saturating_add(1) } else { next }
    }

    fn day_number(&self, at: usize) -> Option<i8> {
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

    fn month(&self, at: usize) -> Option<i8> {
        self.pieces.get(at)?.roles.iter().find_map(|role| match role {
            Role::Month(month) => Some(*month),
            _ => None,
        })
    }

    fn unit(&self, at: usize) -> Option<Unit> {
        self.pieces.get(at)?.roles.iter().find_map(|role| match role {
            Role::Unit(unit) => Some(*unit),
            _ => None,
        })
    }

    fn is(&self, at: usize, word: Word) -> bool {
        self.pieces.get(at).is_some_and(|piece| piece.is(word))
    }

    fn skip(&self, mut at: usize) -> usize {
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
    fn year_after(&self, at: usize) -> Option<(i16, usize)> {
        let at =
            self.skip(if self.pieces.get(at)?.is_mark(",") { at.saturating_add(1) } else { at });
        if let Some(year) = self.plain_year(at) {
            return Some((year, at.saturating_add(1)));
        }
        let (period, end) = self.relative(at)?;
        let whole = period == Period::containing(period.from, Unit::Year);
        whole.then_some((period.from.year(), end))
    }

    fn plain_year(&self, at: usize) -> Option<i16> {
        let piece = self.pieces.get(at).filter(|piece| piece.text.len() == 4)?;
        let year = piece.text.parse::<i16>().ok()?;
        (1990..=2100).contains(&year).then_some(year)
    }

    /// "End of the month", "beginning of next week": one day.
    fn edge(&self, at: usize) -> Option<Atom> {
        let (is_end, is_start) = (self.is(at, Word::EndOf), self.is(at, Word::StartOf));
        if !is_end && !is_start {
            return None;
        }
        let inner = self.skip(at.saturating_add(1));
        let bare = self
            .unit(inner)
            .map(|unit| (Period::containing(self.today, unit), inner.saturating_add(1)));
        let (period, end) = self.atom(inner).or(bare)?;
        Some((Period::day(if is_end { period.to } else { period.from }), end))
    }

    /// "Last 30 days", "the past two weeks", "3 months ago".
    fn rolling(&self, at: usize) -> Option<Atom> {
        let number = |at: usize| {
            let count = self.pieces.get(at)?.count()?;
            (1..=400).contains(&count).then_some(i64::from(count))
        };
        let inner = self.skip(at.saturating_add(1));
        if let Some(count) = number(at)
            && let Some(unit) = self.unit(at.saturating_add(1))
        {
            let end = at.saturating_add(2);
            if self.is(end, Word::Ago) {
                return Some((self.ago(unit, count), end.saturating_add(1)));
            }
            if self.is(end, Word::Last) {
                return Some((self.past(unit, count), end.saturating_add(1)));
            }
        }
        let head = self.pieces.get(at)?;
        if head.is(Word::Last)
            && let Some(count) = number(inner)
            && let Some(unit) = self.unit(inner.saturating_add(1))
        {
            return Some((self.past(unit, count), inner.saturating_add(2)));
        }
        if let Some(count) = number(at)
            && self.is(at.saturating_add(1), Word::Last)
            && let Some(unit) = self.unit(at.saturating_add(2))
        {
            return Some((self.past(unit, count), at.saturating_add(3)));
        }
        if head.is(Word::Next)
            && let Some(count) = number(inner)
            && let Some(unit) = self.unit(inner.saturating_add(1))
        {
            let last = Period::relative(self.today, unit, count).to;
            let to = match unit {
                Unit::Day => shift(self.today, count.days()),
                Unit::Week => shift(self.today, count.weeks()),
                _ => last,
            };
            return Some((Period::between(self.today, to), inner.saturating_add(2)));
        }
        if head.is(Word::Ago)
            && let Some(count) = number(inner)
            && let Some(unit) = self.unit(inner.saturating_add(1))
        {
            return Some((self.ago(unit, count), inner.saturating_add(2)));
        }
        None
    }

    /// Days and weeks count back from today; longer units are whole ones before this.
    fn past(&self, unit: Unit, count: i64) -> Period {
        let days = match unit {
            Unit::Day => count,
            Unit::Week => count.saturating_mul(7),
            _ => {
                let from = Period::relative(self.today, unit, count.saturating_neg()).from;
                return Period { from, to: Period::relative(self.today, unit, -1).to };
            }
        };
        Period { from: shift(self.today, 1_i64.saturating_sub(days).days()), to: self.today }
    }

    fn ago(&self, unit: Unit, count: i64) -> Period {
        Period::relative(self.today, unit, count.saturating_neg())
    }

    /// "This month", "mes pasado", "last Friday", "next August".
    fn relative(&self, at: usize) -> Option<Atom> {
        let second = self.skip(at.saturating_add(1));
        self.with_step(at, second)
            .or_else(|| self.with_step(second, at))
            .map(|period| (period, second.saturating_add(1)))
    }

    fn with_step(&self, step: usize, what: usize) -> Option<Period> {
        let piece = self.pieces.get(step)?;
        let steps = match piece {
            piece if piece.is(Word::Last) => -1,
            piece if piece.is(Word::Next) => 1,
            piece if piece.is(Word::This) => 0,
            _ => return None,
        };
        if let Some(unit) = self.unit(what) {
            return Some(Period::relative(self.today, unit, steps));
        }
        if let Some(weekday) = self.weekday(what) {
            return Some(Period::day(self.weekday_at(weekday, steps)));
        }
        if let Some(month) = self.season(what) {
            return self.season_of(
                month,
                self.today.year().saturating_add(i16::try_from(steps.min(0)).unwrap_or(0)),
            );
        }
        let month = self.month(what)?;
        let year = self.today.year();
        let this = Period::month(year, month)?;
        let back = this.from > self.today || Period::containing(self.today, Unit::Month) == this;
        match steps {
            -1 if back => Period::month(year.saturating_sub(1), month),
            1 if this.from <= self.today => Period::month(year.saturating_add(1), month),
            _ => Some(this),
        }
    }

    fn weekday(&self, at: usize) -> Option<i8> {
        self.pieces.get(at)?.roles.iter().find_map(|role| match role {
            Role::Weekday(day) => Some(*day),
            _ => None,
        })
    }

    fn season(&self, at: usize) -> Option<i8> {
        self.pieces.get(at)?.roles.iter().find_map(|role| match role {
            Role::Season(month) => Some(*month),
            _ => None,
        })
    }

    fn season_of(&self, first: i8, year: i16) -> Option<Period> {
        let from = Period::month(year, first)?.from;
        Some(Period { from, to: shift(shift(from, 3.months()), (-1).days()) })
    }

    /// The weekday before today, the one of this week, or the next one after today.
    fn weekday_at(&self, weekday: i8, steps: i64) -> Date {
        let today = self.today.weekday().to_monday_one_offset();
        let ahead = i64::from(weekday.saturating_sub(today)).rem_euclid(7);
        let days = match steps {
            -1 if ahead == 0 => -7,
            -1 => ahead.saturating_sub(7),
            1 if ahead == 0 => 7,
            _ => ahead,
        };
        shift(self.today, days.days())
    }

    /// "Q2", "second quarter of 2024", "H1 2025", "Trimester 3".
    fn named_part(&self, at: usize) -> Option<Atom> {
        let (unit, which, end) = self.part(at)?;
        let (year, end) = self.year_after(end).map_or((None, end), |(year, end)| (Some(year), end));
        let months: i8 = if unit == Unit::Quarter { 3 } else { 6 };
        let first = which.saturating_sub(1).saturating_mul(months).saturating_add(1);
        let of = |year: i16| {
            Period::month(year, first).map(|month| Period::containing(month.from, unit))
        };
        let period = match year {
            Some(year) => of(year)?,
            None => self.not_ahead(of(self.today.year())?, of)?,
        };
        Some((period, end))
    }

    fn part(&self, at: usize) -> Option<(Unit, i8, usize)> {
        let piece = self.pieces.get(at)?;
        let next = at.saturating_add(1);
        let fits = |unit: Unit, which: i8| {
            (1..=if unit == Unit::Quarter { 4 } else { 2 }).contains(&which)
        };
        if piece.kind == Kind::Code || piece.kind == Kind::Word {
            let lower = piece.text.to_lowercase();
            let digit =
                lower.chars().find_map(|c| c.to_digit(10)).and_then(|d| i8::try_from(d).ok());
            let letter = lower.chars().find(char::is_ascii_alphabetic);
            let unit = match letter {
                Some('q' | 't' | 'k') => Unit::Quarter,
                Some('h' | 's') => Unit::HalfYear,
                _ => Unit::Year,
            };
            if lower.len() == 2
                && unit != Unit::Year
                && let Some(which) = digit.filter(|which| fits(unit, *which))
            {
                return Some((unit, which, next));
            }
        }
        let counts = |unit: &Unit| matches!(unit, Unit::Quarter | Unit::HalfYear);
        let which = self.ordinal(at);
        let unit_at = self.after_ordinal(at);
        if let Some(which) = which
            && let Some(unit) = self.unit(unit_at).filter(counts)
            && fits(unit, which)
        {
            return Some((unit, which, unit_at.saturating_add(1)));
        }
        let unit = self.unit(at).filter(counts)?;
        let which = self.ordinal(next).filter(|which| fits(unit, *which))?;
        Some((unit, which, next.saturating_add(1)))
    }

    fn ordinal(&self, at: usize) -> Option<i8> {
        let piece = self.pieces.get(at)?;
        let word = piece.roles.iter().find_map(|role| match role {
            Role::Ordinal(number) => i8::try_from(*number).ok(),
            _ => None,
        });
        word.or_else(|| self.day_number(at))
            .or_else(|| piece.count().and_then(|count| i8::try_from(count).ok()))
    }

    /// A part of the year that has not begun yet is last year's, unless one looks ahead.
    fn not_ahead(&self, period: Period, of: impl Fn(i16) -> Option<Period>) -> Option<Period> {
        let year = self.today.year();
        match self.towards {
            Towards::Past if period.from > self.today => of(year.saturating_sub(1)),
            Towards::Future if period.to < self.today => of(year.saturating_add(1)),
            _ => Some(period),
        }
    }

    fn single(&self, at: usize) -> Option<Atom> {
        let piece = self.pieces.get(at)?;
        let next = at.saturating_add(1);
        let day = |days: i64| Some((Period::day(shift(self.today, days.days())), next));
        if piece.is(Word::DayBefore) {
            return day(-2);
        }
        if piece.is(Word::Yesterday) {
            return day(-1);
        }
        if piece.is(Word::Tomorrow) {
            return day(1);
        }
        if piece.is(Word::Today) {
            return day(0);
        }
        if let Some(month) = self.month(at) {
            return self.month_period(month, next);
        }
        if let Some(first) = self.season(at) {
            let (year, end) = self.year_after(next).unzip();
            let of = |year: i16| self.season_of(first, year);
            let period = match year {
                Some(year) => of(year)?,
                None => self.not_ahead(of(self.today.year())?, of)?,
            };
            return Some((period, end.unwrap_or(next)));
        }
        if let Some(weekday) = self.weekday(at) {
            let steps = if self.towards == Towards::Past { -1 } else { 0 };
            return Some((Period::day(self.weekday_at(weekday, steps)), next));
        }
        let year = self.plain_year(at)?;
        let priced = self.pieces.get(next).is_some_and(|piece| piece.currency().is_some())
            || at
                .checked_sub(1)
                .and_then(|at| self.pieces.get(at))
                .is_some_and(|piece| piece.currency().is_some());
        if priced { None } else { Some((Period::year(year)?, next)) }
    }

    fn month_period(&self, month: i8, next: usize) -> Option<Atom> {
        let (year, end) = self.year_after(next).unzip();
        let of = |year: i16| Period::month(year, month);
        let period = match year {
            Some(year) => of(year)?,
            None => self.not_ahead(of(self.today.year())?, of)?,
        };
        Some((period, end.unwrap_or(next)))
    }
}
