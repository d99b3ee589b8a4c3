//! Where an invoice stands, and which steps lead on from there.

use serde::{Deserialize, Serialize};

/// Where an invoice stands. "Overdue" is derived: unpaid and past its due date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not final; counts in no answer unless asked for.
    Draft,
    /// To be paid.
    Unpaid,
    /// Paid in full.
    Paid,
    /// Paid in part.
    PartPaid,
    /// Void; counts in no answer unless asked for.
    Cancelled,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Draft, Self::Unpaid, Self::Paid, Self::PartPaid, Self::Cancelled];

    /// Returns the word it is stored and exported as.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Unpaid => "unpaid",
            Self::Paid => "paid",
            Self::PartPaid => "part_paid",
            Self::Cancelled => "cancelled",
        }
    }

    /// Returns the status of a stored word, or nothing.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }
}
