//! Spreadsheets and separated values to tables of cells; what the cells mean is decided elsewhere.
//!
//! Limits hold before memory is taken: archives are counted first, and cells beyond the last row
//! or column that is allowed end the reading.

pub mod archive;
mod grid;
pub mod kind;
mod open_document;
pub mod separated;
#[cfg(test)]
mod tests;
mod workbook;

use crate::Limits;
use domain::document::{Contents, FileType, Obstacle, Table};

/// Returns the tables of a file of one of the four types; empty ones are left out.
#[must_use]
pub fn read(bytes: &[u8], file_type: FileType, limits: &Limits) -> Contents {
    match tables(bytes, file_type, limits) {
        Ok(tables) if tables.is_empty() => Contents::unreadable(file_type, Obstacle::NoText),
        Ok(tables) => Contents { tables, ..Contents::of(file_type) },
        Err(obstacle) => Contents::unreadable(file_type, obstacle),
    }
}

fn tables(bytes: &[u8], file_type: FileType, limits: &Limits) -> Result<Vec<Table>, Obstacle> {
    match file_type {
        FileType::Csv => separated::read(bytes, limits),
        FileType::Xls => workbook::old(bytes, limits),
        _ if kind::is_locked(bytes) => Err(Obstacle::Encrypted),
        FileType::Ods => {
            archive::check(bytes, limits)?;
            open_document::read(bytes, limits)
        }
        _ => {
            archive::check(bytes, limits)?;
            workbook::new(bytes, limits)
        }
    }
}
