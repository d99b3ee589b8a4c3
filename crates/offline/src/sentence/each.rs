//! Words that only say of what a price is one: "50 per class", "80/hr".

use super::{items::Segment, piece::Piece, token::Kind, word::Word};
use rust_decimal::Decimal;

impl Segment<'_, '_> {
    /// "85 euros per saddle", "20 € por árbol": a price, and one word that says of what.
    pub(super) fn price_of_one(&self) -> Option<Decimal> {
        let number = (0..=1).find(|place| self.piece(*place).is_some_and(|p| p.value.is_some()))?;
        let money = |place: usize| self.piece(place).is_some_and(|p| p.currency().is_some());
        let before = number.checked_sub(1).is_none_or(money);
        let next = number.saturating_add(1);
        let lead = if money(next) { next.saturating_add(1) } else { next };
        let tied = self.is(lead, &[Word::Each, Word::Per, Word::For])
            || self.piece(lead).is_some_and(|piece| piece.is_mark("/"));
        let noun = self.piece(lead.saturating_add(1)).filter(|piece| piece.kind == Kind::Word);
        let ends = self.piece(lead.saturating_add(2)).is_none();
        let price = self.piece(number).filter(|price| !price.is_doubtful())?;
        price.value.filter(|_| before && tied && noun.is_some() && ends)
    }

    /// "50 per class for 4 classes": the price of one of what is counted elsewhere.
    pub(super) fn is_for_each(&self, place: usize, numbers: &[usize]) -> bool {
        let lead = place.saturating_add(1);
        let noun = |place: usize| {
            let noun = self.piece(place).filter(|piece| piece.kind == Kind::Word)?;
            Some(noun.folded.as_str()).filter(|noun| noun.chars().count() > 2)
        };
        let tied = self.is(lead, &[Word::For, Word::Per, Word::Times, Word::At, Word::Each]);
        let one = noun(lead.saturating_add(1)).filter(|_| tied);
        one.is_some_and(|one| {
            let others = numbers.iter().filter(|other| **other > place);
            let counted = others.filter_map(|other| noun(other.saturating_add(1)));
            counted.into_iter().any(|many| many.starts_with(one))
        })
    }

    /// "3 hours at 80/hr", "3 घंटे 80 प्रति घंटा": one of what is counted, behind its price.
    pub(super) fn is_what_it_is_each(
        &self,
        place: usize,
        price: Option<usize>,
        quantity: Option<usize>,
    ) -> bool {
        let Some(before) = place.checked_sub(1).filter(|before| price.is_some_and(|p| p < *before))
        else {
            return false;
        };
        let each = self.is(before, &[Word::Each, Word::Per])
            || self.is_article(before)
            || self.piece(before).is_some_and(|piece| piece.is_mark("/"));
        let counted = quantity.and_then(|at| self.piece(at.saturating_add(1)));
        let same = |piece: &Piece, counted: &Piece| {
            let head = |piece: &Piece| piece.folded.chars().take(3).collect::<String>();
            piece.is(Word::Container) || head(piece) == head(counted)
        };
        let one = self.piece(place).filter(|piece| piece.kind == Kind::Word);
        each && one.zip(counted).is_some_and(|(one, counted)| same(one, counted))
    }
}
