//! Parts of a sentence that do not go together: nothing is answered then, and what clashes is named.

use super::{
    filters::Binder,
    found::Found,
    names::Side,
    piece::{Piece, has},
    word::Word,
};
use domain::{invoice::Direction, question::StatusFilter};

/// The first of some pieces, and the one behind the last.
pub(super) type Stretch = (usize, usize);

/// Two parts of a sentence of which only one can be meant.
pub(super) type Clash = (Stretch, Stretch);

impl Binder<'_> {
    /// Notes two parts of which only one can be meant.
    pub(super) fn clash(&mut self, one: Stretch, other: Stretch) {
        self.bound.is_unclear = true;
        let (first, second) = if one.0 <= other.0 { (one, other) } else { (other, one) };
        self.bound.clash.get_or_insert((first, second));
    }

    /// "Paid and unpaid" is all of them, "paid invoices that are unpaid" nothing.
    pub(super) fn oppose(&mut self) {
        let of = |status: StatusFilter| self.bound.filters.status.contains(&status);
        // "invoices paid more than 30 days late"
        let closed = |(_, piece): (usize, &Piece)| {
            piece.is_any(&[Word::Paid, Word::PaidUs]) && !piece.is_any(&[Word::Unpaid, Word::Spend])
                || piece.folded == "paid"
        };
        let late = of(StatusFilter::Overdue) && self.free().any(closed);
        let opposed =
            of(StatusFilter::Paid) && (of(StatusFilter::Unpaid) || of(StatusFilter::Overdue));
        self.bound.is_unclear |= late;
        if !opposed || has(self.pieces, &[Word::And, Word::WhatAbout]) {
            return;
        }
        self.bound.is_unclear = true;
        let place = |word: Word| self.pieces.iter().position(|piece| piece.is(word));
        let open = place(Word::Unpaid).or_else(|| place(Word::Overdue));
        if let Some((paid, open)) = place(Word::Paid).zip(open).filter(|(paid, open)| paid != open)
        {
            self.clash((paid, paid.saturating_add(1)), (open, open.saturating_add(1)));
        }
    }

    /// "Bills that I paid": what stands behind a "that" says of which ones, and asks for no sum.
    pub(super) fn is_relative(&self, at: usize) -> bool {
        let small = [Word::We, Word::Has, Word::Is];
        let before = self.pieces.get(..at).unwrap_or_default().iter().rev();
        let mut before = before.skip_while(|piece| piece.is_any(&small) && !piece.is(Word::It));
        let that = before.next().is_some_and(|piece| piece.is(Word::Relative));
        that && has(self.pieces, &[Word::Document]) && !has(self.pieces, &[Word::HowMuch])
    }

    /// "That I paid in September": the day of the payment.
    pub(super) fn is_paid_within(&self, found: Found) -> bool {
        let near = found.first.saturating_sub(2)..found.first;
        near.into_iter().any(|at| {
            self.piece(at).is_some_and(|piece| piece.is(Word::Paid)) && self.is_relative(at)
        })
    }

    /// "Has Bob paid", "muss Bob noch zahlen": a customer, and right behind him that he pays.
    fn is_paid_by_a_customer(&self) -> bool {
        const PAY: [&str; 7] = ["pay", "zahlen", "bezahlen", "payer", "pagar", "pagare", "betalen"];
        let customer =
            |piece: &Piece| piece.known.as_ref().is_some_and(|known| known.side == Side::Customer);
        let pays = |verb: &Piece| {
            verb.is(Word::PaidUs)
                || verb.is(Word::Spend)
                    && (verb.is(Word::Paid) || PAY.contains(&verb.folded.as_str()))
        };
        self.pieces.iter().enumerate().any(|(at, piece)| {
            let behind = self.pieces.get(at.saturating_add(1)..).unwrap_or_default().iter();
            let mut behind = behind.skip_while(|piece| piece.is(Word::Stop) && !pays(piece));
            customer(piece) && behind.next().is_some_and(pays)
        })
    }

    /// Returns whether it is we who do something, in whatever order: "wie viel habe ich Bob bezahlt".
    fn speaks_of_us(&self) -> bool {
        const US: [&str; 8] = ["i", "we", "ich", "wir", "ik", "wij", "je", "nous"];
        let mut words = self.pieces.iter().flat_map(|piece| piece.folded.split(' '));
        has(self.pieces, &[Word::We]) || words.any(|word| US.contains(&word))
    }

    /// Looks at everything that was bound together.
    pub(super) fn hold_together(&mut self) {
        let filters = &self.bound.filters;
        // One invoice has no period and no item beside its number, and what we issue has no vendor.
        let dated = filters.date_from.is_some() || filters.date_to.is_some();
        // "facturen 12 tot 20": one of them, and no amount
        let limited = filters.min.is_some() || filters.max.is_some();
        let one = filters.number.is_some() && (dated || limited || !filters.item.is_empty());
        let own = filters.direction == Some(Direction::Issued) && !filters.vendor.is_empty();
        // "Lidl without weekends": one shop has no other to leave out
        let without = !filters.vendor.is_empty() && !filters.vendor_not.is_empty();
        // "bills from Uber or to Bob": no invoice is both
        let two_sides = !filters.vendor.is_empty() && !filters.customer.is_empty();
        // "money in from Bob", who is a customer: no bill of his; "how much did Bob charge me" is
        let turned = filters.direction == Some(Direction::Received)
            && !filters.customer.is_empty()
            && has(self.pieces, &[Word::Received])
            && !has(self.pieces, &[Word::Spend, Word::Owe, Word::Document, Word::HowMuch]);
        // "how much has Bob paid", who is a customer: to us, and not for bills of his
        let turned = turned
            || filters.direction == Some(Direction::Received)
                && !self.speaks_of_us()
                && self.is_paid_by_a_customer();
        // "kaun dena hai": who has to pay, or whom?
        let either = self.code == "hi" && has(self.pieces, &[Word::Who]) && self.says(&[Word::Owe]);
        self.bound.is_unclear |= one || own || without || two_sides || turned || either;
        // "hoeveel moet Bob nog betalen": to us
        let filters = &self.bound.filters;
        let owes = filters.direction == Some(Direction::Received)
            && !filters.customer.is_empty()
            && filters.vendor.is_empty()
            && self.says(&[Word::Owe])
            && !self.speaks_of_us();
        if owes {
            self.bound.filters.direction = Some(Direction::Issued);
        }
        // "under 50 and over 500"
        let filters = &self.bound.filters;
        let nothing =
            filters.min.zip(filters.max).is_some_and(|(min, max)| min.amount > max.amount);
        if let (true, [one, .., other]) = (nothing, self.bound.limits.as_slice()) {
            let (one, other) = (*one, *other);
            self.clash(one, other);
        }
        self.bound.is_unclear |= nothing;
    }
}
