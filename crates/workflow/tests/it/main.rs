//! The graph through its one door, [`workflow::turn::run`], over fakes.

mod confirm;
mod correct;
mod create;
mod files;
mod questions;
mod stage;
