//! Everything that is stored of a person, deleted: in two steps, with a receipt.

use super::Step;
use crate::{replies::Reply, scene::Scene, turn::TurnError};
use domain::{conversation::Awaited, ids::EventId, outcome::Change};

/// Says what would be deleted and asks.
///
/// # Errors
///
/// [`TurnError`].
pub async fn ask(scene: &Scene<'_>) -> Result<Step, TurnError> {
    let stored = scene.tools.ledger.stored(scene.tenant()).await?;
    let pending = scene.await_answer(Awaited::EraseAll);
    let mut step = Step::settle(scene, Reply::ErasePreview { stored, pending: pending.id });
    step.conversation.pending = Some(pending);
    Ok(step)
}

/// Deletes it. The number of the receipt is that of the one entry which the audit trail keeps.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(scene: &Scene<'_>) -> Result<Step, TurnError> {
    let stored = scene.tools.ledger.stored(scene.tenant()).await?;
    let event = EventId(scene.tools.clock.new_id());
    let mut step = Step::settle(scene, Reply::Erased { stored, reference: event.to_string() });
    step.changes.push(Change::Erase(event));
    Ok(step)
}
