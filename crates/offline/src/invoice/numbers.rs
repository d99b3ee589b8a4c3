//! The document's number: behind or under its label, under the title of the document, or by its
//! shape alone.
#![expect(clippy::arithmetic_side_effects, reason = "points of evidence are small numbers")]

use super::{
    beside_date::{beside_date, in_head},
    candidates::{Candidates, Label},
    fields::{Placed, is_dated},
    lexicon::{Role, is_number_sign, is_word, lexicon},
    lines::{Cell, Layout, Line, height, share_column},
    references::{behind_title, by_reference},
    wrapped::{below, below_part, hash_below, under, whole},
    written::{SERIES, id, whole_id, with_letter, without_sign},
};
use domain::{document::Region, names::fold};

/// Returns the document's number; that of a credit note rather has its own label than that of the
/// invoice it corrects.
#[must_use]
pub fn number_of(
    layout: &Layout,
    candidates: &Candidates,
    is_credit: bool,
) -> Option<Placed<String>> {
    let labelled = by_label(layout, candidates, is_credit);
    let titled = by_title(layout, candidates).or_else(|| behind_title(layout, candidates));
    let best = labelled.into_iter().chain(titled).max_by_key(|(score, _)| *score);
    best.map(|(_, placed)| placed)
        .or_else(|| by_shape(layout, candidates))
        .or_else(|| beside_date(layout, candidates))
        .or_else(|| by_reference(layout, candidates))
        .or_else(|| in_head(layout, candidates))
}

/// Returns the number with the best label, with its points.
fn by_label(
    layout: &Layout,
    candidates: &Candidates,
    is_credit: bool,
) -> Option<(i32, Placed<String>)> {
    let mut best: Option<(i32, Placed<String>)> = None;
    for (at, line) in layout.lines.iter().enumerate() {
        for label in candidates.labels_at(at).iter().filter(|label| label.role == Role::Number) {
            let other = candidates
                .labels_at(at)
                .iter()
                .any(|other| other.from == label.from && other.role == Role::OtherNumber)
                && !follows_series(line, label.from);
            // A label in a row of others heads a column.
            let row = candidates.labels_at(at).iter().any(|other| is_dated(other.role));
            let last = label.to.checked_sub(1).and_then(|last| line.tokens.get(last));
            let signed = last.is_some_and(|token| token.text.ends_with('#'));
            let strong = label.weight >= 8 || (label.weight >= 6 && (row || signed));
            let beside = id_after(candidates, at, line, (label.to, strong)).map(|found| (found, 8));
            let below = || {
                let own = below_part(layout, at, label);
                let found = own.or_else(|| below(layout, candidates, (at, label.region)))?;
                // The day of a date in the next field is none; eight digits are one beside a date.
                let dates = || candidates.dates.iter();
                let plain = is_count(&found.0) && dates().any(|date| date.region != found.1);
                let dated = !plain && dates().any(|date| date.region == found.1);
                (!dated).then_some((found, 0))
            };
            let Some(((value, region), near)) = beside
                .or_else(|| if strong { below() } else { hash_below(layout, at, label.region) })
                .or_else(|| askew(layout, candidates, at, label).filter(|_| strong))
            else {
                continue;
            };
            let depth = layout.depth(line).checked_div(50).unwrap_or_default();
            // The first page is the document; what follows may be enclosed.
            let behind = if line.page > 1 { 15 } else { 0 };
            let score = i32::from(label.weight).saturating_mul(10) + near
                - depth
                - behind
                - if other { 60 } else { 0 }
                + if is_credit && names_credit(candidates, at, line, label) { 30 } else { 0 };
            if score > 20 && best.as_ref().is_none_or(|(most, _)| score > *most) {
                let confidence = match (strong, label.weight) {
                    (true, 8..) => 88,
                    (true, _) => 78,
                    (false, _) => 60,
                };
                let (page, rule) = (line.page, "number label");
                let value = whole(layout, (line.page, region), value);
                best = Some((score, Placed { value, page, region, confidence, rule }));
            }
        }
    }
    best
}

/// Returns whether the series of a document stands before a label: `Serie: A  Folio: 118`.
fn follows_series(line: &Line, from: usize) -> bool {
    let head = (2..=3).filter_map(|back| line.tokens.get(from.checked_sub(back)?));
    head.into_iter().any(|token| token.folded == "serie")
}

/// Returns the number that begins the line above a label, right of it, where the two lines all but
/// overlap: it is set in the middle of a label in two scripts or lines.
fn askew(
    layout: &Layout,
    candidates: &Candidates,
    at: usize,
    label: &Label,
) -> Option<((String, Region), i32)> {
    let above = at.checked_sub(1)?;
    let (own, line) = (layout.lines.get(at)?, layout.lines.get(above)?);
    let spans = line.cell_spans();
    let cell = spans.iter().find(|cell| cell.region.left >= label.region.right)?;
    let touching = own.page == line.page && cell.region.bottom > label.region.top;
    let found = lone_id(candidates, above, line, cell)?;
    (label.to == own.tokens.len() && touching).then_some((found, 0))
}

/// How many lines below the title of a document the sign of its number may stand.
pub const UNDER_TITLE: usize = 4;

/// Returns the number behind a bare sign, or alone in its cell, under the title of a document:
/// `INVOICE` and below it `No. 4711`.
fn by_title(layout: &Layout, candidates: &Candidates) -> Option<(i32, Placed<String>)> {
    layout.lines.iter().enumerate().filter(|(_, line)| line.page == 1).find_map(|(at, line)| {
        let depth = layout.depth(line).checked_div(50).unwrap_or_default();
        line.cell_spans().into_iter().find_map(|cell| {
            let signed = sign_of(candidates, at, line, &cell);
            let title = title_above(layout, candidates, (at, cell.region), signed.is_some())?;
            let ((value, region), points) = match signed {
                Some(from) if from == cell.to && from == line.tokens.len() => {
                    (under(layout, at, cell.region)?, 72)
                }
                Some(from) => (id_in(line, (from, cell.to))?, 76),
                None => (lone_id(candidates, at, line, &cell)?, 45 - title.saturating_mul(10)),
            };
            let (page, rule, confidence) = (line.page, "number under the title", 70);
            let value = whole(layout, (page, region), value);
            Some((points - depth, Placed { value, page, region, confidence, rule }))
        })
    })
}

/// Returns the word behind a bare sign for a number that a cell begins with; nothing where the sign
/// belongs to a label of its own.
fn sign_of(candidates: &Candidates, at: usize, line: &Line, cell: &Cell) -> Option<usize> {
    let first = line.tokens.get(cell.from)?;
    let labels = candidates.labels_at(at).iter();
    let other = labels.clone().any(|label| {
        label.from == cell.from && !matches!(label.role, Role::Number | Role::Quantity)
    });
    let glued = without_sign(&first.text).len() < first.text.len();
    let bare = is_number_sign(&first.folded) || first.text == "#";
    let from = if glued { cell.from } else { cell.from.saturating_add(1) };
    // `N° de contrat`
    let named =
        line.tokens.get(from).filter(|next| from < cell.to && !glued && is_word(&next.text));
    ((bare || glued) && !other && named.is_none()).then_some(from)
}

/// Returns how many lines above a cell the title of a bill stands in its column, counted from 0; a
/// cell without a sign has to follow it directly.
fn title_above(
    layout: &Layout,
    candidates: &Candidates,
    (at, region): (usize, Region),
    signed: bool,
) -> Option<i32> {
    let reach = if signed { UNDER_TITLE } else { 1 };
    let found = (1..=reach).filter_map(|back| at.checked_sub(back)).position(|above| {
        let Some(line) = layout.lines.get(above) else { return false };
        let near = line.page == 1
            && region.top.saturating_sub(line.region.bottom)
                < height(line.region).saturating_mul(6);
        let titles = candidates.labels_at(above).iter().filter(|label| {
            let kind = matches!(label.role, Role::IsInvoice | Role::IsCreditNote | Role::IsReceipt)
                && label.weight >= 6;
            // `Facture du 3 mai` is a label of its date.
            let dated = label.role == Role::Date && signed && says_bill(line, label.from);
            kind || dated
        });
        let cells = line.cell_spans();
        let mut alone = titles.filter(|label| {
            cells.iter().any(|cell| {
                cell.from == label.from
                    && cell.to <= label.to.saturating_add(2)
                    && share_column(cell.region, region)
            })
        });
        near && alone.next().is_some()
    })?;
    i32::try_from(found).ok()
}

/// Returns whether a word is the title of a bill.
fn says_bill(line: &Line, at: usize) -> bool {
    let roles = line.tokens.get(at).map_or(&[][..], |token| lexicon().roles(&token.folded));
    roles.iter().any(|(role, weight)| *role == Role::IsInvoice && *weight >= 7)
}

/// Returns the number that a cell of one word is.
fn lone_id(
    candidates: &Candidates,
    at: usize,
    line: &Line,
    cell: &Cell,
) -> Option<(String, Region)> {
    let first = line.tokens.get(cell.from)?;
    let from = cell.from + usize::from(SERIES.contains(&first.text.as_str()));
    let token = line.tokens.get(from).filter(|_| cell.to == from.saturating_add(1))?;
    let value = whole_id(line, from, cell.from)?;
    let dated = candidates.dates.iter().any(|date| date.line == at && date.from == from);
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let year = value.len() == 4 && (value.starts_with("19") || value.starts_with("20"));
    (!dated && !year && digits >= 3 && digits.saturating_mul(2) >= value.len())
        .then_some((value, token.region))
}

fn id_in(line: &Line, (from, to): (usize, usize)) -> Option<(String, Region)> {
    let mut tokens = line.tokens.iter().enumerate().take(to).skip(from).take(3);
    tokens.find_map(|(at, token)| Some((whole_id(line, at, from)?, token.region)))
}

/// Returns a number that no label announces: in the head, in large letters or again elsewhere, of
/// parts as numbers of documents have them, `RX-2031-00417`.
fn by_shape(layout: &Layout, candidates: &Candidates) -> Option<Placed<String>> {
    let typical = layout.letter_height();
    layout.lines.iter().enumerate().find_map(|(at, line)| {
        let upper = line.page == 1 && layout.depth(line) < 400;
        let mut cells = line.cell_spans().into_iter().filter(|_| upper);
        cells.find_map(|cell| {
            let (value, region) = lone_id(candidates, at, line, &cell)?;
            let labels = candidates.labels_at(at).iter();
            let named =
                labels.clone().any(|label| label.to == cell.from && label.role != Role::Customer);
            let large = height(region).saturating_mul(10) > typical.saturating_mul(13);
            let again =
                stands_elsewhere(layout, at, &value) || is_by_date(layout, candidates, at, region);
            let (page, rule, confidence) = (line.page, "number by its shape", 45);
            let sure = is_numbered(&value) && !is_telephone(&value) && !named && (large || again);
            sure.then_some(Placed { value, page, region, confidence, rule })
        })
    })
}

/// Returns whether a number begins as one of a telephone: `PH-22725995`.
fn is_telephone(value: &str) -> bool {
    const SIGNS: [&str; 6] = ["PH", "TEL", "FAX", "MOB", "PHONE", "MOBILE"];
    let head = value.split(['-', '.', '/']).next().unwrap_or_default().to_uppercase();
    SIGNS.contains(&head.as_str())
}

/// Returns whether a date stands alone right above or below a place: the block of a letter that says
/// which one it is, and of when.
fn is_by_date(layout: &Layout, candidates: &Candidates, at: usize, region: Region) -> bool {
    let near = |other: &usize| {
        layout.lines.get(*other).is_some_and(|line| {
            let apart = line.region.top.max(region.top);
            apart.saturating_sub(line.region.bottom.min(region.bottom)) < height(region) * 2
        })
    };
    let dated = |other: usize| {
        let mut dates = candidates.dates.iter().filter(|date| date.line == other);
        let cells = layout.lines.get(other).map(Line::cell_spans).unwrap_or_default();
        dates.any(|date| {
            cells.iter().any(|cell| {
                (cell.from..cell.to).contains(&date.from) && share_column(cell.region, region)
            })
        })
    };
    let beside = [at.checked_sub(1), at.checked_add(1)].into_iter().flatten();
    beside.filter(near).any(dated)
}

/// Returns whether a text has the parts of a document's number: a year or letters, and a count.
fn is_numbered(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['-', '/']).collect();
    let count = |part: &&str| part.len() >= 2 && part.chars().all(|c| c.is_ascii_digit());
    let year = |part: &&str| part.len() == 4 && (part.starts_with("19") || part.starts_with("20"));
    let lettered =
        |part: &&str| part.starts_with(|c: char| c.is_ascii_uppercase()) && part.len() <= 5;
    let last = parts.last().filter(|part| count(part));
    (2..=4).contains(&parts.len())
        && last.is_some()
        && parts.first().is_some_and(|first| year(first) || lettered(first))
}

fn stands_elsewhere(layout: &Layout, at: usize, value: &str) -> bool {
    let wanted = format!(" {} ", fold(value));
    let mut others = layout.lines.iter().enumerate().filter(|(other, _)| *other != at);
    others.any(|(_, line)| format!(" {} ", fold(&line.text())).contains(&wanted))
}

/// Returns whether the words of a label are, or begin with, those for a credit note.
#[must_use]
pub fn names_credit(candidates: &Candidates, at: usize, line: &Line, label: &Label) -> bool {
    let same = candidates.labels_at(at).iter();
    let titled = |from: usize, to: usize| {
        let words = fold(&line.text_between(from, to));
        lexicon().roles(&words).iter().any(|(role, _)| *role == Role::IsCreditNote)
    };
    same.filter(|other| other.role == Role::IsCreditNote).any(|other| other.from == label.from)
        || (label.from..label.to).any(|last| titled(label.from, last.saturating_add(1)))
}

/// In a sentence the number follows its label after at most so many words.
const CLAUSE: usize = 6;

/// Returns the first word after a label that looks like a number of a document; behind a strong
/// label it may end a clause: `the invoice number for this order is M-2671`.
fn id_after(
    candidates: &Candidates,
    at: usize,
    line: &Line,
    (from, strong): (usize, bool),
) -> Option<(String, Region)> {
    let end = candidates
        .labels_at(at)
        .iter()
        .filter(|label| label.from >= from && label.role != Role::Number)
        .map(|label| label.from)
        .min()
        .unwrap_or(usize::MAX);
    // `Invoice number: 2026/10/07`, and the date elsewhere.
    let other = candidates.dates.iter().any(|date| date.line != at);
    // Eight digits alone are a number here: `Invoice No. 20220327`.
    let plain = |index: usize| {
        (strong || other) && line.tokens.get(index).is_some_and(|token| is_count(&token.text))
    };
    let dated = |index: usize| {
        let mut own = candidates.dates.iter().filter(|date| date.line == at);
        let counted = line.tokens.get(index).is_some_and(|token| is_count_of_a_month(&token.text));
        own.any(|date| date.from == index) && !plain(index) && !counted
    };
    let first =
        line.tokens.get(from).filter(|token| strong && other && begins_with_year(&token.text));
    if let Some(first) = first.filter(|_| end > from) {
        return Some((first.text.clone(), first.region));
    }
    let near = line.tokens.iter().enumerate().skip(from).take(3);
    let before = from.checked_sub(1).and_then(|last| line.tokens.get(last));
    let near =
        near.take_while(|(index, _)| *index < end && !dated(*index)).find_map(|(index, token)| {
            let value = whole_id(line, index, from)?;
            let value = with_letter(line, (index, from), strong, value);
            // A title beside `Page 1` has no number there.
            let apart = before.is_some_and(|label| label.cell != token.cell);
            let counted = !strong && apart && index > from && value.len() <= 2;
            // `51 Maple Terrace` in the next column is a house.
            let next = line.tokens.get(index.saturating_add(1));
            let housed = next.is_some_and(|next| next.cell == token.cell && is_name(&next.text));
            let house = apart && housed && value.len() <= 4 && is_count(&value);
            (!counted && !house).then_some((value, token.region))
        });
    near.or_else(|| if strong { id_in_clause(line, from) } else { None })
}

/// Returns whether a text is a word as names have them: `Maple`.
fn is_name(text: &str) -> bool {
    text.starts_with(char::is_uppercase) && is_word(text)
}

fn is_count(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit())
}

/// Returns whether a text is a year, a month or a part, and a count, with slashes: `2026/10/07`.
fn begins_with_year(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['/', '-']).collect();
    let digits = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let year = parts.first().is_some_and(|year| year.len() == 4 && year.starts_with("20"));
    year && parts.len() == 3 && parts.iter().all(digits)
}

/// Returns whether a text is a count with its month and year: `412/04/2025`.
fn is_count_of_a_month(text: &str) -> bool {
    let parts: Vec<&str> = text.split('/').collect();
    let digits = parts.iter().all(|part| part.chars().all(|c| c.is_ascii_digit()));
    digits
        && matches!(parts.as_slice(), [count, month, year]
        if count.len() >= 3 && (1..=2).contains(&month.len()) && year.len() == 4)
}

/// Returns the number that a sentence comes to after its label.
fn id_in_clause(line: &Line, from: usize) -> Option<(String, Region)> {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
    let words = line.tokens.get(from..)?.iter().take(CLAUSE);
    let at = words.clone().position(|token| digits(&token.text) >= 3)?;
    let mut between = words.clone().take(at);
    let prose = between.clone().any(|token| lexicon().is_function_word(&token.folded));
    let clear = prose && between.all(|token| !token.text.ends_with([':', '.', ',']));
    let token = words.clone().nth(at).filter(|_| clear)?;
    Some((id(&token.text)?, token.region))
}
