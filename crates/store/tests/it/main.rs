//! The contract of the ports on both databases, and what only one of them can do.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]

mod copying;
mod guarding;
mod opening;
mod postgres;
mod rights;
mod scale;
mod waking;

use std::sync::Arc;
use testkit::{clock::FakeClock, contracts::store::Fresh};

/// Makes a store in memory that nobody else uses: one connection for everything.
async fn fresh_in_memory() -> Fresh {
    let clock = Arc::new(FakeClock::default());
    let store = store::open("sqlite::memory:", clock.clone()).await.unwrap();
    Fresh { store, clock, place: None }
}

/// Makes a store in a file: one connection that writes, several that read.
async fn fresh_on_disk() -> Fresh {
    let clock = Arc::new(FakeClock::default());
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("book.db").display());
    let store = store::open(&url, clock.clone()).await.unwrap();
    Fresh { store, clock, place: Some(Box::new(folder)) }
}

mod in_memory {
    testkit::store_contract!(crate::fresh_in_memory);
    testkit::lone_store_contract!(crate::fresh_in_memory);
}

mod on_disk {
    testkit::store_contract!(crate::fresh_on_disk);
    testkit::lone_store_contract!(crate::fresh_on_disk);
}
