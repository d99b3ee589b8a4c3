//! "Not paid" in the order of any language: what is denied is not what is asked for.

use super::{
    piece::Piece,
    word::{Role, Word},
};

/// The most pieces that stand between "not" and "paid", such as "non sono ancora pagate".
const REACH: usize = 3;

/// "Paid", and "I paid" where one word says both.
const PAID: [Word; 2] = [Word::Paid, Word::WePaid];

/// Turns what is said not to be paid into what is unpaid.
pub(super) fn apply(pieces: &mut [Piece]) {
    // "Rechnung 9 nicht als bezahlt markieren" forbids, "als nicht bezahlt" orders
    let ordered = pieces.iter().any(|piece| piece.is(Word::Mark));
    // "no, it was paid yesterday"
    if let [no, comma, ..] = pieces
        && no.is(Word::Not)
        && comma.is_mark(",;:.!")
    {
        no.roles = vec![Role::Word(Word::Stop)];
    }
    for at in 0..pieces.len() {
        // "bills that I have not paid"; "I have not paid Bob" tells
        let that = pieces.get(..at).unwrap_or_default().iter().any(|p| p.is(Word::Relative));
        let Some((denial, rest)) = pieces.get_mut(at..).and_then(<[Piece]>::split_first_mut) else {
            continue;
        };
        // "billed but not paid"
        let denies =
            denial.is(Word::Not) || denial.is(Word::Except) && denial.folded.ends_with(" not");
        if !denies || denial.value.is_some() {
            continue;
        }
        let paid = rest
            .iter_mut()
            .take(REACH)
            .find(|piece| !is_between(piece))
            .filter(|piece| piece.is(Word::Paid) || that && piece.is(Word::WePaid))
            .filter(|piece| !piece.is(Word::Unpaid))
            .filter(|piece| !(ordered && piece.text.contains(' ')));
        if let Some(paid) = paid {
            paid.roles = vec![Role::Word(Word::Unpaid)];
            denial.roles = vec![Role::Word(Word::Stop)];
        }
    }
}

/// "Als Bob betaalt": in Dutch the word of "as paid" makes a condition where somebody follows.
pub(super) fn conditions(pieces: &mut [Piece], code: &str) {
    for at in 0..pieces.len() {
        let name = pieces.get(at.saturating_add(1)).is_some_and(|next| {
            next.known.is_some() || next.is_unknown() && next.is_capital() || next.is(Word::We)
        });
        let Some(piece) = pieces.get_mut(at).filter(|_| name && code == "nl") else { continue };
        if piece.folded == "als" {
            piece.roles = vec![Role::Word(Word::Later)];
        }
    }
}

/// Returns whether a word may stand between "not" and "paid" without ending the denial.
fn is_between(piece: &Piece) -> bool {
    piece.is_any(&[Word::Stop, Word::Is]) && !piece.is_any(&PAID) && !piece.is(Word::Unpaid)
}
