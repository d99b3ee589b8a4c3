//! Tenants, for the command line.

use super::{
    changes::Author,
    events::{self, Event},
    invoices,
};
use crate::{
    Database, codec,
    engine::{Hold, query, row},
};
use async_trait::async_trait;
use domain::{ids::TenantId, invoice::Invoice, message::ChannelKind, tenant::Habits};
use jiff::Timestamp;
use ports::store::{Accounts, Connections, StoreError, StoreResult};

#[async_trait]
impl Accounts for Database {
    async fn habits(&self, tenant: TenantId) -> StoreResult<Option<Habits>> {
        let mut reader = self.reader_for(tenant).await?;
        let row = query("SELECT habits FROM tenants WHERE id = $1")
            .bind(tenant.to_string())
            .fetch_optional(&mut reader)
            .await?;
        row.map(|row| codec::from_json(&row::text(&row, "habits")?, "habits")).transpose()
    }

    async fn tenants(&self) -> StoreResult<Vec<(TenantId, ChannelKind, String)>> {
        let mut reader = self.reader_for_everyone().await?;
        let rows = query(
            "SELECT tenants.id, members.channel, members.address FROM tenants \
             JOIN members ON members.id = (SELECT id FROM members AS first \
             WHERE first.tenant = tenants.id ORDER BY first.created_at, first.id LIMIT 1) \
             ORDER BY tenants.created_at, tenants.id",
        )
        .fetch_all(&mut reader)
        .await?;
        rows.iter()
            .map(|row| {
                let channel = ChannelKind::parse(&row::text(row, "channel")?)
                    .ok_or(StoreError::Malformed("a channel"))?;
                Ok((row::parsed(row, "id")?, channel, row::text(row, "address")?))
            })
            .collect()
    }

    async fn import(&self, tenant: TenantId, all: &[Invoice]) -> StoreResult<u64> {
        let mut write = self.begin_for(tenant).await?;
        write.hold(Hold::Tenant(tenant)).await?;
        let mut new = Vec::new();
        for invoice in all {
            if invoices::exists(&mut write, tenant, invoice.id).await? {
                continue;
            }
            invoices::insert(&mut write, tenant, invoice, self.now()).await?;
            new.push(invoice.id);
        }
        if !new.is_empty() {
            let event = Event::after("invoices_imported", codec::json(&new)?);
            events::append(self, &mut write, &Author { tenant, member: None }, event).await?;
        }
        write.commit().await?;
        Ok(u64::try_from(new.len()).unwrap_or(u64::MAX))
    }

    async fn ping(&self) -> StoreResult<()> {
        let mut reader = self.reader_for_everyone().await?;
        query("SELECT COUNT(*) AS tables FROM _sqlx_migrations")
            .fetch_one(&mut reader)
            .await
            .map(|_| ())
    }

    async fn shared_time(&self) -> StoreResult<Option<Timestamp>> {
        if self.engine.is_alone() {
            return Ok(None);
        }
        let mut reader = self.reader_soon().await?;
        let now = "SELECT CAST(EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000 AS BIGINT) AS now";
        let row = query(now).fetch_one(&mut reader).await?;
        codec::instant(row::int(&row, "now")?).map(Some)
    }

    fn connections(&self) -> Vec<Connections> {
        self.engine.connections()
    }
}
