//! Files inside a PDF, whatever they are called and wherever they hang.

use hayro::hayro_syntax::{
    Pdf,
    object::{Dict, MaybeRef, Object, Stream},
};
use std::borrow::Cow;

/// The most attachments that are looked at.
const MOST: usize = 32;
/// How deep file specifications may hang inside one object.
const DEEPEST: usize = 8;
/// The most bytes of one; an invoice is far smaller.
const LARGEST: usize = 16 * 1024 * 1024;

/// Returns the contents of the embedded files, at most 32 of at most 16 MiB each.
///
/// Every file specification of the document counts, so that files linked from the catalogue, a
/// name tree or an annotation are found alike, even where the links are broken.
pub fn all(pdf: &Pdf) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for object in pdf.objects() {
        collect(&object, DEEPEST, &mut found);
    }
    found
}

/// Looks into an object without following references, for every referenced object has its turn.
fn collect(object: &Object<'_>, depth: usize, found: &mut Vec<Vec<u8>>) {
    let Some(depth) = depth.checked_sub(1).filter(|_| found.len() < MOST) else { return };
    match object {
        Object::Dict(dict) => {
            found.extend(embedded(dict));
            for (_, entry) in dict.entries() {
                if let MaybeRef::NotRef(inner) = entry {
                    collect(&inner, depth, found);
                }
            }
        }
        Object::Array(array) => {
            for entry in array.raw_iter() {
                if let MaybeRef::NotRef(inner) = entry {
                    collect(&inner, depth, found);
                }
            }
        }
        _ => {}
    }
}

fn embedded(specification: &Dict<'_>) -> Option<Vec<u8>> {
    let files = specification.get::<Dict<'_>>("EF")?;
    let stream = files.get::<Stream<'_>>("F").or_else(|| files.get::<Stream<'_>>("UF"))?;
    let bytes = stream.decoded().map(Cow::into_owned).ok()?;
    (bytes.len() <= LARGEST).then_some(bytes)
}
