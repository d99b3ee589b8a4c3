//! Invoices, receipts, credit notes and debit notes, as they are stored.

pub mod number;
pub mod status;
pub mod totals;

use crate::{
    dates::Date,
    document::ContentHash,
    ids::InvoiceId,
    money::{Currency, Money, Quantity, Rate, UnitPrice},
    party::Party,
};
use serde::{Deserialize, Serialize};
pub use status::Status;
pub use totals::{Finding, Proof};

/// Which way the invoice went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From a vendor to this tenant.
    Received,
    /// From this tenant to a customer.
    Issued,
}

/// What kind of document it is (BT-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Asks for payment (380).
    Invoice,
    /// Proves payment.
    Receipt,
    /// Gives money back (381); its amounts are positive and count against the tenant's spend.
    CreditNote,
    /// Asks for more (383).
    DebitNote,
}

/// A stored invoice. The gross total is always there; whatever else the document did not say is
/// absent, never guessed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// Its identifier.
    pub id: InvoiceId,
    /// Received or issued.
    pub direction: Direction,
    /// Invoice, receipt or note.
    pub kind: Kind,
    /// The number as printed (BT-1).
    pub number: Option<String>,
    /// Who issued it (BG-4); the tenant itself for issued invoices. The name may be empty.
    pub vendor: Party,
    /// Who is to pay (BG-7). The name may be empty on received ones.
    pub customer: Party,
    /// The issue date (BT-2).
    pub issue_date: Date,
    /// The due date (BT-9).
    pub due_date: Option<Date>,
    /// The day of payment.
    pub paid_on: Option<Date>,
    /// The currency of every amount here (BT-5).
    pub currency: Currency,
    /// Item lines (BG-25); may be empty.
    pub lines: Vec<Line>,
    /// Tax by rate (BG-23); may be empty.
    pub taxes: Vec<TaxGroup>,
    /// Total without tax, after allowances (BT-109).
    pub net: Option<Money>,
    /// Total tax (BT-110).
    pub tax: Option<Money>,
    /// Total with tax (BT-112).
    pub gross: Money,
    /// Document level allowances less charges (BT-107, BT-108).
    pub allowance: Option<Money>,
    /// Paid before (BT-113).
    pub prepaid: Option<Money>,
    /// Rounding of the amount to pay (BT-114).
    pub rounding: Option<Money>,
    /// What it was for, in the tenant's words.
    pub category: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// Free text.
    pub notes: Option<String>,
    /// The original in the blob store.
    pub document: Option<ContentHash>,
    /// Whether the sums prove it.
    pub proof: Proof,
}

/// One item line (BG-25).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What (BT-153).
    pub description: String,
    /// How many (BT-129).
    pub quantity: Option<Quantity>,
    /// The price of one (BT-146).
    pub unit_price: Option<UnitPrice>,
    /// The amount of the line (BT-131).
    pub amount: Option<Money>,
    /// The rate (BT-152).
    pub tax_rate: Option<Rate>,
}

/// Tax at one rate (BG-23).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxGroup {
    /// The rate (BT-119).
    pub rate: Option<Rate>,
    /// The taxable amount (BT-116).
    pub net: Option<Money>,
    /// The tax (BT-117).
    pub tax: Option<Money>,
}

impl Invoice {
    /// Returns the name that the invoice goes by: the vendor's if received, else the customer's.
    #[must_use]
    pub fn counterparty(&self) -> &str {
        match self.direction {
            Direction::Received => &self.vendor.name,
            Direction::Issued => &self.customer.name,
        }
    }

    /// Returns what is left to pay: the total less what was paid before, rounded as the document
    /// says; nothing where that does not fit.
    #[must_use]
    pub fn due(&self) -> Option<Money> {
        let none = Money::new(0, self.currency);
        let left = self.gross.minus(self.prepaid.unwrap_or(none)).ok()?;
        left.plus(self.rounding.unwrap_or(none)).ok()
    }

    /// Returns what makes two documents the same invoice: vendor, number, date and gross.
    ///
    /// Nothing if the number is missing, since two visits to one shop may cost the same.
    #[must_use]
    pub fn duplicate_key(&self) -> Option<String> {
        let number = crate::names::fold(self.number.as_deref()?).replace(' ', "");
        let vendor = crate::names::fold(&self.vendor.name);
        let customer = match self.direction {
            Direction::Received => String::new(),
            Direction::Issued => "issued".to_owned(),
        };
        Some(format!("{customer}|{vendor}|{number}|{}|{}", self.issue_date, self.gross))
    }
}
