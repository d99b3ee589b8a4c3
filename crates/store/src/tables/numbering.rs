//! The series of a tenant's own invoice numbers: without gaps, a counter for each year.

use crate::engine::{Connection, query, row};
use domain::{ids::TenantId, invoice::number};
use ports::store::{StoreError, StoreResult};
use std::collections::HashSet;

/// Returns the next place whose printed number is free. Imported invoices may have taken some.
pub async fn next(connection: &mut Connection, tenant: TenantId, year: i16) -> StoreResult<u32> {
    let tenant = tenant.to_string();
    let last = query("SELECT last FROM invoice_series WHERE tenant = $1 AND year = $2")
        .bind(&tenant)
        .bind(year)
        .fetch_optional(connection)
        .await?;
    let rows = query(
        "SELECT number FROM invoices WHERE tenant = $1 AND direction = 'issued' \
         AND number LIKE $2",
    )
    .bind(&tenant)
    .bind(format!("{year}-%"))
    .fetch_all(connection)
    .await?;
    let taken =
        rows.iter().map(|row| row::text(row, "number")).collect::<StoreResult<HashSet<_>>>()?;
    let last = last.map(|row| row::int(&row, "last")).transpose()?.unwrap_or_default();
    let first = u32::try_from(last.saturating_add(1))
        .map_err(|_| StoreError::Malformed("a series of numbers"))?;
    (first..=u32::MAX)
        .find(|sequence| !taken.contains(&number::printed(year, *sequence)))
        .ok_or(StoreError::TooLarge)
}

/// Takes a place; a conflict if it is not the next one any more.
pub async fn take(
    connection: &mut Connection,
    tenant: TenantId,
    year: i16,
    sequence: u32,
) -> StoreResult<()> {
    if next(connection, tenant, year).await? != sequence {
        return Err(StoreError::Conflict);
    }
    query(
        "INSERT INTO invoice_series (tenant, year, last) VALUES ($1, $2, $3) \
         ON CONFLICT (tenant, year) DO UPDATE SET last = excluded.last",
    )
    .bind(tenant.to_string())
    .bind(year)
    .bind(sequence)
    .execute(connection)
    .await?;
    Ok(())
}

/// Checks a number that the user chose; a conflict if an issued invoice has it already.
pub async fn claim(
    connection: &mut Connection,
    tenant: TenantId,
    number: Option<&str>,
) -> StoreResult<()> {
    let taken =
        query("SELECT 1 FROM invoices WHERE tenant = $1 AND direction = 'issued' AND number = $2")
            .bind(tenant.to_string())
            .bind(number)
            .fetch_optional(connection)
            .await?;
    if taken.is_some() { Err(StoreError::Conflict) } else { Ok(()) }
}
