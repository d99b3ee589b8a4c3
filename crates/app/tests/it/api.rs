//! The API for programs: messages and files in, replies out, and every way to get it wrong.

use crate::{
    papers::{self, Paper},
    world::{World, eventually, problem},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

const PAPER: Paper<'static> =
    Paper { number: "A-1", vendor: "Garten Huber", date: "2026-05-04", net: 100 };

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_answered_in_the_same_request() {
    let world = World::start().await;
    let answer = world.say("hello").await;
    assert_eq!(answer["status"], "done");
    assert!(!answer["replies"][0]["text"].as_str().unwrap().is_empty());
    assert_eq!(answer["replies"][0]["file"], Value::Null);
    let path = format!("/message/{}", answer["id"].as_str().unwrap());
    let again: Value = world.api(Method::GET, &path).send().await.unwrap().json().await.unwrap();
    assert_eq!(again, answer);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_wait_looks_later() {
    let world = World::start().await;
    let asked = json!({ "text": "hello", "wait": 0 });
    let answer = world.api(Method::POST, "/message").json(&asked).send().await.unwrap();
    assert_eq!(answer.status(), 202);
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer["status"], "open");
    let path = format!("/message/{}", answer["id"].as_str().unwrap());
    eventually("the message is done", || async {
        let now: Value = world.api(Method::GET, &path).send().await.ok()?.json().await.ok()?;
        (now["status"] == "done").then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_makes_sending_again_harmless() {
    let world = World::start().await;
    let mut ids = Vec::new();
    for _ in 0..2 {
        let request = world.api(Method::POST, "/message").header("Idempotency-Key", "order-7");
        let answer = request.json(&json!({ "text": "hello" })).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        ids.push(answer["id"].clone());
    }
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn s29_a_key_never_opens_another_senders_replies() {
    let world = World::start().await;
    let mut ids = Vec::new();
    for (from, key) in [("alice", "x/7"), ("alice/x", "7")] {
        let request = world.api(Method::POST, "/message").header("Idempotency-Key", key);
        let asked = json!({ "from": from, "text": "hello" });
        let answer: Value = request.json(&asked).send().await.unwrap().json().await.unwrap();
        ids.push(answer["id"].clone());
    }
    assert_ne!(ids[0], ids[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_come_as_json_or_as_a_form_and_are_recognised_when_they_come_again() {
    let world = World::start().await;
    let bytes = papers::ubl(&PAPER);
    let asked = json!({ "name": "may.xml", "content": BASE64_STANDARD.encode(&bytes) });
    let answer = world.api(Method::POST, "/file").json(&asked).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    let text = answer["replies"][0]["text"].as_str().unwrap();
    assert!(text.contains("A-1") && text.contains("120.00"), "{text}");
    let form = Form::new().part("file", Part::bytes(bytes).file_name("again.xml"));
    let answer = world.api(Method::POST, "/file").multipart(form).send().await.unwrap();
    let again: Value = answer.json().await.unwrap();
    assert_eq!(again["status"], "done");
    assert_ne!(again["replies"][0]["text"], text);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_is_drafted_confirmed_and_downloaded_as_a_pdf() {
    let world = World::start().await;
    world.say("invoice Bob 3 hours at 80 €").await;
    let answer = world.say("yes").await;
    let replies = answer["replies"].as_array().unwrap().iter();
    let file = replies.map(|reply| &reply["file"]).find(|file| file.is_object()).unwrap();
    assert_eq!(file["media_type"], "application/pdf");
    let url = file["url"].as_str().unwrap();
    problem(world.get(url).send().await.unwrap(), 401, "unauthorized").await;
    let answer = world.api(Method::GET, url).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/pdf");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert!(answer.headers()["content-disposition"].to_str().unwrap().starts_with("attachment"));
    assert!(answer.bytes().await.unwrap().starts_with(b"%PDF-"));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sender_has_a_book_of_his_own() {
    let world = World::start().await;
    let bytes = papers::ubl(&PAPER);
    let form =
        Form::new().part("file", Part::bytes(bytes).file_name("may.xml")).text("from", "bob");
    let answer = world.api(Method::POST, "/file").multipart(form).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let asked = json!({ "text": "how much did I spend in total?", "wait": 60 });
    let answer = world.api(Method::POST, "/message").json(&asked).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    assert!(!answer["replies"].to_string().contains("120"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mistake_is_a_problem_of_its_own() {
    let world = World::start().await;
    let post = |path: &str| world.api(Method::POST, path);
    let json = "application/json";
    let send = |request: reqwest::RequestBuilder| async { request.send().await.unwrap() };

    let stranger = world.request(Method::POST, "/message").json(&json!({ "text": "hello" }));
    problem(send(stranger).await, 401, "unauthorized").await;
    let wrong = world.request(Method::POST, "/file").bearer_auth("a-token-for-tests-onlx");
    problem(send(wrong).await, 401, "unauthorized").await;
    problem(send(world.get("/nowhere")).await, 404, "not-found").await;
    problem(send(world.api(Method::GET, "/message/7")).await, 404, "not-found").await;
    let unknown = world.api(Method::GET, "/file/01890000-0000-7000-8000-000000000000");
    problem(send(unknown).await, 404, "not-found").await;
    problem(send(world.get("/message")).await, 405, "method-not-allowed").await;
    let plain = post("/message").header("content-type", "text/plain").body("hello");
    problem(send(plain).await, 415, "unsupported-media-type").await;
    let plain = post("/file").header("content-type", "image/png").body("x");
    problem(send(plain).await, 415, "unsupported-media-type").await;
    let broken = post("/message").header("content-type", json).body("{\"text\": ");
    problem(send(broken).await, 400, "malformed").await;
    problem(send(post("/message").json(&json!({ "txt": "x" }))).await, 400, "malformed").await;
    problem(send(post("/message").json(&json!({ "text": " " }))).await, 400, "malformed").await;
    let not_base64 = json!({ "name": "a.pdf", "content": "%%%" });
    problem(send(post("/file").json(&not_base64)).await, 400, "malformed").await;
    problem(send(post("/file").multipart(Form::new())).await, 400, "malformed").await;
    assert_eq!(world.queue().await["open"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_beyond_the_limit_is_refused_with_the_limit() {
    let world = World::start().await;
    let bytes = vec![b'x'; 20 * 1024 * 1024 + 1];
    let form = Form::new().part("file", Part::bytes(bytes).file_name("big.pdf"));
    let answer = world.api(Method::POST, "/file").multipart(form).send().await.unwrap();
    let problem = problem(answer, 413, "too-large").await;
    assert!(problem["detail"].as_str().unwrap().contains("20971520"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nul_and_emoji_do_no_harm() {
    let world = World::start().await;
    let answer = world.say("hel\0lo 🧾👋🏽").await;
    assert_eq!(answer["status"], "done");
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_ask_in_sql_and_everyone_his_own_book() {
    let world = World::start().await;
    let part = Part::bytes(papers::ubl(&PAPER)).file_name("a.xml");
    let form = Form::new().part("file", part).text("wait", "60");
    world.api(Method::POST, "/file").multipart(form).send().await.unwrap();
    let ask = async |body: Value| {
        let request = world.api(Method::POST, "/api/v1/query").json(&body);
        request.send().await.unwrap()
    };
    let sql = "SELECT vendor, currency, sum(total) AS total FROM invoices GROUP BY 1, 2";
    let mine: Value = ask(json!({ "sql": sql })).await.json().await.unwrap();
    assert_eq!(mine["columns"], json!(["vendor", "currency", "total"]));
    assert_eq!(mine["rows"], json!([["Garten Huber", "EUR", 120]]));
    let other: Value = ask(json!({ "sql": sql, "from": "eve" })).await.json().await.unwrap();
    assert_eq!(other["rows"], json!([]));
    let refused = ask(json!({ "sql": "DELETE FROM invoices" })).await;
    assert_eq!(refused.status(), 400);
    let told: Value = refused.json().await.unwrap();
    assert_eq!(told["detail"], "only SELECT is allowed");
    let stranger = reqwest::Client::new().post(world.url("/api/v1/query"));
    let stranger = stranger.json(&json!({ "sql": sql })).send().await.unwrap();
    assert_eq!(stranger.status(), 401);
}
