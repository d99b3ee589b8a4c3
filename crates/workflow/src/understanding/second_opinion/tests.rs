//! What a second opinion may change, and what it may not.

use super::*;
use crate::prompts;
use domain::{
    dates::date,
    document::{Page, Region, TextSource, Word},
    money::Currency,
    reading::{Evidence, Origin, ReadKind},
};
use rust_decimal::Decimal;

fn page(text: &str) -> Page {
    let word =
        |text: &str| Word { text: text.to_owned(), region: Region::default(), confidence: 100 };
    let words = text.split_whitespace().map(word).collect();
    Page { width: 1, height: 1, source: TextSource::Pixels, words }
}

fn paper(text: &str) -> Paper {
    Paper::of(&[page(text)], true)
}

fn reading(origin: Origin, confidence: u8, vendor: &str, gross: i64) -> Reading {
    let seen = || Evidence::of(origin, confidence, "test");
    Reading {
        vendor: Some(Claim::new(vendor.to_owned(), seen())),
        issue_date: Some(Claim::new(date(2025, 5, 3), seen())),
        currency: Some(Claim::new(Currency::EUR, seen())),
        gross: Some(Claim::new(Decimal::new(gross, 2), seen())),
        ..Reading::of_kind(ReadKind::Invoice, seen())
    }
}

fn ours(confidence: u8) -> Reading {
    reading(Origin::TextLayer, confidence, "Moosbach", 11_900)
}

fn theirs(vendor: &str, gross: i64) -> Reading {
    reading(Origin::Model, 70, vendor, gross)
}

fn gross(reading: &Reading) -> (i64, u8) {
    let claim = reading.gross.as_ref().unwrap();
    (i64::try_from(claim.value.mantissa()).unwrap(), claim.evidence.confidence)
}

const PRINTED: &str = "Moosbach 119.00 03.05.2025 Evil 1.00";

#[test]
fn readers_who_agree_make_a_value_verified_and_a_doubt_plain() {
    let both = theirs("Moosbach Gärtnerei", 11_900);
    let merged = merge(Some(ours(80)), both.clone(), &paper(PRINTED));
    assert_eq!(gross(&merged), (11_900, VERIFIED_FROM));
    let vendor = merged.vendor.unwrap();
    assert_eq!(
        (vendor.value.as_str(), vendor.evidence.standing()),
        ("Moosbach", Standing::Verified)
    );
    assert_eq!(vendor.evidence.origin, Origin::TextLayer, "the place on the page is kept");
    let merged = merge(Some(ours(40)), both, &paper(PRINTED));
    assert_eq!(gross(&merged), (11_900, AGREED));
}

#[test]
fn readers_who_agree_on_letters_of_a_machine_prove_nothing() {
    let merged =
        merge(Some(ours(80)), theirs("Moosbach", 11_900), &Paper::of(&[page(PRINTED)], false));
    assert_eq!(gross(&merged), (11_900, AGREED));
}

#[test]
fn a_firm_value_stays_and_is_doubted_where_they_disagree() {
    for confidence in [60, 97, 100] {
        let merged = merge(Some(ours(confidence)), theirs("Evil", 100), &paper(PRINTED));
        assert_eq!(gross(&merged), (11_900, IN_DOUBT));
        assert_eq!(merged.vendor.unwrap().value, "Moosbach");
    }
}

#[test]
fn a_doubtful_value_gives_way_to_one_that_is_printed_and_stays_in_doubt() {
    let merged = merge(Some(ours(40)), theirs("Evil", 100), &paper(PRINTED));
    assert_eq!(gross(&merged), (100, IN_DOUBT));
    let merged = merge(Some(ours(40)), theirs("Evil", 777), &paper(PRINTED));
    assert_eq!(gross(&merged), (11_900, IN_DOUBT), "what is not printed replaces nothing");
}

#[test]
fn a_date_whose_parts_stand_apart_replaces_none() {
    let (mut ours, mut theirs) = (ours(40), theirs("Moosbach", 11_900));
    ours.issue_date.as_mut().unwrap().value = date(2025, 5, 11);
    theirs.issue_date.as_mut().unwrap().value = date(2025, 4, 3);
    let merged = merge(Some(ours), theirs, &paper("Moosbach 05/11/2025 3 Espresso 119.00"));
    let day = merged.issue_date.unwrap();
    assert_eq!((day.value, day.evidence.confidence), (date(2025, 5, 11), IN_DOUBT));
}

#[test]
fn a_gap_is_filled_and_doubted_unless_it_is_printed() {
    let gap = || Reading { gross: None, vendor: None, ..ours(80) };
    let merged = merge(Some(gap()), theirs("Evil", 100), &paper(PRINTED));
    assert_eq!(gross(&merged), (100, SEEN));
    let merged = merge(Some(gap()), theirs("Nobody", 777), &paper(PRINTED));
    assert_eq!(gross(&merged), (777, IN_DOUBT));
    assert_eq!(merged.vendor.unwrap().evidence.standing(), Standing::Doubtful);
    let merged = merge(None, theirs("Nobody", 777), &Paper::default());
    assert_eq!(gross(&merged), (777, IN_DOUBT));
    assert_eq!(merged.kind.evidence.standing(), Standing::Plain);
}

#[test]
fn nothing_is_added_to_letters_that_are_certain() {
    let gap = Reading { vendor: None, ..ours(80) };
    let text = Page { source: TextSource::TextLayer, ..page(PRINTED) };
    let merged = merge(Some(gap), theirs("Nobody", 11_900), &Paper::of(&[text], false));
    assert_eq!(merged.vendor, None);
    assert_eq!(gross(&merged), (11_900, VERIFIED_FROM));
}

#[test]
fn accounts_that_are_not_printed_are_not_taken() {
    let seen = || Evidence::of(Origin::Model, 70, "model");
    let mut second = theirs("Moosbach", 11_900);
    second.vendor_iban = Some(Claim::new("DE89370400440532013000".to_owned(), seen()));
    second.vendor_tax_id = Some(Claim::new("DE999999999".to_owned(), seen()));
    let merged = merge(Some(ours(80)), second.clone(), &paper(PRINTED));
    assert_eq!((merged.vendor_iban, merged.vendor_tax_id), (None, None));
    let printed = paper("Moosbach 119.00 DE89 3704 0044 0532 0130 00");
    let merged = merge(Some(ours(80)), second, &printed);
    assert_eq!(merged.vendor_iban.unwrap().evidence.standing(), Standing::Doubtful);
}

#[test]
fn nobody_is_paid_and_nothing_becomes_an_invoice_because_a_model_says_so() {
    let paid = Reading { paid: true, ..theirs("Moosbach", 11_900) };
    assert!(!merge(Some(ours(80)), paid, &paper(PRINTED)).paid);
    let letter = Reading::of_kind(ReadKind::NotInvoice, Evidence::of(Origin::TextLayer, 80, "t"));
    let merged = merge(Some(letter), theirs("Evil", 100), &paper(PRINTED));
    assert_eq!((merged.kind.value, merged.gross), (ReadKind::NotInvoice, None));
    let unsure = Reading::of_kind(ReadKind::NotInvoice, Evidence::of(Origin::TextLayer, 50, "t"));
    let merged = merge(Some(unsure), theirs("Evil", 100), &paper(PRINTED));
    assert_eq!(merged.kind.value, ReadKind::Invoice);
    assert_eq!(merged.kind.evidence.standing(), Standing::Doubtful);
}

#[test]
fn our_own_instructions_are_no_vendor() {
    let prompt = prompts::READ_INVOICE.lines().nth(1).unwrap();
    let long = "Evil ".repeat(100);
    for text in [prompt, &prompt.to_uppercase(), "Amounts are decimal strings with a point", &long]
    {
        let gap = Reading { vendor: None, ..ours(80) };
        let merged = merge(Some(gap), theirs(text, 11_900), &paper(PRINTED));
        assert_eq!(merged.vendor, None, "{text}");
    }
    assert!(is_harmless("The vendor of fine goods and other things Ltd."));
}

#[test]
fn tables_are_taken_whole_and_only_from_the_paper() {
    let line = |minor| ReadLine { amount: Some(Decimal::new(minor, 2)), ..ReadLine::default() };
    let second = Reading { lines: vec![line(11_900), line(100)], ..theirs("Moosbach", 11_900) };
    assert_eq!(merge(Some(ours(80)), second.clone(), &paper(PRINTED)).lines.len(), 2);
    let more = Reading { lines: vec![line(11_900), line(999)], ..second.clone() };
    assert!(merge(Some(ours(80)), more, &paper(PRINTED)).lines.is_empty());
    let own = Reading { lines: vec![line(1)], ..ours(80) };
    assert_eq!(merge(Some(own), second, &paper(PRINTED)).lines, [line(1)]);
}
