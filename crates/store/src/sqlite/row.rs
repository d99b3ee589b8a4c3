//! Reads columns of a row.

use super::failure::failed;
use crate::codec;
use ports::store::StoreResult;
use sqlx::{Row, sqlite::SqliteRow};
use std::str::FromStr;

/// Returns a text.
pub fn text(row: &SqliteRow, column: &str) -> StoreResult<String> {
    row.try_get(column).map_err(failed)
}

/// Returns a text that may be absent.
pub fn maybe_text(row: &SqliteRow, column: &str) -> StoreResult<Option<String>> {
    row.try_get(column).map_err(failed)
}

/// Returns a whole number.
pub fn int(row: &SqliteRow, column: &str) -> StoreResult<i64> {
    row.try_get(column).map_err(failed)
}

/// Returns a whole number that may be absent.
pub fn maybe_int(row: &SqliteRow, column: &str) -> StoreResult<Option<i64>> {
    row.try_get(column).map_err(failed)
}

/// Returns a count; zero for what cannot be one.
pub fn count(row: &SqliteRow, column: &str) -> StoreResult<u64> {
    Ok(u64::try_from(int(row, column)?).unwrap_or_default())
}

/// Returns a value that parses itself, such as an identifier.
pub fn parsed<T: FromStr>(row: &SqliteRow, column: &'static str) -> StoreResult<T> {
    codec::parsed(&text(row, column)?, column)
}
