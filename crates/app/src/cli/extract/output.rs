//! The forms that records are written in, and where to.

use super::{
    super::failure::{Failure, chain, print},
    record::Record,
    table,
};
use clap::ValueEnum;
use press::csv::guarded;
use std::{
    fs::File,
    io::Write,
    path::{Path, PathBuf},
};

/// The form of what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A summary for people
    Text,
    /// One JSON object a file, with evidence
    Json,
    /// One row a file
    Csv,
}

impl Format {
    /// Returns the form that a file's ending asks for.
    #[must_use]
    pub fn of_file(path: Option<&Path>) -> Self {
        let ending = path.and_then(Path::extension).and_then(|ending| ending.to_str());
        match ending.map(str::to_ascii_lowercase).as_deref() {
            Some("json" | "jsonl" | "ndjson") => Self::Json,
            Some("csv") => Self::Csv,
            _ => Self::Text,
        }
    }
}

/// Takes records one by one; each is written before the next is read, so that a run that is cut
/// short leaves what it had.
pub struct Output {
    format: Format,
    file: Option<(PathBuf, File)>,
}

impl Output {
    /// Opens the output; a file that was there is replaced.
    ///
    /// # Errors
    ///
    /// [`Failure`] if the file cannot be made.
    pub fn open(format: Format, path: Option<&Path>) -> Result<Self, Failure> {
        let file = match path {
            Some(path) => {
                let made = File::create(path).map_err(|error| unwritable(path, &error))?;
                Some((path.to_owned(), made))
            }
            None => None,
        };
        let mut output = Self { format, file };
        if format == Format::Csv {
            output.write(&row(&COLUMNS)?)?;
        }
        Ok(output)
    }

    /// Writes a record.
    ///
    /// # Errors
    ///
    /// [`Failure`] if it cannot be written.
    pub fn put(&mut self, record: &Record) -> Result<(), Failure> {
        let text = match self.format {
            Format::Text => table::render(record),
            Format::Json => record.as_line(),
            Format::Csv => row(&cells(record))?,
        };
        self.write(&text)
    }

    fn write(&mut self, text: &str) -> Result<(), Failure> {
        match &mut self.file {
            Some((path, file)) => {
                file.write_all(text.as_bytes()).map_err(|error| unwritable(path, &error))
            }
            None => print(text),
        }
    }
}

const COLUMNS: [&str; 17] = [
    "file",
    "kind",
    "is_invoice",
    "language",
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
    "proof",
    "elapsed_ms",
    "error",
];

/// A row's cells are the values of the JSON object of the same names; texts are guarded against
/// being run as formulas.
fn cells(record: &Record) -> [String; 17] {
    let object = serde_json::to_value(record).unwrap_or_default();
    COLUMNS.map(|column| match object.get(column) {
        None | Some(serde_json::Value::Null) => String::new(),
        // An amount may begin with a minus sign and is no text.
        Some(serde_json::Value::String(text)) if column.ends_with("_total") => text.clone(),
        Some(serde_json::Value::String(text)) => guarded(text).into_owned(),
        Some(value) => value.to_string(),
    })
}

fn row(cells: &[impl AsRef<[u8]>]) -> Result<String, Failure> {
    let mut builder = csv::WriterBuilder::new();
    let mut writer = builder.terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let broken = |error: &dyn std::error::Error| Failure::because("a row cannot be made", error);
    writer.write_record(cells).map_err(|error| broken(&error))?;
    let bytes = writer.into_inner().map_err(|error| broken(error.error()))?;
    String::from_utf8(bytes).map_err(|error| broken(&error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{} cannot be written: {}", path.display(), chain(error)), "")
}

#[cfg(test)]
mod tests {
    use super::{super::record::Seen, *};
    use domain::{dates::date, money::Currency};

    fn failed(file: &str) -> Record {
        let seen = Seen::Failed("the file, it is \"gone\"".to_owned());
        Record::new(Path::new(file), seen.into(), Currency::EUR, date(2025, 9, 10))
    }

    #[test]
    fn a_row_has_as_many_cells_as_the_head() {
        let text = row(&cells(&failed("a.pdf"))).unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let record = reader.records().next().unwrap().unwrap();
        assert_eq!(record.len(), COLUMNS.len());
        assert_eq!(&record[16], "the file, it is \"gone\"");
    }

    #[test]
    fn a_name_that_is_a_formula_is_guarded() {
        assert_eq!(cells(&failed("=cmd()|x.pdf"))[0], "'=cmd()|x.pdf");
    }

    #[test]
    fn the_ending_of_the_output_settles_its_form() {
        assert_eq!(Format::of_file(Some(Path::new("a.CSV"))), Format::Csv);
        assert_eq!(Format::of_file(Some(Path::new("a.jsonl"))), Format::Json);
        assert_eq!(Format::of_file(None), Format::Text);
    }

    #[test]
    fn what_was_written_is_there_before_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        let mut output = Output::open(Format::Csv, Some(&path)).unwrap();
        output.put(&failed("a.pdf")).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 2);
        assert!(Output::open(Format::Csv, Some(&folder.path().join("no/out.csv"))).is_err());
    }
}
