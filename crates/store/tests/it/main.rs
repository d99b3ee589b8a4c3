//! The contract of the ports on SQLite, and what only SQLite can do.

mod opening;

use std::sync::Arc;
use testkit::{clock::FakeClock, contracts::store::Fresh};

/// Makes a store in memory that nobody else uses.
async fn fresh() -> Fresh {
    let clock = Arc::new(FakeClock::default());
    let store = store::open("sqlite::memory:", clock.clone()).await.unwrap();
    Fresh { store, clock }
}

mod in_memory {
    testkit::store_contract!(crate::fresh);
}
