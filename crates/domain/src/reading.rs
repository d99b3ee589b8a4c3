//! What a file, a model or a person claims an invoice says, each value with its evidence.
//!
//! A [`Reading`] is not to be trusted. [`Reading::into_invoice`] is the only way from one to an
//! [`crate::invoice::Invoice`].

mod stored;
mod trust;

pub use trust::{Computed, Trust};

use crate::{
    dates::Date,
    document::{ContentHash, Region},
    ids::InvoiceId,
    money::{Currency, MoneyError},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// How a value was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A field of an e-invoice: exact.
    EInvoice,
    /// The document's text layer.
    TextLayer,
    /// Read from pixels.
    Pixels,
    /// A language model said it.
    Model,
    /// The user typed it.
    User,
    /// Computed from other values.
    Derived,
}

/// From this confidence on a value counts as verified: something else than its label proves it.
pub const VERIFIED_FROM: u8 = 98;
/// Below this confidence a value is shown as doubtful.
pub const DOUBTFUL_BELOW: u8 = 60;

/// The rule of a date whose day and month may change places, as far as the document tells.
pub const EITHER_ORDER: &str = "day or month first";

/// How far a value may be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Exact, or proven by sums, check digits or a second source that agrees.
    Verified,
    /// Read, and nothing speaks against it.
    Plain,
    /// The user is asked to look at it.
    Doubtful,
}

/// Where a value was found and how sure it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// How the value was found.
    pub origin: Origin,
    /// 0 to 100, the share of such values that are right as measured; 100 only for what is exact.
    pub confidence: u8,
    /// The page, from 1.
    pub page: Option<u32>,
    /// The place on that page.
    pub region: Option<Region>,
    /// The name of the rule that chose it, or of the XML term.
    pub rule: String,
}

impl Evidence {
    /// Makes the evidence of a value that has no place on a page.
    #[must_use]
    pub fn of(origin: Origin, confidence: u8, rule: impl Into<String>) -> Self {
        Self { origin, confidence, page: None, region: None, rule: rule.into() }
    }

    /// Returns how far the value may be trusted.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        match self.confidence {
            VERIFIED_FROM.. => Standing::Verified,
            DOUBTFUL_BELOW.. => Standing::Plain,
            _ => Standing::Doubtful,
        }
    }
}

/// A value with its evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim<T> {
    /// The value.
    pub value: T,
    /// Why it is believed.
    pub evidence: Evidence,
}

impl<T> Claim<T> {
    /// Makes a claim.
    pub const fn new(value: T, evidence: Evidence) -> Self {
        Self { value, evidence }
    }
}

/// What the document is claimed to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadKind {
    /// Asks for payment.
    Invoice,
    /// Proves payment.
    Receipt,
    /// Gives money back.
    CreditNote,
    /// Asks for more money on an earlier invoice.
    DebitNote,
    /// None of these.
    NotInvoice,
}

/// An item line as it was read; amounts in major units.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReadLine {
    /// What was bought.
    pub description: String,
    /// How many.
    pub quantity: Option<Decimal>,
    /// The price of one, before tax on invoices, as printed on receipts.
    pub unit_price: Option<Decimal>,
    /// The amount of the line as printed.
    pub amount: Option<Decimal>,
    /// The tax rate as a fraction.
    pub tax_rate: Option<Decimal>,
}

/// Tax at one rate, as it was read; major units.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReadTax {
    /// The rate as a fraction.
    pub rate: Option<Decimal>,
    /// The taxable amount.
    pub net: Option<Decimal>,
    /// The tax.
    pub tax: Option<Decimal>,
}

/// Everything a document is claimed to say. Amounts are in major units, signs as printed (a
/// credit note's totals are positive).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// What it is.
    pub kind: Claim<ReadKind>,
    /// ISO 639-1 code of the document's language.
    pub language: Option<String>,
    /// The vendor's name (BT-27).
    pub vendor: Option<Claim<String>>,
    /// The vendor's VAT, GST or other tax number (BT-31).
    pub vendor_tax_id: Option<Claim<String>>,
    /// The account to pay to (BT-84).
    pub vendor_iban: Option<Claim<String>>,
    /// The vendor's address, lines joined by `, `.
    pub vendor_address: Option<Claim<String>>,
    /// The vendor's e-mail address (BT-43).
    pub vendor_email: Option<Claim<String>>,
    /// Who is to be paid, where it is not the vendor (BT-59).
    pub payee: Option<Claim<String>>,
    /// The customer's name (BT-44).
    pub customer: Option<Claim<String>>,
    /// The customer's VAT, GST or other tax number (BT-48).
    pub customer_tax_id: Option<Claim<String>>,
    /// The customer's address, lines joined by `, `.
    pub customer_address: Option<Claim<String>>,
    /// The invoice number (BT-1).
    pub number: Option<Claim<String>>,
    /// The issue date (BT-2).
    pub issue_date: Option<Claim<Date>>,
    /// The due date (BT-9).
    pub due_date: Option<Claim<Date>>,
    /// The currency (BT-5).
    pub currency: Option<Claim<Currency>>,
    /// The total without tax, after allowances (BT-109).
    pub net: Option<Claim<Decimal>>,
    /// The total tax (BT-110).
    pub tax: Option<Claim<Decimal>>,
    /// The total with tax (BT-112).
    pub gross: Option<Claim<Decimal>>,
    /// Paid before (BT-113).
    pub prepaid: Option<Claim<Decimal>>,
    /// Rounding of the amount to pay (BT-114).
    pub rounding: Option<Claim<Decimal>>,
    /// What is left to pay (BT-115).
    pub due: Option<Claim<Decimal>>,
    /// Document level allowances (positive) less charges.
    pub allowance: Option<Claim<Decimal>>,
    /// Tax by rate (BG-23); may be empty.
    pub taxes: Vec<ReadTax>,
    /// The item lines (BG-25); may be empty.
    pub lines: Vec<ReadLine>,
    /// Whether the document itself says that it is paid.
    pub paid: bool,
    /// What it says in words, a line each: notes (BT-22), why no tax is charged (BT-120), the
    /// period (BG-14).
    pub notes: Option<String>,
    /// The further papers of the same file, each read by itself; empty for one paper, and theirs
    /// are empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Self>,
}

impl Reading {
    /// Makes an empty reading of a kind.
    #[must_use]
    pub const fn of_kind(kind: ReadKind, evidence: Evidence) -> Self {
        Self {
            kind: Claim::new(kind, evidence),
            language: None,
            vendor: None,
            vendor_tax_id: None,
            vendor_iban: None,
            vendor_address: None,
            vendor_email: None,
            payee: None,
            customer: None,
            customer_tax_id: None,
            customer_address: None,
            number: None,
            issue_date: None,
            due_date: None,
            currency: None,
            net: None,
            tax: None,
            gross: None,
            prepaid: None,
            rounding: None,
            due: None,
            allowance: None,
            taxes: Vec::new(),
            lines: Vec::new(),
            paid: false,
            notes: None,
            others: Vec::new(),
        }
    }

    /// Returns whether this is claimed to be an invoice, a receipt or a note.
    #[must_use]
    pub fn is_invoice(&self) -> bool {
        self.kind.value != ReadKind::NotInvoice
    }
}

/// What is known about a document before it is read.
#[derive(Debug, Clone)]
pub struct Intake {
    /// The identifier that the invoice will have.
    pub id: InvoiceId,
    /// The tenant's currency, for a document that names none.
    pub currency: Currency,
    /// The user's date on the day it arrived.
    pub received_on: Date,
    /// The stored original.
    pub document: Option<ContentHash>,
}

/// Why a reading cannot become an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotStorable {
    /// It says itself that it is none.
    #[error("the document is not an invoice")]
    NotInvoice,
    /// There is no gross total, nor net and tax to derive it from.
    #[error("no total was found")]
    NoTotal,
    /// An amount does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}
