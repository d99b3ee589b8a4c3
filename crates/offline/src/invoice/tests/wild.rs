//! What papers of others showed.

use super::*;

#[test]
fn the_last_row_of_a_table_sums_up_a_tax_in_halves() {
    let reading = read(&sheets(&[
        "Tax Invoice/Bill of Supply/Cash Memo",
        "Sold By :",
        "HILLDALE RETAIL LIMITED                    Invoice Number : DEL5-11003374",
        "                                           Invoice Date : 19.03.2025",
        "Sl.  Description      Unit Price  Discount  Qty  Net Amount  Tax Rate  Tax Type  Tax Amount  Total Amount",
        "1  Earphone Case      ₹177.12     ₹0.00     1    ₹177.12     9%        CGST      ₹15.94      ₹209.00",
        "                                                             9%        SGST      ₹15.94",
        "   Shipping Charges   ₹33.90      -₹33.90        ₹0.00       9%        CGST      ₹0.00       ₹0.00",
        "                                                             9%        SGST      ₹0.00",
        "TOTAL:                                                                           ₹31.88      ₹209.00",
    ]));
    assert_eq!(value(&reading.gross), dec("209.00"));
    assert_eq!(value(&reading.tax), dec("31.88"));
    assert_eq!(value(&reading.net), dec("177.12"));
}

#[test]
fn a_letter_behind_an_amount_is_no_currency() {
    let rows = [
        "Hillmart",
        "1166 Camino, Durango CO 81303",
        "BANANAS     0.95 R",
        "BEVERAGE    2.00 R",
        "SUBTOTAL    2.95",
        "TAX 1       0.23",
        "TOTAL       3.18",
        "CASH TEND   4.00",
        "CHANGE DUE  0.82",
    ];
    assert_ne!(
        read(&sheets(&rows)).currency.map(|c| c.value.code().to_owned()),
        Some("ZAR".to_owned())
    );
}

#[test]
fn a_day_and_the_kind_of_payment_are_no_vendors() {
    let dated = [
        "INVOICE",
        "INV-123456",
        "                Date: April 6, 2024",
        "                Total Tax: $234.00",
        "Description    Quantity    Price",
        "Product 1      2           $500.00",
        "Product 2      1           $150.00",
        "Total                      $1150.00",
    ];
    let paid = [
        "Transactionnumber:   477324",
        "Date:                6/17/2016",
        "Served by:           Brown Miya",
        "Description        Qty x Price      Total",
        "Pesto Basilico     1 x $9.95        $9.95",
        "Risotto ai Funghi  1 x $13.95       $13.95",
        "Sub Total     $23.90",
        "DC Tax 10%    $2.39",
        "Total         $26.29",
        "Tender Type Visa   $26.29",
        "Change             $0.00",
    ];
    for rows in [&dated[..], &paid[..]] {
        for sheet in [sheets(rows), scan(rows)] {
            let vendor = read(&sheet).vendor.map(|name| name.value);
            assert!(
                !matches!(vendor.as_deref(), Some("April 6" | "Tender Type Visa" | "Tender Type")),
                "{vendor:?}"
            );
        }
    }
}

#[test]
fn a_name_with_a_dash_is_one_name_under_its_label() {
    let reading = read(&sheets(&[
        "Invoice",
        "From:",
        "DEMO - Sliced Papers                 Invoice Number   INV-3337",
        "Suite 5A-1204                        Invoice Date     January 25, 2016",
        "123 Somewhere Street                 Total Due        $93.50",
        "To:",
        "Test Business",
        "Web Design   1.00   $85.00   $85.00",
        "Sub Total    $85.00",
        "Tax          $8.50",
        "Total        $93.50",
    ]));
    assert_eq!(value(&reading.vendor), "DEMO - Sliced Papers");
}

#[test]
fn a_telephone_is_no_number_of_a_receipt_and_the_register_no_part_of_its_date() {
    let phone = [
        "HEALTHWAYS",
        "DEPARTMENTAL STORE",
        "PH-22725995 / 22725355",
        "REG  03-12-2015 05:03 PM",
        "KETCHUP   150.00",
        "SOAP       92.00",
        "CASH      242.00",
    ];
    let reading = read(&scan(&phone));
    assert_ne!(reading.number.map(|number| number.value), Some("PH-22725995".to_owned()));
    let register = [
        "Connaught Plaza Restaurants Pvt. Ltd.",
        "CBD Shahdra, Delhi",
        "Retail Invoice",
        "INV# 005501100178197",
        "REG 11- 03/12/2015 16:33:07",
        "1 McAloo Tikki   27.00",
        "VAT              3.38",
        "Total Due        30.38",
    ];
    let reading = read(&scan(&register));
    assert_eq!(reading.issue_date.map(|day| day.value), Some(date(2015, 12, 3)));
}

#[test]
fn a_claim_of_a_brand_is_no_vendor() {
    let reading = read(&scan(&[
        "i'm lovin' it",
        "",
        "Hilldonald's Hazeldonk-West",
        "Hazeldonk 5006",
        "4836 LZ BREDA",
        "KASSABON",
        "27/10/2009 10:52:23",
        "1 Fanta groot   2.15",
        "1 Hamburger     1.00",
        "Totaal (incl BTW)  3.15",
        "Euro            5.00",
        "Change          1.85",
    ]));
    assert_eq!(value(&reading.vendor), "Hilldonald's Hazeldonk-West");
}

#[test]
fn a_name_on_two_lines_is_spelt_as_the_domain() {
    let reading = read(&sheets(&[
        "Tech                         INVOICE",
        "Supplies",
        "1234 Park Drive, Suite 100   Invoice #: INV-1001",
        "Springfield, IL 62701        Invoice Date: 04/25/2024",
        "info@techsupplies.com        Due Date: 05/10/2024",
        "Laptop Model X     3   $1,200.00   $3,600.00",
        "Office Printer     2   $650.00     $1,300.00",
        "Subtotal:   $4,900.00",
        "Tax (8%)    $392.00",
        "Total       $5,292.00",
    ]));
    assert_eq!(value(&reading.vendor), "Tech Supplies");
}

#[test]
fn a_hungarian_invoice_is_read() {
    let reading = read(&sheets(&[
        "Számla",
        "Szállító:   Hegyi Ajtó Kft              Vevő:   Duna Mega Kft",
        "Hungary 5650, Mezőberény Gyomai út 26.  6724 Szeged",
        "Adószám: 13024772-2-04                  Adószám: 12809404-2-06",
        "Teljesítés kelte:   2026. 01. 21.",
        "Számla kelte:       2026. 01. 20.",
        "Fizetési határidő:  2026. 01. 29.",
        "Számla sorszáma:    NF2026-29336",
        "Termék        Mennyiség   Egységár   Nettó ár",
        "R3 üveges     20          8.32       166.40 €",
        "Nettó         %           ÁFA        Bruttó",
        "166.40 €      27          44.93 €    211.33 €",
    ]));
    assert_eq!(reading.issue_date.as_ref().map(|day| day.value), Some(date(2026, 1, 20)));
    assert_eq!(reading.due_date.as_ref().map(|day| day.value), Some(date(2026, 1, 29)));
    assert_eq!(value(&reading.number), "NF2026-29336");
    assert_eq!(value(&reading.vendor), "Hegyi Ajtó Kft");
    assert_eq!(value(&reading.gross), dec("211.33"));
}

#[test]
fn numbers_of_two_words_codes_and_days_are_read_behind_their_label() {
    let polish = [
        "Miejsce wystawienia: Kraków                  Data wystawienia: 2025-04-11",
        "                                             Data sprzedaży: 2025-04-10",
        "               Faktura VAT nr FS 412/04/2025",
        "Sprzedawca:                                  Nabywca:",
        "Biurex Hurt Sp. z o.o.                       Szkoła nr 4",
        "Papier ksero   40 szt.   21,90   876,00   23%   201,48   1 077,48",
        "Razem                            876,00         201,48   1 077,48",
    ];
    let software = [
        "Invoice",
        "Quillbase                  Invoice number QB-0A91F3-0017",
        "                           Date of issue August 14, 2025",
        "                           Date due August 28, 2025",
        "Quillbase Software, Inc.   Bill to",
        "228 Park Ave S             Halvorsen Creative LLC",
        "Team plan   14   $12.00   $168.00",
        "Subtotal    $168.00",
        "Total       $168.00",
        "Amount due  $168.00 USD",
    ];
    let french = [
        "Maëlle Guivarc – rédactrice web",
        "17 venelle du Four, 29000 Quimper",
        "FACTURE n° 2025-09-02                        Date : 15 septembre 2025",
        "Rédaction de 6 articles    6   145,00   870,00",
        "TOTAL À PAYER                           870,00",
        "Échéance : 15 octobre 2025",
    ];
    let italian = [
        "NUVOLARI SOFTWARE SRL",
        "Via dei Mille 77 – 41121 Modena",
        "Tipo documento     Numero        Data          Divisa",
        "Fattura (TD01)     FPR 214/25    01-07-2025    EUR",
        "Canone annuale     3,00   240,00   720,00",
        "Totale imponibile  720,00",
        "IVA 22%            158,40",
        "Totale documento   878,40",
    ];
    for (rows, number) in [
        (&polish[..], "FS 412/04/2025"),
        (&software[..], "QB-0A91F3-0017"),
        (&french[..], "2025-09-02"),
        (&italian[..], "FPR 214/25"),
    ] {
        let found = read(&sheets(rows)).number.map(|number| number.value);
        assert_eq!(found.as_deref(), Some(number), "{rows:#?}");
    }
}

#[test]
fn a_french_credit_note_has_its_own_title() {
    let reading = read(&sheets(&[
        "Atelier Porcelaine 87                                   AVOIR",
        "                                                    n° AV-118",
        "                                             le 4 février 2026",
        "6 rue du Canal, 87000 Limoges – TVA FR17837204415",
        "Restaurant Le Vieux Pressoir",
        "15 place Saint-Michel",
        "Annulation partielle de la facture FA-2026-031 du 22 janvier 2026 : assiettes ébréchées.",
        "Assiette plate    12   14,50   174,00",
        "Assiette creuse   4    12,80    51,20",
        "Total HT               225,20 €",
        "TVA 20 %                45,04 €",
        "Net à votre crédit     270,24 €",
    ]));
    assert_eq!(reading.kind.value, ReadKind::CreditNote);
    assert_eq!(value(&reading.number), "AV-118");
}
