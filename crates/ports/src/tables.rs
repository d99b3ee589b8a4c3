//! What the tables of a spreadsheet say: one invoice as a form, or a list with an invoice a row.

use domain::{dates::Date, document::Table, invoice::Status, reading::Reading};
use serde::Serialize;

/// What a spreadsheet says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Booked {
    /// A form: labels with their values, and perhaps item lines.
    Form(Box<Reading>),
    /// A list of invoices.
    List(List),
    /// A list of payments, as a bank gives it.
    Payments,
    /// A list whose heads, given here, do not say what its rows are.
    Unknown(Vec<String>),
    /// None of these.
    Nothing,
}

/// A list of invoices, in the order of its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    /// The rows that say enough to be an invoice.
    pub entries: Vec<Entry>,
    /// The rows that do not; empty rows and rows of sums are neither.
    pub skipped: Vec<Skipped>,
    /// The heads of columns that look important and were not used.
    pub unused: Vec<String>,
}

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it stands.
    pub place: Place,
    /// What it says; the gross total is always there.
    pub reading: Reading,
    /// What it is for.
    pub category: Option<String>,
    /// Where it stands in its life, if the list says so.
    pub status: Option<Status>,
    /// The day of payment.
    pub paid_on: Option<Date>,
    /// Whether this side issued it: the list names customers and no vendors.
    pub issued: bool,
}

impl Entry {
    /// Makes an entry that says no more than its reading.
    #[must_use]
    pub const fn of(place: Place, reading: Reading) -> Self {
        Self { place, reading, category: None, status: None, paid_on: None, issued: false }
    }
}

/// A row of a list that is no invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Where it stands.
    pub place: Place,
    /// Why.
    pub why: Lack,
}

/// Why a row is no invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// There is no total, nor net and tax to derive it from.
    Total,
    /// The total cannot be read as a number.
    UnreadableTotal,
    /// There is no date, or one that cannot be read.
    Date,
    /// The list says that it is a quote, an order or the like.
    OtherKind,
    /// Several rows bear the same number and say different totals.
    SharedNumber,
}

/// A place in a spreadsheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The sheet's name; may be empty.
    pub sheet: String,
    /// The row, from 1.
    pub row: usize,
}

/// Understands tables. It reads what is there and asks nobody, so it cannot fail.
pub trait Tables: Send + Sync {
    /// Returns what tables say. `today` anchors years of two digits; `locale` is a BCP 47 locale
    /// that settles doubtful numbers and dates, and may be empty.
    fn understand(&self, tables: &[Table], today: Date, locale: &str) -> Booked;
}
