//! Wake-ups: a hint that something has come in, to workers of this and of other processes.
//!
//! Nothing depends on them: a ring may be lost or heard twice, and whoever waits also polls.

use async_trait::async_trait;
use std::{convert::Infallible, error::Error, time::Duration};

/// How long to wait before listening again.
const AGAIN: Duration = Duration::from_secs(1);

/// Rings between those who take messages in and those who answer them.
#[async_trait]
pub trait Wake: Send + Sync {
    /// Wakes one who waits in this process and, where there are others, one in each of them.
    /// Returns at once; with nobody waiting, the next wait ends at once.
    fn ring(&self);

    /// Waits for the next ring of this or another process.
    async fn rung(&self);

    /// Carries rings to and from other processes until that fails; in-process wake-ups, which have
    /// nothing to carry, do this for ever.
    async fn carry(&self) -> Result<Infallible, WakeError>;
}

/// Other processes are not reached; they find their work by polling.
#[derive(Debug, thiserror::Error)]
#[error("other processes cannot be woken")]
pub struct WakeError(#[source] pub Box<dyn Error + Send + Sync>);

impl WakeError {
    /// Returns how long to wait before trying again, which always may help.
    #[must_use]
    pub const fn retry(&self) -> Option<Duration> {
        Some(AGAIN)
    }
}
