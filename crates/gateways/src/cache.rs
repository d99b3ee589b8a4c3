//! What one process remembers for itself.

use async_trait::async_trait;
use ports::cache::Cache;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How many texts are remembered at most.
const ROOM: usize = 1_000;

/// Texts that this process alone remembers.
#[derive(Debug, Default)]
pub struct InProcess(Mutex<HashMap<String, (Instant, String)>>);

impl InProcess {
    fn texts(&self) -> MutexGuard<'_, HashMap<String, (Instant, String)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Cache for InProcess {
    async fn recall(&self, key: &str) -> Option<String> {
        let now = Instant::now();
        self.texts().get(key).filter(|(until, _)| *until > now).map(|(_, text)| text.clone())
    }

    async fn keep(&self, key: &str, text: &str, lasting: Duration) {
        let now = Instant::now();
        let Some(until) = now.checked_add(lasting) else { return };
        let mut texts = self.texts();
        if texts.len() >= ROOM {
            texts.retain(|_, (until, _)| *until > now);
        }
        if texts.len() < ROOM || texts.contains_key(key) {
            texts.insert(key.to_owned(), (until, text.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use testkit::contracts::cache::Pair;

    async fn pair() -> Option<Pair> {
        let one = Arc::new(InProcess::default());
        Some(Pair { one: one.clone(), other: one })
    }

    testkit::cache_contract!(pair);

    #[tokio::test]
    async fn no_more_is_remembered_than_there_is_room_for() {
        let cache = InProcess::default();
        for number in 0..=ROOM {
            cache.keep(&number.to_string(), "text", Duration::from_secs(3600)).await;
        }
        assert_eq!(cache.texts().len(), ROOM);
        cache.keep("0", "other", Duration::from_secs(3600)).await;
        assert_eq!(cache.recall("0").await.as_deref(), Some("other"));
    }
}
