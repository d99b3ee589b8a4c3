//! Files that are read at once and told in order.

use futures::{Stream, StreamExt, stream};
use std::{future::Future, sync::Arc};
use tokio::sync::Semaphore;

/// How many files, for each that is read, may be done before their turn to be told comes.
const AHEAD: usize = 16;

/// Does work, so much of it at once, and returns the results in order.
///
/// A long piece of work keeps one place: those behind it go on meanwhile and wait with their results.
pub fn in_order<Work: Future>(
    work: impl IntoIterator<Item = Work>,
    at_once: usize,
) -> impl Stream<Item = Work::Output> {
    let places = Arc::new(Semaphore::new(at_once));
    let placed = move |work: Work| {
        let places = Arc::clone(&places);
        async move {
            let _place = places.acquire().await;
            work.await
        }
    };
    stream::iter(work.into_iter().map(placed)).buffered(at_once.saturating_mul(AHEAD))
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        time::Duration,
    };
    use tokio::sync::Notify;

    /// The first waits for the fifth.
    async fn one_of(at: usize, fifth: Arc<Notify>) -> usize {
        match at {
            0 => fifth.notified().await,
            4 => fifth.notify_one(),
            _ => {}
        }
        at
    }

    #[tokio::test]
    async fn a_long_file_does_not_hold_up_those_behind_it() {
        let fifth = Arc::new(Notify::new());
        let work = (0..6).map(|at| one_of(at, Arc::clone(&fifth)));
        let told = in_order(work, 2).collect::<Vec<_>>();
        let told = tokio::time::timeout(Duration::from_secs(20), told).await.unwrap();
        assert_eq!(told, [0, 1, 2, 3, 4, 5]);
    }

    #[tokio::test]
    async fn no_more_are_read_at_once_than_asked_for() {
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = (0..40).map(|_| {
            async {
                most.fetch_max(
                    now.fetch_add(1, Ordering::SeqCst).saturating_add(1),
                    Ordering::SeqCst,
                );
                tokio::task::yield_now().await;
                now.fetch_sub(1, Ordering::SeqCst);
            }
            .boxed_local()
        });
        assert_eq!(in_order(work, 3).count().await, 40);
        assert_eq!(most.load(Ordering::SeqCst), 3);
    }
}
