//! Language models behind other people's servers.

mod breaker;
mod capability;
mod chain;
mod complaint;
mod completion;
mod content;
mod dialect;
mod into_domain;
mod listing;
mod openai;
mod patience;
mod picture;
mod request;
mod wire;

pub use capability::price_of;
pub use chain::Chain;
pub use listing::{Listed, NOTICE_DAYS, notice};
pub use openai::{OpenAi, OpenAiSettings};
pub use patience::Pause;
