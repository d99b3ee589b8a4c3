//! Reads columns of a row.

use super::failed;
use crate::codec;
use ports::store::StoreResult;
use sqlx::{Row as _, postgres::PgRow, sqlite::SqliteRow};
use std::str::FromStr;

/// A row of either database.
pub enum Row {
    /// Of a file.
    Sqlite(SqliteRow),
    /// Of a server.
    Postgres(PgRow),
}

macro_rules! column {
    ($row:expr, $column:expr) => {
        match $row {
            Row::Sqlite(row) => row.try_get($column),
            Row::Postgres(row) => row.try_get($column),
        }
        .map_err(failed)
    };
}

/// Returns a text.
pub fn text(row: &Row, column: &str) -> StoreResult<String> {
    column!(row, column)
}

/// Returns a text that may be absent.
pub fn maybe_text(row: &Row, column: &str) -> StoreResult<Option<String>> {
    column!(row, column)
}

/// Returns a whole number.
pub fn int(row: &Row, column: &str) -> StoreResult<i64> {
    column!(row, column)
}

/// Returns a whole number that may be absent.
pub fn maybe_int(row: &Row, column: &str) -> StoreResult<Option<i64>> {
    column!(row, column)
}

/// Returns a count; zero for what cannot be one.
pub fn count(row: &Row, column: &str) -> StoreResult<u64> {
    Ok(u64::try_from(int(row, column)?).unwrap_or_default())
}

/// Returns a value that parses itself, such as an identifier.
pub fn parsed<T: FromStr>(row: &Row, column: &'static str) -> StoreResult<T> {
    codec::parsed(&text(row, column)?, column)
}
