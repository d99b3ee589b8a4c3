//! The cells that may hold the vendor's name.

use super::{
    super::{
        candidates::{Candidates, Label},
        lexicon::{Role, lexicon},
        lines::{Cell, Layout, Line, height, share_column, union},
        places::{ends_address, has_street, is_address, is_field, is_greeting},
        table,
    },
    name::name_in,
    pictured::{is_pictured, is_spaced},
};
use domain::{document::Region, names::fold};

/// A name that a cell may hold.
#[derive(Debug, Clone)]
pub struct Contender {
    /// Its line; the first one where it stands on two.
    pub at: usize,
    /// Where.
    pub region: Region,
    /// The region with the label before it.
    pub column: Region,
    /// The name.
    pub name: String,
    /// Whether a label such as `Name:` stands before it in its cell.
    pub named: bool,
    /// Whether a label of the seller stands before it in its cell.
    pub sold: bool,
    /// How sure its letters are.
    pub confidence: u8,
    /// Whether nothing else is on its line.
    pub alone: bool,
}

/// Returns all contenders, also those that two lines make together.
#[must_use]
pub fn contenders(layout: &Layout, candidates: &Candidates) -> Vec<Contender> {
    let mut found: Vec<Contender> = Vec::new();
    // What is sold is not who sells; pixels may show a head where none is.
    let table = table::table(layout, candidates).filter(|_| !layout.from_pixels);
    let in_table = |at: usize| table.as_ref().is_some_and(|lines| lines.contains(&at));
    for (at, line) in layout.lines.iter().enumerate().filter(|(at, _)| !in_table(*at)) {
        for cell in line.cell_spans() {
            found.extend(contender(candidates, at, line, &cell));
            found.extend(seller_within(candidates, at, line, &cell));
        }
    }
    let town = |one: &Contender| {
        one.name.starts_with(|c: char| c.is_ascii_digit())
            && ends_address(&one.name)
            && !lexicon().has_legal_form(&one.name)
    };
    let other = |one: &Contender| {
        goes_on(layout, one)
            || is_value(layout, one)
            || town(one)
            || is_heading(&one.name)
            || is_titled(candidates, one)
            || if is_pictured(one) { is_spaced(&one.name) } else { is_open(&one.name) }
    };
    let paid = |one: &Contender| is_paid(candidates, one) || is_column(candidates, one);
    found.retain(|one| !is_day(&one.name) && !paid(one) && (layout.from_pixels || !other(one)));
    let joined: Vec<Contender> = found
        .iter()
        .flat_map(|one| found.iter().filter_map(move |next| joined(layout.from_pixels, one, next)))
        .collect();
    found.extend(joined);
    found
}

/// Returns the name behind a label of the seller in the midst of a cell: `Date: 3 May Seller: Hill
/// Foods`.
fn seller_within(
    candidates: &Candidates,
    at: usize,
    line: &Line,
    cell: &Cell,
) -> Option<Contender> {
    let labels = candidates.labels_at(at);
    let label = labels.iter().find(|label| {
        let inside = label.from > cell.from && label.to < cell.to;
        let phrase = label.to.saturating_sub(label.from) >= 2;
        label.role == Role::Vendor && label.weight >= 7 && inside && (phrase || colon(line, label))
    })?;
    let next = labels.iter().filter(|next| next.from > label.to && colon(line, next));
    let to = next.map(|next| next.from).min().unwrap_or(cell.to).min(cell.to);
    let name = name_in(&line.text_between(label.to, to))?;
    let tokens = || line.tokens.iter().take(to).skip(label.to);
    let region = tokens().map(|token| token.region).reduce(union)?;
    let confidence = tokens().map(|token| token.confidence).min().unwrap_or(100);
    // In a sentence somebody is paid who need not sell.
    let (named, sold, alone) = (false, colon(line, label), false);
    Some(Contender { at, region, column: region, name, named, sold, confidence, alone })
}

/// Returns whether a text is the value of a label that is not about a party, `Province: Kent`.
fn is_value(layout: &Layout, one: &Contender) -> bool {
    let own = |cell: &Cell| cell.region == one.region;
    let labelled = layout.lines.get(one.at).is_some_and(|line| {
        let cells = line.cell_spans();
        let mut first = cells.iter().filter(|cell| own(cell)).flat_map(|cell| {
            let words = line.tokens.iter().take(cell.to).skip(cell.from);
            words.take(2)
        });
        first.any(|token| token.text.ends_with(':'))
    });
    labelled && !one.named && !one.sold && !lexicon().has_legal_form(&one.name)
}

/// Returns whether a text ends in a word that another has to follow, as a head of a column that goes
/// on in the next line does: `Condições de`.
fn is_open(name: &str) -> bool {
    const WORDS: [&str; 16] = [
        "de", "do", "da", "del", "des", "du", "di", "of", "for", "von", "van", "para", "per",
        "pour", "and", "und",
    ];
    let words = fold(name);
    words.contains(' ') && words.rsplit(' ').next().is_some_and(|last| WORDS.contains(&last))
}

/// Returns whether a name begins with the title of the document: `Fatura Nord`.
fn is_titled(candidates: &Candidates, one: &Contender) -> bool {
    let title = |role: Role| matches!(role, Role::IsInvoice | Role::IsCreditNote);
    let begins = candidates.labels_at(one.at).iter().any(|label| {
        title(label.role) && label.weight >= 6 && label.region.left == one.region.left
    });
    begins && !one.named && !one.sold && !lexicon().has_legal_form(&one.name)
}

/// Returns whether a name is the street at the front of an address: `B. M. Road, Pune 411001`.
pub fn is_street(layout: &Layout, one: &Contender) -> bool {
    let cells = layout.lines.get(one.at).map(Line::cells).unwrap_or_default();
    let mut own = cells.iter().filter(|(_, region)| *region == one.region);
    let begins = |text: &String| text.starts_with(&one.name) && is_address(text);
    has_street(&fold(&one.name))
        && own.any(|(text, _)| begins(text))
        && !lexicon().has_legal_form(&one.name)
}

/// Returns whether a name is the head of a column of items; `Total` is one beside other heads.
fn is_column(candidates: &Candidates, one: &Contender) -> bool {
    use Role::{Amount, Description, Gross, Price, Quantity};
    let roles = lexicon().roles(&fold(&one.name));
    let is = |role: Role| matches!(role, Quantity | Price | Amount | Description);
    let beside = || {
        let labels = candidates.labels_at(one.at).iter();
        labels.filter(|label| label.weight >= 5).any(|label| {
            matches!(label.role, Quantity | Price | Description) && label.region != one.region
        })
    };
    roles.iter().any(|(role, weight)| *weight >= 7 && is(*role))
        || roles.iter().any(|(role, _)| matches!(role, Gross | Amount)) && beside()
}

/// Returns whether a name is the label of a sum or of a payment with its amount: `Tender Type Visa 26.29`.
fn is_paid(candidates: &Candidates, one: &Contender) -> bool {
    let kind = |role: Role| {
        use Role::{Card, Cash, Change, Gross, Net, Tax};
        matches!(role, Card | Cash | Change | Gross | Net | Tax)
    };
    let begins = candidates
        .labels_at(one.at)
        .iter()
        .any(|label| kind(label.role) && label.region.left == one.region.left);
    begins && candidates.amounts_at(one.at).any(|found| found.is_money)
}

/// Returns whether a name is a day without its year, as what stands before a comma: `April 6`.
fn is_day(name: &str) -> bool {
    let folded = fold(name);
    let words: Vec<&str> = folded.split(' ').collect();
    let month = |word: &&&str| lexicon().months.iter().any(|(month, _)| month == **word);
    let number = |word: &&&str| word.chars().all(|c| c.is_ascii_digit());
    let (months, numbers) =
        (words.iter().filter(month).count(), words.iter().filter(number).count());
    months == 1 && numbers >= 1 && months.saturating_add(numbers) == words.len()
}

/// Returns whether a name is nothing but a title or the label of a date or number.
fn is_heading(name: &str) -> bool {
    let heads = |role: Role| {
        use Role::{
            Date, DueDate, IsCreditNote, IsInvoice, IsReceipt, Number, OtherDate, OtherNumber,
        };
        matches!(
            role,
            Date | DueDate
                | OtherDate
                | Number
                | OtherNumber
                | IsInvoice
                | IsReceipt
                | IsCreditNote
        )
    };
    let roles = lexicon().roles(&fold(name)).iter();
    roles.filter(|(_, weight)| *weight >= 7).any(|(role, _)| heads(*role))
}

/// Returns whether a text goes on with the sentence of the line above: it begins with a small
/// letter right below several words at its own left edge.
fn goes_on(layout: &Layout, one: &Contender) -> bool {
    let above = one.at.checked_sub(1).and_then(|at| layout.lines.get(at));
    one.name.starts_with(char::is_lowercase)
        && above.is_some_and(|line| {
            let edge = line.region.left.saturating_sub(one.region.left).abs();
            let gap = one.region.top.saturating_sub(line.region.bottom);
            line.tokens.len() >= 4 && edge < height(one.region) && gap < height(one.region)
        })
}

/// Joins a name to what stands right below it in letters of the same size.
fn joined(from_pixels: bool, one: &Contender, next: &Contender) -> Option<Contender> {
    let (high, other) = (height(one.region), height(next.region));
    let alike = high.saturating_mul(10) < other.saturating_mul(13)
        && other.saturating_mul(10) < high.saturating_mul(13);
    let gap = next.region.top.saturating_sub(one.region.bottom);
    let close = gap < high.saturating_mul(3) / 2 && one.at.checked_add(1) == Some(next.at);
    // The letters of a letterhead may stand beside a title.
    let drawn = !from_pixels && is_pictured(one) && is_pictured(next);
    let alone = drawn || one.alone && next.alone;
    let plain = !one.named && !next.named && !next.sold && alone;
    (alike && close && plain && share_column(one.region, next.region)).then(|| Contender {
        region: union(one.region, next.region),
        column: union(one.column, next.column),
        name: format!("{} {}", one.name, next.name),
        confidence: one.confidence.min(next.confidence),
        ..one.clone()
    })
}

/// Returns the name in a cell, without the labels before and after it.
#[must_use]
pub fn contender(
    candidates: &Candidates,
    at: usize,
    line: &Line,
    cell: &Cell,
) -> Option<Contender> {
    let labels = candidates.labels_at(at);
    if is_label(line, labels, cell) {
        return None;
    }
    let opening = |role: Role| {
        labels.iter().find(|label| {
            let words = label.to.saturating_sub(label.from);
            let plain = match role {
                Role::Customer => label.weight >= 9,
                // `Payable to Hill Ltd`: a phrase needs no colon.
                Role::Vendor => label.weight >= 7 && words >= 2,
                _ => false,
            };
            let said = colon(line, label) || plain;
            let inside = label.from == cell.from && label.to < cell.to && said;
            let before = label.to == cell.from && (colon(line, label) || alone(line, label));
            label.role == role && (inside || before)
        })
    };
    // The head of a block is nobody's name.
    let party =
        |label: &&Label| matches!(label.role, Role::Customer | Role::Vendor) && label.weight >= 6;
    if labels.iter().filter(party).any(|label| label.from == cell.from && label.to == cell.to) {
        return None;
    }
    // A label in the cell says more than one before it.
    let own = |label: &&Label| label.role == Role::Vendor && label.from == cell.from;
    let sells = labels.iter().any(|label| own(&label));
    if opening(Role::Customer).is_some_and(|label| label.from >= cell.from || !sells) {
        return None;
    }
    let (named, sold) = (opening(Role::Name), opening(Role::Vendor));
    let from = named.or(sold).map_or(cell.from, |label| label.to);
    let column = named.map_or(cell.region, |label| union(label.region, cell.region));
    // A title behind the name, as in `Musterholz Rechnung`, is no part of it.
    let titles = [Role::IsInvoice, Role::IsReceipt, Role::IsCreditNote];
    let title = labels.iter().find(|label| {
        titles.contains(&label.role)
            && label.weight >= 7
            && label.from > from
            && label.to == cell.to
    });
    // `September 1, 2025`
    let dated = candidates.dates.iter().any(|date| (date.line, date.from) == (at, from));
    if dated || is_nobody(candidates, at, (from, cell.to)) {
        return None;
    }
    let to = title.or_else(|| number_behind(labels, line, (from, cell.to)));
    let to = to.map_or(cell.to, |label| label.from);
    let name = name_in(&line.text_between(from, to))
        .filter(|name| !is_greeting(&fold(name)) && !is_head_of_block(name))?;
    // The end of a sentence, `payable to Hill Foods.`, is not that of the name.
    let told = sold.is_some_and(|label| !colon(line, label)) && !lexicon().has_legal_form(&name);
    let name = if told { name.trim_end_matches('.').to_owned() } else { name };
    let tokens = line.tokens.iter().take(to).skip(from);
    let confidence = tokens.map(|token| token.confidence).min().unwrap_or(100);
    let (named, sold) = (named.is_some(), sold.is_some());
    let count = cell.to.saturating_sub(cell.from);
    let alone = count == line.tokens.len();
    Some(Contender { at, region: cell.region, column, name, named, sold, confidence, alone })
}

/// Returns whether a name only says what a block or a row of a form is about: `Address`, `Datos del
/// usuario`.
fn is_head_of_block(name: &str) -> bool {
    const LAST: [&str; 6] =
        ["details", "information", "info", "particulars", "summary", "instructions"];
    let folded = fold(name);
    let ends = folded.rsplit_once(' ').is_some_and(|(_, last)| LAST.contains(&last));
    (ends || is_field(&folded)) && !lexicon().has_legal_form(name)
}

/// Returns whether words are a title, a label of several words, or that of the amount beside it.
fn is_nobody(candidates: &Candidates, at: usize, (from, to): (usize, usize)) -> bool {
    let priced = candidates.amounts_at(at).any(|found| found.is_money);
    candidates.labels_at(at).iter().filter(|label| label.from == from && label.to == to).any(
        |label| {
            let title =
                matches!(label.role, Role::IsInvoice | Role::IsReceipt | Role::IsCreditNote);
            let total = matches!(label.role, Role::Gross | Role::Net | Role::Tax | Role::Due);
            let party = matches!(label.role, Role::Vendor | Role::Name | Role::Service);
            let phrase = to.saturating_sub(from) >= 2 && label.weight >= 7 && !party;
            title || phrase || (priced && total && label.weight >= 6)
        },
    )
}

/// Returns whether a cell is a label itself, or the value of one that is not about a party.
fn is_label(line: &Line, labels: &[Label], cell: &Cell) -> bool {
    let ends = |at: Option<usize>| {
        at.and_then(|at| line.tokens.get(at)).is_some_and(|token| token.text.ends_with(':'))
    };
    // In a table of labels the colons may have a column of their own.
    let followed = line.tokens.get(cell.to).is_some_and(|next| next.text.starts_with(':'));
    let is_party = |label: &Label| {
        label.to == cell.from && matches!(label.role, Role::Name | Role::Vendor | Role::Customer)
    };
    // `Contact: Max Hill`.
    let value = ends(cell.from.checked_sub(1)) && !labels.iter().any(is_party);
    ends(cell.to.checked_sub(1)) || followed || value
}

/// Returns the label of a number of a register or a tax number that follows a name in its cell, as
/// in `Musterholz KvK 12345678`.
fn number_behind<'a>(
    labels: &'a [Label],
    line: &Line,
    (from, to): (usize, usize),
) -> Option<&'a Label> {
    let counted = |at: usize| {
        let rest = line.tokens.iter().take(to).skip(at);
        rest.take(2).any(|token| token.text.chars().filter(char::is_ascii_digit).count() >= 5)
    };
    labels.iter().find(|label| {
        matches!(label.role, Role::OtherNumber | Role::TaxId)
            && label.weight >= 7
            && label.from > from
            && label.to < to
            && counted(label.to)
    })
}

/// Returns whether a label ends with a colon.
#[must_use]
pub fn colon(line: &Line, label: &Label) -> bool {
    let last = label.to.checked_sub(1).and_then(|last| line.tokens.get(last));
    last.is_some_and(|token| token.text.ends_with(':'))
}

/// Returns whether a label has a cell of its own.
#[must_use]
pub fn alone(line: &Line, label: &Label) -> bool {
    line.cell_spans().iter().any(|cell| cell.from == label.from && cell.to == label.to)
}
