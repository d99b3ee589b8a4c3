//! The right of way of what comes in: a provider gives up on an acknowledgement after seconds, a
//! person waits longer for an answer. While many messages wait to be stored, few turns begin.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// From how many messages that wait to be stored on there is a rush. As many are there at once only
/// where this process or its database is at its end.
const CROWD: usize = 16;

/// How many messages wait to be stored by this process.
#[derive(Debug, Clone, Default)]
pub struct Rush(Arc<AtomicUsize>);

/// A message that waits to be stored, until it is dropped.
#[derive(Debug)]
pub struct Waiting(Arc<AtomicUsize>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Rush {
    /// Counts one more message.
    #[must_use]
    pub fn one_more(&self) -> Waiting {
        self.0.fetch_add(1, Ordering::Relaxed);
        Waiting(Arc::clone(&self.0))
    }

    /// Returns whether turns are to give way.
    pub(super) fn is_on(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= CROWD
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_give_way_while_there_is_a_crowd() {
        let rush = Rush::default();
        let mut crowd: Vec<Waiting> = (1..CROWD).map(|_| rush.one_more()).collect();
        assert!(!rush.is_on());
        crowd.push(rush.one_more());
        assert!(rush.is_on());
        crowd.pop();
        assert!(!rush.is_on());
    }
}
