//! Words that only say of what a price is one: "50 per class", "80/hr".

use super::{items::Segment, piece::Piece, token::Kind, word::Word};

impl Segment<'_, '_> {
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
