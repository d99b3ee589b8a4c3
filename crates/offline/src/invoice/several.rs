//! The taxes of several rates that a till prints each on a line of its own, with its rate and without
//! their sum: each tells what was sold at it, and together they make the total.

use super::{
    candidates::Candidates,
    lexicon::{Role, lexicon},
    lines::Layout,
    solve::{INCLUDED, Total, Totals},
};
use rust_decimal::Decimal;

/// No more lines are tried.
const MOST: usize = 5;
/// A printed amount is so much away from the exact one.
const HALF_A_CENT: Decimal = Decimal::from_parts(5, 0, 0, false, 3);

/// The amounts on a line that is about the tax at one rate.
#[derive(Debug, Clone)]
pub struct Taxed {
    /// The rate, as a fraction.
    rate: Decimal,
    /// One of them may be the tax.
    amounts: Vec<Decimal>,
}

/// Returns the lines about taxes at one rate, from the top; a line that is there twice only once.
#[must_use]
pub fn lines(layout: &Layout, candidates: &Candidates) -> Vec<Taxed> {
    let mut all: Vec<Taxed> = Vec::new();
    for (at, line) in layout.lines.iter().enumerate() {
        let names = || line.tokens.iter().any(|token| lexicon().is_tax(&token.folded));
        let named =
            candidates.has(at, Role::Tax, 5) || candidates.has(at, Role::TaxRow, 5) || names();
        let percentages = line.percentages();
        let ([percent], true) = (percentages.as_slice(), named) else { continue };
        let rate = percent.checked_div(Decimal::ONE_HUNDRED).filter(|rate| !rate.is_zero());
        let money = candidates.amounts_at(at).filter(|found| found.is_money);
        let amounts: Vec<Decimal> = money.map(|found| found.value.abs()).collect();
        let Some(rate) = rate.filter(|_| !amounts.is_empty()) else { continue };
        let known = all.iter().any(|other| other.rate == rate && other.amounts == amounts);
        if !known {
            all.push(Taxed { rate, amounts });
        }
    }
    all
}

/// Takes the sum of the taxes of several rates where they make the total, with the printed net or alone, and none of them where they do
/// not: one alone is not the tax of the document.
pub fn settle(totals: &mut Totals, lines: &[Taxed]) {
    let rates: Vec<Decimal> = lines.iter().map(|line| line.rate).collect();
    let several = rates.iter().any(|rate| Some(rate) != rates.first());
    let Some(gross) = totals.gross.clone().filter(|_| several) else { return };
    let by_one = |rule: &str| matches!(rule, "tax label" | INCLUDED);
    if totals.tax.as_ref().is_some_and(|tax| !by_one(tax.rule)) {
        return;
    }
    let computed = |value| Total {
        value,
        found: None,
        confidence: gross.confidence.min(80),
        rule: "taxes at printed rates make the total",
    };
    let net = totals.net.as_ref().filter(|net| net.found.is_some());
    let rest = net.map(|net| gross.value.saturating_sub(net.value));
    if rest.is_some_and(|rest| all_sums(lines).contains(&rest)) {
        totals.tax = rest.map(computed);
        return;
    }
    if let Some(tax) = together(gross.value, lines) {
        totals.tax = Some(computed(tax));
        totals.net = Some(computed(gross.value.saturating_sub(tax)));
    } else if totals.tax.as_ref().is_some_and(|tax| tax.rule == "tax label") {
        totals.tax = None;
        totals.net = totals.net.take().filter(|net| net.found.is_some());
    }
}

/// Returns every sum of one amount of each line.
fn all_sums(lines: &[Taxed]) -> Vec<Decimal> {
    let lines = if lines.len() > MOST { &[] } else { lines };
    lines.iter().fold(vec![Decimal::ZERO], |sums, line| {
        let more =
            |sum: &Decimal| line.amounts.iter().map(|tax| sum.saturating_add(*tax)).collect();
        sums.iter().flat_map(|sum| -> Vec<Decimal> { more(sum) }).collect()
    })
}

/// Returns the sum of one amount of each line, if what was sold at their rates comes to the total.
fn together(gross: Decimal, lines: &[Taxed]) -> Option<Decimal> {
    if lines.len() > MOST {
        return None;
    }
    let mut sums = vec![(Decimal::ZERO, Decimal::ZERO, Decimal::ZERO)];
    for line in lines {
        let one = HALF_A_CENT.checked_div(line.rate)?;
        let sold = |tax: Decimal| tax.checked_div(line.rate)?.checked_add(tax);
        let parts = line.amounts.iter().filter_map(|tax| Some((*tax, sold(*tax)?)));
        let parts: Vec<_> = parts.filter(|(_, sold)| *sold <= gross.saturating_add(one)).collect();
        let more = |(tax, sold, play): &(Decimal, Decimal, Decimal)| {
            let added = |(other, at): &(Decimal, Decimal)| {
                (tax.saturating_add(*other), sold.saturating_add(*at), play.saturating_add(one))
            };
            parts.iter().map(added).collect::<Vec<_>>()
        };
        sums = sums.iter().flat_map(more).collect();
    }
    let fits = |(_, sold, play): &&(Decimal, Decimal, Decimal)| {
        let cents = HALF_A_CENT.saturating_mul(Decimal::from(lines.len()));
        sold.saturating_sub(gross).abs() <= play.saturating_add(cents)
    };
    let mut taxes: Vec<Decimal> = sums.iter().filter(fits).map(|(tax, ..)| *tax).collect();
    taxes.dedup();
    // Two ways leave it open.
    taxes.pop().filter(|_| taxes.is_empty())
}
