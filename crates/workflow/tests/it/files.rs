//! Files: stored, refused, recognised.

use crate::stage::{Stage, hash, text};
use domain::money::Currency;
use domain::{
    correction::{Correction, NewValues, Target},
    dates::date,
    document::{Contents, FileType, Fingerprint, Notice, Obstacle, Page, Region, TextSource, Word},
    intent::Intent,
    outcome::Change,
    reading::{Claim, Evidence, Origin, ReadKind, ReadLine, Reading},
    vendor_memory::VendorHint,
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

pub fn shelve(stage: &Stage, bytes: &[u8], contents: Contents) {
    stage.documents.0.lock().unwrap().insert(bytes.to_vec(), contents);
}

#[tokio::test]
async fn an_einvoice_is_stored_without_asking_a_model() {
    let mut stage = Stage::new();
    shelve(&stage, b"one", contents(Some(reading(Origin::EInvoice, 11_900, 100))));
    let saved = stage.upload(&[b"one"]).await;
    let [Change::SaveInvoice(invoice), Change::KeepTrace(_)] = saved.changes.as_slice() else {
        panic!("one invoice is saved");
    };
    assert_eq!(invoice.document, Some(hash(b"one")));
    assert!(text(&saved).contains("Moosbach") && text(&saved).contains("Verified"));
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
    assert!(text(&asked).contains("*Keep both*, *replace* the old one, or *skip*"));
    stage.say("keep both").await;
    assert_eq!(stage.book.invoices.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn sums_that_do_not_agree_are_told() {
    let mut stage = Stage::new();
    let page = Page { width: 1, height: 1, source: TextSource::Pixels, words: Vec::new() };
    shelve(&stage, b"one", Contents { pages: vec![page], ..contents(None) });
    let read = Claimed::Reading(Box::new(reading(Origin::Pixels, 12_900, 40)));
    *stage.model.reading.lock().unwrap() = Some(read);
    let saved = stage.upload(&[b"one"]).await;
    assert!(matches!(saved.changes[0], Change::SaveInvoice(_)));
    let said = text(&saved);
    assert!(said.contains("add up to 119.00"), "{said}");
    assert!(said.contains("not sure of the total: I see *129.00"), "{said}");
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
        (Obstacle::TooManyRows, "10,000 rows, 200 columns"),
        (Obstacle::Uncalculated, "formulas of this workbook were never calculated"),
        (Obstacle::UnpacksTooLarge, "128 MB, 2,000 parts"),
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

/// A page with rows of words, each with its place.
fn paper(rows: &[&str]) -> Page {
    let mut words = Vec::new();
    for (top, row) in (0_i32..).step_by(2_000).zip(rows) {
        for (left, text) in (0_i32..).step_by(5_000).zip(row.split(' ')) {
            let (right, bottom) = (left.strict_add(4_000), top.strict_add(1_200));
            let region = Region { left, top, right, bottom };
            words.push(Word { text: text.to_owned(), region, confidence: 90 });
        }
    }
    Page { width: 60_000, height: 80_000, source: TextSource::Pixels, words }
}

pub fn photo(rows: &[&str], fingerprint: u64) -> Contents {
    Contents {
        pages: vec![paper(rows)],
        fingerprint: Some(Fingerprint(fingerprint)),
        ..Contents::of(FileType::Jpeg)
    }
}

pub fn reads(stage: &Stage, reading: Reading) {
    *stage.model.reading.lock().unwrap() = Some(Claimed::Reading(Box::new(reading)));
}

/// A receipt that was read from a photo, without sums.
pub fn receipt(vendor: &str, gross: i64, day: domain::dates::Date) -> Reading {
    let seen = || Evidence::of(Origin::Pixels, 80, "test");
    Reading {
        vendor: Some(Claim::new(vendor.to_owned(), seen())),
        issue_date: Some(Claim::new(day, seen())),
        currency: Some(Claim::new(Currency::EUR, seen())),
        gross: Some(Claim::new(Decimal::new(gross, 2), seen())),
        ..Reading::of_kind(ReadKind::Receipt, seen())
    }
}

#[tokio::test]
async fn a_doubtful_field_is_named_and_shown() {
    let mut stage = Stage::new();
    shelve(&stage, b"one", photo(&["Moosbach", "Total 11.90"], 0));
    let mut read = receipt("Moosbach", 1_190, date(2025, 8, 3));
    let region = Region { left: 5_000, top: 2_000, right: 9_000, bottom: 3_200 };
    let total = &mut read.gross.as_mut().unwrap().evidence;
    (total.confidence, total.page, total.region) = (40, Some(1), Some(region));
    reads(&stage, read);
    let saved = stage.upload(&[b"one"]).await;
    let file = saved.replies[0].file.as_ref().unwrap();
    assert_eq!(file.bytes, b"page 1 from 0 to 9000", "with its label");
    assert_eq!(file.media_type, "image/jpeg");
    assert!(text(&saved).contains("not sure of the total: I see *11.90"), "{}", text(&saved));
}

#[tokio::test]
async fn a_total_that_proves_itself_is_said_to_be_verified() {
    let mut stage = Stage::new();
    shelve(&stage, b"one", photo(&["Moosbach"], 0));
    reads(&stage, reading(Origin::Pixels, 11_900, 99));
    let said = text(&stage.upload(&[b"one"]).await);
    assert!(said.contains("Verified") && !said.contains("Read by a machine"), "{said}");
}

#[tokio::test]
async fn a_net_amount_that_was_computed_proves_nothing() {
    let mut stage = Stage::new();
    shelve(&stage, b"one", photo(&["Moosbach"], 0));
    let mut read = reading(Origin::Pixels, 11_900, 80);
    read.net.as_mut().unwrap().evidence.origin = Origin::Derived;
    reads(&stage, read);
    let said = text(&stage.upload(&[b"one"]).await);
    assert!(said.contains("No sum on it proves the total"), "{said}");
}

#[tokio::test]
async fn the_same_picture_with_the_same_total_is_asked_about_and_replaces_the_old_one() {
    let mut stage = Stage::new();
    shelve(&stage, b"one", photo(&["Moosbach"], 0b1111));
    shelve(&stage, b"two", photo(&["Moosbach"], 0b1001));
    reads(&stage, receipt("Moosbach", 1_190, date(2025, 8, 3)));
    stage.upload(&[b"one"]).await;
    reads(&stage, receipt("Moosbach GmbH", 1_190, date(2025, 8, 3)));
    let asked = stage.upload(&[b"two"]).await;
    assert!(asked.changes.is_empty());
    assert!(text(&asked).contains("This picture looks like a document"), "{}", text(&asked));
    let labels: Vec<&str> = asked.replies[0].buttons.iter().map(|b| b.label.as_str()).collect();
    assert_eq!(labels, ["Keep both", "Replace", "Skip"]);
    let replace = asked.replies[0].buttons[1].id.clone();
    let replaced = stage.press(&replace).await;
    let book = stage.book.invoices.lock().unwrap().clone();
    assert_eq!(book.len(), 1);
    assert_eq!(book[0].vendor.name, "Moosbach GmbH");
    assert_eq!(book[0].document, Some(hash(b"two")));
    assert!(text(&replaced).contains("Replaced"));
}

#[tokio::test]
async fn a_skipped_document_leaves_everything_as_it_was() {
    let mut stage = Stage::new();
    for file in [b"one", b"two"] {
        shelve(&stage, file, photo(&["Moosbach"], 7));
    }
    reads(&stage, receipt("Moosbach", 1_190, date(2025, 8, 3)));
    stage.upload(&[b"one"]).await;
    stage.upload(&[b"two"]).await;
    let skipped = stage.say("überspringen").await;
    assert!(skipped.changes.is_empty());
    assert!(text(&skipped).contains("left the new one out"));
    assert!(stage.say("keep both").await.changes.is_empty());
}

#[tokio::test]
async fn the_next_bill_of_the_same_shape_and_total_is_no_duplicate() {
    let mut stage = Stage::new();
    for file in [b"one", b"two"] {
        shelve(&stage, file, photo(&["Moosbach"], 7));
    }
    reads(&stage, receipt("Moosbach", 1_190, date(2025, 8, 3)));
    stage.upload(&[b"one"]).await;
    reads(&stage, receipt("Moosbach", 1_190, date(2025, 9, 3)));
    assert_eq!(stage.upload(&[b"two"]).await.changes.len(), 2);
}

#[tokio::test]
async fn a_missing_total_is_asked_for_and_completes_the_invoice() {
    let mut stage = Stage::new();
    shelve(&stage, b"one", photo(&["Moosbach", "To pay 45.10"], 0));
    let read = receipt("Moosbach", 0, date(2025, 8, 3));
    reads(&stage, Reading { gross: None, ..read });
    let asked = stage.upload(&[b"one"]).await;
    assert!(asked.changes.is_empty());
    assert!(text(&asked).contains("Moosbach · 3 August 2025"), "{}", text(&asked));
    assert!(text(&stage.say("yes").await).contains("Which total"));
    let stored = stage.say("the total is 45.10").await;
    let Change::SaveInvoice(invoice) = &stored.changes[0] else { panic!("it is stored") };
    assert_eq!(invoice.gross, domain::money::Money::new(4_510, Currency::EUR));
    assert_eq!(invoice.document, Some(hash(b"one")));
    let hints = stage.book.hints.lock().unwrap().clone();
    assert_eq!(hints[0].total_label.as_deref(), Some("to pay"));
}

/// A receipt of 500 lines on a page of 500 rows.
fn long_receipt(stage: &Stage, names: &[&'static [u8]], gross: Option<i64>) {
    let rows: Vec<String> = (0..500).map(|at| format!("Brass screw number {at} 1.00")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    for name in names {
        shelve(stage, name, photo(&rows, 7));
    }
    let line = |at: i32| ReadLine {
        description: format!("Brass screw, size {at}, with nut and washer, boxed"),
        quantity: Some(Decimal::ONE),
        unit_price: Some(Decimal::ONE),
        amount: Some(Decimal::ONE),
        tax_rate: None,
    };
    let seen = || Evidence::of(Origin::Pixels, 80, "test");
    let gross = gross.map(|gross| Claim::new(Decimal::new(gross, 2), seen()));
    let read = receipt("Moosbach", 0, date(2025, 8, 3));
    reads(stage, Reading { gross, lines: (0..500).map(line).collect(), ..read });
}

fn is_small(stage: &Stage) -> bool {
    assert!(stage.memory.pending.is_some(), "something waits");
    serde_json::to_vec(&stage.memory).unwrap().len() < 64 * 1024
}

#[tokio::test]
async fn a_document_of_five_hundred_lines_waits_in_a_small_memory_and_keeps_its_lines() {
    let mut stage = Stage::new();
    long_receipt(&stage, &[b"one"], None);
    stage.upload(&[b"one"]).await;
    assert!(is_small(&stage));
    let stored = stage.say("500.00").await;
    let Change::SaveInvoice(invoice) = &stored.changes[0] else { panic!("it is stored") };
    assert_eq!(invoice.lines.len(), 500);
}

#[tokio::test]
async fn a_duplicate_of_five_hundred_lines_is_kept_or_replaced_with_its_lines() {
    for answer in ["keep", "replace"] {
        let mut stage = Stage::new();
        long_receipt(&stage, &[b"one", b"two"], Some(50_000));
        stage.upload(&[b"one"]).await;
        let asked = stage.upload(&[b"two"]).await;
        assert!(asked.changes.is_empty() && is_small(&stage), "{}", text(&asked));
        stage.say(answer).await;
        let invoices = stage.book.invoices.lock().unwrap();
        let lines: Vec<usize> = invoices.iter().map(|invoice| invoice.lines.len()).collect();
        assert_eq!(lines, if answer == "keep" { vec![500, 500] } else { vec![500] });
    }
}

#[tokio::test]
async fn several_receipts_on_one_picture_wait_for_a_yes() {
    let mut stage = Stage::new();
    let several = Contents { notices: vec![Notice::SeveralReceipts], ..photo(&["Moosbach"], 0) };
    shelve(&stage, b"one", several);
    reads(&stage, receipt("Moosbach", 1_190, date(2025, 8, 3)));
    let asked = stage.upload(&[b"one"]).await;
    assert!(asked.changes.is_empty());
    assert!(text(&asked).contains("one by one"));
    // Neither do sums of one of them.
    reads(&stage, reading(Origin::Pixels, 11_900, 99));
    let asked = stage.upload(&[b"one"]).await;
    assert!(asked.changes.is_empty() && text(&asked).contains("one by one"));
    assert!(matches!(stage.say("yes").await.changes[0], Change::SaveInvoice(_)));
}

#[tokio::test]
async fn a_picture_that_is_cut_off_or_soft_is_stored_and_says_so() {
    let mut stage = Stage::new();
    let notices = vec![Notice::CutOff, Notice::Soft];
    shelve(&stage, b"one", Contents { notices, ..photo(&["Moosbach"], 0) });
    reads(&stage, receipt("Moosbach", 1_190, date(2025, 8, 3)));
    let saved = text(&stage.upload(&[b"one"]).await);
    assert!(saved.contains("cut off at the edge") && saved.contains("not sharp"), "{saved}");
}

#[tokio::test]
async fn why_it_is_no_invoice_is_said_where_it_is_known() {
    let mut stage = Stage::new();
    shelve(&stage, b"one", photo(&["See you at nine"], 0));
    let seen = Evidence::of(Origin::Pixels, 80, "test");
    reads(&stage, Reading::of_kind(ReadKind::NotInvoice, seen));
    assert!(text(&stage.upload(&[b"one"]).await).contains("no amount of money"));
}

#[tokio::test]
async fn corrected_once_the_next_receipt_of_the_shop_is_right() {
    let mut stage = Stage::new();
    let rows = ["SHEL STATI0N", "03/05/2025", "Cash 5.00", "To pay EUR 45.10", "Given 50.00"];
    shelve(&stage, b"one", photo(&rows, 1));
    reads(&stage, receipt("SHEL STATI0N", 5_000, date(2025, 5, 3)));
    stage.upload(&[b"one"]).await;
    let set = NewValues {
        vendor: Some("Shell".to_owned()),
        gross: Some(Decimal::new(4_510, 2)),
        issue_date: Some(date(2025, 3, 5)),
        category: Some("Fuel".to_owned()),
        ..NewValues::default()
    };
    let correction = Correction { target: Target::Context, set };
    *stage.model.correction.lock().unwrap() = Some(Claimed::Correction(Box::new(correction)));
    stage.hears(Intent::InvoiceUpdate);
    stage.say("it is from Shell, fuel, 5 March, total 45.10").await;
    let changed = text(&stage.say("yes").await);
    assert!(changed.contains("I will remember this"), "{changed}");

    let rows = ["SHEL STATI0N", "04/07/2025", "Cash 8.00", "To pay EUR 21.50", "Given 30.00"];
    shelve(&stage, b"two", photo(&rows, u64::MAX));
    reads(&stage, receipt("SHEL STATI0N", 3_000, date(2025, 7, 4)));
    stage.upload(&[b"two"]).await;
    let next = stage.book.invoices.lock().unwrap()[1].clone();
    assert_eq!(next.vendor.name, "Shell");
    assert_eq!(next.gross, domain::money::Money::new(2_150, Currency::EUR));
    assert_eq!(next.issue_date, date(2025, 4, 7));
    assert_eq!(next.category.as_deref(), Some("Fuel"));
}

#[tokio::test]
async fn a_correction_that_is_taken_back_is_forgotten() {
    let mut stage = Stage::new();
    shelve(&stage, b"one", photo(&["SHEL STATI0N"], 1));
    reads(&stage, receipt("SHEL STATI0N", 5_000, date(2025, 5, 3)));
    stage.upload(&[b"one"]).await;
    let set = NewValues {
        vendor: Some("Shell".to_owned()),
        category: Some("Fuel".to_owned()),
        ..NewValues::default()
    };
    let correction = Correction { target: Target::Context, set };
    *stage.model.correction.lock().unwrap() = Some(Claimed::Correction(Box::new(correction)));
    stage.hears(Intent::InvoiceUpdate);
    stage.say("it is from Shell, fuel").await;
    let undone = text(&stage.say("undo").await);
    assert!(undone.contains("vendor SHEL STATI0N"), "{undone}");
    shelve(&stage, b"two", photo(&["SHEL STATI0N"], u64::MAX));
    reads(&stage, receipt("SHEL STATI0N", 3_000, date(2025, 7, 4)));
    stage.upload(&[b"two"]).await;
    let next = stage.book.invoices.lock().unwrap()[1].clone();
    assert_eq!(next.vendor.name, "SHEL STATI0N");
    assert_eq!(next.category, None);
}

#[tokio::test]
async fn what_is_remembered_of_vendors_is_shown_and_forgotten_after_a_yes() {
    let mut stage = Stage::new();
    assert!(text(&stage.say("memory").await).contains("remember nothing"));
    let hint = VendorHint {
        keys: vec!["name:shel stati0n".to_owned()],
        vendor: Some("Shell".to_owned()),
        ..VendorHint::default()
    };
    stage.book.hints.lock().unwrap().push(hint);
    let shown = text(&stage.say("memory").await);
    assert!(shown.contains("vendor Shell"), "{shown}");
    assert!(stage.say("forget vendors").await.changes.is_empty());
    assert_eq!(stage.say("yes").await.changes, [Change::ForgetHints]);
    assert!(stage.book.hints.lock().unwrap().is_empty());
}
