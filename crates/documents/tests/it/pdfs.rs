//! PDF files, written here by hand: text, attachments, pixels, and those that cannot be read.

use documents::{Limits, pictures, read};
use domain::document::{FileType, Obstacle, TextSource};

/// Writes a PDF of objects, the first being the catalogue; cross references are left to the
/// reader's repair, as in many a real file.
pub fn pdf(objects: &[&str]) -> Vec<u8> {
    let mut text = "%PDF-1.4\n".to_owned();
    for (number, object) in (1..).zip(objects) {
        text.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    text.push_str("trailer\n<< /Root 1 0 R >>\n%%EOF\n");
    text.into_bytes()
}

pub fn stream(dictionary: &str, content: &str) -> String {
    format!("<< {dictionary} /Length {} >>\nstream\n{content}\nendstream", content.len())
}

/// A page of text; more objects may follow as number 6 and on.
pub fn page_of(text: &str, catalogue: &str, more: &[&str]) -> Vec<u8> {
    let lines: String = text.lines().map(|line| format!("({line}) Tj 0 -20 Td\n")).collect();
    let content = stream("", &format!("BT /F1 12 Tf 72 700 Td\n{lines}ET"));
    let catalogue = format!("<< /Type /Catalog /Pages 2 0 R {catalogue} >>");
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
                /Resources << /Font << /F1 5 0 R >> >> >>";
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
    let pages = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
    let first = [catalogue.as_str(), pages, page, content.as_str(), font];
    pdf(&[first.as_slice(), more].concat())
}

pub const LETTER: &str = "Invoice 2025-17 of Corner Bakery\nTotal 10.95 EUR";

#[test]
fn a_text_layer_is_read_exactly_and_in_place() {
    let contents = read(&page_of(LETTER, "", &[]), &Limits::default());
    let page = &contents.pages[0];
    assert_eq!(page.source, TextSource::TextLayer);
    assert_eq!((page.width, page.height), (59_500, 84_200));
    let texts: Vec<&str> = page.words.iter().map(|word| word.text.as_str()).collect();
    assert_eq!(texts, ["Invoice", "2025-17", "of", "Corner", "Bakery", "Total", "10.95", "EUR"]);
    let first = page.words[0].region;
    assert_eq!(first.left, 7200);
    assert!((first.top..first.bottom).contains(&(84_200 - 70_100)), "{first:?}");
    assert!(page.words.iter().all(|word| word.confidence == 100));
}

/// A page of few letters, and of more that are drawn.
fn page_with(drawing: &str) -> Vec<u8> {
    let plain = String::from_utf8(page_of("Total 10.95", "", &[])).unwrap();
    let length = plain.split("/Length ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    let longer = length.parse::<usize>().unwrap().saturating_add(drawing.len());
    let longer = plain.replace(&format!("/Length {length} "), &format!("/Length {longer} "));
    longer.replace("\nendstream", &format!("{drawing}\nendstream")).into_bytes()
}

const PICTURE: &str = " q 9 0 0 9 300 300 cm BI /W 1 /H 1 /CS /G /BPC 8 ID @ EI Q";

#[test]
fn a_page_with_few_letters_beside_a_picture_is_read_from_its_pixels() {
    let contents = read(&page_with(PICTURE), &Limits::default());
    let page = &contents.pages[0];
    assert_eq!(page.source, TextSource::Pixels);
    let total = page.words.iter().find(|word| word.text == "10.95").unwrap();
    let middle = i32::midpoint(total.region.top, total.region.bottom);
    assert!((13_300..14_300).contains(&middle), "places are points of the page: {total:?}");
}

#[test]
fn a_page_of_nothing_but_few_letters_is_its_text() {
    let limits = Limits { before_pixels: || panic!("pixels are looked at"), ..Limits::default() };
    for drawing in ["", " 50 50 400 1 re f"] {
        let contents = read(&page_with(drawing), &limits);
        let page = &contents.pages[0];
        let texts: Vec<&str> = page.words.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(texts, ["Total", "10.95"]);
    }
}

#[test]
fn a_page_of_nothing_at_all_is_not_looked_at() {
    let limits = Limits { before_pixels: || panic!("pixels are looked at"), ..Limits::default() };
    assert_eq!(read(&page_of("", "", &[]), &limits).obstacle, Some(Obstacle::NoText));
}

#[test]
fn an_invoice_hung_anywhere_in_the_file_is_found_and_the_page_is_read_too() {
    let xml = crate::einvoices::UBL;
    let attached = stream("/Type /EmbeddedFile", xml);
    let names = "/Names << /EmbeddedFiles << /Names [(any.xml) << /Type /Filespec \
                 /F (any.xml) /EF << /F 6 0 R >> >>] >> >>";
    let inline = page_of(LETTER, names, &[&attached]);
    let linked = page_of(
        LETTER,
        "/AF [7 0 R]",
        &[&attached, "<< /Type /Filespec /F (zugferd-invoice.xml) /EF << /F 6 0 R >> >>"],
    );
    for file in [inline, linked] {
        let contents = read(&file, &Limits::default());
        assert_eq!(contents.einvoice.unwrap().number.unwrap().value, "2025-17");
        assert_eq!(contents.pages[0].words.len(), 8);
    }
}

#[test]
fn a_blank_page_has_no_text() {
    let contents = read(&page_of("", "", &[]), &Limits::default());
    assert_eq!(contents.obstacle, Some(Obstacle::NoText));
}

#[test]
fn more_pages_than_the_limit_are_too_large() {
    let limits = Limits { pages: 0, ..Limits::default() };
    let contents = read(&page_of(LETTER, "", &[]), &limits);
    assert_eq!(contents.obstacle, Some(Obstacle::TooManyPages));
}

#[test]
fn a_header_alone_is_broken() {
    let contents = read(b"%PDF-1.7\n", &Limits::default());
    assert_eq!((contents.file_type, contents.obstacle), (FileType::Pdf, Some(Obstacle::Broken)));
}

#[test]
fn a_file_that_needs_a_password_is_encrypted() {
    let mut file = page_of(
        LETTER,
        "",
        &["<< /Filter /Standard /V 1 /R 2 /P -4 \
        /O <0000000000000000000000000000000000000000000000000000000000000000> \
        /U <0000000000000000000000000000000000000000000000000000000000000000> >>"],
    );
    let at = file.windows(7).rposition(|window| window == b"trailer").unwrap();
    file.truncate(at);
    file.extend(b"trailer\n<< /Root 1 0 R /Encrypt 6 0 R /ID [<00> <00>] >>\n%%EOF\n");
    assert_eq!(read(&file, &Limits::default()).obstacle, Some(Obstacle::Encrypted));
}

#[test]
fn pages_are_drawn_for_a_model() {
    let drawn = pictures(&page_of(LETTER, "", &[]), &Limits::default());
    let picture = image::load_from_memory(&drawn[0]).unwrap();
    assert_eq!(picture.height(), 1600);
    assert!(picture.to_luma8().pixels().any(|pixel| pixel.0[0] < 60));
}
