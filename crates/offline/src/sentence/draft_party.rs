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
}
