//! What one process does for all.

use super::Fresh;
use ports::clock::Clock;
use std::time::Duration;

/// Nobody begins it twice within its time, and how far it got never goes back.
pub async fn a_chore_is_begun_by_one_and_remembers_how_far_it_got(fresh: &Fresh) {
    const EVERY: Duration = Duration::from_secs(60);
    let (store, begun) = (&fresh.store, fresh.clock.now());
    let (one, other) =
        tokio::join!(store.claim_chore("sweeping", EVERY), store.claim_chore("sweeping", EVERY));
    let claims = [one.unwrap(), other.unwrap()];
    assert_eq!(claims.iter().flatten().collect::<Vec<_>>(), [&begun]);
    assert_eq!(store.claim_chore("dusting", EVERY).await.unwrap(), Some(begun));

    fresh.clock.advance(Duration::from_secs(59));
    assert_eq!(store.claim_chore("sweeping", EVERY).await.unwrap(), None);
    fresh.clock.advance(Duration::from_secs(1));
    assert_eq!(store.claim_chore("sweeping", EVERY).await.unwrap(), Some(begun));
    let reached = fresh.clock.now();
    store.note_reached("sweeping", reached).await.unwrap();
    store.note_reached("sweeping", begun).await.unwrap();
    fresh.clock.advance(EVERY);
    assert_eq!(store.claim_chore("sweeping", EVERY).await.unwrap(), Some(reached));
}
