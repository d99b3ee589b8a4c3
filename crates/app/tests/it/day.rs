//! A day of traffic within an hour. What is used afterwards is what was used after its first quarter.

#![expect(clippy::arithmetic_side_effects, reason = "seconds of an hour and numbers of messages")]

use crate::{
    endurance::metric,
    papers::{self, Paper},
    wired::{PAPER, Wired, assert_clean, files, from, status},
    world::sid,
};
use sqlx::PgPool;
use std::time::{Duration, Instant};

/// How many messages a second are a day's of one a second in an hour.
const HURRIED: u32 = 24;

/// Sends so many seconds of a hurried day: questions of five hundred people, an e-invoice each second.
async fn hurry(wired: &Wired, seconds: std::ops::Range<u32>) {
    let begun = Instant::now();
    let first = seconds.start;
    for second in seconds {
        let due = begun + Duration::from_secs(u64::from(second - first));
        tokio::time::sleep_until(due.into()).await;
        let number = format!("R-{second}");
        let paper = papers::ubl(&Paper { number: &number, net: 100 + second % 800, ..PAPER });
        let address = [wired.world.twilio().add_media(paper)];
        let sending = (0..HURRIED).map(|place| {
            let (at, world, address) = (second * HURRIED + place, &wired.world, &address);
            async move {
                let (id, person) = (sid(at), format!("whatsapp:+1500555{:05}", at * 7 % 500));
                let text = format!("how much did I pay Firma{} in May 2026?", at % 1_000);
                let mut form = from(&person, &id, &text);
                let fields = files(address);
                if place == 0 {
                    form.retain(|(name, _)| *name != "NumMedia" && *name != "Body");
                    form.extend(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
                }
                assert_eq!(status(world, &form).await, Some(200));
            }
        });
        futures::future::join_all(sending).await;
    }
}

/// Returns how much larger tables and their indexes are than the same rows, written anew.
async fn bloat(database: &str) -> f64 {
    let pool = PgPool::connect(database).await.unwrap();
    let size = "SELECT SUM(PG_TOTAL_RELATION_SIZE(oid))::FLOAT8 FROM pg_class \
                WHERE relkind = 'r' AND relnamespace = CURRENT_SCHEMA()::REGNAMESPACE";
    let (before,): (f64,) = sqlx::query_as(size).fetch_one(&pool).await.unwrap();
    let tables = "SELECT relname::TEXT FROM pg_class \
                  WHERE relkind = 'r' AND relnamespace = CURRENT_SCHEMA()::REGNAMESPACE";
    let tables: Vec<(String,)> = sqlx::query_as(tables).fetch_all(&pool).await.unwrap();
    for (table,) in tables {
        let anew = sqlx::AssertSqlSafe(format!("VACUUM FULL {table}"));
        sqlx::raw_sql(anew).execute(&pool).await.unwrap();
    }
    let (after,): (f64,) = sqlx::query_as(size).fetch_one(&pool).await.unwrap();
    before / after - 1.0
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes an hour: ./test soak f65"]
async fn f65_a_day_of_traffic_in_an_hour_leaves_nothing_behind() {
    let Some(wired) = Wired::start(&[("BILLHOOK_RATE_LIMIT", "0")]).await else { return };
    let names = ["process_open_fds", "billhook_tasks", "process_resident_memory_bytes"];
    let mut held: [Vec<f64>; 3] = Default::default();
    for step in 0..360 {
        hurry(&wired, step * 10..(step + 1) * 10).await;
        for (name, held) in names.iter().zip(&mut held) {
            held.push(metric(&wired.world, name).await);
        }
    }
    wired.world.settled().await;
    let bloat = bloat(&wired.database).await;
    // What is in flight comes and goes; the first quarter fills caches and pools.
    let [files, tasks, memory] =
        held.each_ref().map(|held| (median(&held[90..180]), median(&held[270..])));
    println!("open files {files:?}, tasks {tasks:?}, memory {memory:?}, bloat {bloat:.3}");
    assert_eq!(wired.world.replies().len(), 3_600 * usize::try_from(HURRIED).unwrap());
    assert!(files.1 <= files.0 + 4.0, "open files: {files:?}");
    assert!(tasks.1 <= tasks.0 + 4.0, "tasks: {tasks:?}");
    assert!(memory.1 <= memory.0 * 1.05, "memory: {memory:?}");
    assert!(bloat < 0.2, "{bloat}");
    assert_clean(&wired.world).await;
}

fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
