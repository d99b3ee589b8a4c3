//! Remembers what models said.

use crate::{
    Database,
    engine::{query, row},
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
        let tokens = |number| i64::try_from(number).unwrap_or(i64::MAX);
        self.remember_in_line([
            tenant.to_string().into(),
            key.to_string().into(),
            answer.text.into(),
            answer.model.into(),
            tokens(answer.usage.input_tokens).into(),
            tokens(answer.usage.output_tokens).into(),
        ])
        .await
    }
}
