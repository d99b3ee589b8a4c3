//! Item lines of receipts and invoices in the shapes that tills and programs print.

use super::*;

/// Returns each line's description with its amount.
fn lines(rows: &[&str]) -> Vec<(String, Option<Decimal>)> {
    let reading = read(&scan(rows));
    reading.lines.into_iter().map(|line| (line.description, line.amount)).collect()
}

/// Asserts that a page has these lines: the beginning of each description, and its amount.
fn has(rows: &[&str], expected: &[(&str, &str)]) {
    let found = lines(rows);
    let same = found.len() == expected.len()
        && found.iter().zip(expected).all(|((text, amount), (wanted, value))| {
            text.starts_with(wanted) && *amount == Some(dec(value))
        });
    assert!(same, "{found:?} is not {expected:?}");
}

#[test]
fn a_deposit_on_bottles_is_a_line_of_its_own_also_where_it_is_given_back() {
    has(
        &[
            "MARKT AM TOR",
            "Torstraße 4, 04109 Leipzig",
            "                         EUR",
            "Mineralwasser 6x1,5l    2,94 A",
            "Pfand 6x0,25            1,50 A",
            "Vollmilch               1,19 B",
            "Leergut                -3,00 A",
            "SUMME EUR               2,63",
            "Bar                     5,00",
            "Rückgeld                2,37",
            "03.02.2025 17:44",
        ],
        &[
            ("Mineralwasser", "2.94"),
            ("Pfand", "1.50"),
            ("Vollmilch", "1.19"),
            ("Leergut", "-3.00"),
        ],
    );
}

#[test]
fn a_discount_below_an_item_is_a_negative_line() {
    has(
        &[
            "HILLTOP MINIMART",
            "12/03/2024 18:22",
            "Coffee beans            8.00",
            "Member discount        -1.00",
            "Brown bread             2.50",
            "TOTAL                   9.50",
            "CASH                   10.00",
            "CHANGE                  0.50",
        ],
        &[("Coffee beans", "8.00"), ("Member discount", "-1.00"), ("Brown bread", "2.50")],
    );
}

#[test]
fn a_discount_of_the_whole_receipt_stands_below_its_subtotal_and_is_no_line() {
    has(
        &[
            "HILLTOP MINIMART",
            "12/03/2024 18:22",
            "Coffee beans            8.00",
            "Brown bread             2.00",
            "SUBTOTAL               10.00",
            "Discount 10%           -1.00",
            "TOTAL                   9.00",
            "CASH                   10.00",
            "CHANGE                  1.00",
        ],
        &[("Coffee beans", "8.00"), ("Brown bread", "2.00")],
    );
}

#[test]
fn a_quantity_and_a_price_below_or_above_a_name_are_one_line() {
    has(
        &[
            "HILLTOP MINIMART",
            "12/03/2024 18:22",
            "Orange juice 1l",
            "3 x 1.20                3.60",
            "Butter",
            "2 @ 2.10                4.20",
            "TOTAL                   7.80",
            "CASH                    7.80",
        ],
        &[("Orange juice", "3.60"), ("Butter", "4.20")],
    );
    has(
        &[
            "BÄCKEREI KRUSTENREICH",
            "03.02.2025 07:44",
            "2 x 0,55",
            "Brötchen                1,10",
            "Kaffee groß             2,40",
            "Summe                   3,50",
            "Bar                     5,00",
            "Rückgeld                1,50",
        ],
        &[("Brötchen", "1.10"), ("Kaffee", "2.40")],
    );
}

#[test]
fn codes_weights_and_tax_classes_do_not_make_lines() {
    has(
        &[
            "SUPERMARKT DE HOEK",
            "09-04-2025 18:12",
            "Kaas jong belegen       6,49 B",
            "0,512 kg x 12,68 EUR/kg",
            "Bananen                 1,45 B",
            "8710400123456",
            "TOTAAL                  7,94",
            "PIN                     7,94",
            "B 9%  netto 7,28  btw 0,66",
        ],
        &[("Kaas", "6.49"), ("Bananen", "1.45")],
    );
}

#[test]
fn a_coupon_and_a_reduction_in_other_languages_are_negative_lines() {
    has(
        &[
            "MARCHE DU PORT",
            "14/02/2025 10:22",
            "CAFE MOULU              4,20",
            "REMISE IMMEDIATE       -0,80",
            "PAIN                    1,10",
            "TOTAL TTC               4,50",
            "CB                      4,50",
        ],
        &[("CAFE", "4.20"), ("REMISE", "-0.80"), ("PAIN", "1.10")],
    );
    has(
        &[
            "MERCADO SOL",
            "14/02/2025 10:22",
            "CAFE MOLIDO             4,20",
            "DTO. PROMOCION         -0,80",
            "PAN                     1,10",
            "TOTAL                   4,50",
            "TARJETA                 4,50",
        ],
        &[("CAFE", "4.20"), ("DTO", "-0.80"), ("PAN", "1.10")],
    );
}

#[test]
fn a_bare_row_of_the_net_total_is_no_line() {
    let shipped = [
        "Nordwind Plumbing Ltd",
        "INVOICE",
        "Invoice no: NP-902",
        "Invoice date: 16 April 2026",
        "Pipes                   100.00",
        "Shipping                 10.00",
        "Net                     110.00",
        "VAT                      22.00",
        "Total GBP               132.00",
    ];
    let found = read(&sheets(&shipped)).lines;
    assert_eq!(found.len(), 2, "{found:?}");
    let returned = [
        "Nordwind Plumbing Ltd",
        "CREDIT NOTE",
        "Credit note no: CN-55",
        "Date: 14 April 2026",
        "Returned radiator      -100.00",
        "Net                    -100.00",
        "VAT 20%                 -20.00",
        "Total credit GBP       -120.00",
    ];
    let found = read(&sheets(&returned)).lines;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].amount, Some(dec("100.00")), "the totals of a credit note are positive");
}

#[test]
fn a_last_line_that_costs_as_much_as_those_above_stays_one() {
    has(
        &[
            "HILLTOP MINIMART",
            "12/03/2024 18:22",
            "Coffee beans            8.00",
            "Brown bread             8.00",
            "TOTAL                  16.00",
        ],
        &[("Coffee beans", "8.00"), ("Brown bread", "8.00")],
    );
}

#[test]
fn a_name_keeps_its_numbers_and_leaves_the_place_of_its_row_and_a_currency_out() {
    let rows = [
        "Eisenwaren Nord GmbH",
        "Rechnung Nr. 2025-118      Datum: 03.04.2025",
        "Pos   Bezeichnung                 Menge    Preis    Betrag",
        "1     Schraube M8 x 40 DIN 933      10     0,50      5,00",
        "2     Dübel 10 mm Packung 50         2     3,00      6,00",
        "3     Broschüre EUR                  1     8,00      8,00",
        "Gesamtbetrag                                   19,00 EUR",
    ];
    let found = read(&sheets(&rows)).lines;
    let names: Vec<&str> = found.iter().map(|line| line.description.as_str()).collect();
    assert_eq!(names, ["Schraube M8 x 40 DIN 933", "Dübel 10 mm Packung 50", "Broschüre"]);
    assert!(found.iter().all(|line| line.quantity.is_some()), "{found:?}");
}

#[test]
fn what_runs_on_top_of_further_pages_is_no_item() {
    let first = [
        "Eisenwaren Nord GmbH",
        "Rechnung Nr. 250733        Datum: 03.04.2025",
        "Bezeichnung                 Menge    Preis    Betrag",
        "Schraube M8                   10     0,50      5,00",
    ];
    let further = |page: u32, name: &str, rest: &[&str]| {
        let head = format!("Rechnung Nr. 250733   Seite {page} von 3");
        let rows = [&[head.as_str(), name], rest].concat();
        sheets(&rows).pages.remove(0)
    };
    let mut whole = sheets(&first);
    whole.pages.push(further(2, "Schraube M10                   2     3,00      6,00", &[]));
    let total = ["Gesamtbetrag                                   19,00 EUR"];
    whole.pages.push(further(3, "Schraube M12                   1     8,00      8,00", &total));
    let found = read(&whole).lines;
    assert_eq!(found.len(), 3, "{found:?}");
}
