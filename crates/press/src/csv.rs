//! Invoices as CSV, safe to open in a spreadsheet and lossless to read back.
//!
//! A text that a spreadsheet would run as a formula gets an apostrophe before it. Columns of
//! numbers and dates are written as they are, so that negative amounts stay numbers.

use crate::{
    PressFault,
    record::{INVOICE_COLUMNS, Record},
};
use domain::{
    invoice::Invoice,
    table::{Cell, Table},
};
use std::borrow::Cow;

/// What a spreadsheet may split cells or rows at, whatever the quotes say, when its country writes
/// lists in another way than ours.
const SPLITTERS: [char; 4] = [';', '\t', '\n', '\r'];

/// Returns invoices as CSV: a head of [`INVOICE_COLUMNS`], then one row each.
///
/// UTF-8 without a mark, comma, CRLF. Texts are guarded as [`guarded`] does.
///
/// # Errors
///
/// [`PressFault::Write`] if a value cannot be written.
pub fn invoices(invoices: &[Invoice]) -> Result<Vec<u8>, PressFault> {
    let mut builder = csv::WriterBuilder::new();
    let mut writer = builder.terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(INVOICE_COLUMNS).map_err(PressFault::write)?;
    for invoice in invoices {
        let record = Record::of(invoice);
        let items = serde_json::to_string(&record.items).map_err(PressFault::write)?;
        // Semicolons only stand inside of texts there, and mean the same when escaped.
        let items = items.replace(';', "\\u003b");
        let cells = cells(&record, &items);
        writer.write_record(cells.iter().map(|cell| cell.as_bytes())).map_err(PressFault::write)?;
    }
    writer.into_inner().map_err(|fault| PressFault::write(fault.into_error()))
}

/// Returns rows of any kind as CSV, as [`invoices`] does.
///
/// # Errors
///
/// [`PressFault::Write`] if a value cannot be written.
pub fn table(table: &Table) -> Result<Vec<u8>, PressFault> {
    let mut builder = csv::WriterBuilder::new();
    let mut writer = builder.terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let cell = |cell: &Cell| match cell {
        Cell::Nothing => String::new(),
        Cell::Number(number) => number.to_string(),
        Cell::Text(text) => guarded(text).into_owned(),
    };
    let head: Vec<Cow<'_, str>> = table.columns.iter().map(|name| guarded(name)).collect();
    writer.write_record(head.iter().map(|name| name.as_bytes())).map_err(PressFault::write)?;
    for row in &table.rows {
        let cells: Vec<String> = row.iter().map(cell).collect();
        writer.write_record(&cells).map_err(PressFault::write)?;
    }
    writer.into_inner().map_err(|fault| PressFault::write(fault.into_error()))
}

fn cells<'a>(record: &'a Record<'_>, items: &'a str) -> [Cow<'a, str>; 17] {
    let text = |text: Option<&'a str>| guarded(text.unwrap_or_default());
    let plain = |value: &'a Option<String>| Cow::Borrowed(value.as_deref().unwrap_or_default());
    [
        Cow::Borrowed(&record.id),
        text(record.number),
        Cow::Borrowed(record.direction),
        Cow::Borrowed(record.kind),
        text(Some(record.vendor)),
        text(Some(record.customer)),
        text(record.category),
        Cow::Borrowed(&record.issue_date),
        plain(&record.due_date),
        plain(&record.paid_at),
        Cow::Borrowed(record.currency),
        plain(&record.subtotal),
        plain(&record.tax),
        Cow::Borrowed(&record.total),
        Cow::Borrowed(record.status),
        text(record.notes),
        // It begins with a bracket, never with a sign.
        Cow::Borrowed(items),
    ]
}

/// Returns a text with an apostrophe before it if a spreadsheet might run it as a formula.
///
/// Source: OWASP, CSV Injection.
#[must_use]
pub fn guarded(text: &str) -> Cow<'_, str> {
    if !parts(text).any(needs_guard) {
        return Cow::Borrowed(text);
    }
    let guard = |part: &str| if needs_guard(part) { format!("'{part}") } else { part.to_owned() };
    Cow::Owned(parts(text).map(guard).collect())
}

/// Returns the text that [`guarded`] was given.
///
/// Other texts are returned as they are, those that begin with an apostrophe of their own too.
#[must_use]
pub fn unguarded(cell: &str) -> Cow<'_, str> {
    if !cell.contains('\'') {
        return Cow::Borrowed(cell);
    }
    let bare = |part| match str::strip_prefix(part, '\'') {
        Some(text) if needs_guard(text) => text,
        _ => part,
    };
    Cow::Owned(parts(cell).map(bare).collect())
}

/// Returns the pieces of a text behind each mark that a spreadsheet of another country may split
/// cells at; the marks stay with the piece before.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(SPLITTERS)
}

fn needs_guard(part: &str) -> bool {
    is_dangerous(part.trim_start_matches('\''))
}

fn is_dangerous(text: &str) -> bool {
    let starts = |text: &str| {
        text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '−', '﹣', '﹢'])
    };
    text.starts_with(['\t', '\r', '\n']) || starts(text.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use domain::money::{Currency, Money};

    fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
        csv::Reader::from_reader(bytes)
            .records()
            .map(|row| row.unwrap().iter().map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn rows_of_any_kind_are_guarded_and_numbers_stay_numbers() {
        let row = vec![Cell::Text("=x".to_owned()), Cell::Number((-3).into()), Cell::Nothing];
        let columns = ["a", "b", "c"].map(str::to_owned).to_vec();
        let written = table(&Table { columns, rows: vec![row], ..Table::default() });
        assert_eq!(written.unwrap(), b"a,b,c\r\n'=x,-3,\r\n");
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_guarded_and_comes_back_unchanged() {
        let cells =
            ["=1+1", "+49", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1", "－1", " =1", "'=1", "''@"];
        for text in cells {
            assert!(guarded(text).starts_with('\''), "{text:?}");
            assert_eq!(unguarded(&guarded(text)), text);
        }
        for text in ["Acme", "'s-Hertogenbosch", "", "3-4", "a=b", "'"] {
            assert_eq!(guarded(text), text);
            assert_eq!(unguarded(text), text);
        }
    }

    #[test]
    fn no_piece_behind_another_separator_is_run() {
        assert_eq!(guarded("x;=cmd;y"), "x;'=cmd;y");
        assert_eq!(guarded("a\n@b"), "a\n'@b");
        for text in ["x;=cmd", "x;'=cmd", "a;b", "a\t+1\t'-2", "';=", "a\r\n=1"] {
            assert_eq!(unguarded(&guarded(text)), text);
        }
        let mut invoice = samples::issued();
        invoice.lines[0].description = "tea;=cmd".to_owned();
        let rows = rows(&invoices(&[invoice]).unwrap());
        assert!(!rows[0][16].contains(';'));
        let items: serde_json::Value = serde_json::from_str(&rows[0][16]).unwrap();
        assert_eq!(items[0]["description"], "tea;=cmd");
    }

    #[test]
    fn negative_amounts_stay_numbers_and_texts_are_guarded() {
        let mut invoice = samples::issued();
        invoice.gross = Money::new(-1250, Currency::EUR);
        invoice.vendor.name = "=HYPERLINK(\"http://x\")".to_owned();
        invoice.notes = Some("a, \"b\"\nc".to_owned());
        let rows = rows(&invoices(&[invoice]).unwrap());
        assert_eq!(rows[0][13], "-12.50");
        assert_eq!(rows[0][4], "'=HYPERLINK(\"http://x\")");
        assert_eq!(rows[0][15], "a, \"b\"\nc");
    }

    #[test]
    fn the_items_are_one_cell_of_json() {
        let rows = rows(&invoices(&[samples::issued()]).unwrap());
        let items: serde_json::Value = serde_json::from_str(&rows[0][16]).unwrap();
        assert_eq!(items[0]["quantity"], "2");
        assert_eq!(items[1]["amount"], "120.50");
    }

    #[test]
    fn no_invoices_leave_the_head() {
        let text = String::from_utf8(invoices(&[]).unwrap()).unwrap();
        assert_eq!(text, format!("{}\r\n", INVOICE_COLUMNS.join(",")));
    }
}
