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
use std::{collections::HashSet, io::Cursor};

/// Reads the visible sheets of a workbook of the newer kind, one cell after the other: its own
/// word on its size is not believed.
///
/// # Errors
///
/// [`Obstacle::Uncalculated`] if its formulas have no values, or another [`Obstacle`].
pub fn new(bytes: &[u8], limits: &Limits) -> Result<Vec<Table>, Obstacle> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| newer(&error))?;
    let mut tables = Vec::new();
    let mut used = 0_usize;
    let mut formulas = Formulas::default();
    for name in visible(&book) {
        let mut grid = Grid::new(&name, limits, used);
        formulas.add(&mut book, &name)?;
        let mut cells = book.worksheet_cells_reader(&name).map_err(|error| newer(&error))?;
        while let Some(cell) = cells.next_cell().map_err(|error| newer(&error))? {
            let (row, column) = cell.get_position();
            formulas.note((row, column), cell.get_value());
            grid.put(index(row), index(column), value(cell.get_value()))?;
        }
        if let Some(table) = grid.finish() {
            used = used.saturating_add(table.rows.len());
            tables.push(table);
        }
    }
    if formulas.are_missed() {
        return Err(Obstacle::Uncalculated);
    }
    Ok(tables)
}

/// The most formulas of a sheet that are looked at.
const MOST_FORMULAS: usize = 20_000;

/// How many formulas a workbook has, and how many of them have a value.
#[derive(Default)]
struct Formulas {
    /// Those of the sheet that is read.
    places: HashSet<(u32, u32)>,
    all: usize,
    calculated: usize,
    /// How many cells hold a number or a date.
    numbers: usize,
}

impl Formulas {
    fn add(&mut self, book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<(), Obstacle> {
        self.places.clear();
        let mut cells = book.worksheet_cells_reader(name).map_err(|error| newer(&error))?;
        // A formula that cannot be understood may still have its value.
        while let Ok(Some(cell)) = cells.next_formula()
            && self.places.len() < MOST_FORMULAS
        {
            if !cell.get_value().is_empty() {
                self.places.insert(cell.get_position());
            }
        }
        self.all = self.all.saturating_add(self.places.len());
        Ok(())
    }

    fn note(&mut self, place: (u32, u32), value: &DataRef<'_>) {
        let calculated = !matches!(value, DataRef::Empty) && self.places.contains(&place);
        self.calculated = self.calculated.saturating_add(usize::from(calculated));
        let number = matches!(value, DataRef::Int(_) | DataRef::Float(_) | DataRef::DateTime(_));
        self.numbers = self.numbers.saturating_add(usize::from(number));
    }

    /// Returns whether no formula has a value, and there are more of them than sums below a list.
    const fn are_missed(&self) -> bool {
        let many = self.all.saturating_mul(4) >= self.numbers;
        self.all > 0 && self.calculated == 0 && many
    }
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
