//! Whether the workers get on: liveness means progress, and a process without it is better
//! started anew. A database that is away is no lack of progress.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

/// How long every place may be taken by turns of which none comes a step further. A call to a model takes
/// a minute at most.
const LONGEST_SILENCE: Duration = Duration::from_secs(85);
/// The same while a file is read. One slow scan takes a minute and a half at most, and others wait for it.
const WHILE_READING: Duration = Duration::from_secs(300);

/// When the workers last got on.
#[derive(Debug)]
pub struct Pulse {
    last: Mutex<Instant>,
    /// How many files are read now.
    read: AtomicUsize,
}

impl Default for Pulse {
    fn default() -> Self {
        Self { last: Mutex::new(Instant::now()), read: AtomicUsize::new(0) }
    }
}

/// A file that is read.
pub(super) struct Reading<'a>(&'a Pulse);

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        self.0.read.fetch_sub(1, Ordering::Relaxed);
        self.0.beat();
    }
}

impl Pulse {
    /// Notes that they do: a turn has ended or come a step further, or there is room for another one.
    pub(super) fn beat(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Notes that a file is read until what is returned goes.
    pub(super) fn reading(&self) -> Reading<'_> {
        self.read.fetch_add(1, Ordering::Relaxed);
        Reading(self)
    }

    /// Returns whether they have got on lately.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.is_alive_at(Instant::now())
    }

    fn is_alive_at(&self, now: Instant) -> bool {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let is_reading = self.read.load(Ordering::Relaxed) > 0;
        let longest = if is_reading { WHILE_READING } else { LONGEST_SILENCE };
        now.saturating_duration_since(last) <= longest
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
        *pulse.last.lock().unwrap() = later;
        assert!(pulse.is_alive_at(later + LONGEST_SILENCE));
        pulse.beat();
        assert!(pulse.is_alive());
    }

    #[test]
    fn f09_a_slow_scan_is_no_standstill_unless_it_never_ends() {
        let pulse = Pulse::default();
        let (later, never) =
            (Instant::now() + LONGEST_SILENCE * 2, Instant::now() + WHILE_READING * 2);
        let reading = pulse.reading();
        assert!(pulse.is_alive_at(later) && !pulse.is_alive_at(never));
        drop(reading);
        assert!(pulse.is_alive() && !pulse.is_alive_at(later));
    }
}
