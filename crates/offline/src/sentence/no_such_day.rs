//! Days that no calendar has: "30 February", "month 13". They are named, and not taken for numbers.

use super::{
    piece::{Parsed, Piece},
    token::Kind,
    word::{Role, Word},
};
use domain::dates::{Date, Unit};
use ports::model::Sentence;

/// Returns the first day or month of a sentence that there is not, as it was typed.
pub(super) fn of(parsed: &Parsed, sentence: &Sentence) -> Option<String> {
    let look = Look { parsed, year: sentence.today.year() };
    (0..parsed.pieces.len()).find_map(|at| {
        let (first, end) = look.day_of_month(at).or_else(|| look.month_number(at))?;
        let run = parsed.pieces.get(first..end)?;
        Some(parsed.plain.get(run.first()?.start..run.last()?.end)?.to_owned())
    })
}

struct Look<'a> {
    parsed: &'a Parsed,
    /// The present one.
    year: i16,
}

impl Look<'_> {
    fn piece(&self, at: usize) -> Option<&Piece> {
        self.parsed.pieces.get(at)
    }

    /// "30 February", "February 30", "31 de noviembre de 2025".
    fn day_of_month(&self, at: usize) -> Option<(usize, usize)> {
        let month = self.piece(at)?.roles.iter().find_map(|role| match role {
            Role::Month(month) => Some(*month),
            _ => None,
        })?;
        let small = |at: &usize| {
            self.piece(*at).is_some_and(|piece| {
                piece.is_any(&[Word::Of, Word::Stop]) && piece.text.chars().count() <= 3
                    || piece.is_mark(".")
            })
        };
        let before = (0..at).rev().take(3).find(|at| !small(at)).filter(|at| self.is_day(*at));
        let behind = Some(at.saturating_add(1)).filter(|next| self.is_day(*next));
        let (day_at, (first, end)) = match (before, behind) {
            (Some(day), _) => (day, (day, at.saturating_add(1))),
            (None, Some(day)) => (day, (at, day.saturating_add(1))),
            (None, None) => return None,
        };
        let day = self.day(day_at)?;
        let next = end.saturating_add(1);
        let year_at = if small(&end) { next } else { end };
        let year = self.piece(year_at).filter(|piece| piece.text.len() == 4);
        let year = year.and_then(|piece| piece.text.parse::<i16>().ok());
        let year = year.filter(|year| (1990..=2100).contains(year));
        // 29 February is a day of some year
        let exists = match year {
            Some(year) => Date::new(year, month, day).is_ok(),
            None => {
                (0..4).any(|back| Date::new(self.year.saturating_sub(back), month, day).is_ok())
            }
        };
        let end = if year.is_some() { year_at.saturating_add(1) } else { end };
        (!exists).then_some((first, end))
    }

    fn day(&self, at: usize) -> Option<i8> {
        let digits: String =
            self.piece(at)?.text.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    }

    /// A number of two digits that may be a day, and counts or names nothing.
    fn is_day(&self, at: usize) -> bool {
        let Some(piece) = self.piece(at) else { return false };
        let digits = piece.text.chars().take_while(char::is_ascii_digit).count();
        let tail = piece.text.get(digits..).unwrap_or_default().to_lowercase();
        let ordinal = ["", "st", "nd", "rd", "th", "er"].contains(&tail.as_str());
        let counts = [
            Word::Document,
            Word::NumberLabel,
            Word::Top,
            Word::Largest,
            Word::Smallest,
            Word::Latest,
            Word::Oldest,
            Word::Last,
            Word::Over,
            Word::Under,
            Word::AtLeast,
            Word::AtMost,
        ];
        let led = at
            .checked_sub(1)
            .and_then(|at| self.piece(at))
            .is_some_and(|before| before.is_any(&counts) || before.currency().is_some());
        let money = self.piece(at.saturating_add(1)).is_some_and(|next| next.currency().is_some());
        let written = matches!(piece.kind, Kind::Number | Kind::Code);
        let two = digits == 2 && self.day(at).is_some_and(|day| (30..=99).contains(&day));
        written && two && ordinal && !led && !money
    }

    /// "Month 13": a month by its number that there is not.
    fn month_number(&self, at: usize) -> Option<(usize, usize)> {
        let is_month = self.piece(at)?.roles.contains(&Role::Unit(Unit::Month));
        let one = self.piece(at)?.folded.as_str();
        let several = self.piece(at)?.is_plural(self.parsed.code);
        let number = at.saturating_add(1);
        let count = self.piece(number).filter(|piece| piece.kind == Kind::Number)?.count()?;
        let ends = self.piece(number.saturating_add(1)).is_none_or(|next| {
            next.kind == Kind::Mark && !next.is_mark("%") || next.is_any(&[Word::Of, Word::Stop])
        });
        let bare = is_month && !one.contains(' ') && !several;
        (bare && ends && (13..=99).contains(&count)).then_some((at, number.saturating_add(1)))
    }
}
