//! A statement while it is written: text and bound values, never mixed.

use sqlx::{AssertSqlSafe, SqliteConnection, sqlite::SqliteRow};
use std::fmt::Write;

/// A bound value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bind {
    /// A text.
    Text(String),
    /// A whole number.
    Int(i64),
}

impl From<String> for Bind {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Bind {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Bind {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

/// A statement. Its text comes from this crate's own words alone; whatever a person or model said
/// is bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sql {
    text: String,
    binds: Vec<Bind>,
}

impl Sql {
    /// Begins a statement.
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), binds: Vec::new() }
    }

    /// Adds words of our own.
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a bound value.
    pub fn bind(&mut self, value: impl Into<Bind>) -> &mut Self {
        self.binds.push(value.into());
        // Writing into a String cannot fail.
        let _ = write!(self.text, "${}", self.binds.len());
        self
    }

    /// Adds bound values with commas between them; `NULL` if there are none, which nothing equals.
    pub fn bind_all(&mut self, values: impl IntoIterator<Item = Bind>) -> &mut Self {
        let mut is_first = true;
        for value in values {
            if !is_first {
                self.push(", ");
            }
            is_first = false;
            self.bind(value);
        }
        if is_first { self.push("NULL") } else { self }
    }

    /// Runs the statement on SQLite and returns its rows.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub async fn fetch(
        &self,
        connection: &mut SqliteConnection,
    ) -> Result<Vec<SqliteRow>, sqlx::Error> {
        let query = sqlx::query(AssertSqlSafe(self.text.clone()));
        self.binds
            .iter()
            .fold(query, |query, bind| match bind {
                Bind::Text(text) => query.bind(text.clone()),
                Bind::Int(number) => query.bind(*number),
            })
            .fetch_all(connection)
            .await
    }

    /// Returns the text and the values, for review.
    #[cfg(test)]
    pub fn shown(&self) -> String {
        format!("{}\n{:?}", self.text, self.binds)
    }
}
