//! News of a payment: what says that something was paid, and what only looks for paid papers.

use super::{classify::Signs, direction::BY, names::Side, piece::Piece, token::Kind, word::Word};

impl Signs<'_> {
    /// "Iberdrola pagado hoy", "uber tudo pago": somebody, that he was paid, and a day or "all".
    pub(super) fn is_news_of_a_payment(&self) -> bool {
        let paid = [Word::Paid, Word::WePaid, Word::PaidUs];
        let told = [Word::Today, Word::Yesterday, Word::All];
        let small = [Word::Stop, Word::Is, Word::Thanks, Word::Please, Word::Hello];
        let somebody =
            |piece: &&Piece| piece.known.as_ref().is_some_and(|known| known.side != Side::Category);
        let names = self.pieces.iter().filter(somebody).count();
        let news = |piece: &Piece| {
            piece.kind == Kind::Mark
                || somebody(&piece)
                || piece.is_any(&paid)
                || piece.is_any(&told)
                || piece.is_any(&small)
        };
        let asks =
            [Word::HowMuch, Word::What, Word::Which, Word::Who, Word::Document, Word::Unpaid];
        names == 1
            && !self.asks
            && !self.says(&asks)
            && self.says(&paid)
            && self.says(&told)
            && self.pieces.iter().all(news)
    }

    /// "Paid by Anna" looks for what she has paid.
    pub(super) fn is_paid_by_somebody(&self) -> bool {
        let mut said = self.pieces.iter().skip_while(|piece| !self.first_is_same(piece));
        said.next().is_some_and(|piece| piece.is(Word::Paid))
            && said.next().is_some_and(|piece| BY.contains(&piece.folded.as_str()))
    }

    /// "The Lidl invoice has been paid": one paper, and no list of them.
    pub(super) fn is_one_paper(&self) -> bool {
        let mut papers = self.pieces.iter().filter(|piece| piece.is(Word::Document));
        let one = papers.next().is_some_and(|paper| !paper.is_plural(self.parsed.code));
        let asks = [Word::Show, Word::Which, Word::All, Word::Latest, Word::Largest, Word::Top];
        one && papers.next().is_none() && !self.says(&asks)
    }

    /// "All bills from Shell are already paid" states, "everything that was paid" asks.
    pub(super) fn states_payment(&self) -> bool {
        let after_name = |whose: &Piece, paid: &Piece| {
            let name = whose.is_unknown() && whose.is_capital() || whose.known.is_some();
            name && paid.is(Word::Paid) && paid.text.contains(' ')
        };
        let whole = |before: &Piece, paid: &Piece| {
            const HAS: [&str; 4] = ["has ", "have ", "is ", "are "];
            let verb = HAS.iter().any(|verb| paid.folded.starts_with(verb));
            let asks = [Word::Relative, Word::Which, Word::What, Word::Who, Word::Do];
            verb && paid.is(Word::Paid) && !before.is_any(&asks) && before.kind != Kind::Mark
        };
        let ends = self.pieces.iter().enumerate().filter(|(_, piece)| piece.is(Word::Paid));
        ends.into_iter().any(|(at, _)| {
            let before = self.pieces.get(..at).unwrap_or_default();
            let small =
                |piece: &&Piece| piece.is_any(&[Word::Stop, Word::Is]) && !piece.is(Word::Relative);
            let verb = before.iter().rev().take_while(small).any(|piece| piece.is(Word::Is));
            let whose = before.iter().rev().find(|piece| !small(piece));
            let relative = [Word::Relative, Word::It, Word::Which, Word::Who, Word::What];
            verb && whose.is_some_and(|whose| !whose.is_any(&relative) && whose.kind != Kind::Mark)
        }) || self.pieces.windows(2).any(|two| match two {
            [whose, paid] => after_name(whose, paid) || whole(whose, paid),
            _ => false,
        })
    }
}
