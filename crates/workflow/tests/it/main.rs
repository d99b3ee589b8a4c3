//! The graph through its one door, [`workflow::turn::run`], over fakes.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod confirm;
mod correct;
mod create;
mod export;
mod files;
mod obedient;
mod questions;
mod second_reader;
mod several;
mod sheets;
mod stage;
