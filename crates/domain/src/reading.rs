//! What a file, a model or a person claims an invoice says, each value with its evidence.
//!
//! A [`Reading`] is not to be trusted. [`Reading::into_invoice`] is the only way from one to an
//! [`Invoice`].

use crate::{
    dates::Date,
    document::{ContentHash, Region},
    ids::InvoiceId,
    invoice::{Direction, Finding, Invoice, Kind, Line, Proof, Status, TaxGroup, totals},
    money::{Currency, Money, MoneyError, Quantity, Rate, UnitPrice},
    party::Party,
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
    /// The customer's name (BT-44).
    pub customer: Option<Claim<String>>,
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
    /// Document level allowances (positive) less charges.
    pub allowance: Option<Claim<Decimal>>,
    /// Tax by rate (BG-23); may be empty.
    pub taxes: Vec<ReadTax>,
    /// The item lines (BG-25); may be empty.
    pub lines: Vec<ReadLine>,
    /// Whether the document itself says that it is paid.
    pub paid: bool,
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
            customer: None,
            number: None,
            issue_date: None,
            due_date: None,
            currency: None,
            net: None,
            tax: None,
            gross: None,
            prepaid: None,
            rounding: None,
            allowance: None,
            taxes: Vec::new(),
            lines: Vec::new(),
            paid: false,
        }
    }

    /// Returns whether this is claimed to be an invoice, a receipt or a note.
    #[must_use]
    pub fn is_invoice(&self) -> bool {
        self.kind.value != ReadKind::NotInvoice
    }

    /// Turns what was read into an invoice, with what does not add up or is missing.
    ///
    /// The currency falls back to the tenant's, the issue date to the day of receipt; both are
    /// then among the findings. Findings are in the order of their weight.
    ///
    /// # Errors
    ///
    /// [`NotStorable`] where the gross total is missing and cannot be derived, or an amount does
    /// not fit.
    pub fn into_invoice(self, intake: &Intake) -> Result<(Invoice, Vec<Finding>), NotStorable> {
        let mut findings = Vec::new();
        let kind = self.kind.value.stored().ok_or(NotStorable::NotInvoice)?;
        let gross = self.gross_or_sum().ok_or(NotStorable::NoTotal)?;
        let currency = self.currency.as_ref().map_or_else(
            || {
                findings.push(Finding::CurrencyAssumed);
                intake.currency
            },
            |claim| claim.value,
        );
        let issue_date = self.issue_date.as_ref().map_or_else(
            || {
                findings.push(Finding::DateMissing);
                intake.received_on
            },
            |claim| claim.value,
        );
        let vendor = self.vendor_party();
        if vendor.name.is_empty() {
            findings.push(Finding::VendorMissing);
        }
        let money = |amount: Decimal| Money::rounded(amount, currency);
        let optional = |claim: &Option<Claim<Decimal>>| {
            claim.as_ref().map(|claim| money(claim.value)).transpose()
        };
        let paid = self.paid || kind == Kind::Receipt;
        let mut invoice = Invoice {
            id: intake.id,
            direction: Direction::Received,
            kind,
            number: self.number.as_ref().map(|claim| claim.value.clone()),
            vendor,
            customer: Party::named(
                self.customer.as_ref().map(|claim| claim.value.clone()).unwrap_or_default(),
            ),
            issue_date,
            due_date: self.due_date.as_ref().map(|claim| claim.value),
            paid_on: paid.then_some(issue_date),
            currency,
            lines: lines(&self.lines, currency)?,
            taxes: taxes(&self.taxes, currency)?,
            net: optional(&self.net)?,
            tax: optional(&self.tax)?,
            gross: money(gross)?,
            allowance: optional(&self.allowance)?,
            prepaid: optional(&self.prepaid)?,
            rounding: optional(&self.rounding)?,
            category: None,
            status: if paid { Status::Paid } else { Status::Unpaid },
            notes: None,
            document: intake.document,
            proof: Proof::Unproven,
        };
        findings.extend(totals::check(&invoice));
        invoice.proof = self.proof(&invoice, &findings);
        Ok((invoice, findings))
    }

    /// Returns whether the sums prove the total: a value that was computed from the others proves
    /// none of them.
    fn proof(&self, invoice: &Invoice, findings: &[Finding]) -> Proof {
        let proof = totals::prove(invoice, findings);
        let is_derived = |claim: &Option<Claim<Decimal>>| {
            claim.as_ref().is_some_and(|claim| claim.evidence.origin == Origin::Derived)
        };
        let derived =
            self.gross.is_none() || [&self.net, &self.tax, &self.gross].into_iter().any(is_derived);
        if proof != Proof::Proven || !derived {
            return proof;
        }
        // Without net and tax only the lines are left to prove it.
        totals::prove(&Invoice { net: None, tax: None, ..invoice.clone() }, &[])
    }

    fn gross_or_sum(&self) -> Option<Decimal> {
        let value = |claim: &Option<Claim<Decimal>>| claim.as_ref().map(|claim| claim.value);
        value(&self.gross).or_else(|| value(&self.net)?.checked_add(value(&self.tax)?))
    }

    fn vendor_party(&self) -> Party {
        let text = |claim: &Option<Claim<String>>| claim.as_ref().map(|claim| claim.value.clone());
        Party {
            name: text(&self.vendor).unwrap_or_default(),
            tax_id: text(&self.vendor_tax_id),
            iban: text(&self.vendor_iban),
            address: text(&self.vendor_address),
            email: None,
        }
    }
}

impl ReadKind {
    const fn stored(self) -> Option<Kind> {
        match self {
            Self::Invoice => Some(Kind::Invoice),
            Self::Receipt => Some(Kind::Receipt),
            Self::CreditNote => Some(Kind::CreditNote),
            Self::DebitNote => Some(Kind::DebitNote),
            Self::NotInvoice => None,
        }
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

fn lines(read: &[ReadLine], currency: Currency) -> Result<Vec<Line>, MoneyError> {
    read.iter()
        .map(|line| {
            Ok(Line {
                description: line.description.clone(),
                quantity: line.quantity.map(Quantity),
                unit_price: line.unit_price.map(UnitPrice),
                amount: line.amount.map(|amount| Money::rounded(amount, currency)).transpose()?,
                tax_rate: line.tax_rate.map(Rate),
            })
        })
        .collect()
}

fn taxes(read: &[ReadTax], currency: Currency) -> Result<Vec<TaxGroup>, MoneyError> {
    let money =
        |amount: Option<Decimal>| amount.map(|amount| Money::rounded(amount, currency)).transpose();
    read.iter()
        .map(|group| {
            Ok(TaxGroup {
                rate: group.rate.map(Rate),
                net: money(group.net)?,
                tax: money(group.tax)?,
            })
        })
        .collect()
}
