//! What is printed about one file for a person.

use super::record::{Outcome, Record};
use domain::{
    invoice::{Finding, Proof},
    reading::ReadKind,
};
use rust_decimal::Decimal;
use std::fmt::Write as _;

/// Returns a short summary, one field a line, unknown ones left out, with an empty line at the end.
pub fn render(record: &Record) -> String {
    let place = match (&record.sheet, record.row) {
        (Some(sheet), Some(row)) => format!(", {sheet}, row {row}"),
        (None, Some(row)) => format!(", row {row}"),
        _ => String::new(),
    };
    let mut text = format!("{}{place}\n", record.file);
    if let Some(error) = &record.error {
        let _ = writeln!(text, "  not read: {error}\n");
        return text;
    }
    let fields = &record.fields;
    let money = |amount: Option<Decimal>| {
        amount.map(|amount| match fields.currency {
            Some(code) => format!("{amount} {code}"),
            None => amount.to_string(),
        })
    };
    let rows = [
        ("kind", record.kind.map(|kind| kind_name(kind).to_owned())),
        ("vendor", fields.vendor_name.clone()),
        ("tax number", fields.vendor_tax_id.clone()),
        ("number", fields.invoice_number.clone()),
        ("date", fields.issue_date.map(|day| day.to_string())),
        ("due", fields.due_date.map(|day| day.to_string())),
        ("net", money(fields.net_total)),
        ("tax", money(fields.tax_total)),
        ("total", money(fields.gross_total)),
        ("lines", fields.line_item_count.map(|count| count.to_string())),
        ("sums", record.proof.map(|proof| proof_name(proof).to_owned())),
        ("outcome", outcome_name(record.outcome).map(str::to_owned)),
    ];
    for (label, value) in rows {
        if let Some(value) = value {
            let _ = writeln!(text, "  {label:<12}{value}");
        }
    }
    for finding in &record.findings {
        let _ = writeln!(text, "  {:<12}{}", "check", sentence(finding));
    }
    text.push('\n');
    text
}

const fn kind_name(kind: ReadKind) -> &'static str {
    match kind {
        ReadKind::Invoice => "invoice",
        ReadKind::Receipt => "receipt",
        ReadKind::CreditNote => "credit note",
        ReadKind::DebitNote => "debit note",
        ReadKind::NotInvoice => "not an invoice",
    }
}

const fn proof_name(proof: Proof) -> &'static str {
    match proof {
        Proof::Proven => "agree with the total",
        Proof::Unproven => "not enough of them to check the total",
        Proof::Contradicted => "do not agree: please check",
    }
}

/// Returns the name of what the kind and the error do not say already.
const fn outcome_name(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Verified => Some("verified"),
        Outcome::Read => Some("read"),
        Outcome::PleaseCheck => Some("please check"),
        Outcome::NotAnInvoice | Outcome::Unreadable => None,
    }
}

/// Says what a person should look at.
fn sentence(finding: &Finding) -> String {
    let plain = match finding {
        Finding::NetAndTax { sum, gross } => {
            return format!("net and tax add up to {sum}, not {gross}");
        }
        Finding::Lines { sum, expected } => {
            return format!("the lines add up to {sum}, not {expected}");
        }
        Finding::TaxByRate { sum, tax } => {
            return format!("the tax by rate adds up to {sum}, not {tax}");
        }
        Finding::Due { sum, due } => return format!("by the sums {sum} is left to pay, not {due}"),
        Finding::PageTotal { printed } => {
            return format!("the printed page has the total {printed}");
        }
        Finding::PageNumber { printed } => {
            return format!("the printed page has the number {printed}");
        }
        Finding::PageDate { printed } => return format!("the printed page has the date {printed}"),
        Finding::DateAmbiguous { other } => return format!("the date may also be {other}"),
        Finding::VendorMissing => "no vendor was found",
        Finding::DateMissing => "no date was found",
        Finding::CurrencyAssumed => "no currency was found",
        Finding::TotalUnsure => "the total is not sure",
        Finding::TotalUnproven => "no sum proves the total",
        Finding::DateUnsure => "the date is not sure",
        Finding::VendorUnsure => "the vendor is not sure",
        Finding::NumberUnsure => "the number is not sure",
        Finding::DateUnlikely => "the date lies in the future or far back",
    };
    plain.to_owned()
}
