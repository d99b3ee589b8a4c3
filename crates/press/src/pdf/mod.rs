//! An invoice as a PDF page, typeset in this process.

mod sheet;
mod sums;
mod world;

use crate::PressFault;
use domain::{invoice::Invoice, tenant::Language};
use sheet::Sheet;
use typst::{diag::SourceDiagnostic, foundations::Smart};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;
use world::Desk;

/// How many pages' worth of work the typesetter remembers; more would only grow.
const REMEMBERED: usize = 8;

/// Returns an invoice as a PDF in a language; the same invoice gives the same bytes.
///
/// A4, as many pages as the lines need. Without a number it is marked as a draft, cancelled ones
/// as cancelled. Texts of the invoice are printed literally whatever they hold; a character that
/// no font of ours has becomes an empty box. The labels are in the language, or in English where
/// papers are not set in it ([`Language::on_paper`]). Takes milliseconds of processor time for a page and
/// blocks the thread.
///
/// # Errors
///
/// [`PressFault::Layout`] if the typesetter refuses the page.
pub fn invoice_pdf(invoice: &Invoice, language: Language) -> Result<Vec<u8>, PressFault> {
    let document = typeset(invoice, language)?;
    let options = PdfOptions {
        ident: Smart::Custom(invoice.id.to_string()),
        creator: Smart::Custom(Some("Billhook".to_owned())),
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&document, &options).map_err(|faults| refused(&faults));
    comemo::evict(REMEMBERED);
    bytes
}

fn typeset(invoice: &Invoice, language: Language) -> Result<PagedDocument, PressFault> {
    let sheet =
        serde_json::to_vec(&Sheet::of(invoice, language.on_paper())).map_err(PressFault::write)?;
    let desk = Desk::with(sheet)
        .ok_or_else(|| PressFault::Layout("the design inside is incomplete".to_owned()))?;
    typst::compile::<PagedDocument>(&desk).output.map_err(|faults| refused(&faults))
}

fn refused(faults: &[SourceDiagnostic]) -> PressFault {
    let messages: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    PressFault::Layout(messages.join("; "))
}

#[cfg(test)]
mod tests;
