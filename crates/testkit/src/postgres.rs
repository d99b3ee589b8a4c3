//! A real server of PostgreSQL, and a part of it that nobody else uses.
//!
//! The server is the one of `BILLHOOK_TEST_POSTGRES` (a URL without a query); without it the tests
//! that need one pass over, and the command that runs every test says so.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use uuid::Uuid;

/// Returns the address of the server, if there is one.
#[must_use]
pub fn server() -> Option<String> {
    std::env::var_os("BILLHOOK_TEST_POSTGRES").and_then(|url| url.into_string().ok())
}

/// Makes a schema that nobody else uses and returns its address; nothing without a server.
#[expect(clippy::disallowed_methods, reason = "schemas of earlier runs are still on the server")]
pub async fn fresh_schema() -> Option<String> {
    let server = server()?;
    let name = format!("test_{}", Uuid::now_v7().simple());
    let pool = sqlx::PgPool::connect(&server).await.unwrap();
    let make = format!("CREATE SCHEMA {name}");
    sqlx::query(sqlx::AssertSqlSafe(make)).execute(&pool).await.unwrap();
    pool.close().await;
    Some(format!("{server}?options[search_path]={name}"))
}
