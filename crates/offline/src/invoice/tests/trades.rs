//! Papers of trades: what a law firm, a garage, a bank of taxis and a wholesaler print.

use super::*;

fn kind(rows: &[&str]) -> ReadKind {
    read(&sheets(rows)).kind.value
}

fn items(rows: &[&str]) -> Vec<String> {
    read(&sheets(rows)).lines.into_iter().map(|line| line.description).collect()
}

#[test]
fn what_a_discount_leaves_is_the_total() {
    let rows = [
        "Juniper Dermatology",
        "Invoice # JRD-55190      Invoice date Feb 3, 2025",
        "Description                      Charge",
        "Office visit                     $165.00",
        "Destruction, first lesion        $184.00",
        "Total charges                    $349.00",
        "Prompt-pay discount              -$34.90",
        "Total due                        $314.10",
    ];
    assert_eq!(value(&read(&sheets(&rows)).gross), dec("314.10"));
}

#[test]
fn a_sum_in_words_of_law_is_the_total_and_a_year_before_a_sign_is_none() {
    let reading = read(&sheets(&[
        "A.S.D. Canottieri Lago Chiaro      RICEVUTA",
        "C.F. 93021470034                   n. 112",
        "Stresa, 18 gennaio 2025",
        "Si dichiara di aver ricevuto dal socio Tommaso Bellorini la somma di",
        "                 € 282,00",
        "Quota associativa annuale 2025 € 60,00",
        "Corso canottaggio cadetti € 220,00",
        "Imposta di bollo € 2,00",
    ]));
    assert_eq!(value(&reading.gross), dec("282.00"));
}

#[test]
fn a_tax_that_is_said_to_be_inside_needs_no_rate_though_others_are_printed() {
    let reading = read(&sheets(&[
        "TAX INVOICE",
        "Wattlebird Electrical Pty Ltd",
        "ABN 64 118 550 273",
        "Invoice W-7730      Issued 8 Sep 2025",
        "Item              Qty    Price inc GST    Amount inc GST",
        "Labour              5        $110.00          $550.00",
        "Total (inc GST)                               $550.00",
        "GST included in total                          $50.00",
        "A 1.5% surcharge applies to credit cards.",
    ]));
    assert_eq!(value(&reading.tax), dec("50.00"));
}

#[test]
fn dates_have_spaces_behind_their_dots_and_share_their_label() {
    let spaced = read(&sheets(&[
        "Topenářství Havránek s.r.o.",
        "FAKTURA 2240318",
        "Datum vystavení: 22. 4. 2024",
        "Celkem k úhradě    4 197,10 Kč",
    ]));
    assert_eq!(value(&spaced.issue_date), date(2024, 4, 22));
    let shared = read(&sheets(&[
        "Garnkörbchen",
        "Rechnungs-Nr.                      GK-1029",
        "Rechnungsdatum = Lieferdatum 5.12.2024",
        "Bestellung #2291 vom 3.12.2024",
        "3x Sockenwolle            17,90 €      53,70 €",
        "Gesamtbetrag                           53,70 €",
        "Bezahlt per PayPal am 3.12.2024",
    ]));
    assert_eq!(value(&shared.issue_date), date(2024, 12, 5));
}

#[test]
fn a_number_has_its_thousands_apart() {
    let reading = read(&sheets(&[
        "Garage Bonvin & Fils SA",
        "Facture n°        Date            Échéance",
        "F-118 446         09.12.2024      08.01.2025",
        "Service 60 000 km                    355.20",
        "Total TTC CHF                        355.20",
    ]));
    assert_eq!(value(&reading.number), "F-118 446");
}

#[test]
fn crowns_are_those_of_the_language() {
    let paid = |rows: &[&str]| value(&read(&sheets(rows)).currency).code();
    assert_eq!(paid(&["Tandläkarna", "KVITTO 88120", "Summa att betala: 3 785,00 kr"]), "SEK");
    assert_eq!(paid(&["Bageren", "Kvittering 17", "I alt at betale: 85,00 kr"]), "DKK");
    assert_eq!(paid(&["Kaffe AS", "Kvittering 17", "Å betale: 85,00 kr", "MVA 15 %"]), "NOK");
}

#[test]
fn a_repair_order_with_the_total_of_an_invoice_is_one_and_a_delivery_note_is_none() {
    let garage = [
        "TAMARACK AUTO & TIRE LLC      REPAIR ORDER",
        "Closed 09/27/2025             RO 88213",
        "Brake fluid exchange                89.60",
        "INVOICE TOTAL                      $89.60",
        "Paid - MC 3308                      89.60",
    ];
    assert_ne!(kind(&garage), ReadKind::NotInvoice);
    let tiles = [
        "Fliesenwelt Oberndorfer GmbH",
        "Lieferschein Nr. LS 250771",
        "Lieferdatum 07.05.2025",
        "Bezeichnung            Menge    Gewicht",
        "Feinsteinzeug grau     46,08    967 kg",
        "Rechnung folgt gesondert. USt-IdNr. DE812204477",
    ];
    assert_eq!(kind(&tiles), ReadKind::NotInvoice);
}

#[test]
fn what_is_told_or_carried_is_no_item_and_what_is_sold_is_one() {
    let law = [
        "Osterloh-Nagel Rechtsanwältin",
        "Kostenrechnung Nr. 2024/0219      Schwerin, 22.08.2024",
        "Leistungszeit: 03.06.2024 – 14.08.2024 Gegenstandswert: 9.600,00 €",
        "Geschäftsgebühr                    725,40 €",
        "Pauschale für Post                  20,00 €",
        "Gesamtsumme                        745,40 €",
    ];
    assert_eq!(items(&law), ["Geschäftsgebühr", "Pauschale für Post"]);
    let wholesale = [
        "NORTHGATE CATERING SUPPLIES      INVOICE 5573",
        "Product                  Qty      Unit     Goods",
        "Tea Bags                   6     27.59    165.54",
        "Carried forward                           165.54",
        "Dishwasher Liquid          5     12.34     61.70",
        "Rinse Aid                  4     12.33     49.32",
        "CGST @ 9%                                  24.89",
        "INVOICE TOTAL                             301.45",
    ];
    assert_eq!(items(&wholesale), ["Tea Bags", "Dishwasher Liquid", "Rinse Aid"]);
}

#[test]
fn a_title_that_names_the_sender_is_no_part_of_his_name() {
    let reading = read(&sheets(&[
        "Receipt from Notably Labs, LLC",
        "Receipt #1482-3390",
        "AMOUNT PAID      DATE PAID          PAYMENT METHOD",
        "$209.04          March 9, 2026      Amex - 1008",
        "Notably Plus, yearly                $192.00",
        "Sales tax (8.875%)                   $17.04",
        "Amount charged                      $209.04",
    ]));
    assert_eq!(value(&reading.vendor), "Notably Labs, LLC");
}
