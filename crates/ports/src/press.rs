//! Makes the files that go out.

use async_trait::async_trait;
use domain::{invoice::Invoice, table::Table, tenant::Language};
use rust_decimal::Decimal;
use std::time::Duration;

/// Why a file was not made.
#[derive(Debug, thiserror::Error)]
pub enum PressError {
    /// The file cannot be made from these values, such as a character that no font has.
    #[error("the file cannot be made: {0}")]
    Impossible(String),
    /// The press is busy or broken.
    #[error("the press is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl PressError {
    /// Returns how long to wait before the same call may succeed; nothing if it never will.
    #[must_use]
    pub const fn retry(&self) -> Option<Duration> {
        match self {
            Self::Impossible(_) => None,
            Self::Unavailable(_) => Some(Duration::from_secs(5)),
        }
    }
}

/// The form of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetForm {
    /// A spreadsheet.
    Xlsx,
    /// Comma-separated values.
    Csv,
    /// JSON.
    Json,
}

/// What a sheet holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sheet {
    /// Invoices with their items.
    Invoices(Vec<Invoice>),
    /// Rows of any kind.
    Rows(Table),
}

/// One bar of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it is about.
    pub label: String,
    /// Its length.
    pub value: Decimal,
    /// Its length as it is written beside it.
    pub shown: String,
}

/// A chart of amounts of one kind and currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// The currency, or what is counted; may be empty.
    pub unit: String,
    /// Whether the bars follow each other in time.
    pub over_time: bool,
    /// The bars, in their order.
    pub bars: Vec<Bar>,
}

/// Makes files.
#[async_trait]
pub trait Press: Send + Sync {
    /// Returns the invoice as a PDF in a language; the same invoice gives the same bytes. An
    /// invoice without a number is marked as a draft on the page.
    ///
    /// # Errors
    ///
    /// [`PressError`].
    async fn invoice_pdf(
        &self,
        invoice: &Invoice,
        language: Language,
    ) -> Result<Vec<u8>, PressError>;

    /// Returns a sheet as a file; the same content gives the same bytes.
    ///
    /// # Errors
    ///
    /// [`PressError`].
    async fn sheet(&self, sheet: Sheet, form: SheetForm) -> Result<Vec<u8>, PressError>;

    /// Returns files as one ZIP archive, by name and content.
    ///
    /// # Errors
    ///
    /// [`PressError`].
    async fn archive(&self, files: Vec<(String, Vec<u8>)>) -> Result<Vec<u8>, PressError>;

    /// Returns a chart as a PNG picture, for a reader of a language; the same chart gives the same
    /// bytes.
    ///
    /// # Errors
    ///
    /// [`PressError`].
    async fn chart(&self, chart: Chart, language: Language) -> Result<Vec<u8>, PressError>;
}
