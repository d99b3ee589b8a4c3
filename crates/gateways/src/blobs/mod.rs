//! Places that keep files.

mod local;

pub use local::LocalDir;
