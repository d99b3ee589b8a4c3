//! What documents showed on paper, and what corrections have taught about vendors.

use super::{
    changes::Author,
    events::{self, Event},
    invoices,
};
use crate::{
    Database, codec,
    engine::{Connection, Write, query, row},
};
use domain::{
    document::{ContentHash, Fingerprint},
    ids::TenantId,
    question::InvoiceRow,
    vendor_memory::{Trace, VendorHint},
};
use ports::store::{StoreError, StoreResult};

/// The most pictures, newest first, that a new one is compared with.
const MAX_COMPARED: i64 = 20_000;
/// The most invoices that look alike.
const MAX_ALIKE: usize = 10;
/// The most hints of a tenant that are looked at.
const MAX_HINTS: i64 = 2_000;

/// Keeps what a document showed, in the place of what was kept for it before.
pub async fn keep_trace(
    store: &Database,
    write: &mut Write,
    author: &Author,
    trace: &Trace,
) -> StoreResult<()> {
    query(
        "INSERT INTO document_traces (tenant, document, fingerprint, trace, kept_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, document) DO UPDATE SET \
         fingerprint = excluded.fingerprint, trace = excluded.trace, kept_at = excluded.kept_at",
    )
    .bind(author.tenant.to_string())
    .bind(trace.document.to_string())
    .bind(trace.fingerprint.map(|seen| seen.0.cast_signed()))
    .bind(codec::json(trace)?)
    .bind(store.now())
    .execute(write)
    .await?;
    Ok(())
}

/// Keeps what is known of a vendor; the audit trail notes that something was learnt.
pub async fn keep_hint(
    store: &Database,
    write: &mut Write,
    author: &Author,
    hint: &VendorHint,
) -> StoreResult<()> {
    let key = hint.keys.first().ok_or(StoreError::Malformed("a hint without a key"))?;
    let text = codec::json(hint)?;
    query(
        "INSERT INTO vendor_hints (tenant, key, hint, taught_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (tenant, key) DO UPDATE SET hint = excluded.hint, \
         taught_at = excluded.taught_at",
    )
    .bind(author.tenant.to_string())
    .bind(key)
    .bind(&text)
    .bind(store.now())
    .execute(write)
    .await?;
    events::append(store, write, author, Event::after("vendor_taught", text)).await
}

/// Forgets what is known of all vendors of the author's book.
pub async fn forget_hints(store: &Database, write: &mut Write, author: &Author) -> StoreResult<()> {
    query("DELETE FROM vendor_hints WHERE tenant = $1")
        .bind(author.tenant.to_string())
        .execute(write)
        .await?;
    events::append(store, write, author, Event::after("vendors_forgotten", "[]".to_owned())).await
}

/// Returns the invoices whose documents look alike, newest first.
pub async fn lookalikes(
    reader: &mut Connection,
    tenant: TenantId,
    fingerprint: Fingerprint,
    distance: u32,
) -> StoreResult<Vec<InvoiceRow>> {
    let rows = query(
        "SELECT invoices.*, document_traces.fingerprint FROM document_traces \
         JOIN invoices ON invoices.tenant = document_traces.tenant \
         AND invoices.document = document_traces.document \
         WHERE document_traces.tenant = $1 AND document_traces.fingerprint IS NOT NULL \
         ORDER BY document_traces.kept_at DESC LIMIT $2",
    )
    .bind(tenant.to_string())
    .bind(MAX_COMPARED)
    .fetch_all(reader)
    .await?;
    let mut alike = Vec::new();
    for found in &rows {
        let seen = Fingerprint(row::int(found, "fingerprint")?.cast_unsigned());
        if seen.distance(fingerprint) <= distance && alike.len() < MAX_ALIKE {
            alike.push(invoices::read_row(found)?);
        }
    }
    Ok(alike)
}

/// Returns what a document showed on paper.
pub async fn trace(
    reader: &mut Connection,
    tenant: TenantId,
    document: ContentHash,
) -> StoreResult<Option<Trace>> {
    let row = query("SELECT trace FROM document_traces WHERE tenant = $1 AND document = $2")
        .bind(tenant.to_string())
        .bind(document.to_string())
        .fetch_optional(reader)
        .await?;
    row.map(|row| codec::from_json(&row::text(&row, "trace")?, "a trace")).transpose()
}

/// Returns what a tenant has taught, the newest first.
pub async fn hints(reader: &mut Connection, tenant: TenantId) -> StoreResult<Vec<VendorHint>> {
    let rows = query(
        "SELECT hint FROM vendor_hints WHERE tenant = $1 ORDER BY taught_at DESC, key LIMIT $2",
    )
    .bind(tenant.to_string())
    .bind(MAX_HINTS)
    .fetch_all(reader)
    .await?;
    rows.iter().map(|row| codec::from_json(&row::text(row, "hint")?, "a hint")).collect()
}
