//! The private database: SQLite in memory, with one tenant's rows and nothing else to find.
//!
//! The list of the guard is the first line; here is the second. An authorizer refuses whatever is
//! no reading of our five relations, nothing can be attached, and rows, cells and time are bounded.

use super::{
    book::Rows,
    calls, functions,
    guard::{Allowed, RELATIONS},
};
use domain::table::{Cell, Table};
use ports::store::SelectError;
use rusqlite::{
    Connection, ErrorCode, InterruptHandle, Statement,
    config::DbConfig,
    hooks::{AuthAction, AuthContext, Authorization},
    limits::Limit,
    params_from_iter,
    types::ValueRef,
};
use rust_decimal::Decimal;

/// The relations as they are made. Amounts are `REAL`: fifteen digits, added up as decimals by
/// functions of our own.
const SCHEMA: &str = "
    CREATE TABLE users (id TEXT PRIMARY KEY, phone TEXT, name TEXT, email TEXT, locale TEXT,
        created_at TEXT);
    CREATE TABLE conversations (id TEXT PRIMARY KEY, user_id TEXT, state TEXT, started_at TEXT);
    CREATE TABLE messages (id TEXT PRIMARY KEY, conversation_id TEXT, user_id TEXT,
        direction TEXT, body TEXT, media_url TEXT, created_at TEXT);
    CREATE TABLE invoices (id TEXT PRIMARY KEY, user_id TEXT, number TEXT, vendor TEXT,
        customer TEXT, category TEXT, issue_date TEXT, due_date TEXT, paid_at TEXT,
        currency TEXT, subtotal REAL, tax REAL, total REAL, status TEXT, notes TEXT,
        created_at TEXT);
    CREATE TABLE invoice_items (id TEXT PRIMARY KEY, invoice_id TEXT, description TEXT,
        quantity REAL, unit_price REAL, amount REAL);
    CREATE INDEX items_of_invoices ON invoice_items (invoice_id);
";
/// The longest text of a cell, in bytes.
const MAX_CELL: i32 = 100_000;
/// The most that all rows may come to, in bytes.
const MAX_BYTES: usize = 1_000_000;
/// How many steps of the engine pass between two looks at the budget.
const STEPS: i32 = 1_000;
/// How many looks there are: about a second of work.
const LOOKS: u32 = 30_000;

/// A filled private database.
pub struct Private {
    connection: Connection,
    /// Whether it holds amounts of more than one currency.
    has_currencies: bool,
}

impl Private {
    /// Makes one of a tenant's rows.
    pub fn fill(rows: &Rows) -> Result<Self, SelectError> {
        let connection = Connection::open_in_memory().map_err(failed)?;
        connection.execute_batch(SCHEMA).map_err(failed)?;
        connection.execute_batch("BEGIN").map_err(failed)?;
        for (relation, rows) in RELATIONS.into_iter().zip(rows.by_relation()) {
            let Some(width) = rows.first().map(Vec::len) else { continue };
            let places = vec!["?"; width].join(", ");
            let text = format!("INSERT INTO {relation} VALUES ({places})");
            let mut insert = connection.prepare(&text).map_err(failed)?;
            for row in rows {
                insert.execute(params_from_iter(row)).map_err(failed)?;
            }
        }
        connection.execute_batch("COMMIT").map_err(failed)?;
        functions::register(&connection).map_err(failed)?;
        fence(&connection).map_err(failed)?;
        Ok(Self { connection, has_currencies: rows.currencies() > 1 })
    }

    /// Returns what ends a statement from outside.
    pub fn interrupt(&self) -> InterruptHandle {
        self.connection.get_interrupt_handle()
    }

    /// Runs a statement that the guard has let through.
    pub fn run(&self, allowed: &Allowed) -> Result<Table, SelectError> {
        let mut left = LOOKS;
        let is_over = move || {
            left = left.saturating_sub(1);
            left == 0
        };
        self.connection.progress_handler(STEPS, Some(is_over)).map_err(failed)?;
        let mut statement = self.connection.prepare(&allowed.sql).map_err(failed)?;
        let columns = headings(&statement, allowed);
        let (rows, more) = read(&mut statement, allowed)?;
        let mixes_currencies = self.has_currencies && allowed.adds_up && !allowed.names_currency;
        let own_numbers = allowed.own_numbers.clone();
        Ok(Table { sql: said(allowed), columns, rows, more, mixes_currencies, own_numbers })
    }
}

/// Shuts whatever a statement does not need.
fn fence(connection: &Connection) -> rusqlite::Result<()> {
    for (limit, most) in [
        (Limit::SQLITE_LIMIT_LENGTH, MAX_CELL),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_COLUMN, 200),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 20),
        (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 0),
    ] {
        connection.set_limit(limit, most)?;
    }
    // A name in quotes that is no column must be an error, not a text.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.authorizer(Some(is_reading))
}

fn is_reading(context: AuthContext<'_>) -> Authorization {
    let is_fine = match context.action {
        AuthAction::Select => true,
        AuthAction::Read { table_name, .. } => RELATIONS.contains(&table_name),
        AuthAction::Function { function_name } => calls::callable(function_name),
        _ => false,
    };
    if is_fine { Authorization::Allow } else { Authorization::Deny }
}

fn headings(statement: &Statement<'_>, allowed: &Allowed) -> Vec<String> {
    let known = statement.column_names();
    match &allowed.headings {
        Some(headings) if headings.len() == known.len() => headings.clone(),
        _ => known.into_iter().map(|name| name.replace('"', "")).collect(),
    }
}

fn read(
    statement: &mut Statement<'_>,
    allowed: &Allowed,
) -> Result<(Vec<Vec<Cell>>, bool), SelectError> {
    let width = statement.column_count();
    // A text that only a heading needed is not in the statement.
    let texts = allowed.texts.iter().take(statement.parameter_count());
    let mut found = statement.query(params_from_iter(texts)).map_err(failed)?;
    let mut rows = Vec::new();
    let mut bytes = 0_usize;
    while let Some(row) = found.next().map_err(failed)? {
        if rows.len() == Table::MAX_ROWS {
            return Ok((rows, true));
        }
        let mut cells = Vec::with_capacity(width);
        for place in 0..width {
            let cell = cell(row.get_ref(place).map_err(failed)?)?;
            bytes =
                bytes.saturating_add(if let Cell::Text(text) = &cell { text.len() } else { 16 });
            cells.push(cell);
        }
        if bytes > MAX_BYTES {
            return Err(SelectError::TooMuch);
        }
        rows.push(cells);
    }
    Ok((rows, false))
}

fn cell(value: ValueRef<'_>) -> Result<Cell, SelectError> {
    match value {
        ValueRef::Null => Ok(Cell::Nothing),
        ValueRef::Integer(number) => Ok(Cell::Number(Decimal::from(number))),
        ValueRef::Real(number) => Ok(match functions::decimal(number) {
            Some(decimal) => Cell::Number(decimal),
            None => Cell::Text(number.to_string()),
        }),
        ValueRef::Text(text) => Ok(Cell::Text(String::from_utf8_lossy(text).into_owned())),
        ValueRef::Blob(_) => Err(SelectError::Refused("bytes are not shown".to_owned())),
    }
}

/// Returns the statement with its texts in place, to be read by people.
fn said(allowed: &Allowed) -> String {
    let mut said = String::new();
    let mut rest = allowed.sql.as_str();
    // Names have no question marks, and texts are not in the statement.
    while let Some((before, after)) = rest.split_once('?') {
        said.push_str(before);
        let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
        let place = digits.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
        match place.and_then(|place| allowed.texts.get(place)) {
            Some(text) => said.push_str(&format!("'{}'", text.replace('\'', "''"))),
            None => said.push('?'),
        }
        rest = after.get(digits.len()..).unwrap_or_default();
    }
    said.push_str(rest);
    said
}

/// Returns an error of the engine in the words that a reader can use.
fn failed(error: rusqlite::Error) -> SelectError {
    match &error {
        rusqlite::Error::SqliteFailure(failure, words) => match failure.code {
            ErrorCode::OperationInterrupted | ErrorCode::TooBig | ErrorCode::OutOfMemory => {
                SelectError::TooMuch
            }
            ErrorCode::AuthorizationForStatementDenied => {
                SelectError::Refused("the statement does more than it may".to_owned())
            }
            _ => SelectError::Failed(words.clone().unwrap_or_else(|| failure.to_string())),
        },
        other => SelectError::Failed(other.to_string()),
    }
}
