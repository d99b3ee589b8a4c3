//! What one bought and what was paid: both went out, where nobody says otherwise.

use super::{filters::Binder, piece::has, word::Word};
use domain::{
    invoice::Direction,
    question::{DateField, StatusFilter},
};

impl Binder<'_> {
    /// "What did I buy in July?", "how much was paid in October?": what went out, and nothing that was sold.
    pub(super) fn outgoing(&mut self) {
        let filters = &self.bound.filters;
        let named = !filters.vendor.is_empty() || !filters.customer.is_empty();
        if named || filters.number.is_some() {
            return;
        }
        let sold = [Word::Income, Word::Sent, Word::Customer, Word::OweMe, Word::Collected];
        // "how many cartons did we purchase" counts what stands on any paper
        let counts = has(self.pieces, &[Word::HowMany]);
        let bought = self.says(&[Word::Bought]) && !self.says(&sold) && !counts;
        if filters.direction.is_none() && bought {
            self.bound.filters.direction = Some(Direction::Received);
        }
        // "how much am I overdue": what I owe, and not what is owed to me
        let overdue = self.bound.filters.status == [StatusFilter::Overdue];
        let ours = [Word::HowMuch, Word::We].iter().all(|word| has(self.pieces, &[*word]));
        if self.bound.filters.direction.is_none()
            && overdue
            && ours
            && !has(self.pieces, &[Word::Document])
        {
            self.bound.filters.direction = Some(Direction::Received);
        }
        if self.asks_what_was_paid() {
            let filters = &mut self.bound.filters;
            filters.direction = Some(Direction::Received);
            filters.status = vec![StatusFilter::Paid];
            if filters.date_from.is_some() || filters.date_to.is_some() {
                filters.date_field = DateField::PaidAt;
            }
        }
    }

    /// "How much was paid in October?", "wie viel wurde im Oktober bezahlt?": the day of payment is asked
    /// about, as nobody says that it was he who spent.
    fn asks_what_was_paid(&self) -> bool {
        const OTHERS: [Word; 10] = [
            Word::We,
            Word::Me,
            Word::Who,
            Word::Document,
            Word::Tax,
            Word::Customer,
            Word::OweMe,
            Word::Owe,
            Word::Income,
            Word::Unpaid,
        ];
        let asks = self.pieces.iter().any(|piece| piece.is(Word::HowMuch));
        let is = |at: usize| {
            self.piece(at).is_some_and(|piece| piece.is(Word::Is) && !piece.is(Word::Has))
        };
        let paid = |at: usize| {
            self.piece(at).is_some_and(|piece| piece.is(Word::Paid) && !piece.is(Word::Unpaid))
        };
        let passive = (0..self.pieces.len()).any(|at| {
            let next = at.saturating_add(1);
            let time_between =
                self.bound.when.filter(|(first, _)| *first <= next.saturating_add(1));
            is(at) && (paid(next) || time_between.is_some_and(|(_, end)| paid(end)))
        });
        let open = self.bound.filters.status.is_empty() && self.bound.against.is_none();
        asks && open && passive && !has(self.pieces, &OTHERS)
    }
}
