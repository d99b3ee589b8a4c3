//! How far apart transactions of one kind begin.

use std::time::Duration;
use tokio::time::Instant;

/// So many breaths early a transaction may begin while there is little to do.
const AHEAD: u32 = 8;

/// Keeps transactions of one kind apart, so that under load each takes more with it. One person who is
/// answered turn after turn is no load, and makes nobody wait.
#[derive(Debug)]
pub struct Breath {
    length: Duration,
    last: Option<Instant>,
    due: Option<Instant>,
}

impl Breath {
    /// Makes one of this length.
    pub const fn of(length: Duration) -> Self {
        Self { length, last: None, due: None }
    }

    /// Returns when a transaction that is wanted now may begin, and counts it. Where there is little to
    /// do it is only late if many of them came before it.
    pub fn begin(&mut self, now: Instant, is_little: bool) -> Instant {
        let earliest = if is_little {
            self.due.and_then(|due| due.checked_sub(self.length.saturating_mul(AHEAD)))
        } else {
            self.last.and_then(|last| last.checked_add(self.length))
        };
        let begin = earliest.map_or(now, |earliest| earliest.max(now));
        self.due = self.due.map_or(begin, |due| due.max(begin)).checked_add(self.length);
        self.last = Some(begin);
        begin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns after how many milliseconds each of so many transactions may begin that are wanted now.
    fn begun(breath: &mut Breath, now: Instant, is_little: bool, count: usize) -> Vec<u128> {
        let mut begin = || breath.begin(now, is_little).duration_since(now).as_millis();
        (0..count).map(|_| begin()).collect()
    }

    #[tokio::test]
    async fn f63_transactions_are_kept_apart_only_where_there_are_many() {
        let (mut breath, mut now) = (Breath::of(Duration::from_millis(10)), Instant::now());
        for _ in 0..1_000 {
            assert_eq!(breath.begin(now, true), now, "sixty a second are few");
            now += Duration::from_millis(17);
        }
        assert_eq!(begun(&mut breath, now, true, 12), [0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 20, 30]);
        now += Duration::from_secs(1);
        assert_eq!(begun(&mut breath, now, false, 4), [0, 10, 20, 30], "there is much to do");
        now += Duration::from_secs(1);
        assert_eq!(begun(&mut breath, now, false, 1), [0], "a rest is a breath");
    }
}
