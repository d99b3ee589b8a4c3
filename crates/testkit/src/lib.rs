//! Stand-ins and contract suites for tests; never part of the product.

pub mod blobs;
pub mod channel;
pub mod clock;
pub mod contracts;
pub mod model;
pub mod own_postgres;
pub mod postgres;
pub mod redis;
pub mod standin;
