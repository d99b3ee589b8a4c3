//! What is printed about one file: the fields by their public names, with evidence.

use super::{
    obstacles::{is_failure, lack, sentence},
    reader::Look,
};
use domain::{
    dates::Date,
    document::Obstacle,
    ids::InvoiceId,
    invoice::{Finding, Proof},
    money::Currency,
    reading::{Claim, Evidence, Intake, Origin, ReadKind, ReadLine, ReadTax, Reading, Trust},
};
use ports::{model::Usage, tables::Lack};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::{fmt::Display, path::Path, time::Duration};

/// What was seen in a file.
pub enum Seen {
    /// It says this.
    Read(Box<Reading>),
    /// A row of a list that is no invoice.
    Lacking(Lack),
    /// It was read, and is nothing to keep.
    NoInvoice,
    /// It cannot be read, by its own fault.
    Obstacle(Obstacle),
    /// It cannot be read, by ours.
    Failed(String),
}

/// What a person would be told of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It proves itself.
    Verified,
    /// Nothing in it is doubtful, and nothing proves it: an e-invoice or a row of a list.
    Read,
    /// A person should look at what the findings name.
    PleaseCheck,
    /// It is none.
    NotAnInvoice,
    /// It could not be read.
    Unreadable,
}

/// Everything about one file. Fields that are not known are null.
#[derive(Debug, Serialize)]
pub struct Record {
    /// The path as it was given.
    pub file: String,
    /// The sheet of a list of invoices, if it has a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The row of a list of invoices, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// What it is.
    pub kind: Option<ReadKind>,
    /// Whether it is an invoice, a receipt or a note.
    pub is_invoice: Option<bool>,
    /// ISO 639-1.
    pub language: Option<String>,
    /// The fields, empty for what is no invoice.
    #[serde(flatten)]
    pub fields: Fields,
    /// What else an invoice says; absent for what is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<Details>,
    /// Whether the sums prove the total.
    pub proof: Option<Proof>,
    /// What does not add up, is missing or doubtful.
    pub findings: Vec<Finding>,
    /// What a person would be told of it.
    pub outcome: Outcome,
    /// By field: value, confidence, place and how it was found.
    pub evidence: Map<String, Value>,
    /// The model that was asked, as its provider names it; null where none was needed.
    pub model: Option<String>,
    /// What the model took.
    pub usage: Usage,
    /// How long it took.
    pub elapsed_ms: u64,
    /// Why it was not read; absent if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Whether it could not be opened or read, which is more than saying nothing.
    #[serde(skip)]
    pub failed: bool,
}

/// The fields of an invoice; amounts are decimals in major units, written as text.
#[derive(Debug, Default, Serialize)]
pub struct Fields {
    /// The issuer.
    pub vendor_name: Option<String>,
    /// The number as printed.
    pub invoice_number: Option<String>,
    /// ISO date.
    pub issue_date: Option<Date>,
    /// ISO date.
    pub due_date: Option<Date>,
    /// ISO 4217.
    pub currency: Option<&'static str>,
    /// Total without tax.
    pub net_total: Option<Decimal>,
    /// Total tax.
    pub tax_total: Option<Decimal>,
    /// Total with tax.
    pub gross_total: Option<Decimal>,
    /// How many item lines.
    pub line_item_count: Option<usize>,
    /// Tax number of the issuer.
    pub vendor_tax_id: Option<String>,
}

/// What an invoice says beyond its key fields; amounts are decimals in major units, written as text,
/// rates are fractions.
#[derive(Debug, Serialize)]
pub struct Details {
    /// Who is to pay (BT-44).
    customer_name: Option<String>,
    /// Tax number of the customer (BT-48).
    customer_tax_id: Option<String>,
    /// Who is to be paid, where it is not the vendor (BT-59).
    payee_name: Option<String>,
    /// The account to pay to (BT-84).
    iban: Option<String>,
    /// Allowances less charges on the whole document.
    allowance: Option<Decimal>,
    /// Paid before (BT-113).
    prepaid: Option<Decimal>,
    /// Rounding of what is left to pay (BT-114).
    rounding: Option<Decimal>,
    /// What is left to pay (BT-115).
    amount_due: Option<Decimal>,
    /// Tax by rate (BG-23).
    taxes: Vec<ReadTax>,
    /// The item lines (BG-25).
    lines: Vec<ReadLine>,
}

impl Details {
    fn of(reading: &Reading) -> Self {
        Self {
            customer_name: value(&reading.customer),
            customer_tax_id: value(&reading.customer_tax_id),
            payee_name: value(&reading.payee),
            iban: value(&reading.vendor_iban),
            allowance: value(&reading.allowance),
            prepaid: value(&reading.prepaid),
            rounding: value(&reading.rounding),
            amount_due: value(&reading.due),
            taxes: reading.taxes.clone(),
            lines: reading.lines.clone(),
        }
    }
}

fn value<T: Clone>(claim: &Option<Claim<T>>) -> Option<T> {
    claim.as_ref().map(|claim| claim.value.clone())
}

impl Record {
    /// Makes the record of a file. `currency` and `today` stand in where the document is silent,
    /// for the check of the sums alone.
    pub fn new(path: &Path, look: Look, currency: Currency, today: Date) -> Self {
        let (model, usage) = (look.model, look.usage);
        let row = look.row.as_ref().map(|place| place.row);
        let sheet = look.row.map(|place| place.sheet).filter(|sheet| !sheet.is_empty());
        let mut record = Self::of_seen(path, look.seen, currency, today);
        record.findings.extend(look.differences);
        if row.is_some() {
            // Whoever keeps a list has typed its totals.
            record.findings.retain(|finding| *finding != Finding::TotalUnproven);
        }
        match record.outcome {
            Outcome::Verified | Outcome::Read if !record.findings.is_empty() => {
                record.outcome = Outcome::PleaseCheck;
            }
            Outcome::PleaseCheck if record.findings.is_empty() && record.proof.is_some() => {
                record.outcome = Outcome::Read;
            }
            _ => {}
        }
        Self { model, usage, sheet, row, ..record }
    }

    fn of_seen(path: &Path, seen: Seen, currency: Currency, today: Date) -> Self {
        let file = path.to_string_lossy().into_owned();
        match seen {
            Seen::Read(reading) if reading.is_invoice() => {
                Self::of_invoice(file, *reading, currency, today)
            }
            Seen::Read(reading) => {
                let language = reading.language.clone();
                let evidence = Map::from_iter([kind_evidence(&reading.kind)]);
                Self { language, evidence, ..Self::of_kind(file, Some(ReadKind::NotInvoice)) }
            }
            Seen::NoInvoice => Self::of_kind(file, Some(ReadKind::NotInvoice)),
            Seen::Lacking(why) => Self {
                error: Some(lack(why).to_owned()),
                ..Self::of_kind(file, Some(ReadKind::NotInvoice))
            },
            // A page without text was read to its end: it is no invoice, for whatever reason.
            Seen::Obstacle(Obstacle::NoText) => Self {
                error: Some(sentence(Obstacle::NoText).to_owned()),
                ..Self::of_kind(file, Some(ReadKind::NotInvoice))
            },
            Seen::Obstacle(obstacle) => Self {
                error: Some(sentence(obstacle).to_owned()),
                failed: is_failure(obstacle),
                ..Self::of_kind(file, None)
            },
            Seen::Failed(error) => {
                Self { error: Some(error), failed: true, ..Self::of_kind(file, None) }
            }
        }
    }

    /// Notes how long it took.
    #[must_use]
    pub fn taking(mut self, elapsed: Duration) -> Self {
        self.elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        self
    }

    /// Returns one line of JSON.
    pub fn as_line(&self) -> String {
        let text = serde_json::to_string(self);
        text.unwrap_or_else(|error| json!({"error": error.to_string()}).to_string()) + "\n"
    }

    fn of_kind(file: String, kind: Option<ReadKind>) -> Self {
        Self {
            file,
            sheet: None,
            row: None,
            kind,
            is_invoice: kind.map(|kind| kind != ReadKind::NotInvoice),
            language: None,
            fields: Fields::default(),
            details: None,
            proof: None,
            findings: Vec::new(),
            outcome: match kind {
                Some(_) => Outcome::NotAnInvoice,
                None => Outcome::Unreadable,
            },
            evidence: Map::new(),
            model: None,
            usage: Usage::default(),
            elapsed_ms: 0,
            error: None,
            failed: false,
        }
    }

    fn of_invoice(file: String, reading: Reading, currency: Currency, today: Date) -> Self {
        let mut fields = Fields::of(&reading);
        let details = Some(Details::of(&reading));
        let mut evidence = evidence(&reading);
        let record = Self::of_kind(file, Some(reading.kind.value));
        let language = reading.language.clone();
        let intake = Intake {
            id: InvoiceId(uuid::Uuid::nil()),
            currency,
            received_on: today,
            document: None,
        };
        // Without a total it is the person who tells it.
        let mut outcome = Outcome::PleaseCheck;
        let (proof, findings) = match reading.clone().into_invoice(&intake) {
            Ok((invoice, mut findings)) => {
                findings.extend(reading.doubts(&invoice, &findings, today));
                let trust = Trust::of(&reading, &invoice, &findings);
                if findings.is_empty() {
                    let verifies = trust.verifies(&invoice);
                    outcome = if verifies { Outcome::Verified } else { Outcome::Read };
                }
                if fields.gross_total.is_none() {
                    let gross = invoice.gross.decimal();
                    let derived = Evidence::of(Origin::Derived, 80, "net plus tax");
                    evidence.insert("gross_total".to_owned(), entry(&gross, &derived));
                    fields.gross_total = Some(gross);
                }
                (Some(invoice.proof), findings)
            }
            Err(_) => (None, Vec::new()),
        };
        Self { language, fields, details, proof, findings, outcome, evidence, ..record }
    }
}

impl Fields {
    fn of(reading: &Reading) -> Self {
        Self {
            vendor_name: value(&reading.vendor),
            invoice_number: value(&reading.number),
            issue_date: value(&reading.issue_date),
            due_date: value(&reading.due_date),
            currency: value(&reading.currency).map(Currency::code),
            net_total: value(&reading.net),
            tax_total: value(&reading.tax),
            gross_total: value(&reading.gross),
            line_item_count: (!reading.lines.is_empty()).then_some(reading.lines.len()),
            vendor_tax_id: value(&reading.vendor_tax_id),
        }
    }
}

fn evidence(reading: &Reading) -> Map<String, Value> {
    fn of<T: Display>(name: &str, claim: &Option<Claim<T>>) -> Option<(String, Value)> {
        let claim = claim.as_ref()?;
        Some((name.to_owned(), entry(&claim.value, &claim.evidence)))
    }
    [
        Some(kind_evidence(&reading.kind)),
        of("vendor_name", &reading.vendor),
        of("invoice_number", &reading.number),
        of("issue_date", &reading.issue_date),
        of("due_date", &reading.due_date),
        of("currency", &reading.currency),
        of("net_total", &reading.net),
        of("tax_total", &reading.tax),
        of("gross_total", &reading.gross),
        of("vendor_tax_id", &reading.vendor_tax_id),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn kind_evidence(kind: &Claim<ReadKind>) -> (String, Value) {
    ("kind".to_owned(), entry_of(json!(kind.value), &kind.evidence))
}

fn entry(value: &impl Display, evidence: &Evidence) -> Value {
    entry_of(Value::String(value.to_string()), evidence)
}

fn entry_of(value: Value, evidence: &Evidence) -> Value {
    json!({
        "value": value,
        "confidence": evidence.confidence,
        "page": evidence.page,
        "region": evidence.region,
        "rule": evidence.rule,
        "origin": evidence.origin,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::dates::date;

    fn made(seen: Seen) -> Record {
        Record::new(Path::new("a.pdf"), seen.into(), Currency::EUR, date(2025, 9, 10))
    }

    fn claim<T>(value: T) -> Option<Claim<T>> {
        Some(Claim::new(value, Evidence::of(Origin::TextLayer, 90, "label")))
    }

    fn reading(kind: ReadKind) -> Reading {
        Reading {
            vendor: claim("Nordwind Energie".to_owned()),
            net: claim(Decimal::new(10_000, 2)),
            tax: claim(Decimal::new(1_900, 2)),
            ..Reading::of_kind(kind, Evidence::of(Origin::TextLayer, 90, "title"))
        }
    }

    #[test]
    fn a_total_that_is_not_printed_is_derived_and_said_so() {
        let record = made(Seen::Read(Box::new(reading(ReadKind::Invoice))));
        let line: Value = serde_json::from_str(&record.as_line()).unwrap();
        assert_eq!(line["gross_total"], "119.00");
        assert_eq!(line["net_total"], "100.00");
        assert_eq!(line["kind"], "invoice");
        assert_eq!(line["is_invoice"], true);
        assert_eq!(line["proof"], "unproven", "a sum that was computed proves nothing");
        assert_eq!(line["evidence"]["gross_total"]["origin"], "derived");
        assert_eq!(line["evidence"]["vendor_name"]["value"], "Nordwind Energie");
        assert_eq!(line["due_date"], Value::Null);
        assert!(line.get("error").is_none());
    }

    #[test]
    fn what_is_no_invoice_has_no_fields() {
        let record = made(Seen::Read(Box::new(reading(ReadKind::NotInvoice))));
        let line: Value = serde_json::from_str(&record.as_line()).unwrap();
        assert_eq!(line["kind"], "not_invoice");
        assert_eq!(line["is_invoice"], false);
        for field in ["vendor_name", "net_total", "gross_total", "currency", "line_item_count"] {
            assert_eq!(line[field], Value::Null, "{field}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_says_why() {
        let record = made(Seen::Obstacle(Obstacle::Encrypted));
        let line: Value = serde_json::from_str(&record.as_line()).unwrap();
        assert_eq!(line["error"], "the file needs a password");
        assert_eq!(line["kind"], Value::Null);
        assert_eq!(line["file"], "a.pdf");
        assert_eq!(line.get("failed"), None, "that is for the exit code");
    }

    #[test]
    fn a_damaged_file_has_failed_and_a_film_has_only_been_refused() {
        assert!(made(Seen::Obstacle(Obstacle::Broken)).failed);
        assert!(made(Seen::Failed("gone".to_owned())).failed);
        assert!(!made(Seen::Obstacle(Obstacle::Unsupported)).failed);
        assert!(!made(Seen::NoInvoice).failed);
    }
}
