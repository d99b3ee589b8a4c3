//! Which stored invoices are to be changed, and how?

use super::{ask::ask, bind};
use crate::{prompts, scene::Scene, turn::TurnError};
use domain::correction::{Correction, Target};
use ports::model::{Claimed, Task};

/// What became of a wish for a change.
pub enum Wished {
    /// A change whose names are stored names.
    Correction(Box<Correction>),
    /// It names someone who is in no invoice.
    UnknownName(bind::UnknownName),
    /// It was not understood.
    Unsure,
}

/// Reads the change that the message's text asks for.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(scene: &Scene<'_>) -> Result<Wished, TurnError> {
    let names = scene.names().await?;
    let task = Task::Correct(scene.sentence(scene.text(), names.clone()));
    let Claimed::Correction(mut correction) = ask(scene, task, prompts::CORRECT).await? else {
        return Ok(Wished::Unsure);
    };
    if correction.set.is_empty() {
        return Ok(Wished::Unsure);
    }
    if let Target::Filter(filters) | Target::Latest(filters) = &mut correction.target
        && let Err(unknown) = bind::filters(filters, &names)
    {
        return Ok(Wished::UnknownName(unknown));
    }
    Ok(Wished::Correction(correction))
}
