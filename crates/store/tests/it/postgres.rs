//! The contract of the ports on PostgreSQL, each case in a schema of its own; where there is no
//! server these tests pass over.

use std::sync::Arc;
use store::OpenError;
use testkit::{
    clock::FakeClock,
    contracts::store::Fresh,
    postgres::{fresh_schema, server},
};

async fn fresh() -> Option<Fresh> {
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
    assert!(matches!(error, OpenError::WrongCredentials), "{error:?}");
    let (base, _) = server.rsplit_once('/').unwrap();
    let error = refused(&format!("{base}/no_such_database")).await;
    assert!(matches!(error, OpenError::DatabaseMissing), "{error:?}");
}

#[tokio::test]
async fn a_newer_schema_on_a_server_is_refused_and_the_same_one_opens_again() {
    let Some(url) = fresh_schema().await else { return };
    let clock = Arc::new(FakeClock::default());
    store::migrate(&url, clock.clone()).await.unwrap();
    store::migrate(&url, clock.clone()).await.unwrap();
    let pool = sqlx::PgPool::connect(&url).await.unwrap();
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'from the future', true, '\\x00', 0)",
    )
    .execute(&pool)
    .await
    .unwrap();
    pool.close().await;
    let error = refused(&url).await;
    assert!(matches!(error, OpenError::TooNew), "{error:?}");
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
