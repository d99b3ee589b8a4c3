//! Issue date, due date and number: the value nearest to its label.
#![expect(clippy::arithmetic_side_effects, reason = "points of evidence are small numbers")]

use super::{
    candidates::{Candidates, FoundDate, Label, labels_for},
    lexicon::{Role, lexicon},
    lines::{Layout, Line, share_column},
};
use crate::{date::Order, number};
use domain::{dates::Date, document::Region, party::iban_is_valid};

/// The rule of a date that its label chose.
pub const DATED: &str = "date label";

/// The rule of a due date that was computed.
pub const BY_TERM: &str = "issue date and term of payment";

/// A value with its place and certainty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// The page, from 1.
    pub page: u32,
    /// Where on it.
    pub region: Region,
    /// 0 to 100.
    pub confidence: u8,
    /// Which rule chose it.
    pub rule: &'static str,
}

/// Returns the order of day and month that most dates prove; else the one under which no bill is
/// due before its issue or dated in the future; else the one that fits its place in the world.
#[must_use]
pub fn order(layout: &Layout, candidates: &Candidates, american: bool, today: Date) -> Order {
    let proofs = |order: Order| {
        candidates.dates.iter().filter(|found| found.reading.proves() == Some(order)).count()
    };
    match proofs(Order::DayFirst).cmp(&proofs(Order::MonthFirst)) {
        std::cmp::Ordering::Greater => return Order::DayFirst,
        std::cmp::Ordering::Less => return Order::MonthFirst,
        std::cmp::Ordering::Equal => {}
    }
    let (usual, other) = if american {
        (Order::MonthFirst, Order::DayFirst)
    } else {
        (Order::DayFirst, Order::MonthFirst)
    };
    let odd = |order: Order| is_odd(layout, candidates, order, today);
    if odd(usual) && !odd(other) { other } else { usual }
}

/// Returns whether an order dates the document in the future, or has it due before its issue or
/// more than half a year after it.
fn is_odd(layout: &Layout, candidates: &Candidates, order: Order, today: Date) -> bool {
    let Some(issued) = issue_date(layout, candidates, order, today) else { return false };
    let due = labelled_due(layout, candidates, order).map(|(_, _, day, _)| day);
    let late = domain::dates::due_in(issued.value, 185);
    issued.value > domain::dates::due_in(today, 1)
        || due.is_some_and(|due| due < issued.value || due > late)
}

/// Returns the issue date.
#[must_use]
pub fn issue_date(
    layout: &Layout,
    candidates: &Candidates,
    order: Order,
    today: Date,
) -> Option<Placed<Date>> {
    let scored = candidates.dates.iter().filter_map(|found| {
        let day = found.reading.under(order)?;
        let mut score = label_score(layout, candidates, found, Role::Date);
        let line = layout.lines.get(found.line)?;
        score -= layout.depth(line).checked_div(100).unwrap_or_default();
        if has_time(line) {
            score += 12;
        }
        if day > domain::dates::due_in(today, 366) {
            score -= 40;
        }
        Some((score, found, day, line.page))
    });
    let (score, found, day, page) =
        scored.max_by_key(|(score, found, ..)| (*score, std::cmp::Reverse(found.line)))?;
    let doubtful =
        found.reading.proves().is_none() && found.reading.day_first != found.reading.month_first;
    let sure: u8 = if score >= 50 { 92 } else { 70 };
    let confidence = if doubtful { sure.saturating_sub(12) } else { sure };
    let rule = if score >= 50 { DATED } else { "date without label" };
    Some(Placed { value: day, page, region: found.region, confidence, rule })
}

/// Returns the due date: only ever one with a label, not before the issue date.
#[must_use]
pub fn due_date(
    layout: &Layout,
    candidates: &Candidates,
    order: Order,
    issued: Option<Date>,
) -> Option<Placed<Date>> {
    let (_, found, day, page) = labelled_due(layout, candidates, order)
        .filter(|(_, _, day, _)| issued.is_none_or(|issued| *day >= issued))?;
    Some(Placed { value: day, page, region: found.region, confidence: 85, rule: "due date label" })
}

/// Returns the due date that a term of payment makes of the issue date: `payable within 30 days`.
/// Terms beside a percentage are about an early payment and do not count.
#[must_use]
pub fn due_by_term(layout: &Layout, candidates: &Candidates, issued: Date) -> Option<Placed<Date>> {
    layout.lines.iter().enumerate().find_map(|(at, line)| {
        let labels = candidates.labels_at(at);
        let unit = labels.iter().find(|label| label.role == Role::Days)?;
        let number = line.tokens.get(unit.from.checked_sub(1)?)?;
        let announced = labels
            .iter()
            .any(|label| matches!(label.role, Role::Term | Role::DueDate) && label.to < unit.from);
        let days: u16 = number.text.parse().ok()?;
        let plain = line.percentages().is_empty() && (1..=180).contains(&days);
        (announced && plain).then(|| Placed {
            value: domain::dates::due_in(issued, days),
            page: line.page,
            region: number.region,
            confidence: 60,
            rule: BY_TERM,
        })
    })
}

/// Returns the date with the best label of a due date, with its points and page.
fn labelled_due<'a>(
    layout: &Layout,
    candidates: &'a Candidates,
    order: Order,
) -> Option<(i32, &'a FoundDate, Date, u32)> {
    let scored = candidates.dates.iter().filter_map(|found| {
        let day = found.reading.under(order)?;
        let score = label_score(layout, candidates, found, Role::DueDate);
        let page = layout.lines.get(found.line)?.page;
        (score >= 40).then_some((score, found, day, page))
    });
    scored.max_by_key(|(score, found, ..)| (*score, std::cmp::Reverse(found.line)))
}

const fn is_dated(role: Role) -> bool {
    matches!(role, Role::Date | Role::DueDate | Role::OtherDate)
}

fn label_score(layout: &Layout, candidates: &Candidates, found: &FoundDate, wanted: Role) -> i32 {
    let place = (found.from, found.region);
    let (labels, above) = labels_for(layout, candidates, found.line, place, is_dated);
    if let Some(label) =
        broken_off(layout, candidates, found).filter(|_| above || labels.is_empty())
    {
        let points = i32::from(label.weight) * 10;
        let line = found.line.saturating_sub(1);
        return match label.role == wanted {
            true if label.weight <= 5 => points + by_subject(candidates, line, label.from),
            true => points,
            false => i32::from(label.weight) * -6,
        };
    }
    let written = layout.lines.get(found.line).is_some_and(|line| after_place(line, found.from));
    let Some(last) = labels.iter().max_by_key(|label| (label.to, label.weight)) else {
        return if written && wanted == Role::Date { WRITTEN } else { 0 };
    };
    // `Date limite de paiement le DATE`: a small word between a label and its date changes nothing.
    let strong = labels.iter().find(|label| label.to == last.from && label.weight > 5);
    let nearest = strong.filter(|_| last.weight <= 5).unwrap_or(last);
    let nearest_to = nearest.to;
    let best = labels
        .iter()
        .filter(|label| label.to == nearest_to && label.role == wanted)
        .map(|label| label.weight)
        .max();
    let part = if above { 8 } else { 10 };
    match best {
        Some(weight) if weight <= 5 && written => i32::from(weight) * part + WRITTEN,
        // `vom` and the like say little: what they follow decides.
        Some(weight) if weight <= 5 => {
            i32::from(weight) * part + by_subject(candidates, found.line, nearest.from)
        }
        Some(weight) => i32::from(weight) * part,
        None => i32::from(nearest.weight) * -6,
    }
}

/// The points of a date that says where the letter was written.
const WRITTEN: i32 = 95;

/// Returns whether a date follows a place, as in letters: `Köln, den`, `Lyon, le`, `Roma, lì`.
fn after_place(line: &Line, from: usize) -> bool {
    let word = |back: usize| line.tokens.get(from.checked_sub(back)?);
    let small =
        word(1).is_some_and(|word| matches!(word.folded.as_str(), "den" | "le" | "li" | "il"));
    let place = word(if small { 2 } else { 1 });
    place.is_some_and(|place| {
        let lettered = place.text.chars().filter(|c| c.is_alphabetic()).count() >= 3;
        lettered && place.text.ends_with(',') && place.text.starts_with(char::is_uppercase)
    })
}

/// Returns the label that the line above ends with, where a date begins its line: `Invoice 12 of`,
/// and the date below, at the left edge.
fn broken_off<'a>(
    layout: &Layout,
    candidates: &'a Candidates,
    found: &FoundDate,
) -> Option<&'a Label> {
    let above = found.line.checked_sub(1).filter(|_| found.from == 0)?;
    let (line, own) = (layout.lines.get(above)?, layout.lines.get(found.line)?);
    let gap = own.region.top.saturating_sub(line.region.bottom);
    let next = line.page == own.page && gap < super::lines::height(own.region);
    let aligned =
        line.region.left.saturating_sub(own.region.left).abs() < super::lines::height(own.region);
    let labels = candidates.labels_at(above).iter().filter(|label| is_dated(label.role));
    labels.filter(|label| next && aligned && label.to == line.tokens.len()).max_by_key(|l| l.weight)
}

/// Returns what the labels before a weak one say: `Invoice 12 of DATE` dates the document,
/// `Version 2 of DATE` and `Order 3 of DATE` do not.
fn by_subject(candidates: &Candidates, line: usize, before: usize) -> i32 {
    let before = |label: &&Label| label.to <= before;
    let mut roles = candidates.labels_at(line).iter().filter(before).map(|label| label.role);
    let other = |role: Role| matches!(role, Role::OtherDate | Role::OtherNumber);
    if roles.clone().any(other) {
        return -90;
    }
    let own = |role: Role| {
        matches!(role, Role::Number | Role::IsInvoice | Role::IsCreditNote | Role::IsReceipt)
    };
    if roles.any(own) { 35 } else { 0 }
}

fn has_time(line: &Line) -> bool {
    line.tokens.iter().any(|token| {
        let parts: Vec<&str> = token.text.split(':').collect();
        parts.len() >= 2
            && parts.iter().take(2).all(|part| {
                (1..=2).contains(&part.len()) && part.chars().all(|c| c.is_ascii_digit())
            })
    })
}

/// Returns the document's number; that of a credit note rather has its own label than that of the
/// invoice it corrects.
#[must_use]
pub fn number_of(
    layout: &Layout,
    candidates: &Candidates,
    is_credit: bool,
) -> Option<Placed<String>> {
    let mut best: Option<(i32, Placed<String>)> = None;
    for (at, line) in layout.lines.iter().enumerate() {
        for label in candidates.labels_at(at).iter().filter(|label| label.role == Role::Number) {
            let other = candidates
                .labels_at(at)
                .iter()
                .any(|other| other.from == label.from && other.role == Role::OtherNumber);
            let beside = id_after(candidates, at, line, label.to).map(|found| (found, 8));
            let below = || below(layout, at, label.region).map(|found| (found, 0));
            // A label in a row of others heads a column.
            let row = candidates.labels_at(at).iter().any(|other| is_dated(other.role));
            let strong = label.weight >= 8 || (label.weight >= 6 && row);
            let Some(((text, region), near)) = beside
                .or_else(|| if strong { below() } else { hash_below(layout, at, label.region) })
            else {
                continue;
            };
            let depth = layout.depth(line).checked_div(50).unwrap_or_default();
            let score = i32::from(label.weight).saturating_mul(10) + near
                - depth
                - if other { 60 } else { 0 }
                + if is_credit && names_credit(candidates, at, line, label) { 30 } else { 0 };
            if score > 20 && best.as_ref().is_none_or(|(most, _)| score > *most) {
                let confidence = if strong { 88 } else { 60 };
                best = Some((
                    score,
                    Placed {
                        value: text,
                        page: line.page,
                        region,
                        confidence,
                        rule: "number label",
                    },
                ));
            }
        }
    }
    best.map(|(_, placed)| placed)
}

/// Returns whether the words of a label are, or begin with, those for a credit note.
#[must_use]
pub fn names_credit(candidates: &Candidates, at: usize, line: &Line, label: &Label) -> bool {
    let same = candidates.labels_at(at).iter();
    let titled = |from: usize, to: usize| {
        let words = domain::names::fold(&line.text_between(from, to));
        lexicon().roles(&words).iter().any(|(role, _)| *role == Role::IsCreditNote)
    };
    same.filter(|other| other.role == Role::IsCreditNote).any(|other| other.from == label.from)
        || (label.from..label.to).any(|last| titled(label.from, last.saturating_add(1)))
}

/// Returns the first word after a label that looks like a number of a document.
fn id_after(
    candidates: &Candidates,
    at: usize,
    line: &Line,
    from: usize,
) -> Option<(String, Region)> {
    let end = candidates
        .labels_at(at)
        .iter()
        .filter(|label| label.from >= from && label.role != Role::Number)
        .map(|label| label.from)
        .min()
        .unwrap_or(usize::MAX);
    let dated =
        |index: usize| candidates.dates.iter().any(|date| date.line == at && date.from == index);
    line.tokens
        .iter()
        .enumerate()
        .skip(from)
        .take(3)
        .take_while(|(index, _)| *index < end && !dated(*index))
        .find_map(|(_, token)| Some((id(&token.text)?, token.region)))
}

fn below(layout: &Layout, at: usize, label: Region) -> Option<(String, Region)> {
    let line = layout.lines.get(at.checked_add(1)?)?;
    let gap = line.region.top.saturating_sub(label.bottom);
    if gap > super::lines::height(label).saturating_mul(3) {
        return None;
    }
    let mut under = line.tokens.iter().filter(|token| share_column(token.region, label));
    under.find_map(|token| Some((id(&token.text)?, token.region)))
}

/// Returns the number below a title that a `#` marks as one.
fn hash_below(layout: &Layout, at: usize, title: Region) -> Option<((String, Region), i32)> {
    let line = layout.lines.get(at.checked_add(1)?)?;
    let cells = line.cell_spans();
    let cell = cells.iter().find(|cell| share_column(cell.region, title))?;
    let mut tokens = line.tokens.iter().take(cell.to).skip(cell.from);
    let first = tokens.clone().next().filter(|token| token.text.starts_with('#'))?;
    let found = tokens.find_map(|token| Some((id(&token.text)?, token.region)));
    found.filter(|(_, region)| region.left >= first.region.left).map(|found| (found, 0))
}

fn id(text: &str) -> Option<String> {
    let plain = without_sign(text).trim_matches(|c: char| !c.is_alphanumeric());
    let digits = plain.chars().filter(char::is_ascii_digit).count();
    let shaped = plain.chars().all(|c| c.is_alphanumeric() || "-/._#".contains(c));
    let money = number::readings(plain).iter().any(|amount| amount.decimals == 2)
        && plain.contains(['.', ',']);
    let dated = crate::date::parse(plain, &[], 2000).is_some() && plain.contains(['/', '.']);
    (shaped
        && (1..=30).contains(&plain.len())
        && digits >= 1
        && !money
        && !dated
        && !iban_is_valid(plain))
    .then(|| plain.to_owned())
}

/// Returns a text without the sign for a number that is glued to its front: `n°5620`, `Nr.17`.
fn without_sign(text: &str) -> &str {
    let signs = ["n°", "nº", "n.º", "n.°", "№", "no.", "nr.", "num."];
    let begins = |sign: &&&str| {
        let head = text.get(..sign.len()).is_some_and(|head| head.to_lowercase() == ***sign);
        head && text.get(sign.len()..).is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
    };
    let sign = signs.iter().find(begins);
    sign.and_then(|sign| text.get(sign.len()..)).unwrap_or(text)
}
