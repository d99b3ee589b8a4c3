//! A sender whose name is only in a picture of a PDF page.

use crate::pdfs::{pdf, stream};
use documents::{Limits, read};
use domain::document::{Contents, TextSource};

const RECEIPT: &[u8] = include_bytes!("../fixtures/receipt.jpg");

/// A page of text with the upper part of a receipt as its letterhead, so far down, in points.
fn letter(bottom: u32) -> Vec<u8> {
    let receipt = image::load_from_memory(RECEIPT).unwrap().to_luma8();
    let (width, height) = (receipt.width(), receipt.height() / 3);
    let head = image::imageops::crop_imm(&receipt, 0, 0, width, height).to_image();
    let pixels: String = head.iter().map(|pixel| format!("{pixel:02x}")).collect();
    let size = format!("/Width {width} /Height {height}");
    let kind = "/Type /XObject /Subtype /Image /BitsPerComponent 8 /ColorSpace /DeviceGray";
    let picture = stream(&format!("{kind} {size} /Filter /ASCIIHexDecode"), &format!("{pixels}>"));
    let high = height.saturating_mul(200).div_euclid(width);
    let text = "BT /F1 12 Tf 72 400 Td (Invoice 2025-17 of 3 May, total due 10.95 EUR) Tj ET";
    let content = stream("", &format!("q 200 0 0 {high} 72 {bottom} cm /Head Do Q\n{text}"));
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
                /Resources << /Font << /F1 5 0 R >> /XObject << /Head 6 0 R >> >> >>";
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
    let pages = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
    pdf(&["<< /Type /Catalog /Pages 2 0 R >>", pages, page, &content, font, &picture])
}

fn read_of_nobody(file: &[u8]) -> Contents {
    let limits = Limits { names_vendor: |_| false, ..Limits::default() };
    let contents = read(file, &limits);
    let page = contents.pages.first().unwrap();
    assert_eq!(page.source, TextSource::TextLayer);
    assert!(page.words.iter().any(|word| word.text == "2025-17"));
    contents
}

/// The words that are not of the text layer.
fn seen(contents: &Contents) -> Vec<&str> {
    let words =
        contents.pages.iter().flat_map(|page| &page.words).filter(|word| word.confidence < 100);
    words.map(|word| word.text.as_str()).collect()
}

#[test]
fn the_picture_in_the_head_of_a_page_is_read_where_its_text_names_no_sender() {
    let contents = read_of_nobody(&letter(650));
    let words = &contents.pages[0].words;
    let name = words.iter().find(|word| word.text == "BAKERY");
    let name = name.unwrap_or_else(|| panic!("{:?}", seen(&contents)));
    assert!((7_200..27_200).contains(&name.region.left), "in its place: {name:?}");
    assert!((5_000..19_200).contains(&name.region.top), "in its place: {name:?}");
}

#[test]
fn no_picture_is_read_where_the_text_names_its_sender_or_below_the_head() {
    let contents = read(&letter(650), &Limits::default());
    assert_eq!(seen(&contents), Vec::<&str>::new());
    assert_eq!(seen(&read_of_nobody(&letter(80))), Vec::<&str>::new());
}
