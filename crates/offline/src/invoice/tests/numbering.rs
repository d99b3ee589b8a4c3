//! How issuers print a number, and what a paper without a title is.

use super::*;

/// Returns the number of a page whose words stand as close as in print.
fn number(rows: &[&str]) -> Option<String> {
    let mut sheets = sheets(rows);
    for word in &mut sheets.pages[0].words {
        word.region.right += 300;
    }
    read(&sheets).number.map(|number| number.value)
}

fn kind(rows: &[&str]) -> ReadKind {
    read(&sheets(rows)).kind.value
}

#[test]
fn a_number_may_have_several_parts() {
    for (label, value) in [
        ("Rechnungsnummer   62 1180 4471 3", "62 1180 4471 3"),
        ("Numéro de facture : 0551 K3 2207-18C4", "0551 K3 2207-18C4"),
        ("Fattura N. 9 / 2026", "9/2026"),
        ("Factura n.º: R-26 / 0311", "R-26/0311"),
        ("Rechnungs-Nr.: 0/0(031)0077/002218", "0/0(031)0077/002218"),
        ("Documento n.º FS 2026/77", "FS 2026/77"),
        ("Facture n° 18/03/0512", "18/03/0512"),
        ("Factuurnummer: 2026/02/09", "2026/02/09"),
        ("Facture n° 2026-02/0311", "2026-02/0311"),
        ("Rechnung 31 / 0118 — Ihr Auftrag vom 2. Februar", "31/0118"),
        ("BelegnummerPN/2031/00118", "PN/2031/00118"),
        ("Gartenrechnung   GR 2031/118", "GR 2031/118"),
        ("Recibo/Fatura   FR 31/1180", "FR 31/1180"),
    ] {
        let rows = ["Hill Foods Ltd", label, "Date: 12/03/2026", "Total   120.00"];
        assert_eq!(number(&rows).as_deref(), Some(value), "{label}");
    }
    // What follows is something else.
    for (label, value) in [
        ("Invoice no. 4471 Page 1", "4471"),
        ("Invoice no. 4471 12.03.2026", "4471"),
        ("Invoice no. 4471 / 12.03.2026", "4471"),
        ("Invoice no. 4471 A", "4471"),
    ] {
        let rows = ["Hill Foods Ltd", label, "Total   120.00"];
        assert_eq!(number(&rows).as_deref(), Some(value), "{label}");
    }
}

#[test]
fn a_number_stands_under_a_title_with_a_date_and_behind_its_series() {
    let dated =
        ["Sources du Lac SA", "Facture du 14/02/2026", "n° 20 331 887 014", "Total TTC   80,00 €"];
    assert_eq!(number(&dated).as_deref(), Some("20 331 887 014"));
    let folio = [
        "Imprenta del Valle S.A. de C.V.",
        "FACTURA",
        "Serie: B  Folio: 20418",
        "No. certificado: 00001000000700112233",
        "Total   $1,160.00",
    ];
    assert_eq!(number(&folio).as_deref(), Some("20418"));
    let reference = [
        "Toitures Kermadec",
        "Facture de situation - Réf. FT00217",
        "Date de facturation : 16/03/2026",
        "Total TTC   1 200,00 €",
    ];
    assert_eq!(number(&reference).as_deref(), Some("FT00217"));
}

#[test]
fn a_head_of_two_labels_may_be_one_word() {
    let rows = ["Hill Foods Ltd", "Invoice no./date", "31118 / 12.03.2026", "Total   120.00"];
    assert_eq!(number(&rows).as_deref(), Some("31118"));
}

#[test]
fn a_bill_without_a_title_is_no_receipt() {
    for label in ["Factuurnr.   VF-118", "Re.-Nr.: 26/044", "Bill number   2026-118"] {
        let rows = ["Hill Foods Ltd", label, "12.03.2026", "VAT 20%   20.00", "Total   120.00"];
        assert_eq!(kind(&rows), ReadKind::Invoice, "{label}");
    }
}

#[test]
fn fields_of_a_list_are_no_title() {
    let rows = [
        "Velodroom B.V.",
        "Factuur aan            Nummer: V26-118",
        "Koerier Snel           Datum: 12 maart 2026",
        "Kade 3                 Werkbon: W-2207",
        "Netto   100,00",
        "Btw 21%   21,00",
        "Te voldoen   € 121,00",
    ];
    assert_eq!(kind(&rows), ReadKind::Invoice);
    let order = ["Velodroom B.V.", "Werkbon: W-2207", "Datum: 12 maart 2026", "Totaal   € 121,00"];
    assert_eq!(kind(&order), ReadKind::NotInvoice);
    let estimate = [
        "Gartenbau Ost GmbH",
        "Kostenvoranschlag Nr. KV 2026-88",
        "Netto   100,00",
        "19 % MwSt.   19,00",
        "Gesamt   119,00 €",
    ];
    assert_eq!(kind(&estimate), ReadKind::NotInvoice);
}

#[test]
fn a_day_is_not_proven_by_what_was_computed_from_it() {
    let rows = [
        "Hill Roofing Ltd",
        "14 January 2026",
        "Invoice No. 2217",
        "As per our quotation Q-81 dated 2 December 2025",
        "Terms: 14 days net",
        "VAT 20%   20.00",
        "Total   £120.00",
    ];
    let read = read(&sheets(&rows));
    let issued = read.issue_date.unwrap();
    assert_eq!(issued.value, date(2026, 1, 14));
    assert!(issued.evidence.confidence < 98, "{issued:?}");
}

#[test]
fn what_is_debited_is_due_then() {
    for (line, day) in [
        ("Montant prélevé le 02/04/2026", date(2026, 4, 2)),
        ("Fecha de cargo: 27/03/2026", date(2026, 3, 27)),
        ("Der Betrag wird per SEPA-Lastschrift am 20.03.2026 eingezogen.", date(2026, 3, 20)),
    ] {
        let rows =
            ["Hill Foods Ltd", "Invoice no. 4471", "Date: 12.03.2026", "Total   120.00 EUR", line];
        assert_eq!(read(&sheets(&rows)).due_date.map(|due| due.value), Some(day), "{line}");
    }
}

#[test]
fn a_number_that_no_lexicon_knows_stands_beside_the_date() {
    for rows in [
        ["Hill Foods Ltd", "Werkcode: 4400-2217", "Datum: 12.03.2026", "Summe   120,00"],
        [
            "Hill Foods Ltd",
            "Zetel   Ledger 4400-2217",
            "Genk   Datum 12.03.2026",
            "Totaal   120,00",
        ],
        ["Hill Foods Ltd", "Date: 12.03.2026", "Scroll key: 4400-2217", "Total   120.00"],
        ["Hill Foods Ltd", "Schein   Datum", "4400-2217   12.03.2026", "Summe   120,00"],
    ] {
        let read = read(&sheets(&rows)).number;
        let number = read.as_ref().map(|number| number.value.as_str());
        assert_eq!(number, Some("4400-2217"), "{rows:?}");
        assert!(read.is_some_and(|number| number.evidence.confidence < 60));
    }
    for other in [
        "Kundennummer: 4400-2217",
        "Your code: 4400-2217",
        "Due: 04.04.2026",
        "Tel: 4400-2217",
        "Kundenkonto: 4400-2217",
        "80333 Bonn",
    ] {
        let rows = ["Hill Foods Ltd", other, "Datum: 12.03.2026", "Total   120.00"];
        assert_eq!(number(&rows), None, "{other}");
    }
}

#[test]
fn a_capital_before_a_number_is_its_series() {
    let rows = ["Praxis Hügel", "Rechnungs-Nummer: P 26-0118", "Summe   120,00"];
    assert_eq!(number(&rows).as_deref(), Some("P 26-0118"));
}

#[test]
fn a_term_may_be_two_words() {
    let rows =
        ["Hill Foods Ltd", "Invoice no. 4471", "Date: 12.03.2026", "Net 30", "Total   120.00"];
    let due = read(&sheets(&rows)).due_date.map(|due| due.value);
    assert_eq!(due, Some(date(2026, 4, 11)));
}

#[test]
fn labels_are_put_together_from_a_sign_and_a_name() {
    for (label, value) in [
        ("Bill ID: 4471", "4471"),
        ("Doc #: 20260318", "20260318"),
        ("Application for payment no. 12", "12"),
        ("Rg.-Nr. 2026-0118", "2026-0118"),
        ("Fakturierungsnummer   9004471", "9004471"),
        ("N° de pièce : 2026/0118", "2026/0118"),
        ("Décompte n° 20260318", "20260318"),
        ("Nº de abono: A-118", "A-118"),
        ("Ref. factura: F260118", "F260118"),
        ("Referência da fatura: 118/2026", "118/2026"),
        ("Codice fattura: 118/2026", "118/2026"),
        ("Boekstuknr.   44718", "44718"),
        ("Regningsnummer: 44718", "44718"),
        ("Räkningsnr: 44718", "44718"),
        ("Laskun numero: 44718", "44718"),
        ("Číslo dokladu: 44718", "44718"),
    ] {
        let rows =
            ["Hill Foods Ltd", "Client ref.: 7-712", label, "Date: 12.03.2026", "Total   120.00"];
        assert_eq!(number(&rows).as_deref(), Some(value), "{label}");
    }
    for other in [
        "Practice number: 4400-2217",
        "N° de permis 4400-2217",
        "Nº de expediente: 4400-2217",
        "Original invoice no. 4400-2217",
        "Zákaznické číslo: 4400-2217",
        "Kundenkonto-Nr. 4400-2217",
    ] {
        let rows = ["Hill Foods Ltd", "Invoice", other, "Date: 12.03.2026", "Total   120.00"];
        assert_eq!(number(&rows), None, "{other}");
    }
}

#[test]
fn a_title_takes_no_number_that_has_a_label_of_its_own() {
    let rows = [
        "Atelier du Lac SARL       Facture du 12/03/2026",
        "Lane 4, 1200 Village      SIRET 44718",
        "Total TTC   120,00 €",
    ];
    assert_eq!(number(&rows), None);
}

#[test]
fn a_marked_field_in_the_head_has_the_number_where_nothing_else_has() {
    let total = "Total   120.00";
    let far = ["Hill Foods Ltd", "Date: 12.03.2026", "", "", "", "Scroll: 4400-2217", "", total];
    assert_eq!(number(&far).as_deref(), Some("4400-2217"));
    let two = [
        "Hill Foods Ltd",
        "Date: 12.03.2026",
        "",
        "",
        "",
        "Scroll: 4400-2217",
        "Leaf: 881-20",
        total,
    ];
    assert_eq!(number(&two), None);
    let address = ["Hill Foods Ltd", "Date: 12.03.2026", "", "", "", "Ohio 43004", total];
    assert_eq!(number(&address), None);
}

#[test]
fn the_title_of_another_paper_says_so_whatever_it_adds_up() {
    for title in [
        "Cost estimate",
        "Sales order confirmation 2026-118",
        "Second reminder",
        "Reisebestätigung",
        "2. Mahnung",
        "Bon d'intervention n° 118",
        "Relevé de factures",
        "Contrato de servicios",
        "Guia de transporte n.º 118",
        "Sollecito di pagamento",
        "Leverbon 118",
        "Ordrebekræftelse",
        "Tilausvahvistus",
        "Wezwanie do zapłaty",
        "Dodací list č. 118",
    ] {
        let rows = ["Hill Foods Ltd", title, "12.03.2026", "VAT 20%   20.00", "Total   120.00 EUR"];
        assert_eq!(kind(&rows), ReadKind::NotInvoice, "{title}");
    }
    for title in [
        "Tax invoice / packing list",
        "Rechnung / Lieferschein",
        "Statement of fees",
        "Daňový doklad",
    ] {
        let rows = [
            "Hill Foods Ltd",
            title,
            "Order: 7712",
            "12.03.2026",
            "VAT 20%   20.00",
            "Total   120.00 EUR",
        ];
        assert_eq!(kind(&rows), ReadKind::Invoice, "{title}");
    }
}

#[test]
fn czech_and_finnish_bills_are_read() {
    let czech = read(&sheets(&[
        "Truhlářství Kopec s.r.o.",
        "Faktura - daňový doklad č. 2026118",
        "Datum vystavení: 12.03.2026",
        "Datum splatnosti: 26.03.2026",
        "Základ daně   1.000,00",
        "DPH 21 %   210,00",
        "Celkem k úhradě   1.210,00 Kč",
    ]));
    assert_eq!(value(&czech.gross), dec("1210.00"));
    assert_eq!(value(&czech.due_date), date(2026, 3, 26));
    assert_eq!(value(&czech.number), "2026118");
    let finnish = read(&sheets(&[
        "Mäen Puu Oy",
        "Lasku",
        "Laskun numero: 44718",
        "Päivämäärä: 12.3.2026",
        "Eräpäivä: 26.3.2026",
        "Veroton   100,00",
        "ALV 25,5 %   25,50",
        "Maksettava yhteensä   125,50 €",
    ]));
    assert_eq!(value(&finnish.gross), dec("125.50"));
    assert_eq!(value(&finnish.number), "44718");
    assert_eq!(value(&finnish.due_date), date(2026, 3, 26));
}

#[test]
fn a_bill_that_is_corrected_or_reminded_of_is_another_one() {
    let credit = [
        "Mar Norte S.A.",
        "Factura rectificativa      R-2026/118",
        "Fecha: 20-10-2026",
        "Rectifica la factura: A-2026/2207 de fecha 06-10-2026",
        "Total   -105,60 EUR",
    ];
    assert_eq!(number(&credit).as_deref(), Some("R-2026/118"));
    let read = read(&sheets(&credit));
    assert_eq!(value(&read.issue_date), date(2026, 10, 20));
    let dutch = [
        "Drukkerij De Waag",
        "Creditfactuur",
        "Nummer   C26-0018",
        "Datum   12-11-2026",
        "Betreft factuur   F26-0447 d.d. 30-10-2026",
        "Totaal   € -290,40",
    ];
    let found = self::read(&sheets(&dutch));
    assert_eq!(value(&found.issue_date), date(2026, 11, 12));
    let reminder = [
        "Hill Foods Ltd",
        "November 24, 2026",
        "Second notice - past due account",
        "Invoice 77120 dated 09/02/2026   1,118.40",
        "Total past due   1,118.40",
    ];
    assert_eq!(kind(&reminder), ReadKind::NotInvoice);
}

#[test]
fn numbers_stand_in_columns_beside_houses_and_behind_bare_signs() {
    let columns = [
        "Receipt",
        "ORDER ID        DOCUMENT NO.      51 Maple Terrace",
        "MK7Q2ZD1XL      217730488120      Somerville, MA 02143",
        "Nov 8, 2026",
        "Total   $35.70",
    ];
    assert_eq!(number(&columns).as_deref(), Some("217730488120"));
    let sign =
        ["Hill Foods Ltd", "Tax invoice", "# : TFW-26-118", "Plan No. 3391", "Total   120.00"];
    assert_eq!(number(&sign).as_deref(), Some("TFW-26-118"));
    let lone = [
        "MG-2026-10-30771",
        "Issued 1 Nov 2026",
        "Hill Foods Ltd",
        "VAT invoice",
        "Total   120.00",
    ];
    assert_eq!(number(&lone).as_deref(), Some("MG-2026-10-30771"));
    let dotted = ["Hill Foods Ltd", "Factuurnr.: 2026.21", "Datum 12-03-2026", "Totaal   120,00"];
    assert_eq!(number(&dotted).as_deref(), Some("2026.21"));
    let lettered =
        ["Hill Foods Ltd", "Faktura F 88/2026", "Data wystawienia 2026-03-12", "Razem   120,00"];
    assert_eq!(number(&lettered).as_deref(), Some("F 88/2026"));
}

#[test]
fn tills_print_numbers_behind_bare_words() {
    for (line, value) in [
        ("12.03.2026 08:03   Scontrino 44187", "44187"),
        ("Bon: 0088-1182   Kasse 2", "0088-1182"),
        ("Server: Megan   Check #20418", "20418"),
        ("Vente V-220917 du 12/03/2026", "V-220917"),
        ("Sale 004518   Reg 1", "004518"),
        ("Tiquete 88213", "88213"),
    ] {
        let found =
            read(&scan(&["Hill Foods", line, "Bread   2.00", "Total   2.00", "Cash   2.00"]));
        assert_eq!(found.number.map(|number| number.value).as_deref(), Some(value), "{line}");
    }
}

#[test]
fn a_word_within_a_sentence_is_no_title() {
    let rows = [
        "Piscinas do Lago, Lda",
        "Fatura FT 2026A/118",
        "Data de emissão: 2026-10-30",
        "Total   171,78 €",
        "hR4q-Processado por programa certificado n.º 0447/AT.",
    ];
    assert_eq!(kind(&rows), ReadKind::Invoice);
}

#[test]
fn a_dollar_is_that_of_the_place_and_initials_are_no_currency() {
    let currency = |rows: &[&str]| value(&read(&sheets(rows)).currency).code();
    let bill = "Invoice 4711   12 March 2026";
    let total = "Total   $120.00";
    assert_eq!(currency(&["Hill Foods Ltd", "Devon St West, New Plymouth", bill, total]), "NZD");
    assert_eq!(currency(&["Hill Foods", "Tel. +61 3 5550 0118", bill, total]), "AUD");
    let street = "100 Ft Road, Bengaluru, GSTIN 29AABCA7714K1ZQ";
    assert_eq!(currency(&["Hill Foods", street, bill, "Grand total   467.00"]), "INR");
    let initials = "Billing attorney   JMD";
    assert_eq!(currency(&["Hill & Pike", "Boston, MA 02114", bill, initials, total]), "USD");
}

#[test]
fn what_stands_around_a_total_or_a_number_does_not_change_it() {
    let stay = [
        "Agriturismo Montalto",
        "Fattura n. 118 del 23/08/2026",
        "Imponibile   € 383,00",
        "IVA 10%   € 38,30",
        "Imposta di soggiorno   € 9,00",
        "Totale   € 430,30",
    ];
    let found = read(&sheets(&stay));
    assert_eq!(value(&found.tax), dec("38.30"));
    let hyphens = [
        "Hill Foods Ltd",
        "Invoice number 7F3A91C2\u{2011}0118",
        "Date 12 March 2026",
        "Total   120.00",
    ];
    assert_eq!(number(&hyphens).as_deref(), Some("7F3A91C2-0118"));
    let dots = [
        "Oficina do Lago, Lda",
        "Fatura FT A/118   Data: 08-10-2026·Vencimento: 07-11-2026",
        "IVA 23%   64,77",
        "Total   346,37 €",
    ];
    let found = read(&sheets(&dots));
    assert_eq!(value(&found.issue_date), date(2026, 10, 8));
    assert_eq!(value(&found.due_date), date(2026, 11, 7));
    let utility = [
        "Tri-County Fiber Cooperative",
        "Statement # 2026100044718   Bill date 10/01/2026",
        "Account summary",
        "Previous bill   $105.76",
        "Current charges",
        "Total current charges   $105.76",
        "Pay this amount by 10/21/2026   $105.76",
    ];
    assert_eq!(kind(&utility), ReadKind::Invoice);
}

#[test]
fn whom_a_letter_is_for_is_no_vendor() {
    let rows = [
        "Mira Sand Lektorat                          Weserstraße 201",
        "                                            12047 Berlin",
        "Verlag Kranich & Co.",
        "z. Hd. Frau Tiede",
        "Lange Reihe 30",
        "20099 Hamburg",
        "Rechnungsdatum: 8. April 2026               Rechnung RE-2026-14",
        "Zu zahlen: 988,80 €",
    ];
    let vendor = read(&sheets(&rows)).vendor.map(|vendor| vendor.value);
    assert_ne!(vendor.as_deref(), Some("Verlag Kranich & Co."));
}

#[test]
fn the_bills_that_a_statement_lists_do_not_make_it_one() {
    let listed = |title: &'static str, rows: [&'static str; 3]| {
        let head =
            ["Amberley Roofing Ltd", "3 Mill Lane, York YO1 7HB", "VAT Reg No GB 220 4302 31"];
        kind(&[&head[..], &[title, "Date: 30 April 2026"], &rows].concat())
    };
    for (title, rows) in [
        (
            "STATEMENT OF ACCOUNT",
            [
                "Invoice AR-71  01/04/2026     120.00",
                "Invoice AR-90  14/04/2026     900.00",
                "Total outstanding GBP       1,020.00",
            ],
        ),
        (
            "REMITTANCE ADVICE",
            [
                "Invoice AR-7        480.00",
                "Invoice AR-9         20.00",
                "Total paid GBP      500.00",
            ],
        ),
        (
            "KONTOAUSZUG / OFFENE POSTEN",
            [
                "Rechnung H-1 vom 01.04.2026    119,00",
                "Rechnung H-2 vom 14.04.2026    900,00",
                "Summe EUR    1.019,00",
            ],
        ),
        (
            "RELEVÉ DE COMPTE",
            [
                "Facture F-1 du 01/04/2026    120,00",
                "Facture F-2 du 14/04/2026    900,00",
                "Total EUR    1 020,00",
            ],
        ),
        (
            "BESTELLUNG",
            [
                "Nettobetrag   100,00",
                "MwSt 19 %   19,00   Gesamtbetrag EUR   119,00",
                "Rechnung bitte an obige Adresse.",
            ],
        ),
    ] {
        assert_eq!(listed(title, rows), ReadKind::NotInvoice, "{title}");
    }
    let bill = ["Invoice AR-71", "Roof repair     120.00", "Total GBP     120.00"];
    assert_eq!(listed("STATEMENT OF ACCOUNT", bill), ReadKind::Invoice);
}
