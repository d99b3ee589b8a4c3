//! Processes that share a database share its clock, whatever their own says.

use crate::{
    wired::{assert_clean, from, line_to_a_database, status, twilio},
    world::{RealClock, World, billhook, sid},
};
use jiff::SignedDuration;
use ports::clock::Clock;
use serde_json::Value;
use sqlx::PgPool;
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};
use testkit::postgres::fresh_schema;

/// Lets the database of an address be as much ahead of this machine.
pub async fn set_ahead(url: &str, interval: &str) {
    let pool = PgPool::connect(url).await.unwrap();
    let make = format!(
        "CREATE OR REPLACE FUNCTION clock_timestamp() RETURNS timestamptz LANGUAGE sql AS \
         $$ SELECT pg_catalog.clock_timestamp() + INTERVAL '{interval}' $$"
    );
    sqlx::query(sqlx::AssertSqlSafe(make)).execute(&pool).await.unwrap();
    pool.close().await;
}

/// Returns an address by which what stands in the schema goes before what the server brings with it.
pub fn by_its_clock(url: &str) -> String {
    format!("{url},pg_catalog")
}

#[tokio::test(flavor = "multi_thread")]
async fn f20_a_machine_whose_clock_is_wrong_takes_the_time_from_the_database() {
    for interval in ["1 hour", "-1 hour", "10 years", "0"] {
        let Some(url) = fresh_schema().await else { return };
        set_ahead(&url, interval).await;
        let url = by_its_clock(&url);
        let world = World::with(&[("DATABASE_URL", &url)], Some(twilio().await)).await;
        for number in 0..3 {
            assert_eq!(world.whatsapp(&sid(number), "hello").await.status(), 200);
            world.settled().await;
        }
        assert_eq!(world.replies().len(), 3);
        let pool = PgPool::connect(&url).await.unwrap();
        let off = "SELECT MAX(ABS(at - EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000))::BIGINT FROM \
                   (SELECT received_at AS at FROM inbound UNION ALL SELECT ended_at FROM jobs \
                   UNION ALL SELECT ended_at FROM outbound) AS stored";
        let (off,): (i64,) = sqlx::query_as(off).fetch_one(&pool).await.unwrap();
        assert!(off < 300_000, "{interval}: {off} ms off the clock of the database");
        assert_clean(&world).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f11_what_came_in_five_minutes_without_a_database_is_found_and_answered_once() {
    let Some((line, by_line, database)) = line_to_a_database().await else { return };
    set_ahead(&database, "0").await;
    let settings = [("DATABASE_URL", by_its_clock(&by_line))];
    let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    let world = World::with(&settings, Some(twilio().await)).await;
    let people: Vec<String> = (0..20).map(|at| format!("whatsapp:+1500555{at:05}")).collect();
    for (number, person) in (1_000..).zip(&people) {
        assert_eq!(status(&world, &from(person, &sid(number), "hello")).await, Some(200));
    }
    world.settled().await;

    line.cut();
    let cut = RealClock.now();
    for (number, person) in (0..100).zip(people.iter().cycle()) {
        let (id, text) = (sid(number), format!("note {number}"));
        let at = cut.checked_add(SignedDuration::from_secs(3 * i64::from(number))).unwrap();
        world.twilio().receive((&id, person), &text, at, None);
        let begun = Instant::now();
        assert_eq!(status(&world, &from(person, &id, &text)).await, Some(503));
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    }
    // By the clock that counts, six minutes have gone by; the provider gives up and sends none again.
    set_ahead(&database, "6 minutes").await;
    line.mend();
    let mended = Instant::now();
    while world.replies().len() < 120 {
        assert!(mended.elapsed() < Duration::from_secs(120), "{}", world.replies().len());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    world.settled().await;
    let mut each = BTreeMap::<String, u32>::new();
    for message in world.twilio().messages() {
        *each.entry(message["to"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    assert!(each.len() == 20 && each.values().all(|count| *count == 6), "{each:?}");
    assert_eq!(world.queue().await["dead"], 0);
    assert_clean(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes seven minutes: ./test soak"]
async fn f20_a_clock_that_is_set_back_by_five_minutes_under_traffic_loses_and_doubles_nothing() {
    let Some(url) = fresh_schema().await else { return };
    set_ahead(&url, "0").await;
    let by_its_clock = by_its_clock(&url);
    let settings = [("DATABASE_URL", by_its_clock.as_str()), ("BILLHOOK_RATE_LIMIT", "0")];
    let world = World::with(&settings, Some(twilio().await)).await;
    let (begun, mut sent) = (Instant::now(), 0);
    let mut is_back = false;
    // Each process looks at the clock twice a minute.
    while begun.elapsed() < Duration::from_secs(70) {
        if !is_back && begun.elapsed() > Duration::from_secs(5) {
            set_ahead(&url, "-5 minutes").await;
            is_back = true;
        }
        let (id, person) = (sid(sent), format!("whatsapp:+1500555{:05}", sent % 50));
        let text = format!("how much did I pay Firma{sent} in May 2026?");
        assert_eq!(status(&world, &from(&person, &id, &text)).await, Some(200));
        sent += 1;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let over = Instant::now();
    while world.replies().len() < usize::try_from(sent).unwrap() {
        assert!(over.elapsed() < Duration::from_secs(600), "{}", world.replies().len());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    eprintln!(
        "{sent} messages, the last one answered {:?} after the last one came",
        over.elapsed()
    );
    world.settled().await;
    assert_eq!(world.replies().len(), usize::try_from(sent).unwrap());
    assert_eq!(world.queue().await["dead"], 0);
    let mut last = BTreeMap::new();
    for reply in world.twilio().messages() {
        let body = reply["body"].as_str().unwrap().split("Firma").nth(1).unwrap();
        let digits: String = body.chars().take_while(char::is_ascii_digit).collect();
        let number: u32 = digits.parse().unwrap();
        let before = last.insert(reply["to"].to_string(), number);
        assert!(before < Some(number), "{before:?} before {number}");
    }
    // The audit tells the order by the time, which went back; nothing else may be wrong.
    let mut audit = billhook(world.folder.path(), world.settings());
    let output = audit.args(["audit", "--json"]).output().await.unwrap();
    let findings: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let broken = findings.iter().filter(|one| one["broken"] != 0 && one["invariant"] != "I7");
    assert_eq!(broken.count(), 0, "{findings:?}");
}
