//! The press behind its port: off the async threads, a few sheets at a time.

use async_trait::async_trait;
use domain::{invoice::Invoice, tenant::Language};
use ports::press::{Press, PressError};
use tokio::sync::Semaphore;

/// Sets invoices with the built-in press.
pub struct Typesetter {
    places: Semaphore,
}

impl Typesetter {
    /// Makes a press that sets at most so many invoices at once; at least one.
    #[must_use]
    pub fn new(at_once: usize) -> Self {
        Self { places: Semaphore::new(at_once.max(1)) }
    }
}

#[async_trait]
impl Press for Typesetter {
    async fn invoice_pdf(
        &self,
        invoice: &Invoice,
        language: Language,
    ) -> Result<Vec<u8>, PressError> {
        let _place = self.places.acquire().await.map_err(unavailable)?;
        let invoice = invoice.clone();
        tokio::task::spawn_blocking(move || press::invoice_pdf(&invoice, language))
            .await
            .map_err(unavailable)?
            .map_err(|error| PressError::Impossible(error.to_string()))
    }
}

fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> PressError {
    PressError::Unavailable(Box::new(error))
}
