//! Several papers in one file, and papers of several pages that are one.

use super::*;

const JOINER: [&str; 11] = [
    "Tischlerei Ahorn GmbH",
    "Birkenallee 4, 04109 Leipzig",
    "USt-IdNr. DE136695976",
    "",
    "RECHNUNG",
    "Rechnungsnummer: TA-118",
    "Rechnungsdatum: 12.03.2026",
    "Regal nach Maß                          200,00",
    "Nettobetrag                             200,00",
    "MwSt 19 %                                38,00",
    "Gesamtbetrag EUR                        238,00",
];

const PRINTER: [&str; 11] = [
    "Druckhaus Elster KG",
    "Torgauer Str. 77, 04318 Leipzig",
    "USt-IdNr. DE811569869",
    "",
    "RECHNUNG",
    "Rechnungsnummer: 2026/0451",
    "Rechnungsdatum: 21.03.2026",
    "Flyer A5                                 50,00",
    "Nettobetrag                              50,00",
    "MwSt 19 %                                 9,50",
    "Gesamtbetrag EUR                         59,50",
];

fn file(pages: &[&[&str]]) -> Sheets {
    let pages_of = |rows: &&[&str]| sheets(rows).pages;
    Sheets { pages: pages.iter().flat_map(pages_of).collect(), ..sheets(&[]) }
}

fn with(rows: &[&'static str; 11], changes: &[(usize, &'static str)]) -> [&'static str; 11] {
    let mut rows = *rows;
    changes.iter().for_each(|(at, row)| rows[*at] = row);
    rows
}

/// The number, total and page of the total of each paper.
fn papers(sheets: &Sheets) -> Vec<(String, String, Option<u32>)> {
    let first = read(sheets);
    let told = |reading: &Reading| {
        let number = reading.number.as_ref().map_or(String::new(), |claim| claim.value.clone());
        let gross = reading.gross.as_ref();
        let total = gross.map_or(String::new(), |claim| claim.value.to_string());
        (number, total, gross.and_then(|claim| claim.evidence.page))
    };
    std::iter::once(&first).chain(&first.others).map(told).collect()
}

fn paper(number: &str, total: &str, page: u32) -> (String, String, Option<u32>) {
    (number.to_owned(), total.to_owned(), Some(page))
}

#[test]
fn invoices_of_two_vendors_in_one_file_are_two_papers() {
    let both = file(&[&JOINER, &PRINTER]);
    assert_eq!(papers(&both), [paper("TA-118", "238.00", 1), paper("2026/0451", "59.50", 2)]);
    let vendor = read(&both).others.first().map(|other| value(&other.vendor));
    assert_eq!(vendor.as_deref(), Some("Druckhaus Elster KG"));
}

#[test]
fn two_invoices_of_one_vendor_over_the_same_total_are_two_papers() {
    let next = with(&JOINER, &[(5, "Rechnungsnummer: TA-119"), (6, "Rechnungsdatum: 12.04.2026")]);
    let both = file(&[&JOINER, &next, &PRINTER]);
    let wanted = [
        paper("TA-118", "238.00", 1),
        paper("TA-119", "238.00", 2),
        paper("2026/0451", "59.50", 3),
    ];
    assert_eq!(papers(&both), wanted);
}

#[test]
fn a_page_that_goes_on_belongs_to_the_paper_before_it() {
    let terms = ["Allgemeine Geschäftsbedingungen", "1. Zahlbar sind alle Preise in 14 Tagen."];
    let all = file(&[&JOINER, &terms, &PRINTER, &terms]);
    assert_eq!(papers(&all), [paper("TA-118", "238.00", 1), paper("2026/0451", "59.50", 3)]);
}

#[test]
fn an_invoice_of_several_pages_is_one_paper() {
    let head = &JOINER[..8];
    let sums = &JOINER[8..];
    let next = ["Tischlerei Ahorn GmbH", "Rechnung TA-118 vom 12.03.2026", "Seite 2 von 2"];
    let second: Vec<&str> = next.iter().chain(sums).copied().collect();
    assert_eq!(papers(&file(&[head, &second])), [paper("TA-118", "238.00", 2)]);
    assert_eq!(papers(&file(&[head, sums])), [paper("TA-118", "238.00", 2)]);
    // A copy bears the same number.
    assert_eq!(papers(&file(&[&JOINER, &JOINER])).len(), 1);
}

#[test]
fn what_is_enclosed_is_no_paper_of_its_own() {
    let delivered = [
        "Tischlerei Ahorn GmbH",
        "LIEFERSCHEIN",
        "Lieferschein-Nr. L-77",
        "Datum: 10.03.2026",
        "Regal nach Maß                    1 Stück",
    ];
    assert_eq!(papers(&file(&[&JOINER, &delivered])), [paper("TA-118", "238.00", 1)]);
    let numbered = with(&PRINTER, &[(3, "Seite 2 von 2")]);
    assert_eq!(papers(&file(&[&JOINER, &numbered])).len(), 1, "it says that it goes on");
    let order = with(&PRINTER, &[(4, "Unsere Rechnung TA-118")]);
    assert_eq!(papers(&file(&[&JOINER, &order])).len(), 1, "it names the first one");
}

/// Puts the words of one page beside or below those of another, as a scanner sees two receipts.
fn laid(one: &[&str], other: &[&str], (right, down): (i32, i32)) -> Sheets {
    let (mut both, second) = (scan(one), scan(other));
    for mut word in second.pages[0].words.clone() {
        word.region.left += right;
        word.region.right += right;
        word.region.top += down;
        word.region.bottom += down;
        both.pages[0].words.push(word);
    }
    (both.pages[0].width, both.pages[0].height) = (130_000, 84_000);
    both
}

const PUMP: [&str; 9] = [
    "TANKSTELLE NORDRING",
    "Nordring 8, 1210 Wien",
    "UID ATU14189108",
    "Beleg-Nr: 3391-07",
    "12.05.2026 17:40",
    "Diesel               60,20",
    "SUMME EUR            60,20",
    "Netto                50,17",
    "MwSt 20%             10,03",
];

const GROCER: [&str; 9] = [
    "LEBENSMITTEL HUBER",
    "Am Platz 3, 8010 Graz",
    "UID ATU15110001",
    "Beleg-Nr: K2-914",
    "13.05.2026 09:12",
    "Käse                  7,70",
    "SUMME EUR             7,70",
    "Netto                 7,00",
    "MwSt 10%              0,70",
];

fn receipts(sheets: &Sheets) -> Vec<(String, String)> {
    papers(sheets).into_iter().map(|(number, total, _)| (number, total)).collect()
}

#[test]
fn two_receipts_on_a_white_scan_are_two_papers() {
    let both = [("3391-07".into(), "60.20".into()), ("K2-914".into(), "7.70".into())];
    assert_eq!(receipts(&laid(&PUMP, &GROCER, (50_000, 3_000))), both, "beside one another");
    let above = laid(&PUMP, &GROCER, (0, 24_000));
    assert_eq!(receipts(&above), both, "one above the other");
    let place = read(&above).others[0].gross.clone().unwrap().evidence.region.unwrap();
    assert!(place.top > 24_000, "places are those on the whole picture: {place:?}");
}

#[test]
fn receipts_of_one_till_on_two_pages_are_two_papers() {
    let mut next = PUMP;
    (next[3], next[4]) = ("Beleg-Nr: 3391-08", "19.05.2026 17:40");
    let pages = [&PUMP, &next].iter().flat_map(|rows| scan(*rows).pages).collect();
    let both = Sheets { pages, ..sheets(&[]) };
    let wanted = [("3391-07".into(), "60.20".into()), ("3391-08".into(), "60.20".into())];
    assert_eq!(receipts(&both), wanted);
}

#[test]
fn a_receipt_with_its_slip_of_the_card_is_one_paper() {
    let slip = [
        "KARTENZAHLUNG",
        "TANKSTELLE NORDRING",
        "Terminal-ID 5500121",
        "Beleg-Nr: 8812",
        "12.05.2026 17:41",
        "Betrag EUR           60,20",
        "Zahlung erfolgt",
    ];
    assert_eq!(receipts(&laid(&PUMP, &slip, (0, 20_000))).len(), 1);
    assert_eq!(receipts(&scan(&PUMP)).len(), 1);
}
