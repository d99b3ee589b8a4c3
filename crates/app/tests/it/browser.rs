//! The page in a real browser: a file is dropped in, its summary read, a question asked.
//!
//! Runs where `BILLHOOK_TEST_CHROMIUM` is set; needs `chromium` and `chromedriver`.

use crate::{
    papers::{self, Paper},
    world::{World, eventually, free_port},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::Client;
use serde_json::{Value, json};
use std::{path::Path, process::Stdio};
use tempfile::TempDir;
use tokio::process::{Child, Command};

const FLAGS: [&str; 8] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
];

/// A browser with an empty profile.
struct Browser {
    _driver: Child,
    _profile: TempDir,
    client: Client,
    session: String,
}

impl Browser {
    async fn open(width: u32, height: u32) -> Self {
        let port = free_port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let (client, profile) = (Client::new(), TempDir::new().unwrap());
        let root = format!("http://127.0.0.1:{port}");
        eventually("the driver is ready", || async {
            client.get(format!("{root}/status")).send().await.ok().map(drop)
        })
        .await;
        let mut args: Vec<String> = FLAGS.map(str::to_owned).to_vec();
        args.push(format!("--user-data-dir={}", profile.path().display()));
        args.push(format!("--window-size={width},{height}"));
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": { "args": args },
        } } });
        let opened = client.post(format!("{root}/session")).json(&wanted).send().await.unwrap();
        let opened: Value = opened.json().await.unwrap();
        let id = opened["value"]["sessionId"].as_str().unwrap_or_else(|| panic!("{opened}"));
        let session = format!("{root}/session/{id}");
        Self { _driver: driver, _profile: profile, client, session }
    }

    async fn tell(&self, command: &str, body: &Value) -> Value {
        let request = self.client.post(format!("{}/{command}", self.session)).json(body);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        assert!(answer["value"]["error"].is_null(), "{command}: {answer}");
        answer["value"].clone()
    }

    async fn script(&self, code: &str) -> Value {
        self.tell("execute/sync", &json!({ "script": code, "args": [] })).await
    }

    async fn element(&self, css: &str) -> String {
        let found = self.tell("element", &json!({ "using": "css selector", "value": css })).await;
        found.as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned()
    }

    async fn type_into(&self, css: &str, text: &str) {
        let id = self.element(css).await;
        self.tell(&format!("element/{id}/value"), &json!({ "text": text })).await;
    }

    /// Returns the text of the last reply.
    async fn last_reply(&self) -> String {
        let code = "return [...document.querySelectorAll('#lines .row.billhook .words')].at(-1)?.textContent ?? ''";
        self.script(code).await.as_str().unwrap().to_owned()
    }

    async fn wait_for(&self, text: &str) {
        eventually(text, || async { self.last_reply().await.contains(text).then_some(()) }).await;
    }

    async fn screenshot(&self, path: &Path) {
        let answer = self.client.get(format!("{}/screenshot", self.session)).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        let bytes = BASE64_STANDARD.decode(answer["value"].as_str().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    async fn close(self) {
        self.client.delete(&self.session).send().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_drops_in_an_invoice_reads_its_summary_and_gets_the_right_number() {
    if std::env::var_os("BILLHOOK_TEST_CHROMIUM").is_none() {
        println!("skipped: BILLHOOK_TEST_CHROMIUM is not set");
        return;
    }
    let world = World::start().await;
    let paper = Paper { number: "G-104", vendor: "Garten Huber", date: "2024-05-04", net: 100 };
    let file = world.folder.path().join("Garten Huber May.pdf");
    std::fs::write(&file, papers::pdf(&paper)).unwrap();

    let browser = Browser::open(1280, 800).await;
    browser.tell("url", &json!({ "url": world.url("/") })).await;
    browser.type_into("#file", file.to_str().unwrap()).await;
    browser.wait_for("Garten Huber").await;
    let summary = browser.last_reply().await;
    assert!(summary.contains("Garten Huber") && summary.contains("120.00"), "{summary}");

    browser.type_into("#text", "how much did I spend at Garten Huber in May 2024?\u{E007}").await;
    eventually("the number is there", || async {
        let reply = browser.last_reply().await;
        (reply != summary && reply.contains("120.00")).then_some(())
    })
    .await;
    let unread =
        "return document.querySelectorAll('#lines .row.user:not([data-ticks=\"read\"])').length";
    eventually("all ticks are blue", || async {
        (browser.script(unread).await == 0).then_some(())
    })
    .await;
    let wide = "return document.documentElement.scrollWidth > innerWidth";
    assert_eq!(browser.script(wide).await, false);
    let shots = Path::new(env!("CARGO_TARGET_TMPDIR")).join("chat.png");
    browser.screenshot(&shots).await;
    println!("screenshot: {}", shots.display());
    browser.close().await;
}
