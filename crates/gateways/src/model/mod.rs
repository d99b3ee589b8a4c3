//! Language models behind other people's servers.

mod chain;
mod content;
mod into_domain;
mod openai;
mod wire;

pub use chain::Chain;
pub use openai::{OpenAi, OpenAiSettings};
