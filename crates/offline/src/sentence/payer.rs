//! "Has Bob paid?", "ha pagato Studio Verdi?": whether somebody has paid what we sent him.

use super::{
    decision::begins_a_decision,
    names::Side,
    piece::{Parsed, Piece},
    token::Kind,
    word::Word,
};
use domain::question::{Field, Filters, Order, OrderBy, QueryPlan};

/// Returns the plan that shows the invoices of a customer where nothing is asked but whether he has paid:
/// they say which of them are.
pub(super) fn asked(parsed: &Parsed) -> Option<QueryPlan> {
    let pieces = &parsed.pieces;
    let customer =
        |piece: &Piece| piece.known.as_ref().is_some_and(|known| known.side == Side::Customer);
    let mut named = pieces.iter().filter(|piece| customer(piece));
    let (who, None) = (named.next()?, named.next()) else { return None };
    let pays = |piece: &Piece| {
        piece.is_any(&[Word::Paid, Word::PaidUs]) && !piece.is(Word::Unpaid)
            || ["pay", "pay me", "pay us"].contains(&piece.folded.as_str())
    };
    let company = [Word::Stop, Word::Is, Word::Do, Word::Has, Word::Me, Word::Document, Word::It];
    let small = |piece: &Piece| {
        piece.kind == Kind::Mark
            || piece.is_any(&company) && !piece.is_any(&[Word::We, Word::Not, Word::Unpaid])
            || begins_a_decision(piece, parsed.code)
    };
    let first = pieces.iter().find(|piece| piece.kind != Kind::Mark)?;
    let asks = pieces.iter().any(|piece| piece.is_mark("?؟"))
        || begins_a_decision(first, parsed.code) && !customer(first);
    let whole = pieces.iter().all(|piece| customer(piece) || pays(piece) || small(piece));
    // "did I pay Bob?"
    let ours = pieces.iter().any(|piece| piece.is(Word::We));
    if ours || !asks || !whole || !pieces.iter().any(pays) {
        return None;
    }
    let customer = who.known.iter().map(|known| known.name.clone()).collect();
    Some(QueryPlan {
        field: Field::Invoice,
        filters: Filters { customer, ..Filters::default() },
        order: Some(Order { by: OrderBy::IssueDate, descending: true }),
        ..QueryPlan::default()
    })
}
