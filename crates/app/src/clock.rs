//! The real clock: the one place where time and randomness come from.
//!
//! Where processes share a database, they share its clock: a lease that one of them has until noon must
//! not be over for another one whose machine is an hour ahead. Between two looks at it time is counted
//! by what does not jump when somebody sets the machine's clock.

use jiff::{SignedDuration, Timestamp};
use ports::{clock::Clock, store::Store};
use std::{
    sync::{PoisonError, RwLock},
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How often the shared clock is looked at.
const LOOK: Duration = Duration::from_secs(30);

/// A look that takes longer tells the time too vaguely.
const SLOW: Duration = Duration::from_millis(500);
/// By how much two looks may differ because one of them took longer: so little is never gone back.
const BLUR: SignedDuration = SignedDuration::from_secs(1);

/// The machine's own time and randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "every other place takes time from here")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    #[expect(clippy::disallowed_methods, reason = "every other place takes identifiers from here")]
    fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// The time that all processes share, if they share any, else the machine's own.
#[derive(Debug, Default)]
pub struct SharedClock(RwLock<Option<(Instant, Timestamp)>>);

impl SharedClock {
    /// Looks at the clock of a database; an error changes nothing, time goes on from the last look.
    pub async fn look(&self, store: &dyn Store) {
        let begun = Instant::now();
        if let Ok(Some(time)) = store.shared_time().await {
            let mut told = self.0.write().unwrap_or_else(PoisonError::into_inner);
            *told = after_look(*told, begun, begun.elapsed(), time);
        }
    }

    /// Goes on looking until it is told to stop.
    pub async fn keep(&self, store: &dyn Store, stop: CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(LOOK) => self.look(store).await,
            }
        }
    }
}

/// Returns what is known after a look that took so long. The time was read somewhere between the question
/// and its answer; where that is a long while, as for want of a free connection, it says little: time goes on
/// from the look before.
fn after_look(
    before: Option<(Instant, Timestamp)>,
    begun: Instant,
    took: Duration,
    time: Timestamp,
) -> Option<(Instant, Timestamp)> {
    let is_slow = took > SLOW;
    // Rather behind than ahead: what was sent is looked for from when it may have been sent on.
    let read = if is_slow { took } else { took.checked_div(2).unwrap_or_default() };
    let new = (begun.checked_add(read).unwrap_or(begun), time);
    match before {
        Some(before) if is_slow => Some(before),
        Some(before) => Some(forward(before, new)),
        None => Some(new),
    }
}

/// Returns the newer of two looks, or the one before where the newer is behind it by no more than a
/// blur.
fn forward(before: (Instant, Timestamp), new: (Instant, Timestamp)) -> (Instant, Timestamp) {
    let ahead = moved_on(before, new.0).duration_since(new.1);
    if ahead.is_positive() && ahead <= BLUR { before } else { new }
}

/// Returns the time of an instant, by the time of another one.
fn moved_on((at, time): (Instant, Timestamp), to: Instant) -> Timestamp {
    let since = SignedDuration::try_from(to.saturating_duration_since(at)).unwrap_or_default();
    time.saturating_add(since).unwrap_or(time)
}

impl Clock for SharedClock {
    fn now(&self) -> Timestamp {
        let told = *self.0.read().unwrap_or_else(PoisonError::into_inner);
        told.map_or_else(|| SystemClock.now(), |told| moved_on(told, Instant::now()))
    }

    fn new_id(&self) -> Uuid {
        SystemClock.new_id()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_look_changes_nothing_and_never_puts_the_clock_ahead() {
        let (begun, time) = (Instant::now(), Timestamp::UNIX_EPOCH);
        let (slow, quick) = (Duration::from_secs(4), Duration::from_millis(20));
        let first = after_look(None, begun, slow, time).unwrap();
        assert_eq!(first, (begun + slow, time), "read at the end, at the latest");
        let later = time + SignedDuration::from_secs(9);
        assert_eq!(after_look(Some(first), begun, slow, later), Some(first));
        let new = after_look(Some(first), begun, quick, later);
        assert_eq!(new, Some((begun + quick / 2, later)));
    }

    #[test]
    fn a_look_sets_the_clock_forth_and_back_but_not_back_by_a_blur() {
        let (at, noon) = (Instant::now(), Timestamp::from_second(43_200).unwrap());
        let later = |millis| noon.checked_add(SignedDuration::from_millis(millis)).unwrap();
        let set = |millis| forward((at, noon), (at, later(millis))).1;
        assert_eq!(set(5), later(5));
        assert_eq!(set(-1_000), noon);
        assert_eq!(set(-300_000), later(-300_000));
        assert_eq!(moved_on((at, noon), at + Duration::from_secs(1)), later(1_000));
    }
}
