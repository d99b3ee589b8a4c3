//! S86: what is not to be kept any longer goes, and nothing else.

use super::{Fresh, LEASE, book::received, message, replies};
use domain::{
    conversation::Conversation,
    document::ContentHash,
    ids::{ConversationId, TenantId},
    invoice::Invoice,
    message::{Attachment, AttachmentSource, ChannelKind, NewFile, NewOutbound},
    outcome::{Change, Outcome},
    tenant::Habits,
    vendor_memory::Trace,
};
use jiff::Timestamp;
use ports::{
    clock::Clock,
    model::Usage,
    store::{Accepted, Kept, Line, Remembered},
};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Deletes what came before an instant, two rows at a time, and returns how much it was.
async fn forget(fresh: &Fresh, what: Kept, before: Timestamp) -> u64 {
    let (mut after, mut count) = (None, 0);
    loop {
        let page = fresh.store.forget(what, before, after.as_deref(), 2).await.unwrap();
        count += page.count;
        after = page.next;
        if after.is_none() {
            return count;
        }
    }
}

/// Has somebody write, and answers.
async fn talks(fresh: &Fresh, from: &str, id: &str, is_silent: bool) -> ConversationId {
    let mut note = message(ChannelKind::Twilio, from, id);
    note.text = format!("text of {id}");
    fresh.store.accept(&note, &Habits::default()).await.unwrap();
    let claim = fresh.claim_one().await;
    let mut conversation = Conversation { is_silent, ..Conversation::default() };
    conversation.remember(&note.text, "said");
    let outcome = Outcome { conversation, ..replies(&["said"]) };
    fresh.store.finish(&claim.lease, &outcome).await.unwrap();
    let due = fresh.store.claim_deliveries(1, LEASE).await.unwrap();
    fresh.store.mark_sent(&due[0], &format!("SM{id}")).await.unwrap();
    claim.work.sender.conversation
}

/// Returns the texts of a conversation from either side.
async fn said(fresh: &Fresh, conversation: ConversationId) -> Vec<String> {
    let lines = fresh.store.transcript(conversation, 0).await.unwrap();
    let text = |line: Line| match line {
        Line::User(inbound) => inbound.message.text,
        Line::Billhook(outbound) => outbound.text,
    };
    lines.into_iter().map(|said| text(said.line)).collect()
}

/// Old messages and replies lose their content, and stay known; what was remembered goes with the last of
/// a conversation, but not that its person wants to hear nothing more.
pub async fn s86_what_is_old_and_over_loses_its_content(fresh: &Fresh) {
    let ana = talks(fresh, "ana", "1", false).await;
    let eve = talks(fresh, "eve", "2", true).await;
    let bob = talks(fresh, "bob", "3", false).await;
    fresh.clock.advance(DAY * 30);
    let between = fresh.clock.now();
    fresh.clock.advance(DAY);
    talks(fresh, "bob", "4", false).await;

    assert_eq!(forget(fresh, Kept::Messages, between).await, 3);
    assert_eq!(forget(fresh, Kept::Replies, between).await, 3);
    assert_eq!(forget(fresh, Kept::Messages, between).await, 0, "it is done");
    assert!(said(fresh, ana).await.is_empty());
    assert!(said(fresh, eve).await.is_empty());
    assert_eq!(said(fresh, bob).await, ["text of 4", "said"]);
    assert!(matches!(fresh.accept("ana", "1").await, Accepted::Duplicate(_)));

    for (from, exchanges, is_silent) in [("ana", 0, false), ("eve", 0, true), ("bob", 1, false)] {
        fresh.accept(from, &format!("{from} again")).await;
        let claim = fresh.claim_one().await;
        let memory = &claim.work.conversation;
        assert_eq!((memory.exchanges.len(), memory.is_silent), (exchanges, is_silent), "{from}");
        fresh.store.finish(&claim.lease, &replies(&["hello"])).await.unwrap();
    }
}

/// A message without an end, and a reply that has not left, stay whole however old they are, and so do files
/// meanwhile.
pub async fn s86_what_still_waits_is_not_touched(fresh: &Fresh) {
    fresh.accept("ana", "1").await;
    let claim = fresh.claim_one().await;
    fresh.store.keep_file(&claim.lease, ContentHash([1; 32])).await.unwrap();
    fresh.store.release(&claim.lease, Duration::ZERO).await.unwrap();
    fresh.clock.advance(DAY * 100);
    for what in [Kept::Messages, Kept::Replies, Kept::Files] {
        assert_eq!(forget(fresh, what, fresh.clock.now()).await, 0, "{what:?}");
    }
    let claim = fresh.claim_one().await;
    assert_eq!(claim.work.inbound.message.from, "ana");
    fresh.store.finish(&claim.lease, &replies(&["late"])).await.unwrap();
    fresh.clock.advance(DAY * 100);
    for what in [Kept::Messages, Kept::Replies, Kept::Files] {
        assert_eq!(
            forget(fresh, what, fresh.clock.now()).await,
            0,
            "{what:?} of a reply that waits"
        );
    }
    let due = fresh.store.claim_deliveries(1, LEASE).await.unwrap();
    fresh.store.mark_sent(&due[0], "SM1").await.unwrap();
    for what in [Kept::Messages, Kept::Replies, Kept::Files] {
        assert_eq!(forget(fresh, what, fresh.clock.now()).await, 1, "{what:?} that is over");
    }
}

/// Has ana send three files, of which one becomes an invoice and two are looked at.
async fn brings_files(fresh: &Fresh, [booked, stray, again]: [ContentHash; 3]) -> TenantId {
    let mut note = message(ChannelKind::WebChat, "ana", "1");
    let attachment = |hash| Attachment {
        source: AttachmentSource::Stored(hash),
        name: String::new(),
        claimed_type: String::new(),
    };
    note.attachments = vec![attachment(booked), attachment(stray), attachment(again)];
    fresh.store.accept(&note, &Habits::default()).await.unwrap();
    let claim = fresh.claim_one().await;
    let tenant = claim.work.sender.tenant;
    for hash in [booked, stray, again] {
        fresh.store.keep_file(&claim.lease, hash).await.unwrap();
    }
    let trace =
        |document| Trace { document, fingerprint: None, keys: Vec::new(), rows: Vec::new() };
    let invoice = Invoice { document: Some(booked), ..received(1, "Shell", "1") };
    let outcome = Outcome {
        changes: vec![
            Change::SaveInvoice(Box::new(invoice)),
            Change::KeepTrace(Box::new(trace(booked))),
            Change::KeepTrace(Box::new(trace(stray))),
        ],
        ..replies(&["saved"])
    };
    fresh.store.finish(&claim.lease, &outcome).await.unwrap();
    let answer = Remembered { text: "read", model: "m", usage: Usage::default() };
    fresh.store.remember(tenant, stray, &answer).await.unwrap();
    tenant
}

/// Files that no invoice has go, with what they showed and what models said; those of invoices stay, and
/// whoever sends a file again has it for as long again.
pub async fn s86_files_go_unless_an_invoice_has_them(fresh: &Fresh) {
    let [booked, stray, again] = [1, 2, 3].map(|byte| ContentHash([byte; 32]));
    let tenant = brings_files(fresh, [booked, stray, again]).await;

    fresh.clock.advance(DAY * 80);
    fresh
        .store
        .accept(&message(ChannelKind::WebChat, "ana", "2"), &Habits::default())
        .await
        .unwrap();
    let claim = fresh.claim_one().await;
    fresh.store.keep_file(&claim.lease, again).await.unwrap();
    let file = NewFile {
        name: "a.csv".into(),
        media_type: "text/csv".into(),
        hash: ContentHash([4; 32]),
        bytes: Vec::new(),
    };
    fresh.store.keep_file(&claim.lease, file.hash).await.unwrap();
    let reply = NewOutbound { file: Some(file), ..NewOutbound::text("a list") };
    let outcome = Outcome { replies: vec![reply], ..Outcome::default() };
    fresh.store.finish(&claim.lease, &outcome).await.unwrap();
    fresh.clock.advance(DAY * 20);

    let before = fresh.clock.now().checked_sub(jiff::SignedDuration::from_hours(90 * 24)).unwrap();
    assert_eq!(forget(fresh, Kept::Files, before).await, 1);
    assert_eq!(fresh.store.files_to_delete(10).await.unwrap(), [stray]);
    assert!(fresh.store.trace(tenant, stray).await.unwrap().is_none());
    assert!(fresh.store.trace(tenant, booked).await.unwrap().is_some());
    for hash in [booked, again, ContentHash([4; 32])] {
        assert!(fresh.store.is_kept(hash).await.unwrap());
    }
    let unknown = ContentHash([9; 32]);
    assert_eq!(fresh.store.strays_among(&[booked, unknown, again]).await.unwrap(), [unknown]);
    assert_eq!(forget(fresh, Kept::Answers, before).await, 1);
    assert!(fresh.store.recall(tenant, stray).await.unwrap().is_none());

    fresh.clock.advance(DAY * 90);
    assert_eq!(
        forget(fresh, Kept::Files, fresh.clock.now()).await,
        2,
        "the list and the other file"
    );
    assert!(fresh.store.is_kept(booked).await.unwrap());
}
