//! A number whose label no lexicon knows: issuers print it beside the day of the document, above it in
//! a list of fields or in the same row of a table.

use super::{
    candidates::{Candidates, FoundDate, labels_for},
    fields::{Placed, is_dated},
    lexicon::{Role, is_number_sign},
    lines::{Cell, Layout, Line, height, share_column},
    naming::naming,
    places::has_street,
    written::whole_id,
};
use domain::{document::Region, names::fold};

/// How far down the first page such a number may stand, in thousandths.
const HEAD: i32 = 500;

/// How many lines above or below the date it may stand.
const REACH: usize = 2;

/// A number with its place.
type Found = (String, Region);

/// Returns the only number that stands above the day of the document, beside it, or below it.
pub fn beside_date(layout: &Layout, candidates: &Candidates) -> Option<Placed<String>> {
    candidates.dates.iter().find_map(|date| {
        let line = layout.lines.get(date.line)?;
        let head = line.page == 1 && layout.depth(line) < HEAD;
        if !head || !is_issue(layout, candidates, date) {
            return None;
        }
        let column = |at: usize| in_column(layout, candidates, at, date);
        let above = (1..=REACH).filter_map(|up| date.line.checked_sub(up)).find_map(column);
        let below = || (1..=REACH).filter_map(|down| date.line.checked_add(down)).find_map(column);
        let found = above.or_else(|| in_row(layout, candidates, date)).or_else(below)?;
        let (page, rule, confidence) = (line.page, "number beside the date", 45);
        Some(Placed { value: found.0, page, region: found.1, confidence, rule })
    })
}

/// Returns the only number in the head of a document that a label announces which no lexicon knows and
/// which a colon or a sign for a number marks as one.
pub fn in_head(layout: &Layout, candidates: &Candidates) -> Option<Placed<String>> {
    let head = layout.lines.iter().enumerate();
    let head = head.filter(|(_, line)| line.page == 1 && layout.depth(line) < HEAD);
    let all: Vec<(u32, Found)> = head
        .flat_map(|(at, line)| {
            let cells = line.cell_spans();
            cells.into_iter().filter_map(move |cell| {
                let found = value_in(candidates, at, line, &cell)?;
                let announced = is_announced(layout, candidates, (at, line), &cell, &found);
                (announced && is_marked(line, &cell, &found)).then_some((line.page, found))
            })
        })
        .collect();
    let (page, first) = all.first()?;
    let (rule, confidence) = ("number of an unknown label", 40);
    let only = all.iter().all(|(_, other)| other.0 == first.0);
    only.then(|| Placed { value: first.0.clone(), page: *page, region: first.1, confidence, rule })
}

/// Returns whether a colon or a sign for a number stands before a number.
fn is_marked(line: &Line, cell: &Cell, found: &Found) -> bool {
    let at = line.tokens.iter().position(|token| token.region == found.1).unwrap_or(cell.from);
    let before = at.checked_sub(1).and_then(|before| line.tokens.get(before));
    before.is_some_and(|token| token.text.ends_with(':') || is_number_sign(&token.folded))
}

/// Returns whether a date is the day of the document, by its label or for want of another one.
fn is_issue(layout: &Layout, candidates: &Candidates, date: &FoundDate) -> bool {
    let place = (date.from, date.region);
    let (labels, _) = labels_for(layout, candidates, date.line, place, is_dated);
    let nearest = labels.iter().max_by_key(|label| (label.to, label.weight));
    nearest.is_none_or(|label| label.role == Role::Date)
}

/// Returns the only number on the line right above or below a date that shares a column with the date
/// or its label.
fn in_column(
    layout: &Layout,
    candidates: &Candidates,
    at: usize,
    date: &FoundDate,
) -> Option<Found> {
    let (own, line) = (layout.lines.get(date.line)?, layout.lines.get(at)?);
    let gap = line
        .region
        .top
        .max(own.region.top)
        .saturating_sub(line.region.bottom.min(own.region.bottom));
    if line.page != own.page || gap > height(own.region).saturating_mul(4) {
        return None;
    }
    let cells = own.cell_spans();
    let index = cells.iter().position(|cell| (cell.from..cell.to).contains(&date.from))?;
    let cell = cells.get(index)?;
    let label = index.checked_sub(1).and_then(|before| cells.get(before));
    let label = label.filter(|_| cell.from == date.from);
    let shares = |other: &Cell| {
        share_column(other.region, cell.region)
            || label.is_some_and(|label| share_column(other.region, label.region))
    };
    only(line.cell_spans().iter().filter(|other| shares(other)).filter_map(|other| {
        let found = value_in(candidates, at, line, other)?;
        is_announced(layout, candidates, (at, line), other, &found).then_some(found)
    }))
}

/// Returns the only number in the row of a date whose head in the row above no lexicon knows.
fn in_row(layout: &Layout, candidates: &Candidates, date: &FoundDate) -> Option<Found> {
    let line = layout.lines.get(date.line)?;
    let above = date.line.checked_sub(1)?;
    let heads = layout.lines.get(above).filter(|heads| heads.page == line.page)?;
    // The row of heads has one for the date.
    let dated = candidates.labels_at(above).iter().any(|label| label.role == Role::Date);
    let cells = line.cell_spans();
    if !dated || cells.len() < 2 {
        return None;
    }
    let spans = heads.cell_spans();
    only(cells.iter().filter_map(|cell| {
        let head = spans.iter().find(|head| share_column(head.region, cell.region))?;
        let known = is_known(candidates, above, (head.from, head.to))
            || naming().is_of_another(&fold(&heads.text_between(head.from, head.to)));
        let found = value_in(candidates, date.line, line, cell)?;
        (!known && starts(cell, line, &found)).then_some(found)
    }))
}

/// Returns what a cell ends in, where that looks like the number of a document.
fn value_in(candidates: &Candidates, at: usize, line: &Line, cell: &Cell) -> Option<Found> {
    let last = cell.to.checked_sub(1)?;
    let dated = candidates
        .dates
        .iter()
        .any(|date| date.line == at && (cell.from..cell.to).contains(&date.from));
    let money = candidates
        .amounts_at(at)
        .any(|found| found.is_money && (cell.from..cell.to).contains(&found.from));
    let token = line.tokens.get(last)?;
    let value = whole_id(line, last, cell.from)?;
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let year = value.len() == 4 && (value.starts_with("19") || value.starts_with("20"));
    let shaped = digits >= 3 && digits.saturating_mul(2) >= value.len() && !year;
    (shaped && !dated && !money).then_some((value, token.region))
}

/// Returns whether the words before a number, in its cell or the one before it, announce a number
/// that nothing says to be another one.
fn is_announced(
    layout: &Layout,
    candidates: &Candidates,
    (at, line): (usize, &Line),
    cell: &Cell,
    found: &Found,
) -> bool {
    let spans = line.cell_spans();
    let (from, to) = if starts(cell, line, found) {
        let before = spans.iter().rfind(|before| before.to <= cell.from);
        match before {
            Some(before) => (before.from, before.to),
            None => return false,
        }
    } else {
        let value = line.tokens.iter().position(|token| token.region == found.1);
        (cell.from, value.unwrap_or(cell.to))
    };
    let words = line.tokens.get(from..to).unwrap_or_default();
    let text = fold(&line.text_between(from, to));
    let numbered = text.contains(|c: char| c.is_ascii_digit());
    let signed = words.iter().any(|token| is_number_sign(&token.folded));
    let short = (1..=4).contains(&words.len()) && !numbered && (text.len() >= 2 || signed);
    let field = words.last().is_some_and(|last| last.text.ends_with(':'))
        || signed
        || (words.len() <= 2 && !has_street(&text));
    let upper = layout.depth(line) < HEAD;
    short
        && field
        && upper
        && !naming().is_of_another(&text)
        && !is_known(candidates, at, (from, to))
}

/// Returns whether a number is all of its cell.
fn starts(cell: &Cell, line: &Line, found: &Found) -> bool {
    let first = line.tokens.get(cell.from);
    first.is_some_and(|first| first.region.left == found.1.left)
        || cell.to.saturating_sub(cell.from) <= 2
            && first.is_some_and(|first| found.0.starts_with(&first.text))
}

/// Returns whether some words hold a label of something else than the number of the document.
fn is_known(candidates: &Candidates, at: usize, (from, to): (usize, usize)) -> bool {
    candidates.labels_at(at).iter().any(|label| {
        // The sign for a number also heads columns of counts.
        let own = label.from < to && label.to > from && label.role != Role::Quantity;
        let number = matches!(
            label.role,
            Role::Number
                | Role::Reference
                | Role::IsInvoice
                | Role::IsReceipt
                | Role::IsCreditNote
                | Role::Vendor
        );
        own && !number
    })
}

/// Returns the only one of some numbers.
fn only(mut all: impl Iterator<Item = Found>) -> Option<Found> {
    let first = all.next()?;
    all.all(|other| other.0 == first.0).then_some(first)
}
