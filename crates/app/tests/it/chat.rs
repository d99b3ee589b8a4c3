//! The web chat: what its page asks for, and who may ask.

use crate::{
    papers::{self, Paper},
    world::{TOKEN, World, eventually, problem},
};
use reqwest::{
    Method, RequestBuilder, Response,
    multipart::{Form, Part},
};
use serde_json::Value;

/// Begins a request as our own page makes it.
fn from_page(world: &World, form: Form) -> RequestBuilder {
    let origin = format!("http://127.0.0.1:{}", world.port);
    world.request(Method::POST, "/chat/messages").header("Origin", origin).multipart(form)
}

async fn say(world: &World, text: &str) -> Response {
    from_page(world, Form::new().text("text", text.to_owned())).send().await.unwrap()
}

async fn lines(world: &World) -> Vec<Value> {
    let news = world.get("/chat/messages?wait=0").send().await.unwrap();
    let news: Value = news.json().await.unwrap();
    news["items"].as_array().unwrap().clone()
}

/// Waits until so many lines are there.
async fn at_least(world: &World, count: usize) -> Vec<Value> {
    eventually("the lines are there", || async {
        let lines = lines(world).await;
        (lines.len() >= count).then_some(lines)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_and_all_it_needs_come_from_here() {
    let world = World::start().await;
    let answer = world.get("/").send().await.unwrap();
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
    let page = answer.text().await.unwrap();
    assert!(!page.contains("style=") && !page.contains("onclick"));
    for (asset, kind) in [
        ("chat.css", "text/css"),
        ("chat.js", "text/javascript"),
        ("view.js", "text/javascript"),
        ("format.js", "text/javascript"),
        ("icons.svg", "image/svg+xml"),
        ("avatar.svg", "image/svg+xml"),
        ("wallpaper.svg", "image/svg+xml"),
    ] {
        let answer = world.get(&format!("/assets/{asset}")).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{asset}");
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with(kind), "{asset}");
        let text = answer.text().await.unwrap();
        let foreign = text.replace("http://www.w3.org/", "");
        assert!(!foreign.contains("http://") && !foreign.contains("https://"), "{asset}");
    }
    problem(world.get("/assets/../Cargo.toml").send().await.unwrap(), 404, "not-found").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_and_what_is_replied_stand_in_order() {
    let world = World::start().await;
    assert_eq!(say(&world, "hello").await.status(), 202);
    let lines = at_least(&world, 2).await;
    assert_eq!((&lines[0]["side"], &lines[0]["text"]), (&"user".into(), &"hello".into()));
    assert_eq!(lines[1]["side"], "billhook");
    let path = format!("/chat/messages?after={}&wait=0", lines[0]["place"]);
    let news: Value = world.get(&path).send().await.unwrap().json().await.unwrap();
    assert_eq!(news["items"].as_array().unwrap().len(), lines.len() - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_waits_hears_of_the_reply_without_asking_again() {
    let world = World::start().await;
    let waiting = world.get("/chat/messages?after=0").send();
    let (news, _) = tokio::join!(waiting, say(&world, "hello"));
    let news: Value = news.unwrap().json().await.unwrap();
    assert!(!news["items"].as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_sent_twice_under_one_key_stands_there_once() {
    let world = World::start().await;
    for _ in 0..2 {
        let form = Form::new().text("text", "hello").text("key", "k-1");
        from_page(&world, form).send().await.unwrap();
    }
    world.settled().await;
    let said = lines(&world).await;
    assert_eq!(said.iter().filter(|line| line["side"] == "user").count(), 1);
    assert_eq!(said[0]["key"], "k-1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_answered_kept_and_given_back() {
    let world = World::start().await;
    let paper = Paper { number: "W-5", vendor: "Garten Huber", date: "2026-05-04", net: 100 };
    let bytes = papers::ubl(&paper);
    let part = Part::bytes(bytes.clone()).file_name("Rechnung Mai.xml");
    let part = part.mime_str("text/xml").unwrap();
    from_page(&world, Form::new().part("file", part)).send().await.unwrap();
    let lines = at_least(&world, 2).await;
    let file = &lines[0]["files"][0];
    assert_eq!(file["name"], "Rechnung Mai.xml");
    assert_eq!(file["size"], bytes.len());
    assert!(lines[1]["text"].as_str().unwrap().contains("W-5"));
    let answer = world.get(file["url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/octet-stream");
    assert_eq!(answer.bytes().await.unwrap(), bytes);
    problem(world.get("/chat/upload/999/0").send().await.unwrap(), 404, "not-found").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn under_a_foreign_name_the_page_is_locked_and_says_what_to_do() {
    let world = World::start().await;
    let foreign = |path: &str| world.get(path).header("Host", "rebound.example");
    let answer = foreign("/").send().await.unwrap();
    assert_eq!(answer.status(), 401);
    assert!(answer.text().await.unwrap().contains("/?token="));
    problem(foreign("/chat/messages?wait=0").send().await.unwrap(), 401, "unauthorized").await;
    let proxied = world.get("/chat/messages?wait=0").header("X-Forwarded-For", "203.0.113.9");
    problem(proxied.send().await.unwrap(), 401, "unauthorized").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_opens_the_page_once_and_for_all() {
    let world = World::start().await;
    let foreign = |path: &str| world.get(path).header("Host", "bills.example");
    assert_eq!(foreign("/?token=wrong").send().await.unwrap().status(), 401);
    let answer = foreign(&format!("/?token={TOKEN}")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    assert!(!cookie.contains(TOKEN));
    let pair = cookie.split(';').next().unwrap();
    let with_cookie = foreign("/chat/messages?wait=0").header("Cookie", pair);
    assert_eq!(with_cookie.send().await.unwrap().status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_page_cannot_speak_for_the_owner() {
    let world = World::start().await;
    for origin in [Some("https://evil.example"), Some("null"), None] {
        let form = Form::new().text("text", "delete my data");
        let mut request = world.request(Method::POST, "/chat/messages").multipart(form);
        if let Some(origin) = origin {
            request = request.header("Origin", origin);
        }
        problem(request.send().await.unwrap(), 403, "forbidden").await;
    }
    assert!(lines(&world).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_message_is_malformed() {
    let world = World::start().await;
    problem(say(&world, "  ").await, 400, "malformed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_with_a_wrong_part_is_answered_with_a_problem() {
    let world = World::start().await;
    let wrong = world.get("/chat/messages?after=yesterday").send().await.unwrap();
    let told = problem(wrong, 400, "malformed").await;
    assert!(told["detail"].as_str().unwrap().contains("after"), "{told}");
    let nowhere = world.get("/chat/upload/one/two").send().await.unwrap();
    problem(nowhere, 404, "not-found").await;
}
