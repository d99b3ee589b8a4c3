//! Files in: bytes to pages of words with their places, to tables, or to an exact e-invoice.
//!
//! Everything here takes hostile input. It is synchronous, has no network and no global state, and
//! is meant to run in a process of its own; whatever is wrong with a file is an [`Obstacle`], never
//! an error or a panic. What the words mean is not decided here.

mod cutout;
mod hash;
mod limits;
mod preflight;
mod read;
mod sniff;

pub use cutout::{Cut, cutout};
pub use hash::hash;
pub use limits::Limits;
pub use sniff::file_type;

use domain::document::{Contents, FileType, Obstacle};
use std::borrow::Cow;

/// Returns what a file holds, decided by its content and never by a name.
#[must_use]
pub fn read(bytes: &[u8], limits: &Limits) -> Contents {
    let file_type = file_type(bytes);
    if bytes.is_empty() {
        return Contents::unreadable(file_type, Obstacle::Empty);
    }
    if bytes.len() > limits.bytes {
        return Contents::unreadable(file_type, Obstacle::TooManyBytes);
    }
    match file_type {
        FileType::Pdf => read::pdf::read(bytes, limits),
        FileType::Xml => read::einvoice::read(bytes),
        FileType::Signed => signed(bytes, limits),
        FileType::Xlsx | FileType::Xls | FileType::Ods | FileType::Csv => {
            read::sheet::read(bytes, file_type, limits)
        }
        FileType::Other => Contents::unreadable(file_type, Obstacle::Unsupported),
        _ => read::image::read(bytes, file_type, limits),
    }
}

/// Reads what is signed, which may be signed more than once; only XML is expected there.
fn signed(bytes: &[u8], limits: &Limits) -> Contents {
    const MOST_SIGNATURES: usize = 4;
    let mut inside = Cow::Borrowed(bytes);
    for _ in 0..MOST_SIGNATURES {
        let Some(content) = read::signed::content(&inside) else { break };
        inside = Cow::Owned(content);
        let file_type = file_type(&inside);
        if file_type == FileType::Xml && inside.len() <= limits.bytes {
            let contents = read::einvoice::read(&inside);
            return Contents { file_type: FileType::Signed, ..contents };
        }
        if file_type != FileType::Signed {
            return Contents::unreadable(FileType::Signed, Obstacle::Unsupported);
        }
    }
    Contents::unreadable(FileType::Signed, Obstacle::Broken)
}

/// Returns the pages as JPEG pictures for a vision model, upright and without metadata.
///
/// At most [`Limits::pictures`] of them, the longer side at most [`Limits::picture_side`] pixels;
/// empty where there is nothing to show.
#[must_use]
pub fn pictures(bytes: &[u8], limits: &Limits) -> Vec<Vec<u8>> {
    if bytes.len() > limits.bytes {
        return Vec::new();
    }
    let pages = match file_type(bytes) {
        FileType::Pdf => read::pdf::pictures(bytes, limits),
        file_type if file_type.is_picture() => {
            read::image::open(bytes, limits).into_iter().collect()
        }
        _ => Vec::new(),
    };
    pages
        .into_iter()
        .filter_map(|page| read::image::to_jpeg(&read::image::shrink(page, limits.picture_side)))
        .collect()
}
