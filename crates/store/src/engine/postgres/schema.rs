//! Which migrations a server has seen, and those that it has not.

use super::{
    super::schema::{OLDEST_PROGRAM, Standing},
    explain,
};
use crate::OpenError;
use sqlx::{
    PgPool, Row,
    migrate::{MigrateError, Migrator},
};
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// The oldest server whose SQL is enough, as the server counts: 15.0.
const OLDEST: i32 = 150_000;

/// How long a migration waits for a table, in milliseconds: whoever comes after it waits behind it.
const LOCK_LIMIT: &str = "2000";
/// How long it then lets the others go first.
const ASIDE: Duration = Duration::from_millis(500);
/// How long it is tried again.
const PATIENCE: Duration = Duration::from_secs(120);

/// Sees to it that the schema is as this program knows it. A user who may only read and write rows
/// is enough where nothing is missing.
pub(super) async fn ready(pool: &PgPool) -> Result<(), OpenError> {
    check_age(pool).await?;
    match standing(pool).await? {
        Standing::Ready => Ok(()),
        Standing::Newer => Err(OpenError::TooNew),
        Standing::Older => run(pool).await,
    }
}

/// Runs the migrations that are missing, however long that takes.
pub(super) async fn bring_up_to_date(pool: &PgPool) -> Result<(), OpenError> {
    check_age(pool).await?;
    match standing(pool).await? {
        Standing::Ready => Ok(()),
        Standing::Newer => Err(OpenError::TooNew),
        Standing::Older => run(pool).await,
    }
}

/// Sees to it that two users mean the same tables.
pub(super) async fn same(one: &PgPool, other: &PgPool) -> Result<(), OpenError> {
    let place = "SELECT CONCAT(CURRENT_DATABASE(), ' ', CURRENT_SCHEMA())";
    let of = async |pool: &PgPool| -> Result<String, OpenError> {
        let row = sqlx::query(place).fetch_one(pool).await.map_err(explain)?;
        row.try_get(0).map_err(explain)
    };
    if of(one).await? == of(other).await? { Ok(()) } else { Err(OpenError::OtherDatabase) }
}

async fn check_age(pool: &PgPool) -> Result<(), OpenError> {
    let row = sqlx::query("SELECT CAST(CURRENT_SETTING('server_version_num') AS INTEGER)")
        .fetch_one(pool)
        .await
        .map_err(explain)?;
    let version: i32 = row.try_get(0).map_err(explain)?;
    if version < OLDEST { Err(OpenError::ServerTooOld) } else { Ok(()) }
}

async fn standing(pool: &PgPool) -> Result<Standing, OpenError> {
    // Without any right on its schema a user has none.
    let there = sqlx::query(
        "SELECT CURRENT_SCHEMA() IS NOT NULL, TO_REGCLASS('_sqlx_migrations') IS NOT NULL",
    )
    .fetch_one(pool)
    .await
    .map_err(explain)?;
    if !there.try_get::<bool, _>(0).map_err(explain)? {
        return Err(OpenError::MissingRights);
    }
    if !there.try_get::<bool, _>(1).map_err(explain)? {
        return Ok(Standing::Older);
    }
    let rows = sqlx::query("SELECT version, checksum FROM _sqlx_migrations WHERE success")
        .fetch_all(pool)
        .await
        .map_err(explain)?;
    let mut seen = BTreeMap::new();
    for row in &rows {
        let version: i64 = row.try_get(0).map_err(explain)?;
        seen.insert(version, row.try_get::<Vec<u8>, _>(1).map_err(explain)?);
    }
    let says = "SELECT TO_REGCLASS('_oldest_program') IS NOT NULL";
    let says: bool = sqlx::query_scalar(says).fetch_one(pool).await.map_err(explain)?;
    let oldest = if says {
        sqlx::query_scalar(OLDEST_PROGRAM).fetch_one(pool).await.map_err(explain)?
    } else {
        None
    };
    Ok(Standing::of(&MIGRATIONS, &seen, oldest))
}

/// Runs the migrations that are missing; those that cannot have a table at once step aside for its
/// users and try again.
async fn run(pool: &PgPool) -> Result<(), OpenError> {
    let begun = Instant::now();
    loop {
        match run_once(pool).await {
            Err(error) if is_held(&error) => {
                if begun.elapsed() > PATIENCE {
                    return Err(OpenError::InUse);
                }
                tokio::time::sleep(ASIDE).await;
            }
            Ok(()) => return Ok(()),
            Err(error) => return Err(told(error)),
        }
    }
}

async fn run_once(pool: &PgPool) -> Result<(), MigrateError> {
    let limits = "SELECT SET_CONFIG('statement_timeout', '0', false), \
                  SET_CONFIG('lock_timeout', $1, false)";
    let mut connection = pool.acquire().await?;
    sqlx::query(limits).bind(LOCK_LIMIT).execute(&mut *connection).await?;
    let ran = MIGRATIONS.run(&mut *connection).await;
    // Its limits are no longer those of the pool, and it may hold the lock of all migrations.
    let _ = connection.close().await;
    ran
}

/// Returns whether somebody else has held a lock for too long, or each has waited for the other.
fn is_held(error: &MigrateError) -> bool {
    let (MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) = error else {
        return false;
    };
    let code = error.as_database_error().and_then(|error| error.code());
    matches!(code.as_deref(), Some("55P03" | "40P01"))
}

/// Returns what a failed migration means to a person.
fn told(error: MigrateError) -> OpenError {
    match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionMismatch(_) => OpenError::TooNew,
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
            match explain(error) {
                OpenError::MissingRights => OpenError::MayNotMigrate,
                error => error,
            }
        }
        error => OpenError::Failed(Box::new(error)),
    }
}
