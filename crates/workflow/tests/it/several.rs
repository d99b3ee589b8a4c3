//! Several papers in one file, and pictures that end too early: nothing of them is lost or made up.

use crate::{
    files::{photo, reads, receipt, shelve},
    stage::{Stage, hash, text},
};
use domain::{
    dates::date,
    document::{Contents, Notice},
    outcome::Change,
    reading::Reading,
};

/// Two receipts of one file.
fn both() -> Reading {
    let others = vec![receipt("Elster", 500, date(2025, 7, 21))];
    Reading { others, ..receipt("Moosbach", 1_190, date(2025, 8, 3)) }
}

#[tokio::test]
async fn every_paper_of_a_file_is_named_and_stored_after_a_yes() {
    let mut stage = Stage::new();
    shelve(&stage, b"one", photo(&["Moosbach", "Elster"], 0));
    reads(&stage, both());
    let asked = stage.upload(&[b"one"]).await;
    assert!(asked.changes.is_empty());
    for part in ["2", "16.90", "Moosbach", "11.90", "Elster", "5.00"] {
        assert!(text(&asked).contains(part), "{part}: {}", text(&asked));
    }
    let saved = stage.say("yes").await;
    let documents = saved.changes.iter().map(|change| match change {
        Change::SaveInvoice(invoice) => invoice.document,
        other => panic!("{other:?}"),
    });
    assert_eq!(documents.collect::<Vec<_>>(), [Some(hash(b"one")), None]);
    assert!(!text(&saved).contains("sums agree"));
    assert!(text(&stage.upload(&[b"one"]).await).contains("already have this file"));
}

#[tokio::test]
async fn of_two_papers_the_one_that_is_stored_already_is_left_out_and_said() {
    let mut stage = Stage::new();
    let numbered = |number: &str| {
        let mut reading = receipt("Moosbach", 1_190, date(2025, 8, 3));
        let number = domain::reading::Claim::new(number.to_owned(), reading.kind.evidence.clone());
        reading.number = Some(number);
        reading
    };
    shelve(&stage, b"one", photo(&["Moosbach"], 0));
    reads(&stage, numbered("S-1"));
    stage.upload(&[b"one"]).await;
    shelve(&stage, b"two", photo(&["Moosbach", "Moosbach"], u64::MAX));
    reads(&stage, Reading { others: vec![numbered("S-2")], ..numbered("S-1") });
    let asked = text(&stage.upload(&[b"two"]).await);
    assert!(asked.contains("S-2") && asked.contains("left out: 1"), "{asked}");
}

#[tokio::test]
async fn the_question_about_a_duplicate_does_not_hide_a_second_receipt() {
    let mut stage = Stage::new();
    shelve(&stage, b"one", photo(&["Moosbach"], 0));
    reads(&stage, receipt("Moosbach", 1_190, date(2025, 8, 3)));
    stage.upload(&[b"one"]).await;
    let several = Contents { notices: vec![Notice::SeveralReceipts], ..photo(&["Moosbach"], 1) };
    shelve(&stage, b"two", several);
    let asked = text(&stage.upload(&[b"two"]).await);
    assert!(asked.contains("more than one receipt") && asked.contains("Moosbach"), "{asked}");
}

#[tokio::test]
async fn a_picture_that_ends_before_its_total_is_not_stored() {
    let mut stage = Stage::new();
    let mut read = receipt("Moosbach", 390, date(2025, 8, 3));
    for (notice, said) in
        [(Notice::EndsInText, "cut off: the total is not on it"), (Notice::Incomplete, "not sent")]
    {
        read.gross.as_mut().unwrap().evidence.confidence = 25;
        shelve(&stage, b"one", Contents { notices: vec![notice], ..photo(&["Moosbach"], 0) });
        reads(&stage, read.clone());
        let refused = stage.upload(&[b"one"]).await;
        assert!(refused.changes.is_empty() && text(&refused).contains(said), "{}", text(&refused));
    }
    // Below the total nothing is missing.
    read.gross.as_mut().unwrap().evidence.confidence = 80;
    let whole = Contents { notices: vec![Notice::EndsInText], ..photo(&["Moosbach"], 0) };
    shelve(&stage, b"two", whole);
    reads(&stage, read);
    let saved = text(&stage.upload(&[b"two"]).await);
    assert!(saved.contains("Moosbach") && !saved.contains("cut off"), "{saved}");
}
