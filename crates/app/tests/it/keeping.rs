//! Looking after what is stored: backup, restore, move and audit, as an owner runs them.

use crate::{
    papers::{self, Paper},
    world::{World, billhook},
};
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use std::{
    collections::BTreeMap,
    path::Path,
    process::{ExitStatus, Output},
};
use testkit::{
    postgres::fresh_schema,
    standin::s3::{self, S3StandIn},
};

const PAPER: Paper<'static> =
    Paper { number: "K-9", vendor: "Garten Huber", date: "2026-05-04", net: 100 };

async fn run(world: &World, settings: &[(&str, &str)], arguments: &[&str]) -> Output {
    let mut all: BTreeMap<String, String> = world.settings().clone();
    all.extend(settings.iter().map(|(name, value)| ((*name).into(), (*value).into())));
    billhook(world.folder.path(), &all).args(arguments).output().await.unwrap()
}

fn said(output: &Output) -> (ExitStatus, String) {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    (output.status, String::from_utf8(text).unwrap())
}

/// Starts and stores an invoice that was sent as a file.
async fn with_an_invoice(settings: &[(&str, &str)]) -> World {
    let world = World::with(settings, None).await;
    let form = Form::new().part("file", Part::bytes(papers::ubl(&PAPER)).file_name("k9.xml"));
    let form = form.text("wait", "60");
    let answer = world.api(Method::POST, "/file").multipart(form).send().await.unwrap();
    assert!(answer.text().await.unwrap().contains("K-9"));
    world
}

/// Returns what the invoice list says.
async fn listed(world: &World) -> String {
    let asked = serde_json::json!({ "text": "list my invoices", "wait": 60 });
    let answer = world.api(Method::POST, "/message").json(&asked).send().await.unwrap();
    answer.text().await.unwrap()
}

fn files_in(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries
        .flatten()
        .map(|entry| if entry.path().is_dir() { files_in(&entry.path()) } else { 1 })
        .sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn f74_a_backup_of_a_running_server_is_restored_elsewhere() {
    let old = with_an_invoice(&[]).await;
    let file = old.folder.path().join("book.tar");
    let name = file.to_str().unwrap();
    let (status, text) = said(&run(&old, &[], &["backup", name]).await);
    assert!(status.success(), "{text}");
    assert!(text.starts_with("The database and 1 file are in"), "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    let (status, text) = said(&run(&old, &[], &["backup", name]).await);
    assert_eq!(status.code(), Some(2), "it is not written over: {text}");

    let empty = tempfile::tempdir().unwrap();
    let data = empty.path().join("data");
    let elsewhere = [("BILLHOOK_DATA_DIR", data.to_str().unwrap())];
    let (status, text) = said(&run(&old, &elsewhere, &["restore", name]).await);
    assert!(status.success() && text.contains("and 1 file were restored"), "{text}");
    let (status, text) = said(&run(&old, &elsewhere, &["restore", name]).await);
    assert_eq!(status.code(), Some(1));
    assert!(text.contains("already holds data") && text.contains("hint:"), "{text}");
    let new = old.beside(&elsewhere).await;
    assert!(listed(&new).await.contains("K-9"));
    let (status, text) = said(&run(&new, &[], &["audit"]).await);
    assert!(status.success() && !text.contains("BROKEN"), "{text}");
    assert!(text.contains("unchanged (1 looked at)"), "{text}");
    assert_eq!(files_in(&data.join("files")), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_backup_or_half_of_one_changes_nothing() {
    let old = with_an_invoice(&[]).await;
    let whole = old.folder.path().join("book.tar");
    run(&old, &[], &["backup", whole.to_str().unwrap()]).await;
    let bytes = std::fs::read(&whole).unwrap();
    for (at, content) in
        [&b"no archive at all"[..], &bytes[..bytes.len() / 2], &[]].iter().enumerate()
    {
        let file = old.folder.path().join(format!("{at}.tar"));
        std::fs::write(&file, content).unwrap();
        let empty = tempfile::tempdir().unwrap();
        let elsewhere = [("BILLHOOK_DATA_DIR", empty.path().to_str().unwrap())];
        let output = run(&old, &elsewhere, &["restore", file.to_str().unwrap()]).await;
        let (status, text) = said(&output);
        assert_eq!(status.code(), Some(1), "{text}");
        assert!(text.contains("not a whole backup"), "{text}");
        assert!(!empty.path().join("billhook.db").exists());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i6_a_lost_file_is_found_by_the_audit() {
    let mut world = with_an_invoice(&[]).await;
    world.kill().await;
    std::fs::remove_dir_all(world.folder.path().join("data/files")).unwrap();
    let (status, text) = said(&run(&world, &[], &["audit"]).await);
    assert_eq!(status.code(), Some(1), "{text}");
    assert!(text.contains("BROKEN  I6"), "{text}");
    let output = run(&world, &[], &["audit", "--json"]).await;
    let findings: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    let broken: Vec<_> = findings.iter().filter(|finding| finding["broken"] != 0).collect();
    assert_eq!(broken.len(), 1);
    assert_eq!(broken[0]["invariant"], "I6");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_outgrows_the_default_moves_to_a_server_and_a_bucket() {
    let Some(database) = fresh_schema().await else { return };
    let bucket = S3StandIn::start().await.unwrap();
    let mut world = with_an_invoice(&[]).await;
    let (status, text) = said(&run(&world, &[], &["move", "--to", &database]).await);
    assert_eq!(status.code(), Some(1), "a running server is not moved: {text}");
    assert!(text.contains("another billhook is using"), "{text}");
    assert!(world.stop().await);
    let (status, text) = said(&run(&world, &[], &["move", "--to", &database]).await);
    assert!(status.success() && text.contains("tables were copied"), "{text}");
    assert!(!text.contains("postgres://"), "an address may hold a password: {text}");
    let here = [("DATABASE_URL", database.as_str())];
    assert!(listed(&world.beside(&here).await).await.contains("K-9"));

    // With its files, into a bucket.
    let file = world.folder.path().join("book.tar");
    run(&world, &[], &["backup", file.to_str().unwrap()]).await;
    let Some(other) = fresh_schema().await else { return };
    let there = [
        ("DATABASE_URL", other.as_str()),
        ("S3_BUCKET", s3::BUCKET),
        ("AWS_ENDPOINT_URL_S3", bucket.address()),
        ("AWS_ACCESS_KEY_ID", s3::KEY),
        ("AWS_SECRET_ACCESS_KEY", s3::SECRET),
    ];
    let (status, text) = said(&run(&world, &there, &["restore", file.to_str().unwrap()]).await);
    assert!(status.success(), "{text}");
    let (status, text) = said(&run(&world, &there, &["audit"]).await);
    assert!(status.success() && text.contains("unchanged (1 looked at)"), "{text}");
    assert_eq!(bucket.files().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn i6_a_file_that_nobody_has_is_found_by_the_audit_and_deleted_by_a_worker() {
    let mut world = with_an_invoice(&[]).await;
    let files = world.folder.path().join("data/files");
    let count = files_in(&files);
    let name = "ab".repeat(32);
    let stray = files.join("ab/ab").join(&name);
    std::fs::create_dir_all(stray.parent().unwrap()).unwrap();
    std::fs::write(&stray, "forgotten on its way").unwrap();
    let long_ago = std::time::SystemTime::UNIX_EPOCH;
    std::fs::File::options().write(true).open(&stray).unwrap().set_modified(long_ago).unwrap();
    let (status, text) = said(&run(&world, &[], &["audit", "--quick"]).await);
    assert!(status.code() == Some(1) && text.contains(&name), "{text}");
    // It is looked for three times an hour.
    assert!(world.stop().await);
    let database = world.folder.path().join("data/billhook.db");
    let pool =
        sqlx::SqlitePool::connect(&format!("sqlite://{}", database.display())).await.unwrap();
    sqlx::query("UPDATE chores SET begun_at = 0 WHERE name = 'strays'")
        .execute(&pool)
        .await
        .unwrap();
    pool.close().await;
    world.restart().await;
    crate::world::eventually("it is deleted", || async { (!stray.exists()).then_some(()) }).await;
    assert_eq!(files_in(&files), count);
    let (status, text) = said(&run(&world, &[], &["audit"]).await);
    assert!(status.success(), "{text}");
}
