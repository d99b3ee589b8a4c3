//! What was found out a moment ago, by this process or by others: a shortcut, never the truth.

use async_trait::async_trait;
use std::time::Duration;

/// Remembers texts for a while. Any of them may be gone at any time; nothing personal is kept.
#[async_trait]
pub trait Cache: Send + Sync {
    /// Returns what is remembered under a key.
    async fn recall(&self, key: &str) -> Option<String>;

    /// Remembers a text under a key for so long, in the place of what was there.
    async fn keep(&self, key: &str, text: &str, lasting: Duration);
}
