//! F60, F66: with a hundred thousand rows the database reads no more of them than with a hundred. Rows
//! are counted, not time.

use domain::{
    dates::date,
    question::{DateField, Entity, Field, Filters, Metric, QueryPlan},
};
use ports::store::{Ledger, Queue, Room};
use sqlx::PgPool;
use std::{sync::Arc, time::Duration};
use store::Database;
use testkit::{
    clock::FakeClock, contracts::store::LEASE, own_postgres::OwnPostgres, postgres::fresh_schema,
};

/// Two thousand people, of whom each waits for fifty answers and has fifty invoices.
const CROWD: &str = "
    CREATE FUNCTION pg_temp.id(kind INTEGER, n INTEGER) RETURNS TEXT IMMUTABLE LANGUAGE sql AS
        $$ SELECT CONCAT('00000000-0000-7000-800', kind, '-', LPAD(n::TEXT, 12, '0')) $$;
    INSERT INTO tenants SELECT pg_temp.id(1, n), 0, '{}', 0 FROM GENERATE_SERIES(1, 2000) AS n;
    INSERT INTO members SELECT pg_temp.id(2, n), pg_temp.id(1, n), 'twilio', 'person ' || n, 0
        FROM GENERATE_SERIES(1, 2000) AS n;
    INSERT INTO conversations SELECT pg_temp.id(3, n), pg_temp.id(1, n), pg_temp.id(2, n), '{}', 50
        FROM GENERATE_SERIES(1, 2000) AS n;
    INSERT INTO inbound SELECT pg_temp.id(4, n * 100 + p), pg_temp.id(1, n), pg_temp.id(3, n), p,
        'twilio', n || ' ' || p, 'person ' || n, 'us', '', 'hello', NULL, '[]', NULL, 0
        FROM GENERATE_SERIES(1, 2000) AS n, GENERATE_SERIES(1, 50) AS p;
    INSERT INTO jobs SELECT pg_temp.id(5, n * 100 + p), pg_temp.id(4, n * 100 + p),
        pg_temp.id(3, n), p, 'open', CASE WHEN p = 1 THEN 0 END, 0, NULL, NULL
        FROM GENERATE_SERIES(1, 2000) AS n, GENERATE_SERIES(1, 50) AS p;
    INSERT INTO invoices (tenant, id, direction, kind, vendor, customer, issue_date, currency,
        decimals, gross_minor, taxes, status, proof, created_at)
        SELECT pg_temp.id(1, n), pg_temp.id(6, n * 100 + p), 'received', 'invoice', '{}', '{}',
        TO_CHAR(DATE '2025-01-01' + p * 5, 'YYYY-MM-DD'), 'EUR', 2, 100 + p, '[]', 'unpaid',
        'proven', 0
        FROM GENERATE_SERIES(1, 2000) AS n, GENERATE_SERIES(1, 50) AS p;
    ANALYZE tenants, members, conversations, inbound, jobs, invoices;";

/// How often rows of a table were read from the first to the last, and looked up in an index.
async fn read(pool: &PgPool, table: &str) -> (i64, i64) {
    sqlx::query_as(
        "SELECT seq_tup_read, COALESCE(idx_scan, 0) FROM pg_stat_user_tables \
         WHERE schemaname = CURRENT_SCHEMA() AND relname = $1",
    )
    .bind(table)
    .fetch_one(pool)
    .await
    .unwrap()
}

/// Returns how many rows of a table are read from the first to the last while this is done.
async fn scanned(pool: &PgPool, table: &str, work: impl AsyncFn()) -> i64 {
    // What was done before is counted with a delay, and so is this.
    let settled = async |least: i64| {
        let mut now = read(pool, table).await;
        for _ in 0..10 {
            tokio::time::sleep(Duration::from_millis(1_200)).await;
            let before = std::mem::replace(&mut now, read(pool, table).await);
            if now == before && now.1 >= least {
                break;
            }
        }
        now
    };
    let before = settled(0).await;
    work().await;
    settled(before.1.saturating_add(1)).await.0.saturating_sub(before.0)
}

async fn crowded() -> Option<(Arc<Database>, PgPool)> {
    let url = fresh_schema().await?;
    let store = store::open(&url, Arc::new(FakeClock::default())).await.unwrap();
    let pool = PgPool::connect(&url).await.unwrap();
    sqlx::raw_sql(CROWD).execute(&pool).await.unwrap();
    Some((store, pool))
}

#[tokio::test(flavor = "multi_thread")]
async fn f60_work_is_claimed_without_reading_all_that_waits() {
    let Some((store, pool)) = crowded().await else { return };
    let scanned = scanned(&pool, "jobs", async || {
        for _ in 0..10 {
            let room = Room { words: 64, files: 8, again: 2 };
            assert_eq!(store.claim(room, LEASE).await.unwrap().len(), 64);
        }
    })
    .await;
    assert!(scanned < 100_000, "{scanned} of 100,000 rows read for ten claims");
}

/// Returns what the server has written down of each statement that claims jobs: how many milliseconds it took,
/// and its plan.
fn claims(log: &str) -> Vec<(f64, String)> {
    let mut claims = Vec::new();
    // Whatever is noted begins with the time; what belongs to it is moved in.
    for noted in log.split("LOG:  duration: ").skip(1) {
        let Some((took, rest)) = noted.split_once(" ms") else { continue };
        let plan: Vec<&str> = rest
            .lines()
            .take_while(|line| line.starts_with('\t') || line.contains("plan:"))
            .collect();
        let plan = plan.join("\n");
        if plan.contains("WITH due AS MATERIALIZED") {
            claims.push((took.parse().unwrap(), plan));
        }
    }
    claims
}

#[tokio::test(flavor = "multi_thread")]
async fn f60_with_a_hundred_thousand_waiting_a_claim_takes_five_milliseconds_and_no_scan() {
    let Some(server) = OwnPostgres::start().await else { return };
    let pool = PgPool::connect(&server.url()).await.unwrap();
    // A part of PostgreSQL that may be missing.
    if sqlx::query("LOAD 'auto_explain'").execute(&pool).await.is_err() {
        return;
    }
    let watched = "options[session_preload_libraries]=auto_explain\
                   &options[auto_explain.log_min_duration]=0&options[auto_explain.log_analyze]=on\
                   &options[auto_explain.log_timing]=off";
    let url = format!("{}?{watched}", server.url());
    let store = store::open(&url, Arc::new(FakeClock::default())).await.unwrap();
    sqlx::raw_sql(CROWD).execute(&pool).await.unwrap();
    for _ in 0..20 {
        let room = Room { words: 64, files: 8, again: 2 };
        assert_eq!(store.claim(room, LEASE).await.unwrap().len(), 64);
    }
    let log = std::fs::read_to_string(server.folder().join("log")).unwrap();
    let mut claims = claims(&log);
    assert_eq!(claims.len(), 20);
    for (_, plan) in &claims {
        assert!(!plan.contains("Seq Scan on jobs"), "{plan}");
        assert!(plan.contains("Index Scan"), "{plan}");
    }
    claims.sort_by(|one, other| one.0.total_cmp(&other.0));
    // Other tests may run beside it: the quickest half tells what it takes.
    let (took, plan) = &claims[5];
    assert!(*took <= 5.0, "{took} ms\n{plan}");
}

#[tokio::test(flavor = "multi_thread")]
async fn f66_a_question_reads_one_book_of_two_thousand() {
    let Some((store, pool)) = crowded().await else { return };
    let ana = "00000000-0000-7000-8001-000000000007".parse().unwrap();
    let filters = Filters {
        date_field: DateField::IssueDate,
        date_from: Some(date(2025, 5, 1)),
        date_to: Some(date(2025, 5, 31)),
        ..Filters::default()
    };
    let plan = QueryPlan {
        entity: Entity::Invoice,
        metric: Metric::Sum,
        field: Field::Total,
        filters,
        ..QueryPlan::default()
    };
    let scanned = scanned(&pool, "invoices", async || {
        for _ in 0..10 {
            store.answer(ana, &plan, date(2025, 6, 10)).await.unwrap();
        }
    })
    .await;
    assert_eq!(scanned, 0, "of 100,000 rows for ten questions");
}
