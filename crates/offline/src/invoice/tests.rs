//! Invented documents, built as words.
#![expect(clippy::arithmetic_side_effects, reason = "positions of invented words")]

mod contradicted;
mod designs;
mod layouts;
mod letterhead;
mod letterheads;
mod numbering;
mod orders;
mod papers;
mod promises;
mod renderings;
mod rows;
mod tills;
mod totals;
mod trades;
mod unseen;
mod wild;

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

/// The same rows as a text reader would give them.
fn scan(rows: &[&str]) -> Sheets {
    let mut scanned = sheets(rows);
    scanned.pages[0].source = TextSource::Pixels;
    scanned
}

/// Asserts net, tax and gross; an empty text is none.
fn assert_totals(rows: &[&str], wanted: [&str; 3]) {
    let found = read(&sheets(rows));
    let texts = [&found.net, &found.tax, &found.gross]
        .map(|claim| claim.as_ref().map_or(String::new(), |claim| claim.value.to_string()));
    assert_eq!(texts.each_ref().map(String::as_str), wanted, "{rows:#?}");
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

#[test]
fn an_invoice_that_shows_no_total_is_one_all_the_same() {
    let titled = |rows: &[&str]| read(&sheets(rows));
    let bakery = titled(&[
        "Bakery Krume Ltd",
        "12 Mill Lane, Bath",
        "Invoice number 2024-17",
        "Invoice date: 12 February 2024",
        "Bread and rolls for the meeting",
        "Please pay within 14 days",
    ]);
    assert_eq!(bakery.kind.value, ReadKind::Invoice);
    assert!(bakery.gross.is_none() && bakery.number.is_some() && bakery.issue_date.is_some());
    let letter = titled(&["About your invoice", "12 February 2024", "It was sent last week."]);
    assert_eq!(letter.kind.value, ReadKind::NotInvoice);
}

#[test]
fn a_seller_block_names_the_vendor_below_a_heading_of_the_program() {
    let reading = read(&sheets(&[
        "Belegansicht fuer digitale Belege von Hand",
        "Ansicht-Version: 3.1 vom 09.09.2025",
        "Rechnung Nr. 8812 vom 02.06.2025",
        "Bestellung Nr. 55 vom 01.05.2025",
        "Verkäufer",
        "Nummer:      4711",
        "Name:        Birkenhof Imkerei",
        "Anschrift:   Tannenstraße 20",
        "             80333 München",
        "Käufer",
        "Name:        Seeblick Hotel GmbH",
        "Anschrift:   Uferweg 9",
        "Gesamtbetrag     59,50 EUR",
    ]));
    assert_eq!(value(&reading.vendor), "Birkenhof Imkerei");
    assert_eq!(value(&reading.issue_date), date(2025, 6, 2));
    assert_eq!(value(&reading.number), "8812");
    assert_eq!(value(&reading.vendor_address), "Tannenstraße 20, 80333 München");
}

#[test]
fn the_cell_of_the_customer_is_not_the_vendor() {
    let reading = read(&sheets(&[
        "Invoice",
        "DATE : 01/31/2025",
        "FROM: Peak Tools          TO: Ida Berg",
        "14 Hill Street            9 Lake Street",
        "Total                     $90.00",
    ]));
    assert_eq!(value(&reading.vendor), "Peak Tools");
}

#[test]
fn a_name_over_two_lines_is_read_as_one() {
    let reading = read(&scan(&[
        "NORTHERN LANTERN",
        "TRADING SDN BHD",
        "(7654321-K)",
        "NO 5, JALAN BUKIT 2, 50000 KUALA LUMPUR",
        "TAX INVOICE",
        "09/08/2024 21:14:03",
        "Lamp        45.00",
        "Total       45.00",
    ]));
    assert_eq!(value(&reading.vendor), "NORTHERN LANTERN TRADING SDN BHD");
    assert_eq!(value(&reading.issue_date), date(2024, 8, 9));
    assert_eq!(value(&reading.currency).code(), "MYR");
}

#[test]
fn the_order_of_day_and_month_is_one_that_is_not_due_before_its_issue() {
    let reading = read(&sheets(&[
        "Riverside Painters Ltd",
        "Invoice No: 31",
        "Invoice Date: 05/04/2024",
        "Due Date: 04/06/2024",
        "Total    $80.00",
    ]));
    assert_eq!(value(&reading.issue_date), date(2024, 4, 5));
    assert_eq!(value(&reading.due_date), date(2024, 6, 4));
}

#[test]
fn a_term_of_payment_gives_the_due_date_but_a_discount_term_does_not() {
    let rows = |term: &str| {
        read(&sheets(&[
            "Musterholz GmbH",
            "Rechnung Nr. 12",
            "Rechnungsdatum: 03.04.2025",
            "Gesamtbetrag   119,00 €",
            term,
        ]))
    };
    let due = rows("Zahlbar innerhalb von 14 Tagen").due_date;
    assert_eq!(value(&due), date(2025, 4, 17));
    assert_eq!(rows("Zahlbar innerhalb von 14 Tagen mit 2 % Skonto").due_date, None);
}

#[test]
fn the_amount_below_a_rounding_is_the_total_even_where_the_rounding_is_misread() {
    let reading = read(&scan(&[
        "LOTUS CAFE SDN BHD",
        "TAX INVOICE  12/05/2024",
        "Rice set            62.08",
        "Grand Total :       62.08",
        "Rounding Adjustment: 002",
        "Net Total :         62.10",
    ]));
    assert_eq!(value(&reading.gross), dec("62.10"));
}

#[test]
fn cash_less_change_corrects_a_misread_total() {
    let reading = read(&scan(&[
        "LOTUS CAFE SDN BHD",
        "RECEIPT  12/05/2024",
        "Rice set      85.20",
        "SubTotal      85.20",
        "Total         35.20",
        "Cash         100.20",
        "Change        15.00",
    ]));
    assert_eq!(value(&reading.gross), dec("85.20"));
}

#[test]
fn a_credit_note_has_its_own_number_not_that_of_the_invoice() {
    let reading = read(&sheets(&[
        "Bright Windows Ltd",
        "CREDIT NOTE",
        "Invoice No: 77-A",
        "Credit Note No: CN-5",
        "Date: 25/02/2024",
        "Total credit          £24.00",
        "Total                 £24.00",
    ]));
    assert_eq!(reading.kind.value, ReadKind::CreditNote);
    assert_eq!(value(&reading.number), "CN-5");
}

#[test]
fn a_number_below_the_title_is_marked_by_a_hash() {
    let reading = read(&sheets(&[
        "Ida Berg                INVOICE",
        "ida@lamps.example       # LAMP_9",
        "Date: 25/02/2024",
        "Total                   €24.00",
    ]));
    assert_eq!(value(&reading.number), "LAMP_9");
}

#[test]
fn tax_is_split_by_rate_where_the_rows_add_up() {
    let reading = read(&sheets(&[
        "Musterholz GmbH",
        "Rechnung Nr. 13",
        "Rechnungsdatum: 03.04.2025",
        "Nettobetrag                    300,00",
        "MwSt 19 %   200,00     38,00",
        "MwSt 7 %    100,00      7,00",
        "Gesamtbetrag                   345,00 €",
    ]));
    assert_eq!(value(&reading.tax), dec("45.00"));
    let rates: Vec<_> = reading.taxes.iter().map(|tax| (tax.rate, tax.tax)).collect();
    let group = |rate: &str, tax: &str| (Some(dec(rate)), Some(dec(tax)));
    assert_eq!(rates, [group("0.19", "38.00"), group("0.07", "7.00")]);
}

#[test]
fn lines_of_a_receipt_take_their_names_and_factors_from_their_neighbours() {
    let reading = read(&sheets(&[
        "Tannenmarkt GmbH",
        "Kassenbon   12.05.2024 10:11",
        "2 Rolle x 4,85",
        "Kreppband             9,70 A",
        "Node Handbuch",
        "9783836200000        49,90 A",
        "Rabatt               -5,00",
        "SUMME EUR            54,60",
    ]));
    let lines: Vec<_> =
        reading.lines.iter().map(|line| (line.description.as_str(), line.quantity)).collect();
    assert_eq!(lines, [("Kreppband", Some(dec("2"))), ("Node Handbuch", None)]);
}

#[test]
fn rows_that_repeat_the_total_by_group_are_no_items() {
    let reading = read(&sheets(&[
        "Harbour Inn",
        "Receipt no. 9   12 May 2024",
        "2 Pale Ale           10.20",
        "Drinks               10.20",
        "Total               £10.20",
    ]));
    assert_eq!(reading.lines.len(), 1);
    assert_eq!(reading.lines[0].description, "2 Pale Ale");
}

#[test]
fn what_readers_glue_to_a_name_is_no_part_of_it() {
    for (printed, name) in [
        ("Pemilik: LOTUS CAFE SDN BHD", "LOTUS CAFE SDN BHD"),
        ("LOTUS CAFE SDN BHD 765432-K", "LOTUS CAFE SDN BHD"),
        ("LOTUS CAFE (765432-K)", "LOTUS CAFE"),
        ("LOTUS (NORTH) SDN BHD", "LOTUS (NORTH) SDN BHD"),
        ("ブLotus", "Lotus"),
    ] {
        let reading = read(&scan(&[printed, "TAX INVOICE  12/05/2024", "Total    RM 85.20"]));
        assert_eq!(value(&reading.vendor), name, "{printed}");
    }
}

#[test]
fn a_note_in_lower_case_above_the_name_is_not_joined_to_it() {
    let reading = read(&scan(&[
        "mei lin tan",
        "LOTUS SDN BHD",
        "NO 5, JALAN BUKIT 2",
        "TAX INVOICE  12/05/2024",
        "Total    RM 85.20",
    ]));
    assert_eq!(value(&reading.vendor), "LOTUS SDN BHD");
}

#[test]
fn rows_of_seller_and_buyer_side_by_side_keep_to_their_columns() {
    let reading = read(&sheets(&[
        "Ansicht einer digitalen Rechnung",
        "Verkäufer                            Käufer",
        "Kennung     4711                     Kennung     8150",
        "Name        Birkenhof Imkerei        Name        Seeblick Hotel GmbH",
        "Anschrift   Tannenstraße 20          Anschrift   Uferweg 9",
        "Rechnung Nr. 8812 vom 02.06.2025",
        "Gesamtbetrag     59,50 EUR",
    ]));
    assert_eq!(value(&reading.vendor), "Birkenhof Imkerei");
}

/// Tells whether a value counts as verified.
fn is_sure<T>(claim: &Option<Claim<T>>) -> bool {
    claim.as_ref().unwrap().evidence.standing() == domain::reading::Standing::Verified
}

#[test]
fn what_is_printed_twice_or_fits_another_value_is_verified() {
    let reading = read(&sheets(&[
        "Moosbach Logistik GmbH",
        "Waldweg 3, 12345 Tannstadt",
        "www.moosbach.example",
        "USt-IdNr. DE136695976",
        "Rechnungsnummer RE-20431",
        "Rechnungsdatum 16.04.2025",
        "Zahlbar bis 30.04.2025",
        "Transport                         100,00 EUR",
        "Nettobetrag                       100,00 EUR",
        "MwSt. 19 %                         19,00 EUR",
        "Gesamtbetrag                      119,00 EUR",
        "Verwendungszweck RE-20431",
        "Moosbach Logistik GmbH",
    ]));
    assert!(is_sure(&reading.vendor) && is_sure(&reading.currency) && is_sure(&reading.gross));
    assert!(is_sure(&reading.issue_date), "the term is a usual one");
    assert!(is_sure(&reading.number), "it is asked for again");
}

#[test]
fn a_label_alone_verifies_nothing() {
    let reading = read(&sheets(&[
        "Moosbach Logistik",
        "Waldweg 3, 12345 Tannstadt",
        "Rechnungsnummer RE-20431",
        "Rechnungsdatum 16.04.2025",
        "Zahlbar bis 27.04.2025",
        "Gesamtbetrag                      119,00 EUR",
    ]));
    assert_eq!(value(&reading.number), "RE-20431");
    assert!(!is_sure(&reading.vendor) && !is_sure(&reading.currency) && !is_sure(&reading.gross));
    assert!(!is_sure(&reading.issue_date) && !is_sure(&reading.number));
}

#[test]
fn a_day_that_rows_of_amounts_repeat_is_not_proven_by_them() {
    let reading = read(&sheets(&[
        "Hotel Tannenhof GmbH",
        "Datum: 16.04.2025",
        "16.04.2025   Logis          80,00",
        "16.04.2025   Parken         10,00",
        "Gesamtbetrag                90,00 EUR",
    ]));
    assert_eq!(value(&reading.issue_date), date(2025, 4, 16));
    assert!(!is_sure(&reading.issue_date));
    let names: Vec<&str> = reading.lines.iter().map(|line| line.description.as_str()).collect();
    assert_eq!(names, ["Logis", "Parken"]);
}

#[test]
fn a_marketplace_is_not_who_sold() {
    for rows in [
        &["Bazario", "Sold by: Hill Lamps Ltd", "12 High Street", "Bill to: Ida Berg"],
        &["Bazario", "Vendu par : Hill Lamps Ltd", "12 rue Haute", "Client : Ida Berg"],
        &["Bazario", "Cliente: Ida Berg      Vendido por: Hill Lamps Ltd", "", "Calle Alta 12"],
    ] {
        let mut all = vec!["Invoice No. 2041", "Invoice date 03.04.2025"];
        all.splice(0..0, rows.iter().copied());
        all.extend(["Lamp     45.00 EUR", "Total    45.00 EUR"]);
        assert_eq!(value(&read(&sheets(&all)).vendor), "Hill Lamps Ltd", "{rows:?}");
    }
}

#[test]
fn a_description_over_several_lines_is_read_whole() {
    let reading = read(&sheets(&[
        "Moosbach Logistik GmbH",
        "Rechnungsnummer RE-20431",
        "Bezeichnung                  Menge    Einzelpreis    Gesamtpreis",
        "Transport nach Tannstadt         2          50,00         100,00",
        "mit Hebebühne und",
        "zwei Fahrern",
        "Verpackung                       1          20,00          20,00",
        "aus Karton",
        "Nettobetrag                                                120,00",
        "Gesamtbetrag                                               120,00",
    ]));
    let names: Vec<&str> = reading.lines.iter().map(|line| line.description.as_str()).collect();
    assert_eq!(
        names,
        ["Transport nach Tannstadt mit Hebebühne und zwei Fahrern", "Verpackung aus Karton"]
    );
}

#[test]
fn terms_of_payment_head_no_table() {
    let reading = read(&sheets(&[
        "Hill Lamps Ltd                 Invoice No. 2041",
        "Payment Terms:   Net 30 days",
        "Balance Due:     $127.50",
        "Item          Quantity      Rate       Amount",
        "Lamp               12     $10.00      $120.00",
        "Cable               5      $1.50        $7.50",
        "Subtotal                              $127.50",
        "Total                                 $127.50",
    ]));
    assert_eq!(reading.lines.len(), 2);
    assert_eq!(reading.lines[0].quantity, Some(dec("12")));
}

#[test]
fn a_tip_is_part_of_what_was_paid_and_no_tax() {
    let reading = read(&scan(&[
        "THE GREEN LANTERN DINER",
        "45 Maple Street, Austin, TX 78701",
        "06/21/2024 20:14",
        "Burger          15.00",
        "Salad           10.00",
        "Subtotal        25.00",
        "Sales Tax 8%     2.00",
        "Tip              5.00",
        "Total          $32.00",
        "VISA            32.00",
    ]));
    assert_eq!(value(&reading.gross), dec("32.00"));
    assert_eq!(value(&reading.tax), dec("2.00"));
    assert_eq!(value(&reading.net), dec("25.00"));
    assert_eq!(reading.lines.len(), 2);
}

#[test]
fn an_allowance_stands_between_the_items_and_the_net() {
    let reading = read(&sheets(&[
        "Moosbach Logistik GmbH",
        "Rechnungsnummer RE-20431",
        "Bezeichnung                  Menge    Einzelpreis    Gesamtpreis",
        "Transport                        2          50,00         100,00",
        "Zwischensumme                                             100,00",
        "Rabatt 10 %                                               -10,00",
        "Nettobetrag                                                90,00",
        "MwSt. 19 %                                                 17,10",
        "Gesamtbetrag                                              107,10",
    ]));
    assert_eq!(value(&reading.gross), dec("107.10"));
    assert_eq!(value(&reading.net), dec("90.00"));
    assert_eq!(value(&reading.tax), dec("17.10"));
    assert_eq!(value(&reading.allowance).abs(), dec("10.00"));
    assert_eq!(reading.lines.len(), 1);
}

#[test]
fn a_deposit_already_paid_leaves_the_total_as_it_is() {
    let reading = read(&sheets(&[
        "Hill Lamps Ltd                 Invoice No. 2041",
        "Item          Quantity      Rate       Amount",
        "Lamp               10     £10.00      £100.00",
        "Subtotal                              £100.00",
        "VAT 20%                                £20.00",
        "Total                                 £120.00",
        "Less deposit paid                      £50.00",
        "Balance due                            £70.00",
    ]));
    assert_eq!(value(&reading.gross), dec("120.00"));
    assert_eq!(value(&reading.prepaid), dec("50.00"));
    assert_eq!(value(&reading.tax), dec("20.00"));
}

#[test]
fn three_rates_of_tax_add_up() {
    let reading = read(&sheets(&[
        "Papeterie Fontaine SARL",
        "Facture n° 2024-118      Date : 03/04/2024",
        "Total HT                                  300,00 €",
        "TVA 20 %        100,00                     20,00 €",
        "TVA 10 %        100,00                     10,00 €",
        "TVA 5,5 %       100,00                      5,50 €",
        "Total TTC                                 335,50 €",
    ]));
    assert_eq!(value(&reading.gross), dec("335.50"));
    assert_eq!(value(&reading.net), dec("300.00"));
    assert_eq!(value(&reading.tax), dec("35.50"));
    assert_eq!(reading.taxes.len(), 3);
}

#[test]
fn a_credit_note_with_negative_amounts_is_one() {
    let reading = read(&sheets(&[
        "Ferramenta Fontana S.r.l.",
        "NOTA DI CREDITO N. 31/2024",
        "Data: 03/04/2024",
        "Riferimento fattura n. 12/2024",
        "Imponibile                     -100,00 €",
        "IVA 22%                         -22,00 €",
        "Totale documento               -122,00 €",
    ]));
    assert_eq!(reading.kind.value, ReadKind::CreditNote);
    assert_eq!(value(&reading.number), "31/2024");
    assert_eq!(value(&reading.gross), dec("122.00"));
    assert_eq!(value(&reading.tax), dec("22.00"));
}

#[test]
fn a_sign_that_several_currencies_share_is_told_by_the_place() {
    for (town, code) in [
        ("Sydney NSW 2000, Pty Ltd, ABN 51 824 753 556", "AUD"),
        ("12 Main Street, Austin, TX 78701", "USD"),
        ("1 Raffles Place, Singapore 048616", "SGD"),
        ("100 Queen Street, Toronto, Canada", "CAD"),
    ] {
        let rows = ["Hill Lamps", town, "Invoice No. 2041", "Lamp  $45.00", "Total  $45.00"];
        assert_eq!(value(&read(&sheets(&rows)).currency).code(), code, "{town}");
    }
}

#[test]
fn cash_and_change_prove_a_rounded_total() {
    let reading = read(&scan(&[
        "KEDAI LAMPU JAYA",
        "Date: 03/04/2024 10:12",
        "Lamp             45.02",
        "Total            45.02",
        "Rounding         -0.02",
        "Rounded Total    45.00",
        "Cash             50.00",
        "Change            5.00",
    ]));
    assert_eq!(value(&reading.gross), dec("45.00"));
    assert_eq!(value(&reading.rounding), dec("-0.02"));
    assert!(is_sure(&reading.gross));
}
