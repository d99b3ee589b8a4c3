//! Which invoice is to be made?

use super::ask::{ask, of_built_in};
use crate::{prompts, scene::Scene, turn::TurnError};
use domain::draft::Draft;
use ports::model::{Ask, Claimed, Doubt, Task};

/// The most items of an invoice that is made from a sentence.
const MAX_ITEMS: usize = 200;

/// What became of an order of an invoice.
pub enum Ordered {
    /// A draft.
    Draft(Box<Draft>),
    /// It was not understood because of this.
    Doubt(Doubt),
    /// It was not understood.
    Unsure,
}

/// Reads a draft from a text. What is wrong with its numbers is told when it is shown.
///
/// # Errors
///
/// [`TurnError`].
pub async fn order(scene: &Scene<'_>, text: &str) -> Result<Ordered, TurnError> {
    let names = scene.names().await?;
    let task = Task::Draft(scene.sentence(text, names));
    Ok(match ask(scene, task, prompts::DRAFT).await? {
        Claimed::Draft(draft) if draft.items.len() <= MAX_ITEMS => Ordered::Draft(draft),
        Claimed::Doubt(doubt) => Ordered::Doubt(doubt),
        _ => Ordered::Unsure,
    })
}

/// Reads a draft from a text by the built-in model alone; nothing if that is not sure.
///
/// # Errors
///
/// [`TurnError`].
pub async fn by_built_in(scene: &Scene<'_>, text: &str) -> Result<Option<Draft>, TurnError> {
    let task = Task::Draft(scene.sentence(text, scene.names().await?));
    Ok(match of_built_in(scene, &Ask { task, instructions: prompts::DRAFT }).await? {
        Claimed::Draft(draft) if draft.items.len() <= MAX_ITEMS => Some(*draft),
        _ => None,
    })
}

/// Reads a draft from a text; nothing if it was not understood.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(scene: &Scene<'_>, text: &str) -> Result<Option<Draft>, TurnError> {
    Ok(match order(scene, text).await? {
        Ordered::Draft(draft) => Some(*draft),
        Ordered::Doubt(_) | Ordered::Unsure => None,
    })
}
