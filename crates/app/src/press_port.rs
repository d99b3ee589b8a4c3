//! The press behind its port: off the async threads, a few sheets at a time.

use async_trait::async_trait;
use domain::{invoice::Invoice, tenant::Language};
use ports::press::{Bar, Chart, Press, PressError, Sheet, SheetForm};
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
        let invoice = invoice.clone();
        self.made(move || press::invoice_pdf(&invoice, language)).await
    }

    async fn sheet(&self, sheet: Sheet, form: SheetForm) -> Result<Vec<u8>, PressError> {
        self.made(move || match (&sheet, form) {
            (Sheet::Invoices(invoices), SheetForm::Xlsx) => press::xlsx::invoices(invoices),
            (Sheet::Invoices(invoices), SheetForm::Csv) => press::csv::invoices(invoices),
            (Sheet::Rows(table), SheetForm::Xlsx) => press::xlsx::table(table),
            (Sheet::Invoices(invoices), SheetForm::Json) => press::json::array(invoices),
            (Sheet::Rows(table), SheetForm::Csv) => press::csv::table(table),
            (Sheet::Rows(table), SheetForm::Json) => press::json::table(table),
        })
        .await
    }

    async fn archive(&self, files: Vec<(String, Vec<u8>)>) -> Result<Vec<u8>, PressError> {
        self.made(move || press::archive::zip(&files)).await
    }

    async fn chart(&self, chart: Chart, language: Language) -> Result<Vec<u8>, PressError> {
        let bar =
            |bar: Bar| press::chart::Bar { label: bar.label, value: bar.value, printed: bar.shown };
        let layout = if chart.over_time {
            press::chart::Layout::OverTime
        } else {
            press::chart::Layout::ByGroup
        };
        let chart = press::chart::Chart {
            title: chart.title,
            unit: chart.unit,
            layout,
            bars: chart.bars.into_iter().map(bar).collect(),
            language,
            right_to_left: language.is_right_to_left(),
        };
        self.made(move || press::chart::chart_png(&chart)).await
    }
}

impl Typesetter {
    /// Makes a file where it keeps nobody waiting.
    async fn made(
        &self,
        make: impl FnOnce() -> Result<Vec<u8>, press::PressFault> + Send + 'static,
    ) -> Result<Vec<u8>, PressError> {
        let _place = self.places.acquire().await.map_err(unavailable)?;
        tokio::task::spawn_blocking(make)
            .await
            .map_err(unavailable)?
            .map_err(|error| PressError::Impossible(error.to_string()))
    }
}

fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> PressError {
    PressError::Unavailable(Box::new(error))
}
