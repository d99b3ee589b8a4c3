//! Days and periods by their names: "last 30 days", "next Friday", "Q2", "summer", "March".

use super::{
    period::{Atom, Calendar, Towards},
    piece::Piece,
    token::Kind,
    word::{Role, Word},
};
use domain::dates::{Date, Period, Unit, shift};
use jiff::ToSpan;

impl Calendar<'_> {
    /// "End of the month", "beginning of next week": one day.
    pub(super) fn edge(&self, at: usize) -> Option<Atom> {
        let (is_end, is_start) = (self.is(at, Word::EndOf), self.is(at, Word::StartOf));
        if !is_end && !is_start {
            return None;
        }
        // "Monatsende" says both in one word
        if let Some(unit) = self.unit(at) {
            let period = Period::containing(self.today, unit);
            let day = if is_end { period.to } else { period.from };
            return Some((Period::day(day), at.saturating_add(1)));
        }
        let inner = self.skip(at.saturating_add(1));
        let bare = self
            .unit(inner)
            .map(|unit| (Period::containing(self.today, unit), inner.saturating_add(1)));
        let (period, end) = self.atom(inner).or(bare)?;
        Some((Period::day(if is_end { period.to } else { period.from }), end))
    }

    /// "Last 30 days", "the past two weeks", "3 months ago".
    pub(super) fn rolling(&self, at: usize) -> Option<Atom> {
        if let Some((unit, count, end)) = self.counted(at) {
            if self.is(end, Word::Ago) {
                return Some((self.ago(unit, count), end.saturating_add(1)));
            }
            if self.is(end, Word::Last) {
                return Some((self.past(unit, count), end.saturating_add(1)));
            }
        }
        let head = self.pieces.get(at)?;
        let next = at.saturating_add(1);
        let counted = self.counted(next).or_else(|| self.counted(self.skip(next)));
        if let Some((unit, count, end)) = counted {
            match () {
                () if head.is(Word::Last) => return Some((self.past(unit, count), end)),
                () if head.is(Word::Next) => return Some((self.ahead(unit, count), end)),
                () if head.is(Word::Ago) => return Some((self.ago(unit, count), end)),
                () => {}
            }
        }
        let count = self.number_of_units(at)?;
        let unit = self.unit(at.saturating_add(2))?;
        let led = self.is(at.saturating_add(1), Word::Last);
        led.then(|| (self.past(unit, count), at.saturating_add(3)))
    }

    /// "30 days", and Arabic "شهرين", which is two months in one word; the place after it.
    pub(super) fn counted(&self, at: usize) -> Option<(Unit, i64, usize)> {
        let count = self.number_of_units(at)?;
        let next = at.saturating_add(1);
        let dual = self.unit(at).map(|unit| (unit, count, next));
        dual.or_else(|| Some((self.unit(next)?, count, next.saturating_add(1))))
    }

    /// From today on; longer units end with their last whole one.
    fn ahead(&self, unit: Unit, count: i64) -> Period {
        let to = match unit {
            Unit::Day => shift(self.today, count.days()),
            Unit::Week => shift(self.today, count.weeks()),
            _ => Period::relative(self.today, unit, count).to,
        };
        Period::between(self.today, to)
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
    pub(super) fn relative(&self, at: usize) -> Option<Atom> {
        let second = self.skip(at.saturating_add(1));
        // "By month this year": the step belongs to what it stands before.
        let is_led = || self.with_step(second, second.saturating_add(1)).is_some();
        self.with_step(at, second)
            .or_else(|| self.with_step(second, at).filter(|_| !is_led()))
            .map(|period| (period, second.saturating_add(1)))
            .map(|(period, end)| self.last_of_year(at, end).unwrap_or((period, end)))
    }

    /// "The last quarter of 2024" is its fourth, whatever the last one is now.
    fn last_of_year(&self, at: usize, end: usize) -> Option<Atom> {
        let unit = self.unit(end.saturating_sub(1))?;
        let counts = matches!(unit, Unit::Quarter | Unit::HalfYear | Unit::Month | Unit::Week);
        let led = self.is(at, Word::Last) && self.is(end, Word::Of) && counts;
        let year_at = self.skip(end);
        let year = self.plain_year(year_at).filter(|_| led)?;
        let last = Period::containing(Period::year(year)?.to, unit);
        Some((last, year_at.saturating_add(1)))
    }

    fn with_step(&self, step: usize, what: usize) -> Option<Period> {
        let piece = self.pieces.get(step)?;
        let steps = match piece {
            piece if piece.is(Word::BeforeLast) => -2,
            piece if piece.is(Word::Last) => -1,
            piece if piece.is(Word::Next) => 1,
            piece if piece.is(Word::This) => 0,
            _ => return None,
        };
        if let Some(unit) = self.unit(what) {
            // "los últimos meses": nobody says how many
            let vague = steps == -1 && self.pieces.get(what).is_some_and(is_several);
            return (!vague).then(|| Period::relative(self.today, unit, steps));
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
    pub(super) fn named_part(&self, at: usize) -> Option<Atom> {
        let (unit, which, end) = self.part(at)?;
        let (year, end) = self.year_after(end).map_or((None, end), |(year, end)| (Some(year), end));
        let end = if year.is_none() { self.after_the_year(end) } else { end };
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

    pub(super) fn ordinal(&self, at: usize) -> Option<i8> {
        let piece = self.pieces.get(at)?;
        let word = piece.roles.iter().find_map(|role| match role {
            Role::Ordinal(number) => i8::try_from(*number).ok(),
            _ => None,
        });
        // "3e trimestre", "3e kwartaal"
        let written = || {
            let digits = piece.folded.strip_suffix(['e', 'o', 'a', 'º', 'ª'])?;
            digits.parse::<i8>().ok()
        };
        word.or_else(|| self.day_number(at))
            .or_else(written)
            .or_else(|| piece.count().and_then(|count| i8::try_from(count).ok()))
    }

    /// A part of the year that has not begun yet is last year's, unless one looks ahead.
    pub(super) fn not_ahead(
        &self,
        period: Period,
        of: impl Fn(i16) -> Option<Period>,
    ) -> Option<Period> {
        let year = self.today.year();
        match self.towards {
            Towards::Past if period.from > self.today => of(year.saturating_sub(1)),
            Towards::Future if period.to < self.today => of(year.saturating_add(1)),
            _ => Some(period),
        }
    }

    pub(super) fn single(&self, at: usize) -> Option<Atom> {
        let piece = self.pieces.get(at)?;
        let next = at.saturating_add(1);
        let day = |days: i64| Some((Period::day(shift(self.today, days.days())), next));
        if piece.is(Word::DayBefore) {
            return day(-2);
        }
        if piece.is(Word::Yesterday) {
            // Hindi has one word for yesterday and tomorrow
            let ahead =
                self.towards == Towards::Future && ["kal", "कल"].contains(&piece.text.as_str());
            return day(if ahead { 1 } else { -1 });
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

    pub(super) fn month_period(&self, month: i8, next: usize) -> Option<Atom> {
        let (year, end) = self.year_after(next).unzip();
        let of = |year: i16| Period::month(year, month);
        let period = match year {
            Some(year) => of(year)?,
            None => self.not_ahead(of(self.today.year())?, of)?,
        };
        Some((period, end.unwrap_or(next)))
    }

    /// "Bills of the year", "facturas del mes": the present one, unless it is said which.
    pub(super) fn of_the_unit(&self, at: usize) -> Option<Atom> {
        let place = self.skip(at.saturating_add(1));
        let unit = self.unit(place).filter(|unit| *unit != Unit::Day)?;
        let end = place.saturating_add(1);
        let singular = |word: &str| !word.ends_with('s') || ["mois", "mes"].contains(&word);
        let one = self.pieces.get(place).is_some_and(|piece| singular(&piece.folded));
        let told = self.pieces.get(self.skip(end)).is_some_and(|piece| {
            let steps = [Word::Last, Word::Next, Word::This, Word::BeforeLast, Word::Of, Word::Ago];
            piece.is_any(&steps)
                || piece.value.is_some()
                || piece.roles.iter().any(|role| matches!(role, Role::Month(_) | Role::Ordinal(_)))
        });
        let led = self.is(at, Word::Of) && !self.is(at, Word::Per);
        (led && one && !told).then(|| (Period::containing(self.today, unit), end))
    }

    /// "1 मार्च से 15 मार्च तक": both prepositions stand behind their days.
    pub(super) fn led_from_behind(&self, one: Period, end: usize) -> Option<(Date, usize)> {
        let (other, last) =
            self.atom(end.saturating_add(1)).filter(|_| self.is(end, Word::Since))?;
        let whole = self.is(last, Word::Until) && one.from <= other.to;
        whole.then(|| (other.to, last.saturating_add(1)))
    }
}

/// Returns whether a unit is said of several. English is left out: "last months bill" is one.
fn is_several(unit: &Piece) -> bool {
    const SEVERAL: [&str; 27] = [
        "meses",
        "semanas",
        "anos",
        "dias",
        "trimestres",
        "semaines",
        "annees",
        "jours",
        "mesi",
        "settimane",
        "anni",
        "giorni",
        "trimestri",
        "monate",
        "monaten",
        "wochen",
        "jahre",
        "jahren",
        "tage",
        "tagen",
        "quartale",
        "quartalen",
        "maanden",
        "weken",
        "jaren",
        "dagen",
        "kwartalen",
    ];
    SEVERAL.contains(&unit.folded.as_str())
}
