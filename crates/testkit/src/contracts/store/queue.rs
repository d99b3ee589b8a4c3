//! Work is handed out in order, under leases that fence.

use super::{Fresh, LEASE, message, replies};
use domain::{
    conversation::Conversation,
    message::{Attachment, AttachmentSource, ChannelKind, NewInbound, NewOutbound},
    outcome::{Change, Outcome},
    tenant::{Habits, Language},
};
use ports::store::{Burial, Claim, JobState, QueueCounts, Room, StoreError};
use std::time::Duration;

fn text(claim: &Claim) -> &str {
    &claim.work.inbound.message.text
}

/// F43: one conversation one at a time, in order; another one beside it.
pub async fn a_conversation_is_answered_in_order_and_others_beside_it(fresh: &Fresh) {
    for id in ["a1", "a2", "a3"] {
        fresh.accept("ana", id).await;
    }
    fresh.accept("bob", "b1").await;
    let claims = fresh.claim().await;
    assert_eq!(claims.iter().map(text).collect::<Vec<_>>(), ["text of a1", "text of b1"]);
    assert!(fresh.claim().await.is_empty(), "the rest waits for its elders");
    for expected in ["text of a2", "text of a3"] {
        let open = claims.iter().find(|claim| text(claim) == "text of a1").unwrap();
        let done = fresh.store.finish(&open.lease, &replies(&[])).await;
        // The second round finds the first lease used up already.
        assert_eq!(done.is_ok(), expected == "text of a2");
        let next = fresh.claim_one().await;
        assert_eq!(text(&next), expected);
        fresh.store.finish(&next.lease, &replies(&[])).await.unwrap();
    }
    let counts = fresh.store.counts().await.unwrap();
    assert_eq!(counts, QueueCounts { open: 1, dead: 0, outbox: 0 });
}

/// Returns a message of one file and this text.
fn photo(from: &str, id: &str, text: &str) -> NewInbound {
    let attachment = Attachment {
        source: AttachmentSource::Remote("https://media.invalid/1".to_owned()),
        name: String::new(),
        claimed_type: "image/jpeg".to_owned(),
    };
    let photo = message(ChannelKind::Twilio, from, id);
    NewInbound { attachments: vec![attachment], text: text.to_owned(), ..photo }
}

/// F44: a picture and its caption may come as two messages; one turn answers both.
pub async fn f44_a_text_right_behind_files_belongs_to_them(fresh: &Fresh) {
    let within = Duration::from_secs(2);
    let accept = async |message: &NewInbound| {
        fresh.store.accept(message, &Habits::default()).await.unwrap();
    };
    let behind = async |claim: &Claim| fresh.store.text_behind(&claim.lease, within).await.unwrap();
    let caption = async |claim: &Claim| behind(claim).await.map(|behind| behind.text);
    accept(&photo("ana", "a1", "")).await;
    let first = fresh.claim_one().await;
    assert_eq!(caption(&first).await, None, "nothing has come yet");
    fresh.clock.advance(Duration::from_secs(1));
    fresh.accept("ana", "a2").await;
    fresh.accept("ana", "a3").await;
    let text = behind(&first).await.unwrap();
    assert_eq!((text.text.as_str(), text.is_joined), ("text of a2", false));
    fresh.store.join(&first.lease, &text).await.unwrap();
    // Whoever goes on with it after a crash is told the same, and of no other text.
    fresh.clock.advance(LEASE);
    let again = fresh.claim_one().await;
    let joined = behind(&again).await.unwrap();
    assert_eq!((joined.text.as_str(), joined.is_joined), ("text of a2", true));
    let late = fresh.store.text_behind(&first.lease, within).await;
    assert!(matches!(late, Err(StoreError::LeaseLost)));
    assert!(matches!(fresh.store.join(&first.lease, &text).await, Err(StoreError::LeaseLost)));
    fresh.store.finish(&again.lease, &replies(&["both"])).await.unwrap();
    let next = fresh.claim_one().await;
    assert_eq!(next.work.inbound.message.text, "text of a3");
    fresh.store.finish(&next.lease, &replies(&[])).await.unwrap();

    // Another picture is none, and neither is what is written later.
    accept(&photo("ana", "a4", "")).await;
    accept(&photo("ana", "a5", "mine")).await;
    let first = fresh.claim_one().await;
    assert_eq!(caption(&first).await, None);
    fresh.store.finish(&first.lease, &replies(&[])).await.unwrap();
    fresh.clock.advance(within + Duration::from_millis(1));
    fresh.accept("ana", "a6").await;
    let second = fresh.claim_one().await;
    assert_eq!(second.work.inbound.message.text, "mine");
    assert_eq!(caption(&second).await, None);
}

/// What waits for a reader of files holds nobody up who writes, and the other way round.
pub async fn words_are_handed_out_beside_files_that_there_is_no_room_for(fresh: &Fresh) {
    for id in ["f1", "f2"] {
        let photo = photo(id, id, &format!("text of {id}"));
        fresh.store.accept(&photo, &Habits::default()).await.unwrap();
    }
    fresh.accept("ana", "a1").await;
    let claimed = async |words, files| {
        let claims = fresh.store.claim(Room { words, files, again: 0 }, LEASE).await.unwrap();
        claims.iter().map(|claim| text(claim).to_owned()).collect::<Vec<_>>()
    };
    assert!(claimed(0, 0).await.is_empty());
    assert_eq!(claimed(9, 0).await, ["text of a1"]);
    assert_eq!(claimed(9, 1).await, ["text of f1"]);
    assert!(claimed(9, 0).await.is_empty());
    assert_eq!(claimed(0, 9).await, ["text of f2"]);
    // The process ends: what it had in hand is handed out again a few at a time.
    fresh.clock.advance(LEASE);
    assert!(claimed(9, 9).await.is_empty());
    let again = fresh.store.claim(Room { words: 0, files: 0, again: 2 }, LEASE).await.unwrap();
    assert_eq!(again.iter().map(|claim| claim.attempts).collect::<Vec<_>>(), [2, 2]);
}

/// F03: a worker that slept through its lease writes nothing.
pub async fn an_expired_lease_passes_on_and_fences_the_first_worker(fresh: &Fresh) {
    fresh.accept("ana", "a1").await;
    let slow = fresh.claim_one().await;
    fresh.clock.advance(LEASE - Duration::from_millis(1));
    assert!(fresh.claim().await.is_empty(), "the lease still runs");
    fresh.clock.advance(Duration::from_millis(1));
    let second = fresh.claim_one().await;
    assert_eq!((slow.attempts, second.attempts), (1, 2));
    assert_eq!(slow.lease.job, second.lease.job);

    let late = fresh.store.finish(&slow.lease, &replies(&["late"])).await;
    assert!(matches!(late, Err(StoreError::LeaseLost)));
    assert!(matches!(fresh.store.heartbeat(&slow.lease, LEASE).await, Err(StoreError::LeaseLost)));
    assert!(matches!(fresh.store.release(&slow.lease, LEASE).await, Err(StoreError::LeaseLost)));
    fresh.store.finish(&second.lease, &replies(&["in time"])).await.unwrap();
    let said = fresh.store.replies_to(second.work.inbound.id).await.unwrap();
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].text, "in time");
    let again = fresh.store.finish(&second.lease, &replies(&["twice"])).await;
    assert!(matches!(again, Err(StoreError::LeaseLost)), "a job ends once");
}

/// A worker that is alive keeps its work.
pub async fn a_heartbeat_keeps_the_lease(fresh: &Fresh) {
    fresh.accept("ana", "a1").await;
    let claim = fresh.claim_one().await;
    for _ in 0..5 {
        fresh.clock.advance(LEASE / 2);
        fresh.store.heartbeat(&claim.lease, LEASE).await.unwrap();
        assert!(fresh.claim().await.is_empty());
    }
    fresh.store.finish(&claim.lease, &replies(&[])).await.unwrap();
}

/// F04: after three crashes the job is handed out once more, to be buried with an apology.
pub async fn the_third_crash_comes_back_to_be_buried(fresh: &Fresh) {
    fresh.accept("ana", "a1").await;
    fresh.accept("ana", "a2").await;
    for attempts in 1..=3 {
        assert_eq!(fresh.claim_one().await.attempts, attempts);
        fresh.clock.advance(LEASE);
    }
    let last = fresh.claim_one().await;
    assert_eq!(last.attempts, 4);
    let burial = Burial {
        step: "crash",
        error_class: "aborted".to_owned(),
        apology: NewOutbound::text("sorry"),
    };
    fresh.store.bury(&last.lease, &burial).await.unwrap();
    assert!(matches!(fresh.store.bury(&last.lease, &burial).await, Err(StoreError::LeaseLost)));
    let id = last.work.inbound.id;
    assert_eq!(fresh.store.state_of(id).await.unwrap(), Some(JobState::Dead));
    assert_eq!(fresh.store.replies_to(id).await.unwrap()[0].text, "sorry");
    let counts = fresh.store.counts().await.unwrap();
    assert_eq!(counts, QueueCounts { open: 1, dead: 1, outbox: 1 });
    assert_eq!(text(&fresh.claim_one().await), "text of a2", "the next one goes on");
}

/// A job that waits for a retry holds back the younger ones of its conversation.
pub async fn a_released_job_waits_its_time_and_holds_its_juniors(fresh: &Fresh) {
    fresh.accept("ana", "a1").await;
    fresh.accept("ana", "a2").await;
    let claim = fresh.claim_one().await;
    fresh.store.release(&claim.lease, Duration::from_secs(5)).await.unwrap();
    fresh.accept("ana", "a3").await;
    assert!(fresh.claim().await.is_empty());
    fresh.clock.advance(Duration::from_secs(5));
    let again = fresh.claim_one().await;
    assert_eq!((text(&again), again.attempts), ("text of a1", 2));
}

/// F63: who sends too much waits, is told so, and has lost no attempt by it.
pub async fn a_postponed_job_keeps_its_attempts_and_its_place(fresh: &Fresh) {
    fresh.accept("ana", "a1").await;
    fresh.accept("ana", "a2").await;
    let notice = NewOutbound::text("one after another");
    for round in 0..5 {
        let claim = fresh.claim_one().await;
        assert_eq!((text(&claim), claim.attempts), ("text of a1", 1));
        let notice = (round == 0).then_some(&notice);
        fresh.store.postpone(&claim.lease, Duration::from_secs(5), notice).await.unwrap();
        let late = fresh.store.postpone(&claim.lease, Duration::ZERO, None).await;
        assert!(matches!(late, Err(StoreError::LeaseLost)));
        assert!(fresh.claim().await.is_empty());
        fresh.clock.advance(Duration::from_secs(5));
    }
    let claim = fresh.claim_one().await;
    fresh.store.finish(&claim.lease, &replies(&["hello"])).await.unwrap();
    let said = fresh.store.replies_to(claim.work.inbound.id).await.unwrap();
    let said: Vec<_> = said.iter().map(|reply| reply.text.as_str()).collect();
    assert_eq!(said, ["one after another", "hello"]);
    assert_eq!(text(&fresh.claim_one().await), "text of a2");
}

/// After a restart of the only process nothing waits for old leases to end.
pub async fn a_lone_process_takes_all_work_back(fresh: &Fresh) {
    fresh.accept("ana", "a1").await;
    fresh.accept("bob", "b1").await;
    let claims = fresh.claim().await;
    fresh.store.finish(&claims[0].lease, &replies(&["hello"])).await.unwrap();
    assert_eq!(fresh.store.claim_deliveries(10, LEASE).await.unwrap().len(), 1);
    assert_eq!(fresh.store.reclaim_all().await.unwrap(), 2);
    let again = fresh.claim_one().await;
    assert_eq!(again.attempts, 2);
    let lost = fresh.store.finish(&claims[1].lease, &replies(&[])).await;
    assert!(matches!(lost, Err(StoreError::LeaseLost)));
    let delivery = &fresh.store.claim_deliveries(10, LEASE).await.unwrap()[0];
    assert!(delivery.unclear_since.is_some(), "it may have left before the crash");
}

/// What one turn leaves behind is what the next one starts from.
pub async fn memory_and_habits_reach_the_next_turn(fresh: &Fresh) {
    fresh.accept("ana", "a1").await;
    fresh.accept("ana", "a2").await;
    let first = fresh.claim_one().await;
    assert_eq!(first.work.conversation, Conversation::default());
    let mut conversation = Conversation::default();
    conversation.remember("how much?", "12.00 EUR");
    let habits = Habits { language: Some(Language::Nl), ..first.work.sender.habits.clone() };
    let outcome = Outcome {
        changes: vec![Change::SetHabits(habits.clone())],
        replies: Vec::new(),
        conversation: conversation.clone(),
    };
    fresh.store.finish(&first.lease, &outcome).await.unwrap();
    let next = fresh.claim_one().await;
    assert_eq!(next.work.conversation, conversation);
    assert_eq!(next.work.sender.habits, habits);
}
