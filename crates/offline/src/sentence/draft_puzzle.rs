//! Which part of an order keeps an invoice from being drafted, so that one can ask about that.

use super::{
    draft::Maker,
    draft_account, items,
    piece::{Parsed, Piece},
    word::Word,
};
use domain::draft::Draft;
use ports::model::Sentence;

/// A longer stretch is nothing that anybody could be asked about.
const LONGEST: usize = 40;

/// Returns the words that have no place in an invoice, as they were typed, if they can be pointed at.
pub(super) fn of(parsed: &Parsed, sentence: &Sentence) -> Option<String> {
    let mut maker = Maker::new(parsed, sentence);
    maker.terms();
    maker.party();
    let (from, end) = place(&maker)?;
    let text = maker.text(from, end);
    (!text.is_empty() && text.chars().count() <= LONGEST).then_some(text)
}

/// Returns where they begin and end.
fn place(maker: &Maker<'_>) -> Option<(usize, usize)> {
    let find = |is: &dyn Fn(usize, &Piece) -> bool| {
        maker.pieces.iter().enumerate().find(|(at, piece)| is(*at, piece)).map(|(at, _)| at)
    };
    let next = |at: usize| maker.piece(at.saturating_add(1));
    // "about 200", "or 15 May"
    let rough = |at: usize, piece: &Piece| piece.is_rough_before(next(at));
    let choice = |at: usize, piece: &Piece| {
        piece.is(Word::Or) && next(at).is_some_and(|next| next.decimal().is_some())
    };
    let two = find(&rough).or_else(|| find(&choice)).map(|at| (at, at.saturating_add(2)));
    // "a quote", "unless he pays"
    let other = |at: usize, piece: &Piece| {
        let unless = piece.is(Word::Later) && !piece.is(Word::Is) && !piece.is_capital();
        piece.is(Word::OtherPaper) || unless && !maker.is_used(at)
    };
    let one = |at: usize| (at, at.saturating_add(1));
    two.or_else(|| find(&other).map(one)).or_else(|| items::strange(maker).map(one)).or_else(|| {
        let draft = Draft { items: items::read(maker).items, ..maker.draft.clone() };
        draft_account::lost_number(maker, &draft).map(one)
    })
}
