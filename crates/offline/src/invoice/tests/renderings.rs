//! Bills as programs render them: titles with codes, tables of labels, dates beside places.

use super::*;

#[test]
fn a_rendering_of_an_einvoice_names_its_number_date_and_seller() {
    let reading = read(&sheets(&[
        "Stylesheet-Version:     2.5 vom 10.01.2023",
        "Schlussrechnung Bau (877) Nr. 4711-A vom",
        "25.04.2024",
        "Währung:                EUR",
        "Verkäufer",
        "Nummer:                 549910",
        "Name:                   Moosbach Elektro GmbH",
        "Ansprechpartner:        Frieda Moos",
        "E-Mail:                 frieda@moos.example",
        "Käufer",
        "Name:                   Gasthof Tann",
        "Gesamtbetrag der Zuschläge        0,00",
        "Gesamtbetrag der Abschläge        0,23",
        "Rechnungssumme ohne USt.         100,00",
        "Steuerbetrag                      19,00",
        "Bruttosumme                      119,00",
    ]));
    assert_eq!(value(&reading.number), "4711-A");
    assert_eq!(value(&reading.issue_date), date(2024, 4, 25));
    assert_eq!(value(&reading.vendor), "Moosbach Elektro GmbH");
    assert_eq!(value(&reading.gross), dec("119.00"));
}

#[test]
fn a_date_beside_its_place_is_that_of_the_letter() {
    let reading = read(&sheets(&[
        "Moosbach Leasing GmbH",
        "Waldweg 3, 12345 Tannstadt",
        "Tannstadt, den      01.11.2024",
        "Rechnung Nr. 4711",
        "Summe netto      100,00",
        "MwSt 19 %         19,00",
        "Summe gesamt     119,00",
        "Datum:   30.10.2024   Zeit: 04:59:13   Seite:   1",
    ]));
    assert_eq!(value(&reading.issue_date), date(2024, 11, 1));
}

#[test]
fn what_is_left_after_a_payment_is_not_the_total() {
    let reading = read(&sheets(&[
        "Atelier Dubois SARL",
        "12 rue de la Paix, 75002 Paris",
        "FACTURE N° : F2024-27       Date : 31/12/2024",
        "DATE DE FACTURE ASSOCIÉE : 30/11/2024",
        "N° TVA : FR 40 303 265 045",
        "TOTAL HT          TOTAL TVA           TOTAL TTC",
        "  100,00             10,00             110,00",
        "                   Acompte :            10,00",
        "NET A PAYER                            100,00 EUR",
        "MOYEN DE PAIEMENT : VIREMENT",
    ]));
    assert_eq!(value(&reading.gross), dec("110.00"));
    assert_eq!(value(&reading.net), dec("100.00"));
    assert_eq!(value(&reading.issue_date), date(2024, 12, 31));
    assert_eq!(value(&reading.vendor_tax_id), "FR40303265045");
    assert_eq!(value(&reading.vendor), "Atelier Dubois SARL");
}

#[test]
fn a_purchase_order_is_no_invoice() {
    let reading = read(&sheets(&[
        "BUYER: Hill Plumbing      PURCHASE ORDER:   PO-18617",
        "12 High Street            Date :   31/03/2024",
        "INVOICEE: Hill Plumbing Accounts",
        "SELLER: Moosbach Pipes Ltd      VAT ID: GB123456789",
        "Copper pipe     2     50.00     100.00",
        "Total Amount Without VAT:       100.00 EUR",
        "VAT 20 %:                        20.00 EUR",
        "Total Amount With VAT:          120.00 EUR",
    ]));
    assert_eq!(reading.kind.value, ReadKind::NotInvoice);
}
