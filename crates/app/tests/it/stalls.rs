//! Servers that take something and never say so, that stop talking, or whose name is not found.

use crate::{
    papers,
    wired::{BEN, PAPER, Wired, assert_clean, from, status, twilio},
    world::{World, eventually, sid},
};
use reqwest::Method;
use serde_json::Value;
use std::time::{Duration, Instant};
use testkit::standin::{
    Fault,
    line::{Line, Mishap},
    openai::{API_KEY, OpenAiStandIn},
    s3::{self, S3StandIn},
};

/// A provider gives up on a webhook after this.
const PROVIDER_WAITS: Duration = Duration::from_secs(15);

#[tokio::test(flavor = "multi_thread")]
async fn f18_a_file_whose_receipt_was_lost_is_kept_once() {
    let bucket = S3StandIn::start().await.unwrap();
    let place = bucket.address().trim_start_matches("http://").parse().unwrap();
    let line = Line::to(place).await;
    let endpoint = format!("http://{}", line.address);
    let settings = [
        ("S3_BUCKET", s3::BUCKET),
        ("AWS_ENDPOINT_URL_S3", endpoint.as_str()),
        ("AWS_ACCESS_KEY_ID", s3::KEY),
        ("AWS_SECRET_ACCESS_KEY", s3::SECRET),
    ];
    let world = World::with(&settings, Some(twilio().await)).await;
    let before = bucket.files().len();
    line.when(&["PUT /"], Mishap::AnswerLost);
    let file = world.twilio().add_media(papers::ubl(&PAPER));
    world.whatsapp_file(&sid(1), &file, "application/xml").await;
    line.sprung(2).await;
    line.heal();
    world.settled().await;
    assert_eq!(bucket.files().len(), before + 1);
    let replies = world.replies();
    assert_eq!(replies.len(), 1, "{replies:?}");
    assert!(replies[0].contains("K-9"), "{replies:?}");
    assert_clean(&world).await;
}

async fn send(wired: &Wired, number: u32) -> Option<u16> {
    let (id, person) = (sid(number), format!("whatsapp:+1500555{number:05}"));
    let form = from(&person, &id, "hello");
    let told = tokio::time::timeout(PROVIDER_WAITS, status(&wired.world, &form)).await;
    told.expect("told before the provider gives up")
}

#[tokio::test(flavor = "multi_thread")]
async fn f21_a_database_that_does_not_talk_is_told_in_time_and_work_goes_on_once_it_does() {
    let Some(wired) = Wired::start(&[]).await else { return };
    // As many connections as there may be, and all of them in use.
    let crowd = async |numbers: std::ops::Range<u32>| {
        let sending = numbers.map(|number| send(&wired, number));
        futures::future::join_all(sending).await
    };
    let before = crowd(0..40).await;
    assert!(before.iter().all(|status| *status == Some(200)), "{before:?}");
    wired.line.silence();
    for number in [100, 200, 300] {
        let told = crowd(number..number + 20).await;
        assert!(told.iter().all(|status| *status == Some(503)), "{told:?}");
    }
    wired.line.mend();
    for number in [100, 200, 300] {
        eventually("it is accepted", || async {
            (send(&wired, number).await == Some(200)).then_some(())
        })
        .await;
    }
    // The same process goes on, with the work that it had in hand too.
    eventually("a worker works", || async { (wired.world.replies().len() > 40).then_some(()) })
        .await;
    wired.world.settled().await;
    assert_eq!(wired.world.replies().len(), 43);
    assert_clean(&wired.world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f21_a_provider_that_never_ends_its_answer_is_asked_what_became_of_the_reply() {
    let world = World::with_twilio().await;
    world.twilio().fail_send(Fault::Trickle);
    assert_eq!(world.whatsapp(&sid(1), "hello").await.status(), 200);
    eventually("it is being sent", || async {
        world.twilio().requests().iter().any(|one| one.method == Method::POST).then_some(())
    })
    .await;
    // Others do not wait for it.
    let id = sid(2);
    assert_eq!(status(&world, &from(BEN, &id, "hello")).await, Some(200));
    eventually("the other one is answered", || async {
        world.twilio().messages().iter().any(|one| one["to"] == BEN).then_some(())
    })
    .await;
    assert_eq!(world.queue().await["outbox"], 1, "the first one still waits");
    world.settled().await;
    let asked: Vec<Method> = world.twilio().requests().into_iter().map(|one| one.method).collect();
    assert!(asked.ends_with(&[Method::GET, Method::POST]), "{asked:?}");
    assert_eq!(world.replies().len(), 2);
    assert!(world.log().contains("unclear=true"), "it may have been sent");
    assert_clean(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f21_a_name_that_is_not_found_stops_nobody_else() {
    let settings = [
        ("LLM_PROVIDER", "openai"),
        ("OPENAI_BASE_URL", "http://model.invalid/v1"),
        ("OPENAI_API_KEY", "a-key"),
        ("BILLHOOK_LANGUAGE", "model_first"),
        ("TWILIO_API_BASE_URL", "https://twilio.invalid"),
    ];
    let mut world = World::with(&settings, Some(twilio().await)).await;
    assert_eq!(world.whatsapp(&sid(1), "hello").await.status(), 200);
    // Who asks by another way is answered, by the model that needs no network.
    let said = world.say("hello").await.to_string();
    assert!(said.contains("I am Billhook"), "{said}");
    eventually("the reply waits", || async {
        let queue = world.queue().await;
        (queue["open"] == 0 && queue["outbox"] == 1).then_some(())
    })
    .await;
    let health = world.api(Method::GET, "/health/dependencies").send().await.unwrap();
    let health: Value = health.json().await.unwrap();
    assert_eq!(health["dependencies"][0]["status"], "ok", "{health}");
    assert!(world.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes some minutes: ./test soak"]
async fn f21_a_bucket_and_a_model_that_stop_talking_hold_nothing_for_long() {
    let openai = OpenAiStandIn::start().await.unwrap();
    let bucket = S3StandIn::start().await.unwrap();
    let base = openai.base_url();
    let host =
        |url: &str| url.trim_start_matches("http://").trim_end_matches("/v1").parse().unwrap();
    let (to_model, to_bucket) =
        (Line::to(host(&base)).await, Line::to(host(bucket.address())).await);
    let by_line = |line: &Line, path: &str| format!("http://{}{path}", line.address);
    let (model, files) = (by_line(&to_model, "/v1"), by_line(&to_bucket, ""));
    let settings = [
        ("LLM_PROVIDER", "openai"),
        ("OPENAI_BASE_URL", model.as_str()),
        ("OPENAI_API_KEY", API_KEY),
        ("BILLHOOK_LANGUAGE", "model_first"),
        ("S3_BUCKET", s3::BUCKET),
        ("AWS_ENDPOINT_URL_S3", files.as_str()),
        ("AWS_ACCESS_KEY_ID", s3::KEY),
        ("AWS_SECRET_ACCESS_KEY", s3::SECRET),
    ];
    let world = World::with(&settings, Some(twilio().await)).await;
    to_model.silence();
    to_bucket.silence();
    let file = world.twilio().add_media(papers::ubl(&PAPER));
    let begun = Instant::now();
    world.whatsapp_file(&sid(1), &file, "application/xml").await;
    for number in 2..12 {
        let (id, person) = (sid(number), format!("whatsapp:+1500555{number:05}"));
        let form = from(&person, &id, "how much did I pay Firma in May 2026?");
        assert_eq!(status(&world, &form).await, Some(200));
    }
    // A minute for the model, then what needs no network answers; a call of the bucket ends as soon.
    while world.replies().len() < 10 || !world.log().contains("turn waits for what it needs") {
        assert!(begun.elapsed() < Duration::from_secs(65 + 60), "{:?}", world.replies());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    eprintln!("answered without a model after {:?}", begun.elapsed());
    to_model.mend();
    to_bucket.mend();
    eventually("the file is read", || async { (world.replies().len() >= 11).then_some(()) }).await;
    world.settled().await;
    let read = world.replies().iter().filter(|reply| reply.contains("K-9")).count();
    assert_eq!(read, 1);
    assert_eq!(world.queue().await["dead"], 0);
    assert_clean(&world).await;
}
