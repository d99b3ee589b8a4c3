//! The gateways against servers that speak the real protocols, on loopback.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod chain;
mod contract;
mod hardship;
mod openai;
mod redis;
mod s3;
mod twilio_media;
mod twilio_send;
