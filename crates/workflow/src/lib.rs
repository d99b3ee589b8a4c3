//! What to do with a message: the graph, its nodes, what they understand and what they reply.
//!
//! Depends on the domain and the ports only; it cannot name a vendor, a database or a format.
//! Texts live in files: prompts in `prompts/`, replies in `templates/`.

mod attachments;
pub mod commands;
pub mod graph;
mod memory;
mod nodes;
pub mod prompts;
pub mod reminders;
pub mod replies;
mod scene;
pub mod turn;
mod understanding;
mod words;

pub use attachments::original_name;
pub use understanding::{cut_off, printed, second_opinion};
