//! One reader for each kind of file.

pub mod einvoice;
pub mod image;
pub mod ocr;
pub mod pdf;
