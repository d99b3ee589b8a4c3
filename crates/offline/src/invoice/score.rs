//! Which amount plays which role, by the labels beside and above it.
#![expect(clippy::arithmetic_side_effects, reason = "points of evidence are small numbers")]

use super::{
    candidates::{Candidates, Found, Label, labels_for},
    lexicon::Role,
    lines::{Layout, height, share_column},
};
use rust_decimal::Decimal;

/// An amount in a role, with how much speaks for it.
#[derive(Debug, Clone)]
pub struct Cast<'a> {
    /// The amount.
    pub found: &'a Found,
    /// Its role.
    pub role: Role,
    /// How much speaks for it; only comparable with others of this document.
    pub score: i32,
    /// Whether its label leaves little doubt.
    pub strong: bool,
    /// The weight of its label; 0 for one without.
    pub weight: u8,
}

const MONEY_ROLES: [Role; 12] = [
    Role::Gross,
    Role::Due,
    Role::Net,
    Role::Tax,
    Role::Rounding,
    Role::Cash,
    Role::Card,
    Role::Change,
    Role::Prepaid,
    Role::Discount,
    Role::Service,
    Role::TaxRow,
];

/// Returns every amount that has a label of money, in its role, in reading order. An amount may
/// play two roles where a label has two meanings.
#[must_use]
pub fn cast<'a>(layout: &Layout, candidates: &'a Candidates) -> Vec<Cast<'a>> {
    let mut casts = Vec::new();
    for found in &candidates.amounts {
        let (labels, above) =
            labels_for(layout, candidates, found.line, (found.from, found.region), |_| true);
        let own = since_last_amount(candidates, found, &labels);
        let says = labels.iter().any(|label| is_about_money(label.role));
        let labels = match (own.is_empty(), says) {
            (false, _) => own,
            (true, true) => labels,
            (true, false) => total_below(layout, candidates, found).into_iter().collect(),
        };
        let Some(top) = winner(&labels) else { continue };
        let place = place_bonus(layout, candidates, found, above);
        for label in labels.iter().filter(|label| label.from == top.from) {
            if MONEY_ROLES.contains(&label.role) {
                // The head of the column of item amounts says nothing about the whole.
                let head = above && is_item_head(candidates, found.line, label);
                let weight = if head { label.weight.min(1) } else { label.weight };
                let score = i32::from(label.weight).saturating_mul(10).saturating_add(place);
                let role = label.role;
                casts.push(Cast { found, role, score, strong: weight >= 6, weight });
            }
        }
    }
    casts
}

/// Returns whether a label above a line is in a row of heads of items: with one for what or how many
/// and one for the price.
fn is_item_head(candidates: &Candidates, line: usize, label: &Label) -> bool {
    let heads = (1..=2)
        .filter_map(|back| line.checked_sub(back))
        .find(|at| candidates.labels_at(*at).contains(label));
    heads.is_some_and(|at| {
        let any = |roles: &[Role]| roles.iter().any(|role| candidates.has(at, *role, 5));
        let named = any(&[Role::Description]) && any(&[Role::Price, Role::Quantity, Role::Net]);
        let counted = any(&[Role::Quantity]) && any(&[Role::Price]);
        matches!(label.role, Role::Gross | Role::Due) && (named || counted)
    })
}

/// Returns the label of a total that stands alone right below an amount that is alone on its line,
/// as designs do that print the total large.
fn total_below<'a>(
    layout: &Layout,
    candidates: &'a Candidates,
    found: &Found,
) -> Option<&'a Label> {
    let own = layout.lines.get(found.line)?;
    let at = found.line.checked_add(1)?;
    let line = layout.lines.get(at)?;
    let gap = line.region.top.saturating_sub(own.region.bottom);
    let near = line.page == own.page && gap < height(own.region).saturating_mul(2);
    let alone = own.cell_spans().len() == 1 && candidates.amounts_at(at).next().is_none();
    let mut labels = candidates.labels_at(at).iter().filter(|label| {
        let whole = label.to.saturating_sub(label.from) == line.tokens.len();
        matches!(label.role, Role::Gross | Role::Due) && label.weight >= 7 && whole
    });
    labels.find(|label| near && alone && share_column(label.region, found.region))
}

fn is_about_money(role: Role) -> bool {
    MONEY_ROLES.contains(&role) || role == Role::Ignore
}

/// Returns the labels of money that stand between an amount and the one before it on its line: in
/// `Net: 100.00 VAT: 19.00 Gross: 119.00` each amount has its own.
fn since_last_amount<'a>(
    candidates: &Candidates,
    found: &Found,
    labels: &[&'a Label],
) -> Vec<&'a Label> {
    let before = candidates.amounts_at(found.line).filter(|other| other.from < found.from);
    let Some(last) = before.last() else { return Vec::new() };
    // Behind a count, only the label of a total: `Total qty: 201   Subtotal 2,040.00`.
    let total = |label: &Label| MONEY_ROLES.contains(&label.role) && label.weight >= 6;
    let own = |label: &Label| if last.is_money { is_about_money(label.role) } else { total(label) };
    let between = labels.iter().filter(|label| label.from > last.from && own(label));
    between.copied().collect()
}

/// Returns the label that speaks for an amount: a strong one that takes amounts out of the game
/// wins, then the heaviest, then the nearest.
fn winner<'a>(labels: &[&'a Label]) -> Option<&'a Label> {
    let about_money = |label: &&&Label| is_about_money(label.role);
    let out =
        |label: &&&Label| label.weight >= 8 && matches!(label.role, Role::Ignore | Role::TaxRow);
    let last_out = labels.iter().filter(out).max_by_key(|label| label.to);
    last_out
        .or_else(|| labels.iter().filter(about_money).max_by_key(|label| (label.weight, label.to)))
        .copied()
}

fn place_bonus(layout: &Layout, candidates: &Candidates, found: &Found, above: bool) -> i32 {
    let mut bonus = if above { -25 } else { 0 };
    if !found.is_money {
        bonus -= 25;
    }
    let last = candidates.amounts_at(found.line).last().is_some_and(|last| last == found);
    bonus += if last { 8 } else { 0 };
    let lines = i32::try_from(layout.lines.len()).unwrap_or(i32::MAX).max(1);
    let line = i32::try_from(found.line).unwrap_or_default();
    bonus += line.saturating_mul(10).checked_div(lines).unwrap_or_default();
    if found.value <= Decimal::ZERO {
        bonus -= 15;
    }
    bonus
}
