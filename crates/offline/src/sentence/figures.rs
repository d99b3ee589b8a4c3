//! Numbers in a change: which invoices are meant, and the amount that one gets.

use super::{
    correct::Reader,
    filters::is_number_code,
    period::Towards,
    piece::Piece,
    token::Kind,
    word::{Role, Word},
};
use domain::correction::NewValues;

impl Reader<'_> {
    /// Numbers that name invoices: codes, and digits that are neither date nor amount.
    pub(super) fn numbers(&self, set: &NewValues) -> Vec<String> {
        let dated: Vec<bool> = {
            let mut dated = vec![false; self.pieces.len()];
            for found in self.calendar(Towards::Past).all() {
                if !self.is_target(found.first) {
                    dated
                        .iter_mut()
                        .take(found.end)
                        .skip(found.first)
                        .for_each(|used| *used = true);
                }
            }
            dated
        };
        // "31 June" and "15 %" are no numbers of invoices
        let measures = |at: usize| {
            let next = [at.saturating_add(1), at.saturating_add(2)];
            // "the 3 oldest invoices" are three
            let ranks = [Word::Oldest, Word::Latest, Word::Largest, Word::Smallest];
            let is_unit = |piece: &Piece| {
                piece.is_mark("%")
                    || piece.is_any(&ranks)
                    || piece.is(Word::Document) && piece.is_plural(self.parsed.code)
                    || piece.roles.iter().any(|r| matches!(r, Role::Month(_) | Role::Unit(_)))
            };
            let joins = |piece: &Piece| piece.is_any(&[Word::Of, Word::Stop]) || piece.is_mark(".");
            let [one, other] = next.map(|at| self.pieces.get(at));
            one.is_some_and(is_unit) || one.is_some_and(joins) && other.is_some_and(is_unit)
        };
        let is_number = |(at, piece): &(usize, &Piece)| {
            let signed = [at.checked_sub(1), Some(at.saturating_add(1))].into_iter().flatten().any(
                |place| self.pieces.get(place).is_some_and(|piece| piece.currency().is_some()),
            );
            match piece.kind {
                Kind::Code => may_be_number(piece),
                Kind::Number => {
                    !signed
                        && (self.is_target(*at) || !measures(*at))
                        && !dated.get(*at).copied().unwrap_or(false)
                        && piece.value.is_some_and(|v| v.is_integer())
                        && (set.gross.is_none() || piece.value != set.gross)
                }
                _ => false,
            }
        };
        let trimmed = |(_, piece): (usize, &Piece)| piece.text.trim_start_matches('#').to_owned();
        let found: Vec<(usize, &Piece)> =
            self.pieces.iter().enumerate().filter(is_number).collect();
        // "change the amount of invoice 12 from 50 to 60"
        let is_led = |(at, _): &(usize, &Piece)| self.is_target(*at);
        let led = set.gross.is_some() && found.iter().any(is_led);
        let found: Vec<(usize, &Piece)> =
            found.into_iter().filter(|one| !led || is_led(one)).collect();
        let mut numbers = Vec::new();
        for (index, one) in found.iter().enumerate() {
            if let Some(before) = index.checked_sub(1).and_then(|index| found.get(index)) {
                numbers.extend(self.between(before, one));
            }
            numbers.push(trimmed(*one));
        }
        numbers
    }

    /// "10 to 12" are three.
    fn between(&self, one: &(usize, &Piece), other: &(usize, &Piece)) -> Vec<String> {
        const MOST: u32 = 50;
        let joint = self.pieces.get(one.0.saturating_add(1)..other.0).unwrap_or_default();
        let is_row =
            matches!(joint, [to] if to.is_any(&[Word::To, Word::Until]) || to.is_mark("-"));
        let ends = one
            .1
            .count()
            .zip(other.1.count())
            .filter(|(from, to)| is_row && from < to && to.saturating_sub(*from) <= MOST);
        ends.map_or_else(Vec::new, |(from, to)| {
            (from.saturating_add(1)..to).map(|number| number.to_string()).collect()
        })
    }

    /// "The total is 45.10", "change the amount of 7 to 99 €".
    pub(super) fn gross(&self) -> Option<rust_decimal::Decimal> {
        let at = self.position(&[Word::Total, Word::Amount, Word::Price])?;
        let amounts: Vec<(usize, &Piece)> = self
            .pieces
            .iter()
            .enumerate()
            .skip(at)
            .filter(|(place, piece)| piece.value.is_some() && !self.is_target(*place))
            .collect();
        let signed = |place: usize| {
            [place.checked_sub(1), Some(place.saturating_add(1))]
                .into_iter()
                .flatten()
                .any(|place| self.pieces.get(place).is_some_and(|piece| piece.currency().is_some()))
        };
        let led = |place: usize| {
            place.checked_sub(1).and_then(|place| self.pieces.get(place)).is_some_and(|piece| {
                piece.is_any(&[Word::To, Word::Is, Word::At]) && !piece.is(Word::And)
                    || piece.is_mark(":")
            })
        };
        amounts
            .iter()
            .rev()
            .find(|(place, _)| signed(*place) || led(*place))
            .or(amounts.last().filter(|(_, piece)| {
                // "total of invoices 5, 6 and 7" changes nothing
                let whole = piece.value.is_some_and(|value| value.is_integer());
                amounts.len() == 1 && (!whole || self.says(&[Word::Mark]))
            }))
            .and_then(|(_, piece)| piece.value)
    }
}

/// A code that is a number of an invoice, as far as its letters and digits tell.
fn may_be_number(piece: &Piece) -> bool {
    let digit = piece.text.starts_with(|c: char| c.is_ascii_digit());
    is_number_code(piece) || digit && piece.known.is_none() && !piece.is_coded_name()
}
