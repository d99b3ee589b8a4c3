//! Limits that processes share; each keeps its own while the server is away.

use super::{
    RedisSettings,
    link::{Link, LinkError},
};
use crate::limits::InProcess;
use async_trait::async_trait;
use ports::limits::{Limits, Rate};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

/// Takes one time and returns zero, or returns how many milliseconds it is until there is one. What
/// is kept is when all times are back, by the server's clock; a value that its clock has left
/// behind counts as nothing.
const TAKE: &str = r"
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local every, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local whole = tonumber(redis.call('GET', KEYS[1]) or '0')
if whole < now or whole > now + every * burst then whole = now end
local wait = whole - now - every * (burst - 1)
if wait > 0 then return wait end
whole = whole + every
redis.call('SET', KEYS[1], string.format('%.0f', whole), 'PX', string.format('%.0f', whole - now))
return 0";

/// Limits on a server.
pub struct SharedLimits {
    link: Link,
    prefix: String,
    /// What holds while the server is away.
    own: InProcess,
    is_away: AtomicBool,
}

impl SharedLimits {
    /// Returns the limits of a server; connects to nothing yet.
    ///
    /// # Errors
    ///
    /// [`LinkError::BadUrl`] if the address cannot be read.
    pub fn new(settings: &RedisSettings) -> Result<Self, LinkError> {
        Ok(Self {
            link: Link::to(settings)?,
            prefix: settings.prefix.clone(),
            own: InProcess::default(),
            is_away: AtomicBool::new(false),
        })
    }

    async fn ask(&self, who: &str, rate: Rate) -> Result<u64, LinkError> {
        let every = u64::try_from(rate.every.as_millis()).unwrap_or(u64::MAX);
        let mut command = redis::cmd("EVAL");
        command.arg(TAKE).arg(1).arg(format!("{}:limit:{who}", self.prefix));
        self.link.ask(command.arg(every.max(1)).arg(rate.burst.max(1))).await
    }

    /// Logs a loss once, and its end.
    fn note(&self, loss: Option<&LinkError>) {
        let was_away = self.is_away.swap(loss.is_some(), Ordering::Relaxed);
        match loss {
            Some(error) if !was_away => {
                tracing::warn!(%error, "limits are kept by each process for itself until redis is back");
            }
            None if was_away => tracing::info!("limits are shared again"),
            _ => {}
        }
    }
}

#[async_trait]
impl Limits for SharedLimits {
    async fn take(&self, who: &str, rate: Rate) -> Option<Duration> {
        let answer = self.ask(who, rate).await;
        self.note(answer.as_ref().err());
        match answer {
            Ok(0) => None,
            Ok(wait) => Some(Duration::from_millis(wait)),
            Err(_) => self.own.take(who, rate).await,
        }
    }
}
