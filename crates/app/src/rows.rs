//! Rows of a statement as programs and people read them.

use domain::table::{Cell, Table};
use serde_json::{Value, json};

/// Returns rows as JSON: `{"columns", "rows", "more", "mixes_currencies", "sql"}`.
#[must_use]
pub fn as_json(table: &Table) -> Value {
    let rows: Vec<Vec<Value>> =
        table.rows.iter().map(|row| row.iter().map(cell_as_json).collect()).collect();
    json!({
        "columns": table.columns,
        "rows": rows,
        "more": table.more,
        "mixes_currencies": table.mixes_currencies,
        "sql": table.sql,
    })
}

/// A number keeps its digits: it has no more than a double holds.
fn cell_as_json(cell: &Cell) -> Value {
    match cell {
        Cell::Nothing => Value::Null,
        Cell::Number(number) => {
            let digits = number.normalize().to_string();
            serde_json::from_str(&digits).unwrap_or(Value::String(digits))
        }
        Cell::Text(text) => Value::String(text.clone()),
    }
}

/// Returns rows as lines with columns of one width, numbers to the right.
#[must_use]
pub fn as_lines(table: &Table) -> String {
    let shown = |cell: &Cell| match cell {
        Cell::Nothing => String::new(),
        Cell::Number(number) => number.normalize().to_string(),
        // A text of a document cannot move the cursor of a terminal.
        Cell::Text(text) => text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect(),
    };
    let cells: Vec<Vec<String>> =
        table.rows.iter().map(|row| row.iter().map(shown).collect()).collect();
    let width = |text: &String| text.chars().count();
    let widths: Vec<usize> = table
        .columns
        .iter()
        .enumerate()
        .map(|(place, heading)| {
            let widest = cells.iter().filter_map(|row| row.get(place)).map(width).max();
            widest.unwrap_or_default().max(width(heading))
        })
        .collect();
    let is_number = |row: usize, place: usize| {
        let cell = table.rows.get(row).and_then(|row| row.get(place));
        matches!(cell, Some(Cell::Number(_)))
    };
    let mut lines = line(&table.columns, &widths, |_| false);
    lines.push_str(&line(
        &widths.iter().map(|w| "-".repeat(*w)).collect::<Vec<_>>(),
        &widths,
        |_| false,
    ));
    for (row, cells) in cells.iter().enumerate() {
        lines.push_str(&line(cells, &widths, |place| is_number(row, place)));
    }
    lines
}

fn line(cells: &[String], widths: &[usize], to_the_right: impl Fn(usize) -> bool) -> String {
    let padded: Vec<String> = cells
        .iter()
        .zip(widths)
        .enumerate()
        .map(|(place, (cell, width))| {
            if to_the_right(place) { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        })
        .collect();
    format!("{}\n", padded.join("  ").trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table {
            columns: vec!["vendor".to_owned(), "sum".to_owned()],
            rows: vec![
                vec![Cell::Text("Café\nAzul".to_owned()), Cell::Number("45.10".parse().unwrap())],
                vec![Cell::Nothing, Cell::Number(3.into())],
            ],
            ..Table::default()
        }
    }

    #[test]
    fn lines_are_aligned_and_hold_no_control_characters() {
        let lines = "vendor     sum\n---------  ----\nCafé Azul  45.1\n              3\n";
        assert_eq!(as_lines(&table()), lines);
    }

    #[test]
    fn numbers_keep_their_digits_in_json() {
        assert_eq!(as_json(&table())["rows"].to_string(), r#"[["Café\nAzul",45.1],[null,3]]"#);
    }
}
