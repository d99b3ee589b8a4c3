//! Papers that look like a bill and are none by their own word: pro forma invoices, reminders, statements,
//! and forms that nobody has filled in.

use super::{
    candidates::{Candidates, Label},
    lexicon::{Role, is_number_sign},
    lines::{Cell, Layout, Line, height},
    titles::{Titled, titled_otherwise},
};

/// From this weight on a title says what a paper is, whatever else stands on it.
const DECISIVE: u8 = 12;
/// The title of a paper stands in this upper part of its first page, in thousandths.
const HEAD: i32 = 450;
/// So many marks at least make the line that is written on.
const LINE: usize = 4;
/// A paper with so many places to fill in is a form.
const FORM: usize = 3;

/// Returns whether a paper says itself that it is no bill.
#[must_use]
pub fn is_disowned(layout: &Layout, candidates: &Candidates) -> bool {
    let instead = titled_otherwise(layout) >= Some(Titled::Instead);
    instead || is_titled_so(layout, candidates) || is_blank(layout, candidates)
}

/// Returns whether the title is that of a paper that looks like a bill, and no title of a bill stands
/// beside it: `Proforma PF-12` on an invoice is what it was made from.
fn is_titled_so(layout: &Layout, candidates: &Candidates) -> bool {
    let titled = |role: Role, weight: u8| {
        let heads = layout
            .lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.page == 1 && layout.depth(line) < HEAD);
        heads.into_iter().any(|(at, line)| {
            let labels = candidates.labels_at(at).iter();
            let mut fitting = labels.filter(|label| label.role == role && label.weight >= weight);
            fitting.any(|label| is_title(layout, line, label))
        })
    };
    titled(Role::IsOther, DECISIVE) && !titled(Role::IsInvoice, 7)
}

/// Returns whether a label is all of its cell but for a number, and the cell all of its line or in
/// large letters.
fn is_title(layout: &Layout, line: &Line, label: &Label) -> bool {
    let counts = |from: usize, to: usize| {
        line.tokens.iter().take(to).skip(from).all(|token| {
            is_number_sign(&token.folded)
                || token.folded.is_empty()
                || token.text.contains(|c: char| c.is_ascii_digit())
        })
    };
    let own = |cell: &&Cell| cell.from == label.from && cell.to >= label.to;
    let field = line.tokens.get(label.from..label.to).and_then(<[_]>::last);
    let field = field.is_some_and(|token| token.text.ends_with(':'));
    line.cell_spans().iter().find(own).is_some_and(|cell| {
        let alone = counts(cell.to, line.tokens.len()) && cell.from == 0;
        let large =
            height(cell.region).saturating_mul(10) > layout.letter_height().saturating_mul(13);
        counts(label.to, cell.to) && (alone || large) && !field
    })
}

/// Returns whether a form has places to fill in, and amounts of nothing.
fn is_blank(layout: &Layout, candidates: &Candidates) -> bool {
    let money = || candidates.amounts.iter().filter(|found| found.is_money);
    let filled = money().filter(|found| !found.value.is_zero()).count();
    let tokens = || layout.lines.iter().flat_map(|line| &line.tokens);
    let is_line = |text: &str| text.len() >= LINE && text.chars().all(|c| c == '_');
    let lines = tokens().filter(|token| is_line(token.text.trim_end_matches(':'))).count();
    let pattern = |folded: &str| {
        matches!(
            folded,
            "dd mm yyyy"
                | "mm dd yyyy"
                | "yyyy mm dd"
                | "tt mm jjjj"
                | "jj mm aaaa"
                | "gg mm aaaa"
                | "dd mm aaaa"
                | "dd mm jjjj"
        )
    };
    let patterns = tokens().filter(|token| pattern(&token.folded)).count();
    let cells = layout.lines.iter().flat_map(Line::cells);
    let holders = cells.filter(|(text, _)| is_placeholder(text)).count().saturating_add(patterns);
    let nothing = filled == 0 && (money().next().is_some() || lines >= FORM || holders >= 2);
    nothing || holders >= FORM || (lines > FORM && filled < FORM)
}

/// Returns whether a text stands where another is to be put: `[Company name]`, `{{number}}`.
fn is_placeholder(text: &str) -> bool {
    let inner = [("[", "]"), ("{{", "}}"), ("<", ">"), ("«", "»")]
        .iter()
        .find_map(|(from, to)| text.rsplit_once(*from).and_then(|(_, rest)| rest.strip_suffix(to)));
    inner.is_some_and(|inner| inner.chars().filter(|c| c.is_alphabetic()).count() >= 4)
}
