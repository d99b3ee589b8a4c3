//! One suite per port; every adapter runs it.

pub mod store;
