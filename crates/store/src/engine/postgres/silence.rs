//! A server that keeps silent, because it was stopped or the network drops what it should carry.
//!
//! That ends no connection: whoever waits for an answer would wait for ever, and so would a connection
//! on its way back to its pool, which asks the server first. So answers have a deadline, a connection
//! that has missed one is thrown away, and those that were idle by then are tried before anybody gets
//! them.

use sqlx::{
    Connection as _, Postgres,
    pool::{PoolConnectionMetadata, PoolOptions},
};
use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How long the server has for what it never has to wait with.
const AT_ONCE: Duration = Duration::from_secs(5);
/// How long it has to show that it is there, after it did not seem to be.
const SIGN_OF_LIFE: Duration = Duration::from_millis(500);

/// When the server has last left somebody without an answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Silence(Arc<Mutex<Option<Instant>>>);

impl Silence {
    /// Has a pool throw away the connections on which nothing is answered.
    pub(super) fn watch(&self, pool: PoolOptions<Postgres>) -> PoolOptions<Postgres> {
        let (before, after) = (self.clone(), self.clone());
        pool.before_acquire(move |connection, state| {
            let silence = before.clone();
            Box::pin(async move {
                if silence.may_concern(&state) {
                    silence.until(SIGN_OF_LIFE, connection.ping()).await?;
                }
                Ok(true)
            })
        })
        .after_release(move |connection, _| {
            let silence = after.clone();
            // What was begun and given up is undone first.
            Box::pin(async move { silence.at_once(connection.ping()).await.map(|()| true) })
        })
    }

    /// Waits for an answer that the server has at once, if it is there.
    pub(super) async fn at_once<T>(
        &self,
        answer: impl Future<Output = sqlx::Result<T>>,
    ) -> sqlx::Result<T> {
        self.until(AT_ONCE, answer).await
    }

    async fn until<T>(
        &self,
        patience: Duration,
        answer: impl Future<Output = sqlx::Result<T>>,
    ) -> sqlx::Result<T> {
        let answer = answered(patience, answer).await;
        if answer.as_ref().is_err_and(is_silence) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
        answer
    }

    /// Returns whether a connection has been idle since before the server was found silent.
    fn may_concern(&self, state: &PoolConnectionMetadata) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|last| last.elapsed() <= state.idle_for)
    }
}

/// Waits for an answer, but not longer than so.
pub async fn answered<T>(
    patience: Duration,
    answer: impl Future<Output = sqlx::Result<T>>,
) -> sqlx::Result<T> {
    let answer = tokio::time::timeout(patience, answer).await;
    answer.unwrap_or_else(|_| Err(sqlx::Error::Protocol(SILENT.to_owned())))
}

const SILENT: &str = "the server has not answered in time";

fn is_silence(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Protocol(text) if text == SILENT)
}
