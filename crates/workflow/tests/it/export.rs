//! Exports: what does not go with a file is told, and how to get it.

use crate::{
    correct::received,
    stage::{Stage, hash, text},
};
use domain::{
    document::{Contents, FileType},
    invoice::Invoice,
};

/// A book of four invoices: two of one list, one whose original is too large, one whose original is gone.
fn stage() -> Stage {
    let stage = Stage::new();
    let mut large = vec![3; 12 * 1024 * 1024 + 1];
    large[0] = b'L';
    for bytes in [b"list".to_vec(), large.clone()] {
        stage.documents.0.lock().unwrap().insert(bytes, Contents::of(FileType::Pdf));
    }
    let documents = [hash(b"list"), hash(b"list"), hash(&large), hash(b"gone")];
    let invoices = (1..).zip(documents).map(|(id, document)| Invoice {
        document: Some(document),
        ..received(id, &id.to_string())
    });
    *stage.book.invoices.lock().unwrap() = invoices.collect();
    stage
}

#[tokio::test]
async fn what_does_not_fit_or_is_gone_is_told() {
    let mut stage = stage();
    let outcome = stage.say("export zip").await;
    let told = text(&outcome);
    for line in [
        "Invoices: 4",
        "The originals of 1 invoices did not fit in.",
        "The originals of 1 invoices are not kept any more.",
        "billhook export --format zip",
    ] {
        assert!(told.contains(line), "{told}");
    }
    let file = outcome.replies.iter().find_map(|reply| reply.file.as_ref()).unwrap();
    let names = String::from_utf8(file.bytes.clone()).unwrap();
    let originals = names.lines().filter(|name| name.starts_with("originals/")).count();
    assert_eq!(originals, 1, "a list has one original: {names}");
}

#[tokio::test]
async fn invoices_beyond_the_most_are_counted() {
    let mut stage = Stage::new();
    *stage.book.invoices.lock().unwrap() =
        (1..=20_003).map(|id| received(id, &id.to_string())).collect();
    let told = text(&stage.say("export csv").await);
    assert!(told.contains("Invoices: 20000"), "{told}");
    assert!(told.contains("3 invoices did not fit in."), "{told}");
    assert!(told.contains("export 2025-03 zip"), "{told}");
}
