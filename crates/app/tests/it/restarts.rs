//! F10: a database server that ends in the middle of everything and comes back, under traffic.

#![expect(clippy::arithmetic_side_effects, reason = "counts of a few thousand")]

use crate::{
    wired::{assert_clean, from, leases_end, status, twilio},
    world::{World, sid},
};
use sqlx::PgPool;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use testkit::own_postgres::OwnPostgres;

/// How often a second a message comes.
const A_SECOND: u32 = 100;
/// A message that is refused is refused before this.
const PROVIDER_WAITS: Duration = Duration::from_secs(15);

/// What the senders have been told.
#[derive(Default)]
struct Told {
    accepted: BTreeSet<String>,
    refused: BTreeSet<String>,
    /// When messages were accepted.
    times: Vec<Instant>,
}

/// Sends messages of five hundred people until it is over, each once.
async fn traffic(world: &World, is_over: &AtomicBool) -> Told {
    let told = Mutex::new(Told::default());
    let begun = Instant::now();
    let mut sending = futures::stream::FuturesUnordered::new();
    let one = async |number: u32| {
        let (id, person) = (sid(number), format!("whatsapp:+1500555{:05}", number % 500));
        let form = from(&person, &id, "hello");
        let said = tokio::time::timeout(PROVIDER_WAITS, status(world, &form)).await;
        let mut told = told.lock().unwrap();
        match said.expect("told before the provider gives up") {
            Some(200) => {
                told.accepted.insert(id);
                told.times.push(Instant::now());
            }
            other => {
                assert_eq!(other, Some(503), "{id}");
                told.refused.insert(id);
            }
        }
    };
    for number in 0.. {
        if is_over.load(Ordering::Relaxed) {
            break;
        }
        let at = begun + Duration::from_secs(1) * number / A_SECOND;
        sending.push(one(number));
        // Those on their way get on while the time of the next one comes.
        loop {
            tokio::select! {
                biased;
                () = tokio::time::sleep_until(at.into()) => break,
                Some(()) = futures::StreamExt::next(&mut sending) => {}
            }
        }
    }
    while futures::StreamExt::next(&mut sending).await.is_some() {}
    drop(sending);
    told.into_inner().unwrap()
}

/// Ends the server so often under traffic; returns how long the longest pause after its return was. What was
/// in hand when it ended is free again once its lease ends, at once where nobody has time to wait.
async fn restarts(times: u32, leases_run_out: bool) -> Option<Duration> {
    let server = OwnPostgres::start().await?;
    let url = server.url();
    let settings = [("DATABASE_URL", url.as_str()), ("BILLHOOK_RATE_LIMIT", "0")];
    let world = World::with(&settings, Some(twilio().await)).await;
    let is_over = AtomicBool::new(false);
    let restarting = async {
        let mut back = Vec::new();
        for round in 0..times {
            tokio::time::sleep(Duration::from_millis(1_000 + u64::from(round) * 137 % 1_000)).await;
            server.end_at_once().await;
            server.begin().await;
            back.push(Instant::now());
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        is_over.store(true, Ordering::Relaxed);
        back
    };
    let (back, told) = tokio::join!(restarting, traffic(&world, &is_over));
    let pause =
        |back: &Instant| told.times.iter().filter_map(|at| at.checked_duration_since(*back)).min();
    let pauses: Vec<Duration> =
        back.iter().map(|back| pause(back).expect("it accepts again")).collect();

    // Whoever was refused sends again.
    for id in &told.refused {
        let number = u32::from_str_radix(&id[2..], 16).unwrap();
        let person = format!("whatsapp:+1500555{:05}", number % 500);
        assert_eq!(status(&world, &from(&person, id, "hello")).await, Some(200));
    }
    if !leases_run_out {
        leases_end(&url).await;
    }
    world.drained(Duration::from_secs(600)).await;
    let pool = PgPool::connect(&url).await.unwrap();
    let stored: Vec<String> =
        sqlx::query_scalar("SELECT provider_id FROM inbound").fetch_all(&pool).await.unwrap();
    pool.close().await;
    let stored: BTreeSet<String> = stored.into_iter().collect();
    let all: BTreeSet<String> = told.accepted.union(&told.refused).cloned().collect();
    assert_eq!(stored, all, "each that was acknowledged is stored, and no other");
    let mut each = BTreeMap::<String, usize>::new();
    for reply in world.twilio().messages() {
        *each.entry(reply["to"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    let replies: usize = each.values().sum();
    eprintln!(
        "{times} restarts: {} accepted at once, {} refused, {replies} replies, pauses {pauses:?}",
        told.accepted.len(),
        told.refused.len(),
    );
    assert_eq!(replies, all.len());
    assert_eq!(world.queue().await["dead"], 0);
    assert_clean(&world).await;
    pauses.into_iter().max()
}

#[tokio::test(flavor = "multi_thread")]
async fn f10_a_server_that_ends_three_times_under_traffic_loses_and_doubles_nothing() {
    let Some(pause) = restarts(3, false).await else { return };
    assert!(pause < PROVIDER_WAITS, "{pause:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes some minutes: ./test soak"]
async fn f10_a_server_that_ends_twenty_times_under_traffic_is_used_again_within_five_seconds() {
    let Some(pause) = restarts(20, true).await else { return };
    assert!(pause <= Duration::from_secs(5), "{pause:?}");
}
