//! Whether a sentence is about invoices at all, and whether a plan can say what it asks.

use super::{
    filters::Bound,
    piece::{Parsed, has},
    word::Word,
};
use domain::names::fold;
use ports::model::Sentence;

/// Returns whether one thing is held against another that is no stretch of days.
pub(super) fn compares(parsed: &Parsed, bound: &Bound) -> bool {
    let free = parsed.pieces.iter().zip(&bound.used).filter(|(_, used)| !**used);
    free.into_iter().any(|(piece, _)| piece.is_any(&[Word::Over, Word::Under]))
}

/// Returns whether anything in it is about invoices.
pub(super) fn is_business(parsed: &Parsed, sentence: &Sentence, bound: &Bound) -> bool {
    const BUSINESS: [Word; 25] = [
        Word::Document,
        Word::Spend,
        Word::Income,
        Word::Bought,
        Word::OweMe,
        Word::Owe,
        Word::Unpaid,
        Word::Overdue,
        Word::Vendor,
        Word::Customer,
        Word::Tax,
        Word::Total,
        Word::Average,
        Word::Received,
        Word::Sent,
        Word::Item,
        Word::Due,
        Word::Category,
        Word::Price,
        Word::Largest,
        Word::Smallest,
        Word::Paid,
        Word::Quantity,
        Word::Draft,
        Word::Cancelled,
    ];
    let (filters, names) = (&bound.filters, &sentence.names);
    let is_known = |typed: &String| {
        let typed = fold(typed);
        let mut book = names.vendors.iter().chain(&names.customers);
        book.any(|name| fold(name).contains(&typed))
    };
    // "How much at Shell?" is about invoices if Shell is in one.
    let asks_of_somebody = has(&parsed.pieces, &[Word::HowMuch, Word::HowMany])
        && filters.vendor.iter().chain(&filters.customer).any(is_known);
    let asks_of_a_time = has(&parsed.pieces, &[Word::HowMuch])
        && (filters.date_from.is_some() || filters.date_to.is_some());
    let asks_for_all = has(&parsed.pieces, &[Word::Show])
        && has(&parsed.pieces, &[Word::All])
        && !filters.vendor.is_empty();
    let amounts = filters.min.is_some() || filters.max.is_some();
    let asks_of_amounts = amounts
        && !filters.currency.is_empty()
        && has(&parsed.pieces, &[Word::Which, Word::What, Word::Show, Word::All]);
    asks_of_a_time
        || asks_of_amounts
        || asks_for_all
        || has(&parsed.pieces, &BUSINESS)
        || filters.number.is_some()
        || asks_of_somebody
}
