//! Tax by rate: the rows whose net, rate and tax agree, where they add up to the totals.

use super::{
    candidates::Candidates,
    lexicon::Role,
    lines::Layout,
    rates,
    solve::{Totals, near},
};
use domain::reading::{ReadLine, ReadTax};
use rust_decimal::Decimal;

/// Returns the rows whose net, rate and tax agree, from the top; each once.
#[must_use]
pub fn rows(layout: &Layout, candidates: &Candidates) -> Vec<ReadTax> {
    let mut groups: Vec<ReadTax> = Vec::new();
    for at in 0..layout.lines.len() {
        for rate in rates::on_line(layout, candidates, at) {
            let group =
                group(candidates, at, rate).or_else(|| over_lines(layout, candidates, at, rate));
            if let Some(group) = group.filter(|group| !groups.contains(group)) {
                groups.push(group);
            }
        }
    }
    groups
}

/// Returns the net on a line and the tax on a later one that both print a rate: `Net 19 % 100.00` and
/// `VAT 19 % 19.00`.
fn over_lines(
    layout: &Layout,
    candidates: &Candidates,
    at: usize,
    percent: Decimal,
) -> Option<ReadTax> {
    let rate = percent.checked_div(Decimal::ONE_HUNDRED).filter(|rate| !rate.is_zero())?;
    let only = |at: usize| {
        let mut money = candidates.amounts_at(at).filter(|found| found.is_money);
        money.next().filter(|_| money.next().is_none()).map(|found| found.value)
    };
    let net = only(at).filter(|_| candidates.has(at, Role::Net, 5))?;
    let taxed = |at: &usize| {
        let line = layout.lines.get(*at);
        let same = line.is_some_and(|line| line.percentages().contains(&percent));
        same && candidates.has(*at, Role::Tax, 5)
    };
    let later = at.saturating_add(1)..layout.lines.len();
    let tax = later.filter(taxed).filter_map(only).find(|tax| agrees(rate, net, *tax))?;
    Some(ReadTax { rate: Some(rate.normalize()), net: Some(net), tax: Some(tax) })
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
