//! Lists and forms of our own making, as people keep them.

use crate::Offline;
use domain::{
    dates::date,
    document::{Cell, Table},
    invoice::Status,
    money::Currency,
    reading::{ReadKind, Reading, Standing},
};
use ports::tables::{Booked, Lack, List, Tables};
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
fn what_is_no_invoice_is_none() {
    assert_eq!(understood("Name|Shoe size\nAnn|38\nBob|44"), Booked::Nothing);
    assert_eq!(
        understood("Datum|Beschreibung|Stunden\n1.5.|Garten|3\n2.5.|Haus|4"),
        Booked::Nothing
    );
}
