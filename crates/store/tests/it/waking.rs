//! Wake-ups between two processes of a PostgreSQL database.

use ports::wake::Wake;
use std::{sync::Arc, time::Duration};
use testkit::{
    clock::FakeClock,
    contracts::wake::Pair,
    postgres::{fresh_schema, server},
};

testkit::wake_contract!(pair);

fn end(url: &str, clock: &FakeClock) -> Arc<dyn Wake> {
    Arc::new(store::calls(url, clock).unwrap())
}

async fn pair() -> Option<Pair> {
    let url = fresh_schema().await?;
    let clock = FakeClock::default();
    Some(Pair::of(end(&url, &clock), end(&url, &clock)))
}

#[tokio::test(flavor = "multi_thread")]
async fn another_installation_on_the_same_server_is_not_woken() {
    let Some(pair) = pair().await else { return };
    let Some(elsewhere) = self::pair().await else { return };
    pair.within_call().await;
    elsewhere.within_call().await;
    pair.one.ring();
    let heard = tokio::time::timeout(Duration::from_millis(500), elsewhere.other.rung()).await;
    assert!(heard.is_err(), "the ring went to another schema");
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::disallowed_methods, reason = "databases of earlier runs may be on the server")]
async fn ends_whose_connections_are_cut_come_within_call_again() {
    let Some(server) = server() else { return };
    let name = format!("waking_{}", uuid::Uuid::now_v7().simple());
    let pool = sqlx::PgPool::connect(&server).await.unwrap();
    let run = async |statement: String| {
        sqlx::query(sqlx::AssertSqlSafe(statement)).fetch_all(&pool).await.unwrap().len()
    };
    // A database of its own: nobody else is cut off.
    run(format!("CREATE DATABASE {name}")).await;
    let (base, _) = server.rsplit_once('/').unwrap();
    let (url, clock) = (format!("{base}/{name}"), FakeClock::default());
    let pair = Pair::of(end(&url, &clock), end(&url, &clock));
    pair.within_call().await;
    let cut =
        format!("SELECT PG_TERMINATE_BACKEND(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    assert!(run(cut).await >= 3, "two listen, at least one tells");
    pair.within_call().await;
    drop(pair);
    run(format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::disallowed_methods, reason = "databases of earlier runs may be on the server")]
async fn a_database_is_served_while_an_end_is_connected_to_it() {
    let Some(server) = server() else { return };
    let name = format!("served_{}", uuid::Uuid::now_v7().simple());
    let pool = sqlx::PgPool::connect(&server).await.unwrap();
    let run = async |statement: String| {
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&pool).await.unwrap();
    };
    run(format!("CREATE DATABASE {name}")).await;
    let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
    let database = store::open(&url, Arc::new(FakeClock::default())).await.unwrap();
    assert!(!database.is_served().await.unwrap(), "nobody but us is there");
    let other = end(&url, &FakeClock::default());
    let carried = tokio::spawn(async move { other.carry().await });
    for _ in 0..200 {
        if database.is_served().await.unwrap() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(database.is_served().await.unwrap(), "the other listens");
    carried.abort();
    database.close().await;
    run(format!("DROP DATABASE {name} WITH (FORCE)")).await;
}
