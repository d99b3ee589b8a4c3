//! Values separated by commas, semicolons, tabs or bars, in the encodings that programs save.

use super::grid::Grid;
use crate::{Limits, read::einvoice::decode};
use csv::ReaderBuilder;
use domain::document::{Cell, Obstacle, Table};

const SEPARATORS: [u8; 4] = [b';', b'\t', b',', b'|'];
/// How much of a file decides whether it is a table.
const HEAD_BYTES: usize = 64 * 1024;

/// Returns whether a text is a table: most of its rows have the same number of cells.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    let cut = bytes.len() > HEAD_BYTES;
    let head = bytes.get(..bytes.len().min(HEAD_BYTES)).unwrap_or_default();
    let Some(text) = text(head, cut) else { return false };
    // JSON and web pages have separators too.
    !text.trim_start().starts_with(['{', '[', '<']) && separator(&text).is_some()
}

/// Reads the one table of a file. Every cell is text: nothing here knows a number from a code.
///
/// # Errors
///
/// An [`Obstacle`].
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Table>, Obstacle> {
    let text = text(bytes, false).ok_or(Obstacle::Broken)?;
    let separator = separator(&text).ok_or(Obstacle::Broken)?;
    let mut grid = Grid::new("", limits, 0);
    let body = body(&text);
    let mut reader = ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(body.as_bytes());
    for (row, record) in reader.records().enumerate() {
        let record = record.map_err(|_| Obstacle::Broken)?;
        for (column, cell) in record.iter().enumerate() {
            grid.put(row, column, Cell::Text(unguarded(cell.trim()).to_owned()))?;
        }
    }
    Ok(grid.finish().into_iter().collect())
}

/// Returns a cell without the sign that keeps spreadsheets from running it: `="0012"`, `'=1`.
fn unguarded(cell: &str) -> &str {
    let quoted = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    let guarded = cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@']));
    quoted.or(guarded).unwrap_or(cell)
}

/// Returns the text after a first line that only names the separator.
fn body(text: &str) -> &str {
    match text.split_once('\n') {
        Some((first, rest)) if named(first).is_some() => rest,
        _ => text,
    }
}

fn named(line: &str) -> Option<u8> {
    let sign = line.trim_end_matches('\r').trim_matches('"').strip_prefix("sep=")?;
    let sign = *sign.as_bytes().first()?;
    SEPARATORS.contains(&sign).then_some(sign)
}

/// Returns the text of a file; nothing for what is no text. `cut` forgives half a letter at the end.
fn text(bytes: &[u8], cut: bool) -> Option<String> {
    let text = match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0xef, 0xbb, 0xbf, ..] => decode::to_text(bytes),
        // UTF-16 without a mark: every other byte of Western text is zero.
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => {
            decode::to_text(&[&[0xff, 0xfe], bytes].concat())
        }
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(error) if cut && error.error_len().is_none() => {
                String::from_utf8_lossy(bytes.get(..error.valid_up_to())?).into_owned()
            }
            Err(_) => bytes.iter().copied().map(decode::latin).collect(),
        },
    };
    let odd = text.chars().filter(|c| c.is_control() && !"\r\n\t".contains(*c)).count();
    (odd == 0 && !text.trim().is_empty()).then_some(text)
}

/// Returns the separator that makes the most even table of a text.
fn separator(text: &str) -> Option<u8> {
    if let Some(named) = text.lines().next().and_then(named) {
        return Some(named);
    }
    SEPARATORS
        .into_iter()
        .filter_map(|separator| Some((evenness(text, separator)?, separator)))
        .max_by_key(|((share, cells), separator)| (*share, *cells, *separator == b';'))
        .map(|(_, separator)| separator)
}

/// Returns the share of rows, of a hundred, that have the most common number of cells, and that
/// number; nothing where that is one, where there is but one row, or where rows differ too much.
fn evenness(text: &str, separator: u8) -> Option<(usize, usize)> {
    let mut reader = ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let records: Vec<csv::StringRecord> = reader
        .records()
        .take(200)
        .filter_map(Result::ok)
        .filter(|record| record.iter().any(|cell| !cell.trim().is_empty()))
        .collect();
    if is_prose(&records) {
        return None;
    }
    let widths: Vec<usize> = records.iter().map(csv::StringRecord::len).collect();
    let most = widths
        .iter()
        .map(|width| (widths.iter().filter(|other| *other == width).count(), *width))
        .filter(|(_, width)| *width > 1)
        .max()?;
    let share = most.0.saturating_mul(100).checked_div(widths.len())?;
    let needed = if separator == b',' || separator == b'|' { 70 } else { 40 };
    (widths.len() > 1 && most.0 > 1 && share >= needed).then_some((share, most.1))
}

/// Returns whether the marks part clauses and not values: after them comes a space, or there is not
/// one digit anywhere.
fn is_prose(records: &[csv::StringRecord]) -> bool {
    let spaced = |record: &&csv::StringRecord| {
        record.len() > 1 && record.iter().skip(1).all(|cell| cell.starts_with(' '))
    };
    let several = records.iter().filter(|record| record.len() > 1).count();
    let clauses = records.iter().filter(spaced).count().saturating_mul(2) > several;
    let digit = |cell: &str| cell.contains(|c: char| c.is_ascii_digit());
    clauses || !records.iter().any(|record| record.iter().any(digit))
}
