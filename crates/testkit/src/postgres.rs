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

/// The users of one database: addresses of a schema that they alone use.
pub struct Users {
    /// Owns the schema.
    pub owner: String,
    /// Has no rights yet.
    pub rows: String,
    /// Has no rights yet either.
    pub queries: String,
    /// The name of the schema; the users' names are it with `_o`, `_r` and `_q` behind.
    pub name: String,
}

/// Makes three users and a schema that belongs to the first; nothing without a server.
#[expect(clippy::disallowed_methods, reason = "users of earlier runs are still on the server")]
pub async fn fresh_users() -> Option<Users> {
    let server = server()?;
    let name = format!("test_{}", Uuid::now_v7().simple());
    let pool = sqlx::PgPool::connect(&server).await.unwrap();
    for statement in [
        format!("CREATE ROLE {name}_o LOGIN PASSWORD 'secret'"),
        format!("CREATE ROLE {name}_r LOGIN PASSWORD 'secret'"),
        format!("CREATE ROLE {name}_q LOGIN PASSWORD 'secret'"),
        format!("CREATE SCHEMA {name} AUTHORIZATION {name}_o"),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&pool).await.unwrap();
    }
    pool.close().await;
    let (scheme, rest) = server.split_once("://").unwrap();
    let place = rest.split_once('@').map_or(rest, |(_, place)| place);
    let of =
        |user: &str| format!("{scheme}://{name}_{user}:secret@{place}?options[search_path]={name}");
    Some(Users { owner: of("o"), rows: of("r"), queries: of("q"), name })
}
