//! Carrying a database over into another, and looking for what must never be.

use domain::{
    message::ChannelKind,
    outcome::{Change, Outcome},
};
use ports::store::{Chores, Ledger, Queue, Store};
use std::{path::Path, sync::Arc, time::Duration};
use store::{CopyError, Database};
use testkit::{
    clock::FakeClock,
    contracts::store::{Fresh, book, replies},
    postgres::fresh_schema,
};

const ANA: &str = "whatsapp:+15550001";

/// Opens a database with the clock of the tests.
async fn open(url: &str) -> (Arc<Database>, Arc<FakeClock>) {
    let clock = Arc::new(FakeClock::default());
    (store::open(url, clock.clone()).await.unwrap(), clock)
}

fn file(folder: &Path, name: &str) -> String {
    format!("sqlite://{}", folder.join(name).display())
}

/// Opens a database with 1,200 invoices, changes, an undone one, and a message that waits.
async fn filled(url: &str) -> Arc<Database> {
    let (database, clock) = open(url).await;
    let fresh = Fresh { store: database.clone(), clock, place: None };
    let invoices = book::generated(7, 1_200).into_iter();
    let changes = invoices.map(Box::new).map(Change::SaveInvoice).collect();
    fresh.accept(ANA, "SM-files").await;
    let claim = fresh.claim_one().await;
    let stored = Outcome { changes, ..replies(&["stored"]) };
    fresh.store.finish(&claim.lease, &stored).await.unwrap();
    fresh.accept(ANA, "SM-answered").await;
    let claim = fresh.claim_one().await;
    fresh.store.finish(&claim.lease, &replies(&["one", "two"])).await.unwrap();
    fresh.accept(ANA, "SM-waiting").await;
    database
}

/// Returns everything that can be seen of a database through its ports.
async fn seen(database: &Database) -> String {
    let store: &dyn Store = database;
    let sender = store.sender(ChannelKind::Twilio, ANA, &Default::default()).await.unwrap();
    let (mut invoices, mut last) = (Vec::new(), None);
    loop {
        let page = store.page(sender.tenant, last, 500).await.unwrap();
        let Some(newest) = page.last() else { break };
        last = Some(newest.id);
        invoices.extend(page);
    }
    let counts = database.counts().await.unwrap();
    let names = database.names(sender.tenant).await.unwrap();
    format!("{sender:?} {counts:?} {names:?} {invoices:?}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_arrives_whole_in_a_file_and_on_a_server_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let first = filled(&file(folder.path(), "first.db")).await;
    let mut stops = vec![file(folder.path(), "second.db")];
    stops.extend(fresh_schema().await);
    stops.push(file(folder.path(), "last.db"));
    let wanted = seen(&first).await;
    let mut source = first;
    for stop in stops {
        let (target, _) = open(&stop).await;
        // Whoever has only looked whether it works, as `doctor` does, has put nothing into it.
        assert!(target.claim_chore("doctor", Duration::ZERO).await.unwrap().is_some());
        let copied = store::copy(&source, &target).await.unwrap();
        let rows = |table| copied.iter().find(|copied| copied.table == table).unwrap().rows;
        assert_eq!((rows("invoices"), rows("inbound"), rows("outbound")), (1_200, 3, 3), "{stop}");
        assert_eq!(seen(&target).await, wanted, "{stop}");
        let findings = target.audit().await.unwrap();
        assert!(findings.iter().all(store::Finding::holds), "{findings:?}");
        source = target;
    }
}

#[tokio::test]
async fn nothing_is_put_beside_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let one = filled(&file(folder.path(), "one.db")).await;
    let other = filled(&file(folder.path(), "other.db")).await;
    let before = seen(&other).await;
    assert!(matches!(store::copy(&one, &other).await, Err(CopyError::NotEmpty)));
    assert_eq!(seen(&other).await, before);
}

#[tokio::test]
async fn a_database_that_is_not_there_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let url = file(folder.path(), "no.db");
    let Err(error) = store::open_existing(&url, Arc::new(FakeClock::default())).await else {
        panic!("it opened")
    };
    assert!(error.to_string().starts_with("there is no database"), "{error}");
    assert!(!folder.path().join("no.db").exists());
}

/// Returns which rules are broken after a statement has changed the database behind its back.
async fn broken_by(statement: &'static str) -> Vec<&'static str> {
    let folder = tempfile::tempdir().unwrap();
    let url = file(folder.path(), "book.db");
    filled(&url).await.close().await;
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    sqlx::query("PRAGMA foreign_keys = OFF").execute(&pool).await.unwrap();
    let changed = sqlx::query(statement).execute(&pool).await.unwrap();
    assert!(changed.rows_affected() > 0, "{statement}");
    pool.close().await;
    let (database, _) = open(&url).await;
    let findings = database.audit().await.unwrap();
    let broken = findings.into_iter().filter(|finding| !finding.holds());
    broken.map(|finding| finding.invariant).collect()
}

#[tokio::test]
async fn each_breach_is_found_under_its_name() {
    for (statement, invariant) in [
        ("DELETE FROM jobs WHERE state = 'open'", "I2"),
        ("UPDATE inbound SET received_at = received_at - 700000", "I2"),
        ("UPDATE jobs SET state = 'dead', due_at = NULL WHERE state = 'open'", "I2"),
        ("DELETE FROM outbound WHERE body = 'stored'", "I3"),
        ("UPDATE outbound SET body = 'one'", "I3"),
        ("UPDATE outbound SET created_at = created_at - 700000", "I3"),
        ("UPDATE jobs SET lease_token = 'x', due_at = due_at - 60000 WHERE state = 'open'", "I5"),
        (
            "UPDATE outbound SET state = 'sent', due_at = NULL, \
             ended_at = created_at + CASE body WHEN 'one' THEN 9000 ELSE 5000 END",
            "I7",
        ),
        ("UPDATE outbound SET recipient = 'somebody else'", "I8"),
        (
            "INSERT INTO tenants VALUES ('other', 0, '{}', 1, NULL); \
             UPDATE inbound SET tenant = 'other'",
            "I8",
        ),
        ("INSERT INTO answers SELECT id, 'key', '{}', 'm', 1, 1, 1 FROM tenants LIMIT 1", "I9"),
        ("UPDATE conversations SET memory = PRINTF('%070000d', 1)", "F64"),
        ("UPDATE events SET after_image = '{}' WHERE place = 3", "I10"),
        ("DELETE FROM events WHERE place = 3", "I10"),
    ] {
        assert!(broken_by(statement).await.contains(&invariant), "{statement}");
    }
}
