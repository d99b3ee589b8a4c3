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
    let mut items: Vec<ReadLine> = Vec::new();
    for (at, line) in layout.lines.iter().enumerate().take(end).skip(start) {
        let amounts: Vec<&Found> = candidates.amounts_at(at).collect();
        if let Some(item) = row(line, &amounts).filter(|_| !is_remark(candidates, at)) {
            items.push(item);
        } else if let Some(amount) = lone_amount(line, &amounts)
            && let Some(open) = items.last_mut().filter(|item| item.description.ends_with('@'))
        {
            open.amount = Some(amount);
        }
    }
    for item in &mut items {
        item.description.truncate(item.description.trim_end_matches([' ', '@']).len());
    }
    items
}

/// Returns whether a row is about the sum so far: it begins with a label of tax, discount or the
/// like.
fn is_remark(candidates: &Candidates, at: usize) -> bool {
    candidates.labels_at(at).iter().any(|label| {
        let about = matches!(
            label.role,
            Role::Tax | Role::TaxRow | Role::Discount | Role::Rounding | Role::Change
        );
        about && label.from <= 1 && label.weight >= 6
    })
}

/// Returns the amount of a row that holds nothing else.
fn lone_amount(line: &Line, amounts: &[&Found]) -> Option<Decimal> {
    let letters = line.text().chars().any(char::is_alphabetic);
    match amounts {
        [only] if only.is_money && !letters => Some(only.value),
        _ => None,
    }
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
    let percent = line.percentages().last().copied();
    let tax_rate = percent.and_then(|rate| rate.checked_div(Decimal::ONE_HUNDRED));
    let tax_rate = tax_rate.map(|rate| rate.normalize());
    Some(ReadLine { description, quantity, unit_price, amount: Some(last.value), tax_rate })
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

/// What the amounts of the item lines come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// All together; nothing without items.
    pub sum: Option<Decimal>,
    /// The largest one.
    pub largest: Option<Decimal>,
}

/// Returns the sums of the items.
#[must_use]
pub fn sums(items: &[ReadLine]) -> Sums {
    let amounts: Vec<Decimal> = items.iter().filter_map(|item| item.amount).collect();
    let largest = amounts.iter().max().copied();
    Sums { sum: largest.map(|_| amounts.into_iter().sum()), largest }
}
