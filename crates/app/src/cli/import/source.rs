//! Rows from a file: JSON lines, a JSON array, or CSV with a head line.

use super::row::Row;
use crate::cli::failure::Failure;
use serde_json::{Map, Value};
use std::path::Path;

/// A row, or why there is none, with its line in the file, from 1.
#[derive(Debug)]
pub struct Numbered {
    /// The line.
    pub line: u64,
    /// The row.
    pub row: Result<Row, String>,
}

/// Reads all rows of a file.
///
/// # Errors
///
/// [`Failure`] if the file cannot be opened or is no text.
pub fn read(path: &Path) -> Result<Vec<Numbered>, Failure> {
    let shown = path.display();
    let bytes = std::fs::read(path)
        .map_err(|error| Failure::because(&format!("{shown} cannot be opened"), &error))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Failure::new(format!("{shown} is no text in UTF-8"), "save it as UTF-8 and try again")
    })?;
    let text = text.trim_start_matches('\u{feff}');
    if is_csv(path, text) { from_csv(text) } else { Ok(from_json(text)) }
}

fn is_csv(path: &Path, text: &str) -> bool {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some(ending) if ending.eq_ignore_ascii_case("csv") => true,
        Some(ending) if ending.to_ascii_lowercase().starts_with("json") => false,
        _ => !text.trim_start().starts_with(['{', '[']),
    }
}

/// Reads JSON lines; a file that is one array is taken as its elements.
pub fn from_json(text: &str) -> Vec<Numbered> {
    if text.trim_start().starts_with('[')
        && let Ok(values) = serde_json::from_str::<Vec<Value>>(text)
    {
        return (1..).zip(values).map(|(line, value)| Numbered { line, row: row(value) }).collect();
    }
    (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| {
            let value = serde_json::from_str(line).map_err(|error| format!("no JSON: {error}"));
            Numbered { line: number, row: value.and_then(row) }
        })
        .collect()
}

/// Reads CSV with a head line.
///
/// # Errors
///
/// [`Failure`] if the head line cannot be read.
pub fn from_csv(text: &str) -> Result<Vec<Numbered>, Failure> {
    let head = text.lines().next().unwrap_or_default();
    let delimiter = if head.matches(';').count() > head.matches(',').count() { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let columns: Vec<String> = match reader.headers() {
        Ok(columns) => columns.iter().map(|name| name.to_ascii_lowercase()).collect(),
        Err(error) => return Err(Failure::because("the head line cannot be read", &error)),
    };
    let rows = reader.records().map(|record| match record {
        Ok(record) => {
            let line = record.position().map_or(0, csv::Position::line);
            Numbered { line, row: from_cells(&columns, &record) }
        }
        Err(error) => {
            let line = error.position().map_or(0, csv::Position::line);
            Numbered { line, row: Err(format!("no CSV: {error}")) }
        }
    });
    Ok(rows.collect())
}

fn from_cells(columns: &[String], record: &csv::StringRecord) -> Result<Row, String> {
    let mut object = Map::new();
    for (column, cell) in columns.iter().zip(record) {
        if cell.is_empty() {
            continue;
        }
        let value = if column == "items" {
            serde_json::from_str(cell).map_err(|error| format!("items is no JSON: {error}"))?
        } else {
            Value::String(press::csv::unguarded(cell).into_owned())
        };
        object.insert(column.clone(), value);
    }
    row(Value::Object(object))
}

fn row(value: Value) -> Result<Row, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}
