//! What every form of limits does; each is tested as two processes that share them.

use ports::limits::{Limits, Rate};
use std::{sync::Arc, time::Duration};
use tokio::task::JoinSet;

/// A rate at which nothing comes back while a test runs.
const SLOW: Rate = Rate { burst: 7, every: Duration::from_secs(3600) };
/// A rate at which something comes back soon.
const QUICK: Rate = Rate { burst: 1, every: Duration::from_millis(400) };

/// Two processes under the same limits.
pub struct Pair {
    /// One of them.
    pub one: Arc<dyn Limits>,
    /// The other; may be the same.
    pub other: Arc<dyn Limits>,
}

/// Both ends together get the burst, however many ask at once, and the rest is told to wait.
pub async fn both_ends_together_get_the_burst_and_no_more(pair: &Pair) {
    let mut asking = JoinSet::new();
    for _ in 0..20 {
        for end in [&pair.one, &pair.other] {
            let end = Arc::clone(end);
            asking.spawn(async move { end.take("crowd", SLOW).await });
        }
    }
    let answers = asking.join_all().await;
    assert_eq!(answers.iter().filter(|wait| wait.is_none()).count(), 7);
    let longest = answers.into_iter().flatten().max().unwrap_or_default();
    assert!(longest > Duration::from_secs(3500) && longest <= SLOW.every, "{longest:?}");
}

/// Who is over a limit takes nothing from anybody else.
pub async fn each_has_a_limit_of_its_own(pair: &Pair) {
    for _ in 0..10 {
        pair.one.take("noisy", SLOW).await;
    }
    assert_eq!(pair.one.take("quiet", SLOW).await, None);
    assert_eq!(pair.other.take("quiet", SLOW).await, None);
    assert!(pair.other.take("noisy", SLOW).await.is_some());
}

/// After the wait that was told there is a time again, and asking too early costs nothing.
pub async fn after_the_wait_there_is_a_time_again(pair: &Pair) {
    assert_eq!(pair.one.take("patient", QUICK).await, None);
    let mut waits = 0_u32;
    while let Some(wait) = pair.other.take("patient", QUICK).await {
        assert!(wait <= QUICK.every, "{wait:?}");
        tokio::time::sleep(wait.min(Duration::from_millis(100))).await;
        waits = waits.saturating_add(1);
    }
    assert!((1..=40).contains(&waits), "{waits} waits");
}

/// Writes the tests of one form; `fresh` makes a pair, or nothing where its server is missing.
#[macro_export]
macro_rules! limits_contract {
    ($fresh:path) => {
        $crate::limits_contract!($fresh:
            both_ends_together_get_the_burst_and_no_more,
            each_has_a_limit_of_its_own,
            after_the_wait_there_is_a_time_again,
        );
    };
    ($fresh:path: $($name:ident),+ $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let Some(pair) = $fresh().await else { return };
                $crate::contracts::limits::$name(&pair).await;
            }
        )+
    };
}
