//! One correction, and what it does to the next document.

use super::*;
use crate::{
    dates::date,
    document::{Region, TextSource},
    ids::InvoiceId,
    money::Money,
    outcome::Patch,
    reading::{Claim, Evidence, Intake, Origin, ReadKind},
};
use rust_decimal::Decimal;
use uuid::Uuid;

fn page(rows: &[&str]) -> Page {
    let mut words = Vec::new();
    for (top, row) in (0_i32..).step_by(2_000).zip(rows) {
        for (left, text) in (0_i32..).step_by(5_000).zip(row.split(' ')) {
            let region =
                Region { left, top, right: left.strict_add(4_000), bottom: top.strict_add(1_200) };
            words.push(Word { text: text.to_owned(), region, confidence: 90 });
        }
    }
    Page { width: 60_000, height: 80_000, source: TextSource::Pixels, words }
}

fn reading(vendor: &str, gross: i64, day: crate::dates::Date) -> Reading {
    let seen = || Evidence::of(Origin::Pixels, 70, "test");
    Reading {
        vendor: Some(Claim::new(vendor.to_owned(), seen())),
        gross: Some(Claim::new(Decimal::new(gross, 2), seen())),
        issue_date: Some(Claim::new(day, seen())),
        ..Reading::of_kind(ReadKind::Receipt, seen())
    }
}

fn invoice(reading: &Reading) -> Invoice {
    let intake = Intake {
        id: InvoiceId(Uuid::nil()),
        currency: Currency::EUR,
        received_on: date(2025, 9, 1),
        document: None,
    };
    reading.clone().into_invoice(&intake).unwrap().0
}

fn trace(rows: &[&str], reading: &Reading) -> Trace {
    Trace::of(ContentHash([1; 32]), &[page(rows)], None, reading)
}

#[test]
fn the_label_beside_a_corrected_total_is_followed_next_time() {
    let rows = ["SHEL STATI0N", "Fuel 40.10", "Cash back 5.00", "To pay EUR 45.10", "Paid 50.00"];
    let read = reading("SHEL STATI0N", 5_000, date(2025, 5, 3));
    let before = invoice(&read);
    let mut after = before.clone();
    after.gross = Money::new(4_510, Currency::EUR);
    after.vendor.name = "Shell".to_owned();
    let hint = VendorHint::learnt(&Patch { before, after }, Some(&trace(&rows, &read))).unwrap();
    assert_eq!(hint.total_label.as_deref(), Some("to pay"));

    let rows = ["SHEL STATI0N", "Fuel 20.00", "To pay EUR 21,50", "Paid 30.00"];
    let mut next = reading("SHEL STATI0N", 3_000, date(2025, 6, 3));
    let next_trace = trace(&rows, &next);
    assert!(hint.is_of(&next_trace.keys));
    assert!(hint.improve(&mut next, &next_trace, Currency::EUR));
    assert_eq!(next.gross.unwrap().value, Decimal::new(2_150, 2));
    assert_eq!(next.vendor.unwrap().value, "Shell");
}

#[test]
fn the_order_of_day_and_month_is_learnt_from_a_corrected_date() {
    let read = reading("Corner Shop", 1_000, date(2025, 5, 3));
    let before = invoice(&read);
    let mut after = before.clone();
    after.issue_date = date(2025, 3, 5);
    let paper = trace(&["Corner Shop", "Date 03/05/2025"], &read);
    let hint = VendorHint::learnt(&Patch { before, after }, Some(&paper)).unwrap();
    assert_eq!(hint.month_first, Some(true));

    let mut next = reading("Corner Shop", 1_000, date(2025, 7, 4));
    let next_trace = trace(&["Corner Shop", "Date 04/07/2025"], &next);
    assert!(hint.improve(&mut next, &next_trace, Currency::EUR));
    assert_eq!(next.issue_date.unwrap().value, date(2025, 4, 7));

    let mut clear = reading("Corner Shop", 1_000, date(2025, 4, 17));
    let clear_trace = trace(&["Corner Shop", "Date 04/17/2025"], &clear);
    assert!(!hint.improve(&mut clear, &clear_trace, Currency::EUR));
}

#[test]
fn the_label_beside_a_corrected_number_is_followed_next_time() {
    let read = reading("Corner Shop", 1_000, date(2025, 5, 3));
    let before = invoice(&read);
    let after = Invoice { number: Some("A-17".to_owned()), ..before.clone() };
    let paper = trace(&["Order 99", "Doc. no: A-17"], &read);
    let hint = VendorHint::learnt(&Patch { before, after }, Some(&paper)).unwrap();
    let mut next = reading("Corner Shop", 1_000, date(2025, 6, 3));
    let next_trace = trace(&["Order 101", "Doc. no: A-23"], &next);
    hint.improve(&mut next, &next_trace, Currency::EUR);
    assert_eq!(next.number.unwrap().value, "A-23");
}

#[test]
fn a_sure_mark_that_differs_is_another_vendor() {
    let keys = |all: &[&str]| all.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
    let hint = VendorHint { keys: keys(&["tax:DE1", "name:receipt"]), ..VendorHint::default() };
    assert!(hint.is_of(&keys(&["tax:DE1", "name:other"])));
    assert!(hint.is_of(&keys(&["name:receipt"])));
    assert!(!hint.is_of(&keys(&["tax:DE2", "name:receipt"])));
    assert!(!hint.is_of(&keys(&["name:shop"])));
}

#[test]
fn a_customer_s_mail_address_identifies_no_vendor() {
    let read = reading("", 1_000, date(2025, 5, 3));
    assert!(trace(&["to ana@client.example"], &read).keys.is_empty());
    assert_eq!(trace(&["see www.shop.example/menu"], &read).keys, ["web:shop.example"]);
}

#[test]
fn a_mail_address_that_bears_the_vendor_s_name_finds_it_however_the_name_is_read() {
    let read = reading("RECElPT", 1_000, date(2025, 5, 3));
    let rows = ["RECElPT", "orders@krume-bakery.example", "for ana@client.example", "Total 10.00"];
    let before = invoice(&read);
    let mut after = before.clone();
    after.vendor.name = "Bakery Krume".to_owned();
    after.category = Some("Food".to_owned());
    let hint = VendorHint::learnt(&Patch { before, after }, Some(&trace(&rows, &read))).unwrap();
    assert_eq!(hint.keys, ["name:recelpt", "mail:krume-bakery.example"]);

    let mut next = reading("KRVME", 2_000, date(2025, 6, 3));
    let paper = trace(&["KRVME", "write to: orders@krume-bakery.example", "Total 20.00"], &next);
    assert!(hint.is_on(&paper) && !hint.is_of(&paper.keys));
    assert!(hint.improve(&mut next, &paper, Currency::EUR));
    assert_eq!(next.vendor.unwrap().value, "Bakery Krume");

    let other = reading("Nordwind", 2_000, date(2025, 6, 3));
    let client = trace(&["Nordwind", "to ana@client.example"], &other);
    assert!(!hint.is_on(&client));
}

#[test]
fn a_domain_bears_a_name_with_one_misread_letter_and_no_mail_provider_does() {
    for (domain, name) in [
        ("nordwind.example", "N0rdwind"),
        ("mail.krume-bakery.example", "Bakery Krume Ltd"),
        ("shop.nordwind.example", "Nordwind GmbH"),
    ] {
        assert!(web::bears(domain, name), "{domain} {name}");
    }
    for (domain, name) in
        [("freemail.example", "Krume"), ("client.example", "Nordwind"), ("a.example", "A Shop")]
    {
        assert!(!web::bears(domain, name), "{domain} {name}");
    }
}
