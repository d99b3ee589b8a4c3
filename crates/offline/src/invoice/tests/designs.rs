//! Designs thought up to differ from one another: where labels, charges and titles stand in them.

use super::*;

fn number(rows: &[&str]) -> Option<String> {
    read(&sheets(rows)).number.map(|number| number.value)
}

fn vendor(rows: &[&str]) -> Option<String> {
    read(&sheets(rows)).vendor.map(|vendor| vendor.value)
}

#[test]
fn a_label_wrapped_over_cells_names_the_number_below_it() {
    let rows = [
        "Hill Foods Ltd",
        "Bill to           Ship to           INVOICE",
        "Anna Weber        Anna Weber        No",
        "12 High Street    12 High Street",
        "London            London            4471/2026",
        "Date: 12/03/2026",
        "Total   120.00",
    ];
    assert_eq!(number(&rows).as_deref(), Some("4471/2026"));
}

#[test]
fn a_number_stands_with_its_date_in_the_block_of_a_letter() {
    let rows = [
        "Werkstatt Nord GmbH",
        "Anna Weber                        12. März 2026",
        "Waldweg 3                         WN-2026-017",
        "12345 Tannstadt",
        "Beratung   2   50,00   100,00",
        "Gesamtbetrag   100,00 €",
    ];
    assert_eq!(number(&rows).as_deref(), Some("WN-2026-017"));
}

#[test]
fn digits_and_codes_that_look_like_dates_are_numbers_behind_their_label() {
    for (label, value) in
        [("Invoice Number: 20260327", "20260327"), ("Invoice ID: 20260210-NORTH", "20260210-NORTH")]
    {
        let rows = ["Hill Foods Ltd", "Invoice", label, "Date: 12/03/2026", "Total   120.00"];
        assert_eq!(number(&rows).as_deref(), Some(value));
    }
}

#[test]
fn charges_and_discounts_stand_between_net_and_total() {
    let rows = [
        "Hill Foods Ltd",
        "Invoice 4711",
        "Date: 12/03/2026",
        "Keyboard        1     700.00     700.00",
        "Memory +Tax     2     500.00     1,000.00",
        "Subtotal        1,700.00",
        "Tax             289.00",
        "Service charge  50.00",
        "Discount        -20.00",
        "Total           2,019.00",
    ];
    assert_totals(&rows, ["1700.00", "289.00", "2019.00"]);
    let rows = [
        "Moulin Vert SARL",
        "Facture n° 2218",
        "Total HT          269,00",
        "Remise de 10 %     26,90",
        "Total HT Net      242,10",
        "Total TVA         -",
        "Total TTC         242,10 €",
    ];
    assert_totals(&rows, ["242.10", "", "242.10"]);
}

#[test]
fn a_rate_alone_tells_the_tax_between_net_and_total() {
    let rows =
        ["Hill Foods Ltd", "Invoice No. 4711", "Subtotal: 38000", "GST: 12%", "Total: 42560"];
    assert_totals(&rows, ["38000", "4560", "42560"]);
}

#[test]
fn the_head_of_a_column_of_items_names_no_total() {
    let rows = [
        "Werkstatt Nord GmbH",
        "Rechnung Nr. 2026-118      Datum: 12.03.2026",
        "Leistungsbeschreibung     Nettobetrag   USt   Bruttobetrag",
        "Wartung der Heizung       2880.00       20%   3456.00",
        "Reinigung des Hauses      1690.00       20%   2028.00",
        "Zwischensumme netto:      4570.00",
        "Umsatzsteuer 20%:         914.00",
    ];
    assert_totals(&rows, ["4570.00", "914.00", "5484.00"]);
}

#[test]
fn lines_of_whole_numbers_come_to_the_total_where_none_is_printed() {
    let rows = [
        "Hill Foods Ltd",
        "Invoice no. A-118     Date: 24/08/2026",
        "Product description   Quantity   Price   Total",
        "Telephone             4          48000   192000",
        "Computer              2          80000   160000",
    ];
    assert_totals(&rows, ["", "", "352000"]);
}

#[test]
fn amounts_of_other_countries_are_totals() {
    for (total, value) in [
        ("Total: Q500.5", "500.5"),
        ("Total: KSh 1,200/=", "1200"),
        ("Total: R 1\u{a0}234,50", "1234.50"),
        ("Total: ₹1,18,000.00", "118000.00"),
        ("Total: € 1.600,-", "1600"),
    ] {
        let rows = ["Hill Foods Ltd", "Invoice No. 4711", "Date: 12/03/2026", total];
        let found = read(&sheets(&rows)).gross.map(|gross| gross.value);
        assert_eq!(found, Some(dec(value)), "{total}");
    }
}

#[test]
fn a_payee_in_a_sentence_is_the_vendor() {
    for sentence in [
        "Please make cheques payable to Hill Foods",
        "Make all checks payable to Hill Foods.",
        "Bitte überweisen Sie den Betrag an Hill Foods",
        "Bitte überweisen Sie an Hill Foods",
        "Thank you for shopping at Hill Foods",
        "Thank you for choosing Hill Foods!",
        "Merci de libeller votre chèque à l'ordre de Hill Foods",
        "Dit bedrag graag overmaken ten name van Hill Foods",
        "Intestare il bonifico a favore di Hill Foods",
        "Transferencia a nombre de Hill Foods",
    ] {
        let rows = [
            "Invoice No. 4711",
            "Date: 12/03/2026",
            "Consulting   100.00",
            "Total   100.00",
            sentence,
        ];
        assert_eq!(vendor(&rows).as_deref(), Some("Hill Foods"), "{sentence}");
    }
}

#[test]
fn streets_and_heads_of_blocks_are_no_vendors() {
    let rows = [
        "B. M. Road, Pune 411001",
        "Guest & stay details",
        "Name: Anna Weber",
        "Bill No.: 118     Date: 01/03/2026",
        "Total   9450.00",
    ];
    assert_eq!(vendor(&rows), None);
}

#[test]
fn titles_of_other_papers_are_no_invoices() {
    for title in [
        "Statement",
        "Quotation #5",
        "Quote No. 12",
        "Delivery Note",
        "Order Confirmation",
        "Auftragsbestätigung",
        "Lieferschein",
        "Angebot Nr. 118",
        "Devis n° 118",
        "Presupuesto 118",
        "Preventivo n. 118",
        "Offerte 118",
        "Orçamento 118",
        "Bon de livraison",
    ] {
        let rows = [
            title,
            "Hill Foods Ltd",
            "Date: 12/03/2026",
            "Description    Quantity   Price    Total",
            "Consulting     2          150.00   300.00",
            "Total                              300.00",
        ];
        assert!(!read(&sheets(&rows)).is_invoice(), "{title}");
    }
}

#[test]
fn a_date_written_out_is_no_vendor() {
    let rows = [
        "Invoice",
        "Invoice number        4C1B2D7A-0009",
        "Date of issue         September 1, 2025",
        "Date due              September 1, 2025",
        "Lumen Analytics, Inc.                     Bill to",
        "548 Market St, San Francisco, CA 94104    Jonas Weber",
        "                                          Lindenallee 5, 20259 Hamburg",
        "€49.00 due September 1, 2025",
        "Description              Qty      Unit price      Amount",
        "Team plan                  1          €49.00      €49.00",
        "                                    Subtotal      €49.00",
        "                                       Total      €49.00",
        "                                  Amount due      €49.00",
    ];
    assert_eq!(vendor(&rows).as_deref(), Some("Lumen Analytics, Inc."));
}
