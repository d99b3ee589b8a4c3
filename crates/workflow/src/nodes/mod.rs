//! The nodes of the graph: each reads through the tools and returns a step. None of them writes.

pub mod again;
pub mod answer;
pub mod chat;
pub mod command;
pub mod confirm;
pub mod correct;
pub mod create;
pub mod erase;
pub mod export;
pub mod place;
pub mod read_file;
pub mod setting;

use crate::{replies::Reply, scene::Scene};
use domain::{conversation::Conversation, outcome::Change};

/// What a node decides: writes as data, replies as values, the new memory.
pub struct Step {
    /// Writes, in order.
    pub changes: Vec<Change>,
    /// Replies, in order.
    pub replies: Vec<Reply>,
    /// The memory.
    pub conversation: Conversation,
}

impl Step {
    /// Makes a step that does nothing yet; what waited goes on waiting.
    pub fn silent(scene: &Scene<'_>) -> Self {
        let conversation = Conversation {
            pending: scene.pending().cloned(),
            puzzled: None,
            ..scene.memory().clone()
        };
        Self { changes: Vec::new(), replies: Vec::new(), conversation }
    }

    /// Makes a step that only replies; what waited goes on waiting.
    pub fn reply(scene: &Scene<'_>, reply: Reply) -> Self {
        Self { replies: vec![reply], ..Self::silent(scene) }
    }

    /// Makes a step that replies and lets go of what waited.
    pub fn settle(scene: &Scene<'_>, reply: Reply) -> Self {
        let conversation = Conversation { pending: None, puzzled: None, ..scene.memory().clone() };
        Self { changes: Vec::new(), replies: vec![reply], conversation }
    }
}
