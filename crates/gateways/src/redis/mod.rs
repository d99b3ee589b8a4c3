//! What processes share through Redis: wake-ups, limits and a cache. All of it may be lost at any time.
//!
//! Keys and channels begin with a prefix, so that installations can share a server. Nothing
//! personal is kept there.

mod cache;
mod calls;
mod limits;
mod link;

pub use cache::SharedCache;
pub use calls::Calls;
pub use limits::SharedLimits;
pub use link::{LinkError, check};

use secrecy::SecretString;

/// Which server, and which part of it.
#[derive(Debug, Clone)]
pub struct RedisSettings {
    /// `redis://` or `rediss://`, with user, password and number of the database where needed.
    pub url: SecretString,
    /// What keys and channels begin with.
    pub prefix: String,
}
