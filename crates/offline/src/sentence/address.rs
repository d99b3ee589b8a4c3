//! Words with which one addresses somebody or begins to speak: "mate", "listen", "Alter".
//!
//! They are talk at either end of a sentence only. "Durchschnittliches Alter" is about an age, "for my
//! love" about somebody, and both are asked about.

use super::{
    piece::Piece,
    token::Kind,
    word::{Role, Word},
};

/// What may stand between such a word and the end of its sentence.
const TALK: [Word; 5] = [Word::Address, Word::Hello, Word::Please, Word::Thanks, Word::Yes];

/// What a word follows that is the name of somebody or something.
const LEADS: [Word; 7] =
    [Word::From, Word::To, Word::For, Word::At, Word::Of, Word::About, Word::We];

/// Makes words of address company at the ends of a sentence, and strangers within.
pub(super) fn apply(pieces: &mut [Piece]) {
    let ends: Vec<bool> = (0..pieces.len()).map(|at| is_at_an_end(pieces, at)).collect();
    for (piece, ends) in pieces.iter_mut().zip(ends).filter(|(piece, _)| piece.is(Word::Address)) {
        piece.roles.retain(|role| *role != Role::Word(Word::Address));
        if ends {
            piece.roles.push(Role::Word(Word::Stop));
        }
    }
}

fn is_at_an_end(pieces: &[Piece], at: usize) -> bool {
    let is_talk = |piece: &Piece| piece.kind == Kind::Mark || piece.is_any(&TALK);
    let (before, rest) = pieces.split_at(at.min(pieces.len()));
    let behind = rest.get(1..).unwrap_or_default();
    let led = before.last().is_some_and(|lead| lead.is_any(&LEADS));
    before.iter().all(is_talk) || behind.iter().all(is_talk) && !led
}
