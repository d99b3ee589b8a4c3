//! Three users of one database: the owner of the tables, one who writes rows and one who reads them.
//! The contract of the ports holds under the row policies; where there is no server these pass over.

use domain::{ids::TenantId, message::ChannelKind, tenant::Habits};
use ports::store::{Accounts, Erasing, Inbox, Ledger, Queue};
use sqlx::{AssertSqlSafe, PgPool};
use std::sync::Arc;
use store::{Addresses, Database, OpenError, Opening};
use testkit::{
    clock::FakeClock,
    contracts::store::Fresh,
    postgres::{Users, fresh_users},
};

testkit::store_contract!(maybe fresh);

fn addresses(users: &Users) -> Addresses<'_> {
    Addresses { rows: &users.rows, queries: Some(&users.queries), owner: Some(&users.owner) }
}

async fn open(users: &Users, clock: Arc<FakeClock>) -> Result<Arc<Database>, OpenError> {
    let opening = Opening { queries: Some(&users.queries), ..Opening::default() };
    store::open_as(&users.rows, &opening, clock).await
}

async fn fresh() -> Option<Fresh> {
    let users = fresh_users().await?;
    store::migrate(addresses(&users)).await.unwrap();
    let clock = Arc::new(FakeClock::default());
    let store = open(&users, clock.clone()).await.unwrap();
    Some(Fresh { store, clock, place: None })
}

/// Returns an open database of three users with two people in it.
async fn inhabited() -> Option<(Users, Arc<Database>, [TenantId; 2])> {
    let users = fresh_users().await?;
    store::migrate(addresses(&users)).await.unwrap();
    let store = open(&users, Arc::default()).await.unwrap();
    let tenant = async |name| {
        store.sender(ChannelKind::Twilio, name, &Habits::default()).await.unwrap().tenant
    };
    let tenants = [tenant("ana").await, tenant("bob").await];
    Some((users, store, tenants))
}

/// Runs a statement as a user, in a transaction that says whose rows it wants, if anyone's.
async fn count(url: &str, whose: Option<&str>, what: &str) -> Result<i64, sqlx::Error> {
    let pool = PgPool::connect(url).await.unwrap();
    let mut transaction = pool.begin().await.unwrap();
    if let Some(whose) = whose {
        let set = format!("SET LOCAL billhook.tenant = '{whose}'");
        sqlx::query(AssertSqlSafe(set)).execute(&mut *transaction).await.unwrap();
    }
    sqlx::query_scalar(AssertSqlSafe(what.to_owned())).fetch_one(&mut *transaction).await
}

#[tokio::test]
async fn a_user_sees_one_tenant_or_everyone_as_it_says_and_nothing_without_a_word() {
    let Some((users, _store, [ana, bob])) = inhabited().await else { return };
    const MEMBERS: &str = "SELECT COUNT(*) FROM members";
    for url in [&users.rows, &users.queries] {
        assert_eq!(count(url, None, MEMBERS).await.unwrap(), 0);
        assert_eq!(count(url, Some(&ana.to_string()), MEMBERS).await.unwrap(), 1);
        assert_eq!(count(url, Some("everyone"), MEMBERS).await.unwrap(), 2);
        // A statement that forgets its condition, or names somebody else.
        let theirs = format!("{MEMBERS} WHERE tenant = '{bob}'");
        assert_eq!(count(url, Some(&ana.to_string()), &theirs).await.unwrap(), 0);
    }
    assert_eq!(count(&users.owner, None, MEMBERS).await.unwrap(), 2, "the owner is not held to it");
}

#[tokio::test]
async fn nobody_writes_into_another_s_book_changes_the_trail_or_writes_with_a_reader() {
    let Some((users, store, [ana, bob])) = inhabited().await else { return };
    let refused = async |url: &str, whose: TenantId, what: &str| {
        let error = count(url, Some(&whose.to_string()), what).await.unwrap_err();
        error.as_database_error().unwrap().code().unwrap().into_owned()
    };
    let foreign =
        format!("INSERT INTO vendor_hints VALUES ('{bob}', 'k', 'h', 1) RETURNING taught_at");
    assert_eq!(refused(&users.rows, ana, &foreign).await, "42501");
    assert_eq!(refused(&users.rows, ana, "DELETE FROM events RETURNING place").await, "42501");
    let own = foreign.replace(&bob.to_string(), &ana.to_string());
    assert_eq!(refused(&users.queries, ana, &own).await, "42501", "a reader may not write");
    assert_eq!(count(&users.rows, Some(&ana.to_string()), &own).await.unwrap(), 1);
    // The product's own reads and writes still see what they must.
    assert_eq!(store.tenants().await.unwrap().len(), 2);
    assert_eq!(store.habits(ana).await.unwrap(), Some(Habits::default()));
    assert_eq!(store.next_sequence(ana, 2026).await.unwrap(), 1);
    assert_eq!(store.counts().await.unwrap().open, 0);
}

/// The function that empties a trail does so for the tenant of the transaction alone, and only once that
/// tenant is marked as erased.
#[tokio::test]
async fn s84_a_trail_is_emptied_for_nobody_but_an_erased_tenant() {
    let Some((users, store, [ana, bob])) = inhabited().await else { return };
    for tenant in [ana, bob] {
        store.import(tenant, &testkit::contracts::store::book::generated(1, 3)).await.unwrap();
    }
    let rows = PgPool::connect(&users.rows).await.unwrap();
    let trail = async |whose: TenantId| {
        let whose = whose.to_string();
        count(&users.rows, Some(&whose), "SELECT COUNT(*) FROM events").await.unwrap()
    };
    let empty = async |whose: &str, of: TenantId| {
        let mut write = rows.begin().await.unwrap();
        let both = format!("SET LOCAL billhook.tenant = '{whose}'; SELECT erase_trail('{of}')");
        sqlx::raw_sql(AssertSqlSafe(both)).execute(&mut *write).await.unwrap();
        write.commit().await.unwrap();
    };
    let event = ports::clock::Clock::new_id(&FakeClock::default());
    empty(&ana.to_string(), ana).await;
    assert_eq!(trail(ana).await, 1, "she is not erased");
    store.erase(bob, domain::ids::EventId(event)).await.unwrap();
    assert_eq!(trail(bob).await, 1, "his tombstone");
    for whose in [ana.to_string(), "everyone".to_owned()] {
        empty(&whose, bob).await;
    }
    assert_eq!((trail(ana).await, trail(bob).await), (1, 1));
}

#[tokio::test]
async fn each_wrong_right_is_refused_at_the_start_with_what_to_do() {
    let Some(users) = fresh_users().await else { return };
    let refused = async |rows: &str, queries: Option<&str>| -> String {
        let opening = Opening { queries, ..Opening::default() };
        match store::open_as(rows, &opening, Arc::new(FakeClock::default())).await {
            Ok(_) => panic!("it opened"),
            Err(error) => error.to_string(),
        }
    };
    let said = refused(&users.rows, None).await;
    assert!(said.contains("lacks rights on its tables; run billhook migrate"), "{said}");
    store::migrate(Addresses { owner: Some(&users.owner), ..Addresses::one(&users.owner) })
        .await
        .unwrap();
    let owner = PgPool::connect(&users.owner).await.unwrap();
    let grant = format!("GRANT USAGE ON SCHEMA {0} TO {0}_r", users.name);
    sqlx::query(AssertSqlSafe(grant)).execute(&owner).await.unwrap();
    let said = refused(&users.rows, None).await;
    assert!(said.contains("lacks rights"), "{said}");
    let nobody = users.rows.replace("_r:secret", "_x:secret");
    let error = store::migrate(Addresses { rows: &nobody, ..addresses(&users) }).await.unwrap_err();
    assert!(matches!(error, OpenError::NoSuchUser), "{error:?}");
    store::migrate(addresses(&users)).await.unwrap();
    store::migrate(addresses(&users)).await.unwrap();
    open(&users, Arc::default()).await.unwrap().close().await;
    let elsewhere = fresh_users().await.unwrap();
    store::migrate(addresses(&elsewhere)).await.unwrap();
    let said = refused(&users.rows, Some(&elsewhere.queries)).await;
    assert!(said.contains("leads to another database or schema"), "{said}");
    let said = refused(&users.rows, Some(&nobody)).await;
    assert!(said.contains("refuses this user or password; check DATABASE_QUERY_URL"), "{said}");
    let stranger = users.owner.replace("_o:secret", "_x:secret");
    let error = store::migrate(Addresses { owner: Some(&stranger), ..addresses(&users) }).await;
    assert!(
        matches!(error, Err(OpenError::WrongCredentials("DATABASE_MIGRATION_URL"))),
        "{error:?}"
    );
}

#[tokio::test]
async fn who_owns_no_table_gives_no_rights_and_who_may_make_none_is_told_how_to() {
    let Some(users) = fresh_users().await else { return };
    let owning = Addresses { owner: Some(&users.rows), ..addresses(&users) };
    let error = store::migrate(owning).await.unwrap_err();
    assert!(matches!(error, OpenError::MissingRights), "{error:?}");
    let owner = PgPool::connect(&users.owner).await.unwrap();
    let grant = format!("GRANT USAGE ON SCHEMA {0} TO {0}_r", users.name);
    sqlx::query(AssertSqlSafe(grant)).execute(&owner).await.unwrap();
    let owning = Addresses { owner: Some(&users.rows), ..addresses(&users) };
    let error = store::migrate(owning).await.unwrap_err();
    assert!(matches!(error, OpenError::MayMakeNoTables), "{error:?}");
    store::migrate(addresses(&users)).await.unwrap();
    let error = store::migrate(Addresses { owner: None, ..addresses(&users) }).await.unwrap_err();
    assert!(matches!(error, OpenError::MayGiveNoRights), "{error:?}");
    open(&users, Arc::default()).await.unwrap().close().await;
}

#[tokio::test]
async fn an_older_schema_is_refused_to_a_user_who_may_not_change_it_and_a_newer_one_to_all() {
    let Some(users) = fresh_users().await else { return };
    store::migrate(addresses(&users)).await.unwrap();
    let owner = PgPool::connect(&users.owner).await.unwrap();
    let run = async |statement: &str| {
        sqlx::query(AssertSqlSafe(statement.to_owned())).execute(&owner).await.unwrap();
    };
    run("UPDATE _sqlx_migrations SET version = 9999 WHERE version = 6").await;
    let newer = open(&users, Arc::default()).await.err();
    assert!(matches!(newer, Some(OpenError::TooNew)), "{newer:?}");
    run("DELETE FROM _sqlx_migrations WHERE version = 9999").await;
    let older = open(&users, Arc::default()).await.err();
    assert!(matches!(older, Some(OpenError::MayNotMigrate)), "{older:?}");
}

#[tokio::test]
async fn a_write_that_waits_too_long_for_a_lock_and_a_read_that_takes_too_long_are_ended() {
    let Some((users, store, [ana, _])) = inhabited().await else { return };
    let pool = PgPool::connect(&users.owner).await.unwrap();
    let mut holder = pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE tenants").execute(&mut *holder).await.unwrap();
    let begun = std::time::Instant::now();
    let (read, write) = tokio::join!(store.habits(ana), store.import(ana, &[]));
    assert!(read.is_err() && write.is_err());
    assert!(begun.elapsed() < std::time::Duration::from_secs(15), "{:?}", begun.elapsed());
    holder.rollback().await.unwrap();
    assert!(store.habits(ana).await.is_ok());
}
