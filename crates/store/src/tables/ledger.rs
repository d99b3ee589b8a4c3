//! Reads invoices of one tenant.

use super::{changes, erasing, invoices, numbering, vendor_memory};
use crate::{
    Database, codec,
    engine::{Connection, Sql, query, row},
    query::{self, Scope, Wording},
};
use async_trait::async_trait;
use domain::{
    correction::Target,
    dates::Date,
    document::{ContentHash, Fingerprint},
    ids::{InvoiceId, TenantId},
    invoice::{Invoice, number},
    outcome::{Stored, Undoable},
    question::{Answer, Filters, InvoiceRow, QueryPlan},
    vendor_memory::{Trace, VendorHint},
};
use ports::{
    model::Names,
    store::{Ledger, StoreResult},
};
use std::collections::BTreeSet;

/// The most invoices that a target finds.
const MAX_FOUND: i64 = 500;
/// The most distinct names of a kind.
const MAX_NAMES: i64 = 2_000;
/// The most different item lines whose words are looked at.
const MAX_DESCRIPTIONS: i64 = 20_000;
/// The columns of names.
const NAMED: [&str; 3] = ["vendor_name", "customer_name", "category"];

#[async_trait]
impl Ledger for Database {
    async fn answer(&self, tenant: TenantId, plan: &QueryPlan, today: Date) -> StoreResult<Answer> {
        let mut reader = self.reader_for(tenant).await?;
        let compiled = compiled(&mut reader, tenant, plan, today).await?;
        let rows = compiled.sql.fetch(&mut reader).await?;
        super::figures::answer(plan, &compiled.shape, &rows)
    }

    async fn statement(
        &self,
        tenant: TenantId,
        plan: &QueryPlan,
        today: Date,
    ) -> StoreResult<String> {
        let mut reader = self.reader_for(tenant).await?;
        Ok(compiled(&mut reader, tenant, plan, today).await?.sql.in_full())
    }

    async fn invoice(&self, tenant: TenantId, id: InvoiceId) -> StoreResult<Option<Invoice>> {
        invoices::load(&mut self.reader_for(tenant).await?, tenant, id).await
    }

    async fn find(
        &self,
        tenant: TenantId,
        target: &Target,
        today: Date,
    ) -> StoreResult<Vec<Invoice>> {
        let mut reader = self.reader_for(tenant).await?;
        let sql = match target {
            Target::Context | Target::Unsaid => return Ok(Vec::new()),
            Target::Number(typed) => {
                numbered(&mut reader, tenant, std::slice::from_ref(typed)).await?
            }
            Target::Numbers(typed) => numbered(&mut reader, tenant, typed).await?,
            Target::Filter(filters) | Target::Latest(filters) => {
                filtered(&mut reader, tenant, filters, today).await?
            }
        };
        let limit = if matches!(target, Target::Latest(_)) { 1 } else { MAX_FOUND };
        let sql = newest_first(sql, limit);
        let rows = sql.fetch(&mut reader).await?;
        invoices::assemble(&mut reader, tenant, &rows).await
    }

    async fn found(
        &self,
        tenant: TenantId,
        filters: &Filters,
        today: Date,
        limit: u32,
    ) -> StoreResult<Vec<Invoice>> {
        let mut reader = self.reader_for(tenant).await?;
        let sql = filtered(&mut reader, tenant, filters, today).await?;
        let rows = newest_first(sql, i64::from(limit)).fetch(&mut reader).await?;
        invoices::assemble(&mut reader, tenant, &rows).await
    }

    async fn by_document(
        &self,
        tenant: TenantId,
        document: ContentHash,
    ) -> StoreResult<Option<InvoiceRow>> {
        let mut reader = self.reader_for(tenant).await?;
        let row = query("SELECT * FROM invoices WHERE tenant = $1 AND document = $2")
            .bind(tenant.to_string())
            .bind(document.to_string())
            .fetch_optional(&mut reader)
            .await?;
        row.as_ref().map(invoices::read_row).transpose()
    }

    async fn by_duplicate_key(
        &self,
        tenant: TenantId,
        key: &str,
    ) -> StoreResult<Option<InvoiceRow>> {
        let mut reader = self.reader_for(tenant).await?;
        let row = query(
            "SELECT * FROM invoices WHERE tenant = $1 AND duplicate_key = $2 \
             ORDER BY created_at, id LIMIT 1",
        )
        .bind(tenant.to_string())
        .bind(key)
        .fetch_optional(&mut reader)
        .await?;
        row.as_ref().map(invoices::read_row).transpose()
    }

    async fn names(&self, tenant: TenantId) -> StoreResult<Names> {
        let mut reader = self.reader_for(tenant).await?;
        let of = |column: &str| {
            format!(
                "SELECT '{column}' AS kind, name FROM (SELECT DISTINCT {column} AS name \
                 FROM invoices WHERE tenant = $1 AND {column} IS NOT NULL ORDER BY 1 LIMIT $2) \
                 AS {column}s"
            )
        };
        let [vendors, customers, categories] = NAMED.map(of);
        let rows = query(format!("{vendors} UNION ALL {customers} UNION ALL {categories}"))
            .bind(tenant.to_string())
            .bind(MAX_NAMES)
            .fetch_all(&mut reader)
            .await?;
        let mut names = Names::default();
        for row in &rows {
            let name = row::text(row, "name")?;
            match row::text(row, "kind")?.as_str() {
                "vendor_name" => names.vendors.push(name),
                "customer_name" => names.customers.push(name),
                _ => names.categories.push(name),
            }
        }
        Ok(names)
    }

    async fn next_sequence(&self, tenant: TenantId, year: i16) -> StoreResult<u32> {
        numbering::next(&mut self.reader_for(tenant).await?, tenant, year).await
    }

    async fn last_undoable(&self, tenant: TenantId) -> StoreResult<Option<Undoable>> {
        let mut reader = self.reader_for(tenant).await?;
        let row = query(
            "SELECT id, before_image, after_image FROM events \
             WHERE tenant = $1 AND action = 'invoices_changed' \
             AND NOT EXISTS (SELECT 1 FROM events AS later WHERE later.undoes = events.id) \
             ORDER BY place DESC LIMIT 1",
        )
        .bind(tenant.to_string())
        .fetch_optional(&mut reader)
        .await?;
        row.map(|row| {
            Ok(Undoable { event: row::parsed(&row, "id")?, patches: changes::patches(&row)? })
        })
        .transpose()
    }

    async fn stored(&self, tenant: TenantId) -> StoreResult<Stored> {
        erasing::count(&mut self.reader_for(tenant).await?, tenant).await
    }

    async fn page(
        &self,
        tenant: TenantId,
        after: Option<InvoiceId>,
        limit: u32,
    ) -> StoreResult<Vec<Invoice>> {
        let mut reader = self.reader_for(tenant).await?;
        let mut sql = Sql::new("SELECT * FROM invoices WHERE tenant = ");
        sql.bind(tenant.to_string());
        if let Some(after) = after {
            sql.push(
                " AND (created_at, id) > (SELECT created_at, id FROM invoices WHERE tenant = ",
            );
            sql.bind(tenant.to_string()).push(" AND id = ").bind(after.to_string()).push(")");
        }
        sql.push(" ORDER BY created_at, id LIMIT ").bind(i64::from(limit));
        let rows = sql.fetch(&mut reader).await?;
        invoices::assemble(&mut reader, tenant, &rows).await
    }

    async fn lookalikes(
        &self,
        tenant: TenantId,
        fingerprint: Fingerprint,
        distance: u32,
    ) -> StoreResult<Vec<InvoiceRow>> {
        vendor_memory::lookalikes(
            &mut self.reader_for(tenant).await?,
            tenant,
            fingerprint,
            distance,
        )
        .await
    }

    async fn trace(&self, tenant: TenantId, document: ContentHash) -> StoreResult<Option<Trace>> {
        vendor_memory::trace(&mut self.reader_for(tenant).await?, tenant, document).await
    }

    async fn hints(&self, tenant: TenantId) -> StoreResult<Vec<VendorHint>> {
        vendor_memory::hints(&mut self.reader_for(tenant).await?, tenant).await
    }
}

fn newest_first(mut sql: Sql, limit: i64) -> Sql {
    let order =
        " ORDER BY issue_date DESC, created_at DESC, COALESCE(number, '') DESC, id DESC LIMIT ";
    sql.push(order).bind(limit);
    sql
}

/// Selects the invoices with any of the numbers that a person typed, whatever their status.
async fn compiled(
    reader: &mut Connection,
    tenant: TenantId,
    plan: &QueryPlan,
    today: Date,
) -> StoreResult<query::Compiled> {
    let numbers = named_numbers(reader, tenant, plan.filters.number.as_slice()).await?;
    let items = worded_items(reader, tenant, &plan.filters.item).await?;
    let filters = &plan.filters;
    let scope = Scope { tenant, filters, numbers, items, today, dialect: reader.dialect() };
    Ok(query::compile(plan, &scope))
}

async fn numbered(reader: &mut Connection, tenant: TenantId, typed: &[String]) -> StoreResult<Sql> {
    let numbers = named_numbers(reader, tenant, typed).await?.unwrap_or_default();
    let mut sql = Sql::new("SELECT * FROM invoices WHERE tenant = ");
    sql.bind(tenant.to_string());
    query::one_of(&mut sql, "number", numbers);
    Ok(sql)
}

async fn filtered(
    reader: &mut Connection,
    tenant: TenantId,
    filters: &Filters,
    today: Date,
) -> StoreResult<Sql> {
    let numbers = named_numbers(reader, tenant, filters.number.as_slice()).await?;
    let items = worded_items(reader, tenant, &filters.item).await?;
    let mut sql = Sql::new("SELECT invoices.* FROM invoices WHERE ");
    query::matching(
        &mut sql,
        &Scope { tenant, filters, numbers, items, today, dialect: reader.dialect() },
    );
    Ok(sql)
}

/// Returns the stored numbers that typed ones mean, by the rule of [`number::matches`]; nothing if
/// none was typed.
async fn named_numbers(
    reader: &mut Connection,
    tenant: TenantId,
    typed: &[String],
) -> StoreResult<Option<Vec<String>>> {
    if typed.is_empty() {
        return Ok(None);
    }
    let rows =
        query("SELECT DISTINCT number FROM invoices WHERE tenant = $1 AND number IS NOT NULL")
            .bind(tenant.to_string())
            .fetch_all(reader)
            .await?;
    let mut numbers =
        rows.iter().map(|row| row::text(row, "number")).collect::<StoreResult<Vec<_>>>()?;
    numbers.retain(|stored| typed.iter().any(|typed| number::matches(stored, typed)));
    Ok(Some(numbers))
}

/// Returns what people call things in the words that stand on their own bills.
async fn worded_items(
    reader: &mut Connection,
    tenant: TenantId,
    typed: &[String],
) -> StoreResult<Vec<Vec<Wording>>> {
    if typed.is_empty() {
        return Ok(Vec::new());
    }
    let rows =
        query("SELECT DISTINCT description_folded FROM invoice_lines WHERE tenant = $1 LIMIT $2")
            .bind(tenant.to_string())
            .bind(MAX_DESCRIPTIONS)
            .fetch_all(reader)
            .await?;
    let mut vocabulary = BTreeSet::new();
    for row in &rows {
        let text = row::text(row, "description_folded")?;
        vocabulary.extend(text.split(' ').map(str::to_owned));
    }
    Ok(typed.iter().flat_map(|typed| query::ways(&codec::folded(typed), &vocabulary)).collect())
}
