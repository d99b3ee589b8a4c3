//! Plans to SQL: one statement with bound values, in the SQL that all databases share.

mod compile;
mod filters;
mod measure;
#[cfg(test)]
mod tests;
mod wording;

pub use compile::{Compiled, Shape, compile};
pub use filters::{Scope, matching, one_of};
pub use measure::Unit;
pub use wording::{Wording, ways};
