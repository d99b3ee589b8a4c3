//! What proves a value besides its label: it stands twice, or two values fit each other.
//!
//! Sums prove amounts and check digits prove numbers elsewhere; here are currency, dates, number.

use super::{
    candidates::Candidates,
    fields,
    lines::{Layout, Line},
};
use crate::date::Order;
use domain::{
    dates::{Date, due_in},
    money::Currency,
    names::fold,
    reading::{Claim, DOUBTFUL_BELOW, Reading, Standing},
};

/// What a proven value is worth.
const PROVEN: u8 = 99;

/// Terms of payment that are usual, in days.
const TERMS: [u16; 10] = [7, 8, 10, 14, 15, 20, 21, 30, 45, 60];

/// Raises the values that something besides their label proves.
pub fn prove(reading: &mut Reading, layout: &Layout, candidates: &Candidates, order: Order) {
    prove_currency(reading, layout, candidates);
    let issued = reading.issue_date.as_ref().map(|claim| claim.value);
    // A due date that was computed from the issue date proves nothing about it.
    let printed = |due: &&Claim<Date>| {
        due.evidence.confidence >= DOUBTFUL_BELOW && due.evidence.rule != fields::BY_TERM
    };
    let due = reading.due_date.as_ref().filter(printed);
    let termed = issued.zip(due).is_some_and(|(day, due)| is_termed(day, due.value));
    if let Some(date) = &mut reading.issue_date {
        let clear = is_clear(candidates, date.value, order);
        let again = times(candidates, date.value, order) > 1;
        let labelled = date.evidence.rule == fields::DATED;
        if labelled
            && clear
            && (again || termed)
            && is_legible(layout, candidates, date.value, order)
        {
            raise(date, if termed { "date label, a usual term" } else { "date label, twice" });
        }
    }
    let labelled = |number: &&mut Claim<String>| number.evidence.confidence > 80;
    let again = |number: &&mut Claim<String>| stands_again(layout, &number.value);
    if let Some(number) = reading.number.as_mut().filter(labelled).filter(again) {
        raise(number, "number label, printed twice");
    }
}

fn raise<T>(claim: &mut Claim<T>, rule: &str) {
    claim.evidence.confidence = PROVEN;
    claim.evidence.rule = rule.to_owned();
}

/// Proves the currency by a sign at a proven total where no other one is named.
fn prove_currency(reading: &mut Reading, layout: &Layout, candidates: &Candidates) {
    let proven = reading.gross.as_ref().map(|gross| gross.evidence.standing());
    let Some(currency) = &mut reading.currency else { return };
    let named = named(layout, candidates);
    let alone = named.len() >= 2 && named.iter().all(|other| *other == currency.value);
    if alone && proven == Some(Standing::Verified) {
        raise(currency, "currency signs, all the same");
    }
}

/// Returns every currency that is named by an unmistakable sign or code.
fn named(layout: &Layout, candidates: &Candidates) -> Vec<Currency> {
    let words = layout.lines.iter().flat_map(|line| &line.tokens);
    let written = words.filter_map(|token| crate::number::currency_of(&token.text));
    candidates.amounts.iter().filter_map(|found| found.currency).chain(written).collect()
}

/// Returns whether a due date is a usual term after the issue, or the last day of the next month.
pub fn is_termed(issued: Date, due: Date) -> bool {
    TERMS.iter().any(|days| due_in(issued, *days) == due)
}

/// Returns whether every printing of a day can be read in one way only, or another date of the
/// document proves the order.
fn is_clear(candidates: &Candidates, day: Date, order: Order) -> bool {
    let proven = candidates.dates.iter().any(|found| found.reading.proves() == Some(order));
    let mut same = candidates.dates.iter().filter(|found| found.reading.under(order) == Some(day));
    proven || same.all(|found| found.reading.day_first == found.reading.month_first)
}

/// Returns on how many lines a day stands; rows with amounts date what they are about.
fn times(candidates: &Candidates, day: Date, order: Order) -> usize {
    let mut lines: Vec<usize> = candidates
        .dates
        .iter()
        .filter(|found| found.reading.under(order) == Some(day))
        .map(|found| found.line)
        .filter(|line| !candidates.amounts_at(*line).any(|found| found.is_money))
        .collect();
    lines.dedup();
    lines.len()
}

/// Returns whether the letters of a day were read surely.
fn is_legible(layout: &Layout, candidates: &Candidates, day: Date, order: Order) -> bool {
    let mut same = candidates.dates.iter().filter(|found| found.reading.under(order) == Some(day));
    !layout.from_pixels || same.all(|found| found.confidence >= 95)
}

/// Returns whether a number of a document stands on two lines.
fn stands_again(layout: &Layout, number: &str) -> bool {
    let wanted = fold(number);
    let digits = wanted.chars().filter(char::is_ascii_digit).count();
    let on = |line: &&Line| {
        let text = format!(" {} ", fold(&line.text()));
        text.contains(&format!(" {wanted} "))
    };
    digits >= 4 && layout.lines.iter().filter(on).count() > 1
}
