//! What proves a gross total besides its label.

use super::{
    candidates::Found,
    equations::{Split, Splits, Strength},
    items::Sums,
    lexicon::Role,
    score::Cast,
    solve::near,
};
use rust_decimal::Decimal;
use std::cmp::Reverse;

/// The sums that hold for a contender.
#[derive(Debug, Clone, Default)]
pub struct Proofs {
    /// What was paid less what was given back.
    pub change: bool,
    /// Paid by card in the same amount.
    pub card: bool,
    /// Another total and the printed rounding.
    pub rounded: bool,
    /// Net and tax.
    pub split: Option<Split>,
    /// The item lines, with their count.
    pub lines: usize,
    /// How often other totals say the same.
    pub again: usize,
    /// Two totals above it of which it is the sum, such as those of two rates.
    pub parts: Option<(Decimal, Decimal)>,
}

impl Proofs {
    /// Finds what holds for a value.
    #[must_use]
    pub fn of(casts: &[Cast<'_>], gross: &Found, items: Sums, splits: &Splits<'_>) -> Self {
        let value = gross.value.abs();
        let again = casts.iter().filter(|cast| {
            matches!(cast.role, Role::Gross | Role::Due)
                && cast.found != gross
                && cast.found.value.abs() == value
        });
        Self {
            change: paid_less_change(casts).contains(&value)
                && with(casts, Role::Change).any(|change| !change.is_zero()),
            card: with(casts, Role::Card).any(|card| card == value)
                || paid_less_change(casts).contains(&value),
            rounded: rounds(casts, gross),
            lines: if items.sum == Some(value) { items.count } else { 0 },
            split: splits.split(value),
            again: again.count(),
            parts: parts(casts, gross),
        }
    }

    /// Returns how much they speak for the total, beside the points of its label.
    #[must_use]
    pub fn points(&self) -> i32 {
        let when = |holds: bool, points: i32| if holds { points } else { 0 };
        let split = self.split.as_ref().map_or(0, |split| match split.strength {
            Strength::Rated => 35,
            Strength::Labelled => 30,
            Strength::Included => 15,
        });
        let again = i32::try_from(self.again.min(3)).unwrap_or(0).saturating_mul(4);
        [
            when(self.change, 40),
            when(self.card, 20),
            when(self.rounded, 25),
            when(self.lines > 0, 20),
            when(self.parts.is_some(), 40),
            split,
            again,
        ]
        .into_iter()
        .fold(0, i32::saturating_add)
    }

    /// Returns whether at least two other printed amounts agree on it, each in a part of its own.
    #[must_use]
    pub fn settles(&self) -> bool {
        let split = self.split.as_ref();
        let strong = split.is_some_and(|split| split.strength > Strength::Included);
        let weak = [split.is_some() && !strong, self.card, self.again > 0, self.lines == 1];
        strong
            || self.change
            || self.rounded
            || self.parts.is_some()
            || self.lines >= 2
            || weak.into_iter().filter(|holds| *holds).count() >= 2
    }
}

/// Returns whether a total is another one and the printed rounding.
fn rounds(casts: &[Cast<'_>], gross: &Found) -> bool {
    let small = |value: &Decimal| !value.is_zero() && value.abs() < Decimal::ONE;
    let roundings = casts.iter().filter(|cast| cast.role == Role::Rounding);
    roundings.map(|cast| cast.found.value).filter(small).any(|rounding| {
        casts.iter().any(|cast| {
            cast.found != gross
                && matches!(cast.role, Role::Gross | Role::Due | Role::Net)
                && cast.found.value.saturating_add(rounding) == gross.value.abs()
        })
    })
}

/// Returns two totals on lines of their own above this one that it adds up: `Total at 6 %`, `Total
/// at 0 %`, `Total payable`. One of them may be negative, where goods were given back.
fn parts(casts: &[Cast<'_>], gross: &Found) -> Option<(Decimal, Decimal)> {
    let strong = |cast: &&Cast<'_>| {
        cast.role == Role::Gross
            && cast.strong
            && cast.found.is_money
            && !cast.found.value.is_zero()
    };
    casts.iter().filter(strong).find(|cast| cast.found == gross)?;
    let above: Vec<&Found> = casts
        .iter()
        .filter(strong)
        .map(|cast| cast.found)
        .filter(|found| found.line < gross.line)
        .collect();
    let pairs = above.iter().enumerate().flat_map(|(at, one)| {
        let others = above.iter().skip(at.saturating_add(1));
        others.filter(|other| other.line != one.line).map(|other| (one.value, other.value))
    });
    let mut sums = pairs.filter(|(one, other)| one.saturating_add(*other) == gross.value);
    sums.next()
}

/// Returns what was handed over less what was given back, for every such pair.
#[must_use]
pub fn paid_less_change(casts: &[Cast<'_>]) -> Vec<Decimal> {
    let changes: Vec<Decimal> = with(casts, Role::Change).collect();
    let pairs = with(casts, Role::Cash).flat_map(|cash| changes.iter().map(move |c| (cash, *c)));
    pairs
        .filter(|(cash, change)| change < cash)
        .filter_map(|(cash, change)| cash.checked_sub(change))
        .collect()
}

/// Returns whether an amount is in another currency than the document: not the one that most of its
/// amounts are in, or where two are in as many, not the one that is printed first.
#[must_use]
pub fn is_foreign(amounts: &[Found], found: &Found) -> bool {
    let money = || amounts.iter().filter(|one| one.is_money).filter_map(|one| one.currency);
    let count = |currency| money().filter(|other| *other == currency).count();
    let Some(own) = found.currency else { return false };
    let first = money().enumerate();
    let usual = first.max_by_key(|(at, currency)| (count(*currency), Reverse(*at)));
    usual.is_some_and(|(_, usual)| usual != own)
}

/// Returns the amounts in a role, without their signs.
pub fn with(casts: &[Cast<'_>], role: Role) -> impl Iterator<Item = Decimal> {
    let cast = casts.iter().filter(move |cast| cast.role == role);
    cast.map(|cast| cast.found.value.abs())
}

/// Returns whether a total that nothing else explains speaks against this one: another labelled
/// total that is neither its net, nor what it was rounded from, nor an earlier debt with it.
#[must_use]
pub fn is_contested(casts: &[Cast<'_>], gross: &Found, proofs: &Proofs) -> bool {
    let value = gross.value.abs();
    let net = proofs.split.as_ref().map(|split| split.net);
    // A part, or the net of a part.
    let is_part = |other: Decimal| {
        let alike = |part: Decimal| {
            let taxed = |tax: Decimal| other.saturating_add(tax) == part.abs();
            part.abs() == other || with(casts, Role::Tax).any(taxed)
        };
        proofs.parts.is_some_and(|(one, two)| alike(one) || alike(two))
    };
    let rounded =
        |other: Decimal| proofs.rounded && other.saturating_sub(value).abs() < Decimal::ONE;
    let taxed = proofs.split.is_none()
        && proofs.parts.is_none()
        && with(casts, Role::Tax).any(|tax| !tax.is_zero() && tax < value);
    taxed
        || casts.iter().any(|cast| {
            let other = cast.found.value.abs();
            cast.role == Role::Gross
                && cast.strong
                && cast.found.is_money
                && !(cast.found.currency.is_some()
                    && gross.currency.is_some()
                    && cast.found.currency != gross.currency)
                && other != value
                && !other.is_zero()
                && net.is_none_or(|net| !near(net, other))
                && !rounded(other)
                && !is_part(other)
        })
}
