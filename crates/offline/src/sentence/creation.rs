//! Whether a text asks for a new invoice.

use super::{classify::Signs, draft, filters, piece::Piece, token::Kind, word::Word};

impl Signs<'_> {
    pub(super) fn is_creation(&self) -> bool {
        // "add 5 euros to invoice 12" makes none
        let changes = self.first_is(&[Word::Mark])
            && !self.first_is(&[Word::Create, Word::Bill])
            && !self.says(&[Word::Create, Word::BilledBehind]);
        // "write a poem about invoices"
        let idle = self.says(&[Word::OffTopic]) && !self.pieces.iter().any(|p| p.value.is_some());
        if changes
            || idle
            || self.says(&[Word::HowMuch, Word::HowMany])
            || self.pieces.iter().any(|piece| piece.is_mark("?؟")) && !self.priced
        {
            return false;
        }
        // "write me a poem about invoices", "draft invoices": no order of one
        let counts = self.pieces.iter().any(|piece| piece.value.is_some());
        if !counts && (self.says(&[Word::OffTopic]) || self.looks_for_drafts()) {
            return false;
        }
        let document = self.says(&[Word::Document, Word::Bill, Word::BilledBehind]);
        // "envoie les factures Lidl": those there are
        let papers = |pair: &[Piece]| {
            matches!(pair, [the, papers] if ["the", "les", "las", "as", "le", "de", "die"].contains(&the.folded.as_str())
                && papers.is(Word::Document)
                && papers.is_plural(self.parsed.code))
        };
        if self.pieces.windows(2).any(papers) && !self.pieces.iter().any(|p| p.value.is_some()) {
            return false;
        }
        let narrows = self.narrows();
        let ordered = self.first_is(&[Word::Create]) && document;
        // "Invoice no. 778 to Cobalt" names what is to be made
        let numbered = self.first_is(&[Word::Document]) && self.first_is(&[Word::NumberLabel]);
        let verb = (self.first_is(&[Word::Bill]) || numbered) && !self.first_is(&[Word::Show]);
        let Some(draft) = draft::attempt(self.parsed, self.sentence) else { return false };
        let lines = draft.items.iter().any(|item| item.unit_price.is_some());
        // "facturas a Vega" are those there are, "invoices I forgot to send" too
        let many = self.first.is_some_and(|first| first.is_plural(self.parsed.code)) && !lines;
        let forgotten = many && self.first_is(&[Word::Document]) && self.says(&[Word::Beyond]);
        let needs_create =
            self.says(&[Word::Create]) && document && !narrows && !self.asks && !forgotten;
        let noun_led = self.first_is(&[Word::Document])
            && !many
            && self.says(&[Word::For, Word::To])
            && (lines || draft.customer.is_some())
            && !narrows
            && !self.asks
            && (self.no_period() || draft.due_date.is_some() && lines);
        let verb_led = verb
            && (lines || draft.customer.is_some() && !self.asks && self.no_period())
            && !narrows;
        let priced = (document || self.says(&[Word::NamedBefore]))
            && lines
            && !narrows
            && !self.asks
            && (self.priced || self.says(&[Word::NamedBefore]));
        let wanted = (self.is_paper_for_somebody() && lines || self.is_mailed())
            && !narrows
            && !self.pieces.iter().any(|piece| piece.is_mark("?؟"));
        // "Can you do an invoice for Ruth? 3 hours, 60 euros" is no question
        let priced_order = self.says(&[Word::Create]) && document && lines && self.priced;
        ordered && !self.asks
            || priced_order && !narrows
            || needs_create
            || noun_led
            || wanted
            || verb_led
            || priced
    }

    /// "Facture pour Müller Bau : peinture 850": one paper for somebody, and a price behind a colon.
    pub(super) fn bills_somebody(&self) -> bool {
        let mut behind = self.pieces.iter().skip_while(|piece| !piece.is_mark(":"));
        self.is_paper_for_somebody() && behind.any(|piece| piece.value.is_some())
    }

    /// "Necesito una factura para Anna", "an invoice for Anna".
    fn is_paper_for_somebody(&self) -> bool {
        let small = [Word::Stop, Word::Please, Word::Create, Word::Hello];
        let mut said = self.pieces.iter().skip_while(|piece| {
            piece.kind == Kind::Mark || piece.is_any(&small) && !piece.is(Word::Document)
        });
        let paper = said.next().is_some_and(|piece| {
            piece.is_any(&[Word::Document, Word::Bill]) && !piece.is_plural(self.parsed.code)
        });
        let led = said.next().is_some_and(|piece| piece.is_any(&[Word::For, Word::To]));
        let mut said = said.skip_while(|piece| piece.is(Word::Stop));
        let named = said
            .next()
            .is_some_and(|piece| piece.known.is_some() || piece.is_unknown() && piece.is_capital());
        paper && led && named
    }

    /// "Invoice for 250 to bob@example.com": one paper, no number of it, and where it goes.
    fn is_mailed(&self) -> bool {
        let mailed = self.pieces.iter().any(|piece| piece.kind == Kind::Email);
        let numbered = self.pieces.windows(2).any(|pair| {
            matches!(pair, [paper, number] if paper.is(Word::Document) && number.value.is_some()
                || number.kind == Kind::Code)
        });
        mailed && !numbered && self.first_is(&[Word::Document, Word::Bill])
    }

    /// "Draft invoices", "my draft invoices of May": what there is in draft.
    fn looks_for_drafts(&self) -> bool {
        self.pieces.windows(2).any(|pair| {
            matches!(pair, [draft, papers] if draft.is(Word::Draft)
                && papers.is(Word::Document) && papers.is_plural(self.parsed.code))
        })
    }

    /// Words that look for invoices among those there are.
    fn narrows(&self) -> bool {
        // "Rechnung über 500 Euro an": one paper and what it is about, no limit of many
        let one = self.parsed.code == "de"
            && self
                .pieces
                .iter()
                .any(|piece| piece.is(Word::Document) && !piece.folded.ends_with('n'));
        let limits = [Word::AtLeast, Word::AtMost, Word::Between];
        let limited = self.says(&limits) && {
            let filters = filters::bind(self.parsed, self.sentence).filters;
            filters.min.is_some() || filters.max.is_some()
        };
        // "5 visits, 425 in total"
        let priced = self.pieces.windows(2).any(
            |pair| matches!(pair, [price, total] if price.value.is_some() && total.is(Word::Total)),
        );
        limited
            || !priced && self.says(&[Word::Total])
            || !one && self.says(&[Word::Over])
            || self.says(&[
                Word::Under,
                Word::Show,
                Word::Which,
                Word::Unpaid,
                Word::Overdue,
                Word::Average,
                Word::Largest,
                Word::Smallest,
                Word::Latest,
            ])
    }

    fn no_period(&self) -> bool {
        let bound = filters::bind(self.parsed, self.sentence);
        (bound.filters.date_from.is_none() && bound.filters.date_to.is_none()) || self.priced
    }
}
