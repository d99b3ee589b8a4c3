//! Limits of amounts: "above 2,000 dollars", "between 100 and 200 €", "500 or more".

use super::{
    filters::Binder,
    piece::Piece,
    word::{Role, Word},
};
use domain::question;

impl Binder<'_> {
    /// "Above 2,000 dollars", "between 100 and 200 €", "at least 50".
    pub(super) fn amounts(&mut self) {
        let mut at = 0;
        while let Some(piece) = self.piece(at) {
            let start = at;
            at = at.saturating_add(1);
            let kinds = [
                (Word::AtLeast, true, false),
                (Word::Over, true, true),
                (Word::AtMost, false, false),
                (Word::Under, false, true),
            ];
            if piece.is(Word::Between)
                && let Some((low, end)) = self.amount(at)
                && self.piece(end).is_some_and(|piece| piece.is_any(&[Word::And, Word::To]))
                && !self.is_period(at)
                && let Some((high, end)) = self.amount(end.saturating_add(1))
                && !self.is_day_of_month(high, end)
            {
                self.bound.filters.min = Some(question::Bound { amount: low, strict: false });
                self.bound.filters.max = Some(question::Bound { amount: high, strict: false });
                self.bound.limits.push((start, end));
                self.take(start, end);
                continue;
            }
            let Some((_, low, strict)) = kinds.into_iter().find(|(word, ..)| piece.is(*word))
            else {
                continue;
            };
            let behind = self.amount(at).filter(|(amount, end)| {
                !self.is_period(at) && !self.is_day_of_month(*amount, *end)
            });
            let found = behind.map(|(amount, end)| (amount, start, end));
            let Some((amount, start, end)) = found.or_else(|| self.amount_before(start)) else {
                continue;
            };
            // "more than 3 bills" counts them
            let counted = [Word::Document, Word::Item, Word::Customer, Word::Vendor];
            self.bound.is_unclear |= self.piece(end).is_some_and(|noun| {
                noun.is_any(&counted) && !noun.is(Word::Stop) && self.is_bare(start, end)
            });
            let bound = Some(question::Bound { amount, strict });
            let filters = &mut self.bound.filters;
            if low {
                filters.min = bound
            } else {
                filters.max = bound
            }
            self.bound.limits.push((start, end));
            self.take(start, end);
        }
    }

    /// "5000 rupees and more", "500 € से ज्यादा": the amount stands before its limit.
    fn amount_before(&mut self, limit: usize) -> Option<(rust_decimal::Decimal, usize, usize)> {
        let first = (limit.saturating_sub(3)..limit).find(|at| {
            !self.is_used(*at)
                && self
                    .piece(*at)
                    .is_some_and(|piece| piece.value.is_some() || piece.currency().is_some())
        })?;
        let next = self.piece(limit.saturating_add(1));
        if next.is_some_and(|piece| piece.decimal().is_some() || piece.currency().is_some()) {
            return None;
        }
        let (amount, end) = self.amount(first)?;
        (end == limit && !self.is_period(first)).then_some((amount, first, limit.saturating_add(1)))
    }

    /// "Over 30 days", "between 1 March and": a number before a unit or month is no amount.
    pub(super) fn is_period(&self, number: usize) -> bool {
        self.piece(number.saturating_add(1)).is_some_and(|piece| {
            piece.roles.iter().any(|role| matches!(role, Role::Unit(_) | Role::Month(_)))
        })
    }

    /// Returns whether no currency stands in a stretch.
    fn is_bare(&self, from: usize, end: usize) -> bool {
        let stretch = self.pieces.get(from..end).unwrap_or_default();
        stretch.iter().all(|piece| piece.currency().is_none())
    }

    /// "Over 15 March" names a day; "over 1,000 euros from March" and "over 100 in March" do not.
    fn is_day_of_month(&self, amount: rust_decimal::Decimal, end: usize) -> bool {
        let signed = self.before(end).is_some_and(|piece| piece.currency().is_some());
        !signed && amount <= rust_decimal::Decimal::from(31) && self.is_month(end)
    }

    /// "Between 1 and 15 March", "entre el 1 y el 15 de marzo": days, whatever they look like.
    pub(super) fn is_month(&self, after: usize) -> bool {
        let rest = self.pieces.get(after..).unwrap_or_default();
        rest.iter()
            .find(|piece| !piece.is_any(&[Word::Stop, Word::Of]) && !piece.is_mark("."))
            .is_some_and(|piece| piece.roles.iter().any(|role| matches!(role, Role::Month(_))))
    }

    /// Returns an amount with the currency on either side, which becomes a filter.
    fn amount(&mut self, at: usize) -> Option<(rust_decimal::Decimal, usize)> {
        let skip = |at: usize| {
            if self
                .pieces
                .get(at)
                .is_some_and(|piece| piece.is(Word::Stop) && piece.value.is_none())
            {
                at.saturating_add(1)
            } else {
                at
            }
        };
        let at = skip(at);
        let lead = self.piece(at)?.currency();
        let at = if lead.is_some() { at.saturating_add(1) } else { at };
        let mut value = self.piece(at)?.decimal()?;
        self.bound.is_unclear |= self.piece(at)?.is_doubtful();
        let mut end = at.saturating_add(1);
        if let Some(piece) = self.piece(end)
            && (piece.folded == "k" || piece.count() == Some(1000))
        {
            value = value.checked_mul(1000.into())?;
            end = end.saturating_add(1);
        }
        let tail = self.piece(end).and_then(Piece::currency);
        if tail.is_some() {
            end = end.saturating_add(1);
        }
        self.bound.filters.currency.extend(lead.or(tail));
        Some((value, end))
    }
}
