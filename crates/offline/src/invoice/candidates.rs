//! Typed candidates: the labels, amounts and dates of every line.

use super::{
    lexicon::{Lexicon, Role, lexicon},
    lines::{Layout, Line, Token, share_column, union},
};
use crate::{
    date,
    number::{self, Amount},
};
use domain::{document::Region, money::Currency};
use rust_decimal::Decimal;

/// A label on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// What it says.
    pub role: Role,
    /// How surely.
    pub weight: u8,
    /// Its first word.
    pub from: usize,
    /// The word after it.
    pub to: usize,
    /// Where.
    pub region: Region,
}

/// An amount on a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its line.
    pub line: usize,
    /// Its first word.
    pub from: usize,
    /// The value, once the document's decimal mark is known.
    pub value: Decimal,
    /// The readings it may have.
    pub readings: Vec<Amount>,
    /// Where.
    pub region: Region,
    /// How sure its letters are.
    pub confidence: u8,
    /// The currency beside it.
    pub currency: Option<Currency>,
    /// Whether it looks like money: cents, or a currency sign.
    pub is_money: bool,
}

/// A date on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundDate {
    /// Its line.
    pub line: usize,
    /// Its first word.
    pub from: usize,
    /// Its readings.
    pub reading: date::Reading,
    /// Where it begins.
    pub region: Region,
    /// How sure its letters are.
    pub confidence: u8,
}

/// Everything typed in a document.
#[derive(Debug)]
pub struct Candidates {
    /// The labels of each line.
    pub labels: Vec<Vec<Label>>,
    /// All amounts, in reading order.
    pub amounts: Vec<Found>,
    /// All dates, in reading order.
    pub dates: Vec<FoundDate>,
}

impl Candidates {
    /// Finds them.
    #[must_use]
    pub fn of(layout: &Layout, this_year: i16) -> Self {
        let labels = layout.lines.iter().map(labels_of).collect();
        let mut dates = Vec::new();
        let mut amounts = Vec::new();
        for (at, line) in layout.lines.iter().enumerate() {
            let on_line = dates_of(line, at, this_year);
            amounts.extend(amounts_of(line, at, &on_line));
            dates.extend(on_line);
        }
        settle_marks(&mut amounts);
        Self { labels, amounts, dates }
    }

    /// Returns the labels of a line; empty beyond the last line.
    #[must_use]
    pub fn labels_at(&self, line: usize) -> &[Label] {
        self.labels.get(line).map_or(&[], Vec::as_slice)
    }

    /// Returns whether a line has a label of a role with at least a weight.
    #[must_use]
    pub fn has(&self, line: usize, role: Role, weight: u8) -> bool {
        self.labels_at(line).iter().any(|label| label.role == role && label.weight >= weight)
    }

    /// Returns the amounts of a line, from left to right.
    pub fn amounts_at(&self, line: usize) -> impl Iterator<Item = &Found> {
        self.amounts.iter().filter(move |found| found.line == line)
    }
}

/// Returns the labels of some roles that stand left of a place on a line, or above it in its
/// column when there is none on the line; the flag tells the second case.
#[must_use]
pub fn labels_for<'a>(
    layout: &Layout,
    candidates: &'a Candidates,
    line: usize,
    place: (usize, Region),
    wanted: fn(Role) -> bool,
) -> (Vec<&'a Label>, bool) {
    let on = |line: usize| candidates.labels_at(line).iter().filter(|label| wanted(label.role));
    let left: Vec<&Label> = on(line).filter(|label| label.to <= place.0).collect();
    if !left.is_empty() {
        return (left, false);
    }
    let above = (1..=2).filter_map(|back| line.checked_sub(back)).find_map(|above| {
        let near = layout.lines.get(above).zip(layout.lines.get(line)).is_some_and(|(a, b)| {
            let gap = b.region.top.saturating_sub(a.region.bottom);
            a.page == b.page && gap < super::lines::height(b.region).saturating_mul(3)
        });
        let labels: Vec<&Label> =
            on(above).filter(|label| near && share_column(label.region, place.1)).collect();
        (!labels.is_empty()).then_some(labels)
    });
    (above.unwrap_or_default(), true)
}

fn counts_for_label(token: &Token) -> bool {
    !token.folded.is_empty()
        && !number::is_currency_sign(&token.text)
        && number::percent(&token.text).is_none()
}

fn labels_of(line: &Line) -> Vec<Label> {
    let words: Vec<(usize, &Token)> =
        line.tokens.iter().enumerate().filter(|(_, token)| counts_for_label(token)).collect();
    let mut labels = Vec::new();
    let mut start = 0_usize;
    while start < words.len() {
        let longest = (1..=Lexicon::LONGEST).rev().find_map(|count| label_at(&words, start, count));
        match longest {
            Some((count, found)) => {
                labels.extend(found.into_iter().map(|label| with_colon(line, label)));
                start = start.saturating_add(count);
            }
            None => start = start.saturating_add(1),
        }
    }
    labels
}

/// Returns a label with the colon that stands apart from it, as in French.
fn with_colon(line: &Line, label: Label) -> Label {
    match line.tokens.get(label.to).filter(|next| next.text == ":") {
        Some(colon) => {
            let region = union(label.region, colon.region);
            Label { to: label.to.saturating_add(1), region, ..label }
        }
        None => label,
    }
}

fn label_at(words: &[(usize, &Token)], start: usize, count: usize) -> Option<(usize, Vec<Label>)> {
    let part = words.get(start..start.checked_add(count)?)?;
    let (first, last) = (part.first()?, part.last()?);
    if first.1.cell != last.1.cell {
        return None;
    }
    let text: Vec<&str> = part.iter().map(|(_, token)| token.folded.as_str()).collect();
    let roles = lexicon().roles(&text.join(" "));
    let region = part.iter().map(|(_, token)| token.region).reduce(union)?;
    let (from, to) = (first.0, last.0.saturating_add(1));
    let label = |&(role, weight): &(Role, u8)| Label { role, weight, from, to, region };
    (!roles.is_empty()).then(|| (count, roles.iter().map(label).collect()))
}

fn dates_of(line: &Line, at: usize, this_year: i16) -> Vec<FoundDate> {
    let mut found: Vec<FoundDate> = Vec::new();
    let mut skip_to = 0_usize;
    for (from, token) in line.tokens.iter().enumerate() {
        if from < skip_to || !token.text.chars().any(char::is_alphanumeric) {
            continue;
        }
        let text = line.text_between(from, from.saturating_add(5));
        if let Some(reading) = date::parse(&text, &lexicon().months, this_year) {
            let length = if token.text.len() >= 6 { 1 } else { 3 };
            skip_to = from.saturating_add(length);
            let (region, confidence) = (token.region, token.confidence);
            found.push(FoundDate { line: at, from, reading, region, confidence });
        }
    }
    found
}

fn amounts_of(line: &Line, at: usize, dates: &[FoundDate]) -> Vec<Found> {
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
    let next = line.tokens.get(from.saturating_add(1));
    let joined = next.filter(|next| belongs_together(token, next)).and_then(|next| {
        let text = if token.text.ends_with(['.', ',', '-']) || next.text.starts_with([',', '.']) {
            format!("{}{}", token.text, next.text)
        } else {
            format!("{} {}", token.text, next.text)
        };
        let readings = number::readings(&text);
        (!readings.is_empty()).then(|| (readings, union(token.region, next.region), 2))
    });
    let (readings, region, count) =
        joined.or_else(|| Some((number::readings(&token.text), token.region, 1)))?;
    let first = *readings.first()?;
    let beside = |at: Option<usize>| {
        at.and_then(|at| line.tokens.get(at)).filter(|other| number::is_currency_sign(&other.text))
    };
    let mark = beside(from.checked_sub(1)).or_else(|| beside(from.checked_add(count)));
    let percent_follows =
        line.tokens.get(from.saturating_add(count)).is_some_and(|t| t.text.starts_with('%'));
    let currency = first.currency.or_else(|| mark.and_then(|mark| number::currency_of(&mark.text)));
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

/// Returns whether two neighbouring words are parts of one amount: `1 234,56`, `12 ,50`, `- 5.00`.
fn belongs_together(one: &Token, next: &Token) -> bool {
    let gap = next.region.left.saturating_sub(one.region.right).saturating_mul(10);
    let near = gap < super::lines::height(one.region).saturating_mul(5);
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let split_cents =
        (one.text.ends_with(['.', ',']) && digits(&next.text) && next.text.len() == 2)
            || (digits(&one.text) && next.text.starts_with([',', '.']) && next.text.len() == 3);
    let thousands = digits(&one.text)
        && one.text.len() <= 3
        && next.text.split([',', '.']).next().is_some_and(|head| head.len() == 3 && digits(head))
        && next.text.contains([',', '.']);
    let minus = matches!(one.text.as_str(), "-" | "−" | "–");
    near && (split_cents || thousands || minus)
}

/// Chooses the reading of every doubtful amount by the decimal mark that the others use.
fn settle_marks(amounts: &mut [Found]) {
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
