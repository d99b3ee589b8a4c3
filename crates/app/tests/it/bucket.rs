//! F17: a bucket that is busy, slow, closed to us, or hands out other bytes than it was given. Messages are
//! accepted, each file is kept before its invoice is seen, and no other file is ever taken for it.

#![expect(clippy::arithmetic_side_effects, reason = "counts of a few thousand")]

use crate::{
    papers::{self, Paper},
    wired::{BEN, PAPER, assert_clean, from, status, twilio},
    world::{World, eventually, sid},
};
use bytes::Bytes;
use reqwest::{
    Method, StatusCode,
    multipart::{Form, Part},
};
use serde_json::Value;
use sqlx::SqlitePool;
use std::{
    collections::BTreeSet,
    ops::Range,
    time::{Duration, Instant},
};
use testkit::standin::{
    line::Line,
    s3::{self, Mood, S3StandIn},
};

/// A Billhook that keeps its files in a bucket, and the bucket.
struct Kept {
    world: World,
    bucket: S3StandIn,
    /// How many files were in it before anybody had sent one.
    before: usize,
}

impl Kept {
    async fn start() -> Self {
        let bucket = S3StandIn::start().await.unwrap();
        let address = bucket.address().to_owned();
        Self::at(bucket, &address).await
    }

    async fn at(bucket: S3StandIn, address: &str) -> Self {
        let settings = [
            ("S3_BUCKET", s3::BUCKET),
            ("AWS_ENDPOINT_URL_S3", address),
            ("AWS_ACCESS_KEY_ID", s3::KEY),
            ("AWS_SECRET_ACCESS_KEY", s3::SECRET),
        ];
        let world = World::with(&settings, Some(twilio().await)).await;
        let before = bucket.files().len();
        Self { world, bucket, before }
    }

    /// Sends an e-invoice from each of many people at once; each is accepted.
    async fn send(&self, numbers: Range<u32>) {
        let sending = numbers.map(|number| async move {
            let name = format!("B-{number}");
            let paper = Paper { number: &name, net: 100 + number, ..PAPER };
            let file = self.world.twilio().add_media(papers::ubl(&paper));
            let (id, person) = (sid(number), format!("whatsapp:+1500555{number:05}"));
            let mut form = from(&person, &id, "");
            form.retain(|(field, _)| *field != "NumMedia");
            form.extend([("NumMedia", "1"), ("MediaUrl0", file.as_str())]);
            form.push(("MediaContentType0", "application/xml"));
            assert_eq!(status(&self.world, &form).await, Some(200), "{number}");
        });
        futures::future::join_all(sending).await;
    }

    /// Checks that each of these e-invoices was answered once and is kept, and no other file.
    async fn has_all(&self, numbers: Range<u32>) {
        self.world.settled().await;
        let replies = self.world.replies();
        let expected: BTreeSet<u32> = numbers.collect();
        assert_eq!(replies.len(), expected.len(), "{replies:?}");
        for number in &expected {
            let name = format!("B-{number} ");
            let about = replies.iter().filter(|reply| reply.contains(&name)).count();
            assert_eq!(about, 1, "{name}: {replies:?}");
        }
        assert_eq!(self.world.queue().await["dead"], 0);
        assert_eq!(self.bucket.files().len(), self.before + expected.len(), "one object a file");
        assert_clean(&self.world).await;
    }

    async fn database(&self) -> SqlitePool {
        let file = self.world.folder.path().join("data/billhook.db");
        SqlitePool::connect(&format!("sqlite://{}", file.display())).await.unwrap()
    }

    async fn invoices(&self) -> i64 {
        let count = sqlx::query_scalar("SELECT COUNT(*) FROM invoices");
        count.fetch_one(&self.database().await).await.unwrap()
    }

    /// Lets the time pass that a job waits for what its owner has to change.
    async fn wait_ends(&self) {
        let end = sqlx::query("UPDATE jobs SET due_at = 0 WHERE state = 'open' AND due_at > 0");
        end.execute(&self.database().await).await.unwrap();
    }

    /// Uploads an e-invoice on the page's own way and returns what is said to it.
    async fn upload(&self, paper: &Paper<'_>) -> String {
        let form = Form::new().part("file", Part::bytes(papers::ubl(paper)).file_name("a.xml"));
        let form = form.text("wait", "60");
        let answer = self.world.api(Method::POST, "/file").multipart(form).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
        answer.text().await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f17_a_bucket_that_tells_three_calls_of_ten_to_slow_down_gets_every_file() {
    let kept = Kept::start().await;
    kept.bucket.feel(Mood::Busy(30));
    kept.send(0..40).await;
    kept.has_all(0..40).await;
    assert!(kept.bucket.spoilt() >= 10, "{}", kept.bucket.spoilt());
}

#[tokio::test(flavor = "multi_thread")]
async fn f17_a_bucket_that_takes_and_gives_five_kilobytes_a_second_gets_every_file() {
    let kept = Kept::start().await;
    kept.bucket.feel(Mood::Slow(5_000));
    kept.send(0..20).await;
    // A photo of twelve kilobytes, there and, for who looks at it, back.
    let photo = papers::receipt();
    let form = Form::new().part("file", Part::bytes(photo.clone()).file_name("a.jpg"));
    let answer = kept.world.api(Method::POST, "/file").multipart(form.text("wait", "60"));
    let said = answer.send().await.unwrap().text().await.unwrap();
    assert!(said.contains("aved"), "{said}");
    kept.world.settled().await;
    assert_eq!(kept.world.replies().len(), 20);
    assert_eq!(kept.world.queue().await["dead"], 0);
    assert_eq!(kept.bucket.files().len(), kept.before + 21);
    kept.bucket.feel(Mood::Fair);
    assert_clean(&kept.world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f17_while_a_bucket_denies_access_no_invoice_is_seen_and_nothing_is_lost() {
    let kept = Kept::start().await;
    kept.bucket.feel(Mood::Denied);
    kept.send(0..10).await;
    eventually("all wait for the bucket", || async {
        let log = kept.world.log();
        let waits = log.lines().filter(|line| line.contains("turn waits for what it needs"));
        (waits.filter(|line| line.contains("blobs_refused")).count() >= 10).then_some(())
    })
    .await;
    // Whoever sends no file has no need of it.
    assert_eq!(status(&kept.world, &from(BEN, &sid(100), "hello")).await, Some(200));
    eventually("he is answered", || async { (kept.world.replies().len() == 1).then_some(()) })
        .await;
    assert_eq!((kept.invoices().await, kept.bucket.files().len()), (0, kept.before));
    assert_eq!(kept.world.queue().await["dead"], 0);
    kept.bucket.feel(Mood::Fair);
    kept.wait_ends().await;
    kept.world.settled().await;
    assert_eq!((kept.invoices().await, kept.bucket.files().len()), (10, kept.before + 10));
    assert_eq!(kept.world.replies().len(), 11);
    assert_clean(&kept.world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f17_a_file_that_arrives_changed_is_not_kept_and_sent_again() {
    let kept = Kept::start().await;
    kept.bucket.feel(Mood::Garbled);
    kept.send(0..10).await;
    eventually("all have met it", || async { (kept.bucket.spoilt() >= 10).then_some(()) }).await;
    eventually("all wait", || async {
        let log = kept.world.log();
        (log.matches("turn waits for what it needs").count() >= 10).then_some(())
    })
    .await;
    assert_eq!((kept.invoices().await, kept.bucket.files().len()), (0, kept.before));
    kept.bucket.feel(Mood::Fair);
    kept.wait_ends().await;
    kept.has_all(0..10).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f17_other_bytes_than_were_kept_are_never_read_and_never_served() {
    let kept = Kept::start().await;
    let strange = Paper { number: "STRANGE-1", vendor: "Somebody Else", net: 900, ..PAPER };
    let strange = Bytes::from(papers::ubl(&strange));
    // For a moment: it is fetched again.
    kept.bucket.feel(Mood::Wrong(strange.clone()));
    let healing = async {
        eventually("it was noticed", || async {
            kept.world.log().contains("blob_damaged").then_some(())
        })
        .await;
        kept.bucket.feel(Mood::Fair);
    };
    let (said, ()) = tokio::join!(kept.upload(&PAPER), healing);
    assert!(said.contains("K-9") && !said.contains("STRANGE"), "{said}");
    assert_clean(&kept.world).await;

    // For good: after three tries it is given up, with one apology, and nothing of it is an invoice.
    kept.bucket.feel(Mood::Wrong(strange.clone()));
    let said = kept.upload(&Paper { number: "K-10", net: 110, ..PAPER }).await;
    assert!(!said.contains("STRANGE") && !said.contains("K-10"), "{said}");
    assert_eq!(kept.world.queue().await["dead"], 1);
    assert_eq!(kept.invoices().await, 1);

    // What Billhook has made and what was sent to it: an error instead of something else.
    kept.bucket.feel(Mood::Fair);
    kept.world.say("invoice Bob 3 hours at 80 EUR").await;
    let issued: Value = kept.world.say("yes").await;
    let files =
        issued["replies"].as_array().unwrap().iter().find_map(|reply| reply["file"].as_object());
    let file = files.unwrap_or_else(|| panic!("no file in {issued}"))["url"].as_str().unwrap();
    let fetch = async || kept.world.api(Method::GET, file).send().await.unwrap();
    let right = fetch().await.bytes().await.unwrap();
    assert!(right.starts_with(b"%PDF"));
    kept.bucket.feel(Mood::Wrong(strange.clone()));
    let refused = fetch().await;
    assert_eq!(refused.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!refused.text().await.unwrap().contains("STRANGE"));
    kept.bucket.feel(Mood::Fair);
    assert_eq!(fetch().await.bytes().await.unwrap(), right);
}

/// Keeps a bucket away for so long while e-invoices come in, each of somebody else.
async fn away(outage: Duration, numbers: u32) {
    let bucket = S3StandIn::start().await.unwrap();
    let line = Line::to(bucket.address().trim_start_matches("http://").parse().unwrap()).await;
    let kept = Kept::at(bucket, &format!("http://{}", line.address)).await;
    line.cut();
    let begun = Instant::now();
    let between = outage.checked_div(numbers).unwrap();
    for number in 0..numbers {
        kept.send(number..number + 1).await;
        tokio::time::sleep(between).await;
    }
    assert!(begun.elapsed() >= outage);
    assert_eq!((kept.invoices().await, kept.world.queue().await["dead"].clone()), (0, 0.into()));
    line.mend();
    let mended = Instant::now();
    while kept.invoices().await < i64::from(numbers) {
        assert!(mended.elapsed() < Duration::from_secs(600), "within ten minutes of its end");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    kept.world.settled().await;
    let told = |reply: &&String| !reply.contains("B-");
    let (replies, all) = (kept.world.replies(), usize::try_from(numbers).unwrap());
    let notices = replies.iter().filter(told).count();
    assert!(notices <= all, "at most one notice each: {replies:?}");
    assert_eq!(replies.len() - notices, all, "{replies:?}");
    assert_eq!(kept.bucket.files().len(), kept.before + all);
    assert_clean(&kept.world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f17_a_bucket_that_was_away_for_seconds_gets_every_file() {
    away(Duration::from_secs(5), 10).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes eleven minutes: ./test soak"]
async fn f17_a_bucket_that_was_away_for_ten_minutes_gets_every_file() {
    away(Duration::from_secs(600), 60).await;
}
