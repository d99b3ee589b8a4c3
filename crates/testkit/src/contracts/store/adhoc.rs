//! Statements of others: right, always up to date, and blind to every other book.

use super::{
    Fresh,
    book::{generated, received},
};
use domain::{
    dates::date,
    ids::TenantId,
    question::{Answer, Field, Metric, QueryPlan},
    table::{Cell, Table},
};
use ports::store::SelectError;
use std::{collections::BTreeMap, sync::Arc};

/// Statements that ask for everything there is, one way or another.
const CURIOUS: [&str; 16] = [
    "SELECT * FROM users",
    "SELECT * FROM conversations",
    "SELECT * FROM messages ORDER BY id",
    "SELECT * FROM invoices ORDER BY id",
    "SELECT * FROM invoice_items ORDER BY id",
    "SELECT count(*), sum(total), min(vendor) FROM invoices WHERE user_id = user_id OR 1 = 1",
    "SELECT number FROM invoices WHERE user_id <> '{me}'",
    "SELECT number FROM invoices WHERE user_id = '{other}'",
    "SELECT u.phone, i.number FROM users u LEFT JOIN invoices i ON i.user_id <> u.id",
    "SELECT body FROM messages UNION SELECT description FROM invoice_items UNION SELECT phone FROM users",
    "WITH w AS (SELECT user_id, total FROM invoices) SELECT user_id, count(*) FROM w GROUP BY 1",
    "SELECT (SELECT count(*) FROM messages), (SELECT max(created_at) FROM users)",
    "SELECT number FROM invoices WHERE EXISTS (SELECT 1 FROM invoices o WHERE o.user_id <> '{me}')",
    "SELECT vendor, rank() OVER (ORDER BY total DESC) FROM invoices ORDER BY 1, 2",
    "SELECT number FROM invoices WHERE id IN (SELECT invoice_id FROM invoice_items) ORDER BY 1",
    "SELECT nothing FROM invoices",
];

/// What a statement came to; identifiers in it stay the same.
async fn outcome(fresh: &Fresh, me: TenantId, sql: &str) -> Result<Table, String> {
    let found = fresh.store.select(me, sql, date(2025, 9, 10)).await;
    found.map_err(|error| error.to_string())
}

/// Runs statements on a database with one book in it, and again beside another book: nothing may
/// differ, not even an error. Returns how many ran.
pub async fn see_one_book(fresh: &Fresh, statements: &[String]) -> usize {
    let (me, other) = (fresh.tenant("ana").await, fresh.tenant("eve").await);
    fresh.save("ana", generated(7, 40)).await;
    let filled =
        |sql: &String| sql.replace("{me}", &me.to_string()).replace("{other}", &other.to_string());
    let statements: Vec<String> = statements.iter().map(filled).collect();
    let mut alone = Vec::new();
    for sql in &statements {
        alone.push(outcome(fresh, me, sql).await);
    }
    let canary = |index: u128| {
        let mut invoice = received(1_000 + index, "CANARY", &format!("CANARY-{index}"));
        invoice.notes = Some("CANARY".to_owned());
        invoice
    };
    fresh.save("eve", (0..20).map(canary).collect()).await;
    for (sql, before) in statements.iter().zip(&alone) {
        let beside = outcome(fresh, me, sql).await;
        assert_eq!(&beside, before, "{sql}");
        let rows = format!("{:?}", beside.map(|table| table.rows));
        assert!(!rows.contains("CANARY") && !rows.contains("\"eve\""), "{sql}: {rows}");
    }
    alone.iter().filter(|outcome| outcome.is_ok()).count()
}

/// S20: two databases, one with another book in it, give the same to the last row.
pub async fn s20_a_statement_sees_one_book(fresh: &Fresh) {
    let statements: Vec<String> = CURIOUS.iter().map(|sql| (*sql).to_owned()).collect();
    assert_eq!(see_one_book(fresh, &statements).await, CURIOUS.len() - 1);
}

/// Sums are those of the plan, exactly, and a change is seen at once.
pub async fn statements_equal_plans_and_follow_changes(fresh: &Fresh) {
    let me = fresh.tenant("ana").await;
    let today = date(2025, 9, 10);
    let plan = QueryPlan { metric: Metric::Sum, field: Field::Total, ..QueryPlan::default() };
    let sql = "SELECT currency, sum(total) FROM invoices WHERE status IN ('paid', 'unpaid') \
               GROUP BY currency ORDER BY currency";
    for (round, size) in [(1, 200), (2, 50), (3, 1)] {
        fresh.save("ana", generated(round, size)).await;
        let Answer::Amounts(amounts) = fresh.store.answer(me, &plan, today).await.unwrap() else {
            panic!("a sum is amounts");
        };
        let expected: BTreeMap<String, _> = amounts
            .into_iter()
            .map(|money| (money.currency.code().to_owned(), money.decimal().normalize()))
            .collect();
        let table = fresh.store.select(me, sql, today).await.unwrap();
        let found = table.rows.iter().map(|row| match row.as_slice() {
            [Cell::Text(code), Cell::Number(sum)] => (code.clone(), sum.normalize()),
            other => panic!("{other:?}"),
        });
        assert_eq!(found.collect::<BTreeMap<_, _>>(), expected);
        assert_eq!(table.columns, ["currency", "sum(total)"]);
    }
}

/// S28: many at once, each asking for everything, each finding its own.
pub async fn s28_a_crowd_asks_and_nobody_sees_another(fresh: &Fresh) {
    let mut tenants = Vec::new();
    for user in 0..12_u128 {
        let name = format!("user{user}");
        let canary = received(user + 1, &format!("CANARY{user}."), &format!("N{user}"));
        fresh.save(&name, vec![canary]).await;
        tenants.push(fresh.tenant(&name).await);
    }
    let asked = (0..240_usize).map(|turn| {
        let (store, user) = (Arc::clone(&fresh.store), turn % tenants.len());
        let tenant = tenants[user];
        async move {
            let sql = "SELECT vendor FROM invoices UNION ALL SELECT phone FROM users";
            let found = store.select(tenant, sql, date(2025, 9, 10)).await.unwrap();
            let text = format!("{:?}", found.rows);
            assert_eq!(found.rows.len(), 2);
            assert!(text.contains(&format!("CANARY{user}.")), "{user}: {text}");
        }
    });
    futures::future::join_all(asked).await;
}

/// A refusal says so, and is no error of the store.
pub async fn a_refused_statement_says_why(fresh: &Fresh) {
    let me = fresh.tenant("ana").await;
    let said = |sql: &'static str| fresh.store.select(me, sql, date(2025, 9, 10));
    assert!(matches!(said("DELETE FROM invoices").await, Err(SelectError::Refused(_))));
    assert!(matches!(said("SELECT x FROM invoices").await, Err(SelectError::Failed(_))));
}
