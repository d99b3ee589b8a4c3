//! Refused webhooks, told to the owner now and then: each could be a mistake in the settings, many
//! are an attack, and neither may fill the disk.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How long nothing is told after a refusal was.
const SILENCE: Duration = Duration::from_secs(60);

/// Counts refusals between two lines in the log.
#[derive(Debug, Default)]
pub struct Refusals(Mutex<Told>);

#[derive(Debug, Default)]
struct Told {
    last: Option<Instant>,
    since: u64,
}

impl Refusals {
    /// Counts one more and tells about it, unless that was done lately.
    pub(super) fn note(&self) {
        if let Some(refused) = self.due(Instant::now()) {
            tracing::warn!(
                refused,
                "webhooks with a wrong signature are refused; if they come from twilio, check \
                 TWILIO_AUTH_TOKEN and PUBLIC_BASE_URL"
            );
        }
    }

    /// Returns how many are to be told of now.
    fn due(&self, now: Instant) -> Option<u64> {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.since = told.since.saturating_add(1);
        if told.last.is_some_and(|last| now.saturating_duration_since(last) < SILENCE) {
            return None;
        }
        told.last = Some(now);
        Some(std::mem::take(&mut told.since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_told_at_once_and_the_others_together_a_minute_later() {
        let (refusals, now) = (Refusals::default(), Instant::now());
        assert_eq!(refusals.due(now), Some(1));
        for _ in 0..1000 {
            assert_eq!(refusals.due(now + SILENCE / 2), None);
        }
        assert_eq!(refusals.due(now + SILENCE), Some(1001));
        assert_eq!(refusals.due(now + SILENCE), None);
    }
}
