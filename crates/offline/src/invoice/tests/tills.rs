//! What tills print about tax, payment and service.

use super::*;

/// Net, tax and gross as a scan gives them.
fn totals(rows: &[&str]) -> [String; 3] {
    let found = read(&scan(rows));
    [&found.net, &found.tax, &found.gross]
        .map(|claim| claim.as_ref().map_or(String::new(), |claim| claim.value.to_string()))
}

#[test]
fn taxes_of_several_rates_that_make_the_total_are_added_up() {
    let dutch = [
        "Eetcafe De Hoek",
        "BTW nr. NL004495445B01",
        "Bon 3318  05-12-2025 21:09",
        "2 Sate  17,50  35,00",
        "Uitsmijter  9,75",
        "3 Bier  3,20  9,60",
        "Wijn wit  4,40",
        "Te betalen  € 58,75",
        "BTW laag 9%  3,69",
        "BTW hoog 21%  2,43",
    ];
    assert_eq!(totals(&dutch), ["52.63", "6.12", "58.75"]);
    let german = [
        "Baeckerei Muster",
        "6 Laugenbrezel  0,95  5,70 1",
        "1 Butterhoernchen  1,75 1",
        "1 Nussschnecke  2,30 1",
        "1 Cappuccino  3,90 2",
        "Summe EUR  13,65",
        "EC-Karte  13,65",
        "1 7,0% MwSt aus 9,75 = 0,64",
        "2 19,0% MwSt aus 3,90 = 0,62",
        "Datum 03.11.2025 08:14",
    ];
    assert_eq!(totals(&german), ["12.39", "1.26", "13.65"]);
    let swiss = [
        "Kiosk de la Gare",
        "14.01.2026 09:12",
        "SANDWICH JAMBON  6.50 R",
        "EAU  5.80 R",
        "CIGARETTES  14.40 N",
        "TOTAL CHF  26.70",
        "ESPECES  30.00",
        "RENDU  3.30",
        "R 2.6% TVA  12.30  0.31",
        "N 8.1% TVA  14.40  1.08",
    ];
    assert_eq!(totals(&swiss), ["25.31", "1.39", "26.70"]);
}

#[test]
fn one_of_several_taxes_that_do_not_make_the_total_is_not_the_tax() {
    let rows = [
        "Eetcafe De Hoek",
        "Bon 3318  05-12-2025 21:09",
        "2 Sate  17,50  35,00",
        "Wijn wit  4,40",
        "Te betalen  € 58,75",
        "BTW laag 9%  1,69",
        "BTW hoog 21%  2,43",
    ];
    assert_eq!(totals(&rows), ["", "", "58.75"]);
}

#[test]
fn a_service_is_no_tax_and_a_row_of_totals_is_net_tax_and_total() {
    let service = [
        "The Old Mill",
        "12/01/2026 20:15",
        "Roast  44.00",
        "Wine  37.90",
        "Subtotal  81.90",
        "Discretionary Service 10%  8.19",
        "Total  £90.09",
        "VAT @ 20%  13.65",
    ];
    assert_eq!(totals(&service)[1..], ["13.65", "90.09"]);
    let table = [
        "Pastelaria Central",
        "NIF 501964843",
        "02/02/2026 13:10",
        "Almoco  10,49",
        "Pao  8,98",
        "TOTAL EUR  19,47",
        "%IVA  Incid.  Valor  Total",
        "B 23,00  8,53  1,96  10,49",
        "C 6,00  8,47  0,51  8,98",
        "TOTAL  17,00  2,47  19,47",
    ];
    assert_eq!(totals(&table), ["17.00", "2.47", "19.47"]);
}

#[test]
fn a_tax_is_included_by_its_words_and_a_price_is_what_was_put_in_less_what_came_back() {
    let included = [
        "Hardware Co Pty Ltd",
        "3/2/2026",
        "Drill  $112.75",
        "TOTAL  $112.75",
        "GST INCLUDED IN TOTAL  $10.25",
    ];
    assert_eq!(totals(&included), ["102.50", "10.25", "112.75"]);
    let machine = [
        "Parkhaus Mitte",
        "05.02.2026 10:22",
        "Preis  43,80 EUR",
        "Einwurf  50,00",
        "Rueckgabe  6,20",
    ];
    assert_eq!(totals(&machine)[2], "43.80");
    let coins = ["Pay Station 4", "07/02/2026", "Paid  £9.50", "Coins  £10.00", "Change  £0.50"];
    assert_eq!(totals(&coins)[2], "9.50");
}

#[test]
fn a_number_with_a_country_and_right_check_digits_needs_no_label() {
    let rows = ["Kiosk", "CHE-107.787.577 MWST", "05.02.2026", "Kaffee  4.50", "Total CHF  4.50"];
    let found = read(&scan(&rows)).vendor_tax_id;
    assert_eq!(found.map(|found| found.value).as_deref(), Some("CHE107787577"));
}

#[test]
fn what_touches_is_parted() {
    let rows = [
        "Baeckerei Muster",
        "Steuernr.041/270/11836",
        "05.02.2026",
        "Brot  9,75 1",
        "Kaffee  3,90 2",
        "Summe EUR  13,65",
        "1 7,0% MwSt aus 9,75=0,64",
        "2 19,0% MwSt aus 3,90=0,62",
    ];
    assert_eq!(totals(&rows), ["12.39", "1.26", "13.65"]);
    let found = read(&scan(&rows)).vendor_tax_id;
    assert_eq!(found.map(|found| found.value).as_deref(), Some("041/270/11836"));
}

#[test]
fn a_scanned_table_of_bare_rates_counts_where_its_rows_add_up() {
    let rows = [
        "Fuel and Deli",
        "03/04/26  08:07",
        "UNLEADED  60.00 A",
        "ROLL  8.15 B",
        "TOTAL  €68.15",
        "VAT%    NET    VAT    GROSS",
        "A  23.0    48.78    11.22    60.00",
        "B  13.5    7.18     0.97     8.15",
    ];
    assert_eq!(totals(&rows), ["55.96", "12.19", "68.15"]);
}

#[test]
fn a_sign_of_dollars_that_was_read_as_a_letter_is_no_digit() {
    let rows = [
        "Tui Corner",
        "12/03/2025 10:20",
        "Pie  9.20",
        "Soup  18.40",
        "TOTAL  S27.60",
        "EFTPOS  $27.60",
    ];
    assert_eq!(totals(&rows)[2], "27.60");
}

#[test]
fn two_taxes_that_were_added_are_added_up() {
    let rows = [
        "Depanneur Laurier",
        "2025-03-12 10:20",
        "Cafe  21,87",
        "Sous-total  21,87",
        "TPS 5%  1,09",
        "TVQ 9,975%  2,18",
        "TOTAL  25,14",
    ];
    assert_eq!(totals(&rows), ["21.87", "3.27", "25.14"]);
    let american = [
        "Cycle Works",
        "04/13/2024 2:26 PM",
        "TUBE  $17.98",
        "LABOR  $68.99",
        "SUBTOTAL  $86.97",
        "STATE TAX 4.000%  $3.48",
        "COUNTY TAX 3.000%  $2.61",
        "TOTAL  $93.06",
    ];
    assert_eq!(totals(&american), ["86.97", "6.09", "93.06"]);
    let keyed = [
        "Kiosk Nord",
        "06.07.2024 22:48",
        "Cola  3,50 2",
        "Kerze  10,64 1",
        "SUMME  14,14",
        "MWST    NETTO    MWST    UMSATZ",
        "1=19%    8,94    1,70    10,64",
        "2=7%    3,27    0,23    3,50",
    ];
    assert_eq!(totals(&keyed), ["12.21", "1.93", "14.14"]);
}

#[test]
fn the_day_stands_first_between_dots_where_nobody_writes_english() {
    let receipt = |date: &'static str, words: [&'static str; 2]| {
        let rows = ["BÄCKEREI HOLZER", "Hauptplatz 4, 8010 Graz", "UID ATU15110001"];
        let sums = ["Netto                 7,00", "MwSt 10%              0,70"];
        let total = [words[0], date, "SUMME EUR             7,70", words[1]];
        read(&scan(&[&rows[..], &total, &sums].concat())).issue_date.unwrap()
    };
    let german = ["Rechnung für Ihren Einkauf", "Vielen Dank und auf Wiedersehen"];
    for date in ["03.05.2026 14:22", "3.5.26 14:22", "Datum: 03.05.2026"] {
        let found = receipt(date, german);
        assert_eq!(found.value, super::date(2026, 5, 3), "{date}");
        assert_ne!(found.evidence.standing(), domain::reading::Standing::Doubtful, "{date}");
    }
}

#[test]
fn a_day_with_dots_is_not_in_doubt() {
    let reading = read(&scan(&[
        "BÄCKEREI AM MARKT",
        "Hauptplatz 3, 4020 Linz",
        "UID ATU12345675",
        "03.05.2026   10:12",
        "Semmel             2,40",
        "SUMME EUR          2,40",
        "BAR                5,00",
        "Rückgeld           2,60",
    ]));
    let date = reading.issue_date.unwrap();
    assert_eq!(date.value, domain::dates::date(2026, 5, 3));
    assert_eq!(date.evidence.standing(), domain::reading::Standing::Plain);
}

#[test]
fn a_menu_that_was_eaten_makes_no_other_paper() {
    let rows = [
        "BISTROT DU PORT",
        "11 rue des Quais 29200 BREST",
        "SIRET 41234567800017",
        "Table 12  Couverts 2",
        "Le 18/07/2025 a 21:32",
        "1 Menu midi  24,50",
        "1 Confit canard  22,00",
        "2 Verre de vin  14,00",
        "1 Cafe  3,00",
        "TOTAL TTC  63,50 EUR",
        "TVA 10% sur 45,00  4,50",
        "TVA 20% sur 11,67  2,33",
        "CB  63,50",
    ];
    let found = read(&scan(&rows));
    assert_eq!(found.kind.value, ReadKind::Receipt);
    assert_eq!(totals(&rows)[2], "63.50");
}
