//! Workbooks of the newer (XML in an archive) and the older (binary) kind, cell by cell.

use super::grid::Grid;
use crate::Limits;
use calamine::{
    Data, DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xls, XlsError, XlsOptions, Xlsx,
    XlsxError,
};
use domain::{
    dates::Date,
    document::{Cell, Obstacle, Table},
};
use rust_decimal::Decimal;
use std::io::Cursor;

/// Reads the visible sheets of a workbook of the newer kind, one cell after the other: its own
/// word on its size is not believed.
///
/// # Errors
///
/// An [`Obstacle`].
pub fn new(bytes: &[u8], limits: &Limits) -> Result<Vec<Table>, Obstacle> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| newer(&error))?;
    let mut tables = Vec::new();
    let mut used = 0_usize;
    for name in visible(&book) {
        let mut grid = Grid::new(&name, limits, used);
        let mut cells = book.worksheet_cells_reader(&name).map_err(|error| newer(&error))?;
        while let Some(cell) = cells.next_cell().map_err(|error| newer(&error))? {
            let (row, column) = cell.get_position();
            grid.put(index(row), index(column), value(cell.get_value()))?;
        }
        if let Some(table) = grid.finish() {
            used = used.saturating_add(table.rows.len());
            tables.push(table);
        }
    }
    Ok(tables)
}

/// Reads the visible sheets of a workbook of the older kind.
///
/// # Errors
///
/// An [`Obstacle`].
pub fn old(bytes: &[u8], limits: &Limits) -> Result<Vec<Table>, Obstacle> {
    let options = XlsOptions::default();
    let mut book = Xls::new_with_options(Cursor::new(bytes), options).map_err(|error| {
        if matches!(error, XlsError::Password) { Obstacle::Encrypted } else { Obstacle::Broken }
    })?;
    let mut tables = Vec::new();
    let mut used = 0_usize;
    for name in visible(&book) {
        let Ok(range) = book.worksheet_range(&name) else { continue };
        let mut grid = Grid::new(&name, limits, used);
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, data) in range.used_cells() {
            let row = row.saturating_add(index(top));
            let column = column.saturating_add(index(left));
            grid.put(row, column, owned(data))?;
        }
        if let Some(table) = grid.finish() {
            used = used.saturating_add(table.rows.len());
            tables.push(table);
        }
    }
    Ok(tables)
}

fn visible<R: Reader<RS>, RS: std::io::Read + std::io::Seek>(book: &R) -> Vec<String> {
    book.sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect()
}

fn newer(error: &XlsxError) -> Obstacle {
    if matches!(error, XlsxError::Password) { Obstacle::Encrypted } else { Obstacle::Broken }
}

fn index(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

fn value(cell: &DataRef<'_>) -> Cell {
    match cell {
        DataRef::Int(number) => Cell::Number(Decimal::from(*number)),
        DataRef::Float(number) => decimal(*number).map_or(Cell::Empty, Cell::Number),
        DataRef::String(text) | DataRef::DurationIso(text) => Cell::Text(text.clone()),
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Bool(yes) => Cell::Text(yes.to_string()),
        DataRef::DateTime(moment) => day(moment),
        DataRef::DateTimeIso(text) => iso(text),
        DataRef::Error(_) | DataRef::Empty => Cell::Empty,
    }
}

/// Returns a number as a person sees it: fifteen digits, as spreadsheets show, without the noise
/// of binary fractions.
pub fn decimal(number: f64) -> Option<Decimal> {
    let shown = format!("{number:.14e}");
    Decimal::from_scientific(&shown).ok().map(|value| value.normalize())
}

fn owned(cell: &Data) -> Cell {
    match cell {
        Data::Int(number) => value(&DataRef::Int(*number)),
        Data::Float(number) => value(&DataRef::Float(*number)),
        Data::String(text) | Data::DurationIso(text) => Cell::Text(text.clone()),
        Data::Bool(yes) => Cell::Text(yes.to_string()),
        Data::DateTime(moment) => day(moment),
        Data::DateTimeIso(text) => iso(text),
        Data::Error(_) | Data::Empty => Cell::Empty,
    }
}

fn day(moment: &ExcelDateTime) -> Cell {
    // A time of day without a day, or a duration, says nothing about an invoice.
    if moment.as_f64() < 1.0 || !moment.is_datetime() {
        return Cell::Empty;
    }
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    let made = i16::try_from(year)
        .ok()
        .zip(i8::try_from(month).ok().zip(i8::try_from(day).ok()))
        .and_then(|(year, (month, day))| Date::new(year, month, day).ok());
    made.map_or(Cell::Empty, Cell::Date)
}

/// Returns the day of an ISO 8601 text, else the text.
pub fn iso(text: &str) -> Cell {
    let head = text.get(..10).unwrap_or(text);
    head.parse::<Date>().map_or_else(|_| Cell::Text(text.to_owned()), Cell::Date)
}
