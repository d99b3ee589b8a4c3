//! Parts of replies that have a shape of their own.

use domain::{dates::Date, ids::PendingId, money::Money, question::Value};
use rust_decimal::Decimal;
use serde::Serialize;

/// Two figures of one currency, or two counts.
#[derive(Debug, Clone, Serialize)]
pub struct Figures {
    /// The first one.
    pub one: Value,
    /// The second one.
    pub other: Value,
    /// How far they are apart; never below zero.
    pub apart: Value,
    /// Which is larger: 1 the first, -1 the second, 0 none.
    pub sign: i8,
}

/// Why a document is no invoice.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum NotInvoice {
    /// An XML document of another kind.
    OtherXml {
        /// The name of its root element.
        root: String,
    },
    /// There is no amount of money on it.
    NoAmounts,
}

/// What is strange about a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Strangeness {
    /// There are no words in it.
    Wordless,
    /// It is in letters that are not read here.
    OtherTongue,
    /// It is said in anger.
    Hurt,
}

/// What goes on waiting for a yes.
#[derive(Debug, Clone, Serialize)]
pub struct Waiting {
    /// Who a draft is for, and its total; nothing if changes wait.
    pub draft: Option<(String, Money)>,
    /// The action that waits.
    pub pending: PendingId,
}

/// What was used.
#[derive(Debug, Clone, Serialize)]
pub struct Used {
    /// Stored invoices.
    pub invoices: Decimal,
    /// Calls of the model behind a server.
    pub calls: u64,
    /// What they cost, as it is written.
    pub cost: String,
}

/// What was read of a document whose total was not.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Seen {
    /// The vendor, if it was read.
    pub vendor: Option<String>,
    /// The number, if it was read.
    pub number: Option<String>,
    /// The issue date, if it was read.
    pub day: Option<Date>,
}

/// What an export lacks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Invoices beyond the most that a file of the chat holds.
    pub invoices: usize,
    /// Originals that did not fit in.
    pub originals: usize,
    /// Originals that are not kept any more.
    pub gone: usize,
    /// Whether what was said is not in it as a whole.
    pub messages: bool,
}
