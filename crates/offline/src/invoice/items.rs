//! Item lines: the rows between the column heads and the first total.

use super::{
    candidates::{Candidates, Found},
    lexicon::Role,
    lines::{Layout, Line},
};
use domain::reading::ReadLine;
use rust_decimal::Decimal;

/// Returns the printed item lines, in order; empty where none are recognised.
#[must_use]
pub fn items(layout: &Layout, candidates: &Candidates) -> Vec<ReadLine> {
    let head = (0..layout.lines.len()).find(|at| is_head(candidates, *at));
    let start = head.map_or(0, |head| head.saturating_add(1));
    let end = (start..layout.lines.len())
        .find(|at| is_total(candidates, *at))
        .unwrap_or(layout.lines.len());
    let rows = layout.lines.iter().enumerate().take(end).skip(start);
    rows.filter_map(|(at, line)| row(line, &candidates.amounts_at(at).collect::<Vec<_>>()))
        .collect()
}

fn is_head(candidates: &Candidates, at: usize) -> bool {
    let heads = [Role::Description, Role::Quantity, Role::Price, Role::Amount];
    let present = heads.iter().filter(|role| candidates.has(at, **role, 4)).count();
    let no_amounts = !candidates.amounts_at(at).any(|found| found.is_money);
    present >= 2 && no_amounts
}

fn is_total(candidates: &Candidates, at: usize) -> bool {
    let totals = [Role::Gross, Role::Net, Role::Due, Role::Cash, Role::Card];
    let labelled = totals.iter().any(|role| candidates.has(at, *role, 5));
    labelled && candidates.amounts_at(at).next().is_some()
}

/// Returns the item of a row: a description and, at its end, an amount.
fn row(line: &Line, amounts: &[&Found]) -> Option<ReadLine> {
    let last = amounts
        .iter()
        .rev()
        .find(|found| found.is_money)
        .or_else(|| amounts.last().filter(|_| amounts.len() >= 3))?;
    let before: Vec<&&Found> = amounts.iter().filter(|found| found.from < last.from).collect();
    let first_amount =
        before.iter().find(|found| found.from > 0).map_or(last.from, |found| found.from);
    let description = line.text_between(0, first_amount);
    let letters = description.chars().filter(|c| c.is_alphabetic()).count();
    if letters < 2 {
        return None;
    }
    let (quantity, unit_price) = factors(&before, last.value);
    Some(ReadLine { description, quantity, unit_price, amount: Some(last.value), tax_rate: None })
}

/// Returns the quantity and price whose product is the amount.
fn factors(before: &[&&Found], amount: Decimal) -> (Option<Decimal>, Option<Decimal>) {
    for (at, one) in before.iter().enumerate() {
        for other in before.iter().skip(at.saturating_add(1)) {
            if one
                .value
                .checked_mul(other.value)
                .is_some_and(|product| super::solve::near(product, amount))
            {
                return (Some(one.value), Some(other.value));
            }
        }
    }
    (None, None)
}

/// Returns the sum of the items; nothing if there are none.
#[must_use]
pub fn sum(items: &[ReadLine]) -> Option<Decimal> {
    let amounts: Vec<Decimal> = items.iter().filter_map(|item| item.amount).collect();
    (!amounts.is_empty()).then(|| amounts.into_iter().sum())
}
