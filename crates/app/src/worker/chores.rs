//! What is done now and then without being asked for.
//!
//! Most of it one process does for all: whoever comes first, since the database keeps when it was begun.

use async_trait::async_trait;
use std::{error::Error, time::Duration};
use tokio_util::sync::CancellationToken;

/// Why a chore was not done; it is tried again.
pub(super) type Undone = Box<dyn Error + Send + Sync>;

/// Something that is done again and again.
#[async_trait]
pub(super) trait Chore: Send {
    /// What is logged when it cannot be done.
    const COMPLAINT: &'static str;
    /// How often it is looked whether something is to be done.
    const LOOK: Duration;

    /// Does what is due, if anything. It may be ended in the middle.
    async fn run(&mut self) -> Result<(), Undone>;
}

/// Does a chore until it is told to stop. That it cannot be done is told once, however often it is tried.
pub(super) async fn tend<C: Chore>(mut chore: C, stop: CancellationToken) {
    let mut is_warned = false;
    while !stop.is_cancelled() {
        let done = tokio::select! {
            () = stop.cancelled() => return,
            done = chore.run() => done,
        };
        if let Err(error) = &done
            && !is_warned
        {
            let error = crate::cli::chain(error.as_ref());
            tracing::warn!(error, "{}", C::COMPLAINT);
        }
        is_warned = done.is_err();
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(C::LOOK) => {}
        }
    }
}
