//! Words that are names for once, of somebody or of a thing: "Praxis Sommer", "bills for Bill".

use super::{
    piece::{Piece, has},
    word::{Role, Word},
};

/// "Bills for Bill", "invoices from Mark": a verb written large behind a preposition is somebody.
pub(super) fn verbs(pieces: &mut [Piece]) {
    const VERBS: [&str; 6] = ["Bill", "Mark", "Will", "Rob", "Chase", "Grant"];
    for at in 1..pieces.len() {
        let lead = at.checked_sub(1).and_then(|at| pieces.get(at));
        let led = lead.is_some_and(|lead| lead.is_any(&[Word::From, Word::To, Word::For]));
        let Some(piece) = pieces.get_mut(at).filter(|_| led) else { continue };
        // "da Claro": a filler written large
        let small = [Word::Stop, Word::Yes, Word::Address].map(Role::Word);
        let filler = piece.is_capital()
            && piece.text.chars().count() > 2
            && !piece.text.contains(' ')
            && piece.is_any(&[Word::Yes, Word::Address])
            && piece.roles.iter().all(|role| small.contains(role));
        if filler || VERBS.contains(&piece.text.as_str()) {
            piece.roles.clear();
        }
    }
}

/// "Praxis Sommer": a season written large right behind a name that nobody knows belongs to it,
/// unless a year follows.
pub(super) fn seasons(pieces: &mut [Piece]) {
    for at in 1..pieces.len() {
        let year = pieces.get(at.saturating_add(1)).is_some_and(|next| next.value.is_some());
        let named = at
            .checked_sub(1)
            .and_then(|at| pieces.get(at))
            .is_some_and(|before| before.is_unknown() && before.is_capital());
        let Some(piece) = pieces.get_mut(at) else { continue };
        let season = piece.roles.iter().any(|role| matches!(role, Role::Season(_)));
        if season && piece.is_capital() && named && !year && piece.known.is_none() {
            piece.roles.clear();
        }
    }
}

/// "Cheapest flight ticket I bought": what one buys is a thing, whatever else one talks about it.
pub(super) fn things(pieces: &mut [Piece]) {
    let bought = has(pieces, &[Word::Bought]);
    if bought || has(pieces, &[Word::Spend]) && has(pieces, &[Word::We]) {
        let talk = [Role::Word(Word::OffTopic)];
        pieces.iter_mut().filter(|piece| piece.roles == talk).for_each(|piece| piece.roles.clear());
    }
}
