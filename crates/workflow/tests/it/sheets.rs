//! Spreadsheets: one invoice is stored at once, several after a yes, none of them twice.

use crate::stage::{Shelf, Stage, hash, text};
use async_trait::async_trait;
use bytes::Bytes;
use domain::{
    dates::{Date, date},
    document::{Cell, ContentHash, Contents, FileType, Table},
    invoice::{Direction, Status},
    money::Currency,
    outcome::Change,
    reading::{Claim, Evidence, Origin, ReadKind, Reading},
};
use ports::{
    blobs::{BlobError, BlobStore, Listed},
    tables::{Booked, Entry, Lack, List, Place, Skipped, Tables},
};
use rust_decimal::Decimal;
use std::sync::Mutex;

/// Tables that say what the test says.
#[derive(Default)]
pub struct Told(pub Mutex<Option<Booked>>);

impl Tables for Told {
    fn understand(&self, _: &[Table], _: Date, _: &str) -> Booked {
        self.0.lock().unwrap().clone().unwrap_or(Booked::Nothing)
    }
}

#[async_trait]
impl BlobStore for Shelf {
    async fn put(&self, bytes: Bytes) -> Result<ContentHash, BlobError> {
        Ok(hash(&bytes))
    }

    async fn get(&self, wanted: ContentHash) -> Result<Option<Bytes>, BlobError> {
        let shelf = self.0.lock().unwrap();
        let found = shelf.keys().find(|bytes| hash(bytes) == wanted);
        Ok(found.map(|bytes| Bytes::copy_from_slice(bytes)))
    }

    async fn remove(&self, wanted: ContentHash) -> Result<(), BlobError> {
        self.0.lock().unwrap().retain(|bytes, _| hash(bytes) != wanted);
        Ok(())
    }

    async fn list(
        &self,
        after: Option<ContentHash>,
        most: usize,
    ) -> Result<Vec<Listed>, BlobError> {
        let mut hashes: Vec<_> = self.0.lock().unwrap().keys().map(|bytes| hash(bytes)).collect();
        hashes.retain(|hash| after.is_none_or(|after| *hash > after));
        hashes.sort();
        hashes.truncate(most);
        let listed = |hash| Listed { hash, written_at: jiff::Timestamp::UNIX_EPOCH };
        Ok(hashes.into_iter().map(listed).collect())
    }
}

fn reading(number: &str, gross: i64) -> Reading {
    let seen = || Evidence::of(Origin::TextLayer, 97, "test");
    Reading {
        vendor: Some(Claim::new("Moosbach".to_owned(), seen())),
        number: (!number.is_empty()).then(|| Claim::new(number.to_owned(), seen())),
        issue_date: Some(Claim::new(date(2025, 8, 3), seen())),
        currency: Some(Claim::new(Currency::EUR, seen())),
        gross: Some(Claim::new(Decimal::new(gross, 2), seen())),
        ..Reading::of_kind(ReadKind::Invoice, seen())
    }
}

fn entry(row: usize, number: &str, gross: i64) -> Entry {
    Entry::of(Place { sheet: String::new(), row }, reading(number, gross))
}

fn stage(booked: Booked) -> Stage {
    let stage = Stage::new();
    let tables = vec![Table { name: String::new(), rows: vec![vec![Cell::Text("a".into())]] }];
    let contents = Contents { tables, ..Contents::of(FileType::Csv) };
    stage.documents.0.lock().unwrap().insert(b"list".to_vec(), contents);
    *stage.tables.0.lock().unwrap() = Some(booked);
    stage
}

fn saved(changes: &[Change]) -> usize {
    changes.iter().filter(|change| matches!(change, Change::SaveInvoice(_))).count()
}

#[tokio::test]
async fn a_sheet_that_is_one_invoice_is_stored_at_once() {
    let mut stage = stage(Booked::Form(Box::new(reading("R-1", 11_900))));
    let outcome = stage.upload(&[b"list"]).await;
    assert_eq!(saved(&outcome.changes), 1);
    assert!(text(&outcome).contains("R-1"), "{}", text(&outcome));
    assert!(stage.memory.pending.is_none());
}

#[tokio::test]
async fn a_list_is_stored_in_one_go_after_a_yes_and_never_twice() {
    let mut paid = entry(3, "R-2", 1_000);
    paid.status = Some(Status::Paid);
    paid.paid_on = Some(date(2025, 8, 9));
    paid.category = Some("Garden".to_owned());
    let list = List {
        entries: vec![entry(2, "R-1", 11_900), paid, entry(4, "", 500)],
        skipped: vec![Skipped { place: Place { sheet: "May".into(), row: 5 }, why: Lack::Total }],
        unused: vec!["Shipping".to_owned()],
    };
    let mut stage = stage(Booked::List(list));
    let offered = stage.upload(&[b"list"]).await;
    assert_eq!(saved(&offered.changes), 0, "nobody said yes yet");
    let said = text(&offered);
    assert!(said.contains("in this file: 3") && said.contains("134.00"), "{said}");
    assert!(said.contains("May, row 5: no total"), "{said}");
    assert!(said.contains("did not use: Shipping"), "{said}");

    let stored = stage.say("yes").await;
    assert_eq!(saved(&stored.changes), 3);
    let invoices = stage.book.invoices.lock().unwrap().clone();
    assert_eq!(invoices[1].status, Status::Paid);
    assert_eq!(invoices[1].paid_on, Some(date(2025, 8, 9)));
    assert_eq!(invoices[1].category.as_deref(), Some("Garden"));
    assert!(invoices.iter().all(|invoice| invoice.document.is_none()), "the list is no picture");
    assert!(stage.memory.pending.is_none());

    let again = stage.upload(&[b"list"]).await;
    assert_eq!(saved(&again.changes), 0);
    let said = text(&again);
    assert!(said.contains("no new invoice") && said.contains("left out: 3"), "{said}");
}

#[tokio::test]
async fn a_no_stores_nothing_of_a_list() {
    let entries = vec![entry(2, "R-1", 100), entry(3, "R-2", 200)];
    let mut stage = stage(Booked::List(List { entries, ..List::default() }));
    stage.upload(&[b"list"]).await;
    let outcome = stage.say("no").await;
    assert_eq!(saved(&outcome.changes), 0);
    assert!(stage.memory.pending.is_none());
}

#[tokio::test]
async fn a_list_with_one_new_row_waits_for_a_yes_too() {
    let mut sold = entry(2, "R-1", 100);
    sold.issued = true;
    let list = List { entries: vec![sold], ..List::default() };
    let mut stage = stage(Booked::List(list));
    assert_eq!(saved(&stage.upload(&[b"list"]).await.changes), 0);
    assert_eq!(saved(&stage.say("yes").await.changes), 1);
    let invoices = stage.book.invoices.lock().unwrap();
    assert_eq!(invoices[0].direction, Direction::Issued);
    assert_eq!(invoices[0].vendor.name, "Anna Schmidt");
}

#[tokio::test]
async fn a_list_without_a_currency_says_which_one_was_taken() {
    let mut first = entry(2, "R-1", 100);
    first.reading.currency = None;
    let mut second = entry(3, "R-2", 200);
    let guess = Evidence::of(Origin::TextLayer, 55, "test");
    second.reading.currency = Some(Claim::new(Currency::parse("USD").unwrap(), guess));
    let entries = vec![first, second, entry(4, "R-3", 300)];
    let mut stage = stage(Booked::List(List { entries, ..List::default() }));
    let said = text(&stage.upload(&[b"list"]).await);
    assert!(said.contains("No currency is given for 2 of them, so I took EUR, USD."), "{said}");
}

#[tokio::test]
async fn a_list_of_something_else_says_what_it_is() {
    let said = text(&stage(Booked::Payments).upload(&[b"list"]).await);
    assert!(said.contains("list of payments"), "{said}");
    let heads = vec!["When".to_owned(), "Whom".to_owned()];
    let said = text(&stage(Booked::Unknown(heads)).upload(&[b"list"]).await);
    assert!(said.contains("(When, Whom)"), "{said}");
}
