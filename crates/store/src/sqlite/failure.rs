//! What a failure of SQLite means to the caller.

use ports::store::StoreError;

/// Returns what a failure means: wait, run the turn again, or give up.
pub fn failed(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Database(database) if database.is_unique_violation() => StoreError::Conflict,
        sqlx::Error::Database(database) if database.is_foreign_key_violation() => {
            StoreError::Malformed("a reference to nothing")
        }
        sqlx::Error::Database(database) if was_interrupted(database.as_ref()) => {
            StoreError::TooLarge
        }
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
            StoreError::Malformed("a column")
        }
        sqlx::Error::RowNotFound => StoreError::Malformed("a row is missing"),
        _ => StoreError::Unavailable(Box::new(error)),
    }
}

/// Returns whether a query was stopped by its time limit or by a sum beyond 64 bits, which SQLite
/// reports by its text alone.
fn was_interrupted(error: &dyn sqlx::error::DatabaseError) -> bool {
    error.code().as_deref() == Some("9") || error.message() == "integer overflow"
}
