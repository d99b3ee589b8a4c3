//! What is done for all without being asked: people are reminded, and what is old is deleted.

use crate::{
    clocks::{by_its_clock, set_ahead},
    papers::{self, Paper},
    wired::{assert_clean, twilio},
    world::{RealClock, World, eventually, sid},
};
use jiff::tz::Offset;
use ports::clock::Clock;
use std::{path::Path, time::Duration};
use testkit::postgres::fresh_schema;

const PAPER: Paper<'static> =
    Paper { number: "K-9", vendor: "Garten Huber", date: "2026-05-04", net: 100 };

/// A process that starts so soon after another has begun a chore does not begin it.
const AT_START: Duration = Duration::from_secs(6);

/// Returns a time zone in which it is about noon.
fn zone_at_noon() -> String {
    let hour = RealClock.now().to_zoned(Offset::UTC.to_time_zone()).hour();
    // The names of these zones count westwards.
    format!("time zone Etc/GMT{:+}", i32::from(hour).saturating_sub(12))
}

fn files_below(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let count = |path: &Path| if path.is_dir() { files_below(path) } else { 1 };
    entries.map(|entry| count(&entry.path())).sum()
}

async fn says(world: &World, number: u32, text: &str) {
    assert_eq!(world.whatsapp(&sid(number), text).await.status(), 200);
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wants_it_is_reminded_of_what_is_due_once_however_many_processes_run() {
    let Some(url) = fresh_schema().await else { return };
    let mut world = World::with(&[("DATABASE_URL", &url)], Some(twilio().await)).await;
    says(&world, 1, &zone_at_noon()).await;
    says(&world, 2, "invoice Bob 3 hours at 80 EUR, due in 2 days").await;
    says(&world, 3, "yes").await;
    says(&world, 4, "invoice Eve 1 hour at 80 EUR, due in 30 days").await;
    says(&world, 5, "yes").await;
    says(&world, 6, "Remind me!").await;
    let before = world.replies();
    assert!(before.last().unwrap().contains("three days before"), "{before:?}");

    tokio::time::sleep(AT_START).await;
    assert!(world.stop().await);
    world.restart().await;
    let (_one, _other) = tokio::join!(world.beside(&[]), world.beside(&[]));
    eventually("somebody is reminded", || async {
        (world.replies().len() > before.len()).then_some(())
    })
    .await;
    let reminder = world.replies().pop().unwrap();
    assert!(
        reminder.contains("Bob") && reminder.contains("*240.00") && reminder.contains("*, due "),
        "{reminder}"
    );
    assert!(!reminder.contains("Eve"), "{reminder}");
    tokio::time::sleep(AT_START).await;
    says(&world, 7, "reminders off").await;
    let since = world.replies().split_off(before.len());
    assert_eq!(since.len(), 2, "one reminder, one reply: {since:?}");
    assert_clean(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s86_what_is_old_is_deleted_and_invoices_stay_with_their_files() {
    let Some(url) = fresh_schema().await else { return };
    set_ahead(&url, "0").await;
    let url = by_its_clock(&url);
    let settings = [("DATABASE_URL", url.as_str()), ("BILLHOOK_KEEP_MESSAGES_DAYS", "120")];
    let mut world = World::with(&settings, Some(twilio().await)).await;
    let booked = world.twilio().add_media(papers::ubl(&PAPER));
    world.whatsapp_file(&sid(1), &booked, "application/xml").await;
    world.settled().await;
    let other = world.twilio().add_media(b"Nothing but a letter.".to_vec());
    world.whatsapp_file(&sid(2), &other, "text/plain").await;
    world.settled().await;
    says(&world, 3, "invoice Bob 3 hours at 80 EUR, due in 14 days").await;
    says(&world, 4, "yes").await;
    says(&world, 5, "export csv").await;
    let blobs = world.folder.path().join("data/files");
    let before = files_below(&blobs);
    assert!(before >= 5, "an e-invoice, a letter, a draft, an invoice, a sheet: {before}");
    let pool = sqlx::PgPool::connect(&url).await.unwrap();
    let left = async || -> (i64, i64, i64) {
        let count = "SELECT (SELECT COUNT(*) FROM inbound WHERE body <> ''), \
             (SELECT COUNT(*) FROM outbound), (SELECT COUNT(*) FROM inbound)";
        sqlx::query_as(count).fetch_one(&pool).await.unwrap()
    };
    assert_eq!(left().await.2, 5);

    for (ahead, files) in [("89 days", before), ("91 days", 2), ("121 days", 2)] {
        assert!(world.stop().await);
        set_ahead(&url, ahead).await;
        world.restart().await;
        eventually("the files are deleted", || async {
            (files_below(&blobs) == files).then_some(())
        })
        .await;
        if ahead != "121 days" {
            assert_eq!(left().await.0, 3, "messages are kept for longer");
        }
    }
    eventually("what was said is deleted", || async { (left().await == (0, 0, 5)).then_some(()) })
        .await;
    let count = world.replies().len();
    says(&world, 6, "how many invoices do I have?").await;
    assert_eq!(world.replies()[count..], ["Number of invoices: *2*".to_owned()]);
    // What the provider says again is known for ever.
    assert_eq!(world.whatsapp(&sid(3), "invoice Bob 3 hours at 80 EUR").await.status(), 200);
    world.settled().await;
    assert_eq!(world.replies()[count..].len(), 1);
    assert_clean(&world).await;
}
