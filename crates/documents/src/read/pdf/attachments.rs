//! Files inside a PDF, whatever they are called and wherever they hang.

use hayro::hayro_syntax::{
    Pdf,
    object::{Dict, Object, Stream},
};
use std::borrow::Cow;

/// The most attachments that are looked at.
const MOST: usize = 32;
/// The most bytes of one; an invoice is far smaller.
const LARGEST: usize = 16 * 1024 * 1024;

/// Returns the contents of the embedded files, at most 32 of at most 16 MiB each.
///
/// Every file specification of the document counts, so that files linked from the catalogue, a
/// name tree or an annotation are found alike, even where the links are broken.
pub fn all(pdf: &Pdf) -> Vec<Vec<u8>> {
    pdf.objects()
        .into_iter()
        .filter_map(|object| match object {
            Object::Dict(dict) => embedded(&dict),
            _ => None,
        })
        .take(MOST)
        .collect()
}

fn embedded(specification: &Dict<'_>) -> Option<Vec<u8>> {
    let files = specification.get::<Dict<'_>>("EF")?;
    let stream = files.get::<Stream<'_>>("F").or_else(|| files.get::<Stream<'_>>("UF"))?;
    let bytes = stream.decoded().map(Cow::into_owned).ok()?;
    (bytes.len() <= LARGEST).then_some(bytes)
}
