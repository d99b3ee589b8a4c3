//! Bringing a database up to date: ended in the middle it is begun again, and whoever uses the tables
//! meanwhile is not held up.

use crate::{
    wired::{Wired, assert_clean, crowd, from, line_to_a_database, status},
    world::{PATIENCE, World, billhook, eventually, sid},
};
use sqlx::{PgPool, Row, SqlitePool};
use std::{
    collections::BTreeMap,
    path::PathBuf,
    process::Stdio,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};
use tempfile::TempDir;
use testkit::{
    postgres::fresh_schema,
    standin::line::{Line, Mishap},
};
use tokio::process::Child;

/// Begins to bring a database up to date, in a folder of its own.
fn migrate(url: &str) -> (Child, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let settings = [("DATABASE_URL", url), ("BILLHOOK_DATA_DIR", ".")];
    let settings: BTreeMap<String, String> =
        settings.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let mut command = billhook(folder.path(), &settings);
    command.arg("migrate").stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
    (command.spawn().unwrap(), folder)
}

async fn ends_well(upgrade: Child) {
    let ended = tokio::time::timeout(PATIENCE, upgrade.wait_with_output()).await;
    let output = ended.unwrap().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

async fn up_to_date(url: &str) {
    let (upgrade, _folder) = migrate(url);
    ends_well(upgrade).await;
}

/// Returns the migrations with their names, in order.
fn migrations(database: &str) -> BTreeMap<String, String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../store/migrations");
    let files = std::fs::read_dir(folder.join(database)).unwrap();
    let files = files.map(|file| file.unwrap().path());
    files.map(|file| (file.display().to_string(), std::fs::read_to_string(file).unwrap())).collect()
}

/// Returns the first line of each migration, in order: no two have the same.
fn heads(database: &str) -> Vec<String> {
    let head = |text: &String| text.lines().next().map(Into::into);
    migrations(database).values().filter_map(head).collect()
}

/// Returns everything that a schema is made of.
async fn shape(url: &str) -> Vec<String> {
    let pool = PgPool::connect(url).await.unwrap();
    let rows = sqlx::query(
        "SELECT CONCAT_WS(' ', table_name, column_name, data_type, is_nullable, column_default, \
         collation_name) AS line FROM information_schema.columns \
         WHERE table_schema = CURRENT_SCHEMA() \
         UNION ALL SELECT REPLACE(indexdef, CURRENT_SCHEMA(), '') FROM pg_indexes \
         WHERE schemaname = CURRENT_SCHEMA() \
         UNION ALL SELECT CONCAT_WS(' ', tablename, policyname, cmd, qual) FROM pg_policies \
         WHERE schemaname = CURRENT_SCHEMA() \
         UNION ALL SELECT CONCAT_WS(' ', conrelid::REGCLASS, conname, \
         PG_GET_CONSTRAINTDEF(oid)) FROM pg_constraint \
         WHERE connamespace = CURRENT_SCHEMA()::REGNAMESPACE \
         UNION ALL SELECT CONCAT_WS(' ', version, success, checksum) FROM _sqlx_migrations \
         ORDER BY line",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    pool.close().await;
    rows.iter().map(|row| row.get("line")).collect()
}

/// Kills the upgrade of an empty database once these words are said to the server.
async fn killed_at(line: &Line, url: &str, words: &[&str], mishap: Mishap) {
    line.when(words, mishap);
    let (mut upgrade, _folder) = migrate(url);
    let sprung = tokio::time::timeout(PATIENCE, line.sprung(1)).await;
    assert!(sprung.is_ok(), "nothing was said on the line: {words:?}");
    upgrade.kill().await.unwrap();
    line.heal();
}

/// A newer version brings the schema up to date while this one works, and it starts again afterwards, as
/// when a deployment is taken back.
#[tokio::test(flavor = "multi_thread")]
async fn f70_a_version_works_and_starts_again_under_what_the_next_one_has_added() {
    let Some(mut wired) = Wired::start(&[]).await else { return };
    let pool = PgPool::connect(&wired.database).await.unwrap();
    let sent = async |world: &World, numbers: std::ops::Range<u32>| {
        for number in numbers {
            let (id, person) = (sid(number), format!("whatsapp:+1500555{:05}", number % 20));
            assert_eq!(status(world, &from(&person, &id, "hello")).await, Some(200));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let next = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        for statement in [
            "ALTER TABLE jobs ADD COLUMN later TEXT",
            "CREATE TABLE later (id TEXT NOT NULL PRIMARY KEY)",
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES (9999, 'the next version', true, '\\x00', 0)",
        ] {
            sqlx::query(statement).execute(&pool).await.unwrap();
        }
    };
    tokio::join!(sent(&wired.world, 0..100), next);
    assert!(wired.world.stop().await);
    wired.world.restart().await;
    sent(&wired.world, 100..150).await;
    wired.world.settled().await;
    assert_eq!(wired.world.replies().len(), 150);
    assert_clean(&wired.world).await;
    // Where it says that it cannot be worked with any more, nobody who is too old begins.
    sqlx::query("UPDATE _oldest_program SET knows = 9999").execute(&pool).await.unwrap();
    assert!(wired.world.stop().await);
    let mut again = billhook(wired.world.folder.path(), wired.world.settings());
    let refused = again.arg("serve").output().await.unwrap();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains("newer version"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn f71_killed_in_the_middle_of_each_migration_it_ends_as_if_nothing_had_happened() {
    let Some(url) = fresh_schema().await else { return };
    up_to_date(&url).await;
    let expected = shape(&url).await;
    assert!(expected.len() > 100, "{}", expected.len());
    for head in heads("postgres") {
        let head = head.as_str();
        let moments: [(&[&str], Mishap); 4] = [
            (&[head], Mishap::Withheld),
            (&[head], Mishap::Unheard),
            (&[head, "COMMIT"], Mishap::Withheld),
            (&[head, "COMMIT"], Mishap::Unheard),
        ];
        for (words, mishap) in moments {
            let (line, by_line, url) = line_to_a_database().await.unwrap();
            killed_at(&line, &by_line, words, mishap).await;
            if mishap == Mishap::Withheld {
                assert_ne!(shape(&url).await, expected, "it was in the middle");
            }
            up_to_date(&url).await;
            assert_eq!(shape(&url).await, expected, "{words:?} {mishap:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f71_killed_at_any_moment_a_file_is_brought_up_to_date_by_the_next_one() {
    let expected = {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("book.db").display());
        up_to_date(&url).await;
        shape_of_file(&url).await
    };
    assert!(expected.len() > 30, "{}", expected.len());
    for round in 0..24 {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("book.db").display());
        let (mut upgrade, _folder) = migrate(&url);
        tokio::time::sleep(Duration::from_millis(round * 3)).await;
        upgrade.kill().await.unwrap();
        up_to_date(&url).await;
        assert_eq!(shape_of_file(&url).await, expected, "round {round}");
    }
}

/// Returns everything that the schema of a file is made of.
async fn shape_of_file(url: &str) -> Vec<String> {
    let pool = SqlitePool::connect(url).await.unwrap();
    let rows = sqlx::query(
        "SELECT CONCAT(name, ' ', sql) AS line FROM sqlite_master \
         UNION ALL SELECT CONCAT(version, ' ', success, ' ', HEX(checksum)) FROM _sqlx_migrations \
         ORDER BY line",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    pool.close().await;
    rows.iter().map(|row| row.get("line")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn f72_a_migration_waits_for_a_long_reader_and_holds_no_writer_up() {
    let Some((line, by_line, url)) = line_to_a_database().await else { return };
    // Up to the migration that adds a column to the messages.
    let heads = heads("postgres");
    killed_at(&line, &by_line, &[&heads[3]], Mishap::Withheld).await;
    let pool = PgPool::connect(&url).await.unwrap();
    let mut reader = pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE inbound IN ACCESS SHARE MODE").execute(&mut *reader).await.unwrap();

    let (mut upgrade, _folder) = migrate(&url);
    let waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'inbound'::REGCLASS";
    eventually("it waits for the reader", || async {
        sqlx::query(waiting).fetch_optional(&pool).await.unwrap()
    })
    .await;
    // Longer than a wait of it may be, one writer after the other; none of them waits for three seconds.
    let reading = Instant::now();
    while reading.elapsed() < Duration::from_secs(6) {
        let mut writer = pool.begin().await.unwrap();
        sqlx::query("SET LOCAL lock_timeout = '3s'").execute(&mut *writer).await.unwrap();
        let write = sqlx::query("LOCK TABLE inbound IN ROW EXCLUSIVE MODE");
        assert!(write.execute(&mut *writer).await.is_ok(), "a writer was held up");
        writer.rollback().await.unwrap();
        assert!(upgrade.try_wait().unwrap().is_none(), "it still waits");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    reader.rollback().await.unwrap();
    ends_well(upgrade).await;
}

/// Stores a message and its job as a version before does.
async fn write(pool: &PgPool, writer: u32, id: &str) -> Result<(), sqlx::Error> {
    let mut write = pool.begin().await?;
    let whose = "UPDATE conversations SET places = places + 1 WHERE id = (SELECT id FROM \
                 conversations LIMIT 1 OFFSET $1) RETURNING id, tenant, places";
    let row = sqlx::query(whose).bind(i64::from(writer)).fetch_one(&mut *write).await?;
    let (conversation, tenant, place): (String, String, i64) = (row.get(0), row.get(1), row.get(2));
    for statement in [
        "INSERT INTO inbound (id, tenant, conversation, place, channel, provider_id, sender, \
         recipient, profile_name, body, attachments, received_at) \
         VALUES ($1, $2, $3, $4, 'twilio', $1, 'a', 'b', '', 'hello', '[]', 0)",
        "INSERT INTO jobs (id, inbound, conversation, place, state, attempts) \
         SELECT $1, $1, $3, $4, 'done', 1 WHERE $2 <> ''",
    ] {
        let insert = sqlx::query(statement).bind(id).bind(&tenant);
        insert.bind(&conversation).bind(place).execute(&mut *write).await?;
    }
    write.commit().await
}

/// Writes now and then until it is over; returns what the slowest took.
async fn writes(pool: &PgPool, writer: u32, is_over: &AtomicBool) -> Duration {
    let mut slowest = Duration::ZERO;
    for number in 0_u32.. {
        if is_over.load(Ordering::Relaxed) {
            break;
        }
        let (id, begun) = (format!("w{writer}-{number}"), Instant::now());
        while let Err(error) = write(pool, writer, &id).await {
            // Whoever has waited for another who waited for him tries again, as every version does.
            let code = error.as_database_error().and_then(|error| error.code());
            assert_eq!(code.as_deref(), Some("40P01"), "{error}");
        }
        slowest = slowest.max(begun.elapsed());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    slowest
}

/// Brings a database of so many hundreds of messages up to date while others write; returns what the slowest
/// write took.
async fn grown_up(hundreds: u32) -> Option<Duration> {
    let (line, by_line, url) = line_to_a_database().await?;
    // Up to the migration that adds a column to the messages.
    let heads = heads("postgres");
    killed_at(&line, &by_line, &[&heads[3]], Mishap::Withheld).await;
    let pool = PgPool::connect(&url).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(crowd(hundreds, false))).execute(&pool).await.unwrap();
    let is_over = AtomicBool::new(false);
    let writing = futures::future::join_all((0..4).map(|writer| writes(&pool, writer, &is_over)));
    let upgrading = async {
        let (upgrade, _folder) = migrate(&url);
        let output = upgrade.wait_with_output().await.unwrap();
        is_over.store(true, Ordering::Relaxed);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let begun = Instant::now();
    let (slowest, ()) = tokio::join!(writing, upgrading);
    let slowest = slowest.into_iter().max();
    eprintln!(
        "{hundreds}00 messages: up to date in {:?}, slowest write {slowest:?}",
        begun.elapsed()
    );
    slowest
}

#[tokio::test(flavor = "multi_thread")]
async fn f72_a_table_with_rows_is_brought_up_to_date_while_others_write() {
    let Some(slowest) = grown_up(200).await else { return };
    // How fast a machine is that other tests run on is not asked.
    assert!(slowest <= Duration::from_secs(15), "{slowest:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes some minutes: ./test soak"]
async fn f72_a_table_of_a_million_rows_is_brought_up_to_date_and_no_writer_waits_for_long() {
    let Some(slowest) = grown_up(10_000).await else { return };
    assert!(slowest <= Duration::from_secs(2), "{slowest:?}");
}

#[test]
fn f70_no_migration_takes_anything_from_the_version_before() {
    for database in ["postgres", "sqlite"] {
        // The first one makes everything: there was no version before.
        for (file, text) in migrations(database).into_iter().skip(1) {
            let code = text.lines().filter(|line| !line.trim_start().starts_with("--"));
            let code = code.collect::<Vec<_>>().join(" ").to_uppercase();
            for statement in code.split(';') {
                for taken in ["DROP TABLE", "DROP COLUMN", "RENAME", "ALTER COLUMN", "TRUNCATE"] {
                    assert!(!statement.contains(taken), "{file}: {statement}");
                }
                let is_demanded =
                    statement.contains("ADD COLUMN") && statement.contains("NOT NULL");
                assert!(!is_demanded || statement.contains("DEFAULT"), "{file}: {statement}");
            }
        }
    }
}

/// Returns what whoever reads and writes rows knows of the tables: each column, and whether it may be
/// left out of a new row.
async fn columns(url: &str) -> BTreeMap<(String, String), (String, bool)> {
    let pool = PgPool::connect(url).await.unwrap();
    let rows = sqlx::query(
        "SELECT table_name::TEXT, column_name::TEXT, \
         CONCAT_WS(' ', data_type, collation_name, is_nullable, column_default), \
         is_nullable = 'YES' OR column_default IS NOT NULL \
         FROM information_schema.columns WHERE table_schema = CURRENT_SCHEMA() \
         AND table_name <> '_sqlx_migrations'",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    pool.close().await;
    let column = |row: &sqlx::postgres::PgRow| ((row.get(0), row.get(1)), (row.get(2), row.get(3)));
    rows.iter().map(column).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn f70_an_older_version_finds_its_columns_in_the_newest_schema_and_need_not_know_others() {
    for head in heads("postgres").iter().skip(1) {
        let Some((line, by_line, url)) = line_to_a_database().await else { return };
        killed_at(&line, &by_line, &[head], Mishap::Withheld).await;
        let before = columns(&url).await;
        assert!(before.len() > 50, "{}", before.len());
        up_to_date(&url).await;
        let mut after = columns(&url).await;
        for (column, kind) in &before {
            assert_eq!(after.remove(column).as_ref(), Some(kind), "{column:?}, up to {head}");
        }
        let is_old = |table: &str| before.keys().any(|(old, _)| old == table);
        for ((table, column), (kind, may_be_left_out)) in after {
            assert!(may_be_left_out || !is_old(&table), "{table} {column} {kind}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f70_what_an_older_and_a_newer_version_have_stored_is_understood() {
    let Some(wired) = Wired::start(&[]).await else { return };
    let pool = PgPool::connect(&wired.database).await.unwrap();
    let mut at = 0;
    let mut say = async |text: &str| {
        at += 1;
        assert_eq!(wired.world.whatsapp(&sid(at), text).await.status(), 200);
        wired.world.settled().await;
        assert_eq!(wired.world.replies().len(), usize::try_from(at).unwrap());
    };
    say("hello").await;
    for stored in [
        // As before a field was there, and as after one that is not there yet.
        "UPDATE conversations SET memory = '{}'",
        "UPDATE conversations SET memory = JSONB_SET(memory::JSONB, '{later}', '[1]')::TEXT",
        "UPDATE tenants SET habits = JSONB_SET(habits::JSONB, '{later}', '{\"x\": 1}')::TEXT",
    ] {
        assert_eq!(sqlx::query(stored).execute(&pool).await.unwrap().rows_affected(), 1);
        say("hello").await;
    }
    assert_eq!(wired.world.queue().await["dead"], 0);
    assert_clean(&wired.world).await;
}
