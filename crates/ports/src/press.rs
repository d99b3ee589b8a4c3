//! Makes the files that go out.

use async_trait::async_trait;
use domain::{invoice::Invoice, tenant::Language};
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
}
