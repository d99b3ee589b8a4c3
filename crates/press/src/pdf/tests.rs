//! Pages are looked at through the typesetter's own layout: what texts stand on which page.

use super::*;
use crate::samples;
use domain::{dates::date, money::Currency, party::Party};
use typst::layout::{Frame, FrameItem};

fn collect(frame: &Frame, texts: &mut String) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Text(text) => {
                texts.push_str(&text.text);
                texts.push('\n');
            }
            FrameItem::Group(group) => collect(&group.frame, texts),
            _ => {}
        }
    }
}

/// The fonts that letters of a name are set in, and whether they have them.
fn fonts(frame: &Frame, name: &str, found: &mut Vec<(String, bool)>) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Text(text) if text.text.chars().any(|letter| name.contains(letter)) => {
                let is_whole = text.glyphs.iter().all(|glyph| glyph.id != 0);
                found.push((text.font.info().family.to_string(), is_whole));
            }
            FrameItem::Group(group) => fonts(&group.frame, name, found),
            _ => {}
        }
    }
}

fn pages(invoice: &Invoice, language: Language) -> Vec<String> {
    let document = typeset(invoice, language).unwrap();
    let text = |page: &typst_layout::Page| {
        let mut texts = String::new();
        collect(&page.frame, &mut texts);
        texts
    };
    document.pages().iter().map(text).collect()
}

/// Checks the first and last bytes of a PDF.
fn assert_is_pdf(bytes: &[u8]) {
    assert!(bytes.starts_with(b"%PDF-1."));
    assert!(bytes.trim_ascii_end().ends_with(b"%%EOF"));
}

#[test]
fn the_same_invoice_gives_the_same_bytes() {
    let invoice = samples::issued();
    let first = invoice_pdf(&invoice, Language::En).unwrap();
    assert_is_pdf(&first);
    assert_eq!(first, invoice_pdf(&invoice, Language::En).unwrap());
    assert_ne!(first, invoice_pdf(&invoice, Language::De).unwrap());
}

#[test]
fn a_page_names_parties_number_dates_and_total() {
    let page = pages(&samples::issued(), Language::De).join("");
    for text in [
        "Rechnung",
        "2026-0007",
        "9. März 2026",
        "8. April 2026",
        "Atelier Ölberg GmbH",
        "Bob’s Bikes Ltd.",
        "1.584,60\u{a0}€",
        "DE89 3704 0044 0532 0130 00",
        "See you in spring!",
    ] {
        assert!(page.contains(text), "{text} is missing in {page}");
    }
    assert!(!page.contains("ENTWURF"));
}

#[test]
fn a_draft_is_marked_in_every_language() {
    let invoice = Invoice { number: None, ..samples::issued() };
    for language in Language::ALL {
        let page = pages(&invoice, language).join("");
        let mark = ["DRAFT", "BORRADOR", "RASCUNHO", "BROUILLON", "ENTWURF", "BOZZA", "CONCEPT"];
        assert!(mark.iter().any(|mark| page.contains(mark)), "{language:?}: {page}");
    }
}

#[test]
fn design_code_in_a_name_is_printed_and_never_run() {
    let mut invoice = samples::issued();
    invoice.customer.name = "#eval(\"1+1\") ] *bold* $x$ <label> @ref \\ // \"".to_owned();
    invoice.lines[0].description = "#read(\"/etc/passwd\")".to_owned();
    let page = pages(&invoice, Language::En).join("");
    assert!(page.contains("#eval(\"1+1\") ] *bold* $x$ <label> @ref \\ // \""), "{page}");
    assert!(page.contains("#read(\"/etc/passwd\")"), "{page}");
}

#[test]
fn hostile_texts_still_make_a_page() {
    let texts = [
        "x".repeat(10_000),
        "شركة الاختبار ١٢٣".to_owned(),
        "חברה בע״מ 42".to_owned(),
        "株式会社テスト 🧾👩‍👩‍👧 नमस्ते".to_owned(),
        "a\u{0}b\u{1b}[31m\u{202e}c\u{fffd}\u{10ffff}\r\n\t".to_owned(),
        "e\u{301}\u{301}\u{301}".repeat(300),
    ];
    for text in texts {
        let invoice = Invoice {
            number: Some(text.clone()),
            vendor: Party {
                address: Some(text.clone()),
                iban: Some(text.clone()),
                ..Party::named(&text)
            },
            customer: Party { email: Some(text.clone()), ..Party::named(&text) },
            notes: Some(text.clone()),
            lines: vec![samples::line(&text, 1, 1, Currency::EUR)],
            ..samples::issued()
        };
        assert_is_pdf(&invoice_pdf(&invoice, Language::En).unwrap());
    }
}

#[test]
fn names_in_arabic_hebrew_and_hindi_are_printed_in_letters_and_not_in_boxes() {
    for (name, font) in [
        ("شركة", "Noto Sans Arabic"),
        ("חברה", "Noto Sans Hebrew"),
        ("क्षत्रिय", "Noto Sans Devanagari"),
        ("株式会社", "Inter"),
    ] {
        let invoice = Invoice { vendor: Party::named(name), notes: None, ..samples::issued() };
        let mut found = Vec::new();
        for page in typeset(&invoice, Language::En).unwrap().pages() {
            fonts(&page.frame, name, &mut found);
        }
        found.dedup();
        assert_eq!(found, [(font.to_owned(), font != "Inter")], "{name}");
    }
}

#[test]
fn a_thousand_lines_repeat_the_head_of_the_table() {
    let mut invoice = samples::issued();
    invoice.lines =
        (1..=1000).map(|at| samples::line(&format!("Item {at}"), at, 199, Currency::EUR)).collect();
    let pages = pages(&invoice, Language::En);
    assert!(pages.len() > 20, "{} pages", pages.len());
    let last = pages.len().to_string();
    assert!(pages[0].contains("Item 1\n") && pages[0].contains(&last));
    let heads =
        pages.iter().filter(|page| page.contains("Item ")).all(|page| page.contains("Unit price"));
    assert!(heads);
}

#[test]
fn amounts_have_the_decimals_of_their_currency() {
    let of = |code| {
        let invoice = samples::in_currency(Currency::parse(code).unwrap());
        pages(&invoice, Language::En).join("")
    };
    assert!(of("JPY").contains("¥158,460"));
    assert!(of("KWD").contains("KWD\u{a0}158.460"));
}

#[test]
fn an_invoice_with_almost_nothing_in_it_still_makes_a_page() {
    let bare = Invoice {
        number: None,
        vendor: Party::default(),
        customer: Party::default(),
        issue_date: date(-1, 1, 1),
        due_date: None,
        lines: Vec::new(),
        taxes: Vec::new(),
        net: None,
        tax: None,
        notes: None,
        ..samples::issued()
    };
    assert_is_pdf(&invoice_pdf(&bare, Language::Fr).unwrap());
}
