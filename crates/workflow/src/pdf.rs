//! The PDF of an invoice, as a file that goes with a reply.

use crate::{scene::Scene, turn::TurnError};
use domain::{document::ContentHash, invoice::Invoice, message::NewFile};
use sha2::{Digest, Sha256};

/// Sets an invoice as a PDF, named after its number; without one it is a draft.
///
/// # Errors
///
/// [`TurnError`] at the step `press`.
pub async fn set(scene: &Scene<'_>, invoice: &Invoice) -> Result<NewFile, TurnError> {
    let bytes = scene.tools.press.invoice_pdf(invoice, scene.language).await?;
    let stem = invoice.number.as_deref().map_or_else(|| "draft".to_owned(), file_stem);
    Ok(NewFile {
        name: format!("{stem}.pdf"),
        media_type: "application/pdf".to_owned(),
        hash: ContentHash(Sha256::digest(&bytes).into()),
        bytes,
    })
}

/// Returns a number as part of a file name: letters, digits and hyphens only.
fn file_stem(number: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
    format!("invoice-{}", number.chars().take(40).map(plain).collect::<String>())
}
