//! Text that nobody sees on the page does not count; text that a picture or a background shows does.

use crate::pdfs::{pdf, stream};
use documents::{Limits, read};

/// A plain page with more drawn on it before and after its text.
fn page(before: &str, after: &str) -> Vec<u8> {
    let text = "BT /F1 12 Tf 72 700 Td (Invoice 2025-17 of Corner Bakery, Total 10.95 EUR) Tj ET";
    let content = stream("", &format!("q {before} Q\n{text}\n{after}"));
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
                /Resources << /Font << /F1 5 0 R >> /ExtGState << /Clear << /ca 0 >> >> \
                /XObject << /Scan 6 0 R >> >> >>";
    let scan = stream(
        "/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 \
         /ColorSpace /DeviceGray /Filter /ASCIIHexDecode",
        "ff>",
    );
    pdf(&[
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        &content,
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        &scan,
    ])
}

fn says(before: &str, after: &str, word: &str) -> bool {
    let contents = read(&page(before, after), &Limits::default());
    let page = contents.pages.first().unwrap();
    assert!(page.words.iter().any(|word| word.text == "10.95"), "the rest of the page stays");
    page.words.iter().any(|found| found.text == word)
}

/// A word in ink and size of its own.
fn word(how: &str) -> String {
    format!("q {how} BT /F1 12 Tf 72 500 Td (99.00) Tj ET Q")
}

#[test]
fn text_in_the_colour_of_the_page_does_not_count() {
    for ink in ["1 g", "1 1 1 rg", "0.98 g", "0 0 0 0 k", "/Clear gs"] {
        assert!(!says("", &word(ink), "99.00"), "{ink}");
    }
    assert!(says("", &word("0.7 g"), "99.00"), "grey print counts");
}

#[test]
fn white_text_counts_where_its_background_is_dark() {
    let bar = "0 0 0.5 rg 60 490 200 30 re f";
    assert!(says(bar, &word("1 g"), "99.00"));
    let blue = "0 0 0.5 rg";
    assert!(!says(bar, &word(blue), "99.00"), "blue on the same blue");
    let again = format!("{bar} 1 g 60 490 200 30 re f");
    assert!(!says(&again, &word("1 g"), "99.00"), "the bar is painted over");
}

#[test]
fn text_that_is_painted_over_does_not_count() {
    let covered = format!("{} 1 g 60 490 200 30 re f", word("0 g"));
    assert!(!says("", &covered, "99.00"));
    let framed = format!("{} 60 490 200 30 re S", word("0 g"));
    assert!(says("", &framed, "99.00"), "a frame covers nothing");
}

#[test]
fn text_beyond_a_cut_or_too_small_to_see_does_not_count() {
    assert!(!says("", &word("300 490 200 30 re W n"), "99.00"));
    assert!(says("", &word("60 490 200 30 re W n"), "99.00"));
    let dots = "BT /F1 0.5 Tf 72 500 Td (99.00) Tj ET";
    assert!(!says("", dots, "99.00"));
}

#[test]
fn invisible_text_counts_where_a_picture_shows_it() {
    assert!(!says("", &word("3 Tr"), "99.00"));
    let scan = "q 300 0 0 60 60 480 cm /Scan Do Q";
    assert!(says(scan, &word("3 Tr"), "99.00"), "as scanners write it");
    let below = format!("{} {scan}", word("0 g"));
    assert!(says("", &below, "99.00"), "or below the picture");
}
