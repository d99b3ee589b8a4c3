//! Remembers what models said.

use crate::{
    Database,
    engine::{query, row},
    until_it_stands,
};
use async_trait::async_trait;
use domain::{document::ContentHash, ids::TenantId};
use ports::store::{Answers, Remembered, StoreResult};

#[async_trait]
impl Answers for Database {
    async fn recall(&self, tenant: TenantId, key: ContentHash) -> StoreResult<Option<String>> {
        let mut reader = self.reader_for(tenant).await?;
        let row = query("SELECT body FROM answers WHERE tenant = $1 AND key = $2")
            .bind(tenant.to_string())
            .bind(key.to_string())
            .fetch_optional(&mut reader)
            .await?;
        row.map(|row| row::text(&row, "body")).transpose()
    }

    async fn remember(
        &self,
        tenant: TenantId,
        key: ContentHash,
        answer: &Remembered<'_>,
    ) -> StoreResult<()> {
        until_it_stands(|| async move {
            let mut write = self.begin_for(tenant).await?;
            query(
                "INSERT INTO answers (tenant, key, body, model, input_tokens, output_tokens, \
                 created_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant, key) DO NOTHING",
            )
            .bind(tenant.to_string())
            .bind(key.to_string())
            .bind(answer.text)
            .bind(answer.model)
            .bind(i64::try_from(answer.usage.input_tokens).unwrap_or(i64::MAX))
            .bind(i64::try_from(answer.usage.output_tokens).unwrap_or(i64::MAX))
            .bind(self.now())
            .execute(&mut write)
            .await?;
            write.commit().await
        })
        .await
    }
}
