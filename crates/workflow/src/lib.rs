//! What to do with a message: the graph, its nodes, what they understand and what they reply.
//!
//! Depends on the domain and the ports only; it cannot name a vendor, a database or a format.

pub mod turn;
