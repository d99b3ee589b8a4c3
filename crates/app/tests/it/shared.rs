//! Several processes on one database of PostgreSQL; where there is no server these pass over.

use crate::{
    papers::{self, Paper},
    wired::{assert_clean, from},
    world::{World, billhook, eventually, sid},
};
use std::sync::Arc;
use testkit::{
    postgres::fresh_schema,
    standin::{
        Fault,
        line::Line,
        s3::{self, S3StandIn},
        twilio::TwilioStandIn,
    },
};

const PAPER: Paper<'static> =
    Paper { number: "K-9", vendor: "Garten Huber", date: "2026-05-04", net: 100 };

/// Starts a process of a role on an empty database, with the stand-in of Twilio.
async fn first(role: &str) -> Option<World> {
    let url = fresh_schema().await?;
    let twilio = TwilioStandIn::start(Arc::new(crate::world::RealClock)).await.unwrap();
    Some(World::with(&[("DATABASE_URL", &url), ("BILLHOOK_ROLE", role)], Some(twilio)).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_does_everything_on_a_server_too() {
    let Some(world) = first("all").await else { return };
    let url = world.twilio().add_media(papers::ubl(&PAPER));
    world.whatsapp_file(&sid(1), &url, "application/xml").await;
    world.settled().await;
    for (at, question) in [
        (2, "how much did I pay Garten Huber in May 2026?"),
        (3, "invoice Bob 3 hours at 80 EUR"),
        (4, "yes"),
        (5, "mark K-9 as paid"),
        (6, "yes"),
        (7, "how many invoices are paid?"),
    ] {
        world.whatsapp(&sid(at), question).await;
        world.settled().await;
    }
    let replies = world.replies().join("\n---\n");
    for part in ["K-9", "120.00", "240.00", "*1*"] {
        assert!(replies.contains(part), "{part} is not in {replies}");
    }
}

/// How often fifty deliveries of one message come at once.
const ROUNDS: u32 = 200;

#[tokio::test(flavor = "multi_thread")]
async fn f40_one_message_over_two_web_processes_is_one_row_and_one_reply() {
    let Some(one) = first("web").await else { return };
    let other = one.beside(&[]).await;
    let worker = one.beside(&[("BILLHOOK_ROLE", "worker")]).await;
    for round in 0..ROUNDS {
        let (id, person) = (sid(round), format!("whatsapp:+1500555{:05}", round % 40));
        let form = from(&person, &id, "hello");
        let deliveries = (0..50).map(|at| if at % 2 == 0 { &one } else { &other }.webhook(&form));
        for answer in futures::future::join_all(deliveries).await {
            assert_eq!(answer.status(), 200);
        }
    }
    one.settled().await;
    assert_eq!(one.replies().len(), 200);
    let accepted = |world: &World| world.log().matches("message accepted").count();
    assert_eq!(accepted(&one) + accepted(&other), 200);
    assert_clean(&one).await;
    assert_eq!(worker.get("/message").send().await.unwrap().status(), 404, "only web takes in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_is_woken_by_another_process_at_once() {
    let Some(web) = first("web").await else { return };
    let _worker = web.beside(&[("BILLHOOK_ROLE", "worker")]).await;
    web.whatsapp(&sid(0), "hello").await;
    web.settled().await;
    // A worker that polls has just looked when a reply leaves: it would sleep for half a second
    // before each of the next ones.
    let mut waits = Vec::new();
    for round in 1_u32..=11 {
        let begun = std::time::Instant::now();
        web.whatsapp(&sid(round), "hello").await;
        while web.replies().len() <= usize::try_from(round).unwrap() {
            assert!(begun.elapsed() < crate::world::PATIENCE, "no reply");
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        waits.push(begun.elapsed().as_millis());
    }
    waits.sort_unstable();
    eprintln!("ms from message to reply over two processes: {waits:?}");
    assert!(waits[5] < 350, "{waits:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_worker_s_message_is_answered_by_another_within_a_minute() {
    let Some(web) = first("web").await else { return };
    let mut worker = web.beside(&[("BILLHOOK_ROLE", "worker")]).await;
    let url = web.twilio().add_media(papers::ubl(&PAPER));
    web.twilio().fail_fetch(Fault::Slow(std::time::Duration::from_secs(20)));
    web.whatsapp_file(&sid(1), &url, "application/xml").await;
    eventually("the file is asked for", || async {
        let asked = web.twilio().requests();
        asked.iter().any(|asked| asked.path.contains("/Media/")).then_some(())
    })
    .await;
    worker.kill().await;
    let killed = std::time::Instant::now();
    let other = web.beside(&[("BILLHOOK_ROLE", "worker")]).await;
    web.settled().await;
    assert!(killed.elapsed().as_secs() <= 60, "{:?}", killed.elapsed());
    let replies = web.replies();
    assert_eq!(replies.len(), 1, "{replies:?}");
    assert!(replies[0].contains("K-9"), "{replies:?}");
    drop(other);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_in_a_bucket_reach_a_worker_that_shares_no_folder() {
    let Some(database) = fresh_schema().await else { return };
    let bucket = S3StandIn::start().await.unwrap();
    let settings = in_bucket(&bucket, &database);
    let web = World::with(&[&settings[..], &[("BILLHOOK_ROLE", "web")]].concat(), None).await;
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = folder.path().display().to_string();
    let worker = [("BILLHOOK_ROLE", "worker"), ("BILLHOOK_DATA_DIR", elsewhere.as_str())];
    let _worker = web.beside(&worker).await;
    let part = reqwest::multipart::Part::bytes(papers::ubl(&PAPER)).file_name("invoice.xml");
    let form = reqwest::multipart::Form::new().part("file", part).text("wait", "60");
    let answer = web.api(reqwest::Method::POST, "/file").multipart(form).send().await.unwrap();
    let answer = answer.text().await.unwrap();
    assert!(answer.contains("K-9"), "{answer}");
    assert!(!bucket.files().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn f17_a_bucket_that_refuses_is_said_at_the_start() {
    let bucket = S3StandIn::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let wrong = [("AWS_SECRET_ACCESS_KEY", "guessed")];
    let all = in_bucket(&bucket, "").into_iter().filter(|(_, value)| !value.is_empty());
    let all = all.chain(wrong).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let output = billhook(folder.path(), &all).arg("serve").output().await.unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("AWS_SECRET_ACCESS_KEY") && !said.contains("guessed"), "{said}");
}

/// Waits until a turn has been put off so often for what it needs.
async fn waits_for_what_it_needs(world: &World, times: usize) {
    eventually("the turn waits", || async {
        let log = world.log();
        (log.matches("turn waits for what it needs").count() >= times).then_some(())
    })
    .await;
}

/// What a turn needs may be away for longer than three tries take.
#[tokio::test(flavor = "multi_thread")]
async fn f17_files_wait_for_a_bucket_and_a_provider_that_are_away() {
    let Some(database) = fresh_schema().await else { return };
    let bucket = S3StandIn::start().await.unwrap();
    let place = bucket.address().trim_start_matches("http://").parse().unwrap();
    let line = Line::to(place).await;
    let by_line = format!("http://{}", line.address);
    let mut settings = in_bucket(&bucket, &database);
    settings.push(("AWS_ENDPOINT_URL_S3", &by_line));
    let twilio = TwilioStandIn::start(Arc::new(crate::world::RealClock)).await.unwrap();
    let world = World::with(&settings, Some(twilio)).await;
    for _ in 0..4 {
        world.twilio().fail_fetch(Fault::status(503));
    }
    let url = world.twilio().add_media(papers::ubl(&PAPER));
    world.whatsapp_file(&sid(1), &url, "application/xml").await;
    waits_for_what_it_needs(&world, 4).await;
    line.cut();
    waits_for_what_it_needs(&world, 8).await;
    assert!(world.replies().is_empty(), "{:?}", world.replies());
    line.mend();
    world.settled().await;
    let replies = world.replies();
    assert!(replies.len() == 1 && replies[0].contains(PAPER.number), "{replies:?}");
    assert_eq!(world.queue().await["dead"], 0);
    assert_clean(&world).await;
}

fn in_bucket<'a>(bucket: &'a S3StandIn, database: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("DATABASE_URL", database),
        ("S3_BUCKET", s3::BUCKET),
        ("AWS_ENDPOINT_URL_S3", bucket.address()),
        ("AWS_ACCESS_KEY_ID", s3::KEY),
        ("AWS_SECRET_ACCESS_KEY", s3::SECRET),
    ]
}
