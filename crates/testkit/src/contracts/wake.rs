//! What every form of wake-ups does; each is tested as two processes that share it.

#![expect(clippy::panic, reason = "a test fails by panicking, its helpers too")]

use ports::wake::Wake;
use std::{sync::Arc, time::Duration};
use tokio::task::JoinSet;

/// How long a ring may take on a slow, busy machine.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long is waited for a ring that must not come.
const SILENCE: Duration = Duration::from_millis(300);

/// Two processes within call of each other.
pub struct Pair {
    /// The one that takes messages in.
    pub one: Arc<dyn Wake>,
    /// The one that answers them.
    pub other: Arc<dyn Wake>,
    _carrying: JoinSet<()>,
}

impl Pair {
    /// Makes two processes of the two ends; they may be the same one. Carried again at once when
    /// they are cut off.
    pub fn of(one: Arc<dyn Wake>, other: Arc<dyn Wake>) -> Self {
        let mut carrying = JoinSet::new();
        for end in [Arc::clone(&one), Arc::clone(&other)] {
            carrying.spawn(async move {
                loop {
                    let Err(_) = end.carry().await;
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            });
        }
        Self { one, other, _carrying: carrying }
    }

    /// Rings until the other end has heard it, and clears what it has heard.
    pub async fn within_call(&self) {
        let heard = tokio::time::timeout(PATIENCE, async {
            let mut in_a_row = 0_u8;
            // Both ends are woken once when they begin to listen, which is no ring.
            while in_a_row < 3 {
                while was_rung(&*self.other, Duration::from_millis(20)).await {}
                self.one.ring();
                let heard = was_rung(&*self.other, SILENCE).await;
                in_a_row = if heard { in_a_row.saturating_add(1) } else { 0 };
            }
        });
        if heard.await.is_err() {
            panic!("the other end was never within call");
        }
        self.clear().await;
    }

    /// Takes what both ends have heard so far.
    pub async fn clear(&self) {
        for end in [&self.one, &self.other] {
            while was_rung(&**end, SILENCE).await {}
        }
    }
}

async fn was_rung(end: &dyn Wake, patience: Duration) -> bool {
    tokio::time::timeout(patience, end.rung()).await.is_ok()
}

/// A ring at one end is heard at the other, each time.
pub async fn a_ring_is_heard_at_the_other_end(pair: &Pair) {
    pair.within_call().await;
    for _ in 0..20 {
        pair.one.ring();
        assert!(was_rung(&*pair.other, PATIENCE).await, "a ring was lost");
    }
}

/// A ring that comes before the wait ends the wait.
pub async fn a_ring_before_the_wait_is_not_lost(pair: &Pair) {
    pair.clear().await;
    pair.one.ring();
    assert!(was_rung(&*pair.one, PATIENCE).await, "a ring was lost");
}

/// Many rings that nobody has heard yet are few, so that nobody is woken for work long done.
pub async fn many_rings_are_heard_as_few(pair: &Pair) {
    pair.within_call().await;
    for _ in 0..1000 {
        pair.one.ring();
    }
    tokio::time::sleep(SILENCE).await;
    let mut heard = 0_u32;
    while was_rung(&*pair.other, SILENCE).await {
        heard = heard.saturating_add(1);
    }
    assert!((1..=2).contains(&heard), "{heard} rings");
}

/// Writes the tests of one form; `fresh` makes a pair, or nothing where its server is missing.
#[macro_export]
macro_rules! wake_contract {
    ($fresh:path) => {
        $crate::wake_contract!($fresh:
            a_ring_is_heard_at_the_other_end,
            a_ring_before_the_wait_is_not_lost,
            many_rings_are_heard_as_few,
        );
    };
    ($fresh:path: $($name:ident),+ $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let Some(pair) = $fresh().await else { return };
                $crate::contracts::wake::$name(&pair).await;
            }
        )+
    };
}
