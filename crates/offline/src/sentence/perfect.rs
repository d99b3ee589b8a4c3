//! "Krause hat am Montag bezahlt": German and Dutch take apart what others say in one go.

use super::{
    piece::{Piece, has},
    word::{Role, Word},
};

/// The most pieces between both halves.
const REACH: usize = 9;

/// Turns what somebody else "has … paid" into money for us.
pub(super) fn apply(pieces: &mut [Piece]) {
    if has(pieces, &[Word::We, Word::PaidUs, Word::OweMe, Word::Unpaid]) {
        return;
    }
    let Some(at) = pieces.iter().position(|piece| piece.is(Word::Has)) else { return };
    if at == 0 {
        return;
    }
    let rest = pieces.iter_mut().skip(at.saturating_add(1)).take(REACH);
    if let Some(paid) = rest.into_iter().find(|piece| piece.is(Word::Paid)) {
        paid.roles.push(Role::Word(Word::PaidUs));
    }
}
