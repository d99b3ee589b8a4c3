//! Cells with two labels over cells with two values: `Invoice no. / Date` over `123 / 3 May 2026`; and
//! rows of values under as many heads.

use super::lines::{Cell, Layout, Line, height, share_column};

/// The part of a cell between the marks that part it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Its line.
    pub line: usize,
    /// Its first word.
    pub from: usize,
    /// The word after its last.
    pub to: usize,
}

/// Returns whether a word is a mark that parts labels or values.
#[must_use]
pub fn is_mark(text: &str) -> bool {
    matches!(text, "/" | "|")
}

/// Rows of fewer cells are no table.
const COLUMNS: usize = 3;
/// A head may be wrapped to so many lines.
const REACH: usize = 3;

/// Returns the part below one that holds a word: the same of as many in the cell below, else all of
/// the cell below where a row has as many cells as the other.
#[must_use]
pub fn below(layout: &Layout, at: usize, word: usize) -> Option<Part> {
    let mut lines = (1..=REACH).filter_map(|down| at.checked_add(down));
    let next = at.checked_add(1)?;
    lines
        .find_map(|other| part(layout, (at, word), other))
        .or_else(|| cell(layout, (at, word), next))
}

/// Returns the part above one that holds a word: the same of as many in the cell above, else all of
/// the cell above where a row has as many cells as the other.
#[must_use]
pub fn above(layout: &Layout, at: usize, word: usize) -> Option<Part> {
    let mut lines = (1..=REACH).filter_map(|up| at.checked_sub(up));
    lines.find_map(|other| part(layout, (at, word), other))
}

/// Returns the cell above one that holds a word, where the two rows have as many cells: values may be
/// set to the other edge of their column than its head.
#[must_use]
pub fn cell_above(layout: &Layout, at: usize, word: usize) -> Option<Part> {
    cell(layout, (at, word), at.checked_sub(1)?)
}

fn part(layout: &Layout, (at, word): (usize, usize), other: usize) -> Option<Part> {
    let (own, next) = near(layout, at, other)?;
    let spans = own.cell_spans();
    let cell = spans.iter().find(|cell| (cell.from..cell.to).contains(&word))?;
    let parts = parts(own, cell);
    let index = parts.iter().position(|(from, to)| (*from..*to).contains(&word))?;
    let others = next.cell_spans();
    let under = others.iter().find(|other| share_column(other.region, cell.region))?;
    let same = self::parts(next, under);
    let (from, to) = same.get(index).copied().filter(|_| parts.len() > 1)?;
    (same.len() == parts.len() && from < to).then_some(Part { line: other, from, to })
}

fn cell(layout: &Layout, (at, word): (usize, usize), other: usize) -> Option<Part> {
    let (own, next) = near(layout, at, other)?;
    let (cells, others) = (own.cell_spans(), next.cell_spans());
    let index = cells.iter().position(|cell| (cell.from..cell.to).contains(&word))?;
    let cell =
        others.get(index).filter(|_| cells.len() == others.len() && cells.len() >= COLUMNS)?;
    Some(Part { line: other, from: cell.from, to: cell.to })
}

/// Returns two lines of a page that stand close.
fn near(layout: &Layout, at: usize, other: usize) -> Option<(&Line, &Line)> {
    let (own, next) = (layout.lines.get(at)?, layout.lines.get(other)?);
    let (top, bottom) =
        (own.region.top.max(next.region.top), own.region.bottom.min(next.region.bottom));
    let gap = top.saturating_sub(bottom);
    let close = gap <= height(own.region).saturating_mul(5) / 2;
    (own.page == next.page && close).then_some((own, next))
}

/// Returns the parts of a cell, each from its first word to the one after its last.
fn parts(line: &Line, cell: &Cell) -> Vec<(usize, usize)> {
    let mut parts = vec![(cell.from, cell.from)];
    for at in cell.from..cell.to {
        let mark = line.tokens.get(at).is_some_and(|token| is_mark(&token.text));
        let next = at.saturating_add(1);
        match parts.last_mut() {
            Some(_) if mark => parts.push((next, next)),
            Some((_, to)) => *to = next,
            None => {}
        }
    }
    parts
}
