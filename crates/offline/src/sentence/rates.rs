//! Taxes that a draft names without a sign: "plus IVA 22".

use super::{draft::Maker, word::Word};
use domain::{draft::DraftTax, money::Rate};
use rust_decimal::Decimal;

/// The highest tax rate that a bare number is taken for, in percent.
const HIGHEST: i64 = 30;

impl Maker<'_> {
    /// Takes a number right behind the tax that is no amount as its rate; says whether there is one.
    /// "150 euros TTC, TVA 20", "250 euros HT": the price says whether its tax is in it.
    pub(super) fn priced_with_tax(&mut self) {
        let says = |at: usize| {
            self.piece(at).is_some_and(|piece| {
                piece.is(Word::Included) || ["ht", "hors taxes"].contains(&piece.folded.as_str())
            })
        };
        let behind_a_price = |at: usize| {
            let before = at.checked_sub(1).and_then(|at| self.piece(at));
            let percent = self.piece(at.saturating_add(2)).is_some_and(|piece| piece.is_mark("%"));
            before.is_some_and(|p| p.value.is_some() || p.currency().is_some()) && !percent
        };
        let found = (1..self.pieces.len()).find(|at| says(*at) && behind_a_price(*at));
        let next = |at: usize| self.is(at.saturating_add(1), &[Word::Tax, Word::NoTax]);
        if let Some(at) = found.filter(|at| !next(*at)) {
            self.is_gross = self.is(at, &[Word::Included]);
            self.take(at, at.saturating_add(1));
        }
    }

    pub(super) fn bare_rate(&mut self, at: usize) -> bool {
        // "più IVA al 22"
        let small = |at: usize| {
            self.is(at, &[Word::At, Word::To, Word::Of])
                && self.piece(at).is_some_and(|piece| piece.value.is_none())
        };
        let next = at.saturating_add(1);
        let number = if small(next) { next.saturating_add(1) } else { next };
        let next = number.saturating_add(1);
        let ends = self.piece(next).is_none_or(|piece| piece.is_mark(",;.\n"));
        let percent = self.piece(number).and_then(|piece| piece.value);
        let usual = Decimal::ONE..=Decimal::from(HIGHEST);
        let Some(percent) = percent.filter(|percent| usual.contains(percent) && ends) else {
            return false;
        };
        if self.draft.tax.is_some() || !self.is(at, &[Word::Tax]) {
            return false;
        }
        let lead = [Word::Excluded, Word::Included, Word::And];
        let first = at.checked_sub(1).filter(|at| self.is(*at, &lead));
        let inclusive = self.is_gross || first.is_some_and(|at| self.is(at, &[Word::Included]));
        let rate = Rate::from_percent(percent);
        self.draft.tax = Some(DraftTax::Rate { rate, inclusive });
        self.take(first.unwrap_or(at), next);
        true
    }
}
