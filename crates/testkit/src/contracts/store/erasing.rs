//! S84, S85: what is deleted is gone, and nothing brings it back.

use super::{Fresh, LEASE, book::received, message, replies};
use domain::{
    document::ContentHash,
    ids::{EventId, TenantId},
    invoice::Invoice,
    message::{Attachment, AttachmentSource, ChannelKind, NewFile, NewOutbound, OWNER},
    outcome::{Change, Outcome, Stored},
    tenant::Habits,
    vendor_memory::{Trace, VendorHint},
};
use ports::{
    clock::Clock,
    model::Usage,
    store::{Accepted, JobState, Remembered, StoreError},
};
use std::sync::Arc;

/// A word that stands in everything that ana has.
const CANARY: &str = "CANARY";

fn paper(byte: u8) -> ContentHash {
    ContentHash([byte; 32])
}

/// Has ana write with a file, so that she has an invoice, a hint, a reply and an answer of a model.
async fn lives(fresh: &Fresh, from: &str, byte: u8) -> TenantId {
    let mut note = message(ChannelKind::Twilio, from, &format!("{from} {byte}"));
    note.text = format!("{CANARY} text");
    note.profile_name = format!("{CANARY} name");
    let source = AttachmentSource::Stored(paper(byte));
    note.attachments =
        vec![Attachment { source, name: format!("{CANARY}.pdf"), claimed_type: String::new() }];
    fresh.store.accept(&note, &Habits::default()).await.unwrap();
    let claim = fresh.claim_one().await;
    let tenant = claim.work.sender.tenant;
    let document = Some(paper(byte));
    let invoice = Invoice { document, ..received(u128::from(byte), CANARY, CANARY) };
    let key = vec![format!("name:{CANARY}")];
    let hint = VendorHint { keys: key.clone(), ..VendorHint::default() };
    let trace = Trace { document: paper(byte), fingerprint: None, keys: key, rows: Vec::new() };
    let file = NewFile {
        name: format!("{CANARY}.csv"),
        media_type: "text/csv".into(),
        hash: paper(byte + 100),
        bytes: Vec::new(),
    };
    fresh.store.keep_file(&claim.lease, file.hash).await.unwrap();
    let reply = NewOutbound { file: Some(file), ..NewOutbound::text(CANARY) };
    let mut outcome = Outcome {
        changes: vec![
            Change::SaveInvoice(Box::new(invoice)),
            Change::KeepTrace(Box::new(trace)),
            Change::KeepHint(Box::new(hint)),
        ],
        replies: vec![reply],
        ..Outcome::default()
    };
    outcome.conversation.remember(CANARY, CANARY);
    fresh.store.finish(&claim.lease, &outcome).await.unwrap();
    let said = Remembered { text: CANARY, model: "m", usage: Usage::default() };
    fresh.store.remember(tenant, paper(1), &said).await.unwrap();
    tenant
}

fn event(fresh: &Fresh) -> EventId {
    EventId(fresh.clock.new_id())
}

async fn nothing_is_left(fresh: &Fresh, tenant: TenantId) {
    let store = &fresh.store;
    assert_eq!(store.stored(tenant).await.unwrap(), Stored::default());
    assert!(store.page(tenant, None, 10).await.unwrap().is_empty());
    assert!(store.hints(tenant).await.unwrap().is_empty());
    assert_eq!(store.trace(tenant, paper(7)).await.unwrap(), None);
    assert_eq!(store.recall(tenant, paper(1)).await.unwrap(), None);
    assert!(store.last_undoable(tenant).await.unwrap().is_none());
}

/// Everything of one person goes, nothing of another; whoever writes again is a stranger.
pub async fn s84_what_is_deleted_is_gone_and_nobody_else_misses_anything(fresh: &Fresh) {
    let ana = lives(fresh, "ana", 7).await;
    let bob = lives(fresh, "bob", 8).await;
    fresh.accept("ana", "yes").await;
    let claim = fresh.claim_one().await;
    let outcome = Outcome { changes: vec![Change::Erase(event(fresh))], ..replies(&["receipt"]) };
    fresh.store.finish(&claim.lease, &outcome).await.unwrap();

    let left = fresh.store.stored(ana).await.unwrap();
    assert_eq!(left, Stored { messages: 1, ..Stored::default() }, "the receipt");
    let due = fresh.store.claim_deliveries(10, LEASE).await.unwrap();
    let receipt = due.iter().find(|due| due.outbound.text == "receipt").unwrap();
    assert_eq!(receipt.outbound.to, "ana", "it still finds her");
    fresh.store.mark_sent(receipt, "SM1").await.unwrap();
    let sent = fresh.store.replies_to(claim.work.inbound.id).await.unwrap();
    assert_eq!(sent[0].to, "", "and nothing does after it");
    let conversation = claim.work.sender.conversation;
    assert_eq!(fresh.store.transcript(conversation, 0).await.unwrap().len(), 1);
    assert!(fresh.store.recall(ana, paper(1)).await.unwrap().is_none());
    assert!(fresh.store.page(ana, None, 10).await.unwrap().is_empty());
    assert_ne!(fresh.tenant("ana").await, ana, "she is a stranger");

    assert_eq!(fresh.store.page(bob, None, 10).await.unwrap().len(), 1);
    assert!(fresh.store.recall(bob, paper(1)).await.unwrap().is_some());
    assert_eq!(fresh.store.hints(bob).await.unwrap().len(), 1);
}

/// What the provider sends again, or finds again, was deleted and stays so.
pub async fn s84_a_tombstone_keeps_messages_from_coming_back(fresh: &Fresh) {
    let ana = lives(fresh, "ana", 7).await;
    let stored = fresh.store.erase(ana, event(fresh)).await.unwrap();
    assert_eq!(stored, Stored { invoices: 1, messages: 2, files: 2 });
    let again = fresh.accept("ana", "ana 7").await;
    assert!(matches!(again, Accepted::Duplicate(_)), "{again:?}");
    let known = fresh.store.known(ChannelKind::Twilio, &["ana 7".to_owned()]).await.unwrap();
    assert!(known.contains("ana 7"));
    assert!(fresh.claim().await.is_empty());
    nothing_is_left(fresh, ana).await;
    let Accepted::New(new) = fresh.accept("ana", "another").await else { panic!("it is new") };
    assert_ne!(fresh.claim_one().await.work.sender.tenant, ana);
    assert_eq!(fresh.store.state_of(new).await.unwrap(), Some(JobState::Open));
}

/// A turn that was under way commits nothing, and what waited behind it is never begun.
pub async fn s85_a_turn_under_way_comes_to_nothing(fresh: &Fresh) {
    let ana = lives(fresh, "ana", 7).await;
    fresh.accept("ana", "first").await;
    fresh.accept("ana", "second").await;
    let claim = fresh.claim_one().await;
    fresh.store.erase(ana, event(fresh)).await.unwrap();
    let late = Invoice { document: Some(paper(9)), ..received(9, CANARY, "9") };
    let outcome =
        Outcome { changes: vec![Change::SaveInvoice(Box::new(late))], ..replies(&[CANARY]) };
    let result = fresh.store.finish(&claim.lease, &outcome).await;
    assert!(matches!(result, Err(StoreError::LeaseLost)));
    let noted = fresh.store.keep_file(&claim.lease, paper(9)).await;
    assert!(matches!(noted, Err(StoreError::LeaseLost)));
    fresh.clock.advance(LEASE * 10);
    assert!(fresh.claim().await.is_empty());
    nothing_is_left(fresh, ana).await;
}

/// A file goes when the last one who had it goes, and what nobody came to have goes too.
pub async fn s84_files_go_with_the_last_one_who_has_them(fresh: &Fresh) {
    let ana = lives(fresh, "ana", 7).await;
    let bob = lives(fresh, "bob", 7).await;
    assert!(fresh.store.files_to_delete(10).await.unwrap().is_empty());
    fresh.store.erase(ana, event(fresh)).await.unwrap();
    assert!(fresh.store.is_kept(paper(7)).await.unwrap(), "bob has it");
    let wished = fresh.store.files_to_delete(10).await.unwrap();
    assert_eq!(wished, [paper(7), paper(107)]);
    for hash in wished {
        fresh.store.note_deleted(hash).await.unwrap();
    }
    assert!(fresh.store.files_to_delete(10).await.unwrap().is_empty());
    fresh.store.erase(bob, event(fresh)).await.unwrap();
    assert!(!fresh.store.is_kept(paper(7)).await.unwrap());
    assert_eq!(fresh.store.files_to_delete(10).await.unwrap().len(), 2);
    lives(fresh, "eve", 9).await;
    fresh.store.let_go(&[paper(9), paper(50)]).await.unwrap();
    let wished = fresh.store.files_to_delete(10).await.unwrap();
    assert!(wished.contains(&paper(50)) && !wished.contains(&paper(9)));
}

/// The owner's book is emptied and goes on, with its numbers and how its amounts and days are meant.
pub async fn the_owner_s_book_is_emptied_and_goes_on(fresh: &Fresh) {
    let store = &fresh.store;
    let habits = Habits { time_zone: "Europe/Berlin".into(), ..Habits::default() };
    let sender = store.sender(ChannelKind::WebChat, OWNER, &habits).await.unwrap();
    store.accept(&message(ChannelKind::WebChat, OWNER, "w1"), &habits).await.unwrap();
    let claim = fresh.claim_one().await;
    let outcome = Outcome { changes: super::changes::issue(1, 2025, 1), ..replies(&["issued"]) };
    store.finish(&claim.lease, &outcome).await.unwrap();
    store.accept(&message(ChannelKind::WebChat, OWNER, "w2"), &habits).await.unwrap();
    let claim = fresh.claim_one().await;
    let outcome = Outcome { changes: vec![Change::Erase(event(fresh))], ..replies(&["receipt"]) };
    store.finish(&claim.lease, &outcome).await.unwrap();
    let after = store.sender(ChannelKind::WebChat, OWNER, &Habits::default()).await.unwrap();
    assert_eq!((after.tenant, after.conversation), (sender.tenant, sender.conversation));
    assert_eq!(after.habits.time_zone, "Europe/Berlin");
    assert_eq!(store.next_sequence(sender.tenant, 2025).await.unwrap(), 2, "never twice");
    let said = store.transcript(sender.conversation, 0).await.unwrap();
    assert_eq!(said.len(), 1, "the receipt alone");
    store.accept(&message(ChannelKind::WebChat, OWNER, "w3"), &habits).await.unwrap();
    let claim = fresh.claim_one().await;
    store.finish(&claim.lease, &replies(&["hello"])).await.unwrap();
}

/// Messages come in, turns are worked on and everything is deleted, all at once, many times: in the
/// end there is nothing of before.
pub async fn s85_nothing_reappears_whatever_is_under_way(fresh: &Fresh) {
    for round in 0..50_u8 {
        let ana = lives(fresh, "ana", round).await;
        let writes = (0..6).map(|number| {
            let store = Arc::clone(&fresh.store);
            async move {
                let id = format!("{round} {number}");
                let note = message(ChannelKind::Twilio, "ana", &id);
                store.accept(&note, &Habits::default()).await.unwrap();
            }
        });
        let works = (0..4).map(|_| works_on(fresh, ana));
        let erasing = async {
            fresh.store.erase(ana, event(fresh)).await.unwrap();
        };
        let ((), _, _) = futures::join!(
            erasing,
            futures::future::join_all(writes),
            futures::future::join_all(works),
        );
        nothing_is_left(fresh, ana).await;
        // What came in after it belongs to a stranger, who is answered.
        fresh.clock.advance(LEASE * 2);
        loop {
            let claims = fresh.claim().await;
            if claims.is_empty() {
                break;
            }
            for claim in claims {
                assert_ne!(claim.work.sender.tenant, ana, "round {round}");
                fresh.store.finish(&claim.lease, &Outcome::default()).await.unwrap();
            }
        }
    }
}

/// Takes what there is to do and commits an invoice for each message of a tenant, or fails to.
async fn works_on(fresh: &Fresh, tenant: TenantId) {
    let claims = fresh.store.claim(super::room(10), LEASE).await.unwrap();
    let own = claims.into_iter().filter(|claim| claim.work.sender.tenant == tenant);
    for claim in own {
        let late = received(fresh.clock.new_id().as_u128(), CANARY, "late");
        let changes = vec![Change::SaveInvoice(Box::new(late))];
        let outcome = Outcome { changes, ..replies(&[CANARY]) };
        let ended = fresh.store.finish(&claim.lease, &outcome).await;
        assert!(matches!(ended, Ok(()) | Err(StoreError::LeaseLost)), "{ended:?}");
    }
}
