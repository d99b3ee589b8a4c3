//! The sums decide: which amounts are the totals.
//!
//! net + tax = gross, cash − change = gross, total ± rounding = what is paid, Σ lines = net or
//! gross. Every sum that holds speaks for the amounts in it.
#![expect(clippy::arithmetic_side_effects, reason = "points of evidence are small numbers")]

use super::{
    candidates::Found,
    equations::{Split, Splits, Strength},
    items::Sums,
    lexicon::Role,
    printed,
    proof::{Proofs, is_contested, is_foreign, paid_less_change, with},
    score::Cast,
};
use domain::reading::ReadTax;
use rust_decimal::Decimal;

/// The rule of a net that is what a tax at a printed rate leaves of the total.
pub const INCLUDED: &str = "tax included at a printed rate";

/// A total with its evidence.
#[derive(Debug, Clone)]
pub struct Total {
    /// The value.
    pub value: Decimal,
    /// Where it stands; nothing for one that was computed.
    pub found: Option<Found>,
    /// 0 to 100.
    pub confidence: u8,
    /// Which rule chose it.
    pub rule: &'static str,
}

/// The totals of a document.
#[derive(Debug, Clone, Default)]
pub struct Totals {
    /// With tax.
    pub gross: Option<Total>,
    /// Without tax.
    pub net: Option<Total>,
    /// The tax.
    pub tax: Option<Total>,
    /// Rounding of the amount to pay.
    pub rounding: Option<Total>,
    /// Paid before.
    pub prepaid: Option<Total>,
    /// Discount of the whole document.
    pub discount: Option<Total>,
    /// Whether the gross total has a label of its own.
    pub labelled: bool,
    /// Whether it says that it was paid on the spot.
    pub paid: bool,
}

/// Returns the totals that most sums and labels speak for; the rates are the printed ones, and the rows
/// those in which net, rate and tax agree.
#[must_use]
pub fn solve(
    casts: &[Cast<'_>],
    amounts: &[Found],
    items: Sums,
    (rates, rows): (&[Decimal], &[ReadTax]),
) -> Totals {
    let mut totals = Totals::default();
    let splits = Splits::among(casts, amounts, (rates, rows));
    let judged = judged(casts, amounts, items, &splits);
    let best = judged.iter().max_by_key(|one| (one.score, one.cast.found.line));
    // The head of a column names no total: what was paid or taxed says more.
    let weak = |one: &&Judged<'_>| {
        (one.cast.weight <= 1 || !one.cast.found.is_money) && !one.proofs.settles()
    };
    let best = best.filter(|one| {
        !weak(one) || computed(casts, amounts).or_else(|| printed::summed(items)).is_none()
    });
    match best {
        Some(best) => {
            totals.labelled = true;
            totals.gross = Some(gross_of(casts, best));
            totals.set_split(best.proofs.split.clone());
        }
        None => {
            totals.gross = unlabelled(casts, amounts, items);
            let gross = totals.gross.as_ref().map(|gross| gross.value);
            totals.set_split(gross.and_then(|gross| splits.split(gross)));
        }
    }
    if let Some(gross) = totals.gross.as_ref().map(|gross| gross.value) {
        if totals.tax.is_none() && !totals.net_by_label(casts, gross) {
            totals.tax_by_label(casts, gross);
        }
        if totals.tax.is_none() && totals.net.is_none() && rates.is_empty() {
            printed::untaxed(&mut totals, casts);
        }
        printed::keep(&mut totals, casts, amounts);
        printed::with_extras(&mut totals, casts);
        totals.paid = casts.iter().any(|cast| {
            matches!(cast.role, Role::Cash | Role::Card)
                && cast.found.is_money
                && cast.found.value >= gross
        });
        totals.rounding = printed::single(casts, Role::Rounding, gross, "rounding label");
        totals.prepaid = printed::single(casts, Role::Prepaid, gross, "prepaid label");
        totals.discount = printed::charge(&totals, casts)
            .or_else(|| printed::single(casts, Role::Discount, gross, "discount label"));
    }
    totals
}

/// A contender for the gross total with all that speaks for it.
struct Judged<'a> {
    cast: Cast<'a>,
    proofs: Proofs,
    score: i32,
}

fn judged<'a>(
    casts: &[Cast<'a>],
    amounts: &'a [Found],
    items: Sums,
    splits: &Splits<'_>,
) -> Vec<Judged<'a>> {
    let discounted = casts.iter().any(|cast| cast.role == Role::Discount);
    let mut all: Vec<Judged<'a>> = contenders(casts, amounts)
        .into_iter()
        .map(|cast| {
            let proofs = Proofs::of(casts, cast.found, items, splits);
            let value = cast.found.value.abs();
            let small = !discounted && items.largest.is_some_and(|largest| largest > value);
            let foreign = is_foreign(amounts, cast.found);
            let score = cast.score + proofs.points()
                - if small { 40 } else { 0 }
                - if foreign { 60 } else { 0 };
            Judged { cast, proofs, score }
        })
        .collect();
    // The rounded amount is what is paid: it takes the points of the exact one, and more.
    let inherited: Vec<Option<i32>> = all
        .iter()
        .map(|one| {
            let exact =
                all.iter().filter(|exact| is_rounded_from(casts, one.cast.found, &exact.cast));
            exact.map(|exact| exact.score + 25).max()
        })
        .collect();
    // What another contender proves to be its net is no gross total.
    let nets: Vec<Decimal> = all
        .iter()
        .filter(|one| one.cast.score > 0)
        .filter_map(|one| one.proofs.split.as_ref())
        .filter(|split| split.strength > Strength::Included)
        .map(|split| split.net)
        .collect();
    let parts: Vec<Decimal> = all
        .iter()
        .filter_map(|one| one.proofs.parts)
        .flat_map(|(one, other)| [one, other])
        .collect();
    let paid = taken_off(casts, amounts, Role::Prepaid);
    let discounted = taken_off(casts, amounts, Role::Discount);
    for (one, inherited) in all.iter_mut().zip(inherited) {
        // What is left after a printed payment comes from the total, and is none.
        let value = one.cast.found.value.abs();
        if paid.iter().any(|(total, _)| *total == value) {
            one.score += 30;
        } else if paid.iter().any(|(_, rest)| *rest == value) {
            one.score -= 30;
        }
        // What a printed discount takes off is no total.
        if discounted.iter().any(|(_, rest)| *rest == value) {
            one.score += 30;
        } else if discounted.iter().any(|(whole, _)| *whole == value) {
            one.score -= 30;
        }
        if parts.contains(&one.cast.found.value) {
            one.score -= 40;
        }
        one.proofs.rounded |= inherited.is_some();
        one.score = inherited.map_or(one.score, |points| points.max(one.score));
        let split = one.proofs.split.as_ref().is_some_and(|s| s.strength > Strength::Included);
        if !split && !one.proofs.change && nets.contains(&one.cast.found.value.abs()) {
            one.score -= 30;
        }
    }
    all
}

/// Returns the amounts that may be the gross total: those with its label, those that were paid
/// less change, those that net and tax above add up to, and those below a rounding that they
/// differ by. Nothing is no total where something was bought, taxed or paid, and nothing taken off.
fn contenders<'a>(casts: &[Cast<'a>], amounts: &'a [Found]) -> Vec<Cast<'a>> {
    let is_gross = |cast: &&Cast<'a>| matches!(cast.role, Role::Gross | Role::Due);
    let mut pool: Vec<Cast<'a>> = casts.iter().filter(is_gross).cloned().collect();
    let some = |roles: &[Role]| {
        let mut money =
            casts.iter().filter(|cast| roles.contains(&cast.role) && cast.found.is_money);
        money.any(|cast| !cast.found.value.is_zero())
    };
    if some(&[Role::Net, Role::Tax, Role::Cash]) && !some(&[Role::Discount, Role::Prepaid]) {
        pool.retain(|cast| !cast.found.value.is_zero());
    }
    let labelled = pool.clone();
    let differences = paid_less_change(casts);
    let before = taken_off(casts, amounts, Role::Prepaid);
    for found in amounts.iter().filter(|found| found.is_money) {
        let known = labelled.iter().any(|cast| cast.found == found);
        let handed = casts.iter().any(|cast| {
            cast.found == found && matches!(cast.role, Role::Cash | Role::Change | Role::TaxRow)
        });
        if known || handed {
            continue;
        }
        let paid = differences.contains(&found.value) || is_net_and_tax(casts, found);
        let rounded = labelled.iter().find(|cast| is_rounded_from(casts, found, cast));
        let before = before.iter().any(|(total, _)| *total == found.value);
        if paid || before || rounded.is_some() {
            let score = rounded.map_or(55, |cast| cast.score.max(55));
            pool.push(Cast { found, role: Role::Gross, score, strong: false, weight: 0 });
        }
    }
    pool
}

/// Returns the printed amounts that a printed payment or discount turns into what is left to pay below
/// them, with that rest: 110.00, of which 10.00 is paid and 100.00 is due.
fn taken_off(casts: &[Cast<'_>], amounts: &[Found], role: Role) -> Vec<(Decimal, Decimal)> {
    let least = if role == Role::Prepaid { 7 } else { 6 };
    let money = |roles: &[Role]| {
        let strong = casts.iter().filter(|cast| roles.contains(&cast.role) && cast.weight >= least);
        let found = strong.map(|cast| cast.found);
        found.filter(|found| found.is_money && !found.value.is_zero()).collect::<Vec<_>>()
    };
    let (rests, taken) = (money(&[Role::Due, Role::Gross]), money(&[role]));
    let pairs = rests.iter().flat_map(|rest| {
        let above = move |part: &&&Found| part.line <= rest.line && *part != rest;
        taken.iter().filter(above).map(move |part| (rest, part))
    });
    pairs
        .filter_map(|(rest, part)| {
            let whole = rest.value.abs().saturating_add(part.value.abs());
            let printed = amounts
                .iter()
                .find(|found| found.is_money && found.value == whole && found.line <= part.line)?;
            Some((printed.value, rest.value.abs()))
        })
        .collect()
}

/// Returns whether an amount stands below or behind a net and a tax by their labels and is their sum.
fn is_net_and_tax(casts: &[Cast<'_>], found: &Found) -> bool {
    let above = |role: Role| {
        let strong = move |cast: &&Cast<'_>| cast.role == role && cast.strong;
        let before =
            |cast: &&Cast<'_>| (cast.found.line, cast.found.from) < (found.line, found.from);
        let cast = casts.iter().filter(strong).filter(before);
        cast.map(|cast| cast.found.value).filter(|value| *value > Decimal::ZERO)
    };
    above(Role::Net)
        .any(|net| above(Role::Tax).any(|tax| tax < net && net.saturating_add(tax) == found.value))
}

/// Returns whether an amount is another one rounded to five hundredths: it stands below it, just
/// under a line on rounding.
fn is_rounded_from(casts: &[Cast<'_>], found: &Found, exact: &Cast<'_>) -> bool {
    let step = Decimal::new(5, 2);
    let value = found.value.abs();
    let difference = value.saturating_sub(exact.found.value.abs()).abs();
    let whole = |value: Decimal| value.checked_rem(step).is_some_and(|rest| rest.is_zero());
    let announced = casts.iter().any(|cast| {
        let below = found.line.saturating_sub(cast.found.line);
        cast.role == Role::Rounding
            && below <= 3
            && found.line >= cast.found.line
            && (cast.found != found || below > 0 || value > Decimal::ONE)
    });
    announced
        && found.line > exact.found.line
        && !difference.is_zero()
        && difference < step
        && whole(value)
        && !whole(exact.found.value)
}

fn gross_of(casts: &[Cast<'_>], best: &Judged<'_>) -> Total {
    let Judged { cast, proofs, score } = best;
    let settled = proofs.settles();
    let contested = is_contested(casts, cast.found, proofs);
    let (rule, confidence) = match (settled, contested) {
        (true, false) => ("total label, proven by a sum", 99),
        (true, true) => ("total label and a sum, but another total", 90),
        _ => {
            let sure = (score - 10).clamp(20, if contested { 75 } else { 88 });
            let reader = i32::from(cast.found.confidence).clamp(50, 100);
            ("total label", sure * reader / 100)
        }
    };
    Total {
        value: cast.found.value.abs(),
        found: Some(cast.found.clone()),
        confidence: u8::try_from(confidence).unwrap_or(50),
        rule,
    }
}

/// Returns whether two sums agree to within two cents.
#[must_use]
pub fn near(one: Decimal, other: Decimal) -> bool {
    one.saturating_sub(other).abs() <= Decimal::new(2, 2)
}

/// Without a label: what cash and change, or net and tax leave, or the item lines come to; else the
/// largest money amount.
fn unlabelled(casts: &[Cast<'_>], amounts: &[Found], items: Sums) -> Option<Total> {
    let largest = || {
        let money = amounts.iter().filter(|found| found.is_money && found.value > Decimal::ZERO);
        money.max_by_key(|found| (found.value, found.line)).map(|found| Total {
            value: found.value,
            found: Some(found.clone()),
            confidence: 25,
            rule: "largest amount",
        })
    };
    computed(casts, amounts).or_else(|| printed::summed(items)).or_else(largest)
}

/// Returns what was paid less what was given back, printed at best, else what net and tax add up to.
fn computed(casts: &[Cast<'_>], amounts: &[Found]) -> Option<Total> {
    let derived = |value, rule| Total { value, found: None, confidence: 60, rule };
    let differences = paid_less_change(casts);
    let is_printed = |value: &&Decimal| amounts.iter().any(|found| found.value == **value);
    let paid = differences.iter().find(is_printed).or_else(|| differences.first());
    let paid = paid.map(|value| derived(*value, "cash less change"));
    let taxed = || {
        let net = with(casts, Role::Net).max()?;
        let tax = with(casts, Role::Tax).filter(|tax| *tax < net).max()?;
        Some(derived(net.saturating_add(tax), "net plus tax"))
    };
    paid.or_else(taxed)
}

/// From this weight on a label says that tax is not in an amount.
pub const CLEAR_NET: u8 = 9;

impl Totals {
    fn set_split(&mut self, split: Option<Split>) {
        let Some(split) = split else { return };
        let gross = self.gross.as_ref().map_or(0, |gross| gross.confidence);
        let (sure, rule) = match split.strength {
            Strength::Rated => (gross.min(99), "net and tax at a printed rate give gross"),
            Strength::Labelled => (gross.min(97), "net and tax add up to gross"),
            Strength::Included => (gross.min(85), INCLUDED),
        };
        let total = |value, found: Option<Found>| {
            let confidence = if found.is_some() { sure } else { sure.min(95) };
            Some(Total { value, found, confidence, rule })
        };
        self.net = total(split.net, split.net_found);
        self.tax = total(split.tax, split.tax_found);
    }
}
