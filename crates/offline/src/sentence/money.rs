//! Whether a question wants money, numbers of papers, or the papers themselves.

use super::{
    piece::{Piece, has},
    question::Assembly,
    word::{Role, Word},
};
use domain::question::{DateField, StatusFilter};

impl Assembly<'_> {
    /// Returns whether a figure of money answers it, and no list.
    pub(super) fn asks_for_money(&self) -> bool {
        // "Stromkosten": the category is bound, and the money is asked for all the same
        let costs = |piece: &Piece| {
            piece.is(Word::Spend)
                && piece.roles.iter().any(|role| matches!(role, Role::Category(_)))
        };
        // "VAT on invoices of May": the papers only say whose tax it is
        let of_papers = self.says(&[Word::Tax]) && !self.says(&[Word::Show, Word::Which]);
        let net = self.says(&[Word::Net]) && self.bound.filters.tax_max.is_none();
        let money = self.says(&[Word::HowMuch, Word::Total])
            || self.bound.against.is_some() && self.bound.filters.direction.is_some()
            || net
            || of_papers
            || self.pieces.iter().any(costs)
            || self.is_kind_in_a_stretch()
            || (self.says(&[Word::Spend, Word::Income, Word::OweMe, Word::Tax, Word::Owe])
                && !self.says(&[Word::Document])
                && !self.is_billed_and_open());
        // "was schuldet mir Anna": how much
        let owed = self.says(&[Word::OweMe, Word::Owe])
            && (!self.bound.filters.customer.is_empty() || !self.bound.filters.vendor.is_empty());
        let listing = self.says(&[Word::Show, Word::Which])
            && (self.says(&[Word::Document]) || !self.bound.filters.status.is_empty() && !owed)
            && !self.says(&[Word::HowMuch, Word::Total]);
        money && !listing
    }

    /// "Rent this year": a kind of expenses, a stretch of days, and no papers that are looked for.
    fn is_kind_in_a_stretch(&self) -> bool {
        let filters = &self.bound.filters;
        let asks = [Word::Document, Word::Show, Word::Which, Word::What, Word::Who, Word::When];
        !filters.category.is_empty()
            && self.bound.against.is_none()
            && filters.status.is_empty()
            && filters.date_field == DateField::IssueDate
            && filters.date_from != filters.date_to
            && filters.min.is_none()
            && filters.max.is_none()
            && !has(self.pieces, &asks)
    }

    /// "Billed but not paid": which ones, as no word asks how much.
    fn is_billed_and_open(&self) -> bool {
        self.says(&[Word::Income])
            && !self.says(&[Word::OweMe, Word::Owe, Word::Spend])
            && self.bound.filters.status == [StatusFilter::Unpaid]
    }

    /// "Hoeveel openstaande facturen": where one word asks for money and for numbers, the noun
    /// right behind it tells.
    pub(super) fn counts_papers(&self) -> bool {
        let standing = [
            Word::Unpaid,
            Word::Paid,
            Word::Overdue,
            Word::Draft,
            Word::Cancelled,
            Word::Received,
            Word::Sent,
        ];
        // "what did customers pay us" counts nobody
        let much = |piece: &Piece| piece.is(Word::HowMuch) && !piece.is(Word::What);
        let behind = self.pieces.iter().skip_while(|piece| !much(piece)).skip(1);
        let mut nouns = behind.skip_while(|piece| piece.is_any(&standing));
        nouns.next().is_some_and(|piece| {
            piece.is_any(&[Word::Document, Word::Customer, Word::Vendor])
                && !piece.is_any(&[Word::Stop, Word::It])
        })
    }
}
