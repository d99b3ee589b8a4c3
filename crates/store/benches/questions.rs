//! How long the database takes to answer one person among ten thousand with a million invoices.
//!
//! `cargo bench -p store --bench questions [TENANTS INVOICES_EACH]`, on SQLite and on the server of
//! `BILLHOOK_TEST_POSTGRES`. Each kind of question is asked of people by chance, one after the other;
//! the plan of the database is shown, and one that reads a whole table ends the run.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a benchmark that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "it prints its table")]
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "the numbers of a benchmark are small"
)]

use domain::{
    correction::Target,
    dates::{Date, Unit, date},
    ids::TenantId,
    question::{Entity, Field, Filters, GroupBy, Metric, Order, OrderBy, QueryPlan, StatusFilter},
};
use ports::store::Ledger;
use sqlx::{AssertSqlSafe, PgPool, Row, SqlitePool};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use store::Database;
use testkit::clock::FakeClock;

const TODAY: Date = date(2025, 9, 10);
/// How often each kind is asked.
const ASKED: u64 = 400;
/// The most that one in a hundred may take.
const BAR: Duration = Duration::from_millis(50);

/// The rows of `{tenants}` people with `{each}` invoices of three lines, in the SQL of each database;
/// `n` is the person and `p` the invoice.
const SEED: [&str; 3] = [
    "INSERT INTO tenants (id, is_owner, habits, created_at) SELECT {id:1:n}, 0, '{}', 0 FROM {n}",
    "INSERT INTO invoices (tenant, id, direction, kind, number, vendor, vendor_name, vendor_folded, \
     customer, issue_date, due_date, currency, decimals, net_minor, tax_minor, gross_minor, taxes, \
     category, category_folded, status, proof, created_at) SELECT {id:1:n}, {id:6:n * 100000 + p}, \
     'received', CASE WHEN p % 50 = 0 THEN 'credit_note' ELSE 'invoice' END, {text:p}, '{}', \
     'Vendor ' || {text:(p * 7 + n) % 20}, 'vendor ' || {text:(p * 7 + n) % 20}, '{}', \
     {day:(p * 37 + n) % 1000}, {day:(p * 37 + n) % 1000 + 30}, \
     CASE WHEN p % 10 = 0 THEN 'USD' ELSE 'EUR' END, 2, 900 + (p * 7919 + n * 31) % 90000, 100, \
     1000 + (p * 7919 + n * 31) % 90000, '[]', 'Kind ' || {text:p % 6}, 'kind ' || {text:p % 6}, \
     CASE p % 4 WHEN 0 THEN 'unpaid' WHEN 1 THEN 'part_paid' ELSE 'paid' END, 'proven', p FROM {np}",
    "INSERT INTO invoice_lines (tenant, invoice, place, description, description_folded, quantity, \
     unit_price, amount_minor) SELECT {id:1:n}, {id:6:n * 100000 + p}, l, \
     CASE (p + l) % 5 WHEN 0 THEN 'Coffee beans' WHEN 1 THEN 'Printer paper' WHEN 2 THEN 'Roses' \
     WHEN 3 THEN 'Train ticket' ELSE 'Hosting' END, \
     CASE (p + l) % 5 WHEN 0 THEN 'coffee beans' WHEN 1 THEN 'printer paper' WHEN 2 THEN 'roses' \
     WHEN 3 THEN 'train ticket' ELSE 'hosting' END, '2', '3.50', 700 FROM {npl}",
];

/// A database full of people.
enum Full {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

#[tokio::main]
async fn main() {
    let numbers: Vec<u64> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let [tenants, each] = numbers.try_into().unwrap_or([10_000, 100]);
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("book.db").display());
    let store = store::open(&url, Arc::new(FakeClock::default())).await.unwrap();
    let pool = SqlitePool::connect(&url).await.unwrap();
    measure("SQLite", &store, &Full::Sqlite(pool), tenants, each).await;
    let Some(url) = testkit::postgres::fresh_schema().await else {
        return println!("PostgreSQL is not measured: BILLHOOK_TEST_POSTGRES names no server");
    };
    let store = store::open(&url, Arc::new(FakeClock::default())).await.unwrap();
    let pool = PgPool::connect(&url).await.unwrap();
    measure("PostgreSQL", &store, &Full::Postgres(pool), tenants, each).await;
}

impl Full {
    /// Writes a template of [`SEED`] in the SQL of this database.
    fn written(&self, template: &str, tenants: u64, each: u64) -> String {
        let mut sql = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (place, after) = after.split_once('}').unwrap();
            sql.push_str(before);
            sql.push_str(&self.place(place, tenants, each));
            rest = after;
        }
        sql + rest
    }

    fn place(&self, place: &str, tenants: u64, each: u64) -> String {
        let parts: Vec<&str> = place.split(':').collect();
        let is_sqlite = matches!(self, Self::Sqlite(_));
        let numbers = |name: &str, from: u64, to: u64| {
            if is_sqlite {
                format!(
                    "(WITH RECURSIVE c({name}) AS (SELECT {from} UNION ALL SELECT {name} + 1 \
                     FROM c WHERE {name} < {to}) SELECT {name} FROM c) AS q{name}"
                )
            } else {
                format!("GENERATE_SERIES({from}, {to}) AS q{name}({name})")
            }
        };
        let (people, papers) = (numbers("n", 1, tenants), numbers("p", 1, each));
        match parts.as_slice() {
            [""] => "{}".to_owned(),
            ["n"] => people,
            ["np"] => format!("{people} CROSS JOIN {papers}"),
            ["npl"] => format!("{people} CROSS JOIN {papers} CROSS JOIN {}", numbers("l", 0, 2)),
            ["id", kind, number] if is_sqlite => {
                format!("PRINTF('00000000-0000-7000-800{kind}-%012d', {number})")
            }
            ["id", kind, number] => {
                let number = format!("LPAD(CAST(CAST({number} AS BIGINT) AS TEXT), 12, '0')");
                format!("CONCAT('00000000-0000-7000-800{kind}-', {number})")
            }
            ["text", number] => format!("CAST({number} AS TEXT)"),
            ["day", number] if is_sqlite => {
                format!("DATE('2023-01-01', '+' || ({number}) || ' days')")
            }
            ["day", number] => {
                format!("TO_CHAR(DATE '2023-01-01' + CAST({number} AS INTEGER), 'YYYY-MM-DD')")
            }
            other => panic!("{other:?}"),
        }
    }

    async fn run(&self, sql: String) {
        match self {
            Self::Sqlite(pool) => {
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await.unwrap();
            }
            Self::Postgres(pool) => {
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await.unwrap();
            }
        }
    }

    /// Returns how the database would find the rows of a statement.
    async fn plan(&self, sql: &str) -> Vec<String> {
        match self {
            Self::Sqlite(pool) => {
                let rows = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")));
                let rows = rows.fetch_all(pool).await.unwrap();
                rows.iter().map(|row| row.get::<String, _>("detail")).collect()
            }
            Self::Postgres(pool) => {
                let rows = sqlx::query(AssertSqlSafe(format!("EXPLAIN (COSTS OFF) {sql}")));
                let rows = rows.fetch_all(pool).await.unwrap();
                rows.iter().map(|row| row.get::<String, _>(0)).collect()
            }
        }
    }
}

/// The kinds of questions, by name.
fn kinds() -> Vec<(&'static str, QueryPlan)> {
    let plan =
        |metric, field, filters| QueryPlan { metric, field, filters, ..QueryPlan::default() };
    let month = Filters {
        date_from: Some(date(2025, 5, 1)),
        date_to: Some(date(2025, 5, 31)),
        ..Filters::default()
    };
    let year = Filters {
        date_from: Some(date(2025, 1, 1)),
        date_to: Some(date(2025, 12, 31)),
        ..Filters::default()
    };
    let status = |status| Filters { status: vec![status], ..Filters::default() };
    let vendor = Filters { vendor: vec!["vendor 7".into()], ..Filters::default() };
    let coffee = Filters { item: vec!["coffee".into()], ..Filters::default() };
    let all = Filters::default;
    let by = |group_by, plan| QueryPlan { group_by: Some(group_by), ..plan };
    let items = |plan| QueryPlan { entity: Entity::Item, ..plan };
    let top = Some(Order { by: OrderBy::Value, descending: true });
    let list = |filters| plan(Metric::List, Field::Invoice, filters);
    vec![
        ("sum of a month", plan(Metric::Sum, Field::Total, month)),
        ("sum at a vendor", plan(Metric::Sum, Field::Total, vendor)),
        ("sum by vendor", by(GroupBy::Vendor, plan(Metric::Sum, Field::Total, all()))),
        (
            "sum by month",
            by(GroupBy::Calendar(Unit::Month), plan(Metric::Sum, Field::Total, year.clone())),
        ),
        (
            "tax by quarter",
            by(GroupBy::Calendar(Unit::Quarter), plan(Metric::Sum, Field::Tax, year)),
        ),
        ("average", plan(Metric::Avg, Field::Total, all())),
        ("how many", plan(Metric::Count, Field::Id, all())),
        ("overdue", list(status(StatusFilter::Overdue))),
        ("unpaid", list(status(StatusFilter::Unpaid))),
        ("five largest", QueryPlan { order: top, limit: Some(5), ..list(all()) }),
        ("by number", list(Filters { number: Some("17".into()), ..Filters::default() })),
        ("coffee bought", items(plan(Metric::List, Field::Item, coffee.clone()))),
        ("spent on coffee", items(plan(Metric::Sum, Field::Amount, coffee))),
        ("vendors", plan(Metric::List, Field::Vendor, all())),
    ]
}

fn person(number: u64) -> TenantId {
    format!("00000000-0000-7000-8001-{number:012}").parse().unwrap()
}

async fn measure(name: &str, store: &Database, full: &Full, tenants: u64, each: u64) {
    let begun = Instant::now();
    for template in SEED {
        full.run(full.written(template, tenants, each)).await;
    }
    full.run("ANALYZE".to_owned()).await;
    println!(
        "\n## {name}: {tenants} people, {each} invoices each, filled in {:.0?}\n",
        begun.elapsed()
    );
    println!("| question | median | p99 | most |\n|---|---|---|---|");
    let mut seed = 1_u64;
    let mut by_chance = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        person((seed >> 33) % tenants + 1)
    };
    let mut plans = Vec::new();
    for (kind, plan) in kinds() {
        let mut took = Vec::new();
        for _ in 0..ASKED {
            let (who, begun) = (by_chance(), Instant::now());
            store.answer(who, &plan, TODAY).await.unwrap();
            took.push(begun.elapsed());
        }
        told(kind, took);
        let sql = store.statement(by_chance(), &plan, TODAY).await.unwrap();
        plans.push((kind, full.plan(&sql).await));
    }
    let mut took = (Vec::new(), Vec::new());
    for _ in 0..ASKED {
        let (who, begun) = (by_chance(), Instant::now());
        store.names(who).await.unwrap();
        took.0.push(begun.elapsed());
        let begun = Instant::now();
        store.find(who, &Target::Latest(Filters::default()), TODAY).await.unwrap();
        took.1.push(begun.elapsed());
    }
    told("names of a book", took.0);
    told("the newest invoice", took.1);
    println!();
    for (kind, plan) in plans {
        println!("{kind}: {}", plan.join(" / "));
        let whole =
            ["SCAN invoices", "SCAN lines", "Seq Scan on invoices", "Seq Scan on invoice_lines"];
        let reads_all = plan.iter().any(|step| whole.iter().any(|bad| step.contains(bad)));
        assert!(!reads_all, "{kind} reads a whole table");
    }
}

fn told(kind: &str, mut took: Vec<Duration>) {
    took.sort();
    let at = |share: usize| took[(took.len() - 1) * share / 100];
    println!("| {kind} | {:.2?} | {:.2?} | {:.2?} |", at(50), at(99), at(100));
    assert!(at(99) <= BAR, "{kind} takes more than {BAR:?} for one in a hundred");
}
