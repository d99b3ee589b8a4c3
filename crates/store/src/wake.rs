//! Wake-ups between the processes of one PostgreSQL database: `NOTIFY` and `LISTEN`.
//!
//! Rings are told after the commit of what they are about, not within it: a commit with a notice
//! waits for every other such commit of the server. Many rings at once are told as one.

use crate::{OpenError, engine::calling};
use async_trait::async_trait;
use ports::{
    clock::Clock,
    wake::{Wake, WakeError},
};
use sqlx::{PgPool, Row, postgres::PgListener};
use std::convert::Infallible;
use tokio::sync::Notify;

/// Where notices are told; one for all installations of a server's database, told apart by schema.
const CHANNEL: &str = "billhook";

/// Rings between processes that share a database. Two connections, made when they are needed: one
/// listens, one tells.
pub struct Calls {
    pool: PgPool,
    /// Our name in notices, so that our own are known.
    name: String,
    heard: Notify,
    untold: Notify,
}

/// Returns the wake-ups of the database server of a URL; connects to nothing yet.
///
/// # Errors
///
/// [`OpenError::BadServerUrl`] if it is no URL of a server.
pub fn calls(url: &str, clock: &dyn Clock) -> Result<Calls, OpenError> {
    Ok(Calls {
        pool: calling(url)?,
        name: clock.new_id().to_string(),
        heard: Notify::new(),
        untold: Notify::new(),
    })
}

#[async_trait]
impl Wake for Calls {
    fn ring(&self) {
        self.heard.notify_one();
        self.untold.notify_one();
    }

    async fn rung(&self) {
        self.heard.notified().await;
    }

    async fn carry(&self) -> Result<Infallible, WakeError> {
        let ended = tokio::select! {
            ended = self.tell() => ended,
            ended = self.listen() => ended,
        };
        ended.map_err(|error| WakeError(Box::new(error)))
    }
}

impl Calls {
    async fn tell(&self) -> Result<Infallible, sqlx::Error> {
        loop {
            self.untold.notified().await;
            sqlx::query("SELECT PG_NOTIFY($1, CONCAT(CURRENT_SCHEMA(), ' ', $2::TEXT))")
                .bind(CHANNEL)
                .bind(&self.name)
                .execute(&self.pool)
                .await?;
        }
    }

    async fn listen(&self) -> Result<Infallible, sqlx::Error> {
        let schema = sqlx::query("SELECT CONCAT(CURRENT_SCHEMA())").fetch_one(&self.pool).await?;
        let schema: String = schema.try_get(0)?;
        let mut listener = PgListener::connect_with(&self.pool).await?;
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        // What was told before is not repeated.
        self.heard.notify_one();
        while let Some(notice) = listener.try_recv().await? {
            let told = notice.payload().rsplit_once(' ');
            if told.is_some_and(|(place, name)| place == schema && name != self.name) {
                self.heard.notify_one();
            }
        }
        Err(sqlx::Error::Io(std::io::ErrorKind::ConnectionAborted.into()))
    }
}
