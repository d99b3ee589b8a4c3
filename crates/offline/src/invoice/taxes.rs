//! Tax by rate: the rows whose net, rate and tax agree, where they add up to the totals.

use super::{
    candidates::Candidates,
    lines::Layout,
    solve::{Totals, near},
};
use domain::reading::{ReadLine, ReadTax};
use rust_decimal::Decimal;

/// Returns the rows whose net, rate and tax agree, from the top; each once.
#[must_use]
pub fn rows(layout: &Layout, candidates: &Candidates) -> Vec<ReadTax> {
    let mut groups: Vec<ReadTax> = Vec::new();
    for (at, line) in layout.lines.iter().enumerate() {
        for rate in line.percentages() {
            let group = group(candidates, at, rate);
            if let Some(group) = group.filter(|group| !groups.contains(group)) {
                groups.push(group);
            }
        }
    }
    groups
}

/// Returns the sum of one value of all rows.
#[must_use]
pub fn sum(groups: &[ReadTax], of: fn(&ReadTax) -> Option<Decimal>) -> Decimal {
    groups.iter().filter_map(of).sum()
}

/// Returns the tax of each rate, the highest rate first; one group where only the totals are
/// known, none without them. Several rows that give the net stay where they do not give the tax:
/// then the document contradicts itself.
#[must_use]
pub fn by_rate(mut groups: Vec<ReadTax>, totals: &Totals) -> Vec<ReadTax> {
    let (Some(net), Some(tax)) = (&totals.net, &totals.tax) else { return Vec::new() };
    let nets = near(sum(&groups, |group| group.net), net.value);
    let printed = groups.len() >= 2 && net.found.is_some() && tax.found.is_some();
    if nets && (printed || near(sum(&groups, |group| group.tax), tax.value)) {
        groups.sort_by_key(|group| std::cmp::Reverse(group.rate));
        return groups;
    }
    let rate = tax.value.checked_div(net.value).map(|rate| rate.round_dp(2));
    let rate = rate.filter(|rate| agrees(*rate, net.value, tax.value));
    vec![ReadTax { rate, net: Some(net.value), tax: Some(tax.value) }]
}

/// Returns the net and the tax of a rate on a line: two amounts whose product fits.
fn group(candidates: &Candidates, at: usize, percent: Decimal) -> Option<ReadTax> {
    let rate = percent.checked_div(Decimal::ONE_HUNDRED)?;
    let money: Vec<Decimal> =
        candidates.amounts_at(at).filter(|found| found.is_money).map(|found| found.value).collect();
    let nets = money.iter().filter(|net| **net > Decimal::ZERO);
    let mut pairs = nets.flat_map(|net| money.iter().map(move |tax| (*net, *tax)));
    let fits = |(net, tax): &(Decimal, Decimal)| tax < net && agrees(rate, *net, *tax);
    let (net, tax) = pairs.find(|pair| fits(pair) && (pair.1.is_zero() == rate.is_zero()))?;
    Some(ReadTax { rate: Some(rate.normalize()), net: Some(net), tax: Some(tax) })
}

fn agrees(rate: Decimal, net: Decimal, tax: Decimal) -> bool {
    net.checked_mul(rate).is_some_and(|product| near(product, tax))
}

/// Keeps the rates of lines that the document taxes at; other percentages are discounts.
pub fn keep_known_rates(lines: &mut [ReadLine], taxes: &[ReadTax]) {
    for line in lines {
        line.tax_rate =
            line.tax_rate.filter(|rate| taxes.iter().any(|tax| tax.rate == Some(*rate)));
    }
}
