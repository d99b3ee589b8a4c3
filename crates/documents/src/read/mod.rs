//! One reader for each kind of file.

pub mod einvoice;
mod fingerprint;
mod grey;
mod heic;
pub mod image;
mod jpeg;
mod look;
pub mod ocr;
pub mod pdf;
mod scale;
pub mod sheet;
pub mod signed;
mod tiff;
