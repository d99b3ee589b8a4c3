//! Whom a new invoice is for, where he stands between the verb and the paper, and where he is passed over.

use super::{
    draft::Maker,
    lexicon,
    names::Side,
    piece::Piece,
    token::Kind,
    word::{Role, Word},
};

/// "للعميل سالم" is "for the customer Salem": the noun is no part of the name, whatever is left of its
/// article.
pub(super) fn without_customer(name: &str) -> &str {
    let customer = Role::Word(Word::Customer);
    let is_noun = |word: &str| {
        let bare = word.trim_start_matches('ل');
        lexicon::of("ar").is_some_and(|ar| {
            [bare.to_owned(), format!("ال{bare}")]
                .iter()
                .any(|noun| ar.roles(&domain::names::fold(noun)).contains(&customer))
        })
    };
    name.split_once(' ').filter(|(first, _)| is_noun(first)).map_or(name, |(_, rest)| rest)
}

impl Maker<'_> {
    /// "Blue Bakery needs an invoice", "Bob braucht eine Rechnung".
    pub(super) fn in_need(&self) -> Option<(usize, usize, usize)> {
        const NEEDS: [&str; 9] = [
            "needs",
            "braucht",
            "benotigt",
            "necesita",
            "precisa",
            "precisa de",
            "ha bisogno di",
            "a besoin d",
            "heeft",
        ];
        let at = self.pieces.iter().position(|piece| NEEDS.contains(&piece.folded.as_str()))?;
        let named = |piece: &Piece| {
            piece.known.is_some() || piece.is_unknown() || piece.is_capital() && piece.start > 0
        };
        let name =
            self.pieces.get(..at).filter(|name| !name.is_empty() && name.iter().all(named))?;
        let mut rest = self.pieces.get(at.saturating_add(1)..)?.iter();
        let paper = rest.find(|piece| !piece.is(Word::Stop) || piece.is(Word::Document))?;
        (paper.is(Word::Document) && !paper.is_plural("en")).then_some((0, name.len(), 0))
    }

    /// "Schreib Marta Ruiz eine Rechnung über", "send Marta Ruiz a bill for".
    pub(super) fn between_verb_and_document(&self) -> Option<(usize, usize, usize)> {
        let verb = (0..self.pieces.len()).find(|at| self.is(*at, &[Word::Create, Word::Mark]))?;
        let first = verb.saturating_add(1);
        // "send Max a bill": a name may be a word too
        let called = |piece: &Piece| {
            piece.is_unknown() || piece.roles.iter().all(|role| *role == Role::Word(Word::Largest))
        };
        let is_name = |at: usize| {
            self.piece(at).is_some_and(|piece| {
                piece.known.is_some()
                    || piece.kind == Kind::Word && piece.is_capital() && called(piece)
            })
        };
        let end = (first..self.pieces.len()).find(|at| !is_name(*at)).filter(|end| *end > first)?;
        let mut paper = end;
        while self.is(paper, &[Word::Stop]) && !self.is(paper, &[Word::Document]) {
            paper = paper.saturating_add(1);
        }
        let is_paper = self.is(paper, &[Word::Document]);
        is_paper.then_some((first, end, first))
    }

    /// "Ik heb een factuur nodig voor Bakkerij Smit": a word in small letters that nobody is called is no
    /// customer where the book knows somebody else in the sentence.
    pub(super) fn passes_over_somebody(&self, first: usize, end: usize) -> bool {
        let is_of_book =
            |piece: &Piece| piece.known.as_ref().is_some_and(|known| known.side != Side::Category);
        let run = self.pieces.get(first..end).unwrap_or_default();
        let stranger = run.iter().all(|piece| !is_of_book(piece) && !piece.is_capital());
        stranger && self.pieces.iter().any(is_of_book)
    }

    /// "For greg hale 2 tattoos 140 each": two words that nobody knows, and a number of things behind them.
    pub(super) fn is_before_items(&self, found: &(usize, usize, usize)) -> bool {
        let (first, end, _) = *found;
        let run = self.pieces.get(first..end).unwrap_or_default();
        let counted = self.piece(end).is_some_and(|piece| piece.count().is_some());
        let thing = self.piece(end.saturating_add(1)).is_some_and(|piece| {
            piece.kind == Kind::Word && piece.currency().is_none() && !piece.is(Word::Each)
        });
        let mut rest = self.pieces.iter().skip(end.saturating_add(1));
        let priced = rest.any(|piece| piece.value.is_some());
        run.len() >= 2 && run.iter().all(Piece::is_unknown) && counted && thing && priced
    }

    /// "Do an invoice 75€ garage dupont window cleaning": the one customer of the book that is named.
    pub(super) fn of_the_book(&self) -> Option<(usize, usize, usize)> {
        let customer = |at: &usize| {
            !self.is_used(*at)
                && self.piece(*at).is_some_and(|piece| {
                    piece.known.as_ref().is_some_and(|known| known.side == Side::Customer)
                })
        };
        let mut places = (0..self.pieces.len()).filter(customer);
        let at = places.next().filter(|_| places.next().is_none())?;
        Some((at, at.saturating_add(1), at))
    }

    /// "Elena Riva 2 cuts 28 each, make the invoice": the words that the sentence begins with, before the first
    /// number of things.
    pub(super) fn leading(&self) -> Option<(usize, usize, usize)> {
        let unknown = |at: &usize| self.piece(*at).is_some_and(Piece::is_unknown);
        let first = (0..self.pieces.len())
            .find(|at| !self.is(*at, &[Word::Hello, Word::Please]) && !self.is_a_mark(*at))?;
        let end = (first..self.pieces.len()).find(|at| !unknown(at))?;
        let paper = self.is(end, &[Word::Document]);
        let behind = if paper { end.saturating_add(1) } else { end };
        let counted = self.is_before_items(&(first, end, 0))
            || paper && self.piece(behind).is_some_and(|piece| piece.count().is_some());
        (counted && end.saturating_sub(first) == 2).then_some((first, end, first))
    }

    fn is_a_mark(&self, at: usize) -> bool {
        self.piece(at).is_some_and(|piece| piece.kind == Kind::Mark)
    }

    /// "Bob owes us for 3 hours of gardening, 35 an hour, do the invoice": he owes it before it is written.
    pub(super) fn is_owed_to_be_billed(&self) -> bool {
        self.order().is_some() && self.pieces.iter().any(|piece| piece.value.is_some())
    }

    /// Returns where "do the invoice" begins and ends.
    fn order(&self) -> Option<(usize, usize)> {
        (0..self.pieces.len()).find_map(|at| {
            let mut paper = at.saturating_add(1);
            while self.is(paper, &[Word::Stop, Word::Me]) && !self.is(paper, &[Word::Document]) {
                paper = paper.saturating_add(1);
            }
            let order = self.is(at, &[Word::Create]) && self.is(paper, &[Word::Document]);
            order.then_some((at, paper.saturating_add(1)))
        })
    }

    /// "Studio Verdi doit 110 €, fais la facture": whoever the sentence begins with, and that he owes it.
    pub(super) fn owing(&mut self) -> Option<(usize, usize, usize)> {
        const OWES: [&str; 9] =
            ["owes", "owe", "schuldet", "debe", "deben", "doit", "doivent", "deve", "devem"];
        let order = self.order()?;
        let owes = |piece: &Piece| piece.is(Word::OweMe) || OWES.contains(&piece.folded.as_str());
        let at = self.pieces.iter().position(owes).filter(|at| (1..=4).contains(at))?;
        let name = self.pieces.get(..at)?;
        let named = |piece: &Piece| piece.known.is_some() || piece.is_unknown();
        if !name.iter().all(named) {
            return None;
        }
        self.take(order.0, order.1);
        self.take(at, at.saturating_add(1));
        Some((0, at, 0))
    }

    /// "Fattura pizzeria da gino 2 insegne": where nothing is written large, a word between two that nobody
    /// knows, with a number of things behind them.
    pub(super) fn is_within_a_small_name(&self, at: usize) -> bool {
        let unknown =
            |at: Option<usize>| at.and_then(|at| self.piece(at)).is_some_and(Piece::is_unknown);
        let after = at.saturating_add(1);
        let counted = self
            .piece(after.saturating_add(1))
            .is_some_and(|piece| piece.count().is_some() || piece.is_mark(","));
        let of = self.piece(at).is_some_and(|piece| {
            ["da", "de", "di", "del", "della", "von", "van", "du"].contains(&piece.folded.as_str())
        });
        let small =
            !self.pieces.iter().skip(1).any(|piece| piece.is_unknown() && piece.is_capital());
        of && small && counted && unknown(at.checked_sub(1)) && unknown(Some(after))
    }
}
