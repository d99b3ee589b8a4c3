//! Other people's HTTP, and the places outside the database: channels, models, files, wake-ups.
//!
//! Wire types stay in here. Settings arrive as plain structs; nothing here reads the environment.

pub mod blobs;
pub mod cache;
pub mod channels;
pub mod http;
pub mod limits;
pub mod model;
pub mod otlp;
pub mod redis;
pub mod twilio;
pub mod wake;
