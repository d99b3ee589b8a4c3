//! Issue date and due date: the value nearest to its label.
#![expect(clippy::arithmetic_side_effects, reason = "points of evidence are small numbers")]

use super::{
    candidates::{Candidates, FoundDate, Label, labels_for},
    dots,
    lexicon::Role,
    lines::{Layout, Line, Token},
    table,
};
use crate::date::Order;
use domain::{dates::Date, document::Region};

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

/// Returns the issue date.
#[must_use]
pub fn issue_date(
    layout: &Layout,
    candidates: &Candidates,
    order: Order,
    today: Date,
) -> Option<Placed<Date>> {
    // Rows of items are dated by what was done.
    let table = table::table(layout, candidates).filter(|_| !layout.from_pixels);
    let scored = candidates.dates.iter().filter_map(|found| {
        let day = found.reading.under(order)?;
        let mut score = label_score(layout, candidates, found, Role::Date);
        let in_row = table.as_ref().is_some_and(|lines| lines.contains(&found.line));
        if in_row && candidates.amounts_at(found.line).any(|amount| amount.is_money) {
            score -= 60;
        }
        // `Rectifica la factura A-118 de fecha 06-10-2026`
        let earlier = |label: &Label| label.role == Role::OtherNumber && label.weight >= 10;
        let mut labels = candidates.labels_at(found.line).iter();
        if labels.any(|label| earlier(label) && label.to <= found.from) {
            score -= 60;
        }
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
    let doubtful = found.reading.proves().is_none()
        && found.reading.day_first != found.reading.month_first
        && !(order == Order::DayFirst && dots::mean_day_first(layout, found));
    let sure: u8 = if score >= 50 { 92 } else { 70 };
    let confidence = if doubtful { sure.saturating_sub(12) } else { sure };
    let rule = if score >= 50 { DATED } else { "date without label" };
    Some(Placed { value: day, page, region: found.region, confidence, rule })
}

/// Returns the due date: the labelled one, else what a term of payment makes of the issue date where the
/// document is not paid.
#[must_use]
pub fn due(
    layout: &Layout,
    candidates: &Candidates,
    order: Order,
    (issued, unpaid): (Option<Date>, bool),
) -> Option<Placed<Date>> {
    let termed = || {
        let issued = issued.filter(|_| unpaid)?;
        due_by_term(layout, candidates, issued).or_else(|| due_by_net(layout, issued))
    };
    due_date(layout, candidates, order, issued).or_else(termed)
}

/// Returns the due date of a term that is all of its cell: `Net 30`.
fn due_by_net(layout: &Layout, issued: Date) -> Option<Placed<Date>> {
    layout.lines.iter().find_map(|line| {
        let cells = line.cell_spans();
        cells.iter().find_map(|cell| {
            let [net, days] = line.tokens.get(cell.from..cell.to)? else { return None };
            let count: u16 = days.text.parse().ok().filter(|_| net.folded == "net")?;
            matches!(count, 7 | 10 | 14 | 15 | 20 | 21 | 30 | 45 | 60 | 90).then(|| Placed {
                value: domain::dates::due_in(issued, count),
                page: line.page,
                region: days.region,
                confidence: 60,
                rule: BY_TERM,
            })
        })
    })
}

/// Returns the due date: only ever one with a label, not before the issue date.
fn due_date(
    layout: &Layout,
    candidates: &Candidates,
    order: Order,
    issued: Option<Date>,
) -> Option<Placed<Date>> {
    let (_, found, day, page) = labelled_due(layout, candidates, order)
        .filter(|(_, _, day, _)| issued.is_none_or(|issued| *day >= issued))?;
    Some(Placed { value: day, page, region: found.region, confidence: 85, rule: "due date label" })
}

/// Returns the due date that a term of payment makes of the issue date: `payable within 30 days`, `30
/// days from the date of invoice`. Terms beside a percentage are about an early payment and do not
/// count, nor do those that run to the end of a month.
fn due_by_term(layout: &Layout, candidates: &Candidates, issued: Date) -> Option<Placed<Date>> {
    layout.lines.iter().enumerate().find_map(|(at, line)| {
        let labels = candidates.labels_at(at);
        let unit = labels.iter().find(|label| label.role == Role::Days)?;
        let number = line.tokens.get(unit.from.checked_sub(1)?)?;
        let days: u16 = number.text.parse().ok()?;
        let plain = line.percentages().is_empty() && (1..=180).contains(&days);
        let term = labels.iter().any(|label| {
            let clear = label.weight > WEAK || is_about_payment(line);
            let term = matches!(label.role, Role::Term | Role::DueDate) && label.to < unit.from;
            term && clear
        });
        let place = (unit.from.saturating_sub(1), number.region);
        let heads = |role: Role| matches!(role, Role::Term | Role::DueDate);
        let (above, is_above) = labels_for(layout, candidates, at, place, heads);
        let term = term || (is_above && above.iter().any(|label| label.weight > WEAK));
        let from_issue = labels.iter().any(|label| {
            let next = unit.to..=unit.to.saturating_add(3);
            label.role == Role::Date && label.weight >= 9 && next.contains(&label.from)
        });
        let month = line.tokens.iter().skip(unit.to).take(4).any(|token| ends_month(&token.folded));
        ((term || from_issue) && plain && !month).then(|| Placed {
            value: domain::dates::due_in(issued, days),
            page: line.page,
            region: number.region,
            confidence: 60,
            rule: BY_TERM,
        })
    })
}

/// Up to this weight a word for a term, `within`, may be about anything.
const WEAK: u8 = 5;

/// Returns whether a line is about a payment or an invoice, as that of a term of payment is.
fn is_about_payment(line: &Line) -> bool {
    const STEMS: [&str; 13] = [
        "pay", "pag", "zahl", "uberweis", "begleich", "settle", "regl", "betal", "vold", "bonific",
        "liquid", "rechnung", "invoice",
    ];
    let begins = |token: &Token| STEMS.iter().any(|stem| token.folded.starts_with(stem));
    line.tokens.iter().any(begins)
}

/// Returns whether a word says that a term runs to the end of a month.
fn ends_month(folded: &str) -> bool {
    matches!(
        folded,
        "fin"
            | "fine"
            | "fm"
            | "eom"
            | "ultimo"
            | "monatsende"
            | "month"
            | "mois"
            | "mes"
            | "mese"
            | "maand"
            | "monats"
    )
}

/// Returns the date with the best label of a due date, with its points and page.
pub fn labelled_due<'a>(
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

pub const fn is_dated(role: Role) -> bool {
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
    let line = layout.lines.get(found.line).filter(|_| !above);
    let joined = line.and_then(|line| {
        let same = |label: &&&Label| label.role == wanted && joins(line, label.to, last.from);
        labels.iter().find(same)
    });
    let nearest = strong.filter(|_| last.weight <= 5).or(joined).unwrap_or(last);
    let nearest_to = nearest.to;
    let best = labels
        .iter()
        .filter(|label| label.to == nearest_to && label.role == wanted)
        .map(|label| label.weight)
        .max();
    let part = if above { 8 } else { 10 };
    match best {
        Some(weight) if weight <= 5 && written => i32::from(weight) * part + WRITTEN,
        // In the small print they date laws.
        Some(weight) if weight <= 5 && is_low(layout, found) => {
            by_subject(candidates, found.line, nearest.from).saturating_mul(2)
        }
        // `vom` and the like say little: what they follow decides.
        Some(weight) if weight <= 5 => {
            i32::from(weight) * part + by_subject(candidates, found.line, nearest.from)
        }
        Some(weight) => i32::from(weight) * part,
        None => i32::from(nearest.weight) * -6,
    }
}

/// Returns whether nothing but words that join two labels stands between them: `Invoice date = delivery
/// date 5 Dec`, `Rechnungs- und Lieferdatum`.
fn joins(line: &Line, from: usize, to: usize) -> bool {
    let joint =
        |text: &str| matches!(text, "=" | "/" | "&" | "und" | "and" | "et" | "y" | "e" | "en");
    let between = line.tokens.get(from..to).unwrap_or_default();
    !between.is_empty() && between.iter().all(|token| joint(&token.text))
}

fn is_low(layout: &Layout, found: &FoundDate) -> bool {
    let line = layout.lines.get(found.line);
    line.is_some_and(|line| !layout.from_pixels && layout.depth(line) > 700)
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
    let labels = candidates.labels_at(line).iter().filter(before);
    // `our quotation Q-12 dated 3 May`
    if labels.clone().any(|label| label.role == Role::IsOther && label.weight >= 8) {
        return -90;
    }
    let mut roles = labels.map(|label| label.role);
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
