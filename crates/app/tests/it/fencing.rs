//! F03: a worker that is stopped in the middle of a turn, whose lease ends meanwhile, and that goes on when
//! another one has done its work.

#![expect(clippy::arithmetic_side_effects, reason = "counts of a few thousand")]

use crate::{
    papers::{self, Paper},
    wired::{PAPER, assert_clean, leases_end, twilio},
    world::{World, eventually, sid},
};
use sqlx::PgPool;
use std::time::Duration;
use testkit::{postgres::fresh_schema, standin::Fault};

/// How a lease comes to its end.
enum Lease {
    /// Its time goes by.
    RunsOut,
    /// Its time is set to an end, as if it had gone by.
    IsEnded,
}

fn left(world: &World) -> usize {
    world.log().matches("turn left to another worker").count()
}

fn asked(world: &World) -> usize {
    let asked = world.twilio().requests();
    asked.iter().filter(|asked| asked.path.contains("/Media/")).count()
}

async fn slept(rounds: u32, lease: Lease) {
    let Some(url) = fresh_schema().await else { return };
    let settings =
        [("DATABASE_URL", url.as_str()), ("BILLHOOK_ROLE", "web"), ("BILLHOOK_RATE_LIMIT", "0")];
    let web = World::with(&settings, Some(twilio().await)).await;
    let sleeper = web.beside(&[("BILLHOOK_ROLE", "worker")]).await;
    let other = web.beside(&[("BILLHOOK_ROLE", "worker")]).await;
    let pool = PgPool::connect(&url).await.unwrap();
    for round in 0..rounds {
        other.signal("STOP").await;
        let name = format!("K-{round}");
        let paper = Paper { number: &name, net: 100 + round, ..PAPER };
        let file = web.twilio().add_media(papers::ubl(&paper));
        let before = asked(&web);
        web.twilio().fail_fetch(Fault::Slow(Duration::from_secs(1)));
        assert_eq!(web.whatsapp_file(&sid(round), &file, "application/xml").await.status(), 200);
        eventually("the file is asked for", || async { (asked(&web) > before).then_some(()) })
            .await;
        sleeper.signal("STOP").await;
        other.signal("CONT").await;
        if matches!(lease, Lease::IsEnded) {
            leases_end(&url).await;
        }
        web.settled().await;
        let done: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM invoices").fetch_one(&pool).await.unwrap();
        assert_eq!(done, i64::from(round) + 1);
        sleeper.signal("CONT").await;
        let all = usize::try_from(round).unwrap() + 1;
        eventually("it notices", || async { (left(&sleeper) == all).then_some(()) }).await;
    }
    web.settled().await;
    let all = usize::try_from(rounds).unwrap();
    assert_eq!((web.replies().len(), left(&sleeper), left(&other)), (all, all, 0));
    let kept: Vec<(String, i64)> =
        sqlx::query_as("SELECT number, COUNT(*) FROM invoices GROUP BY number")
            .fetch_all(&pool)
            .await
            .unwrap();
    assert!(kept.len() == all && kept.iter().all(|(_, count)| *count == 1), "{kept:?}");
    assert_eq!(web.queue().await["dead"], 0);
    assert_clean(&web).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f03_a_worker_that_slept_past_its_lease_changes_nothing_when_it_wakes() {
    slept(1, Lease::RunsOut).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f03_a_worker_that_sleeps_each_time_changes_nothing_of_five_turns() {
    slept(5, Lease::IsEnded).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes some minutes: ./test soak"]
async fn f03_a_worker_that_sleeps_each_time_changes_nothing_of_a_hundred_turns() {
    slept(100, Lease::IsEnded).await;
}
