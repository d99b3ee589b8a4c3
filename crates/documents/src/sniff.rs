//! What a file is, by its content.
//!
//! Signatures of pictures and archives come from `infer`; added here are XML in its encodings,
//! PDF files with something before their header, signed files, and spreadsheets, whose kind is
//! inside.

use crate::read::{
    einvoice::decode,
    sheet::{kind, separated},
    signed,
};
use domain::document::FileType;

/// How far into a file readers look for the header of a PDF.
const PDF_HEADER_WITHIN: usize = 1024;

/// Returns the type of a file by its content.
#[must_use]
pub fn file_type(bytes: &[u8]) -> FileType {
    match infer::get(bytes).map(|kind| kind.mime_type()) {
        Some("application/pdf") => FileType::Pdf,
        Some("image/jpeg") => FileType::Jpeg,
        Some("image/png") => FileType::Png,
        Some("image/webp") => FileType::Webp,
        Some("image/gif") => FileType::Gif,
        Some("image/tiff") => FileType::Tiff,
        Some("image/bmp") => FileType::Bmp,
        Some("image/heif" | "image/heic" | "image/avif") => FileType::Heic,
        _ if is_heic(bytes) => FileType::Heic,
        _ if has_pdf_header(bytes) => FileType::Pdf,
        _ if is_xml(bytes) => FileType::Xml,
        _ if signed::is_signed(bytes) => FileType::Signed,
        _ => kind::of_workbook(bytes)
            .or_else(|| separated::looks_like(bytes).then_some(FileType::Csv))
            .unwrap_or(FileType::Other),
    }
}

fn has_pdf_header(bytes: &[u8]) -> bool {
    bytes.windows(5).take(PDF_HEADER_WITHIN).any(|window| window == b"%PDF-")
}

fn is_heic(bytes: &[u8]) -> bool {
    const BRANDS: [&[u8]; 6] = [b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"];
    bytes.get(4..8) == Some(b"ftyp")
        && bytes.get(8..12).is_some_and(|brand| BRANDS.contains(&brand))
}

/// Web pages are no XML documents of interest, even where they are well formed.
fn is_xml(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let text = decode::to_text(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return false;
    }
    if text.starts_with("<?xml") || text.starts_with("<!--") || text.starts_with("<!DOCTYPE") {
        return true;
    }
    let mut after = text.strip_prefix('<').unwrap_or_default().chars();
    after.next().is_some_and(char::is_alphabetic) && text.contains("xmlns")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::xml(b"<?xml version='1.0'?><a/>".to_vec(), FileType::Xml)]
    #[case::xml_after_white_space(b"\n\n <Invoice xmlns='urn:x'/>".to_vec(), FileType::Xml)]
    #[case::xml_with_a_mark(b"\xef\xbb\xbf<?xml version='1.0'?><a/>".to_vec(), FileType::Xml)]
    #[case::pdf_after_junk([vec![b'x'; 900], b"%PDF-1.4\n".to_vec()].concat(), FileType::Pdf)]
    #[case::junk_that_is_too_long([vec![b'x'; 2000], b"%PDF-1.4".to_vec()].concat(), FileType::Other)]
    #[case::heic(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), FileType::Heic)]
    #[case::a_web_page(b"<!DOCTYPE html><html xmlns='x'></html>".to_vec(), FileType::Other)]
    #[case::an_archive(b"PK\x03\x04rest".to_vec(), FileType::Other)]
    #[case::plain_text(b"Dear Ms Miller".to_vec(), FileType::Other)]
    #[case::nothing(Vec::new(), FileType::Other)]
    fn the_content_decides(#[case] bytes: Vec<u8>, #[case] expected: FileType) {
        assert_eq!(file_type(&bytes), expected);
    }

    #[test]
    fn xml_in_utf_16_is_xml() {
        let text = "<?xml version='1.0' encoding='UTF-16'?><a/>";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(file_type(&[vec![0xff, 0xfe], little.clone()].concat()), FileType::Xml);
        assert_eq!(file_type(&[vec![0xfe, 0xff], big].concat()), FileType::Xml);
        assert_eq!(file_type(&little), FileType::Xml);
    }
}
