//! What several rates, currencies, heads of two labels, sentences and forms say.

use super::*;

#[test]
fn rows_of_several_rates_need_no_percent_sign_and_no_sums() {
    let bare = [
        "Hill Foods Ltd",
        "Invoice no. 4711     Date: 12/03/2026",
        "Rate    Net      VAT     Total",
        "20    100.00    20.00   120.00",
        "5      40.00     2.00    42.00",
        "Total to pay   162.00",
    ];
    assert_totals(&bare, ["140.00", "22.00", "162.00"]);
    let apart = [
        "Musterholz GmbH",
        "Rechnung Nr. 4711     Datum: 12.03.2026",
        "Netto 19 %    100,00",
        "Netto 7 %      50,00",
        "MwSt 19 %      19,00",
        "MwSt 7 %        3,50",
        "Gesamtbetrag  172,50",
    ];
    assert_totals(&apart, ["150.00", "22.50", "172.50"]);
}

#[test]
fn a_row_without_tax_belongs_to_the_table() {
    let rows = [
        "Hill Foods Ltd",
        "Invoice no. 4711     Date: 12/03/2026",
        "VAT rate    Net      VAT",
        "20 %      100.00    20.00",
        "0 %        30.00     0.00",
        "Total to pay   150.00",
    ];
    assert_totals(&rows, ["130.00", "20.00", "150.00"]);
}

#[test]
fn a_total_in_another_currency_is_not_the_total() {
    let rows = [
        "Hill Foods Ltd",
        "Invoice no. 4711     Date: 12/03/2026",
        "Description   Amount",
        "Consulting   EUR 80.00",
        "Travel   EUR 40.00",
        "Total   EUR 120.00",
        "Total   USD 129.60",
    ];
    let reading = read(&sheets(&rows));
    assert_eq!(value(&reading.gross), dec("120.00"));
    assert_eq!(value(&reading.currency).code(), "EUR");
}

#[test]
fn a_head_of_two_labels_names_two_values() {
    for (head, values) in [
        ("Invoice no. / Date", "4711-B / 3 May 2026"),
        ("Date / Invoice no.", "3 May 2026 / 4711-B"),
    ] {
        let rows =
            ["Hill Foods Ltd", "Invoice", head, values, "Due date: 1 June 2026", "Total 9.00"];
        let reading = read(&sheets(&rows));
        assert_eq!(value(&reading.number), "4711-B", "{head}");
        assert_eq!(value(&reading.issue_date), date(2026, 5, 3), "{head}");
    }
}

#[test]
fn a_bare_sign_beside_a_date_and_heads_of_other_edges_name_the_values_below() {
    let signed = ["Hill Foods Ltd", "Invoice", "No. / Date", "0044 / 15 August 2026", "Total 9.00"];
    let reading = read(&sheets(&signed));
    assert_eq!(value(&reading.number), "0044");
    assert_eq!(value(&reading.issue_date), date(2026, 8, 15));
    let edges = [
        "Hill Foods Ltd",
        "Invoice",
        "Customer           Invoice date        Due",
        "4711          12 March 2026                12 April 2026",
        "Total 9.00",
    ];
    let reading = read(&sheets(&edges));
    assert_eq!(value(&reading.due_date), date(2026, 4, 12));
    let wrapped = [
        "Moulin Vert SARL",
        "                         Client /",
        "Facture n° / Date        Commande",
        "KB-0619 / 7 mars 2026    C 118 / 55210",
        "Total TTC   120,00 €",
    ];
    let reading = read(&sheets(&wrapped));
    assert_eq!(value(&reading.number), "KB-0619");
    assert_eq!(value(&reading.issue_date), date(2026, 3, 7));
}

#[test]
fn a_title_numbers_its_paper() {
    for (line, number) in [
        ("Honorarnote 17", "17"),
        ("Ricevuta fiscale n. 4412 del 15/08/2026", "4412"),
        ("Fatura FT A/229", "FT A/229"),
        ("Nota de venda No 00871", "00871"),
    ] {
        let rows = ["Hill Foods Ltd", line, "12.03.2026", "Total   120,00 €"];
        assert_eq!(value(&read(&sheets(&rows)).number), number);
    }
    let rows = ["Hill Foods Ltd", "Honorarnote 2026", "12.03.2026", "Total   120,00 €"];
    assert_eq!(read(&sheets(&rows)).number, None, "a year");
}

#[test]
fn what_is_labelled_as_tax_denies_another_split() {
    let rows = [
        "Hill Foods Ltd",
        "Invoice no. 4711     Date: 12/03/2026",
        "Item     Qty     Price     Total",
        "Speakers     2     180.00     432.00",
        "Microphones  6      15.00     108.00",
        "Subtotal   540.00",
        "Total tax   90.00",
        "Grand total   540.00",
    ];
    let reading = read(&sheets(&rows));
    assert_eq!(value(&reading.tax), dec("90.00"));
}

#[test]
fn sentences_say_when_to_pay() {
    for (sentence, due) in [
        ("Payment must reach us by 2 April 2026.", Some((2026, 4, 2))),
        ("Terms: 30 days from the invoice date", Some((2026, 4, 11))),
        ("Zahlbar binnen 14 Tagen ohne Abzug", Some((2026, 3, 26))),
        ("Paiement sous 30 jours", Some((2026, 4, 11))),
        ("Paiement sous 30 jours fin de mois", None),
        ("Goods may be returned within 14 days", None),
    ] {
        let rows = [
            "Hill Foods Ltd",
            "Invoice no. 4711",
            "Invoice date: 12 March 2026",
            "Total   120.00",
            sentence,
        ];
        let found = read(&sheets(&rows)).due_date.map(|due| due.value);
        assert_eq!(found, due.map(|(year, month, day)| date(year, month, day)), "{sentence}");
    }
}

#[test]
fn a_pro_forma_invoice_is_none() {
    for title in ["PRO FORMA INVOICE", "Proforma-Rechnung", "Facture proforma n° 12"] {
        let rows = [
            "Hill Foods Ltd",
            title,
            "Invoice no. 4711     Date: 12/03/2026",
            "Net   100.00",
            "VAT 20 %   20.00",
            "Total   120.00",
        ];
        assert!(!read(&sheets(&rows)).is_invoice(), "{title}");
    }
    let rows = [
        "Hill Foods Ltd",
        "INVOICE",
        "Proforma: PF-12",
        "Invoice no. 4711     Date: 12/03/2026",
        "Total   120.00",
    ];
    assert!(read(&sheets(&rows)).is_invoice(), "made from a pro forma invoice");
}

#[test]
fn a_form_that_nobody_filled_in_is_no_invoice() {
    let zeros = ["INVOICE", "Invoice no.: 1", "Date: 12/03/2026", "Subtotal $0.00", "Total $0.00"];
    assert!(!read(&sheets(&zeros)).is_invoice());
    let lines = [
        "INVOICE",
        "Invoice no.: ________    Date: ________",
        "Bill to: ____________    Terms: ________",
        "Description    Amount",
        "Total: ________",
    ];
    assert!(!read(&sheets(&lines)).is_invoice());
    let holders = [
        "[Company name]",
        "[Street address]",
        "INVOICE",
        "Invoice no.: [Invoice number]",
        "Service one   200.00",
        "Total   200.00",
    ];
    assert!(!read(&sheets(&holders)).is_invoice());
}
