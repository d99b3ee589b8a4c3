//! The table of items: its column heads and the first total below it.

use super::{
    candidates::{Candidates, Found, Label},
    items::is_number,
    lexicon::Role,
    lines::{Layout, Line},
};

/// Returns the line of column heads: the first with three of them, else the first with two, which
/// `Terms: net 30 days` seems to have as well.
pub fn head(layout: &Layout, candidates: &Candidates) -> Option<usize> {
    let with = |least: usize| {
        (0..layout.lines.len()).find(|at| columns(candidates, *at).is_some_and(|all| all >= least))
    };
    with(3).or_else(|| with(2))
}

/// Returns how many columns of items a line heads: words for what or how many, and for one column
/// more; a table of tax has neither.
fn columns(candidates: &Candidates, at: usize) -> Option<usize> {
    let present = |role: &Role| candidates.has(at, *role, 4);
    let what = [Role::Description, Role::Quantity].iter().filter(|role| present(role)).count();
    let money = [Role::Price, Role::Amount].iter().filter(|role| present(role)).count();
    let no_amounts = !candidates.amounts_at(at).any(|found| found.is_money);
    let all = what.saturating_add(money);
    (what >= 1 && all >= 2 && no_amounts).then_some(all)
}

/// Returns the lines from the column heads to the first total; nothing without both.
#[must_use]
pub fn table(layout: &Layout, candidates: &Candidates) -> Option<std::ops::Range<usize>> {
    let head = head(layout, candidates)?;
    let end = first_total(layout, candidates, head.saturating_add(1))?;
    Some(head..end)
}

pub fn first_total(layout: &Layout, candidates: &Candidates, start: usize) -> Option<usize> {
    (start..layout.lines.len())
        .find(|at| layout.lines.get(*at).is_some_and(|line| is_total(candidates, line, *at)))
}

fn is_total(candidates: &Candidates, line: &Line, at: usize) -> bool {
    let totals = [Role::Gross, Role::Net, Role::Due];
    let labelled = totals.iter().any(|role| candidates.has(at, *role, 5));
    // `Carta A4` is paper: the word for a card stands right before what was paid.
    let paid = |label: &Label| {
        let words = line.tokens.iter().skip(label.to).take_while(|token| !is_number(&token.text));
        let more = words.filter(|token| token.text.chars().any(char::is_alphabetic));
        label.weight >= 8 || more.count() == 0
    };
    let is_paid = candidates.labels_at(at).iter().any(|label| {
        matches!(label.role, Role::Cash | Role::Card) && label.weight >= 5 && paid(label)
    });
    (labelled || is_paid)
        && candidates.amounts_at(at).next().is_some()
        && !is_sold(candidates, line, at)
}

/// Returns whether a row costs its quantity at its price and begins with no label: `Washing Liquid 5 12.34
/// 61.70` sells what another language calls a total.
fn is_sold(candidates: &Candidates, line: &Line, at: usize) -> bool {
    let amounts: Vec<&Found> = candidates.amounts_at(at).collect();
    let [.., quantity, price, amount] = amounts.as_slice() else { return false };
    let cells = line.cell_spans();
    let cell = |from: usize| cells.iter().position(|cell| (cell.from..cell.to).contains(&from));
    let apart = cell(quantity.from) != cell(price.from) && cell(price.from) != cell(amount.from);
    let product = quantity.value.checked_mul(price.value);
    let begins = candidates.labels_at(at).iter().any(|label| label.from == 0 && label.weight >= 5);
    apart && !begins && amount.is_money && product == Some(amount.value)
}
