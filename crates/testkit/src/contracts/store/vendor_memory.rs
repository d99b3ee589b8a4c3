//! What documents showed and what was taught belongs to one tenant.

use super::{Fresh, book::received};
use domain::{
    document::{ContentHash, Fingerprint},
    invoice::Invoice,
    outcome::Change,
    vendor_memory::{Trace, VendorHint},
};

fn trace(document: u8, fingerprint: u64) -> Trace {
    Trace {
        document: ContentHash([document; 32]),
        fingerprint: Some(Fingerprint(fingerprint)),
        keys: vec!["name:shell".to_owned()],
        rows: vec!["Total 12.00".to_owned()],
    }
}

fn hint(vendor: &str) -> VendorHint {
    VendorHint {
        keys: vec!["tax:DE1".to_owned(), "name:shel".to_owned()],
        vendor: Some(vendor.to_owned()),
        ..VendorHint::default()
    }
}

/// Nobody else sees it, and the newest is what counts.
pub async fn what_a_document_showed_is_kept_for_its_tenant(fresh: &Fresh) {
    let (ana, bob) = (fresh.tenant("ana").await, fresh.tenant("bob").await);
    for seen in [trace(1, 1), trace(1, 2)] {
        fresh.commit("ana", vec![Change::KeepTrace(Box::new(seen))]).await.unwrap();
    }
    let document = ContentHash([1; 32]);
    assert_eq!(fresh.store.trace(ana, document).await.unwrap(), Some(trace(1, 2)));
    assert_eq!(fresh.store.trace(bob, document).await.unwrap(), None);
}

/// All 64 bits count, also the sign of the column.
pub async fn pictures_that_look_alike_are_found_in_one_s_own_book(fresh: &Fresh) {
    let invoice = Invoice { document: Some(ContentHash([1; 32])), ..received(1, "Shell", "17") };
    fresh.save("ana", vec![invoice.clone()]).await;
    fresh.commit("ana", vec![Change::KeepTrace(Box::new(trace(1, u64::MAX)))]).await.unwrap();
    let (ana, bob) = (fresh.tenant("ana").await, fresh.tenant("bob").await);
    let near = Fingerprint(u64::MAX << 6);
    let found = fresh.store.lookalikes(ana, near, 6).await.unwrap();
    assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), vec![invoice.id]);
    assert!(fresh.store.lookalikes(ana, near, 5).await.unwrap().is_empty());
    assert!(fresh.store.lookalikes(bob, near, 64).await.unwrap().is_empty());
}

/// One hint a vendor; nothing of it is left once it is forgotten.
pub async fn what_was_taught_is_replaced_by_its_first_key_and_forgotten_whole(fresh: &Fresh) {
    let (ana, bob) = (fresh.tenant("ana").await, fresh.tenant("bob").await);
    for vendor in ["Shel", "Shell"] {
        fresh.commit("ana", vec![Change::KeepHint(Box::new(hint(vendor)))]).await.unwrap();
    }
    assert_eq!(fresh.store.hints(ana).await.unwrap(), vec![hint("Shell")]);
    assert!(fresh.store.hints(bob).await.unwrap().is_empty());
    fresh.commit("bob", vec![Change::ForgetHints]).await.unwrap();
    assert_eq!(fresh.store.hints(ana).await.unwrap().len(), 1);
    fresh.commit("ana", vec![Change::ForgetHints]).await.unwrap();
    assert!(fresh.store.hints(ana).await.unwrap().is_empty());
}
