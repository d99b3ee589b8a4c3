//! What never came by itself: messages that are only at the provider, and word of replies that were
//! lost on their way.

use crate::{
    papers::{self, Paper},
    wired::twilio,
    world::{ANA, PUBLIC, RealClock, World, billhook, eventually, sid, signature},
};
use ports::clock::Clock;
use reqwest::{Method, StatusCode};
use std::{path::Path, time::Duration};
use testkit::postgres::fresh_schema;

const PAPER: Paper<'static> =
    Paper { number: "K-9", vendor: "Garten Huber", date: "2026-05-04", net: 100 };
/// A process that starts so soon after another has looked does not look again.
const AT_START: Duration = Duration::from_secs(6);

/// Returns how often the provider was asked what people have sent.
fn asked(world: &World) -> usize {
    let all = world.twilio().requests();
    let of_us = |path: &str| path.contains("To=whatsapp%3A%2B15005550006");
    all.iter().filter(|one| one.method == Method::GET && of_us(&one.path)).count()
}

/// Receives a message, some minutes ago, that no webhook has told of.
fn receive(world: &World, number: u32, text: &str, file: Option<&str>) {
    let at = RealClock.now().checked_sub(jiff::SignedDuration::from_mins(3)).unwrap();
    world.twilio().receive((&sid(number), ANA), text, at, file);
}

async fn assert_clean(world: &World) {
    let mut audit = billhook(world.folder.path(), world.settings());
    let output = audit.arg("audit").output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[tokio::test(flavor = "multi_thread")]
async fn f15_messages_that_never_came_are_found_at_the_provider_and_answered_once() {
    let mut world = World::with_twilio().await;
    world.whatsapp(&sid(1), "hello").await;
    world.settled().await;
    tokio::time::sleep(AT_START).await;
    assert!(world.stop().await);
    let file = world.twilio().add_media(papers::ubl(&PAPER));
    receive(&world, 1, "hello", None);
    receive(&world, 2, "hello", None);
    receive(&world, 3, "", Some(&file));
    world.restart().await;
    eventually("all are answered", || async { (world.replies().len() == 3).then_some(()) }).await;
    assert!(world.replies()[2].contains("K-9"), "{:?}", world.replies());

    tokio::time::sleep(AT_START).await;
    assert!(world.stop().await);
    let before = asked(&world);
    world.restart().await;
    eventually("it has looked", || async { (asked(&world) > before).then_some(()) }).await;
    world.settled().await;
    assert_eq!(world.replies().len(), 3);
    assert_clean(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f11_of_two_processes_one_asks_and_a_provider_that_is_away_is_asked_again() {
    let Some(url) = fresh_schema().await else { return };
    let twilio = testkit::standin::twilio::TwilioStandIn::start(std::sync::Arc::new(RealClock));
    let world = World::with(&[("DATABASE_URL", &url)], Some(twilio.await.unwrap())).await;
    tokio::time::sleep(AT_START).await;
    receive(&world, 1, "hello", None);
    world.twilio().fail_list(testkit::standin::Fault::status(503));
    let (_one, _other) = tokio::join!(world.beside(&[]), world.beside(&[]));
    eventually("the provider is asked", || async { (asked(&world) == 1).then_some(()) }).await;
    eventually("it is asked again, and the message answered", || async {
        (world.replies().len() == 1).then_some(())
    })
    .await;
    assert_eq!(asked(&world), 2);
    assert_clean(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f74_after_a_restore_what_was_answered_before_is_not_answered_twice() {
    let mut world = World::with_twilio().await;
    world.whatsapp(&sid(1), "hello").await;
    world.settled().await;
    tokio::time::sleep(AT_START).await;
    assert!(world.stop().await);
    let saved = tempfile::tempdir().unwrap();
    copy(world.folder.path(), saved.path());
    world.restart().await;
    world.whatsapp(&sid(2), "help").await;
    world.settled().await;
    assert_eq!(world.replies().len(), 2);
    assert!(world.stop().await);

    // The disk is lost; the copy from before the second message takes its place.
    for entry in std::fs::read_dir(world.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) }
            .unwrap();
    }
    copy(saved.path(), world.folder.path());
    receive(&world, 1, "hello", None);
    receive(&world, 2, "help", None);
    receive(&world, 3, "thanks", None);
    world.restart().await;
    eventually("the new one is answered", || async { (world.replies().len() == 3).then_some(()) })
        .await;
    world.settled().await;
    assert_eq!(world.replies().len(), 3, "{:?}", world.replies());
    assert_clean(&world).await;
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f47_a_reply_that_was_lost_on_its_way_is_counted_and_told_once() {
    let world = World::with_twilio().await;
    world.whatsapp(&sid(1), "hello").await;
    world.settled().await;
    let sent =
        world.twilio().requests().into_iter().find(|one| one.method == Method::POST).unwrap();
    let form = sent.form();
    let (_, address) = form.iter().find(|(name, _)| name == "StatusCallback").unwrap();
    let path = address.strip_prefix(PUBLIC).unwrap();
    let reply = world.twilio().messages()[0]["sid"].as_str().unwrap().to_owned();
    let tell = async |path: &str, status: &str| {
        let form =
            [("MessageSid", reply.as_str()), ("MessageStatus", status), ("ErrorCode", "63016")];
        let signature = signature(&format!("{PUBLIC}{path}"), &form);
        let request = world.request(Method::POST, path).form(&form);
        request.header("X-Twilio-Signature", signature).send().await.unwrap().status()
    };
    for status in ["queued", "sent", "undelivered", "undelivered", "delivered", "an unknown word"] {
        assert_eq!(tell(path, status).await, StatusCode::OK);
    }
    let another = "/webhooks/twilio/status?reply=01890000-0000-7000-8000-000000000000";
    assert_eq!(tell(another, "failed").await, StatusCode::OK);
    assert_eq!(tell("/webhooks/twilio/status", "failed").await, StatusCode::OK);
    assert_eq!(tell("/webhooks/twilio/status?reply=nonsense", "failed").await, StatusCode::OK);
    let metrics = world.api(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    let arrived: Vec<&str> = metrics
        .lines()
        .filter(|line| line.starts_with("billhook_replies_arrived_total{"))
        .collect();
    assert_eq!(arrived, [r#"billhook_replies_arrived_total{channel="twilio",result="lost"} 1"#]);
    let told = world.log().lines().filter(|line| line.contains("reply was not delivered")).count();
    assert_eq!(told, 1);
    assert!(!world.log().contains(ANA));
}

#[tokio::test(flavor = "multi_thread")]
async fn i1_the_audit_asks_the_provider_for_messages_that_are_not_here() {
    let Some(url) = fresh_schema().await else { return };
    let mut world = World::with(&[("DATABASE_URL", &url)], Some(twilio().await)).await;
    world.whatsapp(&sid(1), "hello").await;
    world.settled().await;
    assert!(world.stop().await);
    // It came an hour ago, and another a quarter of an hour ago that nobody has told of.
    let pool = sqlx::PgPool::connect(&url).await.unwrap();
    let earlier = "UPDATE inbound SET received_at = received_at - 3600000";
    sqlx::query(earlier).execute(&pool).await.unwrap();
    let at = RealClock.now().checked_sub(jiff::SignedDuration::from_mins(15)).unwrap();
    world.twilio().receive((&sid(1), ANA), "hello", at, None);
    let audit = async || {
        let mut audit = billhook(world.folder.path(), world.settings());
        let output = audit.args(["audit", "--provider"]).output().await.unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, text) = audit().await;
    assert_eq!(code, Some(0), "{text}");
    world.twilio().receive((&sid(2), ANA), "where are you?", at, None);
    let (code, text) = audit().await;
    assert_eq!(code, Some(1), "{text}");
    let broken: Vec<&str> = text.lines().filter(|line| line.starts_with("BROKEN")).collect();
    assert!(
        matches!(broken[..], [line] if line.contains("I1") && line.contains(&sid(2))),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn f47_word_that_comes_before_the_receipt_is_kept_and_not_gone_back_on() {
    let world = World::with_twilio().await;
    world.twilio().fail_send(testkit::standin::Fault::Slow(Duration::from_secs(2)));
    world.whatsapp(&sid(1), "hello").await;
    let sent = eventually("the reply is on its way", || async {
        world.twilio().requests().into_iter().find(|one| one.method == Method::POST)
    })
    .await;
    let form = sent.form();
    let (_, address) = form.iter().find(|(name, _)| name == "StatusCallback").unwrap();
    let path = address.strip_prefix(PUBLIC).unwrap();
    // As the stand-in will name it, once it answers.
    let reply = format!("SM{:032x}", 0);
    let tell = async |status: &str| {
        let form = [("MessageSid", reply.as_str()), ("MessageStatus", status)];
        let signature = signature(address, &form);
        let request = world.request(Method::POST, path).form(&form);
        request.header("X-Twilio-Signature", signature).send().await.unwrap().status()
    };
    assert!(world.replies().is_empty(), "not accepted yet");
    for status in ["delivered", "sent", "queued", "undelivered", "delivered"] {
        assert_eq!(tell(status).await, StatusCode::OK);
    }
    world.settled().await;
    assert_eq!(world.replies().len(), 1);
    for status in ["sent", "undelivered", "read"] {
        assert_eq!(tell(status).await, StatusCode::OK);
    }
    let metrics = world.api(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    let arrived: Vec<&str> = metrics
        .lines()
        .filter(|line| line.starts_with("billhook_replies_arrived_total{"))
        .collect();
    let once = r#"billhook_replies_arrived_total{channel="twilio",result="delivered"} 1"#;
    assert_eq!(arrived, [once]);
    assert_clean(&world).await;
}
