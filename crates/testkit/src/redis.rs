//! A real server of Redis, and a part of it that nobody else uses.
//!
//! The server is the one of `BILLHOOK_TEST_REDIS` (a URL); without it the tests that need one pass
//! over, and the command that runs every test says so.

use uuid::Uuid;

/// Returns the address of the server, if there is one.
#[must_use]
pub fn server() -> Option<String> {
    std::env::var_os("BILLHOOK_TEST_REDIS").and_then(|url| url.into_string().ok())
}

/// Returns a beginning of keys that nobody else uses.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "keys of earlier runs may still be on the server")]
pub fn fresh_prefix() -> String {
    format!("test-{}", Uuid::now_v7().simple())
}
