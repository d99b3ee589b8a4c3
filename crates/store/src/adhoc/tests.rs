//! What is allowed, what is refused, and what the private database lets out.

use super::{
    book::Rows,
    guard::{Allowed, allow},
    private::Private,
};
use domain::{dates::Date, table::Cell};
use ports::store::SelectError;
use rusqlite::types::Value;

pub const TODAY: Date = Date::constant(2025, 3, 14);

fn allowed(sql: &str) -> Allowed {
    allow(sql, TODAY).unwrap_or_else(|refusal| panic!("{sql}: {refusal}"))
}

fn refused(sql: &str) -> String {
    match allow(sql, TODAY) {
        Ok(allowed) => panic!("{sql} became {}", allowed.sql),
        Err(refusal) => refusal.to_string(),
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// Three invoices of one book: two vendors, two currencies, one of them due.
pub fn private() -> Private {
    let invoice = |id: &str, vendor: &str, day: &str, total: f64, status: &str| {
        let currency = if vendor == "Hostly" { "USD" } else { "EUR" };
        let due = if status == "unpaid" { text("2025-03-01") } else { Value::Null };
        vec![
            text(id),
            text("me"),
            text(&format!("N-{id}")),
            text(vendor),
            Value::Null,
            text("travel"),
            text(day),
            due,
            Value::Null,
            text(currency),
            Value::Null,
            Value::Real(0.1),
            Value::Real(total),
            text(status),
            Value::Null,
            text("2025-01-01 10:00:00"),
        ]
    };
    let invoices = vec![
        invoice("1", "Café Azul", "2025-01-31", 0.1, "paid"),
        invoice("2", "Café Azul", "2025-02-03", 0.2, "unpaid"),
        invoice("3", "Hostly", "2025-02-10", 40.0, "paid"),
    ];
    let item = |id: &str, of: &str, what: &str, price: f64| {
        let price = Value::Real(price);
        vec![text(id), text(of), text(what), Value::Real(1.0), price.clone(), price]
    };
    let items = vec![item("1/1", "1", "Espresso", 0.1), item("3/1", "3", "Server", 40.0)];
    Private::fill(&Rows::of(invoices, items, &["EUR", "USD"])).unwrap()
}

/// Returns the rows of a statement, a line each.
fn rows(sql: &str) -> Vec<String> {
    let table = private().run(&allowed(sql)).unwrap_or_else(|error| panic!("{sql}: {error}"));
    let shown = |cell: &Cell| match cell {
        Cell::Nothing => "-".to_owned(),
        Cell::Number(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
    };
    table.rows.iter().map(|row| row.iter().map(shown).collect::<Vec<_>>().join("|")).collect()
}

/// Statements of either dialect and their rows.
const ANALYTICAL: &[(&str, &[&str])] = &[
    ("SELECT count(*) FROM invoices", &["3"]),
    ("select sum(total) from invoices where currency = 'EUR';", &["0.3"]),
    ("SELECT total + tax FROM invoices WHERE number = 'N-2'", &["0.3"]),
    (
        "SELECT vendor, count(*) AS n FROM invoices GROUP BY vendor ORDER BY n DESC LIMIT 1",
        &["Café Azul|2"],
    ),
    ("SELECT number FROM invoices WHERE vendor ILIKE '%CAFÉ%' ORDER BY 1", &["N-1", "N-2"]),
    (
        "SELECT date_trunc('month', issue_date) AS m, count(*) FROM invoices GROUP BY m ORDER BY m",
        &["2025-01-01|1", "2025-02-01|2"],
    ),
    (
        "SELECT extract(quarter FROM issue_date), to_char(issue_date, 'YYYY-MM') FROM invoices LIMIT 1",
        &["1|2025-01"],
    ),
    ("SELECT CURRENT_DATE - due_date FROM invoices WHERE due_date < CURRENT_DATE", &["13"]),
    (
        "SELECT due_date + INTERVAL '1 month' FROM invoices WHERE due_date IS NOT NULL",
        &["2025-04-01"],
    ),
    ("SELECT due_date - 7 FROM invoices WHERE due_date IS NOT NULL", &["2025-02-22"]),
    ("SELECT number FROM invoices WHERE due_date < date('now', 'localtime')", &["N-2"]),
    (
        "SELECT number FROM invoices WHERE issue_date >= date('now', '-40 days') ORDER BY number",
        &["N-2", "N-3"],
    ),
    (
        "SELECT strftime('%Y-%m', issue_date) y, round(sum(total), 1) FROM invoices GROUP BY y ORDER BY y DESC",
        &["2025-02|40.2", "2025-01|0.1"],
    ),
    (
        "WITH big AS (SELECT * FROM invoices WHERE total > 1) SELECT b.vendor FROM big b",
        &["Hostly"],
    ),
    (
        "SELECT i.number, t.description FROM invoices i JOIN invoice_items t ON t.invoice_id = i.id ORDER BY 1",
        &["N-1|Espresso", "N-3|Server"],
    ),
    (
        "SELECT number, sum(total) OVER (PARTITION BY vendor ORDER BY issue_date) FROM invoices ORDER BY 1",
        &["N-1|0.1", "N-2|0.3", "N-3|40"],
    ),
    ("SELECT avg(total) FROM invoices WHERE currency = 'EUR'", &["0.15"]),
    (
        "SELECT CASE status WHEN 'paid' THEN 'x' ELSE 'y' END, count(*) FROM invoices GROUP BY 1 ORDER BY 1",
        &["x|2", "y|1"],
    ),
    ("SELECT sum(total) FILTER (WHERE currency = 'USD') FROM invoices", &["40"]),
    (
        "SELECT total::int, 'it''s' || ' so', -(-1) FROM invoices WHERE number = 'N-3'",
        &["40|it's so|1"],
    ),
    ("SELECT 1 UNION SELECT 2 EXCEPT (SELECT 2 UNION SELECT 3)", &["1"]),
    (
        "SELECT number FROM invoices WHERE id NOT IN (SELECT invoice_id FROM invoice_items)",
        &["N-2"],
    ),
    ("SELECT E'a\\'b', $$it's$$, U&'\\0041'", &["a'b|it's|A"]),
];

#[test]
fn s21_what_people_analyse_with_is_allowed_in_either_dialect() {
    for (sql, expected) in ANALYTICAL {
        assert_eq!(rows(sql), *expected, "{sql}");
    }
}

#[test]
fn s20_whatever_is_more_than_reading_our_relations_is_refused() {
    for sql in [
        "",
        "-- nothing",
        "DELETE FROM invoices",
        "SELECT 1; SELECT 2",
        "WITH gone AS (DELETE FROM invoices RETURNING id) SELECT * FROM gone",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT * FROM n",
        "SELECT * FROM sqlite_schema",
        "SELECT * FROM main.invoices",
        "SELECT * FROM pg_catalog.pg_class",
        "SELECT * FROM pragma_table_info('invoices')",
        "SELECT * FROM invoices INTO OUTFILE 'x'",
        "SELECT * INTO copied FROM invoices",
        "SELECT * FROM invoices FOR UPDATE",
        "SELECT pg_sleep(1)",
        "SELECT load_extension('x')",
        "SELECT readfile('/etc/passwd')",
        "SELECT randomblob(1000000000)",
        "SELECT zeroblob(1000000000)",
        "SELECT printf('%.*c', 1000000000, 'x')",
        "SELECT repeat('a', 1000000000)",
        "SELECT \"a\"\"b\" FROM invoices",
        "SELECT 1 AS \"x', (SELECT 1) --\"",
        "SELECT * FROM invoices a, invoices b, invoices c",
        "SELECT * FROM invoices a CROSS JOIN invoices b CROSS JOIN invoices c",
        "SELECT * FROM invoices, LATERAL (SELECT 1) x",
        "SELECT * FROM generate_series(1, 10)",
        "SELECT * FROM invoices TABLESAMPLE SYSTEM (1)",
        "EXPLAIN SELECT 1",
        "PRAGMA table_list",
        "ATTACH 'x' AS y",
        "VALUES (1)",
        "TABLE invoices",
        "VACUUM INTO 'x'",
        "SELECT x'00'",
        "SELECT current_user",
    ] {
        let said = allow(sql, TODAY).map(|allowed| private().run(&allowed));
        let is_refused = match &said {
            Err(refusal) => !refusal.to_string().is_empty(),
            // Names that are columns nowhere are the engine's to refuse.
            Ok(ran) => matches!(ran, Err(SelectError::Failed(_))),
        };
        assert!(is_refused, "{sql}: {said:?}");
    }
}

#[test]
fn refusals_say_what_is_not_allowed() {
    insta::assert_snapshot!(
        [
            "DROP TABLE invoices",
            "SELECT 1; SELECT 2",
            "SELECT * FROM tenants",
            "SELECT pg_sleep(1)",
            "SELECT * FROM public.invoices",
            "SELECT FROM WHERE",
        ]
        .map(refused)
        .join("\n")
    );
}

#[test]
fn a_text_can_never_end_its_quotes() {
    let found = rows(r"SELECT '\', ' OR 1=1 --', '''', '\'''");
    assert_eq!(found, [r"\| OR 1=1 --|'|\'"]);
    let table = private().run(&allowed("SELECT 'it''s ?1' AS a")).unwrap();
    assert_eq!(table.sql, "SELECT 'it''s ?1' AS \"a\"");
}

#[test]
fn s24_depth_and_size_are_refused_and_never_overflow() {
    let deep = format!("SELECT {}1{}", "(".repeat(900), ")".repeat(900));
    let long = format!("SELECT 1{}", "+1".repeat(990));
    let nested = format!("SELECT {}1{}", "(SELECT ".repeat(200), ")".repeat(200));
    let wide = format!("SELECT {} FROM invoices", vec!["total"; 950].join(","));
    for sql in [deep, long, nested, "(".repeat(9_000), format!("SELECT '{}'", "x".repeat(20_000))] {
        assert!(!refused(&sql).is_empty());
    }
    assert!(matches!(private().run(&allowed(&wide)), Err(SelectError::Failed(_))));
}

#[test]
fn work_and_rows_have_an_end() {
    let row = |n: i64| {
        let mut row = vec![Value::Null; 16];
        row[0] = Value::Integer(n);
        row
    };
    let invoices = (0..3_000).map(row).collect();
    let private = Private::fill(&Rows::of(invoices, Vec::new(), &[])).unwrap();
    let endless = "SELECT count(*) FROM invoices a JOIN invoices b ON 1=1 JOIN invoices c ON 1=1";
    assert!(matches!(private.run(&allowed(endless)), Err(SelectError::TooMuch)));
    let many = private.run(&allowed("SELECT id FROM invoices")).unwrap();
    assert!(many.more);
    assert_eq!(many.rows.len(), 1_000);
    let fat = "SELECT replace(replace(replace('xxxxxxxxxx', 'x', 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy'), 'y', 'zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz'), 'z', 'zzzzzzzzzzzzzzzzzzzzzzzzz')";
    assert!(matches!(private.run(&allowed(fat)), Err(SelectError::TooMuch)));
    // What was stopped leaves nothing behind.
    assert_eq!(private.run(&allowed("SELECT count(*) FROM invoices")).unwrap().rows.len(), 1);
}

#[test]
fn the_engine_alone_lets_nothing_out_either() {
    let private = private();
    for sql in [
        "SELECT * FROM sqlite_master",
        "ATTACH ':memory:' AS other",
        "PRAGMA database_list",
        "DELETE FROM invoices",
        "CREATE TABLE t (a)",
        "SELECT load_extension('x')",
        "SELECT * FROM pragma_function_list",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT * FROM n",
        "SELECT randomblob(10)",
    ] {
        let unchecked = Allowed { sql: sql.to_owned(), ..allowed("SELECT 1") };
        assert!(private.run(&unchecked).is_err(), "{sql}");
    }
}

#[test]
fn sums_over_currencies_are_marked() {
    let mixes = |sql: &str| private().run(&allowed(sql)).unwrap().mixes_currencies;
    assert!(mixes("SELECT sum(total) FROM invoices"));
    assert!(!mixes("SELECT currency, sum(total) FROM invoices GROUP BY currency"));
    assert!(!mixes("SELECT sum(total) FROM invoices WHERE currency = 'EUR'"));
    assert!(!mixes("SELECT max(total) FROM invoices"));
}

#[test]
fn s47_numbers_that_come_from_no_row_are_marked() {
    let own = |sql: &str| private().run(&allowed(sql)).unwrap().own_numbers;
    for (sql, numbers) in [
        ("SELECT 999999 AS total, 'EUR' AS currency", vec!["999999"]),
        ("SELECT '12,345.67 EUR' AS total", vec!["345"]),
        ("SELECT total * 1000 AS total, currency FROM invoices", vec!["1000"]),
        ("SELECT t.total FROM (SELECT 4711 AS total) AS t", vec!["4711"]),
        ("SELECT max(total, 8000) FROM invoices", vec!["8000"]),
        ("SELECT 1 AS invoices", vec!["1"]),
    ] {
        assert_eq!(own(sql), numbers, "{sql}");
    }
    for sql in [
        "SELECT count(*) FROM invoices WHERE total > 5000",
        "SELECT currency, round(sum(total) / 12, 2) FROM invoices GROUP BY currency",
        "SELECT 100.0 * sum(tax) / sum(total), currency FROM invoices GROUP BY currency",
        "SELECT vendor FROM invoices WHERE EXISTS (SELECT 1 FROM invoice_items WHERE amount > 250)",
        "SELECT (SELECT count(*) FROM invoices WHERE total > 777) AS n",
        "SELECT 'May 2026' AS month, count(*) FROM invoices",
    ] {
        assert!(own(sql).is_empty(), "{sql}: {:?}", own(sql));
    }
}
