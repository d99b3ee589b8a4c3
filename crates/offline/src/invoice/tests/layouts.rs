//! Layouts of makers that nobody has looked at: numbers without labels of their own, totals without
//! cents, names that are not the vendor's.

use super::*;

/// Rows whose words stand closer, as groups of digits do.
fn tight(rows: &[&str]) -> Sheets {
    let mut sheets = sheets(rows);
    for word in &mut sheets.pages[0].words {
        word.region.right += 300;
    }
    sheets
}

fn number(rows: &[&str]) -> Option<String> {
    read(&sheets(rows)).number.map(|number| number.value)
}

fn vendor(rows: &[&str]) -> Option<String> {
    read(&sheets(rows)).vendor.map(|vendor| vendor.value)
}

#[test]
fn a_number_stands_under_the_title() {
    let total = "Total TTC   120,00 €";
    let signed = ["FACTURE", "N° FB-2031-7", "Date : 12/03/2026", "Moulin Vert SARL", total];
    assert_eq!(number(&signed).as_deref(), Some("FB-2031-7"));
    let alone = ["Factura", "0004-00031277", "12/03/2026", "Molino Verde S.A.", "Total   120,00 €"];
    assert_eq!(number(&alone).as_deref(), Some("0004-00031277"));
    // Two lines with something else between are too far for a number without a sign.
    let far = ["Factura", "Molino Verde S.A.", "0004-00031277", "12/03/2026", "Total   120,00 €"];
    assert_eq!(number(&far), None);
}

#[test]
fn a_number_is_known_by_its_shape_where_it_stands_again() {
    let rows = [
        "Musterholz GmbH",
        "Rechnung an:               RX-2031-00417",
        "Rechnungsdatum: 12.03.2026",
        "Gesamtbetrag   120,00 €",
        "Verwendungszweck:   RX-2031-00417",
    ];
    assert_eq!(number(&rows).as_deref(), Some("RX-2031-00417"));
    assert_eq!(number(&rows[..4]), None);
}

#[test]
fn a_sentence_names_the_number() {
    let rows = [
        "Musterholz GmbH",
        "Rechnung",
        "Die Rechnungsnummer für diesen Auftrag lautet M-2671. Bitte geben Sie sie an.",
        "Gesamtbetrag   120,00 €",
    ];
    assert_eq!(number(&rows).as_deref(), Some("M-2671"));
}

#[test]
fn a_number_that_begins_with_a_day_is_no_date() {
    let rows = [
        "Bakkerij Linde",
        "Factuurnummer: 20240314-002     Datum: 15-03-2024",
        "Totaal   € 120,00",
    ];
    let reading = read(&sheets(&rows));
    assert_eq!(value(&reading.number), "20240314-002");
    assert_eq!(value(&reading.issue_date), date(2024, 3, 15));
}

#[test]
fn a_number_has_its_series_and_all_its_groups() {
    let rows = ["Casa Verde Lda", "Fatura n.º FT 2024/17", "Data: 12/03/2024", "Total   120,00 €"];
    assert_eq!(number(&rows).as_deref(), Some("FT 2024/17"));
    let rows = ["Musterholz GmbH", "Rechnungsnummer 418 305 6627", "Gesamtbetrag 120,00 €"];
    assert_eq!(value(&read(&tight(&rows)).number), "418 305 6627");
}

#[test]
fn a_house_is_no_code_of_a_document() {
    let rows = ["Hill Ltd", "High Street 380 no 12", "Invoice", "Total   120.00"];
    assert_eq!(number(&rows), None);
    let rows = ["Hill GmbH", "Mietsache (380) Nr. 4711-12", "Gesamtbetrag   120,00 €"];
    assert_eq!(number(&rows).as_deref(), Some("4711-12"));
}

#[test]
fn every_amount_of_a_line_has_its_own_label() {
    let reading = read(&sheets(&[
        "Invoice No. 4711 Date: 3 April 2026 Seller: Tidewater Group, Bristol",
        "Net: £ 1,200.50 VAT (20%): £ 240.10 Gross: £ 1,440.60",
    ]));
    assert_eq!(value(&reading.net), dec("1200.50"));
    assert_eq!(value(&reading.tax), dec("240.10"));
    assert_eq!(value(&reading.gross), dec("1440.60"));
    assert_eq!(value(&reading.vendor), "Tidewater Group");
}

#[test]
fn a_label_may_stand_below_the_total() {
    let reading = read(&sheets(&[
        "Barbara Muster",
        "Rechnung Nr. 2031-42",
        "Rechnungsdatum: 12.03.2026",
        "Beratung   € 180.00",
        "€ 480.00",
        "Gesamtbetrag",
        "",
        "",
        "Kleinunternehmer: Umsatz unter € 55,000.00",
    ]));
    assert_eq!(value(&reading.gross), dec("480.00"));
}

#[test]
fn totals_need_no_cents() {
    let reading = read(&tight(&[
        "FACTURE",
        "N° Facture : BX/2031/12",
        "Date : 11/12/2025",
        "TOTAL HT 2 100 000",
        "TVA 19.25% 404 250",
        "TOTAL TTC 2 504 250",
    ]));
    assert_eq!(value(&reading.net), dec("2100000"));
    assert_eq!(value(&reading.tax), dec("404250"));
    assert_eq!(value(&reading.gross), dec("2504250"));
    // A count is no total where others have cents.
    let counted = ["Hill Ltd", "Invoice 4711", "A   5.00", "B   6.00", "C   7.00", "Total   18.00"];
    assert_eq!(value(&read(&sheets(&counted)).gross), dec("18.00"));
}

#[test]
fn an_untaxed_net_is_the_total() {
    let rows = ["Hill Ltd", "Invoice No. 4711", "Subtotal   $19.00", "Amount Due   $19.00"];
    let reading = read(&sheets(&rows));
    assert_eq!(value(&reading.net), dec("19.00"));
    assert!(reading.tax.is_none());
}

#[test]
fn two_taxes_and_a_rounding_make_the_total() {
    let reading = read(&sheets(&[
        "Hill Digitals",
        "TAX INVOICE",
        "Invoice No. 4711",
        "Total Qty : 118   Sub Total   2,040.00",
        "Add CGST (9%)   183.60",
        "Add SGST (9%)   183.60",
        "Round Off   0.30",
        "TOTAL   2,407.50",
    ]));
    assert_eq!(value(&reading.net), dec("2040.00"));
    assert_eq!(value(&reading.tax), dec("367.20"));
    assert_eq!(value(&reading.gross), dec("2407.50"));
}

#[test]
fn what_is_taken_off_is_no_tax() {
    let reading = read(&sheets(&[
        "Hill Digitals",
        "TAX INVOICE",
        "Invoice No. 4711",
        "Total   710.00",
        "Less Discount 20%   142.00",
        "Taxable Value   568.00",
        "Add CGST 12%   68.16",
        "Add SGST 6%   34.08",
        "Total   670.24",
    ]));
    assert_eq!(value(&reading.gross), dec("670.24"));
    assert_eq!(value(&reading.tax), dec("102.24"));
}

#[test]
fn no_item_and_no_person_below_a_company_is_the_vendor() {
    let total = "Gesamtbetrag   120,00 €";
    let items = [
        "Rechnung Nr. 4711",
        "Bezeichnung      Menge      Betrag",
        "Wartung Heizung GmbH      1      120,00",
        total,
        "info@musterholz.example",
    ];
    assert_ne!(vendor(&items).as_deref(), Some("Wartung Heizung GmbH"));
    let person = [
        "Rechnung Nr. 4711",
        "Verkäufer:",
        "Nummer : 4000001",
        "Musterholz GmbH",
        "Max Beispiel",
        "Waldweg 3",
        "12345 Tannstadt",
        total,
    ];
    assert_eq!(vendor(&person).as_deref(), Some("Musterholz GmbH"));
}

#[test]
fn the_customer_is_never_the_vendor() {
    let rows = ["Nome: Ana Verde", "Data: 01/07/2024", "Fatura n.º 4711", "Total   120,00 €"];
    assert_eq!(vendor(&rows), None);
    let rows = [
        "Client      BANQUE VERTE",
        "Facture N° 4711",
        "Total TTC   120,00 €",
        "Compte BANQUE VERTE   10035",
        "contact@moulin-bleu.example",
    ];
    assert_eq!(vendor(&rows).as_deref(), Some("Moulin Bleu"));
}

#[test]
fn labels_greetings_and_sentences_are_no_names() {
    let total = "Total   120,00 €";
    let labelled =
        ["IVA Responsable Inscripto", "Empresa de Muestra", "Factura Nº: 4000-77", total];
    assert_eq!(vendor(&labelled).as_deref(), Some("Empresa de Muestra"));
    let valued = ["Province: Kent", "Kent Mill Foods", "Invoice No. 4711", total];
    assert_eq!(vendor(&valued).as_deref(), Some("Kent Mill Foods"));
    let written = ["Hill Foods mail@hillfoods.example", "Invoice No. 4711", "Dear customer", total];
    assert_eq!(vendor(&written).as_deref(), Some("Hill Foods"));
}

#[test]
fn an_order_is_no_invoice() {
    let mut order = sheets(&[
        "Elena Muestra",
        "Order # S00017",
        "Order Date   05/07/2025",
        "Untaxed Amount   $ 20.00",
        "Tax 0%   $ 0.00",
        "Total   $ 20.00",
    ]);
    for word in order.pages[0].words.iter_mut().filter(|word| word.region.top == 3600) {
        word.region.bottom += 600;
    }
    assert_eq!(read(&order).kind.value, ReadKind::NotInvoice);
}

#[test]
fn dollars_in_spanish_are_dated_day_first() {
    let rows = [
        "Molino Verde S.A.",
        "Factura N° 0009-00031745",
        "Fecha: 02/11/2021",
        "El importe de esta factura se paga en dólares por el cliente",
        "Total   USD 120.00",
    ];
    assert_eq!(value(&read(&sheets(&rows)).issue_date), date(2021, 11, 2));
}

#[test]
fn a_field_and_an_enclosure_do_not_say_what_a_paper_is() {
    let first = [
        "FACTURA",
        "Nº 0007 - 00005129",
        "Fecha: 11/02/2024",
        "Molino Verde S.A.",
        "Orden de Compra:     Remitos:",
        "Total   120,00 €",
    ];
    let mut both = sheets(&first);
    both.pages.extend(sheets(&["PRESUPUESTO", "Orden de trabajo", "Total   90,00 €"]).pages);
    let reading = read(&both);
    assert_eq!(reading.kind.value, ReadKind::Invoice);
    assert_eq!(value(&reading.number), "0007-00005129");
}

#[test]
fn the_label_of_its_number_says_what_a_paper_is() {
    let rows = [
        "Vaquero & Cía",
        "Fecha de recibo: 16/03/2025",
        "Número de recibo: 12345",
        "Radio   $99.00",
    ];
    assert_eq!(read(&sheets(&rows)).kind.value, ReadKind::Receipt);
    let mut quote = sheets(&["LUZ VERDE", "Devis N°", "Date : 08/06/2024", "Total TTC   300,00 €"]);
    for word in quote.pages[0].words.iter_mut().filter(|word| word.region.top == 3600) {
        word.region.bottom += 600;
    }
    assert_eq!(read(&quote).kind.value, ReadKind::NotInvoice);
}

#[test]
fn rows_of_items_and_laws_do_not_date_an_invoice() {
    let rows = [
        "FACTURE",
        "Hôtel du Moulin SARL",
        "21/09/2022",
        "Description      Quantité      Total HT",
        "Chambre du 04/05/2023 au 11/05/2023      6      1.471,80 €",
        "Total TTC   1.471,80 €",
    ];
    assert_eq!(value(&read(&sheets(&rows)).issue_date), date(2022, 9, 21));
}

#[test]
fn a_town_and_a_gap_to_fill_in_are_no_names() {
    let total = "Totaal   € 120,00";
    let town = ["9876 XY LINDEDORP", "Factuurnummer: 4711", total, "www.welmoed.example"];
    assert_eq!(vendor(&town).as_deref(), Some("Welmoed"));
    let gap = ["Facture", "Cola Bleue", "Facture N° : 4711", total, "Vendeur: [à signer]"];
    assert_eq!(vendor(&gap).as_deref(), Some("Cola Bleue"));
}

#[test]
fn a_heading_is_no_name_and_a_clear_net_needs_no_tax() {
    let rows = [
        "FACTUUR",
        "KLANT      FACTUURDATUM",
        "Groep Linde      31/01/2024",
        "Totaal excl. btw   € 500.00",
        "Totaal incl. btw   € 605.00",
    ];
    let reading = read(&sheets(&rows));
    assert_ne!(reading.vendor.map(|vendor| vendor.value).as_deref(), Some("FACTUURDATUM"));
    assert_eq!(value(&reading.net), dec("500.00"));
    assert_eq!(value(&reading.tax), dec("105.00"));
}

#[test]
fn the_number_of_the_first_page_is_that_of_the_document() {
    let mut both =
        sheets(&["Musterholz GmbH", "", "", "Rechnungs-Nr.: 2054", "Gesamtbetrag   9,00 €"]);
    both.pages.extend(sheets(&["Rechnungs-Nr.: 123", "Seite 2"]).pages);
    assert_eq!(value(&read(&both).number), "2054");
}
