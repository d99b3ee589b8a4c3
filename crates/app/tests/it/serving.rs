//! The process itself: what it says when it cannot start, and what every answer carries.

use crate::world::{World, billhook, free_port};
use std::{process::Output, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

async fn start_beside(world: &World, changes: &[(&str, String)]) -> Output {
    let mut settings = world.settings().clone();
    settings.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    billhook(world.folder.path(), &settings).output().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_port_is_one_sentence_with_a_way_out() {
    let world = World::start().await;
    let elsewhere = world.folder.path().join("other").display().to_string();
    let output = start_beside(&world, &[("BILLHOOK_DATA_DIR", elsewhere)]).await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("error:") && said.contains("already in use"), "{said}");
    assert!(said.contains("hint:"), "{said}");
    assert!(!world.folder.path().join("other").exists(), "no trace in the data folder");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_folder_in_use_is_not_shared() {
    let world = World::start().await;
    let output = start_beside(&world, &[("PORT", free_port().to_string())]).await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("error:") && said.contains("hint:"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_security_headers_and_a_request_id() {
    let world = World::start().await;
    for path in ["/", "/healthz", "/readyz", "/health", "/nowhere", "/assets/chat.js", "/message"] {
        let answer = world.get(path).send().await.unwrap();
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
        assert!(header("content-security-policy").contains("default-src 'none'"), "{path}");
        assert!(!header("x-request-id").is_empty(), "{path}");
        assert!(!answer.headers().contains_key("access-control-allow-origin"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_holds_no_text_of_anybody() {
    let world = World::start().await;
    world.say("my secret word is rhubarb").await;
    assert!(!world.log().contains("rhubarb"));
    assert!(!world.log().contains(crate::world::TOKEN));
}

#[tokio::test(flavor = "multi_thread")]
async fn f89_a_head_that_never_ends_is_let_go() {
    let world = World::start().await;
    let mut slow = TcpStream::connect(world.url("").trim_start_matches("http://")).await.unwrap();
    slow.write_all(b"GET / HTTP/1.1\r\nX-Slow: ").await.unwrap();
    let mut answer = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(40), slow.read_to_end(&mut answer));
    assert!(ended.await.is_ok(), "the connection is still open");
    // On a connection of its own: those that the world kept open end at this very moment too.
    assert_eq!(reqwest::get(world.url("/healthz")).await.unwrap().status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn s70_under_a_public_address_the_page_asks_for_the_token() {
    let public = [("PUBLIC_BASE_URL", "https://bills.example.org")];
    let world = World::with(&public, None).await;
    let page = world.get("/chat/messages?wait=0").send().await.unwrap();
    assert_eq!(page.status(), 401);
}
