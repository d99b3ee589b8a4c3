//! F15, F74: a database that goes back to an earlier state, under a running process or from a backup. The
//! provider still knows what came since: it is found there, and answered where it was not answered yet.

use crate::{
    papers,
    wired::{PAPER, Wired, assert_clean, from, line_to_a_database, status, twilio},
    world::{ANA, RealClock, World, billhook, eventually, sid},
};
use jiff::SignedDuration;
use ports::clock::Clock;
use sqlx::PgPool;
use std::{collections::BTreeMap, path::Path};
use testkit::postgres::fresh_schema;

/// Runs a verb with these settings beside those of a world.
async fn run(world: &World, settings: &[(&str, &str)], arguments: &[&str]) {
    let mut all: BTreeMap<String, String> = world.settings().clone();
    all.extend(settings.iter().map(|(name, value)| ((*name).into(), (*value).into())));
    let output = billhook(world.folder.path(), &all).args(arguments).output().await.unwrap();
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&text));
}

/// Copies a database as it is now into an empty one, whose address is returned, and the files into a folder.
async fn copy(world: &World, database: &str, folder: &Path) -> String {
    let file = folder.join("book.tar").display().to_string();
    let data = folder.join("data").display().to_string();
    run(world, &[("DATABASE_URL", database)], &["backup", &file]).await;
    let copy = fresh_schema().await.unwrap();
    run(world, &[("DATABASE_URL", &copy), ("BILLHOOK_DATA_DIR", &data)], &["restore", &file]).await;
    // It is older than a minute, as copies are.
    let pool = PgPool::connect(&copy).await.unwrap();
    sqlx::query("UPDATE chores SET begun_at = 0").execute(&pool).await.unwrap();
    pool.close().await;
    copy
}

fn question(number: u32) -> String {
    format!("how much did I pay Firma{number} in May 2026?")
}

/// Writes by WhatsApp as somebody, some minutes ago by the provider's word; told by a webhook or not.
async fn write(world: &World, number: u32, is_told: bool) {
    let (id, text) = (sid(number), question(number));
    let at = RealClock.now().checked_sub(SignedDuration::from_mins(3)).unwrap();
    world.twilio().receive((&id, ANA), &text, at, None);
    if is_told {
        assert_eq!(status(world, &from(ANA, &id, &text)).await, Some(200));
        world.settled().await;
    }
}

/// Checks that each of these questions was answered once.
async fn each_once(world: &World, numbers: std::ops::Range<u32>) {
    let count = numbers.len();
    eventually("all are answered", || async { (world.replies().len() >= count).then_some(()) })
        .await;
    let replies = world.replies();
    for number in numbers {
        let name = format!("Firma{number}");
        let about = replies.iter().filter(|reply| reply.contains(&name)).count();
        assert_eq!(about, 1, "{name}: {replies:?}");
    }
    assert_eq!(replies.len(), count, "{replies:?}");
}

/// Returns the name of the schema that an address leads into.
fn schema(url: &str) -> &str {
    url.rsplit('=').next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn f15_where_a_server_takes_over_that_lacks_the_last_commits_they_are_found_again() {
    let Some(wired) = Wired::start(&[]).await else { return };
    let world = &wired.world;
    for number in 10..13 {
        write(world, number, true).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let behind = copy(world, &wired.database, folder.path()).await;
    // Lost with the first server: three that were answered, and one that never came.
    for number in 13..16 {
        write(world, number, true).await;
    }
    write(world, 16, false).await;
    assert_eq!(world.replies().len(), 6);

    wired.line.cut();
    let pool = PgPool::connect(&wired.database).await.unwrap();
    let (ahead, behind) = (schema(&wired.database), schema(&behind));
    for statement in [
        format!("ALTER SCHEMA {ahead} RENAME TO {ahead}_lost"),
        format!("ALTER SCHEMA {behind} RENAME TO {ahead}"),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&pool).await.unwrap();
    }
    pool.close().await;
    wired.line.mend();
    eventually("it is there again", || async {
        (world.get("/readyz").send().await.ok()?.status() == 200).then_some(())
    })
    .await;
    // What its provider sends again is known or new, and changes nothing that was.
    assert_eq!(status(world, &from(ANA, &sid(10), &question(10))).await, Some(200));
    each_once(world, 10..17).await;
    world.settled().await;
    each_once(world, 10..17).await;
    let stored: i64 = {
        let pool = PgPool::connect(&wired.database).await.unwrap();
        let count = sqlx::query_scalar("SELECT COUNT(*) FROM inbound").fetch_one(&pool).await;
        count.unwrap()
    };
    assert_eq!(stored, 7);
    assert_eq!(world.queue().await["dead"], 0);
    assert_clean(world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f74_a_server_restored_to_an_earlier_state_answers_what_came_since_and_nothing_twice() {
    let Some((_line, _, database)) = line_to_a_database().await else { return };
    let mut world = World::with(&[("DATABASE_URL", &database)], Some(twilio().await)).await;
    let file = world.twilio().add_media(papers::ubl(&PAPER));
    world.whatsapp_file(&sid(1), &file, "application/xml").await;
    world.settled().await;
    for number in 10..12 {
        write(&world, number, true).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let copy = copy(&world, &database, folder.path()).await;
    for number in 12..15 {
        write(&world, number, true).await;
    }
    write(&world, 15, false).await;
    assert!(world.stop().await);
    let data = folder.path().join("data").display().to_string();
    let restored = world.beside(&[("DATABASE_URL", &copy), ("BILLHOOK_DATA_DIR", &data)]).await;
    eventually("the new one is answered", || async { (world.replies().len() == 7).then_some(()) })
        .await;
    restored.settled().await;
    let replies = world.replies();
    assert_eq!(replies.len(), 7, "{replies:?}");
    for number in 10..16 {
        let name = format!("Firma{number}");
        assert_eq!(replies.iter().filter(|reply| reply.contains(&name)).count(), 1, "{replies:?}");
    }
    // What was kept before is there, with its file.
    assert_eq!(replies.iter().filter(|reply| reply.contains("K-9")).count(), 1);
    assert_eq!(restored.queue().await["dead"], 0);
    assert_clean(&restored).await;
}
