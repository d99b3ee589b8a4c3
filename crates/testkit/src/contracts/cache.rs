//! What every form of a cache does; each is tested as two processes that share it.

use ports::cache::Cache;
use std::{sync::Arc, time::Duration};

/// Two processes with the same cache.
pub struct Pair {
    /// One of them.
    pub one: Arc<dyn Cache>,
    /// The other; may be the same.
    pub other: Arc<dyn Cache>,
}

/// What one keeps both recall, the newest of a key, and each key by itself.
pub async fn what_one_keeps_both_recall(pair: &Pair) {
    const LONG: Duration = Duration::from_secs(60);
    assert_eq!(pair.one.recall("a").await, None);
    pair.one.keep("a", "first", LONG).await;
    pair.one.keep("b", "other", LONG).await;
    pair.other.keep("a", "second", LONG).await;
    for end in [&pair.one, &pair.other] {
        assert_eq!(end.recall("a").await.as_deref(), Some("second"));
        assert_eq!(end.recall("b").await.as_deref(), Some("other"));
    }
}

/// After its time it is gone.
pub async fn after_its_time_it_is_gone(pair: &Pair) {
    pair.one.keep("short", "text", Duration::from_millis(200)).await;
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(pair.other.recall("short").await, None);
}

/// Writes the tests of one form; `fresh` makes a pair, or nothing where its server is missing.
#[macro_export]
macro_rules! cache_contract {
    ($fresh:path) => {
        $crate::cache_contract!($fresh: what_one_keeps_both_recall, after_its_time_it_is_gone);
    };
    ($fresh:path: $($name:ident),+ $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let Some(pair) = $fresh().await else { return };
                $crate::contracts::cache::$name(&pair).await;
            }
        )+
    };
}
