//! Who wants to be reminded, and that he is only once.

use super::{Fresh, LEASE, replies};
use domain::{
    message::NewOutbound,
    outcome::{Change, Outcome},
};
use ports::{
    clock::Clock,
    store::{Accepted, Line},
};
use std::time::Duration;

/// Has somebody write something that leads to changes.
async fn does(fresh: &Fresh, from: &str, id: &str, changes: Vec<Change>) {
    fresh.accept(from, id).await;
    let claim = fresh.claim_one().await;
    let outcome = Outcome { changes, ..replies(&["done"]) };
    fresh.store.finish(&claim.lease, &outcome).await.unwrap();
    let due = fresh.store.claim_deliveries(1, LEASE).await.unwrap();
    fresh.store.mark_sent(&due[0], &format!("SM{id}")).await.unwrap();
}

/// Whoever wants it is found, and of several who look at once one tells him.
pub async fn people_who_want_it_are_reminded_once(fresh: &Fresh) {
    let store = &fresh.store;
    does(fresh, "ana", "1", vec![Change::SetReminders(true)]).await;
    does(fresh, "bob", "2", Vec::new()).await;
    does(fresh, "eve", "3", vec![Change::SetReminders(true)]).await;
    let found = store.reminded(None, 10).await.unwrap();
    assert_eq!(found.iter().map(|person| person.to.as_str()).collect::<Vec<_>>(), ["ana", "eve"]);
    let first = store.reminded(None, 1).await.unwrap();
    let rest = store.reminded(Some(first[0].sender.conversation), 10).await.unwrap();
    assert_eq!((first[0].to.as_str(), rest[0].to.as_str(), rest.len()), ("ana", "eve", 1));
    let ana = &found[0];
    assert_eq!((ana.last, ana.heard_at), (None, fresh.clock.now()));

    fresh.clock.advance(Duration::from_secs(60));
    let (now, note) = (fresh.clock.now(), NewOutbound::text("due tomorrow"));
    let (one, other) =
        tokio::join!(store.remind(ana, now, Some(&note)), store.remind(ana, now, Some(&note)));
    assert_eq!(usize::from(one.unwrap()) + usize::from(other.unwrap()), 1);
    let due = store.claim_deliveries(10, LEASE).await.unwrap();
    assert_eq!(due.len(), 1);
    assert_eq!(
        (due[0].outbound.to.as_str(), due[0].outbound.text.as_str()),
        ("ana", "due tomorrow")
    );
    assert_eq!(due[0].outbound.from, ana.from);
    store.mark_sent(&due[0], "SM9").await.unwrap();
    let said = store.transcript(ana.sender.conversation, 0).await.unwrap();
    assert!(matches!(&said[2].line, Line::Billhook(reply) if reply.text == "due tomorrow"));

    let again = store.reminded(None, 10).await.unwrap();
    assert_eq!(again[0].last, Some(now));
    fresh.clock.advance(Duration::from_secs(60));
    assert!(store.remind(&again[0], fresh.clock.now(), None).await.unwrap(), "nothing to tell");
    assert!(store.claim_deliveries(10, LEASE).await.unwrap().is_empty());
    // What he writes next has its place behind it.
    does(fresh, "ana", "4", Vec::new()).await;
    assert_eq!(store.transcript(ana.sender.conversation, 0).await.unwrap().len(), 5);
}

/// Whoever takes it back, wants to hear nothing, or has had everything deleted, is not found any more, nor
/// told by somebody who had found him before.
pub async fn who_wants_to_hear_nothing_is_not_reminded(fresh: &Fresh) {
    let store = &fresh.store;
    for (id, change) in [("1", Change::SetReminders(false)), ("2", Change::SetSilence(true))] {
        does(fresh, id, &format!("{id} on"), vec![Change::SetReminders(true)]).await;
        let found = store.reminded(None, 10).await.unwrap();
        assert_eq!(found.len(), 1);
        does(fresh, id, &format!("{id} off"), vec![change]).await;
        let note = NewOutbound::text("due");
        assert!(!store.remind(&found[0], fresh.clock.now(), Some(&note)).await.unwrap());
        assert!(store.reminded(None, 10).await.unwrap().is_empty());
    }
    does(fresh, "3", "3 on", vec![Change::SetReminders(true)]).await;
    let found = store.reminded(None, 10).await.unwrap();
    let event = domain::ids::EventId(fresh.clock.new_id());
    store.erase(found[0].sender.tenant, event).await.unwrap();
    let note = NewOutbound::text("due");
    assert!(!store.remind(&found[0], fresh.clock.now(), Some(&note)).await.unwrap());
    assert!(store.reminded(None, 10).await.unwrap().is_empty());
    assert!(matches!(fresh.accept("3", "3 on").await, Accepted::Duplicate(_)));
}
