//! Reads dumped contents (JSON files named on the command line) and prints predictions, one JSON
//! object a line, for the scoring loop.

use domain::{
    dates::date,
    document::Contents,
    reading::{Claim, ReadKind},
};
use offline::invoice;
use ports::model::Sheets;
use serde_json::json;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in std::env::args().skip(1) {
        let contents: Contents = serde_json::from_str(&std::fs::read_to_string(&path)?)?;
        let sheets = Sheets {
            pages: contents.pages,
            pictures: Vec::new(),
            today: date(2026, 11, 1),
            locale: String::new(),
        };
        let reading = invoice::read(&sheets);
        let kind = match reading.kind.value {
            ReadKind::Invoice => "invoice",
            ReadKind::Receipt => "receipt",
            ReadKind::CreditNote => "credit_note",
            ReadKind::DebitNote => "debit_note",
            ReadKind::NotInvoice => "not_invoice",
        };
        let name = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".json");
        let line = json!({
            "file": name,
            "kind": kind,
            "kind_confidence": reading.kind.evidence.confidence,
            "confidences": {
                "vendor_name": sure(&reading.vendor),
                "vendor_tax_id": sure(&reading.vendor_tax_id),
                "invoice_number": sure(&reading.number),
                "issue_date": sure(&reading.issue_date),
                "due_date": sure(&reading.due_date),
                "currency": sure(&reading.currency),
                "net_total": sure(&reading.net),
                "tax_total": sure(&reading.tax),
                "gross_total": sure(&reading.gross),
            },
            "vendor_name": reading.vendor.map(|claim| claim.value),
            "vendor_tax_id": reading.vendor_tax_id.map(|claim| claim.value),
            "invoice_number": reading.number.map(|claim| claim.value),
            "issue_date": reading.issue_date.map(|claim| claim.value.to_string()),
            "due_date": reading.due_date.map(|claim| claim.value.to_string()),
            "currency": reading.currency.map(|claim| claim.value.code()),
            "net_total": reading.net.map(|claim| claim.value.to_string()),
            "tax_total": reading.tax.map(|claim| claim.value.to_string()),
            "gross_total": reading.gross.map(|claim| claim.value.to_string()),
            "line_item_count": (!reading.lines.is_empty()).then_some(reading.lines.len()),
        });
        println!("{line}");
    }
    Ok(())
}

/// Returns how sure a value is, 0 to 100.
fn sure<T>(claim: &Option<Claim<T>>) -> Option<u8> {
    claim.as_ref().map(|claim| claim.evidence.confidence)
}
