//! Copies a whole database into an empty one, whichever kind each of them is.
//!
//! What is read is one state of the source, however long it takes and whoever writes meanwhile;
//! what is written becomes visible at once, or not at all.

use crate::{
    Database,
    engine::{Bind, Connection, Dialect, Row, Sql, Write, query, row},
};
use ports::store::{StoreError, StoreResult};

/// How many rows travel together: SQLite binds at most 32,766 values to a statement.
const BATCH: usize = 500;

/// Every table with the columns of its key, those that others refer to first.
const TABLES: [(&str, &[&str]); 18] = [
    ("tenants", &["id"]),
    ("members", &["id"]),
    ("conversations", &["id"]),
    ("inbound", &["id"]),
    ("jobs", &["id"]),
    ("dead_letters", &["job"]),
    ("outbound", &["id"]),
    ("invoices", &["tenant", "id"]),
    ("invoice_lines", &["tenant", "invoice", "place"]),
    ("invoice_series", &["tenant", "year"]),
    // An event may undo an elder one of its tenant.
    ("events", &["tenant", "place"]),
    ("answers", &["tenant", "key"]),
    ("model_calls", &["id"]),
    ("document_traces", &["tenant", "document"]),
    ("vendor_hints", &["tenant", "key"]),
    ("kept_files", &["tenant", "hash"]),
    ("erased_files", &["hash"]),
    ("chores", &["name"]),
];

/// Why a database was not copied; the target is then as it was.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The target holds something already.
    #[error("the database that is to be filled already holds data")]
    NotEmpty,
    /// The source has a table that this program does not know.
    #[error("the database has a table that this version does not know")]
    UnknownTable,
    /// One of the databases did not do what it was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How many rows of a table were copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// The table.
    pub table: &'static str,
    /// Its rows.
    pub rows: u64,
}

/// A column and whether it holds a whole number.
struct Column {
    name: String,
    is_number: bool,
}

/// Copies every row of a database into an empty one; both must be up to date.
///
/// # Errors
///
/// [`CopyError`]; the target is then unchanged.
pub async fn copy(from: &Database, to: &Database) -> Result<Vec<Copied>, CopyError> {
    let mut source = from.engine.snapshot().await?;
    let mut target = to.engine.begin_long().await?;
    for name in tables(&mut source).await? {
        if !TABLES.iter().any(|(table, _)| *table == name) {
            return Err(CopyError::UnknownTable);
        }
    }
    // When a chore was last done, if only by whoever looked whether the database works, is nobody's data.
    query("DELETE FROM chores").execute(&mut target).await?;
    for (table, _) in TABLES {
        let any = query(format!("SELECT 1 AS one FROM {table} LIMIT 1"));
        if any.fetch_optional(&mut target).await?.is_some() {
            return Err(CopyError::NotEmpty);
        }
    }
    let mut copied = Vec::with_capacity(TABLES.len());
    for (table, key) in TABLES {
        let rows = copy_table(&mut source, &mut target, table, key).await?;
        copied.push(Copied { table, rows });
    }
    target.commit().await?;
    Ok(copied)
}

/// Returns the tables of a database without those of the migrations.
async fn tables(connection: &mut Connection) -> StoreResult<Vec<String>> {
    let list = match connection.dialect() {
        Dialect::Sqlite => {
            "SELECT name FROM sqlite_schema WHERE type = 'table' \
             AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_%' ESCAPE '\\'"
        }
        Dialect::Postgres => {
            "SELECT CAST(table_name AS TEXT) AS name FROM information_schema.tables \
             WHERE table_schema = CURRENT_SCHEMA() AND table_type = 'BASE TABLE' \
             AND table_name NOT LIKE '\\_%'"
        }
    };
    let rows = query(list).fetch_all(connection).await?;
    rows.iter().map(|row| row::text(row, "name")).collect()
}

async fn columns(connection: &mut Connection, table: &str) -> StoreResult<Vec<Column>> {
    let list = match connection.dialect() {
        Dialect::Sqlite => "SELECT name, type FROM pragma_table_info($1) ORDER BY cid",
        Dialect::Postgres => {
            "SELECT CAST(column_name AS TEXT) AS name, CAST(data_type AS TEXT) AS type \
             FROM information_schema.columns \
             WHERE table_schema = CURRENT_SCHEMA() AND table_name = $1 ORDER BY ordinal_position"
        }
    };
    let rows = query(list).bind(table).fetch_all(connection).await?;
    let column = |row: &Row| {
        let is_number = !row::text(row, "type")?.eq_ignore_ascii_case("text");
        Ok(Column { name: row::text(row, "name")?, is_number })
    };
    rows.iter().map(column).collect()
}

async fn copy_table(
    source: &mut Connection,
    target: &mut Write,
    table: &str,
    key: &[&str],
) -> StoreResult<u64> {
    let columns = columns(source, table).await?;
    let mut after: Option<Vec<Bind>> = None;
    let mut copied: u64 = 0;
    loop {
        let rows = page(table, key, after.as_deref()).fetch(source).await?;
        let Some(last) = rows.last() else { return Ok(copied) };
        let last = key.iter().map(|name| value(last, columns.iter().find(|c| c.name == *name)));
        after = Some(last.collect::<StoreResult<_>>()?);
        insertion(table, &columns, &rows)?.run(target).await?;
        copied = copied.saturating_add(u64::try_from(rows.len()).unwrap_or_default());
    }
}

/// Returns the statement of the next rows after a key.
fn page(table: &str, key: &[&str], after: Option<&[Bind]>) -> Sql {
    let names = key.join(", ");
    let mut sql = Sql::new(&format!("SELECT * FROM {table}"));
    if let Some(after) = after {
        sql.push(&format!(" WHERE ({names}) > ("));
        sql.bind_all(after.iter().cloned()).push(")");
    }
    sql.push(&format!(" ORDER BY {names} LIMIT {BATCH}"));
    sql
}

fn insertion(table: &str, columns: &[Column], rows: &[Row]) -> StoreResult<Sql> {
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let mut sql = Sql::new(&format!("INSERT INTO {table} ({}) VALUES ", names.join(", ")));
    for (at, row) in rows.iter().enumerate() {
        let values: Vec<Bind> =
            columns.iter().map(|column| value(row, Some(column))).collect::<StoreResult<_>>()?;
        sql.push(if at == 0 { "(" } else { ", (" });
        sql.bind_all(values).push(")");
    }
    Ok(sql)
}

fn value(row: &Row, column: Option<&Column>) -> StoreResult<Bind> {
    let Some(Column { name, is_number }) = column else {
        return Err(StoreError::Malformed("a key"));
    };
    if *is_number {
        return row::maybe_int(row, name).map(Bind::from);
    }
    row::maybe_text(row, name).map(Bind::from)
}
