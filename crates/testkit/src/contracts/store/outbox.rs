//! Replies leave in order, once, and an unclear one is known as such.

use super::{Fresh, LEASE, message, replies};
use domain::{
    document::ContentHash,
    ids::{ConversationId, OutboundId},
    message::{Button, ChannelKind, NewFile, NewInbound, NewOutbound},
    outcome::Outcome,
    tenant::Habits,
};
use ports::store::{Arrival, Connections, Delivery, Line, Oldest, StoreError};
use std::time::Duration;

async fn answer(fresh: &Fresh, from: &str, provider_id: &str, texts: &[&str]) {
    fresh.accept(from, provider_id).await;
    let claim = fresh.claim_one().await;
    fresh.store.finish(&claim.lease, &replies(texts)).await.unwrap();
}

async fn due(fresh: &Fresh) -> Vec<Delivery> {
    fresh.store.claim_deliveries(100, LEASE).await.unwrap()
}

fn texts(deliveries: &[Delivery]) -> Vec<&str> {
    deliveries.iter().map(|delivery| delivery.outbound.text.as_str()).collect()
}

/// Never two of one conversation at a time; others beside it.
pub async fn replies_leave_one_after_the_other_in_a_conversation(fresh: &Fresh) {
    answer(fresh, "ana", "a1", &["1", "2"]).await;
    answer(fresh, "ana", "a2", &["3"]).await;
    answer(fresh, "bob", "b1", &["b"]).await;
    let first = due(fresh).await;
    assert_eq!(texts(&first), ["1", "b"]);
    assert_eq!((first[0].attempts, first[0].unclear_since), (0, None));
    assert_eq!(first[0].outbound.to, "ana");
    assert_eq!(first[0].outbound.from, "whatsapp:+15550000000");
    assert!(due(fresh).await.is_empty());
    let since = ports::clock::Clock::now(&*fresh.clock);
    fresh.store.mark_sent(&first[0], "SM1").await.unwrap();
    let again = fresh.store.mark_sent(&first[0], "SM1").await;
    assert!(matches!(again, Err(StoreError::LeaseLost)));
    let second = due(fresh).await;
    assert_eq!(texts(&second), ["2"]);
    fresh.store.mark_sent(&second[0], "SM2").await.unwrap();
    assert_eq!(texts(&due(fresh).await), ["3"]);
    assert_eq!(fresh.store.sent_ids("ana", since).await.unwrap(), ["SM1", "SM2"]);
    assert!(fresh.store.sent_ids("bob", since).await.unwrap().is_empty());
    assert_eq!(fresh.store.counts().await.unwrap().outbox, 2);
}

/// What waits longest is known while it waits, and the trace of a message goes on with its reply.
pub async fn the_oldest_is_known_and_a_trace_goes_on(fresh: &Fresh) {
    const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let now = || Some(ports::clock::Clock::now(&*fresh.clock));
    assert_eq!(fresh.store.oldest().await.unwrap(), Oldest::default());
    let asked = now();
    let traced =
        NewInbound { trace: Some(TRACE.to_owned()), ..message(ChannelKind::Twilio, "ana", "a1") };
    fresh.store.accept(&traced, &Habits::default()).await.unwrap();
    fresh.clock.advance(LEASE);
    fresh.accept("bob", "b1").await;
    let oldest = fresh.store.oldest().await.unwrap();
    assert_eq!(oldest, Oldest { message: asked, reply: None });

    let answered = now();
    for claim in fresh.claim().await {
        let texts: &[&str] = if claim.work.inbound.message.trace.is_some() { &["1"] } else { &[] };
        fresh.store.finish(&claim.lease, &replies(texts)).await.unwrap();
    }
    fresh.clock.advance(LEASE);
    let oldest = fresh.store.oldest().await.unwrap();
    assert_eq!(oldest, Oldest { message: None, reply: answered });
    let delivery = due(fresh).await.remove(0);
    assert_eq!(delivery.trace.as_deref(), Some(TRACE));
    fresh.store.mark_sent(&delivery, "SM1").await.unwrap();
    assert_eq!(fresh.store.oldest().await.unwrap(), Oldest::default());
}

/// Connections are counted by what they are for, and no more are open than there may be.
pub async fn connections_are_counted(fresh: &Fresh) {
    fresh.store.ping().await.unwrap();
    let connections = fresh.store.connections();
    let mut open = connections.iter().map(|connections| connections.open);
    assert!(open.any(|open| open > 0), "{connections:?}");
    let is_sound = |each: &Connections| each.idle <= each.open && each.open <= each.most;
    assert!(connections.iter().all(is_sound), "{connections:?}");
    assert!(connections.iter().any(|each| each.purpose == "write"), "{connections:?}");
}

/// A worker that dies between begin and end leaves a mark.
pub async fn a_crash_in_mid_send_is_marked_unclear(fresh: &Fresh) {
    answer(fresh, "ana", "a1", &["1"]).await;
    let begun = ports::clock::Clock::now(&*fresh.clock);
    let lost = due(fresh).await;
    fresh.clock.advance(LEASE);
    let again = due(fresh).await;
    assert_eq!((again[0].attempts, again[0].unclear_since), (1, Some(begun)));
    let late = fresh.store.mark_sent(&lost[0], "SM1").await;
    assert!(matches!(late, Err(StoreError::LeaseLost)));
    fresh.store.mark_sent(&again[0], "SM1").await.unwrap();
    assert_eq!(fresh.store.counts().await.unwrap().outbox, 0);
}

/// A clear failure can be repeated; an unclear one must be looked up.
pub async fn a_deferred_reply_waits_and_keeps_its_mark_only_if_unclear(fresh: &Fresh) {
    answer(fresh, "ana", "a1", &["1"]).await;
    let wait = Duration::from_secs(10);
    for is_unclear in [false, true] {
        let tried = due(fresh).await;
        assert_eq!(tried[0].unclear_since, None);
        fresh.store.defer(&tried[0], wait, is_unclear).await.unwrap();
        assert!(due(fresh).await.is_empty());
        let lost = fresh.store.defer(&tried[0], wait, is_unclear).await;
        assert!(matches!(lost, Err(StoreError::LeaseLost)));
        fresh.clock.advance(wait);
    }
    let tried = due(fresh).await;
    assert_eq!(tried[0].attempts, 2);
    assert!(tried[0].unclear_since.is_some());
}

/// The look-up must reach back to the first try that may have got through.
pub async fn an_unclear_mark_reaches_back_to_the_first_try(fresh: &Fresh) {
    answer(fresh, "ana", "a1", &["1"]).await;
    let begun = ports::clock::Clock::now(&*fresh.clock);
    for _ in 0..3 {
        due(fresh).await;
        fresh.clock.advance(LEASE);
    }
    assert_eq!(due(fresh).await[0].unclear_since, Some(begun));
}

/// One refused reply does not hold the rest of the conversation.
pub async fn a_reply_that_cannot_leave_lets_the_next_go(fresh: &Fresh) {
    answer(fresh, "ana", "a1", &["1", "2"]).await;
    let first = due(fresh).await;
    fresh.store.mark_failed(&first[0], 63_016).await.unwrap();
    let next = due(fresh).await;
    assert_eq!(texts(&next), ["2"]);
    fresh.store.mark_sent(&next[0], "SM2").await.unwrap();
    assert_eq!(fresh.store.counts().await.unwrap().outbox, 0);
}

/// The web chat, programs and the command line read what was said; nothing is claimed.
pub async fn replies_that_nobody_delivers_are_readable_at_once(fresh: &Fresh) {
    for channel in [ChannelKind::WebChat, ChannelKind::Api, ChannelKind::Cli] {
        let sent = message(channel, "ana", "m1");
        fresh.store.accept(&sent, &Habits::default()).await.unwrap();
        let claim = fresh.claim_one().await;
        fresh.store.finish(&claim.lease, &replies(&["1", "2"])).await.unwrap();
        assert!(due(fresh).await.is_empty());
        let said = fresh.store.replies_to(claim.work.inbound.id).await.unwrap();
        assert_eq!(said.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), ["1", "2"]);

        let thread = claim.work.sender.conversation;
        let all = fresh.store.transcript(thread, 0).await.unwrap();
        assert!(matches!(&all[0].line, Line::User(inbound) if inbound.message == sent));
        assert!(matches!(&all[2].line, Line::Billhook(outbound) if outbound.text == "2"));
        assert!(all.is_sorted_by(|one, other| one.place < other.place));
        let rest = fresh.store.transcript(thread, all[1].place).await.unwrap();
        assert_eq!(rest.len(), 1);
    }
    assert_eq!(fresh.store.counts().await.unwrap().outbox, 0);
}

/// A file is open to its own conversation, and to whoever has its link while that is valid.
pub async fn a_file_is_found_by_its_conversation_or_its_link(fresh: &Fresh) {
    fresh.accept("ana", "a1").await;
    let claim = fresh.claim_one().await;
    let file = NewFile {
        name: "2025-0001.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        hash: ContentHash([3; 32]),
        bytes: vec![1],
    };
    let button = Button { id: "yes".to_owned(), label: "Yes".to_owned() };
    let reply =
        NewOutbound { text: String::new(), buttons: vec![button.clone()], file: Some(file) };
    let outcome = Outcome { replies: vec![reply.clone(), reply], ..Outcome::default() };
    fresh.store.finish(&claim.lease, &outcome).await.unwrap();
    let said = fresh.store.replies_to(claim.work.inbound.id).await.unwrap();
    assert_eq!(said[0].buttons, [button]);
    let (one, other) = (said[0].file.clone().unwrap(), said[1].file.clone().unwrap());
    assert_eq!((one.name.as_str(), one.hash), ("2025-0001.pdf", ContentHash([3; 32])));
    assert_ne!(one.link_token, other.link_token);
    assert!(one.link_token.len() >= 32);

    let thread = claim.work.sender.conversation;
    let found = fresh.store.file_of(thread, said[0].id).await.unwrap();
    assert_eq!(found.as_ref(), Some(&one));
    let stranger = ConversationId(said[0].id.0);
    assert_eq!(fresh.store.file_of(stranger, said[0].id).await.unwrap(), None);
    assert_eq!(fresh.store.file_by_token("").await.unwrap(), None);

    let by_link = || fresh.store.file_by_token(&one.link_token);
    assert_eq!(by_link().await.unwrap(), None, "not on its way");
    for _ in 0..2 {
        assert_eq!(due(fresh).await.len(), 1);
        assert_eq!(by_link().await.unwrap(), Some(one.clone()));
        fresh.clock.advance(Duration::from_secs(15 * 60));
        assert_eq!(by_link().await.unwrap(), None, "too late, until the next try");
    }
}

/// They come again, out of order, and before the provider's answer to the sending.
pub async fn the_first_word_about_the_arrival_of_a_reply_stands(fresh: &Fresh) {
    answer(fresh, "ana", "a1", &["1", "2"]).await;
    let note = async |delivery: &Delivery, id, arrival| {
        fresh.store.note_arrival(delivery.outbound.id, id, arrival).await.unwrap()
    };
    let first = due(fresh).await.remove(0);
    assert!(note(&first, "SM1", Arrival::Delivered).await, "before it was noted as sent");
    fresh.store.mark_sent(&first, "SM1").await.unwrap();
    assert!(!note(&first, "SM1", Arrival::Delivered).await);
    let second = due(fresh).await.remove(0);
    fresh.store.mark_sent(&second, "SM2").await.unwrap();
    assert!(!note(&second, "SM1", Arrival::Delivered).await, "another message's");
    assert!(note(&second, "SM2", Arrival::Lost { code: 63_016 }).await);
    assert!(!note(&second, "SM2", Arrival::Delivered).await);
    let nobody = OutboundId(first.outbound.conversation.0);
    assert!(!fresh.store.note_arrival(nobody, "SM1", Arrival::Delivered).await.unwrap());
}

/// Whether the provider has said so at once or later.
pub async fn what_did_not_arrive_is_counted_by_the_provider_s_code(fresh: &Fresh) {
    let begun = ports::clock::Clock::now(&*fresh.clock);
    assert!(fresh.store.undelivered(begun).await.unwrap().is_empty());
    answer(fresh, "ana", "a1", &["1", "2", "3", "4"]).await;
    for code in [21_211, 63_016] {
        let refused = due(fresh).await.remove(0);
        fresh.store.mark_failed(&refused, code).await.unwrap();
    }
    for (id, arrival) in [("SM1", Arrival::Lost { code: 63_016 }), ("SM2", Arrival::Delivered)] {
        let sent = due(fresh).await.remove(0);
        fresh.store.mark_sent(&sent, id).await.unwrap();
        fresh.store.note_arrival(sent.outbound.id, id, arrival).await.unwrap();
    }
    let codes = fresh.store.undelivered(begun).await.unwrap();
    assert_eq!(codes, [(63_016, 2), (21_211, 1)]);
    fresh.clock.advance(Duration::from_secs(1));
    let later = ports::clock::Clock::now(&*fresh.clock);
    assert!(fresh.store.undelivered(later).await.unwrap().is_empty());
}

/// The provider may have it already, from before the database went back to an earlier state.
pub async fn a_reply_to_a_message_that_was_missed_is_looked_for_before_it_is_sent(fresh: &Fresh) {
    let sent_at = ports::clock::Clock::now(&*fresh.clock);
    let missed =
        NewInbound { missed_since: Some(sent_at), ..message(ChannelKind::Twilio, "ana", "a1") };
    fresh.clock.advance(Duration::from_secs(90));
    fresh.store.accept(&missed, &Habits::default()).await.unwrap();
    let claim = fresh.claim_one().await;
    fresh.store.finish(&claim.lease, &replies(&["1"])).await.unwrap();
    answer(fresh, "bob", "b1", &["2"]).await;
    let since: Vec<_> = due(fresh).await.iter().map(|reply| reply.unclear_since).collect();
    assert_eq!(since, [Some(sent_at), None]);
}
