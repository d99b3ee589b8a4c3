//! A plan as one statement.
//!
//! Amounts of credit notes are stored positive and count as negative in every figure, and so does
//! the order of lists by amount. Amounts are always apart by currency. Groups without a name (no
//! category, no vendor) are left out. What the database cannot do exactly in every dialect
//! (averages, sums of decimals, limits within groups) is left to the reader of the rows.

use super::{
    filters::{Scope, holds_any, matching, with_item},
    measure::{Measure, Unit, measure},
};
use crate::engine::{Dialect, Sql};
use domain::{
    dates,
    question::{Answer, Entity, GroupBy, Order, OrderBy, QueryPlan},
};

/// The sign of a row's amounts: a credit note gives money back.
const SIGN: &str = "CASE invoices.kind WHEN 'credit_note' THEN -1 ELSE 1 END";

/// What the rows of a statement are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `group_key`, `group_name`, `matches`.
    Counts,
    /// `group_key`, `group_name`, `currency`, `matches`, `total`, `least`, `greatest`.
    Sums,
    /// `group_key`, `group_name`, `currency`, `sign`, `figure`, `matches`: one row for each
    /// different decimal.
    Decimals(Unit),
    /// `name`.
    Names,
    /// Full rows of invoices and `matches`, the number of all that match.
    Invoices,
    /// Lines with their invoice's columns and `matches`.
    Items,
}

/// A statement and what its rows are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiled {
    /// The statement.
    pub sql: Sql,
    /// Its rows.
    pub shape: Shape,
}

/// Returns the statement that answers a plan.
pub fn compile(plan: &QueryPlan, scope: &Scope<'_>) -> Compiled {
    let (entity, measure) = measure(plan);
    match measure {
        Measure::List => list(plan, scope, entity),
        Measure::Names(key, name) if plan.metric == domain::question::Metric::List => {
            names(plan, scope, entity, (key, name))
        }
        Measure::Names(key, _) => counts(plan, scope, entity, &format!("COUNT(DISTINCT {key})")),
        Measure::Rows => counts(plan, scope, entity, "COUNT(*)"),
        Measure::Column(column, Unit::Minor) => sums(plan, scope, entity, column),
        Measure::Column(column, unit) => decimals(plan, scope, entity, (column, unit)),
    }
}

fn counts(plan: &QueryPlan, scope: &Scope<'_>, entity: Entity, count: &str) -> Compiled {
    let mut sql = grouped(plan.group_by, scope.dialect);
    sql.push(", ").push(count).push(" AS matches");
    from_where(&mut sql, scope, entity, plan.group_by);
    sql.push(" GROUP BY 1");
    Compiled { sql, shape: Shape::Counts }
}

fn sums(plan: &QueryPlan, scope: &Scope<'_>, entity: Entity, column: &str) -> Compiled {
    let mut sql = grouped(plan.group_by, scope.dialect);
    sql.push(", invoices.currency AS currency, COUNT(*) AS matches");
    for (function, name) in [("SUM", "total"), ("MIN", "least"), ("MAX", "greatest")] {
        // A sum of PostgreSQL is wider than what is summed.
        sql.push(&format!(", CAST({function}({column} * {SIGN}) AS BIGINT) AS {name}"));
    }
    from_where(&mut sql, scope, entity, plan.group_by);
    sql.push(&format!(" AND {column} IS NOT NULL GROUP BY 1, 3"));
    Compiled { sql, shape: Shape::Sums }
}

fn decimals(
    plan: &QueryPlan,
    scope: &Scope<'_>,
    entity: Entity,
    (column, unit): (&str, Unit),
) -> Compiled {
    let mut sql = grouped(plan.group_by, scope.dialect);
    let sign = if unit == Unit::Plain { SIGN } else { "1" };
    sql.push(&format!(
        ", invoices.currency AS currency, CAST({sign} AS BIGINT) AS sign, {column} AS figure, COUNT(*) AS matches"
    ));
    from_where(&mut sql, scope, entity, plan.group_by);
    sql.push(&format!(" AND {column} IS NOT NULL GROUP BY 1, 3, 4, 5"));
    Compiled { sql, shape: Shape::Decimals(unit) }
}

fn names(
    plan: &QueryPlan,
    scope: &Scope<'_>,
    entity: Entity,
    (key, name): (&str, &str),
) -> Compiled {
    let mut sql = Sql::new("SELECT MIN(");
    sql.push(name).push(") AS name");
    from_where(&mut sql, scope, entity, None);
    sql.push(" AND ").push(key).push(" IS NOT NULL GROUP BY ").push(key);
    sql.push(" ORDER BY 1 LIMIT ").bind(most_rows(plan));
    Compiled { sql, shape: Shape::Names }
}

/// What decides between rows that are equal in what they are ordered by: the newer first. What came in one
/// file was stored at one moment; its numbers keep the order from being another one each time.
const TIES: &str = "invoices.issue_date DESC, invoices.created_at DESC, \
     COALESCE(invoices.number, '') DESC, invoices.id DESC";

fn list(plan: &QueryPlan, scope: &Scope<'_>, entity: Entity) -> Compiled {
    let columns = match entity {
        Entity::Invoice => "invoices.*",
        Entity::Item => {
            "lines.description, lines.quantity, lines.unit_price, lines.amount_minor, \
             invoices.currency, invoices.vendor_name, invoices.customer_name, invoices.issue_date"
        }
    };
    let order = plan.order.unwrap_or(Order { by: OrderBy::IssueDate, descending: true });
    let (by, is_money) = ordered_by(order, entity);
    let is_apart = is_money && plan.filters.currency.len() != 1;
    let ties = match entity {
        Entity::Invoice => TIES.to_owned(),
        Entity::Item => format!("{TIES}, lines.place"),
    };
    let direction = if order.descending { "DESC" } else { "ASC" };
    let by = format!("{by} IS NULL, {by} {direction}, {ties}");
    let within = if is_apart { "PARTITION BY invoices.currency " } else { "" };
    let mut sql = Sql::new(&format!(
        "SELECT * FROM (SELECT {columns}, COUNT(*) OVER () AS matches, \
         ROW_NUMBER() OVER ({within}ORDER BY {by}) AS rank"
    ));
    from_where(&mut sql, scope, entity, None);
    sql.push(") AS ranked WHERE rank <= ").bind(most_rows(plan));
    sql.push(if is_apart { " ORDER BY currency, rank LIMIT " } else { " ORDER BY rank LIMIT " });
    sql.bind(i64::from(Answer::MAX_ROWS));
    let shape = if entity == Entity::Item { Shape::Items } else { Shape::Invoices };
    Compiled { sql, shape }
}

/// Returns what rows are ordered by and whether it is money, which is ordered within its currency.
fn ordered_by(order: Order, entity: Entity) -> (String, bool) {
    let amount = match entity {
        Entity::Invoice => "invoices.gross_minor",
        Entity::Item => "lines.amount_minor",
    };
    match (order.by, entity) {
        (OrderBy::Value | OrderBy::Amount, _) => (format!("{amount} * {SIGN}"), true),
        (OrderBy::Total, _) => (format!("invoices.gross_minor * {SIGN}"), true),
        // Only the order of prices and quantities may be inexact, beyond fifteen digits.
        (OrderBy::UnitPrice, Entity::Item) => {
            ("CAST(lines.unit_price AS DOUBLE PRECISION)".to_owned(), true)
        }
        (OrderBy::Quantity, Entity::Item) => {
            ("CAST(lines.quantity AS DOUBLE PRECISION)".to_owned(), false)
        }
        (OrderBy::DueDate, _) => ("invoices.due_date".to_owned(), false),
        (OrderBy::Vendor, _) => ("invoices.vendor_folded".to_owned(), false),
        (OrderBy::Number, _) => ("invoices.number".to_owned(), false),
        (OrderBy::Group, _) => {
            ("COALESCE(invoices.vendor_folded, invoices.customer_folded)".to_owned(), false)
        }
        (OrderBy::IssueDate | OrderBy::UnitPrice | OrderBy::Quantity, _) => {
            ("invoices.issue_date".to_owned(), false)
        }
    }
}

fn most_rows(plan: &QueryPlan) -> i64 {
    i64::from(plan.limit.unwrap_or(Answer::MAX_ROWS).min(Answer::MAX_ROWS))
}

/// Begins a statement with the key and the name of a group; one nameless group if not split.
fn grouped(by: Option<GroupBy>, dialect: Dialect) -> Sql {
    let Some(by) = by else { return Sql::new("SELECT '' AS group_key, '' AS group_name") };
    let (key, name) = group(by, dialect);
    let mut sql = Sql::new("SELECT ");
    sql.push(&key).push(" AS group_key, MIN(").push(&name).push(") AS group_name");
    sql
}

/// Adds the tables and conditions of a plan.
fn from_where(sql: &mut Sql, scope: &Scope<'_>, entity: Entity, by: Option<GroupBy>) {
    sql.push(" FROM invoices");
    if entity == Entity::Item {
        sql.push(
            " JOIN invoice_lines AS lines \
             ON lines.tenant = invoices.tenant AND lines.invoice = invoices.id",
        );
    }
    sql.push(" WHERE ");
    matching(sql, scope);
    match entity {
        Entity::Invoice => with_item(sql, &scope.items),
        Entity::Item => holds_any(sql, "lines.description_folded", &scope.items),
    }
    if let Some(by) = by {
        sql.push(" AND ").push(&group(by, scope.dialect).0).push(" IS NOT NULL");
    }
}

/// Returns the columns that rows are grouped by and named after.
fn group(by: GroupBy, dialect: Dialect) -> (String, String) {
    let pair = |key: &str, name: &str| (key.to_owned(), name.to_owned());
    match by {
        GroupBy::Vendor => pair("invoices.vendor_folded", "invoices.vendor_name"),
        GroupBy::Customer => pair("invoices.customer_folded", "invoices.customer_name"),
        GroupBy::Category => pair("invoices.category_folded", "invoices.category"),
        GroupBy::Item => pair("lines.description_folded", "lines.description"),
        GroupBy::Currency => pair("invoices.currency", "invoices.currency"),
        GroupBy::Status => pair("invoices.status", "invoices.status"),
        GroupBy::Calendar(unit) => {
            let column = calendar(unit, dialect);
            (column.clone(), column)
        }
    }
}

/// Returns the calendar unit of the issue date, named by what comes first in it.
fn calendar(unit: dates::Unit, dialect: Dialect) -> String {
    let part = |months: u8, letter: char| {
        format!(
            "SUBSTR(invoices.issue_date, 1, 4) || '-{letter}' || \
             ((CAST(SUBSTR(invoices.issue_date, 6, 2) AS INTEGER) + {less}) / {months})",
            less = months.saturating_sub(1),
        )
    };
    match unit {
        dates::Unit::Day => "invoices.issue_date".to_owned(),
        dates::Unit::Week => dialect.monday("invoices.issue_date"),
        dates::Unit::Month => "SUBSTR(invoices.issue_date, 1, 7)".to_owned(),
        dates::Unit::Quarter => part(3, 'Q'),
        dates::Unit::HalfYear => part(6, 'H'),
        dates::Unit::Year => "SUBSTR(invoices.issue_date, 1, 4)".to_owned(),
    }
}
