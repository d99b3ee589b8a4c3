//! Which invoice is to be made?

use super::ask::ask;
use crate::{prompts, scene::Scene, turn::TurnError};
use domain::draft::Draft;
use ports::model::{Claimed, Task};
use rust_decimal::Decimal;

/// The most items of an invoice that is made from a sentence.
const MAX_ITEMS: usize = 200;

/// Reads a draft from a text; nothing if it was not understood or its numbers make no sense.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(scene: &Scene<'_>, text: &str) -> Result<Option<Draft>, TurnError> {
    let names = scene.names().await?;
    let task = Task::Draft(scene.sentence(text, names));
    let Claimed::Draft(draft) = ask(scene, task, prompts::DRAFT).await? else { return Ok(None) };
    Ok(Some(*draft).filter(is_sensible))
}

fn is_sensible(draft: &Draft) -> bool {
    let positive = draft.items.iter().all(|item| {
        item.quantity.0 > Decimal::ZERO
            && item.unit_price.is_none_or(|price| price.0 >= Decimal::ZERO)
    });
    let on_time = draft.due_date.is_none_or(|due| due >= draft.issue_date);
    positive && on_time && draft.items.len() <= MAX_ITEMS
}
