//! OpenDocument spreadsheets: `content.xml` as a stream. Values are decimal text there, so they are
//! taken digit by digit; repeated cells and rows take room only up to the limits.

use super::{grid::Grid, workbook};
use crate::Limits;
use domain::document::{Cell, Obstacle, Table};
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Reads the tables of a spreadsheet whose archive has been checked.
///
/// # Errors
///
/// An [`Obstacle`].
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Table>, Obstacle> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Obstacle::Broken)?;
    if member(&mut archive, "META-INF/manifest.xml", limits)
        .is_ok_and(|manifest| manifest.contains("encryption-data"))
    {
        return Err(Obstacle::Encrypted);
    }
    let content = member(&mut archive, "content.xml", limits)?;
    let mut reader = Reader::from_str(&content);
    let mut sheet = Sheet::new(limits);
    loop {
        match reader.read_event().map_err(|_| Obstacle::Broken)? {
            Event::Start(tag) => sheet.open(&tag)?,
            Event::Empty(tag) => {
                sheet.open(&tag)?;
                sheet.close(tag.local_name().as_ref())?;
            }
            Event::End(tag) => sheet.close(tag.local_name().as_ref())?,
            Event::Text(text) => sheet.write(&text.xml10_content()),
            Event::GeneralRef(name) => sheet.write(&entity(&name)),
            Event::CData(text) => sheet.write(&text),
            Event::Eof => return Ok(sheet.tables),
            _ => {}
        }
    }
}

fn member(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    name: &str,
    limits: &Limits,
) -> Result<String, Obstacle> {
    let member = archive.by_name(name).map_err(|_| Obstacle::Broken)?;
    let mut text = String::new();
    member.take(limits.unpacked).read_to_string(&mut text).map_err(|_| Obstacle::Broken)?;
    Ok(text)
}

fn entity(name: &quick_xml::events::BytesRef<'_>) -> String {
    if let Ok(Some(c)) = name.resolve_char_ref() {
        return c.to_string();
    }
    quick_xml::escape::resolve_predefined_entity(name).unwrap_or_default().to_owned()
}

/// The place in the stream: which table, row and cell is open.
struct Sheet<'a> {
    limits: &'a Limits,
    tables: Vec<Table>,
    grid: Option<Grid>,
    used: usize,
    row: usize,
    row_repeats: usize,
    cells: Vec<(usize, Cell)>,
    column: usize,
    cell: Option<(usize, Option<Cell>)>,
    text: String,
    /// How deep inside a remark of a cell, whose text is none of the cell's.
    remark: usize,
}

impl<'a> Sheet<'a> {
    fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            tables: Vec::new(),
            grid: None,
            used: 0,
            row: 0,
            row_repeats: 1,
            cells: Vec::new(),
            column: 0,
            cell: None,
            text: String::new(),
            remark: 0,
        }
    }

    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), Obstacle> {
        match tag.local_name().as_ref() {
            "table" => {
                let name = attribute(tag, "table:name").unwrap_or_default();
                self.grid = Some(Grid::new(&name, self.limits, self.used));
                self.row = 0;
            }
            "table-row" => {
                self.row_repeats = repeats(tag, "table:number-rows-repeated");
                self.column = 0;
                self.cells.clear();
            }
            "table-cell" | "covered-table-cell" => {
                let times = repeats(tag, "table:number-columns-repeated");
                self.cell = Some((times, value(tag)));
                self.text.clear();
            }
            "annotation" => self.remark = self.remark.saturating_add(1),
            "p" if !self.text.is_empty() => self.write("\n"),
            "s" | "tab" => self.write(" "),
            "encryption-data" => return Err(Obstacle::Encrypted),
            _ => {}
        }
        Ok(())
    }

    fn write(&mut self, text: &str) {
        if self.cell.is_some() && self.remark == 0 {
            self.text.push_str(text);
        }
    }

    fn close(&mut self, name: &str) -> Result<(), Obstacle> {
        match name {
            "annotation" => self.remark = self.remark.saturating_sub(1),
            "table-cell" | "covered-table-cell" => self.end_cell(),
            "table-row" => self.end_row()?,
            "table" => {
                if let Some(table) = self.grid.take().and_then(Grid::finish) {
                    self.used = self.used.saturating_add(table.rows.len());
                    self.tables.push(table);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end_cell(&mut self) {
        let Some((times, value)) = self.cell.take() else { return };
        let text = std::mem::take(&mut self.text);
        let cell = value.unwrap_or_else(|| match text.trim() {
            "" => Cell::Empty,
            _ => Cell::Text(text),
        });
        if cell != Cell::Empty {
            // One beyond the limit is enough to be refused.
            let end = self.column.saturating_add(times.min(self.limits.columns.saturating_add(1)));
            self.cells.extend((self.column..end).map(|at| (at, cell.clone())));
        }
        self.column = self.column.saturating_add(times);
    }

    fn end_row(&mut self) -> Result<(), Obstacle> {
        let Some(grid) = self.grid.as_mut() else { return Ok(()) };
        if !self.cells.is_empty() {
            let times = self.row_repeats.min(self.limits.rows.saturating_add(1));
            for row in self.row..self.row.saturating_add(times) {
                for (column, cell) in &self.cells {
                    grid.put(row, *column, cell.clone())?;
                }
            }
        }
        self.row = self.row.saturating_add(self.row_repeats);
        Ok(())
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.try_get_attribute(name).ok()??;
    let text = found.value.into_owned();
    Some(quick_xml::escape::unescape(&text).map_or(text.clone(), std::borrow::Cow::into_owned))
}

fn repeats(tag: &BytesStart<'_>, name: &str) -> usize {
    attribute(tag, name).and_then(|times| times.parse().ok()).unwrap_or(1)
}

/// Returns the typed value of a cell; nothing where its text is the value.
fn value(tag: &BytesStart<'_>) -> Option<Cell> {
    match attribute(tag, "office:value-type")?.as_str() {
        "float" | "currency" | "percentage" => {
            let written = attribute(tag, "office:value")?;
            let number = written.parse::<f64>().ok().and_then(workbook::decimal)?;
            Some(Cell::Number(number))
        }
        "date" => Some(workbook::iso(&attribute(tag, "office:date-value")?)),
        _ => None,
    }
}
