//! Many at once: nothing is done twice, and nothing is left behind.

use super::{Fresh, LEASE, changes::issue, message, replies, room};
use domain::{
    ids::TenantId,
    message::{ChannelKind, OWNER},
    outcome::Outcome,
    tenant::Habits,
};
use ports::store::{Claim, Room, Store, StoreError};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::task::JoinSet;

/// How many work at the same time.
const WORKERS: usize = 6;
/// How long all of them together may take before something must be stuck.
const PATIENCE: Duration = Duration::from_secs(120);

/// Takes in so many messages of each of these people, all at once.
async fn flood(fresh: &Fresh, people: &[(ChannelKind, &str)], each: usize) {
    let mut arriving = JoinSet::new();
    for (channel, from) in people {
        for count in 0..each {
            let message = message(*channel, from, &format!("{channel:?}-{from}-{count}"));
            let store = Arc::clone(&fresh.store);
            arriving.spawn(async move { store.accept(&message, &Habits::default()).await });
        }
    }
    while let Some(accepted) = arriving.join_next().await {
        accepted.unwrap().unwrap();
    }
}

/// Runs a task on every worker until all have ended.
async fn together<F>(fresh: &Fresh, work: impl Fn(Arc<dyn Store>) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut running = JoinSet::new();
    for _ in 0..WORKERS {
        running.spawn(work(Arc::clone(&fresh.store)));
    }
    let all = async {
        while let Some(ended) = running.join_next().await {
            ended.unwrap()
        }
    };
    assert!(tokio::time::timeout(PATIENCE, all).await.is_ok(), "something is stuck");
}

/// Ends a turn with the next invoice of a book, however often somebody else is faster.
async fn issue_next(store: &dyn Store, tenant: TenantId, claim: &Claim) {
    let id = claim.work.inbound.id.0.as_u128();
    let mut result = Err(StoreError::Conflict);
    while matches!(result, Err(StoreError::Conflict)) {
        let next = store.next_sequence(tenant, 2025).await.unwrap();
        let outcome = Outcome { changes: issue(id, 2025, next), ..Outcome::default() };
        result = store.finish(&claim.lease, &outcome).await;
    }
    result.unwrap();
}

/// Turns in two conversations of one book issue invoices at the same time: the series has neither
/// gaps nor doubles.
pub async fn two_conversations_of_a_book_never_take_one_number_twice(fresh: &Fresh) {
    let channels = [(ChannelKind::WebChat, OWNER), (ChannelKind::Api, OWNER)];
    flood(fresh, &channels, 12).await;
    let tenant = fresh.store.sender(ChannelKind::WebChat, OWNER, &Habits::default()).await;
    let tenant = tenant.unwrap().tenant;
    together(fresh, |store| async move {
        while store.counts().await.unwrap().open > 0 {
            for claim in store.claim(room(1), LEASE).await.unwrap() {
                issue_next(&*store, tenant, &claim).await;
            }
        }
    })
    .await;
    assert_eq!(fresh.store.next_sequence(tenant, 2025).await.unwrap(), 25);
    let mut numbers: Vec<_> = fresh.store.page(tenant, None, 100).await.unwrap();
    numbers.sort_by(|one, other| one.number.cmp(&other.number));
    numbers.dedup_by(|one, other| one.number == other.number);
    assert_eq!(numbers.len(), 24);
}

/// Messages come in while others are answered and replies leave: each is answered once, in its
/// order, and nothing waits for ever.
pub async fn a_crowd_is_answered_once_in_order_and_nobody_is_forgotten(fresh: &Fresh) {
    let people = ["ana", "bob", "cleo", "dan", "eve"].map(|from| (ChannelKind::Twilio, from));
    flood(fresh, &people, 3).await;
    let sent: Arc<std::sync::Mutex<BTreeMap<String, Vec<String>>>> = Arc::default();
    let book = Arc::clone(&sent);
    let late = flood(fresh, &people, 8);
    let work = together(fresh, move |store| {
        let sent = Arc::clone(&book);
        async move {
            let mut idle = 0;
            // A queue that is empty may be about to be filled.
            while idle < 5 {
                let claims = store.claim(room(2), LEASE).await.unwrap();
                let deliveries = store.claim_deliveries(2, LEASE).await.unwrap();
                let counts = store.counts().await.unwrap();
                let is_idle = claims.is_empty() && counts.open == 0 && counts.outbox == 0;
                idle = if is_idle { idle + 1 } else { 0 };
                for claim in claims {
                    assert_eq!(claim.attempts, 1, "done twice");
                    let text = claim.work.inbound.message.text;
                    store.finish(&claim.lease, &replies(&[&text, "more"])).await.unwrap();
                }
                for delivery in deliveries {
                    let reply = delivery.outbound.clone();
                    sent.lock().unwrap().entry(reply.to).or_default().push(reply.text);
                    store.mark_sent(&delivery, &delivery.token.to_string()).await.unwrap();
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        }
    });
    tokio::join!(late, work);
    let sent = sent.lock().unwrap();
    for (_, from) in people {
        let said = &sent[from];
        assert_eq!(said.len(), 16, "{said:?}");
        assert!(said.iter().skip(1).step_by(2).all(|text| text == "more"), "{said:?}");
    }
}

/// Turns end together, among them some whose work has passed to others: those change nothing, and
/// everybody hears what he was told once and in order.
pub async fn turns_that_end_at_once_end_once(fresh: &Fresh) {
    let people: Vec<String> = (0..40).map(|person| format!("person {person}")).collect();
    let people: Vec<_> = people.iter().map(|from| (ChannelKind::Twilio, from.as_str())).collect();
    flood(fresh, &people, 2).await;
    let first = fresh.store.claim(room(40), LEASE).await.unwrap();
    fresh.clock.advance(LEASE);
    let again = Room { words: 0, files: 0, again: 15 };
    let second = fresh.store.claim(again, LEASE).await.unwrap();
    assert_eq!((first.len(), second.len()), (40, 15));
    let mut ending = JoinSet::new();
    for (claim, word) in first
        .iter()
        .map(|claim| (claim, "first"))
        .chain(second.iter().map(|claim| (claim, "second")))
    {
        let (store, lease) = (Arc::clone(&fresh.store), claim.lease.clone());
        ending.spawn(async move { store.finish(&lease, &replies(&[word, "more"])).await });
    }
    let mut lost = 0;
    while let Some(ended) = ending.join_next().await {
        match ended.unwrap() {
            Ok(()) => {}
            Err(StoreError::LeaseLost) => lost += 1,
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(lost, 15);
    for claim in &first {
        let said = fresh.store.replies_to(claim.work.inbound.id).await.unwrap();
        let said: Vec<_> = said.iter().map(|reply| reply.text.as_str()).collect();
        let passed_on = second.iter().any(|other| other.lease.job == claim.lease.job);
        assert_eq!(said, [if passed_on { "second" } else { "first" }, "more"]);
    }
    for word in [None, Some("more")] {
        let due = fresh.store.claim_deliveries(100, LEASE).await.unwrap();
        assert_eq!(due.len(), 40, "one of each conversation");
        let mut sending = JoinSet::new();
        for delivery in due {
            assert!(word.is_none_or(|word| delivery.outbound.text == word));
            let store = Arc::clone(&fresh.store);
            sending.spawn(async move { store.mark_sent(&delivery, "SM1").await });
        }
        while let Some(sent) = sending.join_next().await {
            sent.unwrap().unwrap();
        }
    }
    assert!(fresh.store.claim_deliveries(100, LEASE).await.unwrap().is_empty());
    assert_eq!(fresh.store.claim(room(100), LEASE).await.unwrap().len(), 40, "the next of each");
}
