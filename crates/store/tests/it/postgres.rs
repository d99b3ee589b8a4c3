//! The contract of the ports on PostgreSQL, each case in a schema of its own; where there is no
//! server these tests pass over.

use ports::store::{Outbox, Queue};
use std::sync::Arc;
use store::{Addresses, OpenError};
use testkit::{
    clock::FakeClock,
    contracts::store::{Fresh, LEASE},
    postgres::{fresh_schema, fresh_users, server},
};
use tokio::task::JoinSet;

pub async fn fresh() -> Option<Fresh> {
    let url = fresh_schema().await?;
    let clock = Arc::new(FakeClock::default());
    let store = store::open(&url, clock.clone()).await.unwrap();
    Some(Fresh { store, clock, place: None })
}

testkit::store_contract!(maybe fresh);

async fn refused(url: &str) -> OpenError {
    match store::open(url, Arc::new(FakeClock::default())).await {
        Ok(_) => panic!("it opened"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_or_lets_nobody_in_is_told_apart() {
    let Some(server) = server() else { return };
    let error = refused("postgres://somebody@127.0.0.1:1/book").await;
    assert!(matches!(error, OpenError::Unreachable(_)), "{error:?}");
    let error = refused("postgres://somebody@127.0.0.1:nothing/book").await;
    assert!(matches!(error, OpenError::BadServerUrl), "{error:?}");
    let error = refused(&server.replace("://", "://no_such_user_").to_string()).await;
    assert!(matches!(error, OpenError::WrongCredentials("DATABASE_URL")), "{error:?}");
    let (base, _) = server.rsplit_once('/').unwrap();
    let error = refused(&format!("{base}/no_such_database")).await;
    assert!(matches!(error, OpenError::DatabaseMissing), "{error:?}");
}

#[tokio::test]
async fn a_newer_schema_on_a_server_is_refused_and_the_same_one_opens_again() {
    let Some(url) = fresh_schema().await else { return };
    store::migrate(Addresses::one(&url)).await.unwrap();
    store::migrate(Addresses::one(&url)).await.unwrap();
    let pool = sqlx::PgPool::connect(&url).await.unwrap();
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'from the future', true, '\\x00', 0)",
    )
    .execute(&pool)
    .await
    .unwrap();
    // One that only adds leaves the version before what it needs.
    let opened = store::open(&url, Arc::new(FakeClock::default())).await.unwrap();
    ports::store::Accounts::ping(&*opened).await.unwrap();
    opened.close().await;
    store::migrate(Addresses::one(&url)).await.unwrap();
    sqlx::query("UPDATE _oldest_program SET knows = 9999").execute(&pool).await.unwrap();
    pool.close().await;
    let error = refused(&url).await;
    assert!(matches!(error, OpenError::TooNew), "{error:?}");
}

#[tokio::test]
async fn tables_of_another_program_and_a_server_that_is_not_there_are_named() {
    let Some(url) = fresh_schema().await else { return };
    let pool = sqlx::PgPool::connect(&url).await.unwrap();
    sqlx::query("CREATE TABLE invoices (mine TEXT)").execute(&pool).await.unwrap();
    pool.close().await;
    let error = refused(&url).await;
    assert!(matches!(error, OpenError::OtherTables), "{error:?}");
    let error = refused("postgres://somebody@127.0.0.1:1/book").await;
    let why = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
    assert!(matches!(error, OpenError::Unreachable(_)) && why.contains("refused"), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_that_open_an_empty_database_at_once_both_find_it_ready() {
    let Some(url) = fresh_schema().await else { return };
    let open = || store::open(&url, Arc::new(FakeClock::default()));
    let (one, other) = tokio::join!(open(), open());
    for store in [one.unwrap(), other.unwrap()] {
        ports::store::Accounts::ping(&*store).await.unwrap();
        store.close().await;
    }
}

#[tokio::test]
async fn f10_connections_that_the_server_has_ended_cost_nobody_an_error() {
    let Some(users) = fresh_users().await else { return };
    store::migrate(Addresses::one(&users.owner)).await.unwrap();
    let store = store::open(&users.owner, Arc::new(FakeClock::default())).await.unwrap();
    let several = async || {
        let mut asked = JoinSet::new();
        for _ in 0..8 {
            let (one, other) = (Arc::clone(&store), Arc::clone(&store));
            asked.spawn(async move { one.claim_deliveries(1, LEASE).await.map(drop) });
            asked.spawn(async move { other.counts().await.map(drop) });
        }
        asked.join_all().await.into_iter().all(|answer| answer.is_ok())
    };
    assert!(several().await);
    let pool = sqlx::PgPool::connect(&server().unwrap()).await.unwrap();
    let ended = sqlx::query(
        "SELECT PG_TERMINATE_BACKEND(pid) FROM pg_stat_activity \
         WHERE usename = $1 AND pid <> PG_BACKEND_PID()",
    );
    let ended = ended.bind(format!("{}_o", users.name)).fetch_all(&pool).await.unwrap();
    assert!(ended.len() > 2, "{}", ended.len());
    pool.close().await;
    assert!(several().await);
}
