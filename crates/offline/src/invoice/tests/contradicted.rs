//! Documents whose sums do not agree: what is printed stays, and the contradiction can be told.

use super::*;

/// Returns net, tax and gross.
fn totals(reading: &Reading) -> [Option<Decimal>; 3] {
    [&reading.net, &reading.tax, &reading.gross].map(|claim| claim.as_ref().map(|c| c.value))
}

fn some(values: [&str; 3]) -> [Option<Decimal>; 3] {
    values.map(|value| Some(dec(value)))
}

fn is_derived(claim: &Option<Claim<Decimal>>) -> bool {
    claim.as_ref().is_some_and(|claim| claim.evidence.origin == Origin::Derived)
}

/// Asserts that three printed totals are read as printed, none of them surely.
fn stays(rows: &[&str], printed: [&str; 3]) {
    for reading in [read(&sheets(rows)), read(&scan(rows))] {
        assert_eq!(totals(&reading), some(printed), "{rows:?}");
        let claims = [&reading.net, &reading.tax, &reading.gross];
        assert!(!claims.into_iter().any(is_derived), "{rows:?}");
        assert!(!claims.into_iter().any(is_sure), "{rows:?}");
    }
}

#[test]
fn a_net_that_contradicts_the_total_is_kept_as_printed() {
    stays(
        &[
            "Musterholz GmbH",
            "Rechnung Nr. R-2025-118      Rechnungsdatum: 03.04.2025",
            "Nettobetrag                                       100,00",
            "zzgl. 19 % MwSt                                    19,00",
            "Gesamtbetrag                                      129,00 €",
        ],
        ["100.00", "19.00", "129.00"],
    );
    stays(
        &[
            "Hill Lamps Ltd                 Invoice No. 2041",
            "Net amount excl                       £100.00",
            "VAT                                    £19.00",
            "Total                                 £129.00",
        ],
        ["100.00", "19.00", "129.00"],
    );
    stays(
        &[
            "Papeterie Fontaine SARL",
            "Facture n° 2024-118      Date : 03/04/2024",
            "Total HT                                  200,00 €",
            "TVA 20 %                                   20,00 €",
            "Total TTC                                 120,00 €",
        ],
        ["200.00", "20.00", "120.00"],
    );
}

#[test]
fn a_tax_that_fits_the_total_at_its_rate_does_not_replace_the_printed_net() {
    stays(
        &[
            "Musterholz GmbH",
            "Rechnung Nr. R-2025-118      Rechnungsdatum: 03.04.2025",
            "Nettobetrag                                       100,00",
            "19 % MwSt                                          20,60",
            "Gesamtbetrag                                      129,00 €",
        ],
        ["100.00", "20.60", "129.00"],
    );
}

#[test]
fn a_subtotal_and_a_tax_that_fall_short_of_the_total_are_kept() {
    stays(
        &[
            "Harbour Books Inc",
            "Invoice No. 2041   Invoice Date: 02/25/2024",
            "Subtotal                 100.00",
            "Sales Tax                  8.25",
            "Total                   $118.25",
        ],
        ["100.00", "8.25", "118.25"],
    );
}

#[test]
fn a_charge_between_subtotal_and_total_is_no_contradiction() {
    let reading = read(&sheets(&[
        "The Blue Door Bistro",
        "06/21/2024 20:14     Receipt No. 118",
        "Pie                      50.00",
        "Subtotal                 50.00",
        "Service charge 10%        5.00",
        "SST 6%                    3.30",
        "Total                 RM 58.30",
    ]));
    assert_eq!(totals(&reading), some(["55.00", "3.30", "58.30"]));
    assert!(is_derived(&reading.net));
}

#[test]
fn a_subtotal_with_the_tax_inside_is_no_net() {
    let reading = read(&sheets(&[
        "The Blue Door Bistro Ltd",
        "21/06/2024 20:14     Receipt No. 118",
        "Pie                      60.00",
        "Subtotal                 60.00",
        "Discount                -12.00",
        "Total                   £48.00",
        "Includes VAT 20%          8.00",
    ]));
    assert_eq!(totals(&reading), some(["40.00", "8.00", "48.00"]));
}

#[test]
fn a_tip_is_a_charge_that_the_sums_know() {
    let reading = read(&sheets(&[
        "THE GREEN LANTERN DINER",
        "06/21/2024 20:14",
        "Burger          25.00",
        "Subtotal        25.00",
        "Sales Tax 8%     2.00",
        "Tip              5.00",
        "Total          $32.00",
    ]));
    assert_eq!(totals(&reading), some(["25.00", "2.00", "32.00"]));
    assert_eq!(value(&reading.allowance), dec("-5.00"));
}

#[test]
fn rows_of_tax_that_give_another_sum_stay_beside_the_printed_tax() {
    let reading = read(&sheets(&[
        "Papeterie Fontaine SARL",
        "Facture n° 2024-118      Date : 03/04/2024",
        "Total HT                                  200,00 €",
        "TVA 20 %        100,00                     20,00 €",
        "TVA 10 %        100,00                     10,00 €",
        "Total TVA                                  35,00 €",
        "Total TTC                                 235,00 €",
    ]));
    assert_eq!(totals(&reading), some(["200.00", "35.00", "235.00"]));
    let by_rate: Vec<Option<Decimal>> = reading.taxes.iter().map(|group| group.tax).collect();
    assert_eq!(by_rate, [Some(dec("20.00")), Some(dec("10.00"))]);
}

#[test]
fn taxes_of_two_rates_are_added_up_not_taken_from_a_wrong_total() {
    let reading = read(&sheets(&[
        "Papeterie Fontaine SARL",
        "Facture n° 2024-118      Date : 03/04/2024",
        "Total HT                                  200,00 €",
        "TVA 20 %        100,00                     20,00 €",
        "TVA 10 %        100,00                     10,00 €",
        "Total TTC                                 240,00 €",
    ]));
    assert_eq!(totals(&reading), some(["200.00", "30.00", "240.00"]));
    assert!(is_derived(&reading.tax) && !is_sure(&reading.gross));
}

#[test]
fn a_printed_total_stands_against_cash_less_change_and_against_its_lines() {
    let reading = read(&sheets(&[
        "CORNER KITCHEN SDN BHD",
        "12/09/2024 11:40",
        "Noodles          40.00",
        "Tea               4.10",
        "Total            45.10",
        "Cash             50.00",
        "Change            5.90",
    ]));
    assert_eq!(value(&reading.gross), dec("45.10"));
    assert!(!is_sure(&reading.gross));
}

#[test]
fn a_due_date_that_a_term_gives_is_marked_as_derived() {
    let reading = read(&sheets(&[
        "Hill Lamps Ltd                 Invoice No. 2041",
        "Invoice Date: 3 April 2025",
        "Payable within 30 days",
        "Total                                 £120.00",
    ]));
    let due = reading.due_date.unwrap();
    assert_eq!((due.value, due.evidence.origin), (date(2025, 5, 3), Origin::Derived));
}

#[test]
fn a_net_of_one_short_word_under_the_items_is_none_of_them() {
    let rows = [
        "Quick Courier Services Ltd       Invoice",
        "88 Long Lane, London SE1 4PB     No. 5523",
        "                                 Date: 12 May 2025",
        "Service                                       Amount",
        "Same day delivery x 4                        £ 84.00",
        "Waiting time                                 £ 15.00",
        "                               Net           £ 99.00",
        "                           VAT 20%           £ 19.80",
        "                             Total          £ 128.80",
    ];
    stays(&rows, ["99.00", "19.80", "128.80"]);
    assert_eq!(read(&sheets(&rows)).lines.len(), 2);
}
