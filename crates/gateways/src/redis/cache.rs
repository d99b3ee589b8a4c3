//! What processes remember together; while the server is away, nothing.

use super::{
    RedisSettings,
    link::{Link, LinkError},
};
use async_trait::async_trait;
use ports::cache::Cache;
use std::time::Duration;

/// Texts on a server.
pub struct SharedCache {
    link: Link,
    prefix: String,
}

impl SharedCache {
    /// Returns the cache of a server; connects to nothing yet.
    ///
    /// # Errors
    ///
    /// [`LinkError::BadUrl`] if the address cannot be read.
    pub fn new(settings: &RedisSettings) -> Result<Self, LinkError> {
        Ok(Self { link: Link::to(settings)?, prefix: settings.prefix.clone() })
    }

    fn key(&self, key: &str) -> String {
        format!("{}:cache:{key}", self.prefix)
    }
}

#[async_trait]
impl Cache for SharedCache {
    async fn recall(&self, key: &str) -> Option<String> {
        self.link.ask(redis::cmd("GET").arg(self.key(key))).await.ok().flatten()
    }

    async fn keep(&self, key: &str, text: &str, lasting: Duration) {
        let lasting = u64::try_from(lasting.as_millis()).unwrap_or(u64::MAX).max(1);
        let mut command = redis::cmd("SET");
        command.arg(self.key(key)).arg(text).arg("PX").arg(lasting);
        // Who cannot keep it asks again.
        let _ = self.link.ask::<()>(&command).await;
    }
}
