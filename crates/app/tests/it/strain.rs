//! A database that is slow, crowded or quarrelsome, and many who want something at once: what is
//! acknowledged is kept, and nobody waits for somebody else's model.

use crate::{
    wired::{BEN, Wired, assert_clean, files, from, kept, status, twilio, with_files},
    world::{ANA, World, eventually, message, sid},
};
use sqlx::PgPool;
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};
use testkit::standin::{
    Fault,
    line::Mishap,
    openai::{API_KEY, OpenAiStandIn, Says},
};

/// A provider gives up on a webhook after this.
const PROVIDER_WAITS: Duration = Duration::from_secs(15);

/// Returns the number of somebody.
fn person(number: u32) -> String {
    format!("whatsapp:+1500555{number:05}")
}

/// Sends a greeting from each of many people at once and returns the statuses.
async fn greet(world: &World, people: std::ops::Range<u32>) -> Vec<Option<u16>> {
    let greeted = people.map(|number| async move {
        let (id, person) = (sid(number), person(number));
        let form = from(&person, &id, "hello");
        tokio::time::timeout(PROVIDER_WAITS, status(world, &form)).await.unwrap_or_default()
    });
    futures::future::join_all(greeted).await
}

#[tokio::test(flavor = "multi_thread")]
async fn f12_slow_commits_are_waited_for_and_nothing_is_lost() {
    let Some(wired) = Wired::start(&[]).await else { return };
    greet(&wired.world, 0..8).await;
    wired.world.settled().await;
    wired.line.when(&["COMMIT"], Mishap::Late(Duration::from_secs(2)));
    let (mut accepted, mut most) = (8, Duration::ZERO);
    for status in greet(&wired.world, 0..8).await {
        assert_eq!(status, Some(200), "known before");
    }
    // Eight people who are known, three times, and eight who are not.
    for (round, people) in [(1, 0..8), (2, 0..8), (3, 0..8), (4, 100..108)] {
        let ids: Vec<String> = (0..8).map(|at| sid(1_000 * round + at)).collect();
        let people: Vec<String> = people.map(person).collect();
        let all = ids.iter().zip(&people).map(|(id, person)| async {
            let form = from(person, id, "hello");
            let begun = Instant::now();
            let status = tokio::time::timeout(PROVIDER_WAITS, status(&wired.world, &form)).await;
            (status, begun.elapsed())
        });
        for (status, took) in futures::future::join_all(all).await {
            assert_eq!(status.unwrap_or_default(), Some(200));
            most = most.max(took);
            accepted += 1;
        }
    }
    println!("with commits that take two seconds, acknowledged after {most:?} at most");
    wired.line.heal();
    wired.world.settled().await;
    assert_eq!(wired.world.replies().len(), accepted);
    assert_clean(&wired.world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f12_no_connection_is_held_while_a_model_thinks() {
    let openai = OpenAiStandIn::start().await.unwrap();
    let intent = serde_json::json!({
        "intent": "greeting", "topic": "other", "language": "en", "sure": true,
    });
    openai.script("classify", Says::Json(intent));
    let base = openai.base_url();
    let Some(wired) = Wired::start(&[
        ("LLM_PROVIDER", "openai"),
        ("OPENAI_BASE_URL", base.as_str()),
        ("OPENAI_API_KEY", API_KEY),
        ("BILLHOOK_LANGUAGE", "model_first"),
    ])
    .await
    else {
        return;
    };
    // More than there are connections.
    for _ in 0..40 {
        openai.fail(Fault::Slow(Duration::from_secs(20)));
    }
    let thinking = greet(&wired.world, 0..40).await;
    assert!(thinking.iter().all(|status| *status == Some(200)), "{thinking:?}");
    eventually("forty are thought about", || async {
        (openai.requests().iter().filter(|one| one.method == "POST").count() == 40).then_some(())
    })
    .await;
    let answered = wired.world.replies().len();
    let id = sid(900);
    assert_eq!(status(&wired.world, &from(ANA, &id, "hello")).await, Some(200));
    eventually("the next one is answered", || async {
        (wired.world.replies().len() > answered).then_some(())
    })
    .await;
    assert_eq!(wired.world.twilio().messages().last().unwrap()["to"], ANA);
    assert!(wired.world.queue().await["open"].as_u64().unwrap() >= 30, "they still think");
}

#[tokio::test(flavor = "multi_thread")]
async fn f13_a_thousand_webhooks_at_once_are_all_accepted() {
    let settings = [("BILLHOOK_ROLE", "web"), ("BILLHOOK_DATABASE_CONNECTIONS", "8")];
    let Some(wired) = Wired::start(&settings).await else { return };
    let statuses = greet(&wired.world, 0..1_000).await;
    let accepted = statuses.iter().filter(|status| **status == Some(200)).count();
    assert_eq!(accepted, 1_000, "{:?}", statuses.iter().collect::<BTreeSet<_>>());
    // Four that write, four that read, two for wake-ups.
    assert!(wired.line.most_connections() <= 10, "{}", wired.line.most_connections());
    assert_eq!(wired.world.queue().await["open"], 1_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn f13_requests_that_are_given_up_cost_no_connection() {
    let Some(wired) = Wired::start(&[]).await else { return };
    for round in 0..200 {
        let given_up = (0..50).map(|at| {
            let wired = &wired;
            async move {
                let (number, after) = (round * 50 + at, Duration::from_micros(u64::from(at) * 100));
                let (id, person) = (sid(number), person(number));
                let form = from(&person, &id, "hello");
                let _ = tokio::time::timeout(after, status(&wired.world, &form)).await;
            }
        });
        futures::future::join_all(given_up).await;
    }
    let statuses = greet(&wired.world, 20_000..20_050).await;
    assert!(statuses.iter().all(|status| *status == Some(200)), "{statuses:?}");
    wired.world.settled().await;
    assert!(wired.line.most_connections() <= 22, "{}", wired.line.most_connections());
    // Of those who have gone some were stored; each of them was answered once.
    let replies = wired.world.replies().len();
    assert!((50..=10_050).contains(&replies), "{replies}");
    assert_clean(&wired.world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f14_deadlocks_and_failed_serialisations_are_repeated_unseen() {
    let Some(wired) = Wired::start(&[]).await else { return };
    let pool = PgPool::connect(&wired.database).await.unwrap();
    // Each twentieth statement that writes is the victim of one or the other.
    sqlx::raw_sql(
        "CREATE SEQUENCE statements;
         CREATE FUNCTION quarrel() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
             CASE NEXTVAL('statements') % 40
             WHEN 0 THEN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01';
             WHEN 20 THEN RAISE EXCEPTION 'could not serialize' USING ERRCODE = '40001';
             ELSE NULL; END CASE;
             RETURN NULL;
         END $$;
         CREATE TRIGGER quarrel BEFORE INSERT OR UPDATE ON inbound EXECUTE FUNCTION quarrel();
         CREATE TRIGGER quarrel BEFORE INSERT OR UPDATE ON jobs EXECUTE FUNCTION quarrel();
         CREATE TRIGGER quarrel BEFORE INSERT OR UPDATE ON outbound EXECUTE FUNCTION quarrel();
         CREATE TRIGGER quarrel BEFORE INSERT OR UPDATE ON conversations EXECUTE FUNCTION quarrel();
         CREATE TRIGGER quarrel BEFORE INSERT OR UPDATE ON invoices EXECUTE FUNCTION quarrel();",
    )
    .execute(&pool)
    .await
    .unwrap();
    let statuses = greet(&wired.world, 0..100).await;
    assert!(statuses.iter().all(|status| *status == Some(200)), "{statuses:?}");
    let papers = kept(&wired.world, 10);
    for (number, address) in (500..).zip(&papers) {
        let (id, fields) = (sid(number), files(std::slice::from_ref(address)));
        assert_eq!(status(&wired.world, &with_files(&id, &fields)).await, Some(200));
    }
    wired.world.settled().await;
    let (quarrels,): (i64,) =
        sqlx::query_as("SELECT last_value / 20 FROM statements").fetch_one(&pool).await.unwrap();
    assert!(quarrels > 20, "{quarrels}");
    assert_eq!(wired.world.queue().await["dead"], 0);
    assert_eq!(wired.world.replies().len(), 110);
    assert_clean(&wired.world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f62_a_burst_of_two_thousand_connections_leaves_none_hanging() {
    let world = World::with(&[], Some(twilio().await)).await;
    // Two hundred messages, each delivered ten times.
    let deliveries = (0..2_000_u32).map(|at| {
        let world = &world;
        async move {
            let (id, person) = (sid(at % 200), person(at % 200));
            let form = from(&person, &id, "hello");
            tokio::time::timeout(PROVIDER_WAITS, status(world, &form)).await
        }
    });
    let mut accepted = BTreeSet::new();
    for (at, status) in (0..).zip(futures::future::join_all(deliveries).await) {
        match status.expect("nothing hangs") {
            Some(200) => drop(accepted.insert(at % 200)),
            other => assert!(matches!(other, Some(503) | None), "{other:?}"),
        }
    }
    world.settled().await;
    assert_eq!(world.replies().len(), accepted.len(), "each that was accepted, once");
    assert!(accepted.len() > 100, "{}", accepted.len());
    assert_clean(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f44_ten_files_of_one_message_make_ten_invoices_and_one_turn() {
    let world = World::with_twilio().await;
    let (id, fields) = (sid(1), files(&kept(&world, 12)));
    assert_eq!(status(&world, &with_files(&id, &fields)).await, Some(200));
    world.settled().await;
    let replies = world.replies();
    assert!(replies.len() <= 5, "{}: {replies:?}", replies.len());
    let all = replies.join("\n");
    for number in 0..10 {
        assert!(all.contains(&format!("R-{number} ")), "{number} in {all}");
    }
    assert!(!all.contains("R-10") && !all.contains("R-11"), "{all}");
    assert_eq!(world.log().matches("turn done").count(), 1);
    assert_clean(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f44_a_picture_and_its_caption_as_two_messages_are_one_turn() {
    let world = World::with_twilio().await;
    let (ids, fields) = ([sid(1), sid(2)], files(&kept(&world, 1)));
    let picture = with_files(&ids[0], &fields);
    let caption = message(&ids[1], "for the new office");
    for form in [&picture, &caption] {
        assert_eq!(status(&world, form).await, Some(200));
    }
    world.settled().await;
    let replies = world.replies();
    assert_eq!(replies.len(), 1, "{replies:?}");
    assert!(replies[0].contains("R-0 ") && replies[0].ends_with("kept as its note."));
    assert_eq!(world.log().matches("turn done").count(), 1);
    // Delivered once more, both are known.
    for form in [&picture, &caption] {
        assert_eq!(status(&world, form).await, Some(200));
    }
    world.settled().await;
    assert_eq!(world.replies().len(), 1);
    assert_clean(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f44_a_question_right_behind_a_picture_is_answered_and_no_caption() {
    let world = World::with_twilio().await;
    let (ids, fields) = ([sid(1), sid(2)], files(&kept(&world, 1)));
    let (picture, question) =
        (with_files(&ids[0], &fields), message(&ids[1], "how many invoices do I have?"));
    for form in [&picture, &question] {
        assert_eq!(status(&world, form).await, Some(200));
    }
    world.settled().await;
    let replies = world.replies();
    assert_eq!(replies.len(), 2, "{replies:?}");
    assert!(replies[0].contains("R-0 ") && replies[1].contains("*1*"), "{replies:?}");
    assert_clean(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f42_what_was_sent_long_ago_is_acknowledged_and_changes_nothing() {
    let Some(wired) = Wired::start(&[]).await else { return };
    let (id, other) = (sid(1), sid(2));
    let form = message(&id, "hello");
    assert_eq!(status(&wired.world, &form).await, Some(200));
    assert_eq!(status(&wired.world, &from(BEN, &other, "hello")).await, Some(200));
    wired.world.settled().await;
    // A month goes by for what is stored.
    let month = 30_i64 * 24 * 60 * 60 * 1_000;
    let pool = PgPool::connect(&wired.database).await.unwrap();
    for (table, column) in [
        ("inbound", "received_at"),
        ("jobs", "ended_at"),
        ("outbound", "created_at"),
        ("outbound", "ended_at"),
        ("chores", "begun_at"),
        ("chores", "reached_at"),
    ] {
        let age = format!("UPDATE {table} SET {column} = {column} - {month}");
        sqlx::query(sqlx::AssertSqlSafe(age)).execute(&pool).await.unwrap();
    }
    assert_eq!(status(&wired.world, &form).await, Some(200));
    wired.world.settled().await;
    assert_eq!(wired.world.replies().len(), 2);
    assert_eq!(wired.world.log().matches("message had been accepted before").count(), 1);
    assert_clean(&wired.world).await;
}
