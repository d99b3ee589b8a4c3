//! Where writes of one kind stand in line, to be made together: whoever comes to a head of it makes
//! those of all who wait there. Under load that is most of them, and each costs a fraction of a
//! transaction; after a rest nobody waits.

use crate::Breath;
use ports::store::{StoreError, StoreResult};
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{Semaphore, SemaphorePermit, oneshot},
    time::Instant,
};

/// The most writes of one transaction.
const MOST: usize = 64;
/// How many that cannot be written with those before them are passed over for others further back.
const PASSED_OVER: usize = 1_024;

/// A line of writes that are told `R`.
pub struct Line<T, R> {
    waiting: Mutex<VecDeque<Asked<T, R>>>,
    heads: Semaphore,
    breath: Mutex<Breath>,
}

/// A write, and who is to be told what became of it.
pub struct Asked<T, R> {
    /// What is to be written.
    pub item: T,
    told: oneshot::Sender<R>,
}

impl<T, R> Asked<T, R> {
    /// Tells what became of it.
    pub fn tell(self, told: R) {
        // Who has gone needs no answer.
        let _ = self.told.send(told);
    }
}

/// Tells each of what was written together what came of it. Of a failure that all have to suffer from
/// everyone is told; of another nobody, so that each is written alone.
pub fn tell_all<T, R>(all: Vec<Asked<T, StoreResult<R>>>, done: StoreResult<Vec<StoreResult<R>>>) {
    match done {
        Ok(done) => all.into_iter().zip(done).for_each(|(asked, done)| asked.tell(done)),
        Err(StoreError::Unavailable(error)) => {
            for asked in all {
                asked.tell(Err(StoreError::Unavailable(error.to_string().into())));
            }
        }
        Err(_) => {}
    }
}

/// A place in a line.
pub struct Place<'a, T, R> {
    line: &'a Line<T, R>,
    answer: oneshot::Receiver<R>,
}

/// What comes of waiting.
pub enum Step<'a, T, R> {
    /// It was written with others; nothing is told where whoever was at a head has gone away in the
    /// middle, or it cannot be written with others.
    Told(Option<R>),
    /// These are to be written now, and told, before the head is let go; ours may be among them.
    Head(Vec<Asked<T, R>>, SemaphorePermit<'a>),
}

impl<T, R> Line<T, R> {
    /// Makes one with so many transactions at once, and so long from one to the next under load.
    pub fn new(heads: usize, breath: Duration) -> Self {
        Self {
            waiting: Mutex::default(),
            heads: Semaphore::new(heads),
            breath: Mutex::new(Breath::of(breath)),
        }
    }

    /// Stands in line.
    pub fn enter(&self, item: T) -> Place<'_, T, R> {
        let (told, answer) = oneshot::channel();
        self.waiting().push_back(Asked { item, told });
        Place { line: self, answer }
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Asked<T, R>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes those who are next and can be written together. A power of two of them: every statement
    /// is written out for each number of rows, and so few serve.
    fn take(&self, mut is_apart: impl FnMut(&T) -> bool) -> Vec<Asked<T, R>> {
        let mut waiting = self.waiting();
        let (mut together, mut later) = (Vec::new(), Vec::new());
        while together.len() < MOST && later.len() < PASSED_OVER {
            let Some(asked) = waiting.pop_front() else { break };
            if is_apart(&asked.item) { later.push(asked) } else { together.push(asked) }
        }
        let most = together.len().checked_ilog2().map_or(0, |power| 1_usize << power);
        let rest = together.split_off(most.min(together.len()));
        for asked in rest.into_iter().chain(later).rev() {
            waiting.push_front(asked);
        }
        together
    }

    /// Returns when the next transaction may begin, which is then taken.
    fn breathe(&self) -> Instant {
        let is_little = self.waiting().len() <= 1;
        let mut breath = self.breath.lock().unwrap_or_else(PoisonError::into_inner);
        breath.begin(Instant::now(), is_little)
    }
}

impl<'a, T, R> Place<'a, T, R> {
    /// Waits until it was written, or until it is at a head of the line. `is_apart` says of one after
    /// the other whether it cannot be written with those before it.
    pub async fn step(&mut self, is_apart: impl FnMut(&T) -> bool) -> Step<'a, T, R> {
        let head = tokio::select! {
            biased;
            told = &mut self.answer => return Step::Told(told.ok()),
            head = self.line.heads.acquire() => head,
        };
        let Ok(head) = head else { return Step::Told(None) };
        let begin = self.line.breathe();
        if begin > Instant::now() {
            tokio::time::sleep_until(begin).await;
        }
        let together = self.line.take(is_apart);
        if together.is_empty() {
            // Another head has ours.
            drop(head);
            return Step::Told((&mut self.answer).await.ok());
        }
        Step::Head(together, head)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tokio::task::JoinSet;

    /// Stands in line and writes what it is at the head of: how many there were at once is told.
    async fn written(line: &Line<u32, usize>, item: u32) -> Option<usize> {
        let mut place = line.enter(item);
        loop {
            let mut tens = std::collections::HashSet::new();
            match place.step(|item| !tens.insert(item / 10)).await {
                Step::Told(told) => return told,
                Step::Head(all, _head) => {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    let count = all.len();
                    all.into_iter().for_each(|asked| asked.tell(count));
                }
            }
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn everyone_is_told_and_those_that_must_be_apart_are() {
        let line = Arc::new(Line::new(2, Duration::ZERO));
        let mut writers = JoinSet::new();
        for item in 0..300_u32 {
            let line = Arc::clone(&line);
            writers.spawn(async move { written(&line, item).await });
        }
        let mut most = 0;
        while let Some(told) = writers.join_next().await {
            let count = told.unwrap().unwrap();
            assert!(count.is_power_of_two() && count <= 16, "{count} of thirty tens at once");
            most = most.max(count);
        }
        assert!(most > 1, "they were written together");
    }

    #[tokio::test]
    async fn who_goes_away_at_the_head_leaves_the_others_to_write_alone_and_holds_nobody_up() {
        let line = Line::<u32, usize>::new(1, Duration::ZERO);
        let mut behind = line.enter(20);
        let mut ahead = line.enter(10);
        let Step::Head(all, head) = ahead.step(|_| false).await else {
            unreachable!("nobody else is there")
        };
        assert_eq!(all.len(), 2);
        drop((all, head));
        assert!(matches!(behind.step(|_| false).await, Step::Told(None)));
        assert_eq!(written(&line, 30).await, Some(1));
    }
}
