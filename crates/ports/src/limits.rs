//! Limits on how often something may be done: by one process, or by all that share them.
//!
//! They are about fairness and cost. Nothing is lost by them: who is over one waits.

use async_trait::async_trait;
use std::time::Duration;

/// How often something may be done: at once as often as `burst`, then one more time each `every`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How often at once; zero counts as one.
    pub burst: u32,
    /// How long it takes until once more is allowed.
    pub every: Duration,
}

/// Keeps count of who has done something how often.
#[async_trait]
pub trait Limits: Send + Sync {
    /// Takes one time of those that `who` has, or returns how long it is until there is one; then
    /// nothing is taken. `who` must not tell anybody who it is: it may be kept outside.
    async fn take(&self, who: &str, rate: Rate) -> Option<Duration>;
}
