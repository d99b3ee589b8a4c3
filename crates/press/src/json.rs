//! Invoices as JSON: one object each, with the fields of [`crate::record::INVOICE_COLUMNS`].

use crate::{PressFault, record::Record};
use domain::{
    invoice::Invoice,
    table::{Cell, Table},
};
use serde_json::Value;

/// Returns invoices as JSON lines, one object a line; empty for none.
///
/// # Errors
///
/// [`PressFault::Write`] if a value cannot be written.
pub fn lines(invoices: &[Invoice]) -> Result<Vec<u8>, PressFault> {
    let mut out = Vec::new();
    for invoice in invoices {
        serde_json::to_writer(&mut out, &Record::of(invoice)).map_err(PressFault::write)?;
        out.push(b'\n');
    }
    Ok(out)
}

/// Returns invoices as one indented JSON array.
///
/// # Errors
///
/// [`PressFault::Write`] if a value cannot be written.
pub fn array(invoices: &[Invoice]) -> Result<Vec<u8>, PressFault> {
    let records: Vec<Record<'_>> = invoices.iter().map(Record::of).collect();
    let mut out = serde_json::to_vec_pretty(&records).map_err(PressFault::write)?;
    out.push(b'\n');
    Ok(out)
}

/// Returns rows of any kind as an indented JSON array of objects; numbers are texts, as amounts
/// are everywhere here.
///
/// # Errors
///
/// [`PressFault::Write`] if a value cannot be written.
pub fn table(table: &Table) -> Result<Vec<u8>, PressFault> {
    let value = |cell: &Cell| match cell {
        Cell::Nothing => Value::Null,
        Cell::Number(number) => Value::String(number.to_string()),
        Cell::Text(text) => Value::String(text.clone()),
    };
    let object = |row: &Vec<Cell>| {
        let fields = table.columns.iter().cloned().zip(row.iter().map(value));
        Value::Object(fields.collect())
    };
    let rows: Vec<Value> = table.rows.iter().map(object).collect();
    serde_json::to_vec_pretty(&rows).map_err(PressFault::write)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn every_invoice_is_one_line_whatever_it_holds() {
        let mut other = samples::issued();
        other.notes = Some("two\nlines, \"quoted\", \u{1F9FE}".to_owned());
        let text = String::from_utf8(lines(&[samples::issued(), other]).unwrap()).unwrap();
        let objects: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(objects[0]["total"], "1584.60");
        assert_eq!(objects[0]["items"][1]["unit_price"], "120.50");
        assert_eq!(objects[1]["notes"], "two\nlines, \"quoted\", \u{1F9FE}");
    }

    #[test]
    fn no_invoices_make_an_empty_array() {
        assert_eq!(array(&[]).unwrap(), b"[]\n");
        assert_eq!(lines(&[]).unwrap(), b"");
    }
}
