//! A change of stored invoices, as a sentence asks for it.

use crate::{dates::Date, invoice::Status, money::Currency, question::Filters};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Which invoices are meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The one with this number.
    Number(String),
    /// Those with these numbers.
    Numbers(Vec<String>),
    /// All that match.
    Filter(Filters),
    /// The newest that matches.
    Latest(Filters),
    /// The one just spoken of.
    Context,
    /// It is not said.
    Unsaid,
}

/// New values; nothing means "left as it is".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewValues {
    /// Where it stands.
    pub status: Option<Status>,
    /// The day of payment; the inner nothing takes it away.
    pub paid_on: Option<Option<Date>>,
    /// The issue date.
    pub issue_date: Option<Date>,
    /// The due date.
    pub due_date: Option<Date>,
    /// The category.
    pub category: Option<String>,
    /// Notes.
    pub notes: Option<String>,
    /// The vendor's name.
    pub vendor: Option<String>,
    /// The customer's name.
    pub customer: Option<String>,
    /// The number.
    pub number: Option<String>,
    /// The gross total, in major units.
    pub gross: Option<Decimal>,
    /// The currency.
    pub currency: Option<Currency>,
}

impl NewValues {
    /// Returns whether nothing would change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns whether it touches amounts or the currency, which always need a yes.
    #[must_use]
    pub const fn touches_amounts(&self) -> bool {
        self.gross.is_some() || self.currency.is_some()
    }
}

/// Which invoices get which new values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Which ones.
    pub target: Target,
    /// What.
    pub set: NewValues,
}

impl Correction {
    /// Returns whether a literal yes is needed before anything is written.
    ///
    /// For everything that a filter or a range finds, for cancellation, and for amounts or
    /// currency; an undo is always offered for the rest.
    #[must_use]
    pub fn needs_confirmation(&self) -> bool {
        matches!(self.target, Target::Filter(_) | Target::Numbers(_))
            || self.set.status == Some(Status::Cancelled)
            || self.set.touches_amounts()
    }
}
