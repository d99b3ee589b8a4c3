//! The columns of every export, and an invoice as a record of them.
//!
//! The names are a contract with whoever reads an export back, our own import included.

use domain::invoice::{Direction, Invoice, Kind, Line};
use serde::Serialize;

/// The columns of an invoice, in order.
///
/// Amounts are decimals in major units with a point, dates are ISO 8601, `status` is the word of
/// [`domain::invoice::Status::word`]. What is not known is empty. `items` holds the lines: as a
/// JSON array of objects of [`ITEM_COLUMNS`] without `invoice_id`.
pub const INVOICE_COLUMNS: [&str; 17] = [
    "id",
    "number",
    "direction",
    "kind",
    "vendor",
    "customer",
    "category",
    "issue_date",
    "due_date",
    "paid_at",
    "currency",
    "subtotal",
    "tax",
    "total",
    "status",
    "notes",
    "items",
];

/// The columns of a line, in order.
pub const ITEM_COLUMNS: [&str; 5] =
    ["invoice_id", "description", "quantity", "unit_price", "amount"];

/// An invoice as it is exported; the fields are [`INVOICE_COLUMNS`].
#[derive(Debug, Serialize)]
pub(crate) struct Record<'a> {
    pub id: String,
    pub number: Option<&'a str>,
    pub direction: &'static str,
    pub kind: &'static str,
    pub vendor: &'a str,
    pub customer: &'a str,
    pub category: Option<&'a str>,
    pub issue_date: String,
    pub due_date: Option<String>,
    pub paid_at: Option<String>,
    pub currency: &'static str,
    pub subtotal: Option<String>,
    pub tax: Option<String>,
    pub total: String,
    pub status: &'static str,
    pub notes: Option<&'a str>,
    pub items: Vec<Item<'a>>,
}

/// A line as it is exported; decimals are strings, so that no reader rounds them.
#[derive(Debug, Serialize)]
pub(crate) struct Item<'a> {
    pub description: &'a str,
    pub quantity: Option<String>,
    pub unit_price: Option<String>,
    pub amount: Option<String>,
}

impl<'a> Record<'a> {
    pub(crate) fn of(invoice: &'a Invoice) -> Self {
        Self {
            id: invoice.id.to_string(),
            number: invoice.number.as_deref(),
            direction: direction(invoice.direction),
            kind: kind(invoice.kind),
            vendor: &invoice.vendor.name,
            customer: &invoice.customer.name,
            category: invoice.category.as_deref(),
            issue_date: invoice.issue_date.to_string(),
            due_date: invoice.due_date.map(|day| day.to_string()),
            paid_at: invoice.paid_on.map(|day| day.to_string()),
            currency: invoice.currency.code(),
            subtotal: invoice.net.map(|net| net.decimal().to_string()),
            tax: invoice.tax.map(|tax| tax.decimal().to_string()),
            total: invoice.gross.decimal().to_string(),
            status: invoice.status.word(),
            notes: invoice.notes.as_deref(),
            items: invoice.lines.iter().map(Item::of).collect(),
        }
    }
}

impl<'a> Item<'a> {
    fn of(line: &'a Line) -> Self {
        Self {
            description: &line.description,
            quantity: line.quantity.map(|quantity| quantity.0.to_string()),
            unit_price: line.unit_price.map(|price| price.0.to_string()),
            amount: line.amount.map(|amount| amount.decimal().to_string()),
        }
    }
}

/// Returns the word that a direction is exported as.
#[must_use]
pub const fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Received => "received",
        Direction::Issued => "issued",
    }
}

/// Returns the word that a kind is exported as.
#[must_use]
pub const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Invoice => "invoice",
        Kind::Receipt => "receipt",
        Kind::CreditNote => "credit_note",
        Kind::DebitNote => "debit_note",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_record_has_exactly_the_documented_columns() {
        let record = serde_json::to_value(Record::of(&samples::issued())).unwrap();
        let columns: Vec<&String> = record.as_object().unwrap().keys().collect();
        assert_eq!(columns, INVOICE_COLUMNS);
        let columns: Vec<&String> = record["items"][0].as_object().unwrap().keys().collect();
        assert_eq!(columns, ITEM_COLUMNS[1..]);
    }

    #[test]
    fn words_are_those_of_the_stored_form() {
        for (value, word) in [
            (serde_json::to_value(Direction::Issued), direction(Direction::Issued)),
            (serde_json::to_value(Direction::Received), direction(Direction::Received)),
            (serde_json::to_value(Kind::CreditNote), kind(Kind::CreditNote)),
            (serde_json::to_value(Kind::DebitNote), kind(Kind::DebitNote)),
        ] {
            assert_eq!(value.unwrap(), word);
        }
    }
}
