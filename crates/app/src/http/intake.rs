//! The one way in: a message is stored with its job before anybody is told that it was taken.

use super::problem::Problem;
use crate::{
    compose::AppState,
    telemetry::{meters, traces},
};
use domain::{
    ids::InboundId,
    message::{ChannelKind, NewInbound},
};
use ports::store::Accepted;
use std::time::Instant;

/// The longest text that is taken, in characters.
const MAX_TEXT: usize = 10_000;

/// Stores a message and wakes the workers; a message that was sent before keeps its identifier.
///
/// # Errors
///
/// [`Problem::Unavailable`] if it could not be stored: it must not be acknowledged.
pub(super) async fn accept(state: &AppState, message: &NewInbound) -> Result<InboundId, Problem> {
    let message = &NewInbound { trace: traces::current(), ..message.clone() };
    let started = Instant::now();
    let _waiting = state.ties.rush.let_in(&message.from).await;
    let accepted = state.ports.store.accept(message, &state.config.habits).await;
    meters::accepted(message.channel.word(), &accepted, started.elapsed());
    match accepted? {
        Accepted::New(id) => {
            state.ties.wake.ring();
            tracing::info!(inbound.id = %id, channel = message.channel.word(), files = message.attachments.len(), "message accepted");
            Ok(id)
        }
        Accepted::Duplicate(id) => {
            tracing::info!(inbound.id = %id, channel = message.channel.word(), "message had been accepted before");
            Ok(id)
        }
        Accepted::Contradicted(id) => {
            tracing::warn!(inbound.id = %id, channel = message.channel.word(), "message had been accepted before with another text, which stands");
            Ok(id)
        }
    }
}

/// Returns a message that a sender, authenticated by us, has sent through one of our own channels.
pub(super) fn message(channel: ChannelKind, from: &str, provider_id: String) -> NewInbound {
    NewInbound {
        channel,
        provider_id,
        from: from.to_owned(),
        to: String::new(),
        profile_name: String::new(),
        text: String::new(),
        button: None,
        attachments: Vec::new(),
        locale: None,
        trace: None,
        missed_since: None,
    }
}

/// Returns a text as it may be stored: no NUL, and not too long.
///
/// # Errors
///
/// [`Problem::Malformed`] if it is too long.
pub(super) fn text(raw: &str) -> Result<String, Problem> {
    if raw.chars().count() > MAX_TEXT {
        return Err(Problem::malformed(format!("A text has at most {MAX_TEXT} characters.")));
    }
    Ok(raw.replace('\0', ""))
}

/// Returns the first language that a browser or program asks for; a hint only.
pub(super) fn locale(headers: &axum::http::HeaderMap) -> Option<String> {
    let wanted = headers.get(axum::http::header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let first = wanted.split([',', ';']).next()?.trim();
    let plausible = (2..=35).contains(&first.len())
        && first.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    plausible.then(|| first.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderMap;

    fn locale_of(header: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert("accept-language", header.parse().unwrap());
        locale(&headers)
    }

    #[test]
    fn the_first_language_that_is_one_is_the_hint() {
        assert_eq!(locale_of("de-AT,de;q=0.9,en;q=0.8").as_deref(), Some("de-AT"));
        assert_eq!(locale_of("*"), None);
        assert_eq!(locale_of("<script>"), None);
    }

    #[test]
    fn nul_is_dropped_and_emoji_stay() {
        assert_eq!(text("a\0b 🧾").unwrap(), "ab 🧾");
        assert!(text(&"x".repeat(MAX_TEXT + 1)).is_err());
    }
}
