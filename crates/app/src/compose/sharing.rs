//! What processes share: wake-ups, limits and a cache, through Redis or their database.

use super::SetupError;
use crate::{
    clock::SystemClock,
    config::Config,
    worker::{Rush, Throttle, Ties},
};
use gateways::{
    cache, limits,
    redis::{Calls, LinkError, SharedCache, SharedLimits},
    wake::InProcess,
};
use ports::{cache::Cache, limits::Limits, wake::Wake};
use secrecy::ExposeSecret;
use std::sync::Arc;

/// Makes what the workers share with the rest of this process and with others.
///
/// # Errors
///
/// [`SetupError`] if an address cannot be used.
pub fn ties(config: &Config) -> Result<Ties, SetupError> {
    let throttle = Throttle::new(limits(config)?, config.rate_limit);
    Ok(Ties {
        wake: wake(config)?,
        pulse: Arc::default(),
        rush: Rush::default(),
        throttle,
        cache: cache(config)?,
    })
}

/// Returns what workers have who share nothing with anybody and serve the owner alone.
#[must_use]
pub fn no_ties() -> Ties {
    let throttle = Throttle::new(Arc::new(limits::InProcess::default()), None);
    Ties {
        wake: Arc::new(InProcess::default()),
        pulse: Arc::default(),
        rush: Rush::default(),
        throttle,
        cache: Arc::new(cache::InProcess::default()),
    }
}

/// Makes the cache: shared through Redis, else within this process.
fn cache(config: &Config) -> Result<Arc<dyn Cache>, SetupError> {
    let Some(settings) = &config.redis else {
        return Ok(Arc::new(cache::InProcess::default()));
    };
    match SharedCache::new(settings) {
        Ok(cache) => Ok(Arc::new(cache)),
        Err(error) => Err(bad_redis(&error)),
    }
}

/// Makes the wake-ups: between processes through Redis or their database, else within this one.
fn wake(config: &Config) -> Result<Arc<dyn Wake>, SetupError> {
    if let Some(settings) = &config.redis {
        return match Calls::new(settings, &SystemClock) {
            Ok(calls) => Ok(Arc::new(calls)),
            Err(error) => Err(bad_redis(&error)),
        };
    }
    if !config.shares_database() {
        return Ok(Arc::new(InProcess::default()));
    }
    match store::calls(config.database_url.expose_secret(), &SystemClock) {
        Ok(calls) => Ok(Arc::new(calls)),
        Err(error) => Err(SetupError::new(crate::cli::chain(&error), "check DATABASE_URL")),
    }
}

/// Makes the limits: shared through Redis, else within this process.
fn limits(config: &Config) -> Result<Arc<dyn Limits>, SetupError> {
    let Some(settings) = &config.redis else {
        return Ok(Arc::new(limits::InProcess::default()));
    };
    match SharedLimits::new(settings) {
        Ok(limits) => Ok(Arc::new(limits)),
        Err(error) => Err(bad_redis(&error)),
    }
}

fn bad_redis(error: &LinkError) -> SetupError {
    SetupError::new(crate::cli::chain(error), "check REDIS_URL")
}
