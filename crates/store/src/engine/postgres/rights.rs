//! What the users of a server may do besides the owner of the tables.

use super::explain;
use crate::OpenError;
use sqlx::{AssertSqlSafe, PgPool, Row};

/// What a user needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rights {
    /// To read and write rows.
    Rows,
    /// To read rows.
    Queries,
}

impl Rights {
    /// Returns the rights on each table.
    const fn on_tables(self) -> &'static [&'static str] {
        match self {
            Self::Rows => &["SELECT", "INSERT", "UPDATE", "DELETE"],
            Self::Queries => &["SELECT"],
        }
    }
}

/// Tables of which even who writes may only do a part: the audit trail is added to, and which
/// migrations have run, and who can work with them, is read.
const LESS: [(&str, &[&str]); 3] =
    [("events", &["UPDATE", "DELETE"]), (HISTORY, CHANGES), ("_oldest_program", CHANGES)];
const HISTORY: &str = "_sqlx_migrations";
const CHANGES: &[&str] = &["INSERT", "UPDATE", "DELETE"];

/// Gives a user exactly its rights on the tables of the current schema.
pub(super) async fn give(pool: &PgPool, user: &str, rights: Rights) -> Result<(), OpenError> {
    let on_all = rights.on_tables().join(", ");
    let mut grants = vec![
        "GRANT USAGE ON SCHEMA %1$I TO %2$I".to_owned(),
        "REVOKE ALL ON ALL TABLES IN SCHEMA %1$I FROM %2$I".to_owned(),
        format!("GRANT {on_all} ON ALL TABLES IN SCHEMA %1$I TO %2$I"),
    ];
    for (table, rights) in LESS {
        grants.push(format!("REVOKE {} ON TABLE %1$I.{table} FROM %2$I", rights.join(", ")));
    }
    let mut write = pool.begin().await.map_err(explain)?;
    // Whoever owns no table gives nothing, and is only warned.
    let owns = "SELECT BOOL_AND(PG_HAS_ROLE(tableowner, 'USAGE')) FROM pg_tables \
                WHERE schemaname = CURRENT_SCHEMA()";
    let owns: Option<bool> =
        sqlx::query_scalar(owns).fetch_one(&mut *write).await.map_err(explain)?;
    if owns == Some(false) {
        return Err(OpenError::MayGiveNoRights);
    }
    for grant in grants {
        // The server itself puts the names into quotes.
        let row = sqlx::query("SELECT FORMAT($1, CURRENT_SCHEMA(), CAST($2 AS TEXT))")
            .bind(grant)
            .bind(user)
            .fetch_one(&mut *write)
            .await
            .map_err(explain)?;
        let statement: String = row.try_get(0).map_err(explain)?;
        sqlx::query(AssertSqlSafe(statement)).execute(&mut *write).await.map_err(explain)?;
    }
    write.commit().await.map_err(explain)
}

/// Checks that the user of a connection has its rights on every table.
pub(super) async fn check(pool: &PgPool, rights: Rights) -> Result<(), OpenError> {
    let row = sqlx::query(
        "SELECT COUNT(*) FROM pg_tables CROSS JOIN UNNEST($1::TEXT[]) AS needed \
         WHERE schemaname = CURRENT_SCHEMA() AND tablename NOT LIKE '\\_%' \
         AND NOT (tablename = 'events' AND needed IN ('UPDATE', 'DELETE')) \
         AND NOT HAS_TABLE_PRIVILEGE(FORMAT('%I.%I', schemaname, tablename), needed)",
    )
    .bind(rights.on_tables())
    .fetch_one(pool)
    .await
    .map_err(explain)?;
    let missing: i64 = row.try_get(0).map_err(explain)?;
    if missing == 0 { Ok(()) } else { Err(OpenError::MissingRights) }
}

/// Returns whether the row policies bind the user of a connection.
pub(super) async fn are_bound(pool: &PgPool) -> Result<bool, OpenError> {
    let row = sqlx::query("SELECT ROW_SECURITY_ACTIVE('tenants')").fetch_one(pool).await;
    row.and_then(|row| row.try_get(0)).map_err(explain)
}
