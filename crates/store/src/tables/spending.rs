//! What models have cost.

use super::calls::Reservation;
use crate::{
    Database, codec,
    engine::{Connection, query, row},
};
use async_trait::async_trait;
use domain::{document::ContentHash, ids::TenantId};
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use ports::{
    model::{Caps, Cost, Usage},
    store::{PaidCall, Settled, Spending, Spent, StoreError, StoreResult},
};
use uuid::Uuid;

#[async_trait]
impl Spending for Database {
    async fn reserve(
        &self,
        tenant: TenantId,
        call: &PaidCall<'_>,
        caps: Caps,
    ) -> StoreResult<Option<Uuid>> {
        let document = call.document.map(|document| document.to_string());
        let of = [
            tenant.to_string().into(),
            call.task.into(),
            call.input.to_string().into(),
            document.into(),
            call.model.into(),
        ];
        self.reserve_in_line(Reservation { most: call.most, caps, call: of }).await
    }

    async fn settle(&self, tenant: TenantId, call: Uuid, settled: &Settled<'_>) -> StoreResult<()> {
        self.settle_in_line([
            tenant.to_string().into(),
            call.to_string().into(),
            whole(settled.usage.input_tokens).into(),
            whole(settled.usage.cached_tokens).into(),
            whole(settled.usage.output_tokens).into(),
            whole(settled.cost.0).into(),
            settled.outcome.into(),
        ])
        .await
    }

    async fn spent(&self, tenant: TenantId, document: Option<ContentHash>) -> StoreResult<Spent> {
        let mut reader = self.reader_for_everyone().await?;
        let row = query(
            "SELECT COUNT(*) AS calls, CAST(COALESCE(SUM(input_tokens), 0) AS BIGINT) AS input_tokens, \
             CAST(COALESCE(SUM(cached_tokens), 0) AS BIGINT) AS cached_tokens, \
             CAST(COALESCE(SUM(output_tokens), 0) AS BIGINT) AS output_tokens, \
             CAST(COALESCE(SUM(charged), 0) AS BIGINT) AS charged FROM model_calls \
             WHERE tenant = $1 AND ($2 IS NULL OR document = $2)",
        )
        .bind(tenant.to_string())
        .bind(document.map(|document| document.to_string()))
        .fetch_one(&mut reader)
        .await?;
        let usage = Usage {
            input_tokens: row::count(&row, "input_tokens")?,
            output_tokens: row::count(&row, "output_tokens")?,
            cached_tokens: row::count(&row, "cached_tokens")?,
        };
        let (calls, cost) = (row::count(&row, "calls")?, Cost(row::count(&row, "charged")?));
        Ok(Spent { calls, usage, cost })
    }

    async fn spent_lately(&self) -> StoreResult<(Cost, Cost)> {
        let mut reader = self.reader_for_everyone().await?;
        lately(&mut reader, self.now()).await
    }
}

/// Returns what was spent on the day and in the month of an instant.
pub async fn lately(connection: &mut Connection, now: i64) -> StoreResult<(Cost, Cost)> {
    let instant = codec::instant(now)?;
    let today = instant.to_zoned(TimeZone::UTC).date();
    let row = query(
        "SELECT CAST(COALESCE(SUM(CASE WHEN created_at >= $1 THEN charged ELSE 0 END), 0) AS BIGINT) \
         AS today, \
         CAST(COALESCE(SUM(charged), 0) AS BIGINT) AS this_month FROM model_calls \
         WHERE created_at >= $2 AND created_at < $3",
    )
    .bind(start_of(today)?)
    .bind(start_of(today.first_of_month())?)
    .bind(start_of(today.last_of_month().saturating_add(1.day()))?)
    .fetch_one(connection)
    .await?;
    Ok((Cost(row::count(&row, "today")?), Cost(row::count(&row, "this_month")?)))
}

/// Returns the first millisecond of a day.
fn start_of(day: Date) -> StoreResult<i64> {
    let start = day.to_zoned(TimeZone::UTC).map_err(|_| StoreError::Malformed("a day"))?;
    Ok(start.timestamp().as_millisecond())
}

pub fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
