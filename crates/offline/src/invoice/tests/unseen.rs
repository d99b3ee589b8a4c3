//! Layouts thought up to differ from one another: who issued them, and which number they have.

use super::*;

fn number(rows: &[&str]) -> Option<String> {
    read(&sheets(rows)).number.map(|number| number.value)
}

fn vendor(rows: &[&str]) -> Option<String> {
    read(&sheets(rows)).vendor.map(|vendor| vendor.value)
}

/// Asserts who issued a page.
fn issued(rows: &[&str], name: &str) {
    assert_eq!(vendor(rows).as_deref(), Some(name), "{rows:#?}");
}

#[test]
fn a_reference_is_the_number_where_nothing_else_is() {
    let total = "Total   120.00";
    for (label, value) in [
        ("Our reference: QF-2207", "QF-2207"),
        ("Unsere Referenz: 4471-B", "4471-B"),
        ("Référence : FC-318", "FC-318"),
        ("Nuestra referencia: 20/118", "20/118"),
        ("Onze referentie   F2331-009", "F2331-009"),
    ] {
        let rows = ["Hill Foods Ltd", "Invoice", "Date: 12/03/2026", label, total];
        assert_eq!(number(&rows).as_deref(), Some(value));
        // A number of its own is better.
        let numbered = ["Hill Foods Ltd", label, "Invoice No. 88213", "Date: 12/03/2026", total];
        assert_eq!(number(&numbered).as_deref(), Some("88213"));
    }
    for other in [
        "Your reference: QF-2207",
        "Customer No. 99120",
        "Order number: 77-120",
        "Contract no: C-2201",
        "Account number: 20118832",
        "Delivery note: 55120",
    ] {
        let rows = ["Hill Foods Ltd", "Invoice", other, "Date: 12/03/2026", total];
        assert_eq!(number(&rows), None, "{other}");
    }
    // Two references say nothing.
    let two = ["Hill Foods Ltd", "Invoice", "Our ref: A-771", "Reference: B-812", total];
    assert_eq!(number(&two), None);
}

#[test]
fn a_reference_stands_below_its_label_but_heads_no_table() {
    let rows = [
        "Molen & Zoon B.V.",
        "Factuur",
        "Uw referentie:              Onze referentie:",
        "                            F2331-009",
        "Totaal   € 145,00",
    ];
    assert_eq!(number(&rows).as_deref(), Some("F2331-009"));
    let rows = [
        "Moulin Vert SARL",
        "Facture",
        "Référence    Désignation      Quantité   Prix",
        "AX-4411      Câble réseau     2          30,00",
        "Total TTC   60,00 €",
    ];
    assert_eq!(number(&rows), None);
}

#[test]
fn a_sign_for_a_number_may_be_parted_or_spelt_in_another_way() {
    let rows = [
        "Molino Verde SpA             BOLETA DE HONORARIOS",
        "Servicios                    N ° 15",
        "Fecha: 12/03/2026",
        "Total   12.000",
    ];
    assert_eq!(number(&rows).as_deref(), Some("15"));
    let rows = ["Padaria Nova", "Venda nº:256", "Data 12-02-2026", "Total: 200,00"];
    assert_eq!(number(&rows).as_deref(), Some("256"));
    let rows = ["Molino Verde S.A.", "Factura", "Nº 0001-00001234", "Total   120,00 €"];
    assert_eq!(number(&rows).as_deref(), Some("0001-00001234"));
}

#[test]
fn a_number_goes_on_in_the_next_line() {
    let rows = [
        "Techno Stores Pvt Ltd",
        "Tax Invoice",
        "Invoice No",
        "3567/2026-",
        "27",
        "Total   120.00",
    ];
    assert_eq!(number(&rows).as_deref(), Some("3567/2026-27"));
}

#[test]
fn a_number_may_be_long_and_have_the_slash_of_a_fraction() {
    let rows = [
        "Kantoor Linde B.V.",
        "Volgnummer          Factuurdatum     Vervaldatum",
        "2026∕KLB∕0261       30/04/2026       02/06/2026",
        "Totaal   € 145,00",
    ];
    assert_eq!(number(&rows).as_deref(), Some("2026/KLB/0261"));
    let rows = [
        "Molino Verde S.A. de C.V.",
        "Comprobante de crédito fiscal",
        "Número de Control: DTE-03-M001P001-000000000004711",
        "Total   120.00",
    ];
    assert_eq!(number(&rows).as_deref(), Some("DTE-03-M001P001-000000000004711"));
}

#[test]
fn the_count_of_pages_is_no_number() {
    let rows = ["Factura                   Page 1 of 1", "Molino S.A.", "Total   120,00 €"];
    assert_eq!(number(&rows), None);
}

#[test]
fn a_tax_may_be_glued_to_its_rate() {
    let reading = read(&sheets(&[
        "Molino Verde SpA",
        "Factura N° 4117",
        "SUBTOTAL      (=)    $27.166",
        "NETO          (=)    $27.166",
        "IVA(19%)      (+)    $5.162",
        "TOTAL         (=)    $32.328",
    ]));
    assert_eq!(value(&reading.net), dec("27166"));
    assert_eq!(value(&reading.tax), dec("5162"));
    assert_eq!(value(&reading.gross), dec("32328"));
}

#[test]
fn the_row_of_sums_is_the_total_of_a_table_by_rate() {
    let reading = read(&sheets(&[
        "Musterholz GmbH",
        "Rechnung Nr. 4711",
        "Steuersatz      Netto      MwSt      Endbetrag",
        "7 %            100,00      7,00         107,00",
        "19 %           200,00     38,00         238,00",
        "Summe          300,00     45,00         345,00",
    ]));
    assert_eq!(value(&reading.net), dec("300.00"));
    assert_eq!(value(&reading.tax), dec("45.00"));
    assert_eq!(value(&reading.gross), dec("345.00"));
}

#[test]
fn a_sender_line_above_the_window_names_the_vendor() {
    issued(
        &[
            "Tannhof Gartenbau GmbH · Waldweg 3 · 12345 Tannstadt",
            "Frau Petra Lindner",
            "Am Markt 14",
            "54321 Musterstadt",
            "",
            "Rechnung Nr. 2026-118",
            "Gesamtbetrag   120,00 €",
        ],
        "Tannhof Gartenbau GmbH",
    );
}

#[test]
fn heads_of_two_blocks_tell_who_sells() {
    let total = "Total   120,00 €";
    issued(
        &[
            "FACTURE N° 2026-14",
            "Émetteur                         Destinataire",
            "Atelier Corvin                   Garage Marchal SARL",
            "12 rue du Port                   3 place Verte",
            "75008 Paris                      69001 Lyon",
            total,
        ],
        "Atelier Corvin",
    );
    issued(
        &[
            "FACTUUR 2026-14",
            "Klant                            Leverancier",
            "Bakkerij Linde B.V.              Molen Drukwerk",
            "Dorpsstraat 3                    Havenkade 9",
            "1234 AB Dorp                     4321 BA Stad",
            total,
        ],
        "Molen Drukwerk",
    );
    issued(
        &[
            "Fatura n.º FT 2026/14",
            "Prestador                        Tomador",
            "Nome: Oficina Serra              Nome: Casa Verde Lda",
            "NIF: 501234567                   NIF: 509876543",
            total,
        ],
        "Oficina Serra",
    );
    issued(
        &[
            "Faktura VAT nr 14/2026",
            "Sprzedawca                       Nabywca",
            "NIP: 5260001246                  NIP: 6770065406",
            "Nazwa: Stolarnia Dab             Nazwa: Hurtownia Sosna LLC",
            "Do zaplaty   120,00",
        ],
        "Stolarnia Dab",
    );
}

#[test]
fn the_end_of_a_customers_name_is_not_his_name() {
    issued(
        &[
            "DOCUMENTO TRIBUTARIO",
            "EMISOR                                  RECEPTOR",
            "Nombre: LOS TILOS S.A. DE C.V.          Nombre: REPUESTOS MAYA, S.A.",
            "NIT: 06141802061026                     DE C.V.",
            "Total   120.00",
        ],
        "LOS TILOS S.A. DE C.V.",
    );
}

#[test]
fn an_imprint_in_the_foot_names_the_vendor() {
    let rows: Vec<&str> = [
        "Studio Bergmann",
        "Kerkstraat 5",
        "3000 Leuven",
        "FACTUUR",
        "Factuurnummer: 2026/41      Factuurdatum: 30/04/2026",
        "Omschrijving            Aantal     Prijs     Subtotaal",
        "schoonmaak kantoor      2          142,50    285,00",
        "schoonmaak magazijn     3          70,00     210,00",
        "Totaal excl BTW:   € 495,00",
        "Totaal incl BTW:   € 598,95",
        "Er kan van deze regel in overleg met de opdrachtgever worden afgeweken, mits",
    ]
    .into_iter()
    .chain(std::iter::repeat_n("", 33))
    .chain([
        "met het protest binnen de 8 dagen.",
        "Vera Claesen — Kesselweg 78, 3010 Leuven",
        "BTW BE0123456749",
        "IBAN BE71 0961 2345 6769",
    ])
    .collect();
    issued(&rows, "Vera Claesen");
}

#[test]
fn who_is_to_be_paid_sells() {
    issued(
        &[
            "INVOICE",
            "Invoice No: 0001",
            "Attn: To whom it may concern         Brightwood Prints Ltd",
            "Company Name                         Address",
            "Tel No: 1                            Street 1",
            "                                     40300 Shah Alam",
            "Total   22.00",
            "All cheques should be made payable to Brightwood Prints Ltd",
        ],
        "Brightwood Prints Ltd",
    );
}

#[test]
fn the_window_of_a_letter_is_not_the_sender() {
    // The sender is a picture; its web address says who it is.
    issued(
        &[
            "                                     FACTURE",
            "                                     N° 2020140",
            "38 rue Carnot",
            "75013 PARIS",
            "www.ferrandis.fr",
            "                                     MONTALBAN",
            "                                     54 av Guilhem",
            "                                     34080 MONTPELLIER",
            "Total TTC   120,00 €",
        ],
        "Ferrandis",
    );
    let rows = [
        "factuur                       contactpersoon",
        "Mevrouw M.S. Postma",
        "Fugastraat 10",
        "7534 GC ENSCHEDE",
        "factuurnummer   2209058",
        "factuurtotaal   EUR   95,00",
        "Financiële administratie",
    ];
    assert_eq!(vendor(&rows), None);
}

#[test]
fn heads_of_blocks_and_fields_are_nobody() {
    let rows = [
        "Fatura",
        "Informações do Utilizador      Morada de Expedição",
        "Nome: João Machado             Endereço: Rua Nova 3",
        "Informações Extra: Apartamento 5",
        "Total: 180,81 €",
    ];
    assert_eq!(vendor(&rows), None);
    issued(
        &[
            "Molino Azul, Sociedad Anónima     FACTURA CAMBIARIA",
            "Ciudad de Guatemala               No.: 123456789",
            "Telefonos: 1555-4855              LIBRE DE PROTESTO",
            "Nombre:   JORGE NAVARRO",
            "TOTAL   Q 6,599.00",
        ],
        "Molino Azul",
    );
}

#[test]
fn titles_and_heads_of_columns_are_nobody() {
    let rows = [
        "FATURA RPA",
        "Nº DA FATURA: 100          DATA EMISSÃO: 01/08/2026",
        "CARGO                      CONDIÇÕES DE",
        "Total   470,00 €",
    ];
    assert_eq!(vendor(&rows), None);
}

#[test]
fn a_form_that_labels_the_seller_beats_the_name_of_a_system() {
    issued(
        &[
            "Krajowy System Rachunkow",
            "Numer faktury: FA/4342/03/2026",
            "Sprzedawca                          Nabywca",
            "NIP: 5260001246                     NIP: 6770065406",
            "Nazwa: Stolarnia Dab and Klon       Nazwa: Hurtownia LLC",
            "Do zaplaty   120,00",
        ],
        "Stolarnia Dab and Klon",
    );
}

#[test]
fn a_name_may_begin_with_a_word_for_a_company() {
    issued(
        &[
            "A                              Factura",
            "Empresa Los Tilos              Nº: 4000-12345678",
            "Calle Mayor 7                  Fecha: 27/03/2026",
            "Capital Federal",
            "CUIT 30-00000000-7",
            "Sr.(s):   Joao Silva",
            "Total   121,00",
        ],
        "Empresa Los Tilos",
    );
}

#[test]
fn a_name_in_head_and_foot_is_the_sender() {
    issued(
        &[
            "Fattura n. 118 del 12/03/2026",
            "Spett.le",
            "Bar Centrale S.r.l.",
            "Via Roma 3, 20100 Milano",
            "Officine Valsesia",
            "Totale   € 120,00",
            "Officine Valsesia - Via Po 9, 10100 Torino - P.IVA 01234567890",
        ],
        "Officine Valsesia",
    );
}
