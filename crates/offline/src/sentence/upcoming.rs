//! What is due next: "when is the next bill due", "was muss ich als Nächstes zahlen".

use super::{filters::Binder, piece::has, word::Word};
use domain::question::{DateField, StatusFilter};

impl Binder<'_> {
    /// A "next" that leads no stretch of days, beside a word of what is due: the open ones from today on,
    /// one of them unless several are asked for.
    pub(super) fn next_due(&mut self) {
        let next = self.free().find(|(_, piece)| piece.is(Word::Next)).map(|(at, _)| at);
        let due = has(self.pieces, &[Word::Due, Word::DueDate, Word::Owe, Word::Unpaid]);
        let figures = [Word::HowMuch, Word::HowMany, Word::Total, Word::Average];
        let figure =
            self.pieces.iter().any(|piece| piece.is_any(&figures) && !piece.is(Word::What));
        let filters = &mut self.bound.filters;
        let Some(at) = next.filter(|_| due && !figure && filters.date_from.is_none()) else {
            return;
        };
        filters.status = vec![StatusFilter::Unpaid];
        filters.date_field = DateField::DueDate;
        filters.date_from = Some(self.sentence.today);
        let code = self.code;
        let many = self.pieces.iter().any(|piece| {
            piece.is(Word::Document) && piece.is_plural(code) || piece.value.is_some()
        });
        self.bound.limit = (!many).then_some(1);
        self.bound.is_next = true;
        self.take(at, at.saturating_add(1));
    }
}
