//! One suite per port; every adapter runs it.

pub mod cache;
pub mod limits;
pub mod store;
pub mod wake;
