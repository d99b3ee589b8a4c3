//! What is wanted stands in one clause, and the others only talk: "cancel 78, the customer changed his
//! mind", "I'm doing my books: how much VAT did I charge in Q3?".

use super::{
    correct,
    filters::is_number_code,
    period::{self, Calendar, Towards},
    piece::{Parsed, Piece, has, parse_text},
    question,
    token::Kind,
    word::Word,
};
use domain::{
    correction::{Correction, Target},
    question::QueryPlan,
};
use ports::model::Sentence;

/// Returns the change of invoices that are named by number, if one clause says all of it.
pub(super) fn correction(parsed: &Parsed, sentence: &Sentence) -> Option<Correction> {
    let clauses = clauses(parsed, ",;.!–—:", sentence);
    let said = |clause: &Parsed| {
        let found = correct::alone(clause, sentence)?;
        matches!(found.target, Target::Number(_) | Target::Numbers(_)).then_some(found)
    };
    let mut found = clauses.iter().enumerate().filter_map(|(at, clause)| Some((at, said(clause)?)));
    let (at, change) = found.next().filter(|_| clauses.len() > 1)?;
    let others = clauses.iter().enumerate().filter(|(other, _)| *other != at);
    let talk = others.map(|(_, clause)| clause).all(|clause| is_talk(clause, &change, sentence));
    // a note or a name may hold commas
    let set = &change.set;
    let text = set.notes.is_some() || set.vendor.is_some() || set.customer.is_some();
    (talk && !text).then_some(change)
}

/// Returns the plan of a question that a clause without business of its own leads in.
pub(super) fn plan(parsed: &Parsed, sentence: &Sentence) -> Option<QueryPlan> {
    let mark = parsed.pieces.iter().find(|piece| piece.is_mark(":.,;-–—!"))?;
    let head = parse_text(parsed.plain.get(..mark.start)?, sentence);
    let tail = parse_text(parsed.plain.get(mark.end..)?, sentence);
    let business = [
        Word::Document,
        Word::Spend,
        Word::Income,
        Word::Unpaid,
        Word::Overdue,
        Word::Vendor,
        Word::Customer,
        Word::HowMuch,
        Word::HowMany,
        Word::Show,
        Word::Which,
        Word::Only,
        Word::And,
    ];
    let talks = head.pieces.len() > 2 && !holds_a_fact(&head, sentence);
    let asks =
        has(&tail.pieces, &[Word::HowMuch, Word::HowMany, Word::Show, Word::Which, Word::Total]);
    (talks && asks && !has(&head.pieces, &business))
        .then(|| question::fresh(&tail, sentence))
        .flatten()
}

fn clauses(parsed: &Parsed, marks: &str, sentence: &Sentence) -> Vec<Parsed> {
    let ends = parsed.pieces.iter().filter(|piece| piece.is_mark(marks));
    let whole = parsed.plain.len();
    let mut from = 0;
    let mut texts = Vec::new();
    for (start, end) in ends.map(|mark| (mark.start, mark.end)).chain([(whole, whole)]) {
        texts.extend(parsed.plain.get(from..start));
        from = end;
    }
    let words = |text: &&str| text.chars().any(char::is_alphanumeric);
    texts.into_iter().filter(words).map(|text| parse_text(text, sentence)).collect()
}

/// Returns whether a clause orders nothing and narrows nothing down: a reason, a greeting, an excuse.
fn is_talk(clause: &Parsed, change: &Correction, sentence: &Sentence) -> bool {
    const TURNS: [Word; 8] = [
        Word::But,
        Word::Except,
        Word::Or,
        Word::Only,
        Word::All,
        Word::Later,
        Word::When,
        Word::OtherPaper,
    ];
    const FIELDS: [Word; 12] = [
        Word::Not,
        Word::Paid,
        Word::PaidUs,
        Word::WePaid,
        Word::Unpaid,
        Word::Overdue,
        Word::Due,
        Word::DueDate,
        Word::Category,
        Word::Note,
        Word::Total,
        Word::Amount,
    ];
    const ORDERS: [Word; 5] = [Word::Mark, Word::Create, Word::Show, Word::HowMuch, Word::HowMany];
    let pieces = &clause.pieces;
    // "please undo that" says once more what is undone; "not paid" beside a payment does not
    let undone = change.set.paid_on == Some(None);
    let again =
        has(pieces, &[Word::Cancel, Word::Reopen]) && !undone && change.set.status.is_none();
    !again
        && !holds_a_fact(clause, sentence)
        && !has(pieces, &TURNS)
        && !has(pieces, &FIELDS)
        && (undone || !has(pieces, &ORDERS))
}

/// Returns whether a clause names somebody, a number, an amount or a day.
fn holds_a_fact(clause: &Parsed, sentence: &Sentence) -> bool {
    let calendar = Calendar {
        pieces: &clause.pieces,
        today: sentence.today,
        towards: Towards::Past,
        month_first: period::month_first(&sentence.locale),
    };
    let fact = |piece: &Piece| {
        piece.known.is_some()
            || piece.is_unknown() && piece.is_capital() && piece.start > 0
            || piece.value.is_some()
            || piece.currency().is_some()
            || is_number_code(piece)
            || matches!(piece.kind, Kind::Date | Kind::Email)
    };
    clause.pieces.iter().any(fact) || !calendar.all().is_empty()
}
