//! Changes are carried out whole, on what they were based on, and can be taken back.

use super::{
    Fresh,
    book::{full, received},
};
use domain::{
    dates::date,
    document::ContentHash,
    ids::EventId,
    invoice::{Direction, Invoice, Status, number},
    message::NewOutbound,
    outcome::{Change, Outcome, Patch},
    party::Party,
};
use ports::store::{JobState, StoreError, StoreResult};

fn is_conflict(result: &StoreResult<()>) -> bool {
    matches!(result, Err(StoreError::Conflict))
}

fn issued(id: u128, year: i16, sequence: u32) -> Invoice {
    Invoice {
        direction: Direction::Issued,
        customer: Party::named("Bob"),
        ..received(id, "My Own Firm", &number::printed(year, sequence))
    }
}

pub(super) fn issue(id: u128, year: i16, sequence: u32) -> Vec<Change> {
    let invoice = Box::new(issued(id, year, sequence));
    vec![Change::IssueInvoice { invoice, year, sequence: Some(sequence) }]
}

fn paid(invoice: &Invoice) -> Patch {
    let after =
        Invoice { status: Status::Paid, paid_on: Some(date(2025, 9, 1)), ..invoice.clone() };
    Patch { before: invoice.clone(), after }
}

/// One conflict in the middle leaves no trace of what came before it.
pub async fn a_finish_writes_all_or_nothing(fresh: &Fresh) {
    fresh.accept("ana", "a1").await;
    let claim = fresh.claim_one().await;
    let tenant = claim.work.sender.tenant;
    let invoice = received(1, "Shell", "17");
    let stale = paid(&received(2, "nobody", ""));
    let outcome = Outcome {
        changes: vec![
            Change::SaveInvoice(Box::new(invoice.clone())),
            Change::PatchInvoices(vec![paid(&invoice), stale]),
        ],
        replies: vec![NewOutbound::text("saved")],
        ..Outcome::default()
    };
    assert!(is_conflict(&fresh.store.finish(&claim.lease, &outcome).await));
    assert_eq!(fresh.store.invoice(tenant, invoice.id).await.unwrap(), None);
    assert!(fresh.store.replies_to(claim.work.inbound.id).await.unwrap().is_empty());
    assert!(fresh.store.last_undoable(tenant).await.unwrap().is_none());
    let state = fresh.store.state_of(claim.work.inbound.id).await.unwrap();
    assert_eq!(state, Some(JobState::Open));

    let outcome = Outcome { changes: outcome.changes[..1].to_vec(), ..outcome };
    fresh.store.finish(&claim.lease, &outcome).await.unwrap();
    assert_eq!(fresh.store.invoice(tenant, invoice.id).await.unwrap(), Some(invoice));
}

/// Two messages with one file make one invoice; another tenant may have the same file.
pub async fn the_same_document_twice_is_a_conflict(fresh: &Fresh) {
    let document = Some(ContentHash([1; 32]));
    let first = Invoice { document, ..received(1, "Shell", "17") };
    let second = Invoice { document, ..received(2, "Shell", "18") };
    fresh.save("ana", vec![first.clone()]).await;
    let again = fresh.commit("ana", vec![Change::SaveInvoice(Box::new(second.clone()))]).await;
    assert!(is_conflict(&again));
    fresh.save("bob", vec![second]).await;
    let tenant = fresh.tenant("ana").await;
    let row = fresh.store.by_document(tenant, ContentHash([1; 32])).await.unwrap();
    assert_eq!(row.map(|row| row.id), Some(first.id));
}

/// A series has no gaps and no doubles, and begins again each year and in each book.
pub async fn numbers_are_taken_in_order_and_once(fresh: &Fresh) {
    let ana = fresh.tenant("ana").await;
    assert_eq!(fresh.store.next_sequence(ana, 2025).await.unwrap(), 1);
    assert!(is_conflict(&fresh.commit("ana", issue(1, 2025, 2)).await), "a gap");
    fresh.commit("ana", issue(1, 2025, 1)).await.unwrap();
    assert!(is_conflict(&fresh.commit("ana", issue(2, 2025, 1)).await), "taken");
    fresh.commit("ana", issue(2, 2025, 2)).await.unwrap();
    fresh.commit("ana", issue(3, 2026, 1)).await.unwrap();
    fresh.commit("bob", issue(1, 2025, 1)).await.unwrap();
    assert_eq!(fresh.store.next_sequence(ana, 2025).await.unwrap(), 3);
    assert_eq!(fresh.store.next_sequence(ana, 2026).await.unwrap(), 2);
}

/// A number of the user's own choice is taken once, whoever asks first.
pub async fn a_chosen_number_is_taken_once(fresh: &Fresh) {
    let chosen = |id, number| {
        let invoice = Box::new(Invoice { number: Some(number), ..issued(id, 2025, 1) });
        vec![Change::IssueInvoice { invoice, year: 2025, sequence: None }]
    };
    fresh.commit("ana", chosen(1, "RX-100".to_owned())).await.unwrap();
    assert!(is_conflict(&fresh.commit("ana", chosen(2, "RX-100".to_owned())).await));
    fresh.commit("bob", chosen(1, "RX-100".to_owned())).await.unwrap();
    fresh.commit("ana", chosen(3, number::printed(2025, 1))).await.unwrap();
    assert!(is_conflict(&fresh.commit("ana", issue(4, 2025, 1)).await), "the series skips it");
    fresh.commit("ana", issue(4, 2025, 2)).await.unwrap();
}

/// A number that came with an import is skipped.
pub async fn imported_numbers_are_not_given_again(fresh: &Fresh) {
    let ana = fresh.tenant("ana").await;
    let old = [issued(1, 2025, 1), issued(2, 2025, 2), issued(3, 2025, 4)];
    fresh.store.import(ana, &old).await.unwrap();
    assert_eq!(fresh.store.next_sequence(ana, 2025).await.unwrap(), 3);
    fresh.commit("ana", issue(4, 2025, 3)).await.unwrap();
    assert_eq!(fresh.store.next_sequence(ana, 2025).await.unwrap(), 5);
}

/// What the user was shown must still be what is there.
pub async fn a_patch_of_a_changed_invoice_is_a_conflict(fresh: &Fresh) {
    let (one, other) = (received(1, "Shell", "1"), received(2, "Shell", "2"));
    fresh.save("ana", vec![one.clone(), other.clone()]).await;
    fresh.commit("ana", vec![Change::PatchInvoices(vec![paid(&one)])]).await.unwrap();
    let both = vec![Change::PatchInvoices(vec![paid(&other), paid(&one)])];
    assert!(is_conflict(&fresh.commit("ana", both).await));
    let ana = fresh.tenant("ana").await;
    assert_eq!(fresh.store.invoice(ana, other.id).await.unwrap(), Some(other));
    let now = paid(&one).after;
    let patch = Patch { before: now.clone(), after: now };
    let foreign = vec![Change::PatchInvoices(vec![patch])];
    assert!(is_conflict(&fresh.commit("bob", foreign).await), "not in this book");
}

/// An undo gives back what was there, once, and in the reverse order.
pub async fn a_change_can_be_taken_back_once(fresh: &Fresh) {
    let first = full(1);
    fresh.save("ana", vec![first.clone()]).await;
    let ana = fresh.tenant("ana").await;
    let settled = paid(&first);
    let renamed = Patch {
        before: settled.after.clone(),
        after: Invoice { category: None, lines: Vec::new(), ..settled.after.clone() },
    };
    for patch in [&settled, &renamed] {
        let change = Change::PatchInvoices(vec![patch.clone()]);
        fresh.commit("ana", vec![change]).await.unwrap();
    }
    for patch in [&renamed, &settled] {
        let undoable = fresh.store.last_undoable(ana).await.unwrap().unwrap();
        assert_eq!(undoable.patches, vec![patch.clone()]);
        assert!(is_conflict(&fresh.commit("bob", vec![Change::Undo(undoable.event)]).await));
        fresh.commit("ana", vec![Change::Undo(undoable.event)]).await.unwrap();
        assert_eq!(fresh.store.invoice(ana, first.id).await.unwrap(), Some(patch.before.clone()));
        assert!(is_conflict(&fresh.commit("ana", vec![Change::Undo(undoable.event)]).await));
    }
    assert!(fresh.store.last_undoable(ana).await.unwrap().is_none());
    let unknown = EventId(first.id.0);
    assert!(is_conflict(&fresh.commit("ana", vec![Change::Undo(unknown)]).await));
}

/// What is stored comes back to the last digit and letter, also after a change.
pub async fn every_field_of_an_invoice_is_kept(fresh: &Fresh) {
    let invoice = full(1);
    fresh.save("ana", vec![invoice.clone()]).await;
    let ana = fresh.tenant("ana").await;
    assert_eq!(fresh.store.invoice(ana, invoice.id).await.unwrap(), Some(invoice.clone()));
    let patch = paid(&invoice);
    let after = patch.after.clone();
    fresh.commit("ana", vec![Change::PatchInvoices(vec![patch])]).await.unwrap();
    assert_eq!(fresh.store.invoice(ana, invoice.id).await.unwrap(), Some(after));
    let key = invoice.duplicate_key().unwrap();
    let row = fresh.store.by_duplicate_key(ana, &key).await.unwrap().unwrap();
    assert_eq!((row.id, row.gross), (invoice.id, invoice.gross));
}
