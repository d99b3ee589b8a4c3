//! The sums decide: which amounts are the totals.
//!
//! net + tax = gross, cash − change = gross, total ± rounding = what is paid, Σ lines = net or
//! gross. Every sum that holds speaks for the amounts in it.
#![expect(clippy::arithmetic_side_effects, reason = "points of evidence are small numbers")]

use super::{candidates::Found, items::Sums, lexicon::Role, score::Cast};
use rust_decimal::Decimal;

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

/// Returns the totals that most sums and labels speak for.
#[must_use]
pub fn solve(casts: &[Cast<'_>], amounts: &[Found], items: Sums) -> Totals {
    let mut totals = Totals::default();
    let pool = contenders(casts, amounts);
    let scored = pool.iter().map(|cast| {
        let proofs = proofs(casts, cast, items);
        let inherited = inherited(casts, &pool, cast, items);
        (cast.score.saturating_add(proofs).max(inherited), proofs.max(inherited - cast.score), cast)
    });
    let best = scored.max_by_key(|(score, _, cast)| (*score, cast.found.line));
    match best {
        Some((score, proofs, cast)) => {
            totals.labelled = true;
            totals.gross = Some(gross_of(score, proofs, cast));
        }
        None => totals.gross = unlabelled(casts, amounts),
    }
    if let Some(gross) = totals.gross.as_ref().map(|gross| gross.value) {
        split_tax(casts, gross, &mut totals);
        totals.paid = casts.iter().any(|cast| {
            matches!(cast.role, Role::Cash | Role::Card)
                && cast.found.is_money
                && cast.found.value >= gross
        });
        totals.rounding = single(casts, Role::Rounding, gross, "rounding label");
        totals.prepaid = single(casts, Role::Prepaid, gross, "prepaid label");
        totals.discount = single(casts, Role::Discount, gross, "discount label");
    }
    totals
}

/// Returns the amounts that may be the gross total: those with its label, those that were paid
/// less change, and those below a rounding that they differ by.
fn contenders<'a>(casts: &[Cast<'a>], amounts: &'a [Found]) -> Vec<Cast<'a>> {
    let is_gross = |cast: &&Cast<'a>| matches!(cast.role, Role::Gross | Role::Due);
    let mut pool: Vec<Cast<'a>> = casts.iter().filter(is_gross).cloned().collect();
    let labelled = pool.clone();
    let differences = paid_less_change(casts);
    for found in amounts.iter().filter(|found| found.is_money) {
        let known = labelled.iter().any(|cast| cast.found == found);
        let handed = casts.iter().any(|cast| {
            cast.found == found && matches!(cast.role, Role::Cash | Role::Change | Role::TaxRow)
        });
        if known || handed {
            continue;
        }
        let paid = differences.contains(&found.value);
        let rounded = labelled.iter().find(|cast| is_rounded_from(casts, found, cast));
        if paid || rounded.is_some() {
            let score = rounded.map_or(55, |cast| cast.score.max(55));
            pool.push(Cast { found, role: Role::Gross, score });
        }
    }
    pool
}

/// Returns the points of an amount that another one was rounded to: those of the other and more,
/// since the rounded one is what is paid; 0 where nothing was rounded.
fn inherited(casts: &[Cast<'_>], pool: &[Cast<'_>], rounded: &Cast<'_>, items: Sums) -> i32 {
    let exact = pool.iter().filter(|exact| is_rounded_from(casts, rounded.found, exact));
    let points = exact.map(|exact| exact.score + proofs(casts, exact, items) + 25);
    points.max().unwrap_or_default()
}

/// Returns what was handed over less what was given back, for every such pair.
fn paid_less_change(casts: &[Cast<'_>]) -> Vec<Decimal> {
    let changes: Vec<Decimal> = with(casts, Role::Change).collect();
    let pairs = with(casts, Role::Cash).flat_map(|cash| changes.iter().map(move |c| (cash, *c)));
    pairs
        .filter(|(cash, change)| change < cash)
        .filter_map(|(cash, change)| cash.checked_sub(change))
        .collect()
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

fn gross_of(score: i32, proofs: i32, cast: &Cast<'_>) -> Total {
    let rule = if proofs >= 25 { "total label, proven by a sum" } else { "total label" };
    let sure = if proofs >= 25 { 92 } else { (score.saturating_sub(10)).clamp(20, 80) };
    let reader = i32::from(cast.found.confidence).clamp(50, 100);
    let confidence = sure.saturating_mul(reader).checked_div(100).unwrap_or_default();
    Total {
        value: cast.found.value.abs(),
        found: Some(cast.found.clone()),
        confidence: u8::try_from(confidence).unwrap_or(50),
        rule,
    }
}

/// Returns how much the sums speak for a gross total.
fn proofs(casts: &[Cast<'_>], gross: &Cast<'_>, items: Sums) -> i32 {
    let value = gross.found.value.abs();
    let when = |holds: bool, points: i32| if holds { points } else { 0 };
    let taxed = with(casts, Role::Net).any(|net| {
        with(casts, Role::Tax).any(|tax| !tax.is_zero() && near(net.saturating_add(tax), value))
    });
    let added = with_sign(casts, Role::Rounding).any(|rounding| {
        !rounding.is_zero()
            && rounding.abs() < Decimal::ONE
            && casts.iter().any(|cast| {
                cast.found != gross.found && cast.found.value.saturating_add(rounding) == value
            })
    });
    let exact = casts.iter().filter(|cast| matches!(cast.role, Role::Gross | Role::Due));
    let again = exact.filter(|cast| cast.found != gross.found && cast.found.value.abs() == value);
    let again = i32::try_from(again.count().min(3)).unwrap_or(0);
    let discounted = casts.iter().any(|cast| cast.role == Role::Discount);
    let too_small = !discounted && items.largest.is_some_and(|largest| largest > value);
    when(paid_less_change(casts).contains(&value), 40)
        + when(with(casts, Role::Card).any(|card| card == value), 15)
        + when(taxed, 30)
        + when(added, 25)
        + when(items.sum.is_some_and(|sum| near(sum, value)), 20)
        - when(too_small, 40)
        + again.saturating_mul(4)
}

fn with(casts: &[Cast<'_>], role: Role) -> impl Iterator<Item = Decimal> {
    with_sign(casts, role).map(|value| value.abs())
}

fn with_sign(casts: &[Cast<'_>], role: Role) -> impl Iterator<Item = Decimal> {
    casts.iter().filter(move |cast| cast.role == role).map(|cast| cast.found.value)
}

/// Returns whether two sums agree to within two cents.
#[must_use]
pub fn near(one: Decimal, other: Decimal) -> bool {
    one.saturating_sub(other).abs() <= Decimal::new(2, 2)
}

/// Without a label: what cash and change, or net and tax leave; else the largest money amount.
fn unlabelled(casts: &[Cast<'_>], amounts: &[Found]) -> Option<Total> {
    let derived = |value, rule| Total { value, found: None, confidence: 60, rule };
    let paid = with(casts, Role::Cash).find_map(|cash| {
        let change = with(casts, Role::Change).find(|change| *change < cash)?;
        Some(derived(cash.checked_sub(change)?, "cash less change"))
    });
    let taxed = || {
        let net = with(casts, Role::Net).max()?;
        let tax = with(casts, Role::Tax).filter(|tax| *tax < net).max()?;
        Some(derived(net.saturating_add(tax), "net plus tax"))
    };
    let largest = || {
        let money = amounts.iter().filter(|found| found.is_money && found.value > Decimal::ZERO);
        money.max_by_key(|found| (found.value, found.line)).map(|found| Total {
            value: found.value,
            found: Some(found.clone()),
            confidence: 25,
            rule: "largest amount",
        })
    };
    paid.or_else(taxed).or_else(largest)
}

/// Finds net and tax that add up to the gross total; fills the missing one from the other.
fn split_tax(casts: &[Cast<'_>], gross: Decimal, totals: &mut Totals) {
    let of = |roles: &[Role]| -> Vec<Cast<'_>> {
        casts.iter().filter(|cast| roles.contains(&cast.role)).cloned().collect()
    };
    let nets = of(&[Role::Net, Role::Tax, Role::TaxRow, Role::Gross]);
    let taxes = of(&[Role::Tax, Role::TaxRow]);
    let mut best: Option<(i32, Cast<'_>, Vec<Cast<'_>>)> = None;
    for net in &nets {
        for group in groups(&taxes) {
            let tax: Decimal = group.iter().map(|cast| cast.found.value.abs()).sum();
            let distinct = group.iter().all(|cast| cast.found != net.found);
            if !distinct
                || !near(net.found.value.abs().saturating_add(tax), gross)
                || tax >= net.found.value.abs()
            {
                continue;
            }
            let weak = |cast: &Cast<'_>, role: Role| if cast.role == role { 0 } else { 30 };
            let score = net.score - weak(net, Role::Net)
                + group.iter().map(|cast| cast.score - weak(cast, Role::Tax)).min().unwrap_or(0)
                - i32::try_from(group.len()).unwrap_or(0).saturating_mul(15);
            if best.as_ref().is_none_or(|(most, ..)| score > *most) {
                best = Some((score, net.clone(), group));
            }
        }
    }
    if let Some((_, net, group)) = best {
        let tax = group.iter().map(|cast| cast.found.value.abs()).sum();
        totals.net = Some(proven(net.found.value.abs(), Some(net.found)));
        totals.tax =
            Some(proven(tax, group.first().filter(|_| group.len() == 1).map(|cast| cast.found)));
        return;
    }
    let tax = taxes
        .iter()
        .filter(|cast| cast.role == Role::Tax && cast.found.is_money)
        .filter(|cast| cast.found.value.abs().saturating_mul(Decimal::from(3)) < gross)
        .max_by_key(|cast| cast.score);
    if let Some(tax) = tax {
        let value = tax.found.value.abs();
        totals.tax = Some(Total {
            value,
            found: Some(tax.found.clone()),
            confidence: 55,
            rule: "tax label",
        });
        if totals.labelled {
            let net = gross.saturating_sub(value);
            totals.net =
                Some(Total { value: net, found: None, confidence: 45, rule: "gross less tax" });
        }
    }
}

fn proven(value: Decimal, found: Option<&Found>) -> Total {
    Total { value, found: found.cloned(), confidence: 90, rule: "net and tax add up to gross" }
}

/// Returns one, two or three different tax amounts at a time; at most a few hundred groups.
fn groups<'a>(taxes: &[Cast<'a>]) -> Vec<Vec<Cast<'a>>> {
    let few: Vec<&Cast<'a>> = taxes.iter().take(12).collect();
    let mut groups: Vec<Vec<Cast<'a>>> = few.iter().map(|cast| vec![(*cast).clone()]).collect();
    for (at, one) in few.iter().enumerate() {
        for other in few.iter().skip(at.saturating_add(1)) {
            if one.found.line != other.found.line
                && one.role == Role::Tax
                && other.role == Role::Tax
            {
                groups.push(vec![(*one).clone(), (*other).clone()]);
            }
        }
    }
    groups
}

fn single(casts: &[Cast<'_>], role: Role, gross: Decimal, rule: &'static str) -> Option<Total> {
    let best = casts
        .iter()
        .filter(|cast| cast.role == role && cast.found.is_money && cast.found.value.abs() < gross)
        .max_by_key(|cast| cast.score)?;
    let value = if role == Role::Rounding { best.found.value } else { best.found.value.abs() };
    Some(Total { value, found: Some(best.found.clone()), confidence: 55, rule })
}
