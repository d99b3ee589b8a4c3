//! Stand-ins and contract suites for tests; never part of the product.

pub mod clock;
pub mod contracts;
