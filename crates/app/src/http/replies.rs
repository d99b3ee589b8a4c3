//! Replies as our own API and page read them.

use super::problem::Problem;
use crate::compose::AppState;
use domain::{ids::InboundId, message::Outbound};
use ports::store::JobState;
use serde::Serialize;
use std::time::Duration;
use tokio::time::Instant;

/// How often the database is asked whether a reply is there.
pub(super) const LOOK_EVERY: Duration = Duration::from_millis(150);

/// A button under a reply.
#[derive(Debug, Serialize)]
pub(super) struct Button {
    id: String,
    label: String,
}

/// A file that goes with a reply.
#[derive(Debug, Serialize)]
pub(super) struct File {
    name: String,
    media_type: String,
    url: String,
}

/// One reply.
#[derive(Debug, Serialize)]
pub(super) struct Reply {
    text: String,
    buttons: Vec<Button>,
    file: Option<File>,
}

impl Reply {
    /// Writes a reply down; `url` says where its file is served.
    pub(super) fn of(outbound: Outbound, url: impl FnOnce(&Outbound) -> String) -> Self {
        let url = if outbound.file.is_some() { url(&outbound) } else { String::new() };
        let file =
            outbound.file.map(|file| File { name: file.name, media_type: file.media_type, url });
        Self { text: outbound.text, buttons: buttons(outbound.buttons), file }
    }
}

/// Writes buttons down.
pub(super) fn buttons(buttons: Vec<domain::message::Button>) -> Vec<Button> {
    let write = |button: domain::message::Button| Button { id: button.id, label: button.label };
    buttons.into_iter().map(write).collect()
}

/// Waits until a message has been dealt with, at most so long; returns where it stands then.
///
/// # Errors
///
/// [`Problem::NotFound`] if there is no such message.
pub(super) async fn settled(
    state: &AppState,
    inbound: InboundId,
    wait: Duration,
) -> Result<JobState, Problem> {
    let end = Instant::now().checked_add(wait);
    loop {
        let now = state.ports.store.state_of(inbound).await?.ok_or(Problem::NotFound)?;
        if now != JobState::Open || end.is_none_or(|end| Instant::now() >= end) {
            return Ok(now);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
