//! What all processes do together, begun by one of them at a time.

use crate::{
    Database, codec,
    engine::{query, row},
};
use async_trait::async_trait;
use jiff::Timestamp;
use ports::store::{Chores, StoreResult};
use std::time::Duration;

#[async_trait]
impl Chores for Database {
    async fn claim_chore(
        &self,
        name: &'static str,
        every: Duration,
    ) -> StoreResult<Option<Timestamp>> {
        let (mut write, now) = (self.begin_for_everyone().await?, self.now());
        let length = i64::try_from(every.as_millis()).unwrap_or(i64::MAX);
        let claimed = query(
            "UPDATE chores SET begun_at = $1 WHERE name = $2 AND begun_at <= $3 \
             RETURNING reached_at",
        )
        .bind(now)
        .bind(name)
        .bind(now.saturating_sub(length))
        .fetch_optional(&mut write)
        .await?;
        let claimed = match claimed {
            Some(row) => Some(row),
            None => {
                query(
                    "INSERT INTO chores (name, begun_at, reached_at) VALUES ($1, $2, $2) \
                     ON CONFLICT (name) DO NOTHING RETURNING reached_at",
                )
                .bind(name)
                .bind(now)
                .fetch_optional(&mut write)
                .await?
            }
        };
        write.commit().await?;
        claimed.map(|row| codec::instant(row::int(&row, "reached_at")?)).transpose()
    }

    async fn note_reached(&self, name: &'static str, reached: Timestamp) -> StoreResult<()> {
        let mut write = self.begin_for_everyone().await?;
        query("UPDATE chores SET reached_at = $1 WHERE name = $2 AND reached_at < $1")
            .bind(reached.as_millisecond())
            .bind(name)
            .execute(&mut write)
            .await?;
        write.commit().await
    }
}
