//! Hostile files and bodies given to a running server: one polite reply each, and it goes on.

use super::files::{deflated_zeros, page, pdf, pdf_of_bytes, png};
use crate::world::{TOKEN, World};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

#[tokio::test(flavor = "multi_thread")]
async fn f80_f83_each_hostile_file_has_one_reply_and_the_next_file_is_read() {
    let world = World::start().await;
    let deep = "[".repeat(200_000);
    let files = [
        ("deep.pdf", pdf(&page("", &format!("/Deep {deep}")))),
        ("bomb.pdf", pdf_of_bytes("/Filter /FlateDecode", &deflated_zeros(600 * 1024 * 1024))),
        ("wide.png", png(100_000, 100_000, &[])),
        ("lies.pdf", b"GIF89a".to_vec()),
        ("empty.jpg", Vec::new()),
    ];
    for (name, bytes) in files {
        let body = send(&world, name, bytes).await;
        let replies = body["replies"].as_array().unwrap();
        assert_eq!(replies.len(), 1, "{name}: {body}");
        let text = replies[0]["text"].as_str().unwrap();
        assert!(text.len() > 20 && !text.contains("panic"), "{name}: {text}");
    }
    let body = send(&world, "good.xml", crate::cli::UBL.as_bytes().to_vec()).await;
    assert!(body.to_string().contains("119.00"), "{body}");
}

async fn send(world: &World, name: &str, bytes: Vec<u8>) -> Value {
    let part = reqwest::multipart::Part::bytes(bytes).file_name(name.to_owned());
    let form = reqwest::multipart::Form::new().text("from", "ana").part("file", part);
    let answer = world.api(Method::POST, "/file").multipart(form).send().await.unwrap();
    let status = answer.status();
    assert!(status.is_success() || status == 400, "{name}: {status}");
    let body: Value = answer.json().await.unwrap();
    if status == 400 { json!({"replies": [{"text": body["detail"]}]}) } else { body }
}

/// Says this much of a request and hangs up in the middle of it; returns what comes back before
/// the end.
async fn say_half(world: &World, head: &str, body: &[u8]) -> String {
    let address = world.url("");
    let mut wire = TcpStream::connect(address.trim_start_matches("http://")).await.unwrap();
    let head = format!(
        "POST /message HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n\
         Content-Type: application/json\r\n{head}\r\n\r\n"
    );
    wire.write_all(head.as_bytes()).await.unwrap();
    // The server may have hung up already.
    let _ = wire.write_all(body).await;
    let _ = wire.shutdown().await;
    let mut answer = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(60), wire.read_to_end(&mut answer)).await;
    assert!(ended.is_ok(), "the connection is still open");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn f89_bodies_that_lie_or_never_end_are_let_go() {
    let world = World::start().await;
    let endless = format!("{:x}\r\n{}\r\n", 9_000_000, " ".repeat(9_000_000)).repeat(4);
    let chunked = say_half(&world, "Transfer-Encoding: chunked", endless.as_bytes());
    let longer = say_half(&world, "Content-Length: 99999999999", b"{");
    let (chunked, longer) = tokio::join!(chunked, longer);
    assert!(chunked.is_empty() || chunked.starts_with("HTTP/1.1 4"), "{chunked}");
    assert!(longer.is_empty() || longer.starts_with("HTTP/1.1 4"), "{longer}");
    let packed = deflated_zeros(100 * 1024 * 1024);
    let head = [("content-encoding", "gzip"), ("content-type", "application/json")];
    let mut request = world.api(Method::POST, "/message").body(packed);
    for (name, value) in head {
        request = request.header(name, value);
    }
    let status = request.send().await.unwrap().status();
    assert!(status.is_client_error(), "a packed body is not unpacked: {status}");
    assert_eq!(world.get("/healthz").send().await.unwrap().status(), 200);
}
