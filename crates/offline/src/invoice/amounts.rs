//! Amounts on a line: words that are one, parted amounts put together, and whole numbers that are
//! money because a total is beside them.

use super::{
    candidates::{Candidates, Found, FoundDate, labels_for},
    lexicon::Role,
    lines::{Layout, Line, Token, height, union},
};
use crate::number::{self, Amount};
use domain::document::Region;
use rust_decimal::Decimal;

/// Returns the amounts of a line, from left to right; what belongs to a date is none.
#[must_use]
pub fn amounts_of(line: &Line, at: usize, dates: &[FoundDate]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let in_date = |from: usize| {
        dates.iter().any(|date| {
            let token = line.tokens.get(date.from);
            let length = if token.is_some_and(|token| token.text.len() >= 6) { 1 } else { 3 };
            (date.from..date.from.saturating_add(length)).contains(&from)
        })
    };
    let mut skip = 0_usize;
    for from in 0..line.tokens.len() {
        if from < skip || in_date(from) {
            continue;
        }
        if let Some((amount, count)) = amount_at(line, at, from) {
            skip = from.saturating_add(count);
            found.push(amount);
        }
    }
    found
}

/// Reads the amount that begins with a word: two words where the text reader parted them.
fn amount_at(line: &Line, at: usize, from: usize) -> Option<(Found, usize)> {
    let token = line.tokens.get(from)?;
    let (readings, region, count) = grouped(line, from)
        .or_else(|| parted(line, from))
        .or_else(|| Some((number::readings(&token.text), token.region, 1)))?;
    let first = *readings.first()?;
    let beside = |at: Option<usize>| {
        let other = at.and_then(|at| line.tokens.get(at))?;
        let near = number::is_currency_sign(&other.text) || other.cell == token.cell;
        number::beside(&other.text).filter(|_| near)
    };
    // `Fee 2025 € 60,00`: the sign belongs to the cents behind it.
    let behind = from.checked_add(count).filter(|behind| {
        let after =
            line.tokens.get(behind.saturating_add(1)).map(|next| number::readings(&next.text));
        let cents = after.is_some_and(|next| next.first().is_some_and(|next| next.decimals == 2));
        first.decimals == 2 || !cents
    });
    let behind =
        behind.filter(|at| line.tokens.get(*at).is_some_and(|t| !number::is_letter(&t.text)));
    let mark = beside(from.checked_sub(1)).or_else(|| beside(behind));
    let percent_follows =
        line.tokens.get(from.saturating_add(count)).is_some_and(|t| t.text.starts_with('%'));
    let currency = first.currency.or_else(|| mark.flatten());
    let is_money = !percent_follows && (first.decimals == 2 || first.marked || mark.is_some());
    (!percent_follows).then(|| {
        let found = Found {
            line: at,
            from,
            value: first.value,
            readings,
            region,
            confidence: token.confidence,
            currency,
            is_money,
        };
        (found, count)
    })
}

/// Reads two words that are one amount: `12 ,50`, `- 5.00`.
fn parted(line: &Line, from: usize) -> Option<(Vec<Amount>, Region, usize)> {
    let token = line.tokens.get(from)?;
    let next = line.tokens.get(from.checked_add(1)?)?;
    if !belongs_together(token, next) {
        return None;
    }
    let text = if token.text == "(-)" {
        format!("-{}", next.text)
    } else if token.text.ends_with(['.', ',', '-']) || next.text.starts_with([',', '.']) {
        format!("{}{}", token.text, next.text)
    } else {
        format!("{} {}", token.text, next.text)
    };
    let readings = number::readings(&text);
    (!readings.is_empty()).then(|| (readings, union(token.region, next.region), 2))
}

/// Reads an amount whose thousands spaces part: `2 100 000`, `€ 1 234 567,89`.
fn grouped(line: &Line, from: usize) -> Option<(Vec<Amount>, Region, usize)> {
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let head = line.tokens.get(from)?;
    let bare = head.text.trim_start_matches(['€', '$', '£', '-', '−']);
    if !digits(bare) || bare.len() > 3 || bare.starts_with('0') {
        return None;
    }
    let mut joined = head.text.clone();
    let (mut region, mut count) = (head.region, 1_usize);
    for next in line.tokens.iter().skip(from.saturating_add(1)) {
        let gap = next.region.left.saturating_sub(region.right).saturating_mul(10);
        let (whole, cents) = next.text.split_at_checked(3).unwrap_or(("", ""));
        let marked = cents.strip_prefix([',', '.']).is_some_and(digits);
        if gap >= height(head.region).saturating_mul(4) || !digits(whole) {
            break;
        }
        if !cents.is_empty() && !marked {
            break;
        }
        joined = format!("{joined} {}", next.text);
        (region, count) = (union(region, next.region), count.saturating_add(1));
        if marked {
            break;
        }
    }
    // What goes on in other digits is the number of a phone or an account.
    let after = line.tokens.get(from.saturating_add(count));
    let goes_on = after.is_some_and(|next| {
        let gap = next.region.left.saturating_sub(region.right).saturating_mul(10);
        gap < height(head.region).saturating_mul(4) && digits(&next.text)
    });
    let readings = number::readings(&joined);
    (count > 1 && !goes_on && !readings.is_empty()).then_some((readings, region, count))
}

/// Returns whether two neighbouring words are parts of one amount: `12 ,50`, `- 5.00`.
fn belongs_together(one: &Token, next: &Token) -> bool {
    let gap = next.region.left.saturating_sub(one.region.right).saturating_mul(10);
    let near = gap < height(one.region).saturating_mul(5);
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let split_cents =
        (one.text.ends_with(['.', ',']) && digits(&next.text) && next.text.len() == 2)
            || (digits(&one.text) && next.text.starts_with([',', '.']) && next.text.len() == 3);
    let minus = matches!(one.text.as_str(), "-" | "−" | "–" | "(-)");
    near && (split_cents || minus)
}

/// Chooses the reading of every doubtful amount by the decimal mark that the others use.
pub fn settle_marks(amounts: &mut [Found]) {
    let count = |mark: char| {
        let sure = |found: &&Found| {
            found.readings.len() == 1
                && found
                    .readings
                    .iter()
                    .any(|reading| reading.mark == Some(mark) && reading.decimals == 2)
        };
        amounts.iter().filter(sure).count()
    };
    let (points, commas) = (count('.'), count(','));
    let mark = match points.cmp(&commas) {
        std::cmp::Ordering::Greater => '.',
        std::cmp::Ordering::Less => ',',
        std::cmp::Ordering::Equal => return,
    };
    for found in amounts.iter_mut().filter(|found| found.readings.len() > 1) {
        if let Some(reading) = found.readings.iter().find(|reading| reading.mark.is_some()) {
            let other = found.readings.iter().find(|reading| reading.mark.is_none());
            let chosen = if reading.mark == Some(mark) { Some(reading) } else { other };
            found.value = chosen.map_or(found.value, |reading| reading.value);
        }
    }
}

/// From so many amounts with cents on, a document writes cents, and whole numbers are none.
const WITH_CENTS: usize = 3;
/// A total below this, without cents or a sign, may as well be a count.
const LEAST_WHOLE: i64 = 10;

/// Takes whole numbers, and those of one decimal, beside the label of a total for money, where a
/// document writes no cents: in currencies that have none, and where programs drop zeros.
pub fn settle_whole(layout: &Layout, candidates: &mut Candidates) {
    let with_cents = |found: &&Found| found.is_money && found.value.scale() == 2;
    let cents = candidates.amounts.iter().filter(with_cents).count();
    if cents >= if layout.from_pixels { 1 } else { WITH_CENTS } {
        return;
    }
    let whole: Vec<usize> = (0..candidates.amounts.len())
        .filter(|at| {
            candidates.amounts.get(*at).is_some_and(|f| is_whole_total(layout, candidates, f))
        })
        .collect();
    for at in whole {
        if let Some(found) = candidates.amounts.get_mut(at) {
            found.is_money = true;
        }
    }
    if !layout.from_pixels && !candidates.amounts.iter().any(|found| found.is_money) {
        settle_products(candidates);
    }
}

/// Takes the last number of a line for money where it is the product of two before it: in an item
/// line of a document that writes no amount as one.
fn settle_products(candidates: &mut Candidates) {
    let least = Decimal::from(LEAST_WHOLE);
    let is_product = |last: &Found| {
        let before: Vec<Decimal> = candidates
            .amounts_at(last.line)
            .filter(|found| found.from < last.from)
            .map(|found| found.value)
            .collect();
        let ends = !candidates.amounts_at(last.line).any(|found| found.from > last.from);
        let pairs = before.iter().enumerate().flat_map(|(at, one)| {
            before.iter().skip(at.saturating_add(1)).map(move |other| one.checked_mul(*other))
        });
        ends && last.value >= least && pairs.flatten().any(|product| product == last.value)
    };
    let products: Vec<bool> = candidates.amounts.iter().map(is_product).collect();
    for (found, product) in candidates.amounts.iter_mut().zip(products) {
        found.is_money |= product;
    }
}

/// Returns whether a whole number has the label of a total, a tax or a payment before or above it.
fn is_whole_total(layout: &Layout, candidates: &Candidates, found: &Found) -> bool {
    let place = (found.from, found.region);
    let (labels, above) = labels_for(layout, candidates, found.line, place, |_| true);
    let nearest = labels.iter().max_by_key(|label| (label.to, label.weight));
    let total = |role: Role| {
        matches!(
            role,
            Role::Gross | Role::Due | Role::Net | Role::Tax | Role::Discount | Role::Prepaid
        )
    };
    let named = nearest.is_some_and(|nearest| {
        let mut same = labels.iter().filter(|label| label.to == nearest.to);
        same.any(|label| total(label.role) && label.weight >= if above { 8 } else { 6 })
    });
    named
        && !found.is_money
        && found.value >= Decimal::from(LEAST_WHOLE)
        && found.value.scale() <= 1
}
