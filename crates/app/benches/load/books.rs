//! Whether an answer takes longer where many others keep their books too.

use crate::{
    clients::send,
    product::{Backend, Place, Process},
    scenarios::QUESTION,
    standins::{self, Phones},
    webhook,
};
use sqlx::{PgPool, SqlitePool};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// How many invoices each book has.
const INVOICES: usize = 100;
/// How many people ask, and how often each of them.
const ASKING: usize = 30;
const TIMES: usize = 15;

/// Fills the tables with tenants, each with one member, one conversation and a book of invoices of
/// twenty vendors in a year. The same on both databases.
const FILL: [&str; 5] = [
    "INSERT INTO tenants (id, is_owner, habits, created_at) \
     WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {last}) \
     SELECT '00000000-0000-7000-8001-' || (100000000000 + i), 0, '{habits}', 0 FROM n",
    "INSERT INTO members (id, tenant, channel, address, created_at) \
     SELECT REPLACE(id, '-8001-', '-8002-'), id, 'twilio', \
     'whatsapp:+1500' || SUBSTR(id, 30), 0 FROM tenants",
    "INSERT INTO conversations (id, tenant, member, memory, places) \
     SELECT REPLACE(id, '-8002-', '-8003-'), tenant, id, '{}', 0 FROM members",
    "INSERT INTO invoices (tenant, id, direction, kind, number, vendor, vendor_name, vendor_folded, \
     customer, issue_date, currency, decimals, gross_minor, taxes, category, category_folded, status, \
     proof, created_at) \
     WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {invoices}) \
     SELECT tenants.id, '00000000-0000-7000-8006-' || (100000000000 + i), 'received', 'invoice', \
     'R-' || i, '{}', CASE i % 20 WHEN 0 THEN 'Amazon EU' ELSE 'Vendor ' || (i % 20) END, \
     CASE i % 20 WHEN 0 THEN 'amazon eu' ELSE 'vendor ' || (i % 20) END, '{}', \
     '{year}-' || SUBSTR(CAST(101 + i % 12 AS TEXT), 2) || '-' || SUBSTR(CAST(101 + i % 28 AS TEXT), 2), \
     'EUR', 2, 1000 + i, '[]', 'kind ' || (i % 5), 'kind ' || (i % 5), 'unpaid', 'proven', i \
     FROM tenants, n",
    "ANALYZE",
];

/// Prints how long an answer takes in an empty database and in one with so many books.
pub async fn grown(backend: Backend, tenants: usize) {
    println!("| answers one after the other | p50 ms | p99 ms | CPU-ms each |\n|---|---|---|---|");
    let empty = answers(backend, 0).await;
    println!("| in an empty database | {:.1} | {:.1} | {:.2} |", empty.0, empty.1, empty.2);
    let full = answers(backend, tenants).await;
    println!(
        "| beside {tenants} books of {INVOICES} invoices | {:.1} | {:.1} | {:.2} |\n\n\
         {:.2} times as long in the median\n",
        full.0,
        full.1,
        full.2,
        full.0 / empty.0
    );
}

/// Returns how long answers take in the median and at the most of 99 in 100, and their processor time.
async fn answers(backend: Backend, tenants: usize) -> (f64, f64, f64) {
    let (twilio, phones) = standins::messages().await;
    let place = Place::new(backend, Some(twilio)).await;
    if tenants > 0 {
        // The schema is made by the product.
        drop(place.start("all").await);
        fill(&place.url, tenants).await;
    }
    let process = place.start("all").await;
    // People from all over the books.
    let apart = (tenants / ASKING).max(1);
    let people: Vec<String> = (0..ASKING).map(|person| webhook::sender(person * apart)).collect();
    for person in &people {
        ask(&process, &phones, person).await;
    }
    let before = process.cpu().all;
    let mut waits = Vec::new();
    for _ in 0..TIMES {
        for person in &people {
            waits.push(ask(&process, &phones, person).await);
        }
    }
    let cpu = (process.cpu().all - before) / waits.len() as f64;
    waits.sort_by(f64::total_cmp);
    (waits[waits.len() / 2], waits[waits.len() * 99 / 100], cpu)
}

/// Asks and returns after how many milliseconds the answer came.
async fn ask(process: &Process, phones: &Phones, person: &str) -> f64 {
    let had = phones.of(person).len();
    let request = webhook::request(30_000_000 + phones.count(), person, QUESTION);
    let asked = Instant::now();
    let sent = send(process.address, &Arc::new(vec![request]), 1, None).await;
    assert_eq!(sent.errors, 0, "a question was refused");
    loop {
        if let Some(arrived) = phones.of(person).get(had) {
            return arrived.duration_since(asked).as_secs_f64() * 1000.0;
        }
        assert!(asked.elapsed() < Duration::from_secs(60), "a question has no answer");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the books are of this year, which nothing waits for"
)]
async fn fill(url: &str, tenants: usize) {
    let year = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).year();
    let last = tenants.saturating_sub(1).to_string();
    for statement in FILL {
        let statement = statement
            .replace("{last}", &last)
            .replace("{invoices}", &INVOICES.to_string())
            .replace("{year}", &year.to_string())
            .replace(
                "{habits}",
                &serde_json::to_string(&domain::tenant::Habits::default()).unwrap(),
            );
        let statement = sqlx::AssertSqlSafe(statement);
        if url.starts_with("sqlite:") {
            let pool = SqlitePool::connect(url).await.unwrap();
            sqlx::raw_sql(statement).execute(&pool).await.unwrap();
            pool.close().await;
        } else {
            let pool = PgPool::connect(url).await.unwrap();
            sqlx::raw_sql(statement).execute(&pool).await.unwrap();
            pool.close().await;
        }
    }
}
