//! Other people's HTTP, and the places outside the database: channels, models, files, wake-ups.
//!
//! Wire types stay in here. Settings arrive as plain structs; nothing here reads the environment.

pub mod blobs;
pub mod channels;
pub mod http;
pub mod model;
pub mod twilio;
pub mod wake;
