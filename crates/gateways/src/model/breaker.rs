//! Spares a server that fails, and the people who would wait for it.
//!
//! Open after half of the last twenty requests have failed, or at once where no retry can help;
//! then one request each fifteen seconds finds out whether it is back.

use jiff::Timestamp;
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How many requests are looked back on.
const WINDOW: usize = 20;
/// How many failures among them are too many.
const TOO_MANY: usize = 10;
/// How long an open breaker waits for the next probe.
const PROBE: Duration = Duration::from_secs(15);
/// The longest that a server is left alone because it says so.
const LONGEST_HOLD: Duration = Duration::from_secs(60);

/// Whether a request may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// Yes.
    Free,
    /// Yes, but it is the only one: what becomes of it decides.
    Probe,
    /// Not for so long.
    Closed(Duration),
}

/// The breaker of one server.
#[derive(Debug, Default)]
pub struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Whether each of the last requests went well.
    recent: VecDeque<bool>,
    /// When the next probe may go; nothing while requests go freely.
    probe_at: Option<Timestamp>,
    /// Until when the server has asked to be left alone.
    held_until: Option<Timestamp>,
}

impl Breaker {
    /// Returns whether a request may be made now.
    pub fn ask(&self, now: Timestamp) -> Pass {
        let mut state = self.state();
        if let Some(wait) = left(state.held_until, now, LONGEST_HOLD) {
            return Pass::Closed(wait);
        }
        state.held_until = None;
        if state.probe_at.is_none() {
            return Pass::Free;
        }
        if let Some(wait) = left(state.probe_at, now, PROBE) {
            return Pass::Closed(wait);
        }
        // Whoever comes next waits for this one, or for the one after it if this is never told.
        state.probe_at = Some(after(now, PROBE));
        Pass::Probe
    }

    /// Tells that a request went well.
    pub fn succeeded(&self) {
        let mut state = self.state();
        if state.probe_at.take().is_some() {
            state.recent.clear();
        }
        state.note(true);
    }

    /// Tells that a request failed in a way that another one may fail in too.
    pub fn failed(&self, now: Timestamp) {
        let mut state = self.state();
        state.note(false);
        let failures = state.recent.iter().filter(|went_well| !**went_well).count();
        let full = state.recent.len() >= WINDOW;
        if state.probe_at.is_some() || (full && failures >= TOO_MANY) {
            state.probe_at = Some(after(now, PROBE));
        }
    }

    /// Opens it at once.
    pub fn trip(&self, now: Timestamp) {
        self.state().probe_at = Some(after(now, PROBE));
    }

    /// Leaves the server alone for as long as it asks for, within bounds.
    pub fn hold(&self, now: Timestamp, wait: Duration) {
        self.state().held_until = Some(after(now, wait.min(LONGEST_HOLD)));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn note(&mut self, went_well: bool) {
        if self.recent.len() >= WINDOW {
            self.recent.pop_front();
        }
        self.recent.push_back(went_well);
    }
}

fn after(now: Timestamp, wait: Duration) -> Timestamp {
    now.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

/// Returns how long it is until an instant; nothing if it has passed or lies further off than any
/// wait that was ever set, since the clock must then have been put back.
fn left(until: Option<Timestamp>, now: Timestamp, longest: Duration) -> Option<Duration> {
    let wait = Duration::try_from(until?.duration_since(now)).ok()?;
    (!wait.is_zero() && wait <= longest).then_some(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_757_505_600_i64.strict_add(second)).unwrap()
    }

    #[test]
    fn ten_failures_among_twenty_open_it_and_not_one_less() {
        let breaker = Breaker::default();
        for _ in 0..11 {
            breaker.succeeded();
        }
        for _ in 0..9 {
            breaker.failed(at(0));
        }
        assert_eq!(breaker.ask(at(0)), Pass::Free);
        breaker.failed(at(0));
        assert_eq!(breaker.ask(at(0)), Pass::Closed(PROBE));
    }

    #[test]
    fn one_probe_each_fifteen_seconds_finds_out() {
        let breaker = Breaker::default();
        breaker.trip(at(0));
        assert_eq!(breaker.ask(at(14)), Pass::Closed(Duration::from_secs(1)));
        assert_eq!(breaker.ask(at(15)), Pass::Probe);
        assert_eq!(breaker.ask(at(16)), Pass::Closed(Duration::from_secs(14)));
        breaker.failed(at(17));
        assert_eq!(breaker.ask(at(31)), Pass::Closed(Duration::from_secs(1)));
        assert_eq!(breaker.ask(at(32)), Pass::Probe);
        breaker.succeeded();
        assert_eq!(breaker.ask(at(33)), Pass::Free);
        breaker.failed(at(33));
        assert_eq!(breaker.ask(at(33)), Pass::Free, "old failures are forgotten");
    }

    #[test]
    fn a_probe_that_never_ends_is_followed_by_another() {
        let breaker = Breaker::default();
        breaker.trip(at(0));
        assert_eq!(breaker.ask(at(15)), Pass::Probe);
        assert_eq!(breaker.ask(at(30)), Pass::Probe);
    }

    #[test]
    fn a_server_is_left_alone_for_a_minute_at_most() {
        let breaker = Breaker::default();
        breaker.hold(at(0), Duration::from_secs(1_000_000_000));
        assert_eq!(breaker.ask(at(59)), Pass::Closed(Duration::from_secs(1)));
        assert_eq!(breaker.ask(at(60)), Pass::Free);
    }

    #[test]
    fn a_clock_that_is_put_back_closes_nothing() {
        let breaker = Breaker::default();
        breaker.trip(at(0));
        breaker.hold(at(0), LONGEST_HOLD);
        assert_eq!(breaker.ask(at(-300)), Pass::Probe);
    }

    /// F36: an hour of outage at twenty messages a second.
    #[test]
    fn f36_an_hour_of_outage_costs_a_request_each_fifteen_seconds() {
        let breaker = Breaker::default();
        let mut requests = 0_u32;
        for message in 0..72_000 {
            let now = at(message / 20);
            if !matches!(breaker.ask(now), Pass::Closed(_)) {
                requests += 1;
                breaker.failed(now);
            }
        }
        assert!((240..=20 + 240).contains(&requests), "{requests}");
        assert_eq!(breaker.ask(at(3_616)), Pass::Probe);
        breaker.succeeded();
        assert_eq!(breaker.ask(at(3_616)), Pass::Free);
    }
}
