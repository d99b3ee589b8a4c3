//! Orders that nobody here can carry out, and questions that no plan answers though each of their words
//! is known: "pay Bob", "what is VAT?", "who bought the most coffee".

use super::{
    filters,
    names::Side,
    piece::{Parsed, Piece, has},
    word::Word,
};
use domain::question::{Field, Filters, Metric, QueryPlan};

/// Words that ask what something is where no verb stands apart.
const DEFINES: [&str; 3] = ["quoi", "cos", "significa"];

/// "What is an invoice?" asks for none of them.
pub(super) fn asks_what_it_is(parsed: &Parsed, plan: &QueryPlan) -> bool {
    let pieces = &parsed.pieces;
    // "de factuur die ik kwijt ben": one paper of which something is told that no filter says
    let told = has(pieces, &[Word::Relative]);
    let direction = plan.filters.direction.filter(|_| !told);
    // "what is VAT?"
    let all = plan.metric == Metric::List
        && plan.field == Field::Invoice
        && plan.limit.is_none()
        && filters::is_empty(&Filters { direction, ..plan.filters.clone() });
    // "who can see my invoices"
    if all && has(pieces, &[Word::Who]) {
        return true;
    }
    // "what's its tax?": of which one?
    if plan.metric != Metric::List
        && filters::is_empty(&plan.filters)
        && pieces.iter().any(|piece| piece.text.eq_ignore_ascii_case("its"))
    {
        return true;
    }
    let defined = plan.field == Field::Tax
        && plan.group_by.is_none()
        && filters::is_empty(&plan.filters)
        && has(pieces, &[Word::What, Word::Which, Word::It])
        && pieces
            .iter()
            .any(|piece| piece.is(Word::Is) || DEFINES.contains(&piece.folded.as_str()))
        && !has(pieces, &[Word::We, Word::Total, Word::HowMany, Word::Show]);
    if defined {
        return true;
    }
    let one = pieces.iter().any(|piece| piece.is(Word::Document) && !piece.is_plural(parsed.code));
    let what = pieces.first().is_some_and(|piece| piece.is_any(&[Word::What, Word::Which]));
    // "thanks for the invoice", "that invoice again": one paper, and no word that looks for any
    let many = pieces.iter().any(|piece| piece.is(Word::Document) && piece.is_plural(parsed.code));
    let looks = [Word::Show, Word::Which, Word::What, Word::All, Word::Latest];
    let latin = !matches!(parsed.code, "ar" | "hi");
    all && one
        && (what && has(pieces, &[Word::Is]) && !has(pieces, &[Word::We, Word::Show])
            || latin && !many && !has(pieces, &looks))
}

/// "Pay Bob", "bezahle Rechnung 12": an order that nobody here can carry out.
pub(super) fn orders_to_pay(parsed: &Parsed) -> bool {
    const PAY: [&str; 12] = [
        "pay", "zahl", "bezahl", "zahle", "bezahle", "paga", "pagar", "paie", "paye", "payer",
        "betaal", "pagare",
    ];
    const PAY_IT: [&str; 7] = ["pay", "bezahlen", "zahlen", "pagar", "payer", "pagare", "betalen"];
    let small = |piece: &&Piece| piece.is_any(&[Word::Please, Word::Do]);
    // "puoi pagare la fattura", "kun je de factuur betalen"
    let wished = parsed.pieces.first().is_some_and(|piece| small(&piece));
    let last = parsed.pieces.iter().any(|piece| PAY_IT.contains(&piece.folded.as_str()));
    let ours = [Word::We, Word::Owe, Word::Show, Word::Which, Word::What, Word::Who];
    if wished && last && !has(&parsed.pieces, &ours) {
        return true;
    }
    let mut said = parsed.pieces.iter().filter(|piece| !small(piece));
    let first = said.next().is_some_and(|piece| PAY.contains(&piece.folded.as_str()));
    first && !has(&parsed.pieces, &[Word::HowMuch, Word::HowMany, Word::Relative])
}

/// "Who bought the most coffee": who of whom, and not from whom.
pub(super) fn asks_who_bought(parsed: &Parsed) -> bool {
    let pieces = &parsed.pieces;
    let customer = pieces
        .iter()
        .any(|piece| piece.known.as_ref().is_some_and(|known| known.side == Side::Customer));
    if customer && has(pieces, &[Word::Who]) && has(pieces, &[Word::Bought]) {
        return true;
    }
    // "who paid Uber", "qui paie le loyer": somebody, and not us
    let first = pieces.iter().find(|piece| !piece.is(Word::And));
    let ours = [Word::We, Word::Me, Word::Most, Word::Income, Word::OweMe, Word::PaidUs];
    if first.is_some_and(|piece| piece.is(Word::Who))
        && has(pieces, &[Word::Spend])
        && !has(pieces, &ours)
    {
        return true;
    }
    let leads = [Word::From, Word::To, Word::At, Word::For];
    let whom = pieces
        .windows(2)
        .any(|pair| matches!(pair, [lead, who] if lead.is_any(&leads) && who.is(Word::Who)));
    has(pieces, &[Word::Who])
        && has(pieces, &[Word::Bought])
        && !whom
        && !has(pieces, &[Word::We, Word::From])
}

/// "The cheapest electricity supplier": who asks the least for it, and not who was paid the least.
pub(super) fn asks_for_the_cheapest(parsed: &Parsed) -> bool {
    let money = [Word::Spend, Word::Total, Word::Amount, Word::Document, Word::Item, Word::Bought];
    let pieces = &parsed.pieces;
    let smallest = pieces.iter().any(|piece| piece.is(Word::Smallest) && !piece.is(Word::Least));
    smallest && has(pieces, &[Word::Vendor]) && !has(pieces, &money)
}
