//! S83 to S85: what a person has deleted is nowhere any more, for real: on the disk, byte by byte.

use crate::{
    cli::{Desk, ROW},
    papers::{self, Paper},
    world::{ANA, World, billhook, eventually, message, sid},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
    path::{Path, PathBuf},
};

/// Words that stand in what Ana has sent, one of each kind.
const TRACES: [&str; 6] =
    ["Kanarienvogel", "KV-4711", "Anastasia", "15005550111", "gelber Kafig", "Voliere"];

const PAPER: Paper<'static> =
    Paper { number: "KV-4711", vendor: "Kanarienvogel GmbH", date: "2026-05-04", net: 100 };

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .flat_map(|entry| {
            let path = entry.path();
            if path.is_dir() { files_below(&path) } else { vec![path] }
        })
        .collect()
}

/// Returns which traces are in which files of a folder.
fn traces(folder: &Path) -> Vec<String> {
    let holds = |bytes: &[u8], word: &str| {
        bytes.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
    };
    let mut found = Vec::new();
    for path in files_below(folder) {
        let bytes = std::fs::read(&path).unwrap_or_default();
        for word in TRACES.into_iter().filter(|word| holds(&bytes, word)) {
            found.push(format!("{word} in {}", path.display()));
        }
    }
    found
}

async fn writes(world: &World, number: u32, text: &str) {
    let id = sid(number);
    let mut form = message(&id, text);
    form.retain(|(name, _)| *name != "ProfileName");
    form.push(("ProfileName", "Anastasia"));
    assert_eq!(world.webhook(&form).await.status(), 200);
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s84_nothing_of_a_person_is_left_on_the_disk() {
    let world = World::with_twilio().await;
    let url = world.twilio().add_media(papers::ubl(&PAPER));
    world.whatsapp_file(&sid(1), &url, "application/xml").await;
    world.settled().await;
    writes(&world, 2, "note for invoice KV-4711: gelber Kafig").await;
    writes(&world, 3, "it's from Voliere").await;
    writes(&world, 4, "export zip").await;
    writes(&world, 5, "how much did I spend at Kanarienvogel?").await;
    let data = world.folder.path().join("data");
    assert!(traces(&data).len() >= TRACES.len(), "they are there before: {:?}", traces(&data));

    writes(&world, 6, "delete my data").await;
    writes(&world, 7, "yes").await;
    let receipt = world.replies().pop().unwrap();
    assert!(receipt.starts_with("✅ Everything"), "{receipt}");
    eventually("nothing is left on the disk", || async {
        let left = traces(&data);
        if !left.is_empty() {
            println!("{left:?}");
        }
        left.is_empty().then_some(())
    })
    .await;
    assert!(traces(&world.folder.path().join("log")).is_empty(), "nor in the log");

    // Twilio says it all again, and nothing of it comes back.
    world.whatsapp_file(&sid(1), &url, "application/xml").await;
    world.whatsapp(&sid(2), "note for invoice KV-4711: gelber Kafig").await;
    world.settled().await;
    assert!(traces(&data).is_empty());
    let before = world.replies().len();
    assert_eq!(world.whatsapp(&sid(8), "how many invoices do I have?").await.status(), 200);
    world.settled().await;
    assert_eq!(world.replies()[before..], ["Number of invoices: *0*".to_owned()]);
    assert!(world.replies().len() == before + 1, "{ANA} is answered as a stranger");
}

#[tokio::test(flavor = "multi_thread")]
async fn s84_a_file_that_somebody_else_has_stays_his() {
    let world = World::start().await;
    let other = Paper { number: "KV-4712", ..PAPER };
    for (from, paper) in [("ana", &PAPER), ("bob", &PAPER), ("ana", &other)] {
        let content = BASE64_STANDARD.encode(papers::ubl(paper));
        let file = json!({"content": content, "name": "k.xml", "from": from, "wait": 60});
        let sent = world.api(Method::POST, "/file").json(&file).send().await.unwrap();
        assert_eq!(sent.status(), StatusCode::OK);
    }
    let command = async |body: Value| -> Value {
        let sent = world.api(Method::POST, "/api/v1/command").json(&body).send().await.unwrap();
        assert_eq!(sent.status(), StatusCode::OK);
        sent.json().await.unwrap()
    };
    let asked = command(json!({"command": "erase", "from": "ana"})).await;
    assert!(asked["replies"][0]["text"].as_str().unwrap().contains("Invoices: 2, files: 2"));
    let yes = json!({"text": "yes", "from": "ana", "wait": 60});
    let done: Value =
        world.api(Method::POST, "/message").json(&yes).send().await.unwrap().json().await.unwrap();
    assert!(done["replies"][0]["text"].as_str().unwrap().contains("Your receipt"), "{done}");
    let blobs = || {
        let all = files_below(&world.folder.path().join("data"));
        let is_blob = |path: &&PathBuf| path.file_name().unwrap().len() == 64;
        all.iter().filter(is_blob).count()
    };
    eventually("the file that only ana had is gone", || async { (blobs() == 1).then_some(()) })
        .await;
    let exported = command(json!({"command": "export", "form": "zip", "from": "bob"})).await;
    let url = exported["replies"][1]["file"]["url"].as_str().unwrap();
    let archive = world.api(Method::GET, url).send().await.unwrap().bytes().await.unwrap();
    let original = archive.windows(9).any(|window| window == b"originals");
    assert!(original, "bob's original is there");
}

/// Returns the files of an archive, by name.
fn unpacked(archive: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        assert!(files.insert(name, bytes).is_none(), "a name stands there twice");
    }
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn s83_an_archive_holds_everything_byte_for_byte() {
    let world = World::start().await;
    let other = Paper { number: "KV-4712", date: "2026-05-05", ..PAPER };
    let papers = [papers::ubl(&PAPER), papers::pdf(&other)];
    for (name, bytes) in ["a.xml", "b.pdf"].into_iter().zip(&papers) {
        let file = json!({"content": BASE64_STANDARD.encode(bytes), "name": name, "wait": 60});
        let sent = world.api(Method::POST, "/file").json(&file).send().await.unwrap();
        assert_eq!(sent.status(), StatusCode::OK);
    }
    world.say(&format!("note for invoice KV-4711: gelber Kafig {}", "x".repeat(3_000))).await;
    let wish = json!({"command": "export", "form": "zip"});
    let answer = world.api(Method::POST, "/api/v1/command").json(&wish).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    let told = answer["replies"][0]["text"].as_str().unwrap();
    assert!(told.contains("Invoices: 2") && !told.contains("billhook export"), "{told}");
    let url = answer["replies"][1]["file"]["url"].as_str().unwrap();
    let chat = world.api(Method::GET, url).send().await.unwrap().bytes().await.unwrap();

    let verb = ["export", "--format", "zip", "--out", "all.zip"];
    let mut command = billhook(world.folder.path(), world.settings());
    let output = command.args(verb).current_dir(world.folder.path()).output().await.unwrap();
    assert!(output.status.success(), "{output:?}");
    let desk = std::fs::read(world.folder.path().join("all.zip")).unwrap();

    for archive in [chat.to_vec(), desk] {
        let files = unpacked(&archive);
        let mut originals: Vec<&Vec<u8>> = files
            .iter()
            .filter(|(name, _)| name.starts_with("originals/"))
            .map(|(_, bytes)| bytes)
            .collect();
        originals.sort_unstable();
        let mut expected: Vec<&Vec<u8>> = papers.iter().collect();
        expected.sort_unstable();
        assert!(originals == expected, "{:?}", files.keys());
        let sheet = String::from_utf8(files["invoices.csv"].clone()).unwrap();
        assert_eq!(sheet.lines().count(), 3, "{sheet}");
        assert!(sheet.contains("KV-4711") && sheet.contains("KV-4712"));
        assert!(files["invoices.xlsx"].starts_with(b"PK"));
        let messages = String::from_utf8(files["messages.csv"].clone()).unwrap();
        assert!(messages.contains("gelber Kafig"), "{messages}");
    }
}

#[test]
fn what_the_chat_can_do_the_command_line_can_do() {
    let desk = Desk::new().with("LLM_PROVIDER", "offline");
    desk.file("in.jsonl", ROW);
    assert_eq!(desk.run(&["import", "in.jsonl"]).code, 0);
    let told = |arguments: &[&str]| {
        let said = desk.run(arguments);
        assert_eq!(said.code, 0, "{}", said.err);
        said.out
    };
    assert!(told(&["command", "help"]).contains("What I can do"));
    assert!(told(&["command", "currency", "USD"]).contains("*USD*"));
    assert!(told(&["command", "time-zone", "Europe/Berlin"]).contains("Europe/Berlin"));
    assert!(told(&["command", "usage"]).contains("Invoices stored: 1"));
    assert!(told(&["command", "undo"]).contains("no change"));
    assert!(told(&["command", "language", "de"]).contains("auf Deutsch"));
    let export = ["command", "export", "2025-08", "--form", "json", "--save", "taken"];
    assert!(told(&export).contains("Rechnungen: 1"));
    assert!(
        std::fs::read_to_string(desk.path("taken/billhook.json")).unwrap().contains("Quick Print")
    );
    assert!(told(&["command", "erase"]).contains("Rechnungen: 1"));
    let refused = desk.run(&["erase"]);
    assert_eq!((refused.code, refused.err.contains("nothing was deleted")), (1, true));
    assert!(told(&["erase", "--yes"]).contains("receipt: "));
    assert!(told(&["ask", "how many invoices do I have?"]).contains("*0*"));
    assert_eq!(desk.run(&["audit"]).code, 0);
}
