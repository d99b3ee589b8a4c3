//! Rows that a statement of somebody else's gave: what a typed plan could not ask for.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// Nothing.
    Nothing,
    /// A number, whole or not; amounts are in major units.
    Number(Decimal),
    /// A text; dates are ISO 8601.
    Text(String),
}

/// The rows of a statement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// The statement as it was run: printed from what was understood of the one that was given.
    pub sql: String,
    /// The headings.
    pub columns: Vec<String>,
    /// The rows, each as wide as the headings, at most [`Table::MAX_ROWS`].
    pub rows: Vec<Vec<Cell>>,
    /// Whether there are more rows than these.
    pub more: bool,
    /// Whether amounts of more than one currency may have been put together.
    pub mixes_currencies: bool,
    /// Numbers that the statement brings into its columns and takes from no row.
    #[serde(default)]
    pub own_numbers: Vec<String>,
}

impl Table {
    /// The most rows that are returned.
    pub const MAX_ROWS: usize = 1_000;
}
