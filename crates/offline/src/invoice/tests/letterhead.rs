//! Senders whose name is only in a picture: words with less than certain letters on a page of text.

use super::*;
use domain::reading::VERIFIED_FROM;

/// A page of text with words from a picture above it, as high as given.
fn pictured(words: &[(&str, i32, i32, i32)], rows: &[&str]) -> Sheets {
    let mut sheets = sheets(rows);
    let page = &mut sheets.pages[0];
    for word in &mut page.words {
        word.region.top += 8_000;
        word.region.bottom += 8_000;
    }
    page.words.extend(words.iter().map(|&(text, left, top, high)| {
        let width = i32::try_from(text.chars().count()).unwrap() * high * 6 / 10;
        let region = Region { left, top, right: left + width, bottom: top + high };
        Word { text: text.to_owned(), region, confidence: 97 }
    }));
    sheets
}

const LETTER: [&str; 7] = [
    "Factuur",
    "Mevrouw T. de Wit",
    "Lindelaan 10",
    "7511 AB Enschede",
    "Factuurnummer: 2209058",
    "Factuurdatum: 12-03-2026",
    "Totaal te betalen   € 95,00",
];

fn vendor(sheets: &Sheets) -> Option<String> {
    read(sheets).vendor.map(|vendor| vendor.value)
}

#[test]
fn a_name_in_a_picture_is_the_vendor_where_the_text_names_none() {
    assert!(!names_vendor(&sheets(&LETTER).pages[0]));
    let logo = [("Zonnehof", 30_000, 2_000, 2_400), ("voor tuin en huis", 30_000, 5_000, 900)];
    let found = read(&pictured(&logo, &LETTER));
    let name = found.vendor.unwrap();
    assert_eq!(name.value, "Zonnehof");
    assert!(name.evidence.confidence < VERIFIED_FROM, "its letters are not exact");
    assert_eq!(found.number.unwrap().value, "2209058");
}

#[test]
fn a_name_in_a_picture_may_take_two_lines_beside_a_title() {
    let logo = [("groen van", 30_000, 2_000, 2_400), ("twickel", 30_000, 4_600, 2_400)];
    assert_eq!(vendor(&pictured(&logo, &LETTER)).as_deref(), Some("groen van twickel"));
}

#[test]
fn a_picture_changes_nothing_where_the_text_names_the_vendor() {
    let rows = ["Zonnehof Tuinen B.V.", "Lindelaan 10", "7511 AB Enschede", "Factuur 2209058"];
    assert!(names_vendor(&sheets(&rows).pages[0]));
    let rows = [rows.as_slice(), &["Factuurdatum: 12-03-2026", "Totaal   € 95,00"]].concat();
    let badge = [("Erkend", 30_000, 2_000, 2_400)];
    assert_eq!(vendor(&pictured(&badge, &rows)).as_deref(), Some("Zonnehof Tuinen B.V."));
}
