//! Lists and forms of our own making, as people keep them.

use crate::Offline;
use domain::{
    dates::date,
    document::{Cell, Table},
    invoice::Status,
    money::Currency,
    reading::{Claim, ReadKind, Reading, Standing},
};
use ports::tables::{Booked, Lack, List, Tables};
use rstest::rstest;
use rust_decimal::Decimal;

/// A table of texts: rows are lines, cells are parted by bars.
fn table(text: &str) -> Table {
    let cell = |text: &str| match text.trim() {
        "" => Cell::Empty,
        text => Cell::Text(text.to_owned()),
    };
    let rows = text.lines().map(|line| line.split('|').map(cell).collect()).collect();
    Table { name: String::new(), rows }
}

fn understood(text: &str) -> Booked {
    Offline.understand(&[table(text)], date(2025, 9, 10), "")
}

fn list(text: &str) -> List {
    match understood(text) {
        Booked::List(list) => list,
        other => panic!("{other:?}"),
    }
}

fn form(text: &str) -> Reading {
    match understood(text) {
        Booked::Form(reading) => *reading,
        other => panic!("{other:?}"),
    }
}

fn amount(text: &str) -> Option<Decimal> {
    Some(text.parse().unwrap())
}

#[test]
fn a_list_gives_an_invoice_a_row() {
    let list = list(
        "My purchases||||||\n\
         Invoice no|Supplier|Date|Due|Net|VAT|Total|Currency|Category|Status\n\
         A-1|Nordwind Ltd|2025-05-01|2025-05-31|100.00|20.00|120.00|GBP|Energy|paid\n\
         A-2|Moosbach|2025-05-02||1,050.00|210.00|1,260.00|EUR||open\n\
         |||||||||\n\
         Total||||1,150.00|230.00|1,380.00|||",
    );
    assert_eq!(list.skipped, []);
    let [first, second] = list.entries.as_slice() else { panic!("{list:?}") };
    assert_eq!(first.reading.vendor.as_ref().unwrap().value, "Nordwind Ltd");
    assert_eq!(first.reading.number.as_ref().unwrap().value, "A-1");
    assert_eq!(first.reading.issue_date.as_ref().unwrap().value, date(2025, 5, 1));
    assert_eq!(first.reading.due_date.as_ref().unwrap().value, date(2025, 5, 31));
    assert_eq!(first.reading.currency.as_ref().unwrap().value, Currency::parse("GBP").unwrap());
    assert_eq!(first.reading.gross.as_ref().unwrap().evidence.standing(), Standing::Verified);
    assert_eq!(first.category.as_deref(), Some("Energy"));
    assert_eq!((first.status, second.status), (Some(Status::Paid), Some(Status::Unpaid)));
    assert_eq!(second.reading.gross.as_ref().map(|claim| claim.value), amount("1260"));
    assert_eq!(second.place.row, 4);
}

#[test]
fn numbers_and_days_follow_what_the_list_itself_proves() {
    let list = list(
        "Rechnungsnr.;Lieferant;Datum;Bruttobetrag (EUR)\n\
         7;Krume;03.04.2025;1.234\n\
         8;Krume;23.04.2025;12,50"
            .replace(';', "|")
            .as_str(),
    );
    let [first, _] = list.entries.as_slice() else { panic!("{list:?}") };
    assert_eq!(first.reading.gross.as_ref().map(|claim| claim.value), amount("1234"));
    assert_eq!(first.reading.issue_date.as_ref().unwrap().value, date(2025, 4, 3));
    assert_eq!(first.reading.currency.as_ref().unwrap().value, Currency::EUR);
}

#[test]
fn rows_that_lack_something_are_reported_and_not_made_up() {
    let list = list(
        "Number|Vendor|Date|Total|Type\n\
         1|Krume|2025-05-01|10.00|Invoice\n\
         2|Krume|2025-05-01||Invoice\n\
         3|Krume|2025-05-01|see mail|Invoice\n\
         4|Krume|soon|10.00|Invoice\n\
         5|Krume|2025-05-01|10.00|Quote\n\
         6|Krume|2025-05-01|10.00|Invoice\n\
         6|Krume|2025-05-01|11.00|Invoice\n\
         1|Krume|2025-05-01|10.00|Invoice",
    );
    assert_eq!(list.entries.len(), 1);
    let why: Vec<(usize, Lack)> =
        list.skipped.iter().map(|skipped| (skipped.place.row, skipped.why)).collect();
    assert_eq!(
        why,
        [
            (3, Lack::Total),
            (4, Lack::UnreadableTotal),
            (5, Lack::Date),
            (6, Lack::OtherKind),
            (7, Lack::SharedNumber),
            (8, Lack::SharedNumber),
        ]
    );
}

#[test]
fn a_negative_total_gives_money_back() {
    let list = list("No|Vendor|Date|Amount\n1|Krume|2025-05-01|-10.00\n2|Krume|2025-05-01|5.00");
    let [first, second] = list.entries.as_slice() else { panic!("{list:?}") };
    assert_eq!(first.reading.kind.value, ReadKind::CreditNote);
    assert_eq!(first.reading.gross.as_ref().map(|claim| claim.value), amount("10"));
    assert_eq!(second.reading.kind.value, ReadKind::Invoice);
}

#[test]
fn a_list_of_customers_is_what_was_issued() {
    let list = list(
        "Facture|Client|Date|Montant TTC\nF1|Dupont|01/05/2025|12,00\nF2|Dupont|13/05/2025|8,00",
    );
    assert!(list.entries.iter().all(|entry| entry.issued));
    assert_eq!(list.entries[1].reading.customer.as_ref().unwrap().value, "Dupont");
}

fn amounts(list: &List) -> Vec<[Option<Decimal>; 3]> {
    let value = |claim: &Option<Claim<Decimal>>| claim.as_ref().map(|claim| claim.value);
    let of = |reading: &Reading| [&reading.net, &reading.tax, &reading.gross].map(value);
    list.entries.iter().map(|entry| of(&entry.reading)).collect()
}

fn said(texts: [&str; 3]) -> [Option<Decimal>; 3] {
    texts.map(|text| text.parse().ok())
}

#[rstest]
#[case::net_is_a_bare_amount("Date|Supplier|Invoice number|Amount|VAT amount|Total amount")]
#[case::short("Date|Supplier|Ref|Amount|VAT|Total")]
#[case::in_brackets("Date|Vendor|Invoice|Amount (net)|Tax|Amount (gross)")]
#[case::india("Invoice Date|Vendor Name|Invoice No|Taxable Value|GST|Invoice Value")]
#[case::dutch("Factuurdatum|Leverancier|Factuurnummer|Bedrag|Btw|Te voldoen")]
#[case::words_of_no_language_here("Date|Vendor|Invoice|Foo|VAT|Bar")]
#[case::net_total("Order Date|Seller Name|Order ID|Order Subtotal|Order Tax|Order Net Total")]
fn what_adds_up_says_which_column_is_the_total(#[case] heads: &str) {
    let list = list(&format!(
        "{heads}\n\
         2026-03-25|Nordwind|A-1|100.00|20.00|120.00\n\
         2026-03-26|Moosbach|A-2|10.50|2.10|12.60"
    ));
    let wanted = [said(["100", "20", "120"]), said(["10.50", "2.10", "12.60"])];
    assert_eq!(amounts(&list), wanted);
    assert_eq!(list.entries[0].reading.number.as_ref().unwrap().value, "A-1");
    assert_eq!(list.unused, Vec::<String>::new());
}

#[test]
fn a_list_of_one_row_is_no_form() {
    let list = list(
        "Invoice Date|Vendor Name|Invoice No|Taxable Value|GST|Invoice Value\n\
         25-03-2026|Nordwind|R-1|₹1000.00|₹180.00|₹1180.00",
    );
    assert_eq!(amounts(&list), [said(["1000", "180", "1180"])]);
    assert_eq!(list.entries[0].reading.currency.as_ref().unwrap().value.code(), "INR");
}

#[test]
fn taxes_in_several_columns_are_summed_up_where_this_makes_the_total() {
    let list = list(
        "Date|Vendor|Invoice no|Subtotal|GST|PST|Total\n\
         2026-03-25|Nordwind|A-1|100.00|5.00|7.00|112.00\n\
         2026-03-26|Nordwind|A-2|200.00|10.00|14.00|224.00",
    );
    assert_eq!(amounts(&list)[1], said(["200", "24", "224"]));
}

#[rstest]
#[case::without_tax("100.00", "19.00", "119", false)]
#[case::with_tax("119.00", "19.00", "119", false)]
#[case::either_way("100.00", "20.00", "100", true)]
fn an_amount_beside_a_tax_is_told_by_the_rate(
    #[case] first: &str,
    #[case] tax: &str,
    #[case] gross: &str,
    #[case] doubtful: bool,
) {
    let list = list(&format!("No|Vendor|Date|Amount|VAT\n1|Krume|2025-05-01|{first}|{tax}"));
    let claim = list.entries[0].reading.gross.as_ref().unwrap();
    assert_eq!(Some(claim.value), amount(gross));
    assert_eq!(claim.evidence.standing() == Standing::Doubtful, doubtful);
}

#[test]
fn exports_of_bookkeeping_programs_keep_names_numbers_and_taxes() {
    let sales = list(
        "ContactName|InvoiceNumber|InvoiceDate|DueDate|Total|TaxTotal|InvoiceAmountPaid|InvoiceAmountDue|Currency|Type\n\
         Nordwind Ltd|INV-1|25/03/2026|24/04/2026|120.00|20.00|120.00|0.00|GBP|Bill\n\
         Moosbach Ltd|INV-2|26/03/2026|25/04/2026|60.00|10.00|0.00|60.00|GBP|Sales invoice",
    );
    let [bought, sold] = sales.entries.as_slice() else { panic!("{sales:?}") };
    assert_eq!(amounts(&sales)[0], [None, amount("20"), amount("120")]);
    assert_eq!(bought.reading.vendor.as_ref().unwrap().value, "Nordwind Ltd");
    assert_eq!((bought.status, sold.status), (Some(Status::Paid), Some(Status::Unpaid)));
    assert!(sold.issued && !bought.issued);
    assert_eq!(sold.reading.customer.as_ref().unwrap().value, "Moosbach Ltd");
    assert_eq!(sales.unused, Vec::<String>::new());

    let bills = list(
        "Date|Transaction Type|Num|Vendor|Memo|Amount|Open Balance\n\
         03/25/2026|Bill|1001|Nordwind|paper|1,250.00|1,250.00\n\
         04/26/2026|Bill Payment (Check)|77|Nordwind||-1,250.00|0.00\n\
         04/27/2026|Vendor Credit|1002|Nordwind|ink|-60.00|-60.00",
    );
    let [bill, credit] = bills.entries.as_slice() else { panic!("{bills:?}") };
    assert_eq!(bill.reading.number.as_ref().unwrap().value, "1001");
    assert_eq!(credit.reading.kind.value, ReadKind::CreditNote);
    assert_eq!(bills.skipped[0].why, Lack::OtherKind);

    let portuguese = list(
        "Data|Fornecedor|Nº fatura|Valor líquido|IVA|Valor total\n25/03/2026|Silva|7|100,00|23,00|123,00",
    );
    assert_eq!(portuguese.entries[0].reading.number.as_ref().unwrap().value, "7");
}

#[test]
fn a_column_that_looks_important_and_is_not_used_is_said() {
    let list = list(
        "Date|Vendor|Bill ID No|Net|VAT|Total|Shipping\n\
         2026-03-25|Nordwind|A-1|100.00|20.00|125.00|5.00\n\
         2026-03-26|Nordwind|A-2|10.00|2.00|15.00|3.00\n\
         2026-03-27|Nordwind|A-3|20.00|4.00|28.50|4.50",
    );
    assert_eq!(list.unused, ["Bill ID No", "Net", "Shipping"]);
    assert_eq!(amounts(&list)[0], [None, amount("20"), amount("125")]);
}

#[test]
fn a_bare_dollar_sign_is_a_currency_and_a_guess() {
    let text = "Date|Vendor|Invoice|Total\n03/25/2026|Nordwind|L-1|$1,299.00\n03/26/2026|Nordwind|T-1|($54.13)";
    let currency = |locale: &str| {
        let booked = Offline.understand(&[table(text)], date(2026, 9, 10), locale);
        let Booked::List(list) = booked else { panic!("{booked:?}") };
        let claim = list.entries[1].reading.currency.clone().unwrap();
        (claim.value.code().to_owned(), claim.evidence.standing())
    };
    assert_eq!(currency("en-US"), ("USD".to_owned(), Standing::Doubtful));
    assert_eq!(currency(""), ("USD".to_owned(), Standing::Doubtful));
    assert_eq!(currency("en-CA"), ("CAD".to_owned(), Standing::Doubtful));
}

#[test]
fn days_with_dots_are_not_in_doubt() {
    let list = list("Nr|Lieferant|Datum|Betrag\n1|Krume|03.04.2025|1,00\n2|Krume|05.04.2025|2,00");
    let standing = list.entries[0].reading.issue_date.as_ref().unwrap().evidence.standing();
    assert_eq!(standing, Standing::Plain);
}

#[rstest]
#[case::german(
    "Buchungstag|Empfänger|Verwendungszweck|Betrag|Saldo\n01.03.2026|Markt|Einkauf|-45,10|1000,00"
)]
#[case::british(
    "Booking Date|Value Date|Partner Name|Amount (EUR)\n2026-03-01|2026-03-01|Shop|-45.10"
)]
#[case::a_payment_service(
    "Date|Name|Type|Currency|Gross|Fee|Net|Transaction ID\n03/01/2026|Ann|Payment|USD|10.00|-0.50|9.50|7X1"
)]
fn a_list_of_payments_is_none_of_invoices(#[case] text: &str) {
    assert_eq!(understood(text), Booked::Payments);
}

#[test]
fn a_list_with_heads_that_say_nothing_is_no_form() {
    let heads = ["When", "Whom", "Which", "How much", "More"].map(str::to_owned).to_vec();
    assert_eq!(
        understood(
            "When|Whom|Which|How much|More\n\
             2026-03-25|Nordwind|1|100.00|20.00\n\
             2026-03-26|Moosbach|2|10.00|2.00"
        ),
        Booked::Unknown(heads)
    );
}

#[test]
fn a_form_is_read_like_the_page_it_prints() {
    let reading = form(
        "Nordwind Energie GmbH|||\n\
         Hafenstr. 1, 20457 Hamburg|||\n\
         |||\n\
         INVOICE|||\n\
         Invoice number|NE-2041||\n\
         Invoice date|2025-05-12||\n\
         Due date|2025-06-11||\n\
         Currency|EUR||\n\
         |||\n\
         Description|Quantity|Unit price|Amount\n\
         Consulting|2|80.00|160.00\n\
         Travel|1|40.00|40.00\n\
         |||\n\
         ||Subtotal|200.00\n\
         ||VAT 19%|38.00\n\
         ||Total|238.00",
    );
    assert_eq!(reading.kind.value, ReadKind::Invoice);
    assert_eq!(reading.vendor.as_ref().unwrap().value, "Nordwind Energie GmbH");
    assert_eq!(reading.number.as_ref().unwrap().value, "NE-2041");
    assert_eq!(reading.issue_date.as_ref().unwrap().value, date(2025, 5, 12));
    assert_eq!(reading.due_date.as_ref().unwrap().value, date(2025, 6, 11));
    assert_eq!(reading.net.as_ref().map(|claim| claim.value), amount("200"));
    assert_eq!(reading.tax.as_ref().map(|claim| claim.value), amount("38"));
    assert_eq!(reading.gross.as_ref().map(|claim| claim.value), amount("238"));
    assert_eq!(reading.lines.len(), 2);
}

#[test]
fn a_row_of_the_net_total_is_no_item() {
    let reading = form(
        "Invoice|||\n\
         Vendor|Garage Nordwind||\n\
         Invoice number|GN-77||\n\
         Date|2026-02-11||\n\
         |||\n\
         Item|Qty|Price|Total\n\
         Oil|2|20.00|40.00\n\
         Work|1|60.00|60.00\n\
         |||\n\
         ||Net|100.00\n\
         ||VAT 20%|20.00\n\
         ||Total|120.00",
    );
    assert_eq!(reading.lines.len(), 2, "{:?}", reading.lines);
    assert_eq!(reading.net.as_ref().map(|claim| claim.value), amount("100"));
}

#[test]
fn what_is_no_invoice_is_none() {
    assert_eq!(understood("Name|Shoe size\nAnn|38\nBob|44"), Booked::Nothing);
    assert_eq!(
        understood("Datum|Beschreibung|Stunden\n1.5.|Garten|3\n2.5.|Haus|4"),
        Booked::Nothing
    );
}
