//! Power cuts at the worst moments: exactly one invoice and one reply afterwards.

use crate::{
    papers::{self, Paper},
    world::{World, eventually, sid},
};
use std::time::Duration;
use testkit::standin::Fault;

const PAPER: Paper<'static> =
    Paper { number: "K-9", vendor: "Garten Huber", date: "2026-05-04", net: 100 };

/// Checks that the one invoice is there once and was answered once.
async fn assert_exactly_once(world: &World) {
    world.settled().await;
    let replies = world.replies();
    assert_eq!(replies.len(), 1, "{replies:?}");
    assert!(replies[0].contains("K-9"), "{replies:?}");
    assert_one_invoice(world).await;
}

async fn assert_one_invoice(world: &World) {
    world.whatsapp(&sid(900), "how many invoices do I have?").await;
    world.settled().await;
    let count = world.replies().pop().unwrap();
    assert!(count.ends_with("*1*"), "{count}");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_right_after_accepting() {
    let mut world = World::with_twilio().await;
    let url = world.twilio().add_media(papers::ubl(&PAPER));
    assert_eq!(world.whatsapp_file(&sid(1), &url, "application/xml").await.status(), 200);
    world.kill().await;
    world.restart().await;
    assert_exactly_once(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_the_file_is_fetched() {
    let mut world = World::with_twilio().await;
    let url = world.twilio().add_media(papers::ubl(&PAPER));
    world.twilio().fail_fetch(Fault::Slow(Duration::from_secs(20)));
    world.whatsapp_file(&sid(1), &url, "application/xml").await;
    eventually("the file is asked for", || async {
        world.twilio().requests().iter().any(|asked| asked.path.contains("/Media/")).then_some(())
    })
    .await;
    world.kill().await;
    world.restart().await;
    assert_exactly_once(&world).await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn killed_while_a_picture_is_read() {
    let mut world = World::with_twilio().await;
    let url = world.twilio().add_media(papers::receipt());
    world.whatsapp_file(&sid(1), &url, "image/jpeg").await;
    eventually("the picture is being read", || async { world.reads().then_some(()) }).await;
    world.kill().await;
    world.restart().await;
    world.settled().await;
    let replies = world.replies();
    assert_eq!(replies.len(), 1, "{replies:?}");
    assert!(replies[0].contains("aved"), "{replies:?}");
    assert_one_invoice(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_commit_while_the_reply_leaves() {
    let mut world = World::with_twilio().await;
    let url = world.twilio().add_media(papers::ubl(&PAPER));
    world.twilio().fail_send(Fault::Slow(Duration::from_secs(20)));
    world.whatsapp_file(&sid(1), &url, "application/xml").await;
    eventually("the reply is being sent", || async {
        world.twilio().requests().iter().any(|asked| asked.method == "POST").then_some(())
    })
    .await;
    world.kill().await;
    world.restart().await;
    assert_exactly_once(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_whose_receipt_was_lost_is_looked_up_and_not_sent_again() {
    let world = World::with_twilio().await;
    world.twilio().fail_send(Fault::DropAfterAccepting);
    world.whatsapp(&sid(1), "hello").await;
    world.settled().await;
    assert_eq!(world.replies().len(), 1);
    assert!(world.twilio().requests().iter().any(|asked| asked.method == "GET"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_third_crash_ends_in_a_dead_letter_and_one_apology() {
    let mut world = World::with_twilio().await;
    let url = world.twilio().add_media(papers::ubl(&PAPER));
    let fetches = |world: &World| {
        let asked = world.twilio().requests();
        asked.iter().filter(|request| request.path.contains("/Media/")).count()
    };
    for crash in 1..=3 {
        world.twilio().fail_fetch(Fault::Slow(Duration::from_secs(60)));
        if crash == 1 {
            world.whatsapp_file(&sid(1), &url, "application/xml").await;
        }
        eventually("the turn runs", || async { (fetches(&world) == crash).then_some(()) }).await;
        world.kill().await;
        world.restart().await;
    }
    world.settled().await;
    assert_eq!(fetches(&world), 3, "it is not tried a fourth time");
    assert_eq!(world.queue().await["dead"], 1);
    let replies = world.replies();
    assert_eq!(replies.len(), 1, "{replies:?}");
    let line = world.log().lines().find(|line| line.contains("turn given up")).unwrap().to_owned();
    let reference = line.split("reference=").nth(1).unwrap().trim_matches('"').to_owned();
    let reference: String = reference.chars().filter(char::is_ascii_hexdigit).take(6).collect();
    assert!(replies[0].contains(&reference), "{reference} is not in {replies:?}");
    // The dead letter does not stand in the way of what comes after it.
    world.whatsapp(&sid(2), "hello").await;
    world.settled().await;
    assert_eq!(world.replies().len(), 2);
}

/// Deployments cost a message none of its attempts, however often they come while it is worked on.
#[tokio::test(flavor = "multi_thread")]
async fn f07_a_turn_that_is_interrupted_by_four_stops_is_done_in_the_end() {
    let mut world = World::with_twilio().await;
    let url = world.twilio().add_media(papers::ubl(&PAPER));
    let fetches = |world: &World| {
        let asked = world.twilio().requests();
        asked.iter().filter(|request| request.path.contains("/Media/")).count()
    };
    world.twilio().fail_fetch(Fault::Slow(Duration::from_secs(60)));
    world.whatsapp_file(&sid(1), &url, "application/xml").await;
    for stop in 1..=4 {
        eventually("the turn runs", || async { (fetches(&world) == stop).then_some(()) }).await;
        assert!(world.stop().await);
        // Before the next process can ask.
        if stop < 4 {
            world.twilio().fail_fetch(Fault::Slow(Duration::from_secs(60)));
        }
        world.restart().await;
    }
    world.settled().await;
    let replies = world.replies();
    assert!(replies.len() == 1 && replies[0].contains(PAPER.number), "{replies:?}");
    assert_eq!(world.queue().await["dead"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_to_stop_it_ends_well_and_loses_nothing() {
    let mut world = World::with_twilio().await;
    world.whatsapp(&sid(1), "hello").await;
    assert!(world.stop().await);
    world.restart().await;
    world.settled().await;
    assert_eq!(world.replies().len(), 1);
}
