//! Which way the money goes: bills that we got, or invoices that we sent.

use super::{
    filters::Binder,
    names::Side,
    piece::{Piece, has},
    token::Kind,
    word::{Role, Word},
};
use domain::{
    invoice::Direction,
    question::{DateField, StatusFilter},
};

/// Words before who did it.
pub(super) const BY: [&str; 8] = ["by", "von", "par", "da", "door", "por", "pela", "pelo"];

impl Binder<'_> {
    pub(super) fn direction(&mut self) {
        let issued = self.says(&[Word::OweMe])
            // "which customers still have to pay"
            || self.says(&[Word::Customer]) && self.says(&[Word::Owe]) && !self.says(&[Word::We])
            || (self.says(&[Word::Income]) && !self.ambiguous_income());
        // "openstaande facturen van klanten"
        let of_customers = self.free().any(|(at, piece)| {
            piece.is(Word::Customer)
                && piece.is_plural(self.code)
                && self
                    .pieces
                    .get(..at)
                    .unwrap_or_default()
                    .iter()
                    .rfind(|lead| !lead.is(Word::Stop) || lead.is(Word::From))
                    .is_some_and(|lead| lead.is_any(&[Word::From, Word::To, Word::For]))
        });
        let theirs = self.is_sent_by_somebody();
        let sent = !theirs
            && (self.goes_to_somebody()
                || of_customers
                    && (self.says(&[Word::Document]) || !self.bound.filters.status.is_empty())
                || self.says(&[Word::Sent])
                    && self.says(&[Word::Document])
                    && !self.says(&[Word::Received]));
        // "was kostet uns der Strom": what it takes from us
        let costs = self.says(&[Word::Costs]) && has(self.pieces, &[Word::Me, Word::We]);
        // "TVA payée"
        let tax_paid = self.free().any(|(at, piece)| {
            piece.is(Word::Paid) && !piece.is(Word::Unpaid) && self.follows_tax(at)
        });
        let tax_bought = self.says(&[Word::Tax]) && self.says(&[Word::Bought]);
        // "the invoices that Bob got from us"
        let from_us = self.pieces.windows(2).any(|pair| {
            matches!(pair, [from, us] if from.is(Word::From) && us.is(Word::Me) && !us.is(Word::We))
        }) && self.says(&[Word::Received]);
        // "late paying me" says both
        let late = |piece: &Piece| piece.is(Word::Overdue) && piece.is(Word::OweMe);
        let issued = issued || from_us || self.pieces.iter().any(late);
        let received = costs
            || theirs
            || self.holds_prices()
            || self.compares_months()
            || tax_paid
            || tax_bought
            || self.says(&[Word::Spend, Word::Received, Word::Owe])
            || (self.says(&[Word::Bought]) && self.says(&[Word::Spend]));
        self.bound.is_unclear |=
            self.goes_either_way() || self.is_billed_by_somebody() || self.is_sent_by_a_customer();
        self.bound.filters.direction = match () {
            // the number says which one
            () if self.bound.filters.number.is_some() => None,
            () if issued => Some(Direction::Issued),
            () if received => Some(Direction::Received),
            () if sent => Some(Direction::Issued),
            () => None,
        };
    }

    /// "How many invoices did Shell send", "which supplier sent the most": what others send comes to us.
    fn is_sent_by_somebody(&self) -> bool {
        let others = |piece: &Piece| {
            piece.known.as_ref().is_some_and(|known| known.side == Side::Vendor)
                || piece.is_unknown() && piece.is_capital()
                || piece.is(Word::Vendor) && !piece.is(Word::Stop)
        };
        self.sender().is_some_and(others)
    }

    /// "How many invoices did Bob send", who is a customer.
    fn is_sent_by_a_customer(&self) -> bool {
        let customer =
            |piece: &Piece| piece.known.as_ref().is_some_and(|known| known.side == Side::Customer);
        self.sender().is_some_and(customer)
    }

    /// Returns whoever stands right before the verb, where it is not us.
    fn sender(&self) -> Option<&Piece> {
        let small = |piece: &&Piece| {
            piece.kind == Kind::Mark
                || piece.is_any(&[Word::Stop, Word::Has, Word::Me]) && piece.known.is_none()
        };
        let told = has(self.pieces, &[Word::We, Word::Customer, Word::Income]);
        let mut sent = self.free().filter(|(_, piece)| piece.is(Word::Sent) && !told);
        let (at, _) = sent.next()?;
        let before = self.pieces.get(..at).unwrap_or_default().iter().rev();
        let mut before = before.skip_while(|piece| small(piece));
        let who = before.next();
        // "die ik naar Anna stuurde": to whom
        let led = before.next().is_some_and(|lead| lead.is_any(&[Word::To, Word::For]));
        who.filter(|_| !led)
    }

    /// "Was October dearer than September": what it took from us.
    fn holds_prices(&self) -> bool {
        const DEAR: [&str; 16] = [
            "teurer",
            "gunstiger",
            "billiger",
            "dearer",
            "pricier",
            "cheaper",
            "more expensive",
            "mas car",
            "mas barat",
            "plus cher",
            "moins cher",
            "piu car",
            "piu costos",
            "duurder",
            "goedkoper",
            "mais car",
        ];
        let dear = |piece: &Piece| {
            piece.is_any(&[Word::Over, Word::Under])
                && DEAR.iter().any(|word| piece.folded.starts_with(word))
        };
        self.bound.against.is_some() && self.pieces.iter().any(dear)
    }

    /// "Compare October and November": what was spent, where nothing else is said.
    fn compares_months(&self) -> bool {
        const OTHERS: [Word; 8] = [
            Word::Document,
            Word::Income,
            Word::Sent,
            Word::Tax,
            Word::Net,
            Word::HowMany,
            Word::Customer,
            Word::OweMe,
        ];
        self.bound.against.is_some()
            && has(self.pieces, &[Word::Compare])
            && !has(self.pieces, &OTHERS)
    }

    /// "How much was I paid in May?": what came in then, whenever it was billed.
    pub(super) fn collected(&mut self) {
        let asks = has(self.pieces, &[Word::HowMuch, Word::Total, Word::Average])
            || has(self.pieces, &[Word::What, Word::Which])
                && !has(self.pieces, &[Word::Document, Word::Customer]);
        let filters = &mut self.bound.filters;
        let open = filters.status.is_empty() && filters.number.is_none();
        // tax is collected with every invoice that is written
        let open = open && !has(self.pieces, &[Word::Tax]);
        if !open
            || !asks
            || !self
                .pieces
                .iter()
                .zip(&self.bound.used)
                .any(|(piece, used)| !used && piece.is(Word::Collected))
        {
            return;
        }
        filters.status.push(StatusFilter::Paid);
        if filters.date_from.is_some() || filters.date_to.is_some() {
            filters.date_field = DateField::PaidAt;
        }
    }

    /// "The last five invoices to Nordwind": papers that go to somebody are ours.
    fn goes_to_somebody(&self) -> bool {
        let paper = |at: usize| {
            let before = at.checked_sub(1).and_then(|at| self.piece(at));
            before.is_some_and(|piece| piece.is(Word::Document))
        };
        // "set the vendor of all Shell invoices to Aral" changes them
        let changes = has(self.pieces, &[Word::Mark, Word::Category]);
        let mut leads = self.free().filter(|(at, piece)| piece.is(Word::To) && paper(*at));
        !changes
            && leads.any(|(at, _)| {
                let next = at.saturating_add(1);
                let name = self.piece(next).filter(|piece| !piece.is(Word::Stop));
                let name = name.or_else(|| self.piece(next.saturating_add(1)));
                let large = |piece: &Piece| piece.is_unknown() && piece.is_capital();
                // "to Hotel Astoria": what it trades in may be a part of the name
                let trade = |piece: &Piece| {
                    piece.kind == Kind::Word
                        && piece.is_capital()
                        && piece.roles.iter().all(|role| matches!(role, Role::Category(_)))
                };
                let then = self.piece(next.saturating_add(1)).is_some_and(large);
                let stored = |piece: &Piece| {
                    piece.known.as_ref().is_some_and(|known| known.side != Side::Category)
                };
                name.is_some_and(|piece| stored(piece) || large(piece) || then && trade(piece))
            })
    }

    /// "Billed by Anna": what she has billed us is no income.
    fn is_billed_by_somebody(&self) -> bool {
        let named = |piece: &Piece| piece.known.is_some() || piece.is_unknown();
        self.pieces.windows(3).any(|three| {
            matches!(three, [billed, by, name] if billed.is(Word::Income)
                && !billed.is_any(&[Word::Received, Word::Collected])
                && BY.contains(&by.folded.as_str())
                && named(name))
        })
    }

    /// "Was ist berechnet": to us, or by us?
    fn goes_either_way(&self) -> bool {
        let mut asking = self.pieces.iter().filter(|piece| piece.is(Word::HowMuch));
        let told = [Word::We, Word::Me, Word::Document, Word::Customer, Word::Vendor];
        let named = |piece: &Piece| piece.known.is_some() || piece.is_unknown();
        !has(self.pieces, &told)
            && asking.all(|piece| piece.is(Word::What))
            && !self.pieces.iter().any(named)
            && self.free().any(|(_, piece)| piece.is(Word::Income) && piece.is(Word::Received))
    }

    fn ambiguous_income(&self) -> bool {
        // "was hab ich der Schreinerei berechnet"
        let billed = has(self.pieces, &[Word::We])
            && !has(self.pieces, &[Word::Me])
            && self.free().any(|(_, piece)| piece.folded == "berechnet");
        self.says(&[Word::Received, Word::Owe])
            && !billed
            && !self.says(&[Word::Customer])
            // "how much did we receive?" is money, "which invoices" are papers
            && (self.says(&[Word::Document, Word::Owe, Word::Spend])
                || !self.says(&[Word::HowMuch]))
            && self
                .free()
                .filter(|(_, piece)| piece.is(Word::Income))
                .all(|(_, piece)| piece.is_any(&[Word::Received, Word::Owe, Word::Show]))
    }
}
