//! One row of the query schema, and the invoice it becomes.

use domain::{
    dates::Date,
    ids::{InvoiceId, TenantId},
    invoice::{Direction, Invoice, Kind, Line, Proof, Status, totals},
    money::{Currency, Money, Quantity, Rate, UnitPrice},
    party::Party,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::str::FromStr;

/// A row as it is written. Columns that mean nothing here are left alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Row {
    #[serde(deserialize_with = "text")]
    id: Option<String>,
    #[serde(deserialize_with = "text")]
    number: Option<String>,
    #[serde(deserialize_with = "text")]
    vendor: Option<String>,
    #[serde(deserialize_with = "text")]
    vendor_tax_id: Option<String>,
    #[serde(deserialize_with = "text")]
    customer: Option<String>,
    #[serde(deserialize_with = "text")]
    category: Option<String>,
    #[serde(deserialize_with = "text")]
    direction: Option<String>,
    #[serde(deserialize_with = "text")]
    kind: Option<String>,
    #[serde(deserialize_with = "text")]
    issue_date: Option<String>,
    #[serde(deserialize_with = "text")]
    due_date: Option<String>,
    #[serde(deserialize_with = "text", alias = "paid_on")]
    paid_at: Option<String>,
    #[serde(deserialize_with = "text")]
    currency: Option<String>,
    #[serde(deserialize_with = "text", alias = "net")]
    subtotal: Option<String>,
    #[serde(deserialize_with = "text")]
    tax: Option<String>,
    #[serde(deserialize_with = "text", alias = "gross")]
    total: Option<String>,
    #[serde(deserialize_with = "text")]
    status: Option<String>,
    #[serde(deserialize_with = "text")]
    notes: Option<String>,
    #[serde(alias = "lines")]
    items: Vec<Item>,
}

/// An item of a row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Item {
    #[serde(deserialize_with = "text")]
    description: Option<String>,
    #[serde(deserialize_with = "text")]
    quantity: Option<String>,
    #[serde(deserialize_with = "text")]
    unit_price: Option<String>,
    #[serde(deserialize_with = "text")]
    amount: Option<String>,
    #[serde(deserialize_with = "text")]
    tax_rate: Option<String>,
}

impl Row {
    /// Returns everything that the row says, as one text.
    pub fn content(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Turns rows into invoices of one book.
#[derive(Debug, Clone, Copy)]
pub struct Settler {
    tenant: TenantId,
    currency: Currency,
}

impl Settler {
    /// Makes a settler; the currency is that of rows which name none.
    pub const fn new(tenant: TenantId, currency: Currency) -> Self {
        Self { tenant, currency }
    }

    /// Returns the invoice of a row; `copy` counts equal rows before it.
    ///
    /// # Errors
    ///
    /// What is wrong with the row, for a person.
    pub fn invoice(&self, row: &Row, copy: u32) -> Result<Invoice, String> {
        let currency = match &row.currency {
            None => self.currency,
            Some(code) => Currency::parse(code)
                .ok_or_else(|| format!("currency {code:?} is no ISO 4217 code"))?,
        };
        let direction = direction(row)?;
        let status = status(row)?;
        let money = |name: &str, text: &Option<String>| amount(name, text, currency);
        let mut invoice = Invoice {
            id: self.id(row, copy),
            direction,
            kind: kind(row)?,
            number: row.number.clone(),
            vendor: Party {
                tax_id: row.vendor_tax_id.clone(),
                ..Party::named(row.vendor.clone().unwrap_or_default())
            },
            customer: Party::named(row.customer.clone().unwrap_or_default()),
            issue_date: day("issue_date", &row.issue_date)?.ok_or("issue_date is missing")?,
            due_date: day("due_date", &row.due_date)?,
            paid_on: day("paid_at", &row.paid_at)?,
            currency,
            lines: lines(&row.items, currency)?,
            taxes: Vec::new(),
            net: money("subtotal", &row.subtotal)?,
            tax: money("tax", &row.tax)?,
            gross: money("total", &row.total)?.ok_or("total is missing")?,
            allowance: None,
            prepaid: None,
            rounding: None,
            category: row.category.clone(),
            status,
            notes: row.notes.clone(),
            document: None,
            proof: Proof::Unproven,
        };
        if invoice.counterparty().is_empty() {
            return Err("vendor and customer are both missing".to_owned());
        }
        invoice.proof = totals::prove(&invoice, &totals::check(&invoice));
        Ok(invoice)
    }

    /// The same row in the same book has the same identifier, whenever it is imported. An id of
    /// our own export is kept, so that a book can be moved.
    fn id(&self, row: &Row, copy: u32) -> InvoiceId {
        if let Some(id) = row.id.as_deref().and_then(|id| id.parse().ok()) {
            return id;
        }
        let mut hash = Sha256::new();
        hash.update(self.tenant.0);
        hash.update(copy.to_be_bytes());
        hash.update(row.content());
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(hash.finalize()) {
            *to = from;
        }
        InvoiceId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}

fn direction(row: &Row) -> Result<Direction, String> {
    match row.direction.as_deref() {
        Some("received") => Ok(Direction::Received),
        Some("issued") => Ok(Direction::Issued),
        Some(other) => Err(format!("direction is {other:?}, not received or issued")),
        // A customer stands on what was sent; what was received names its vendor.
        None if row.customer.is_some() => Ok(Direction::Issued),
        None => Ok(Direction::Received),
    }
}

fn kind(row: &Row) -> Result<Kind, String> {
    match row.kind.as_deref() {
        None | Some("invoice") => Ok(Kind::Invoice),
        Some("receipt") => Ok(Kind::Receipt),
        Some("credit_note") => Ok(Kind::CreditNote),
        Some("debit_note") => Ok(Kind::DebitNote),
        Some(other) => {
            Err(format!("kind is {other:?}, not invoice, receipt, credit_note or debit_note"))
        }
    }
}

fn status(row: &Row) -> Result<Status, String> {
    match row.status.as_deref() {
        None if row.paid_at.is_some() => Ok(Status::Paid),
        // Overdue is derived from the due date, never stored.
        None | Some("overdue") => Ok(Status::Unpaid),
        Some(word) => Status::parse(word).ok_or_else(|| {
            let words: Vec<&str> = Status::ALL.iter().map(|status| status.word()).collect();
            format!("status is {word:?}, not one of {}", words.join(", "))
        }),
    }
}

fn lines(items: &[Item], currency: Currency) -> Result<Vec<Line>, String> {
    items
        .iter()
        .map(|item| {
            Ok(Line {
                description: item.description.clone().ok_or("an item has no description")?,
                quantity: number("quantity", &item.quantity)?.map(Quantity),
                unit_price: number("unit_price", &item.unit_price)?.map(UnitPrice),
                amount: amount("amount", &item.amount, currency)?,
                tax_rate: number("tax_rate", &item.tax_rate)?.map(Rate),
            })
        })
        .collect()
}

fn day(name: &str, text: &Option<String>) -> Result<Option<Date>, String> {
    let Some(text) = text else { return Ok(None) };
    // An instant is taken as the day it is written with.
    let head = text.split(['T', ' ']).next().unwrap_or_default();
    let day = Date::from_str(head).ok().filter(|_| head.len() == 10);
    day.map(Some).ok_or_else(|| format!("{name} is {text:?}, not a date such as 2025-08-31"))
}

fn number(name: &str, text: &Option<String>) -> Result<Option<Decimal>, String> {
    let Some(text) = text else { return Ok(None) };
    let value = domain::money::parse_decimal(text);
    value.map(Some).ok_or_else(|| format!("{name} is {text:?}, not a number such as 12.50"))
}

fn amount(name: &str, text: &Option<String>, currency: Currency) -> Result<Option<Money>, String> {
    let Some(value) = number(name, text)? else { return Ok(None) };
    let money = Money::rounded(value, currency).map_err(|_| format!("{name} is too large"))?;
    if money.decimal() == value {
        Ok(Some(money))
    } else {
        Err(format!("{name} is {value}, but {currency} has {} decimals", currency.decimals()))
    }
}

/// Takes texts and numbers alike, digit by digit; empty and null are nothing.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::String(text) => {
            let text = text.replace('\0', "");
            Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
        }
        Value::Number(number) => Ok(Some(number.to_string())),
        _ => Err(D::Error::custom("a text or a number was expected, not a list or an object")),
    }
}
