//! Whether the workers get on: liveness means progress, and a process without it is better
//! started anew. A database that is away is no lack of progress.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How long every place may be taken by turns of which none ends. One slow scan takes a minute and
/// a half at most, and a turn may look at its file several times.
const LONGEST_SILENCE: Duration = Duration::from_secs(300);

/// When the workers last got on.
#[derive(Debug)]
pub struct Pulse(Mutex<Instant>);

impl Default for Pulse {
    fn default() -> Self {
        Self(Mutex::new(Instant::now()))
    }
}

impl Pulse {
    /// Notes that they do: a turn has ended, or there is room for another one.
    pub(super) fn beat(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Returns whether they have got on lately.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.is_alive_at(Instant::now())
    }

    fn is_alive_at(&self, now: Instant) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        now.saturating_duration_since(last) <= LONGEST_SILENCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f09_workers_that_do_not_get_on_are_not_alive_until_they_do() {
        let pulse = Pulse::default();
        let later = Instant::now() + LONGEST_SILENCE + Duration::from_secs(1);
        assert!(pulse.is_alive());
        assert!(!pulse.is_alive_at(later));
        *pulse.0.lock().unwrap() = later;
        assert!(pulse.is_alive_at(later + LONGEST_SILENCE));
        pulse.beat();
        assert!(pulse.is_alive());
    }
}
