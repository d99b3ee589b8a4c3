//! Invoices as a spreadsheet: one sheet of invoices, one of their items, every cell of its type.
//!
//! Texts are written as texts, so that nothing in them is ever run as a formula.

use crate::{PressFault, printable, record};
use domain::{
    dates::Date,
    invoice::Invoice,
    money::Currency,
    table::{self, Table},
};
use rust_decimal::Decimal;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

/// The most characters that a cell may hold.
const CELL_LIMIT: usize = 32_000;
/// Width of each column of invoices, in characters.
const INVOICE_WIDTHS: [u8; 16] = [38, 16, 11, 12, 28, 28, 16, 12, 12, 12, 9, 12, 12, 12, 11, 40];
/// Width of each column of items.
const ITEM_WIDTHS: [u8; 5] = [38, 48, 10, 12, 12];

/// Width of each column of other rows.
const TABLE_WIDTH: u8 = 20;

/// What stands in a cell.
enum Cell<'a> {
    Text(&'a str),
    Number(Decimal, u32),
    Day(Date),
    Empty,
}

/// Returns invoices as an XLSX workbook with the sheets `Invoices` and `Items`.
///
/// The columns are [`record::INVOICE_COLUMNS`] without `items`, and [`record::ITEM_COLUMNS`]. The
/// same invoices give the same bytes.
///
/// # Errors
///
/// [`PressFault::Write`] beyond 1,048,575 rows.
pub fn invoices(invoices: &[Invoice]) -> Result<Vec<u8>, PressFault> {
    workbook(invoices).map_err(PressFault::write)
}

/// Returns rows of any kind as an XLSX workbook with one sheet, each cell of its type; a text that
/// is an ISO date is a date.
///
/// # Errors
///
/// [`PressFault::Write`] beyond 1,048,575 rows or 16,384 columns.
pub fn table(table: &Table) -> Result<Vec<u8>, PressFault> {
    sheet_of(table).map_err(PressFault::write)
}

fn sheet_of(table: &Table) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&properties(&[])?);
    let columns: Vec<&str> = table.columns.iter().map(String::as_str).collect();
    let sheet = book.add_worksheet();
    head(sheet, "Billhook", &columns, &vec![TABLE_WIDTH; columns.len()])?;
    for (row, cells) in (1..).zip(&table.rows) {
        let cells: Vec<Cell<'_>> = cells.iter().map(cell_of).collect();
        write(sheet, row, &cells)?;
    }
    book.save_to_buffer()
}

fn cell_of(cell: &table::Cell) -> Cell<'_> {
    match cell {
        table::Cell::Nothing => Cell::Empty,
        table::Cell::Number(number) => Cell::Number(*number, number.scale()),
        table::Cell::Text(text) => text.parse().map_or(Cell::Text(text), Cell::Day),
    }
}

fn workbook(invoices: &[Invoice]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&properties(invoices)?);
    let columns: Vec<&str> =
        record::INVOICE_COLUMNS.into_iter().filter(|name| *name != "items").collect();
    let sheet = book.add_worksheet();
    head(sheet, "Invoices", &columns, &INVOICE_WIDTHS)?;
    for (row, invoice) in (1..).zip(invoices) {
        let id = invoice.id.to_string();
        write(sheet, row, &invoice_cells(invoice, &id))?;
    }
    let sheet = book.add_worksheet();
    head(sheet, "Items", &record::ITEM_COLUMNS, &ITEM_WIDTHS)?;
    let lines = invoices.iter().flat_map(|invoice| {
        invoice.lines.iter().map(move |line| (invoice.id.to_string(), invoice.currency, line))
    });
    for (row, (id, currency, line)) in (1..).zip(lines) {
        let exact = |value: Option<Decimal>| {
            value.map_or(Cell::Empty, |value| Cell::Number(value, value.normalize().scale()))
        };
        let cells = [
            Cell::Text(&id),
            Cell::Text(&line.description),
            exact(line.quantity.map(|quantity| quantity.0)),
            exact(line.unit_price.map(|price| price.0)),
            amount(line.amount.map(|amount| amount.decimal()), currency),
        ];
        write(sheet, row, &cells)?;
    }
    book.save_to_buffer()
}

fn invoice_cells<'a>(invoice: &'a Invoice, id: &'a str) -> [Cell<'a>; 16] {
    let text = |text: Option<&'a str>| text.map_or(Cell::Empty, Cell::Text);
    let day = |day: Option<Date>| day.map_or(Cell::Empty, Cell::Day);
    let money = |value: Option<Decimal>| amount(value, invoice.currency);
    [
        Cell::Text(id),
        text(invoice.number.as_deref()),
        Cell::Text(record::direction(invoice.direction)),
        Cell::Text(record::kind(invoice.kind)),
        Cell::Text(&invoice.vendor.name),
        Cell::Text(&invoice.customer.name),
        text(invoice.category.as_deref()),
        Cell::Day(invoice.issue_date),
        day(invoice.due_date),
        day(invoice.paid_on),
        Cell::Text(invoice.currency.code()),
        money(invoice.net.map(|net| net.decimal())),
        money(invoice.tax.map(|tax| tax.decimal())),
        money(Some(invoice.gross.decimal())),
        Cell::Text(invoice.status.word()),
        text(invoice.notes.as_deref()),
    ]
}

fn amount<'a>(value: Option<Decimal>, currency: Currency) -> Cell<'a> {
    value.map_or(Cell::Empty, |value| Cell::Number(value, currency.decimals()))
}

/// The library would stamp the time of writing; the newest issue date keeps the bytes the same.
fn properties(invoices: &[Invoice]) -> Result<DocProperties, XlsxError> {
    let newest = invoices.iter().map(|invoice| invoice.issue_date).max();
    let stamp = newest.and_then(excel_day);
    let stamp = stamp.map_or_else(|| ExcelDateTime::from_ymd(2000, 1, 1), Ok)?;
    Ok(DocProperties::new().set_creation_datetime(&stamp))
}

fn head(
    sheet: &mut Worksheet,
    name: &str,
    columns: &[&str],
    widths: &[u8],
) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    sheet.set_name(name)?.set_freeze_panes(1, 0)?;
    for (column, (title, width)) in (0..).zip(columns.iter().zip(widths)) {
        sheet.write_string_with_format(0, column, *title, &bold)?;
        sheet.set_column_width(column, *width)?;
    }
    Ok(())
}

fn write(sheet: &mut Worksheet, row: u32, cells: &[Cell<'_>]) -> Result<(), XlsxError> {
    for (column, cell) in (0..).zip(cells) {
        match cell {
            Cell::Text(text) => {
                sheet.write_string(row, column, printable::shortened(text, CELL_LIMIT))?;
            }
            Cell::Number(value, decimals) => {
                sheet.write_with_format(row, column, *value, &number_format(*decimals))?;
            }
            Cell::Day(day) => match excel_day(*day) {
                Some(date) => {
                    let format = Format::new().set_num_format("yyyy-mm-dd");
                    sheet.write_datetime_with_format(row, column, &date, &format)?;
                }
                // Spreadsheets know no day before 1900.
                None => {
                    sheet.write_string(row, column, day.to_string())?;
                }
            },
            Cell::Empty => {}
        }
    }
    Ok(())
}

fn number_format(decimals: u32) -> Format {
    let zeros = "0".repeat(usize::try_from(decimals).unwrap_or_default());
    let point = if zeros.is_empty() { "" } else { "." };
    Format::new().set_num_format(format!("#,##0{point}{zeros}"))
}

fn excel_day(day: Date) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok().filter(|year| *year >= 1900)?;
    let (month, day) = (day.month().unsigned_abs(), day.day().unsigned_abs());
    ExcelDateTime::from_ymd(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use domain::dates::date;

    #[test]
    fn the_same_invoices_give_the_same_zip() {
        let book = invoices(&[samples::issued()]).unwrap();
        assert!(book.starts_with(b"PK\x03\x04"));
        assert_eq!(book, invoices(&[samples::issued()]).unwrap());
    }

    #[test]
    fn strange_dates_long_texts_and_no_invoices_still_make_a_workbook() {
        let mut invoice = samples::issued();
        invoice.issue_date = date(1899, 1, 1);
        invoice.due_date = Some(date(-5, 1, 1));
        invoice.notes = Some("=x\u{1}".repeat(50_000));
        assert!(invoices(&[invoice]).is_ok());
        assert!(invoices(&[]).is_ok());
    }

    #[test]
    fn rows_of_any_kind_make_the_same_sheet_again() {
        let cells = vec![
            table::Cell::Text("=1+1".to_owned()),
            table::Cell::Text("2025-08-31".to_owned()),
            table::Cell::Number("12.50".parse().unwrap()),
            table::Cell::Nothing,
        ];
        let columns = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
        let rows = Table { columns, rows: vec![cells], ..Table::default() };
        let bytes = table(&rows).unwrap();
        assert!(bytes.starts_with(b"PK\x03\x04"));
        assert_eq!(bytes, table(&rows).unwrap());
        assert!(table(&Table::default()).is_ok());
    }

    #[test]
    fn widths_are_given_for_every_column() {
        assert_eq!(INVOICE_WIDTHS.len(), record::INVOICE_COLUMNS.len() - 1);
        assert_eq!(ITEM_WIDTHS.len(), record::ITEM_COLUMNS.len());
    }
}
