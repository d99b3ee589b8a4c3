//! Which invoice is to be made?

use super::ask::ask;
use crate::{prompts, scene::Scene, turn::TurnError};
use domain::draft::Draft;
use ports::model::{Claimed, Task};

/// The most items of an invoice that is made from a sentence.
const MAX_ITEMS: usize = 200;

/// Reads a draft from a text; nothing if it was not understood. What is wrong with its numbers is told
/// when it is shown.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(scene: &Scene<'_>, text: &str) -> Result<Option<Draft>, TurnError> {
    let names = scene.names().await?;
    let task = Task::Draft(scene.sentence(text, names));
    let Claimed::Draft(draft) = ask(scene, task, prompts::DRAFT).await? else { return Ok(None) };
    Ok(Some(*draft).filter(|draft| draft.items.len() <= MAX_ITEMS))
}
