//! Item lines: the rows between the column heads and the first total.

use super::{
    candidates::{Candidates, Found},
    descriptions::{columns, is_running_head, named, undated},
    lexicon::Role,
    lines::{Layout, Line, height},
    table::{first_total, head},
};
use crate::number;
use domain::{document::Region, reading::ReadLine};
use rust_decimal::Decimal;

/// Returns the printed item lines, in order; empty where none are recognised.
#[must_use]
pub fn items(layout: &Layout, candidates: &Candidates) -> Vec<ReadLine> {
    let head = head(layout, candidates);
    let start = head.map_or(0, |head| head.saturating_add(1));
    let end = first_total(layout, candidates, start).unwrap_or(layout.lines.len());
    let mut found = Rows { headed: head.is_some(), ..Rows::default() };
    for (at, line) in layout.lines.iter().enumerate().take(end).skip(start) {
        if !is_running_head(layout, candidates, at, line) {
            found.take(candidates, at, line);
        }
    }
    found.finish()
}

/// The items so far, and what may belong to the next one.
#[derive(Default)]
struct Rows {
    items: Vec<ReadLine>,
    /// The line before, where it has words and no amounts.
    name: Option<String>,
    /// A quantity and a price of one on the line before, `2 pcs x 4,85`, with the item that the
    /// line is where no neighbour costs their product.
    counted: Option<(Decimal, Decimal, ReadLine)>,
    /// Discounts below the last item: lines of their own where another item follows, else those
    /// of the whole document.
    reduced: Vec<ReadLine>,
    /// Whether a row of column heads came first.
    headed: bool,
    /// The lines below the last item that go on with its description.
    more: Vec<String>,
    /// Where the description of the last item stands, down to its last line.
    space: Option<Region>,
}

/// An item has at most so many more lines of description.
const MORE_LINES: usize = 4;

impl Rows {
    fn take(&mut self, candidates: &Candidates, at: usize, line: &Line) {
        let amounts: Vec<&Found> = candidates.amounts_at(at).collect();
        if let Some(reduction) = reduction(candidates, at, line, &amounts) {
            self.flush();
            self.describe();
            self.reduced.extend((!self.items.is_empty()).then_some(reduction));
            (self.name, self.space) = (None, None);
            return;
        }
        if is_remark(candidates, at) {
            self.flush();
            self.describe();
            (self.name, self.space) = (None, None);
            return;
        }
        if self.counts(line, &amounts) {
            return;
        }
        // What is left to pay for the item stands below its discount.
        if lone_amount(line, &amounts).is_some() {
            self.reduced.clear();
        }
        let open = self.items.last_mut().filter(|item| item.description.ends_with('@'));
        if let (Some(amount), Some(open)) = (lone_amount(line, &amounts), open) {
            open.amount = Some(amount);
            return;
        }
        let item = row(line, &amounts, self.headed)
            .map(|item| undated(item, candidates, at, line))
            .or_else(|| nameless(line, &amounts, self.name.as_ref()));
        match item {
            Some(item) => {
                // Its own name is no more of the one before.
                if self.name.as_ref().is_some_and(|name| *name == item.description) {
                    self.more.pop();
                }
                self.describe();
                self.push(item);
                self.space = described(line, &amounts);
            }
            None => {
                let text = line.text();
                let lettered = text.chars().filter(|c| c.is_alphabetic()).count() >= 3;
                let strong = candidates.labels_at(at).iter().any(|label| label.weight >= 6);
                let plain = lettered && !strong && amounts.iter().all(|found| !found.is_money);
                if plain && self.continues(line) {
                    self.more.push(text.clone());
                } else {
                    self.space = None;
                }
                self.name = (lettered && !strong).then_some(text);
            }
        }
    }

    /// Returns whether a line stands right below the description of the last item, in its column,
    /// and takes it as its lowest line.
    fn continues(&mut self, line: &Line) -> bool {
        let Some(space) = self.space.filter(|_| self.headed) else { return false };
        let high = height(line.region);
        let gap = line.region.top.saturating_sub(space.bottom);
        let inside = line.region.left >= space.left.saturating_sub(high)
            && line.region.right <= space.right
            && gap < high
            && self.more.len() < MORE_LINES;
        self.space = Some(Region { bottom: line.region.bottom, ..space }).filter(|_| inside);
        inside
    }

    /// Adds the lines below the last item to its description.
    fn describe(&mut self) {
        let more = std::mem::take(&mut self.more);
        if let Some(item) = self.items.last_mut() {
            let lines = std::iter::once(std::mem::take(&mut item.description)).chain(more);
            item.description = lines.collect::<Vec<_>>().join(" ");
        }
    }

    /// Takes a line of a quantity and a price; returns whether it was one.
    fn counts(&mut self, line: &Line, amounts: &[&Found]) -> bool {
        let Some((quantity, price)) = factors_only(line, amounts).filter(|_| !self.headed) else {
            return false;
        };
        self.flush();
        let product = quantity.checked_mul(price);
        let near = |amount: Option<Decimal>| {
            product.zip(amount).is_some_and(|(one, other)| super::solve::near(one, other))
        };
        let fits = |item: &&mut ReadLine| near(item.amount) && item.quantity.is_none();
        if let Some(item) = self.items.last_mut().filter(fits) {
            (item.quantity, item.unit_price) = (Some(quantity), Some(price));
            return true;
        }
        // What a kilogram costs is no item.
        if is_by_weight(line) {
            return true;
        }
        self.counted = row(line, amounts, false).map(|item| (quantity, price, item));
        self.counted.is_some()
    }

    fn push(&mut self, mut item: ReadLine) {
        self.items.append(&mut self.reduced);
        match self.counted.take() {
            Some((quantity, price, _)) if quantity.checked_mul(price) == item.amount => {
                (item.quantity, item.unit_price) = (Some(quantity), Some(price));
            }
            Some((_, _, other)) => self.items.push(other),
            None => {}
        }
        self.items.push(item);
        self.name = None;
    }

    /// Lets a quantity and a price that belong to no neighbour be an item of their own.
    fn flush(&mut self) {
        self.items.extend(self.counted.take().map(|(_, _, item)| item));
    }

    fn finish(mut self) -> Vec<ReadLine> {
        self.flush();
        self.describe();
        for item in &mut self.items {
            item.description.truncate(item.description.trim_end_matches([' ', '@']).len());
        }
        self.items
    }
}

/// Returns the place of a row's description: from its first word to its first amount.
fn described(line: &Line, amounts: &[&Found]) -> Option<Region> {
    let first = amounts.iter().find(|found| found.from > 0)?;
    Some(Region { right: first.region.left, ..line.region })
}

/// Returns the quantity and the price of a line that holds little else, such as `2 pcs x 4,85`.
fn factors_only(line: &Line, amounts: &[&Found]) -> Option<(Decimal, Decimal)> {
    let [quantity, price] = amounts else { return None };
    let between = line.tokens.iter().take(price.from).skip(1);
    let times = |text: &str| matches!(text, "x" | "X" | "×" | "*" | "à" | "@");
    let words = between.filter(|token| !times(&token.text)).count();
    let last = line.tokens.len().saturating_sub(1) == price.from;
    let weighed = is_by_weight(line) && quantity.value > Decimal::ZERO;
    if weighed && quantity.from == 0 && words <= 1 {
        return Some((quantity.value, price.value));
    }
    let counted = !quantity.is_money && quantity.value > Decimal::ONE && price.is_money;
    (quantity.from == 0 && words <= 1 && last && counted).then_some((quantity.value, price.value))
}

/// Returns whether a line ends with a price by weight or measure: `0,512 kg x 12,68 EUR/kg`.
fn is_by_weight(line: &Line) -> bool {
    line.tokens.last().is_some_and(|last| {
        let text = last.text.to_lowercase();
        ["/kg", "/l", "/g", "/100g", "/lb", "/m", "/stk"].iter().any(|unit| text.ends_with(unit))
    })
}

/// Returns the negative line of a discount among the items: `Member discount -1.00`.
fn reduction(
    candidates: &Candidates,
    at: usize,
    line: &Line,
    amounts: &[&Found],
) -> Option<ReadLine> {
    let labels = candidates.labels_at(at);
    let reduced = labels.iter().any(|label| {
        matches!(label.role, Role::Discount) || (label.role == Role::Ignore && label.weight < 9)
    });
    let taxed = labels.iter().any(|label| matches!(label.role, Role::Tax | Role::TaxRow));
    let last = amounts.last().filter(|found| found.is_money && found.value < Decimal::ZERO)?;
    let description = line.text_between(0, last.from);
    let named = description.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    (reduced && !taxed && named).then_some(ReadLine {
        description,
        amount: Some(last.value),
        ..ReadLine::default()
    })
}

/// Returns the item of a row of numbers whose name stands on the line before.
fn nameless(line: &Line, amounts: &[&Found], name: Option<&String>) -> Option<ReadLine> {
    let amount = amounts.iter().rev().find(|found| found.is_money)?;
    let coded = line.tokens.len() >= 2;
    let before: Vec<&&Found> = amounts.iter().filter(|found| found.from < amount.from).collect();
    let (quantity, unit_price) = factors(&before, amount.value);
    let description = name.filter(|_| coded)?.clone();
    Some(ReadLine { description, quantity, unit_price, amount: Some(amount.value), tax_rate: None })
}

/// Returns whether a row is about the sum so far: it begins with a label of tax, discount or the
/// like.
fn is_remark(candidates: &Candidates, at: usize) -> bool {
    let priced = candidates.amounts_at(at).any(|found| found.is_money);
    candidates.labels_at(at).iter().any(|label| {
        let about = matches!(
            label.role,
            Role::Tax | Role::TaxRow | Role::Discount | Role::Rounding | Role::Change
        );
        // `Unit price 9.95` below an item repeats what the item says.
        let repeats = label.role == Role::Price && label.from == 0 && label.weight >= 8;
        // Earlier bills and what was paid on them.
        let earlier = matches!(label.role, Role::Ignore | Role::Prepaid)
            && label.from == 0
            && label.weight >= 8;
        // The line below a letterhead on further pages.
        let numbered = label.role == Role::TaxId && label.weight >= 8 && !priced;
        (about && label.from <= 1 && label.weight >= 6) || repeats || earlier || numbered
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

pub fn is_number(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit()) && !text.contains(char::is_alphabetic)
        || number::is_currency_sign(text)
        || !number::readings(text).is_empty()
}

/// Returns the item of a row: a description and, at its end, an amount; without column heads only
/// one with cents.
fn row(line: &Line, amounts: &[&Found], headed: bool) -> Option<ReadLine> {
    let last = amounts.iter().rev().find(|found| found.is_money).or_else(|| {
        amounts.last().filter(|found| headed && amounts.len() >= 3 && ends(line, found))
    })?;
    let before: Vec<&&Found> = amounts.iter().filter(|found| found.from < last.from).collect();
    let (quantity, unit_price) = factors(&before, last.value);
    let description = line.text_between(0, columns(line, &before, quantity).unwrap_or(last.from));
    let is_unit = |word: &str| number::is_currency_sign(word);
    let words = description.split(' ').filter(|word| !is_unit(word));
    if words.flat_map(str::chars).filter(|c| c.is_alphabetic()).count() < 2 {
        return None;
    }
    if before.is_empty() && is_told(line, last, &description) {
        return None;
    }
    let description = named(line, description);
    let percent = line.percentages().last().copied();
    let tax_rate = percent.and_then(|rate| rate.checked_div(Decimal::ONE_HUNDRED));
    let tax_rate = tax_rate.map(|rate| rate.normalize());
    Some(ReadLine { description, quantity, unit_price, amount: Some(last.value), tax_rate })
}

/// Returns whether an amount is told, and nothing is sold for it: the value of a field, `Sum in dispute:
/// 9,600.00`, or a word of a sentence, `a change costs 50.00 per person`, or nothing, without cents.
fn is_told(line: &Line, amount: &Found, description: &str) -> bool {
    let behind = line.tokens.iter().skip(amount.from.saturating_add(1));
    let own = line.tokens.get(amount.from).map(|token| token.cell);
    let worded = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    let words = behind.filter(|token| Some(token.cell) == own && worded(&token.text)).count();
    let nothing = amount.value.is_zero() && !amount.is_money;
    description.ends_with(':') || words >= 2 || nothing
}

/// Returns whether an amount stands at the end of a line, but for a tax class.
fn ends(line: &Line, found: &Found) -> bool {
    found.from.saturating_add(2) >= line.tokens.len()
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

/// Makes item lines what the totals say of them: without rows that are sums, and of a credit note,
/// whose totals are positive, turned like them.
pub fn settle(items: &mut Vec<ReadLine>, gross: Option<Decimal>, net: Option<Decimal>) {
    let Some(gross) = gross else { return };
    drop_summaries(items, gross, net);
    let sum = sums(items).sum.filter(|sum| sum.is_sign_negative());
    let turned = sum.map(|sum| sum.abs());
    if turned.is_some() && (turned == Some(gross) || turned == net) {
        for item in items {
            item.amount = item.amount.map(|amount| Decimal::ZERO.saturating_sub(amount));
            item.quantity = item.quantity.map(|count| count.abs());
            item.unit_price = item.unit_price.map(|price| price.abs());
        }
    }
}

/// Drops the rows below those that already add up to the total: they sum up by group or tax. More
/// rows than stand above are details, not a summary. A last row that is the net total again, as all
/// above it, is no item either.
fn drop_summaries(items: &mut Vec<ReadLine>, gross: Decimal, net: Option<Decimal>) {
    let mut sum = Decimal::ZERO;
    let mut reached = None;
    for (count, item) in (1_usize..).zip(items.iter()) {
        sum = sum.saturating_add(item.amount.unwrap_or_default());
        reached = if sum == gross { Some(count) } else { reached };
    }
    let few = |count: &usize| items.len() <= count.saturating_mul(2);
    if let Some(count) = reached.filter(few) {
        items.truncate(count);
    }
    if let Some((last, above)) = items.split_last()
        && let Some(sum) = above.iter().map(|item| item.amount).sum::<Option<Decimal>>()
        && last.amount == Some(sum)
        && last.quantity.is_none()
        && net.is_some_and(|net| !above.is_empty() && net.abs() == sum.abs())
    {
        items.pop();
    }
}

/// What the amounts of the item lines come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// All together; nothing without items.
    pub sum: Option<Decimal>,
    /// The largest one.
    pub largest: Option<Decimal>,
    /// How many there are.
    pub count: usize,
    /// Whether each is its quantity at its price.
    pub priced: bool,
}

/// Returns the sums of the items.
#[must_use]
pub fn sums(items: &[ReadLine]) -> Sums {
    let amounts: Vec<Decimal> = items.iter().filter_map(|item| item.amount).collect();
    let largest = amounts.iter().max().copied();
    let count = amounts.len();
    let is_priced = |item: &ReadLine| {
        let product = item.quantity.zip(item.unit_price).and_then(|(q, p)| q.checked_mul(p));
        product.is_some() && product == item.amount
    };
    let priced = items.iter().all(is_priced);
    Sums { sum: largest.map(|_| amounts.into_iter().sum()), largest, count, priced }
}
