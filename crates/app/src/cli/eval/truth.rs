//! What the documents are known to say: JSON lines, one document each, written by whoever knows.

use super::super::failure::Failure;
use domain::reading::ReadKind;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// The fields that can be labelled, by their public names, in the order they are shown.
pub const FIELDS: [&str; 10] = [
    "vendor_name",
    "invoice_number",
    "issue_date",
    "due_date",
    "currency",
    "net_total",
    "tax_total",
    "gross_total",
    "line_item_count",
    "vendor_tax_id",
];

/// The fields without which a document is of no use.
pub const KEY_FIELDS: [&str; 5] =
    ["vendor_name", "invoice_number", "issue_date", "currency", "gross_total"];

/// What is known of one document. A field that is null or absent is not scored.
#[derive(Debug, Clone, Deserialize)]
pub struct Row {
    /// The document, relative to the file of truths.
    pub file: PathBuf,
    /// What it is.
    pub kind: ReadKind,
    medium: Option<String>,
    also_accept: Option<Map<String, Value>>,
    #[serde(flatten)]
    labels: Map<String, Value>,
}

impl Row {
    /// Returns the value of a field; nothing where it is not labelled.
    #[must_use]
    pub fn label(&self, field: &str) -> Option<&Value> {
        self.labels.get(field).filter(|value| !value.is_null())
    }

    /// Returns everything that counts as right for a field, the label first.
    pub fn accepted<'a>(&'a self, field: &str) -> impl Iterator<Item = &'a Value> {
        self.label(field).into_iter().chain(self.others(field))
    }

    /// Returns whether this kind counts as right.
    #[must_use]
    pub fn is_of_kind(&self, kind: ReadKind) -> bool {
        let named = serde_json::to_value(kind).unwrap_or_default();
        kind == self.kind || self.others("kind").any(|other| *other == named)
    }

    /// Returns the group of the document: as labelled, else by the ending of its name.
    #[must_use]
    pub fn medium(&self) -> String {
        let by_ending = || {
            let ending = self.file.extension().and_then(|ending| ending.to_str());
            match ending.map(str::to_ascii_lowercase).as_deref() {
                Some("pdf") => "pdf",
                Some("xml") => "einvoice_xml",
                Some("csv" | "xlsx" | "xls" | "ods") => "sheet",
                _ => "photo",
            }
            .to_owned()
        };
        self.medium.clone().unwrap_or_else(by_ending)
    }

    fn others<'a>(&'a self, field: &str) -> impl Iterator<Item = &'a Value> {
        let accepted = self.also_accept.as_ref().and_then(|others| others.get(field));
        accepted.and_then(Value::as_array).into_iter().flatten()
    }
}

/// Reads the truths, with the paths of the documents made absolute or relative to here.
///
/// # Errors
///
/// [`Failure`] for a file that cannot be read or holds nothing, for the first line that is no
/// truth, and for documents that are not there.
pub fn read(path: &Path) -> Result<Vec<Row>, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::because(&format!("{} cannot be read", path.display()), &error))?;
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    let mut rows = Vec::new();
    for (number, line) in (1_usize..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let mut row: Row = serde_json::from_str(line).map_err(|error| wrong(number, &error))?;
        row.file = folder.join(&row.file);
        rows.push(row);
    }
    if rows.is_empty() {
        return Err(Failure::new(format!("{} holds no truths", path.display()), FORM));
    }
    let gone: Vec<&Row> = rows.iter().filter(|row| !row.file.is_file()).collect();
    match gone.first() {
        None => Ok(rows),
        Some(first) => Err(Failure::new(
            format!("{} of {} documents are not there", gone.len(), rows.len()),
            format!("the first is {}; paths are relative to TRUTH", first.file.display()),
        )),
    }
}

const FORM: &str = "one JSON object a line: {\"file\": \"a.pdf\", \"kind\": \"invoice\", \
                    \"gross_total\": \"119.00\"}; see docs/evaluate.md";

fn wrong(number: usize, error: &serde_json::Error) -> Failure {
    Failure::new(format!("line {number} is no truth: {error}"), FORM)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn row(value: &Value) -> Row {
        serde_json::from_value(value.clone()).unwrap()
    }

    #[test]
    fn what_is_null_or_absent_is_not_labelled() {
        let row = row(&json!({"file": "a.PDF", "kind": "receipt", "net_total": null,
            "gross_total": "9.00", "also_accept": {"gross_total": ["9.05"], "kind": ["invoice"]}}));
        assert_eq!(row.label("net_total"), None);
        assert_eq!(row.label("due_date"), None);
        assert_eq!(row.accepted("gross_total").count(), 2);
        assert!(row.is_of_kind(ReadKind::Receipt) && row.is_of_kind(ReadKind::Invoice));
        assert!(!row.is_of_kind(ReadKind::NotInvoice));
        assert_eq!(row.medium(), "pdf");
    }

    #[test]
    fn a_line_that_is_no_truth_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("truth.jsonl");
        std::fs::write(&path, "{\"file\":\"a.pdf\",\"kind\":\"invoice\"}\n\n{\"file\":1}\n")
            .unwrap();
        let failure = format!("{:?}", read(&path).unwrap_err());
        assert!(failure.contains("line 3 is no truth"), "{failure}");
        std::fs::write(&path, "{\"file\":\"a.pdf\",\"kind\":\"invoice\"}\n").unwrap();
        let failure = format!("{:?}", read(&path).unwrap_err());
        assert!(failure.contains("1 of 1 documents are not there"), "{failure}");
        std::fs::write(folder.path().join("a.pdf"), "x").unwrap();
        assert_eq!(read(&path).unwrap().len(), 1);
    }
}
