//! What a failure of the database means to the caller.

use ports::store::StoreError;
use sqlx::error::DatabaseError;

/// PostgreSQL: two transactions waited for each other, or could not be put one after the other.
const COLLIDED: [&str; 2] = ["40001", "40P01"];
/// A query was stopped by its time limit (SQLite: interrupted; PostgreSQL: query_canceled), or a
/// sum left 64 bits (PostgreSQL: numeric_value_out_of_range).
const STOPPED: [&str; 3] = ["9", "57014", "22003"];

/// Returns what a failure means: wait, run the turn again, or give up.
pub fn failed(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Database(database)
            if database.is_unique_violation() || has_code(database.as_ref(), &COLLIDED) =>
        {
            StoreError::Conflict
        }
        sqlx::Error::Database(database) if database.is_foreign_key_violation() => {
            StoreError::Malformed("a reference to nothing")
        }
        sqlx::Error::Database(database) if was_stopped(database.as_ref()) => StoreError::TooLarge,
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
            StoreError::Malformed("a column")
        }
        sqlx::Error::RowNotFound => StoreError::Malformed("a row is missing"),
        _ => StoreError::Unavailable(Box::new(error)),
    }
}

fn has_code(error: &dyn DatabaseError, codes: &[&str]) -> bool {
    error.code().is_some_and(|code| codes.contains(&code.as_ref()))
}

/// Returns whether a query went over its limits; SQLite says of a sum in its text alone.
fn was_stopped(error: &dyn DatabaseError) -> bool {
    has_code(error, &STOPPED) || error.message() == "integer overflow"
}
