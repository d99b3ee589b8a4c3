//! Command words: help, undo, a language's name.

use super::Step;
use crate::{commands::Command, memory, replies::Reply, scene::Scene, turn::TurnError};
use domain::{outcome::Change, tenant::Habits};

/// Carries out a command.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(scene: &Scene<'_>, command: Command) -> Result<Step, TurnError> {
    match command {
        Command::Help => Ok(Step::reply(scene, Reply::Menu)),
        Command::Undo => undo(scene).await,
        Command::SetLanguage(language) => {
            let habits = Habits { language: Some(language), ..scene.habits().clone() };
            let mut step = Step::reply(scene, Reply::LanguageSet { language });
            step.changes.push(Change::SetHabits(habits));
            Ok(step)
        }
    }
}

async fn undo(scene: &Scene<'_>) -> Result<Step, TurnError> {
    let Some(undoable) = scene.tools.ledger.last_undoable(scene.tenant()).await? else {
        return Ok(Step::reply(scene, Reply::NothingToUndo));
    };
    let hint = memory::unlearn(scene, &undoable.patches).await?;
    let mut step = Step::settle(scene, Reply::Undone { patches: undoable.patches });
    step.changes.push(Change::Undo(undoable.event));
    step.changes.extend(hint.map(|hint| Change::KeepHint(Box::new(hint))));
    Ok(step)
}
