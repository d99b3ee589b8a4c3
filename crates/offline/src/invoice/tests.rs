//! Invented documents, built as words.
#![expect(clippy::arithmetic_side_effects, reason = "positions of invented words")]

use super::*;
use domain::{
    dates::date,
    document::{Page, Region, TextSource, Word},
};

/// Places rows of text on a page; two spaces or more part columns.
fn sheets(rows: &[&str]) -> Sheets {
    let mut words = Vec::new();
    for (row, top) in rows.iter().zip((2000_i32..).step_by(1600)) {
        let mut left = 2000_i32;
        for word in row.split(' ') {
            let width = i32::try_from(word.chars().count()).unwrap() * 600;
            if !word.is_empty() {
                let region = Region { left, top, right: left + width, bottom: top + 1000 };
                words.push(Word { text: word.to_owned(), region, confidence: 100 });
            }
            left += width + 600;
        }
    }
    let page = Page { width: 60_000, height: 84_000, source: TextSource::TextLayer, words };
    Sheets {
        pages: vec![page],
        pictures: Vec::new(),
        today: date(2026, 11, 1),
        locale: String::new(),
    }
}

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn value<T: Clone>(claim: &Option<Claim<T>>) -> T {
    claim.as_ref().unwrap().value.clone()
}

#[test]
fn a_german_invoice_is_read_with_its_sums() {
    let reading = read(&sheets(&[
        "Musterholz GmbH",
        "Waldweg 3, 12345 Tannstadt",
        "",
        "Rechnung Nr. R-2025-118      Rechnungsdatum: 03.04.2025",
        "Zahlbar bis 17.04.2025",
        "Bezeichnung          Menge    Einzelpreis    Gesamtpreis",
        "Brett Eiche              2          50,00         100,00",
        "Leim                     1          20,00          20,00",
        "Nettobetrag                                       120,00",
        "zzgl. 19 % MwSt                                    22,80",
        "Gesamtbetrag                                      142,80 €",
        "USt-IdNr. DE123456789",
    ]));
    assert_eq!(reading.kind.value, ReadKind::Invoice);
    assert_eq!(value(&reading.vendor), "Musterholz GmbH");
    assert_eq!(value(&reading.number), "R-2025-118");
    assert_eq!(value(&reading.issue_date), date(2025, 4, 3));
    assert_eq!(value(&reading.due_date), date(2025, 4, 17));
    assert_eq!(value(&reading.net), dec("120.00"));
    assert_eq!(value(&reading.tax), dec("22.80"));
    assert_eq!(value(&reading.gross), dec("142.80"));
    assert_eq!(value(&reading.currency).code(), "EUR");
    assert_eq!(value(&reading.vendor_tax_id), "DE123456789");
    assert_eq!(reading.lines.len(), 2);
    assert_eq!(reading.lines[0].quantity, Some(dec("2")));
    assert_eq!(reading.language.as_deref(), Some("de"));
}

#[test]
fn cash_less_change_settles_the_total_of_a_receipt() {
    let reading = read(&sheets(&[
        "CORNER KITCHEN SDN BHD",
        "12/09/2024 11:40",
        "Noodles           8.03",
        "Tea               2.00",
        "Total Qty            2",
        "Total            10.03",
        "Rounding         -0.03",
        "Total Rounded RM 10.00",
        "Cash             50.00",
        "Change           40.00",
        "GST Summary   Amount    Tax",
        "SR 6%           9.46   0.57",
    ]));
    assert_eq!(reading.kind.value, ReadKind::Receipt);
    assert_eq!(value(&reading.gross), dec("10.00"));
    assert_eq!(value(&reading.issue_date), date(2024, 9, 12));
    assert_eq!(value(&reading.vendor), "CORNER KITCHEN SDN BHD");
    assert!(reading.paid);
}

#[test]
fn an_earlier_debt_is_not_part_of_this_document() {
    let reading = read(&sheets(&[
        "Bright Windows Ltd",
        "INVOICE   Invoice No: 77-A",
        "Invoice Date: 02/25/2024",
        "Subtotal                 200.00",
        "VAT                       40.00",
        "Total                   £240.00",
        "Previous balance        £100.00",
        "Amount due              £340.00",
    ]));
    assert_eq!(value(&reading.gross), dec("240.00"));
    assert_eq!(value(&reading.issue_date), date(2024, 2, 25));
    assert_eq!(value(&reading.number), "77-A");
}

#[test]
fn what_is_no_invoice_is_refused_and_has_no_fields() {
    let papers: [&[&str]; 4] = [
        &[
            "To whom it may concern,",
            "we delivered 20,000 bottles on January 23, 2023.",
            "Sincerely, Ann",
        ],
        &["Nutrition Facts", "Serving size 40 g", "Calories 120", "Total Fat 3g", "Sodium 20mg"],
        &["Kostenvoranschlag", "Reparatur Dach   400,00", "Gesamtbetrag  476,00 €"],
        &[],
    ];
    for paper in papers {
        let reading = read(&sheets(paper));
        assert_eq!(reading.kind.value, ReadKind::NotInvoice, "{paper:?}");
        assert!(reading.gross.is_none() && reading.vendor.is_none());
    }
}
