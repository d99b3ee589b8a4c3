//! How many turns run at once: those on files have places of their own, so that slow documents
//! never hold up quick words.

use ports::store::{Claim, Room};
use std::{collections::HashMap, future::Future};
use tokio::task::{Id, JoinError, JoinSet};

/// Turns on words wait for a model most of their time, if there is one.
const WORDS: u32 = 1024;
/// Turns on files for each core. More than one of them waits for the network while one is read;
/// reading itself is bounded by the sandbox.
const FILES_A_CORE: u32 = 4;
/// Turns that were begun before and did not end. Few at once: when a process ends, nothing tells which
/// of its turns was to blame, and those that only stood by must not be taken for it again and again.
const AGAIN: u32 = 2;
/// The most that is claimed of a kind in one transaction, which holds up other writers.
pub(super) const CLAIMED_AT_ONCE: usize = 64;

/// What a turn is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Words alone.
    Words,
    /// At least one file.
    Files,
    /// Either, not for the first time.
    Again,
}

impl Kind {
    /// Returns the kind of the turn of a claim.
    pub(super) fn of(claim: &Claim) -> Self {
        match claim.work.inbound.message.attachments.as_slice() {
            _ if claim.attempts > 1 => Self::Again,
            [] => Self::Words,
            _ => Self::Files,
        }
    }
}

/// The places there are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slots {
    words: u32,
    files: u32,
}

impl Slots {
    /// Returns the places of a machine.
    pub(super) fn of(cores: usize) -> Self {
        let cores = u32::try_from(cores).unwrap_or(u32::MAX).max(1);
        Self { words: WORDS, files: cores.saturating_mul(FILES_A_CORE) }
    }

    /// Returns what may be claimed while a crew is at work, at most so many turns of each kind.
    pub(super) fn room(self, crew: &Crew, allowed: u32) -> Room {
        let most = u32::try_from(CLAIMED_AT_ONCE).unwrap_or(u32::MAX).min(allowed);
        let free = |places: u32, kind| places.saturating_sub(crew.count(kind)).min(most);
        Room {
            words: free(self.words, Kind::Words),
            files: free(self.files, Kind::Files),
            again: free(AGAIN, Kind::Again),
        }
    }
}

/// The turns that run.
#[derive(Debug, Default)]
pub(super) struct Crew {
    turns: JoinSet<()>,
    kinds: HashMap<Id, Kind>,
}

impl Crew {
    /// Starts a turn.
    pub(super) fn start(&mut self, kind: Kind, turn: impl Future<Output = ()> + Send + 'static) {
        self.kinds.insert(self.turns.spawn(turn).id(), kind);
    }

    /// Waits for a turn to end; returns nothing if none runs.
    pub(super) async fn one_ends(&mut self) -> Option<()> {
        let ended = self.turns.join_next_with_id().await?;
        self.forget(ended);
        Some(())
    }

    /// Waits for all to end.
    pub(super) async fn all_end(&mut self) {
        while self.one_ends().await.is_some() {}
    }

    /// Frees the places of all that have ended.
    pub(super) fn forget_ended(&mut self) {
        while let Some(ended) = self.turns.try_join_next_with_id() {
            self.forget(ended);
        }
    }

    fn forget(&mut self, ended: Result<(Id, ()), JoinError>) {
        self.kinds.remove(&ended.map_or_else(|error| error.id(), |(id, ())| id));
    }

    fn count(&self, kind: Kind) -> u32 {
        let count = self.kinds.values().filter(|&&other| other == kind).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn words_have_room_while_every_reader_is_at_work() {
        let (slots, mut crew) = (Slots::of(2), Crew::default());
        for _ in 0..8 {
            crew.start(Kind::Files, std::future::pending());
        }
        assert_eq!(slots.room(&crew, 100), Room { words: 64, files: 0, again: 2 });
        assert_eq!(slots.room(&crew, 1), Room { words: 1, files: 0, again: 1 });
        crew.start(Kind::Words, std::future::ready(()));
        crew.one_ends().await;
        assert_eq!((crew.count(Kind::Words), crew.count(Kind::Files)), (0, 8));
    }
}
