//! Cells put at their places, within the limits; what is empty takes no room.

use crate::Limits;
use domain::document::{Cell, Obstacle, Table};

/// The most characters of a cell that are kept.
const LONGEST_TEXT: usize = 2_000;

/// A table being filled.
pub struct Grid {
    table: Table,
    rows: usize,
    columns: usize,
}

impl Grid {
    /// Makes an empty table; `used` rows of the limit are taken by the tables before it.
    pub fn new(name: &str, limits: &Limits, used: usize) -> Self {
        let table = Table { name: name.to_owned(), rows: Vec::new() };
        Self { table, rows: limits.rows.saturating_sub(used), columns: limits.columns }
    }

    /// Puts a cell at a row and column, from 0. An empty one changes nothing, wherever it is.
    ///
    /// # Errors
    ///
    /// [`Obstacle::TooManyRows`] beyond the last row or column.
    pub fn put(&mut self, row: usize, column: usize, cell: Cell) -> Result<(), Obstacle> {
        let cell = match cell {
            Cell::Text(text) => text_cell(&text),
            other => other,
        };
        if cell == Cell::Empty {
            return Ok(());
        }
        if row >= self.rows || column >= self.columns {
            return Err(Obstacle::TooManyRows);
        }
        if self.table.rows.len() <= row {
            self.table.rows.resize(row.saturating_add(1), Vec::new());
        }
        let Some(cells) = self.table.rows.get_mut(row) else { return Ok(()) };
        if cells.len() <= column {
            cells.resize(column.saturating_add(1), Cell::Empty);
        }
        if let Some(place) = cells.get_mut(column) {
            *place = cell;
        }
        Ok(())
    }

    /// Returns the table; nothing if no cell holds anything.
    pub fn finish(self) -> Option<Table> {
        (!self.table.rows.is_empty()).then_some(self.table)
    }
}

fn text_cell(text: &str) -> Cell {
    let clean: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    let short: String = clean.trim().chars().take(LONGEST_TEXT).collect();
    if short.is_empty() { Cell::Empty } else { Cell::Text(short) }
}
