//! Typed candidates: the labels, amounts and dates of every line.

use super::{
    amounts,
    lexicon::{Lexicon, Role, is_number_sign, is_word, lexicon},
    lines::{Layout, Line, Token, share_column, union},
    naming::{Thing, naming},
    parted,
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
            amounts.extend(amounts::amounts_of(line, at, &on_line));
            dates.extend(on_line);
        }
        amounts::settle_marks(&mut amounts);
        let mut all = Self { labels, amounts, dates };
        amounts::settle_whole(layout, &mut all);
        all
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
    if let Some(part) = parted::above(layout, line, place.0) {
        let own = |label: &&Label| label.from >= part.from && label.to <= part.to;
        let labels: Vec<&Label> = on(part.line).filter(own).collect();
        if !labels.is_empty() {
            return (labels, true);
        }
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
    match above {
        Some(labels) => (labels, true),
        None => {
            let beside = askew(layout, on, line, place);
            let by_count = parted::cell_above(layout, line, place.0).filter(|_| beside.is_empty());
            let Some(part) = by_count else { return (beside, false) };
            let own = |label: &&Label| label.from >= part.from && label.to <= part.to;
            let labels: Vec<&Label> = on(part.line).filter(own).collect();
            let found = !labels.is_empty();
            (labels, found)
        }
    }
}

/// Returns the labels that the line below ends with, where it all but overlaps a line that begins
/// right of them: a value is set in the middle of a label in two scripts or lines.
fn askew<'a, Labels: Iterator<Item = &'a Label>>(
    layout: &Layout,
    on: impl Fn(usize) -> Labels,
    line: usize,
    (from, region): (usize, Region),
) -> Vec<&'a Label> {
    let below = line.saturating_add(1);
    let lines = layout.lines.get(line).zip(layout.lines.get(below));
    let Some((_, next)) = lines.filter(|(own, next)| from == 0 && own.page == next.page) else {
        return Vec::new();
    };
    let touching = region.bottom.saturating_sub(next.region.top) > 0;
    // `Grand Total (USD)`: the rest of its cell belongs to the label.
    let ends = |label: &&Label| {
        let own = label.to.checked_sub(1).and_then(|last| next.tokens.get(last));
        let mut rest = next.tokens.iter().skip(label.to);
        let last = own.is_some_and(|own| rest.all(|token| token.cell == own.cell));
        last && label.region.right <= region.left && label.weight >= 6
    };
    on(below).filter(|label| touching && ends(label)).collect()
}

fn counts_for_label(token: &Token) -> bool {
    !token.folded.is_empty()
        && !number::is_currency_sign(&token.text)
        && number::percent(&token.text).is_none()
}

fn labels_of(line: &Line) -> Vec<Label> {
    let words: Vec<(usize, &Token)> =
        line.tokens.iter().enumerate().filter(|(_, token)| counts_for_label(token)).collect();
    // `Date / Invoice no.` are two labels.
    let parted = |from: usize, to: usize| {
        line.tokens.iter().take(to).skip(from).any(|token| parted::is_mark(&token.text))
    };
    let mut labels = Vec::new();
    let mut start = 0_usize;
    while start < words.len() {
        let whole = |labels: &(usize, Vec<Label>)| {
            labels.1.first().is_none_or(|label| !parted(label.from, label.to))
        };
        let found = |count| label_at(&words, start, count).filter(whole);
        let longest = (1..=Lexicon::LONGEST).rev().find_map(found);
        match longest {
            Some((count, found)) => {
                labels.extend(found.into_iter().map(|label| with_colon(line, label)));
                start = start.saturating_add(count);
            }
            None => start = start.saturating_add(1),
        }
    }
    labels.retain(|label| label.role != Role::Number || !is_sign_of_another(line, label));
    add_others(&words, &mut labels);
    labels.extend(sign_of_field(line, &labels));
    labels.extend(sign_beside_date(line, &labels));
    labels
}

/// Returns the bare sign for a number that is a field by its colon, `# : 118`, as its label.
fn sign_of_field(line: &Line, labels: &[Label]) -> Option<Label> {
    let at = line.cell_spans().iter().map(|cell| cell.from).find(|at| {
        let own = line.tokens.get(*at);
        let next = line.tokens.get(at.saturating_add(1));
        let colon = next.is_some_and(|next| next.text == ":");
        own.is_some_and(|own| is_number_sign(&own.folded) && (own.text.ends_with(':') || colon))
    })?;
    let (from, to) = (at, at.saturating_add(1));
    let free =
        !labels.iter().any(|label| label.from <= at && label.to > at && is_number(label.role));
    let region = line.tokens.get(at)?.region;
    let label = Label { role: Role::Number, weight: SIGNED, from, to, region };
    free.then(|| with_colon(line, label))
}

/// What a bare sign with a colon is worth.
const SIGNED: u8 = 6;

/// Adds the labels of numbers of other things that no list has, `Practice ref.`, over what their words
/// say by themselves.
fn add_others(words: &[(usize, &Token)], labels: &mut Vec<Label>) {
    for start in 0..words.len() {
        let longest = (1..=Lexicon::LONGEST).rev().find_map(|count| {
            let part = words.get(start..start.checked_add(count)?)?;
            let (first, last) = (part.first()?, part.last()?);
            let text: Vec<&str> = part.iter().map(|(_, token)| token.folded.as_str()).collect();
            let other = naming().thing(&text.join(" ")) == Some(Thing::Other);
            let region = part.iter().map(|(_, token)| token.region).reduce(union)?;
            let (from, to) = (first.0, last.0.saturating_add(1));
            let (role, weight) = (Role::OtherNumber, NUMBERED);
            let label = Label { role, weight, from, to, region };
            (other && first.1.cell == last.1.cell).then_some(label)
        });
        let Some(other) = longest else { continue };
        let known = |label: &Label| label.from < other.to && other.from < label.to;
        if !labels.iter().any(|label| known(label) && is_number(label.role)) {
            labels.push(other);
        }
    }
}

/// Returns whether a label is one of a number.
const fn is_number(role: Role) -> bool {
    matches!(role, Role::Number | Role::OtherNumber | Role::Reference)
}

/// Returns whether a label is a bare sign for a number, and beside it in its cell stands the name of
/// what has that number: `Practice number`, `Numéro de permis`.
fn is_sign_of_another(line: &Line, label: &Label) -> bool {
    let Some(own) = line.tokens.get(label.from) else { return false };
    let alone = label.to == label.from.saturating_add(1) && is_number_sign(&own.folded);
    let named = |at: Option<usize>| {
        let other = at.and_then(|at| line.tokens.get(at)).filter(|other| other.cell == own.cell);
        other.is_some_and(|other| is_word(&other.text))
    };
    let before = label.from.checked_sub(1);
    let parted =
        before.and_then(|at| line.tokens.get(at)).is_some_and(|token| token.text.ends_with(':'));
    let ended = own.text.ends_with(':');
    alone && ((named(before) && !parted) || (named(Some(label.to)) && !ended))
}

/// Returns the bare sign for a number that shares a head with a date, `No. / Date`, as its label.
fn sign_beside_date(line: &Line, labels: &[Label]) -> Option<Label> {
    let at = line.tokens.iter().position(|token| is_number_sign(&token.folded))?;
    let alone = |mark: Option<usize>, date: Option<usize>| {
        let marked = mark.and_then(|mark| line.tokens.get(mark));
        marked.is_some_and(|token| parted::is_mark(&token.text))
            && labels.iter().any(|label| {
                label.role == Role::Date && (Some(label.from) == date || Some(label.to) == date)
            })
    };
    let before = alone(at.checked_sub(1), at.checked_sub(1));
    let after = alone(at.checked_add(1), at.checked_add(2));
    let region = line.tokens.get(at)?.region;
    let (role, weight, to) = (Role::Number, NUMBERED, at.saturating_add(1));
    (before || after).then_some(Label { role, weight, from: at, to, region })
}

/// What such a sign is worth.
const NUMBERED: u8 = 8;

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
    // The code of a kind of document begins its cell or is in brackets, `(380) no 12`; in `High
    // Street 380 no 12` it is a house.
    let before = start.checked_sub(1).and_then(|before| words.get(before));
    let begins = before.is_none_or(|(_, token)| token.cell != first.1.cell);
    let bracketed = first.1.text.starts_with('(');
    if !begins && !bracketed && first.1.folded.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let text: Vec<&str> = part.iter().map(|(_, token)| token.folded.as_str()).collect();
    let roles = lexicon().roles(&text.join(" "));
    let region = part.iter().map(|(_, token)| token.region).reduce(union)?;
    let (from, to) = (first.0, last.0.saturating_add(1));
    let label = |&(role, weight): &(Role, u8)| Label { role, weight, from, to, region };
    (!roles.is_empty()).then(|| (count, roles.iter().map(label).collect()))
}

/// Returns whether a row of eight digits is part of a code: `20260210-NORTH`.
fn is_coded(text: &str) -> bool {
    let (head, tail) = text.split_at_checked(8).unwrap_or_default();
    let letters = tail.strip_prefix(['-', '_', '/']).unwrap_or_default();
    head.chars().all(|c| c.is_ascii_digit())
        && letters.chars().count() >= 2
        && letters.chars().all(char::is_alphabetic)
}

fn dates_of(line: &Line, at: usize, this_year: i16) -> Vec<FoundDate> {
    let mut found: Vec<FoundDate> = Vec::new();
    let mut skip_to = 0_usize;
    for (from, token) in line.tokens.iter().enumerate() {
        let dateless = !token.text.chars().any(char::is_alphanumeric) || is_coded(&token.text);
        if from < skip_to || dateless {
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
