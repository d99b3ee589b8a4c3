//! Parts of replies that have a shape of their own.

use domain::question::Value;
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
