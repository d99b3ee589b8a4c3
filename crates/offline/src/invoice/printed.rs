//! Where the sums do not agree, what is printed and clear stays: a value that was only computed
//! never takes its place, so that the contradiction can be told.

use super::{
    candidates::Found,
    items::Sums,
    lexicon::Role,
    score::Cast,
    solve::{Total, Totals, near},
    taxes,
};
use domain::reading::ReadTax;
use rust_decimal::Decimal;

/// A word read from pixels counts as clear from this confidence on.
const CLEAR: u8 = 90;
/// From this weight on a label means nothing but the total without tax.
const UNMISTAKABLE: u8 = 8;
/// A document has at most so many charges and discounts of its own that are added up.
const MAX_EXTRAS: usize = 4;

/// Puts the printed net in the place of a computed one, with the printed tax beside it.
pub fn keep(totals: &mut Totals, casts: &[Cast<'_>], amounts: &[Found]) {
    let Some(gross) = totals.gross.as_ref().filter(|_| totals.labelled) else { return };
    let value = gross.value;
    let Some(tax) = totals.tax.as_ref().filter(|tax| tax.found.is_some()) else { return };
    if totals.net.as_ref().is_none_or(|net| net.found.is_some()) {
        return;
    }
    let split = totals.net.as_ref().is_some_and(|net| net.rule == super::solve::INCLUDED);
    let Some(net) = printed_net(casts, value, split) else { return };
    if explained(casts, amounts, net.value.abs(), tax.value, value) {
        return;
    }
    let rule = "net label, against the sum";
    let (value, found) = (net.value.abs(), Some(net.clone()));
    totals.net = Some(Total { value, found, confidence: 60, rule });
    for total in [&mut totals.tax, &mut totals.gross].into_iter().flatten() {
        total.confidence = total.confidence.min(75);
    }
}

/// Takes the printed net that is the total: nothing was taxed.
pub fn untaxed(totals: &mut Totals, casts: &[Cast<'_>]) {
    let Some(gross) = totals.gross.as_ref().filter(|_| totals.labelled) else { return };
    let taxed = casts
        .iter()
        .any(|cast| matches!(cast.role, Role::Tax | Role::TaxRow) && !cast.found.value.is_zero());
    let net = casts.iter().find(|cast| {
        let same = cast.found.value == gross.value && Some(cast.found) != gross.found.as_ref();
        cast.role == Role::Net && cast.weight >= 7 && same
    });
    let Some(net) = net.filter(|_| !taxed) else { return };
    let confidence = gross.confidence.min(85);
    let (value, found, rule) = (gross.value, Some(net.found.clone()), "net label, no tax");
    totals.net = Some(Total { value, found, confidence, rule });
}

/// Returns the one clear amount that is labelled as the net; beside a tax that a printed rate
/// takes out of the total, and above the total, only an unmistakable label counts.
fn printed_net<'a>(casts: &[Cast<'a>], gross: Decimal, split: bool) -> Option<&'a Found> {
    let is_net = |cast: &&Cast<'a>| {
        let over = cast.found.value.abs() > gross;
        let least = if split || over { UNMISTAKABLE } else { 6 };
        cast.role == Role::Net
            && cast.weight >= least
            && cast.found.is_money
            && cast.found.confidence >= CLEAR
            && !cast.found.value.is_zero()
    };
    let mut nets = casts.iter().filter(is_net).map(|cast| cast.found);
    let first = nets.next()?;
    nets.all(|other| other.value == first.value).then_some(first)
}

/// Returns whether something printed stands between net, tax and total: a charge, a discount, a
/// rounding, or any amount of that size. A net that is all but the total has the tax inside.
fn explained(
    casts: &[Cast<'_>],
    amounts: &[Found],
    net: Decimal,
    tax: Decimal,
    gross: Decimal,
) -> bool {
    let inside = gross.saturating_sub(net);
    let beside = inside.saturating_sub(tax);
    let extras = extras(casts);
    [inside, beside].into_iter().any(|gap| {
        let printed = amounts.iter().filter(|found| found.is_money);
        gap.abs() <= Decimal::new(5, 2)
            || printed
                .map(|found| found.value.abs())
                .any(|value| value == gap.abs() && ![net, tax, gross].contains(&value))
            || sums(&extras).into_iter().any(|sum| near(sum, gap))
    })
}

/// Takes the printed net and tax that make the total together with printed charges and discounts,
/// where none was proven: `Subtotal`, `VAT`, `Service charge`, `Discount`, `Total`.
pub fn with_extras(totals: &mut Totals, casts: &[Cast<'_>]) {
    let Some(gross) = totals.gross.as_ref().filter(|_| totals.labelled) else { return };
    let proven = |total: &Option<Total>| total.as_ref().is_some_and(|total| total.confidence >= 80);
    if proven(&totals.net) && proven(&totals.tax) {
        return;
    }
    let (value, confidence) = (gross.value, gross.confidence.min(88));
    let printed = |role: Role| {
        let clear = move |cast: &&Cast<'_>| cast.role == role && cast.strong && cast.found.is_money;
        let cast = casts.iter().filter(clear).map(|cast| cast.found);
        cast.filter(|found| found.value > Decimal::ZERO)
    };
    let (extras, rule) = (sums(&extras(casts)), "net, tax and printed charges give gross");
    let fits = |net: &Found, tax: &Found| {
        let plain = net.value.saturating_add(tax.value);
        extras.iter().any(|sum| !sum.is_zero() && plain.saturating_add(*sum) == value)
    };
    let pairs = printed(Role::Net).flat_map(|net| printed(Role::Tax).map(move |tax| (net, tax)));
    let mut pairs = pairs.filter(|(net, tax)| tax.value < net.value && fits(net, tax));
    let Some((net, tax)) = pairs.next() else { return };
    let total = |found: &Found| {
        Some(Total { value: found.value, found: Some(found.clone()), confidence, rule })
    };
    (totals.net, totals.tax) = (total(net), total(tax));
}

/// Returns what two item lines or more come to, each its quantity at its price.
pub fn summed(items: Sums) -> Option<Total> {
    let sure = items.count >= 2 && items.priced;
    let value = items.sum.filter(|sum| sure && *sum > Decimal::ZERO)?;
    Some(Total { value, found: None, confidence: 45, rule: "sum of the item lines" })
}

/// Returns the charges and, below zero, the discounts of the document.
fn extras(casts: &[Cast<'_>]) -> Vec<Decimal> {
    let signed = |cast: &Cast<'_>| match cast.role {
        Role::Service => Some(cast.found.value.abs()),
        Role::Discount => Some(Decimal::ZERO.saturating_sub(cast.found.value.abs())),
        Role::Rounding => Some(cast.found.value),
        _ => None,
    };
    casts.iter().filter_map(signed).take(MAX_EXTRAS).collect()
}

/// Returns the sums of all selections of some amounts.
fn sums(extras: &[Decimal]) -> Vec<Decimal> {
    extras.iter().fold(vec![Decimal::ZERO], |sums, extra| {
        let with = sums.iter().map(|sum| sum.saturating_add(*extra));
        sums.iter().copied().chain(with).collect()
    })
}

/// Returns the printed charge, such as a tip, that net and tax fall short of the total by.
#[must_use]
pub fn charge(totals: &Totals, casts: &[Cast<'_>]) -> Option<Total> {
    let printed = |total: &Option<Total>| {
        total.as_ref().filter(|total| total.found.is_some()).map(|total| total.value)
    };
    let short = printed(&totals.gross)?
        .checked_sub(printed(&totals.net)?)?
        .checked_sub(printed(&totals.tax)?)
        .filter(|short| *short > Decimal::ZERO)?;
    let tips = casts.iter().filter(|cast| cast.role == Role::Service);
    let tip = tips.map(|cast| cast.found).find(|found| found.value == short)?;
    let (value, found) = (Decimal::ZERO.saturating_sub(short), Some(tip.clone()));
    Some(Total { value, found, confidence: 80, rule: "charge label, fits the sums" })
}

/// Adds the tax up where it was only what the net leaves, and rows at printed rates say otherwise.
pub fn add_up_tax(totals: &mut Totals, groups: &[ReadTax]) {
    let (Some(net), Some(tax)) = (&totals.net, &mut totals.tax) else { return };
    let sum = taxes::sum(groups, |group| group.tax);
    let rows = groups.len() >= 2 && near(taxes::sum(groups, |group| group.net), net.value);
    if rows && tax.found.is_none() && net.found.is_some() && !near(sum, tax.value) {
        (tax.value, tax.rule) = (sum, "tax of each rate, added up");
        tax.confidence = tax.confidence.min(60);
    }
}

/// Returns the best amount in a role that is less than the total, by its label alone.
pub fn single(casts: &[Cast<'_>], role: Role, gross: Decimal, rule: &'static str) -> Option<Total> {
    let best = casts
        .iter()
        .filter(|cast| cast.role == role && cast.found.is_money && cast.found.value.abs() < gross)
        .max_by_key(|cast| cast.score)?;
    let value = if role == Role::Rounding { best.found.value } else { best.found.value.abs() };
    Some(Total { value, found: Some(best.found.clone()), confidence: 55, rule })
}
