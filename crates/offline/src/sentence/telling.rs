//! What is told and asks for nothing: "the rent has been paid", "Elif got the invoice", "I bought a car".

use super::{
    piece::{Parsed, Piece, has},
    settled,
    token::Kind,
    word::Word,
};

/// Words that ask, or that look for something.
const ASKS: [Word; 9] = [
    Word::HowMuch,
    Word::HowMany,
    Word::Which,
    Word::What,
    Word::Who,
    Word::When,
    Word::Show,
    Word::Only,
    Word::WhatAbout,
];

/// Returns whether a sentence tells something and asks nothing.
pub(super) fn tells(parsed: &Parsed) -> bool {
    let mark = parsed.pieces.iter().any(|piece| piece.is_mark("?؟"));
    let begins = parsed.pieces.first().is_some_and(|piece| piece.is_any(&[Word::Is, Word::Do]));
    if mark {
        return false;
    }
    settled::is_inverted(&parsed.pieces, parsed.code)
        || states_a_payment(parsed)
        || tells_of_somebody(parsed)
        || tells_of_a_debt(parsed)
        || !begins && !has(&parsed.pieces, &ASKS) && (tells_of_us(parsed) || says_how_it_is(parsed))
}

/// "I bought a car", "wir haben 500 bei Ikea ausgegeben".
fn tells_of_us(parsed: &Parsed) -> bool {
    const US: [&str; 7] = ["i", "we", "ich", "wir", "ik", "wij", "i just"];
    let verbs = [Word::Spend, Word::Bought, Word::Received, Word::Owe, Word::Sent];
    let first = parsed.pieces.first();
    // "I have to pay Vodafone on Friday"
    let bare =
        first.is_some_and(|piece| US.contains(&piece.folded.as_str()) || piece.is(Word::WeMust));
    let whole = first.is_some_and(|piece| {
        US.iter().any(|us| piece.folded.starts_with(&format!("{us} "))) && piece.is_any(&verbs)
    });
    whole || bare && has(&parsed.pieces, &verbs)
}

/// "Shell is a vendor", "die Rechnung von Lidl ist da": a verb behind one thing or somebody, and no
/// "bills that are".
fn says_how_it_is(parsed: &Parsed) -> bool {
    const IS: [&str; 13] =
        ["is", "was", "ist", "war", "es", "esta", "fue", "est", "etait", "e", "era", "foi", "has"];
    let pieces = &parsed.pieces;
    let is_verb = |piece: &Piece| piece.is(Word::Is) && IS.contains(&piece.folded.as_str());
    let Some(at) = pieces.iter().position(is_verb).filter(|at| *at > 0) else { return false };
    let subject = pieces.get(..at).unwrap_or_default();
    let many = subject.iter().any(|piece| {
        piece.is(Word::All) || piece.is(Word::Document) && piece.is_plural(parsed.code)
    });
    let relative = pieces.iter().skip(2).any(|piece| piece.is(Word::Relative));
    !many && !relative
}

/// "The rent for November has been paid", "everything is paid except Makro": told, and not asked.
pub(super) fn states_a_payment(parsed: &Parsed) -> bool {
    let pieces = &parsed.pieces;
    let paid = |piece: &Piece| piece.is(Word::Paid) && !piece.is(Word::Unpaid);
    let passive = pieces.windows(2).any(|pair| {
        matches!(pair, [verb, piece] if verb.is(Word::Is) && !verb.is(Word::Has) && paid(piece))
    });
    let last = pieces.iter().rev().find(|piece| piece.kind != Kind::Mark);
    let whole = last.is_some_and(|last| paid(last) && last.text.contains(' '));
    let begins = pieces.first().is_some_and(|piece| piece.is_any(&[Word::Is, Word::Do]));
    (passive || whole) && !begins && !has(pieces, &ASKS) && !has(pieces, &[Word::Relative])
}

/// "Bob owes me money", "Anna me debe dinero": somebody and what he owes, and no word that asks.
fn tells_of_a_debt(parsed: &Parsed) -> bool {
    let name = |piece: &Piece| piece.known.is_some() || piece.is_unknown();
    let mut said = parsed.pieces.iter().skip_while(|piece| {
        piece.kind == Kind::Mark
            || piece.is_any(&[Word::Hello, Word::And, Word::Yes, Word::Stop]) && !name(piece)
    });
    let somebody = said.next().is_some_and(|piece| name(piece) || piece.is(Word::Customer));
    let then = said.find(|piece| !(name(piece) || piece.is(Word::Stop) && !piece.is(Word::OweMe)));
    somebody
        && then.is_some_and(|piece| piece.is(Word::OweMe))
        && !has(&parsed.pieces, &ASKS)
        && !has(&parsed.pieces, &[Word::Total, Word::Document, Word::Relative])
}

/// "Elif got the invoice already": told of somebody, and no list of his.
fn tells_of_somebody(parsed: &Parsed) -> bool {
    let named = |piece: &Piece| piece.known.is_some() || piece.is_unknown() && piece.is_capital();
    let verbs = [Word::Received, Word::Sent, Word::Bought, Word::Cancelled, Word::Paid];
    let one = |piece: &Piece| {
        ["the", "an", "a", "his", "her", "their", "it"]
            .iter()
            .any(|word| piece.folded == *word || piece.folded.starts_with(&format!("{word} ")))
    };
    matches!(parsed.pieces.as_slice(), [name, verb, paper, ..]
            if named(name) && verb.is_any(&verbs) && one(paper))
}
