//! Whether a sentence is about invoices at all, and whether a plan can say what it asks.

use super::{
    filters::{self, Bound},
    piece::{Parsed, has},
    word::Word,
};
use domain::{
    names::fold,
    question::{Field, Metric, QueryPlan},
};
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
    // "anything from Metro this month?"
    let asks_for_any = parsed.pieces.windows(2).any(|two| {
        matches!(two, [any, from] if any.is(Word::Which) && from.is(Word::From) && !from.is(Word::For))
    }) && !filters.vendor.is_empty();
    let amounts = filters.min.is_some() || filters.max.is_some();
    let asks_of_amounts = amounts
        && !filters.currency.is_empty()
        && has(&parsed.pieces, &[Word::Which, Word::What, Word::Show, Word::All]);
    asks_of_a_time
        || asks_of_amounts
        || asks_for_all
        || asks_for_any
        || has(&parsed.pieces, &BUSINESS)
        || filters.number.is_some()
        || asks_of_somebody
}

/// "What is an invoice?" asks for none of them.
pub(super) fn asks_what_it_is(parsed: &Parsed, plan: &QueryPlan) -> bool {
    let pieces = &parsed.pieces;
    let all = plan.metric == Metric::List
        && plan.field == Field::Invoice
        && plan.limit.is_none()
        && filters::is_empty(&plan.filters);
    let one = pieces.iter().any(|piece| piece.is(Word::Document) && !piece.is_plural(parsed.code));
    let what = pieces.first().is_some_and(|piece| piece.is_any(&[Word::What, Word::Which]));
    all && one && what && has(pieces, &[Word::Is]) && !has(pieces, &[Word::We, Word::Show])
}

/// "How much does a flight to Rome cost": what something costs anybody, and not what one paid.
pub(super) fn asks_the_world(parsed: &Parsed, bound: &Bound) -> bool {
    let pieces = &parsed.pieces;
    // "Did Bob pay?" asks whether somebody else paid us
    let others = pieces.first().is_some_and(|piece| piece.is(Word::Do))
        && has(pieces, &[Word::Spend])
        && !has(pieces, &[Word::We, Word::HowMuch])
        && !bound.filters.vendor.is_empty();
    let mine = [Word::We, Word::Me, Word::Bought, Word::Document];
    // "can you order me a taxi": nobody bought anything
    let wishes = has(pieces, &[Word::Bought])
        && !has(pieces, &[Word::We, Word::HowMuch, Word::HowMany, Word::Which, Word::What])
        && pieces.first().is_some_and(|piece| piece.is_any(&[Word::Please, Word::Do]));
    // "cuánto vale el dólar hoy"
    let rate = has(pieces, &[Word::Costs])
        && !bound.filters.currency.is_empty()
        && bound.filters.vendor.is_empty()
        && bound.filters.category.is_empty()
        && !has(pieces, &mine);
    // "what's the price of gold": it is, and it was on no bill
    let unit = pieces.iter().any(|piece| piece.is(Word::Price) && piece.folded.starts_with("unit"));
    let price = has(pieces, &[Word::Price])
        && pieces
            .first()
            .is_some_and(|piece| piece.is_any(&[Word::Which, Word::What, Word::HowMuch]))
        && !unit
        && !has(pieces, &mine)
        && !has(pieces, &[Word::Average, Word::Largest, Word::Smallest, Word::Spend])
        && !bound.filters.item.is_empty()
        && bound.filters.vendor.is_empty()
        && bound.filters.date_from.is_none();
    others
        || rate
        || wishes
        || price
        || has(pieces, &[Word::Costs]) && !bound.filters.item.is_empty() && !has(pieces, &mine)
}
