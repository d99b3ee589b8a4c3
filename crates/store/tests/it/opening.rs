//! Opening a file: made, brought up to date, or refused in words that help.

use std::{path::Path, sync::Arc};
use store::{Addresses, OpenError};
use testkit::clock::FakeClock;

fn url(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

async fn refused(path: &Path) -> OpenError {
    match store::open(&url(path), Arc::new(FakeClock::default())).await {
        Ok(_) => panic!("it opened"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn migrations_run_twice_and_change_nothing_the_second_time() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("book.db");
    let clock = Arc::new(FakeClock::default());
    store::migrate(Addresses::one(&url(&file))).await.unwrap();
    store::migrate(Addresses::one(&url(&file))).await.unwrap();
    let store = store::open(&url(&file), clock).await.unwrap();
    ports::store::Accounts::ping(&*store).await.unwrap();
}

#[tokio::test]
async fn a_newer_schema_is_refused_if_it_says_that_this_program_is_too_old() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("book.db");
    store::migrate(Addresses::one(&url(&file))).await.unwrap();
    let pool = sqlx::SqlitePool::connect(&url(&file)).await.unwrap();
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'from the future', 1, x'00', 0)",
    )
    .execute(&pool)
    .await
    .unwrap();
    // One that only adds leaves the version before what it needs.
    let opened = store::open(&url(&file), Arc::new(FakeClock::default())).await.unwrap();
    ports::store::Accounts::ping(&*opened).await.unwrap();
    opened.close().await;
    store::migrate(Addresses::one(&url(&file))).await.unwrap();
    sqlx::query("UPDATE _oldest_program SET knows = 9999").execute(&pool).await.unwrap();
    pool.close().await;
    let error = refused(&file).await;
    assert!(matches!(error, OpenError::TooNew), "{error:?}");
}

#[tokio::test]
async fn a_missing_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let error = refused(&folder.path().join("nowhere/book.db")).await;
    assert!(error.to_string().contains("nowhere does not exist"), "{error}");
}

#[tokio::test]
async fn another_kind_of_file_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("letter.txt");
    let text = "Dear reader, this is a letter and no database at all. ".repeat(40);
    std::fs::write(&file, &text).unwrap();
    assert!(matches!(refused(&file).await, OpenError::NotADatabase(_)));
    assert!(matches!(refused(folder.path()).await, OpenError::NotADatabase(_)));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}

#[tokio::test]
async fn a_file_that_cannot_be_made_is_read_only() {
    // A folder of the system that refuses new files whoever asks.
    let error = refused(Path::new("/proc/book.db")).await;
    assert!(matches!(error, OpenError::ReadOnly(_)), "{error:?}");
}

#[tokio::test]
async fn a_file_that_another_program_holds_is_locked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("book.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(&file)
        .create_if_missing(true)
        .locking_mode(sqlx::sqlite::SqliteLockingMode::Exclusive);
    let holder = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::query("CREATE TABLE held (x)").execute(&holder).await.unwrap();
    let error = refused(&file).await;
    assert!(matches!(error, OpenError::Locked(_)), "{error:?}");
}

#[tokio::test]
async fn other_addresses_are_not_understood() {
    for url in ["mysql://localhost/book", "book.db", "", "sqlite://"] {
        let opened = store::open(url, Arc::new(FakeClock::default())).await;
        assert!(matches!(opened, Err(OpenError::BadUrl(_))), "{url:?}");
    }
}
