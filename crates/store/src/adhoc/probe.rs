//! A statement on a book of one invented invoice: for those who try what may be said.

use super::{book::Rows, guard, private::Private};
use domain::{dates::Date, table::Table};
use ports::store::SelectError;
use rusqlite::types::Value;

/// Checks a statement as any other and runs it where there is nothing but one invented invoice with one
/// item. No database need be open.
///
/// # Errors
///
/// [`SelectError`].
pub fn probe(sql: &str, today: Date) -> Result<Table, SelectError> {
    let allowed = guard::allow(sql, today);
    let allowed = allowed.map_err(|refusal| SelectError::Refused(refusal.to_string()))?;
    let text = |text: &str| Value::Text(text.to_owned());
    let invoice = vec![
        text("1"),
        text("me"),
        text("N-1"),
        text("Café Azul"),
        Value::Null,
        text("travel"),
        text("2025-01-31"),
        text("2025-03-01"),
        Value::Null,
        text("EUR"),
        Value::Null,
        Value::Real(0.1),
        Value::Real(0.2),
        text("unpaid"),
        Value::Null,
        text("2025-01-01 10:00:00"),
    ];
    let price = Value::Real(0.2);
    let item = vec![text("1/1"), text("1"), text("Tea"), Value::Real(1.0), price.clone(), price];
    Private::fill(&Rows::of(vec![invoice], vec![item], &["EUR"]))?.run(&allowed)
}
