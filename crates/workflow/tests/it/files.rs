//! Files: stored, refused, recognised.

use crate::stage::{Stage, hash, text};
use domain::money::Currency;
use domain::{
    dates::date,
    document::{Contents, FileType, Obstacle, Page, TextSource},
    outcome::Change,
    reading::{Claim, Evidence, Origin, ReadKind, Reading},
};
use ports::model::Claimed;
use rust_decimal::Decimal;

fn reading(origin: Origin, gross: i64, confidence: u8) -> Reading {
    let seen = || Evidence::of(origin, confidence, "test");
    let amount = |minor| Some(Claim::new(Decimal::new(minor, 2), seen()));
    Reading {
        vendor: Some(Claim::new("Moosbach".to_owned(), seen())),
        number: Some(Claim::new("R-1".to_owned(), seen())),
        issue_date: Some(Claim::new(date(2025, 8, 3), seen())),
        currency: Some(Claim::new(Currency::EUR, seen())),
        net: amount(10_000),
        tax: amount(1_900),
        gross: amount(gross),
        ..Reading::of_kind(ReadKind::Invoice, seen())
    }
}

fn contents(einvoice: Option<Reading>) -> Contents {
    Contents { einvoice, ..Contents::of(FileType::Xml) }
}

fn shelve(stage: &Stage, bytes: &[u8], contents: Contents) {
    stage.documents.0.lock().unwrap().insert(bytes.to_vec(), contents);
}

#[tokio::test]
async fn an_einvoice_is_stored_without_asking_a_model() {
    let mut stage = Stage::new();
    shelve(&stage, b"one", contents(Some(reading(Origin::EInvoice, 11_900, 100))));
    let saved = stage.upload(&[b"one"]).await;
    let [Change::SaveInvoice(invoice)] = saved.changes.as_slice() else {
        panic!("one invoice is saved");
    };
    assert_eq!(invoice.document, Some(hash(b"one")));
    assert!(text(&saved).contains("Moosbach") && text(&saved).contains("The sums agree"));
    assert!(!text(&saved).contains("Read by a machine"));
}

#[tokio::test]
async fn the_same_file_again_is_recognised() {
    let mut stage = Stage::new();
    shelve(&stage, b"one", contents(Some(reading(Origin::EInvoice, 11_900, 100))));
    stage.upload(&[b"one"]).await;
    let again = stage.upload(&[b"one"]).await;
    assert!(again.changes.is_empty());
    assert!(text(&again).contains("already have this file"));
}

#[tokio::test]
async fn the_same_invoice_in_another_file_waits_for_a_yes() {
    let mut stage = Stage::new();
    for file in [b"one", b"two"] {
        shelve(&stage, file, contents(Some(reading(Origin::EInvoice, 11_900, 100))));
    }
    stage.upload(&[b"one"]).await;
    let asked = stage.upload(&[b"two"]).await;
    assert!(asked.changes.is_empty());
    assert!(text(&asked).contains("Store it a second time?"));
    assert_eq!(stage.say("yes").await.changes.len(), 1);
}

#[tokio::test]
async fn sums_that_do_not_agree_are_told() {
    let mut stage = Stage::new();
    let page = Page { width: 1, height: 1, source: TextSource::Pixels, words: Vec::new() };
    shelve(&stage, b"one", Contents { pages: vec![page], ..contents(None) });
    let read = Claimed::Reading(Box::new(reading(Origin::Pixels, 12_900, 40)));
    *stage.model.reading.lock().unwrap() = Some(read);
    let saved = stage.upload(&[b"one"]).await;
    assert_eq!(saved.changes.len(), 1);
    let said = text(&saved);
    assert!(said.contains("add up to 119.00") && said.contains("not sure of the total"), "{said}");
    assert!(said.contains("Read by a machine"));
}

#[tokio::test]
async fn ten_files_are_one_reply() {
    let mut stage = Stage::new();
    let saved = stage.upload(&[b"a", b"b", b"c", b"a"]).await;
    assert_eq!(saved.replies.len(), 1);
    assert_eq!(text(&saved).matches("cannot read this kind").count(), 3);
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_kindly() {
    let mut stage = Stage::new();
    for (obstacle, expected) in [
        (Obstacle::Encrypted, "password"),
        (Obstacle::Empty, "empty"),
        (Obstacle::Broken, "damaged"),
        (Obstacle::NoText, "could not find any text"),
        (Obstacle::TooManyBytes, "larger than I can take"),
        (Obstacle::TooManyPages, "more pages than I can take (20)"),
        (Obstacle::TooManyPixels, "40 megapixels"),
        (Obstacle::Blurred, "too blurred"),
        (Obstacle::Dark, "too dark"),
        (Obstacle::OtherScript, "a script that I cannot read yet"),
        (Obstacle::TooHard, "too much work"),
    ] {
        shelve(&stage, b"x", Contents::unreadable(FileType::Pdf, obstacle));
        let refused = stage.upload(&[b"x"]).await;
        assert!(refused.changes.is_empty());
        assert!(text(&refused).contains(expected), "{}", text(&refused));
    }
    shelve(&stage, b"x", Contents { other_xml: Some("Order".into()), ..contents(None) });
    assert!(text(&stage.upload(&[b"x"]).await).contains("does not look like an invoice"));
}
