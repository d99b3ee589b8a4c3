//! A statement: text and bound values, never mixed.

use super::{Connection, Raw, Row, answered, failed};
use ports::store::StoreResult;
use sqlx::{AssertSqlSafe, Database, Encode, Postgres, Sqlite, Type};
use std::{borrow::Cow, fmt::Write};

/// A bound value. An absent one is typed too: PostgreSQL wants to know what is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bind {
    /// A text.
    Text(String),
    /// A text that may be absent.
    MaybeText(Option<String>),
    /// A whole number.
    Int(i64),
    /// A whole number that may be absent.
    MaybeInt(Option<i64>),
    /// Yes or no.
    Bool(bool),
}

impl Bind {
    fn literal(&self) -> String {
        match self {
            Self::Text(text) | Self::MaybeText(Some(text)) => {
                format!("'{}'", text.replace('\'', "''"))
            }
            Self::Int(number) | Self::MaybeInt(Some(number)) => number.to_string(),
            Self::Bool(flag) => flag.to_string(),
            Self::MaybeText(None) | Self::MaybeInt(None) => "NULL".to_owned(),
        }
    }
}

macro_rules! bound {
    ($($from:ty => $make:expr),* $(,)?) => {
        $(impl From<$from> for Bind {
            fn from(value: $from) -> Self {
                $make(value)
            }
        })*
    };
}

bound! {
    String => Self::Text,
    &String => |text: &String| Self::Text(text.clone()),
    &str => |text: &str| Self::Text(text.to_owned()),
    Option<String> => Self::MaybeText,
    &Option<String> => |text: &Option<String>| Self::MaybeText(text.clone()),
    Option<&String> => |text: Option<&String>| Self::MaybeText(text.cloned()),
    Option<&str> => |text: Option<&str>| Self::MaybeText(text.map(str::to_owned)),
    i64 => Self::Int,
    u32 => |number: u32| Self::Int(number.into()),
    i16 => |number: i16| Self::Int(number.into()),
    u8 => |number: u8| Self::Int(number.into()),
    Option<i64> => Self::MaybeInt,
    bool => Self::Bool,
}

/// A whole statement with values for its `$1`, `$2`, …
#[derive(Debug, Clone)]
pub struct Query {
    text: Cow<'static, str>,
    binds: Vec<Bind>,
}

/// Begins a statement that is written out.
pub fn query(text: impl Into<Cow<'static, str>>) -> Query {
    Query { text: text.into(), binds: Vec::new() }
}

type Prepared<DB> = sqlx::query::Query<'static, DB, <DB as Database>::Arguments>;

impl Query {
    /// Adds the next value.
    pub fn bind(mut self, value: impl Into<Bind>) -> Self {
        self.binds.push(value.into());
        self
    }

    /// Runs the statement and returns how many rows it wrote.
    pub async fn execute(self, connection: &mut Connection) -> StoreResult<u64> {
        let written = match connection.raw()? {
            Raw::Sqlite(raw) => {
                self.prepared::<Sqlite>().execute(raw).await.map(|done| done.rows_affected())
            }
            Raw::Postgres(raw, patience) => {
                let written = answered(patience, self.prepared::<Postgres>().execute(raw)).await;
                written.map(|done| done.rows_affected())
            }
        };
        connection.ended(&written).await?;
        written.map_err(failed)
    }

    /// Runs the statement and returns its rows.
    pub async fn fetch_all(self, connection: &mut Connection) -> StoreResult<Vec<Row>> {
        let again = connection.can_be_replaced().then(|| self.clone());
        let rows = match connection.raw()? {
            Raw::Sqlite(raw) => {
                let rows = self.prepared::<Sqlite>().fetch_all(raw).await;
                rows.map(|rows| rows.into_iter().map(Row::Sqlite).collect())
            }
            Raw::Postgres(raw, patience) => {
                let rows = self.prepared::<Postgres>().fetch_all(raw);
                let rows = answered(patience, rows).await;
                rows.map(|rows| rows.into_iter().map(Row::Postgres).collect())
            }
        };
        let is_replaced = connection.ended(&rows).await?;
        match again {
            Some(again) if is_replaced => Box::pin(again.fetch_all(connection)).await,
            _ => rows.map_err(failed),
        }
    }

    /// Runs the statement and returns its first row, if it has any.
    pub async fn fetch_optional(self, connection: &mut Connection) -> StoreResult<Option<Row>> {
        let again = connection.can_be_replaced().then(|| self.clone());
        let row = match connection.raw()? {
            Raw::Sqlite(raw) => {
                let row = self.prepared::<Sqlite>().fetch_optional(raw).await;
                row.map(|row| row.map(Row::Sqlite))
            }
            Raw::Postgres(raw, patience) => {
                let row = self.prepared::<Postgres>().fetch_optional(raw);
                let row = answered(patience, row).await;
                row.map(|row| row.map(Row::Postgres))
            }
        };
        let is_replaced = connection.ended(&row).await?;
        match again {
            Some(again) if is_replaced => Box::pin(again.fetch_optional(connection)).await,
            _ => row.map_err(failed),
        }
    }

    /// Runs the statement and returns its first row.
    ///
    /// # Errors
    ///
    /// Malformed if it has none.
    pub async fn fetch_one(self, connection: &mut Connection) -> StoreResult<Row> {
        let row = self.fetch_optional(connection).await?;
        row.ok_or_else(|| failed(sqlx::Error::RowNotFound))
    }

    fn prepared<DB: Database>(self) -> Prepared<DB>
    where
        String: for<'q> Encode<'q, DB> + Type<DB>,
        Option<String>: for<'q> Encode<'q, DB> + Type<DB>,
        i64: for<'q> Encode<'q, DB> + Type<DB>,
        Option<i64>: for<'q> Encode<'q, DB> + Type<DB>,
        bool: for<'q> Encode<'q, DB> + Type<DB>,
    {
        let query = sqlx::query::<DB>(AssertSqlSafe(self.text));
        self.binds.into_iter().fold(query, |query, bind| match bind {
            Bind::Text(text) => query.bind(storable(text)),
            Bind::MaybeText(text) => query.bind(text.map(storable)),
            Bind::Int(number) => query.bind(number),
            Bind::MaybeInt(number) => query.bind(number),
            Bind::Bool(flag) => query.bind(flag),
        })
    }
}

/// Returns a text without the one character that PostgreSQL has no place for.
fn storable(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

/// A statement while it is written. Its text comes from this crate's own words alone; whatever a
/// person or model said is bound.
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

    /// Adds `VALUES` and these rows, whose columns are then `column1`, `column2`, …; there must be one.
    pub fn values<const N: usize>(
        &mut self,
        rows: impl IntoIterator<Item = [Bind; N]>,
    ) -> &mut Self {
        let mut before = "VALUES (";
        for row in rows {
            self.push(before).bind_all(row).push(")");
            before = ", (";
        }
        self
    }

    /// Runs the statement and returns its rows.
    pub async fn fetch(self, connection: &mut Connection) -> StoreResult<Vec<Row>> {
        let statement = Query { text: self.text.into(), binds: self.binds };
        statement.fetch_all(connection).await
    }

    /// Runs the statement and returns how many rows it wrote.
    pub async fn run(self, connection: &mut Connection) -> StoreResult<u64> {
        Query { text: self.text.into(), binds: self.binds }.execute(connection).await
    }

    /// Returns the statement with its values in place, for people; it is never run.
    pub fn in_full(&self) -> String {
        let mut full = String::new();
        let mut rest = self.text.as_str();
        while let Some((before, after)) = rest.split_once('$') {
            full.push_str(before);
            let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
            let place = digits.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
            match place.and_then(|place| self.binds.get(place)) {
                Some(bind) => full.push_str(&bind.literal()),
                None => full.push('$'),
            }
            rest = after.get(digits.len()..).unwrap_or_default();
        }
        full.push_str(rest);
        full
    }

    /// Returns the text and the values, for review.
    #[cfg(test)]
    pub fn shown(&self) -> String {
        format!("{}\n{:?}", self.text, self.binds)
    }
}
