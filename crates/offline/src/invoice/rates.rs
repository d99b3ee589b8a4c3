//! The rates of tax that a document prints: percentages, and bare numbers in a table of tax.

use super::{candidates::Candidates, lexicon::Role, lines::Layout};
use crate::number;
use rust_decimal::Decimal;

/// A table of tax has its heads so few lines above a row.
const REACH: usize = 6;
/// No tax on sales is higher, in percent.
const HIGHEST: i64 = 30;

/// Returns the printed percentages that a tax may have, as fractions, without 0.
#[must_use]
pub fn rates(layout: &Layout, candidates: &Candidates) -> Vec<Decimal> {
    // `Discount 27.33 %` and `Service charge 10 %` are no rates of a tax.
    let other = |at: usize| {
        let named = candidates.has(at, Role::Discount, 6) || candidates.has(at, Role::Service, 5);
        named && !candidates.has(at, Role::Tax, 5)
    };
    let lines = (0..layout.lines.len()).filter(|at| !other(*at));
    let percentages = lines.flat_map(|at| on_line(layout, candidates, at));
    let plausible = |rate: &Decimal| *rate > Decimal::ZERO && *rate <= Decimal::from(HIGHEST);
    let mut rates: Vec<Decimal> = percentages
        .filter(plausible)
        .filter_map(|rate| rate.checked_div(Decimal::ONE_HUNDRED))
        .collect();
    rates.sort_unstable();
    rates.dedup();
    rates
}

/// Returns the rates on a line, as written: the percentages, else the bare number that the amounts in
/// a row of a table of tax agree on.
#[must_use]
pub fn on_line(layout: &Layout, candidates: &Candidates, at: usize) -> Vec<Decimal> {
    let Some(line) = layout.lines.get(at) else { return Vec::new() };
    let written = line.percentages();
    if written.is_empty() { bare(layout, candidates, at).into_iter().collect() } else { written }
}

/// Returns the number on a line by which one of its amounts is the tax of another: `19 100.00 19.00
/// 119.00` under `Rate Net VAT Total`. Pixels may show digits where none are: there the row has to hold their
/// sum too.
fn bare(layout: &Layout, candidates: &Candidates, at: usize) -> Option<Decimal> {
    let money: Vec<Decimal> = candidates
        .amounts_at(at)
        .filter(|found| found.is_money && found.value > Decimal::ZERO)
        .map(|found| found.value)
        .collect();
    let (taxed, pixels) = (is_taxed(layout, candidates, at), layout.from_pixels);
    let line = layout.lines.get(at).filter(|_| taxed)?;
    let first = line.tokens.first().filter(|_| money.len() == 1);
    let zeros = candidates.amounts_at(at).filter(|found| found.value.is_zero()).count();
    let untaxed = first.is_some_and(|token| token.text.trim_matches(['0', ',', '.']).is_empty());
    if untaxed && zeros >= 2 && !pixels {
        return Some(Decimal::ZERO);
    }
    if !(2..=4).contains(&money.len()) {
        return None;
    }
    let is_rate = |rate: &Decimal| *rate > Decimal::ZERO && *rate <= Decimal::from(HIGHEST);
    let numbers = line.tokens.iter().flat_map(|token| number::readings(&token.text));
    let rates = numbers.map(|amount| amount.value);
    rates.filter(is_rate).find(|rate| {
        let tax = |net: Decimal| {
            net.checked_mul(*rate)?.checked_div(Decimal::ONE_HUNDRED).map(|tax| tax.round_dp(2))
        };
        money.iter().any(|net| {
            let own = tax(*net).filter(|tax| money.contains(tax));
            let summed = |tax: Decimal| money.contains(&net.saturating_add(tax));
            own.is_some_and(|tax| (tax != *rate || money.len() > 2) && (!pixels || summed(tax)))
        })
    })
}

/// Returns whether a row belongs to a table of tax: heads of its rate or its tax are right above.
fn is_taxed(layout: &Layout, candidates: &Candidates, at: usize) -> bool {
    let above = (1..=REACH).filter_map(|back| at.checked_sub(back));
    let head = |at: usize| {
        let taxed = candidates.has(at, Role::Tax, 5) || candidates.has(at, Role::TaxRow, 5);
        let empty = !candidates.amounts_at(at).any(|found| found.is_money);
        let cells = layout.lines.get(at).map_or(0, |line| line.cell_spans().len());
        taxed && empty && cells >= 2
    };
    above.into_iter().any(head)
}
