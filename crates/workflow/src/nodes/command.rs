//! Command words: help, undo, a language's name.

use super::{Step, again, erase, export, setting};
use crate::{commands::Command, memory, replies::Reply, scene::Scene, turn::TurnError};
use domain::{
    conversation::Awaited,
    outcome::{Change, Patch},
    tenant::Habits,
};

/// Carries out a command.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(scene: &Scene<'_>, command: Command) -> Result<Step, TurnError> {
    match command {
        Command::Help => Ok(Step::reply(scene, Reply::Menu)),
        Command::Undo => undo(scene).await,
        Command::Memory => {
            let hints = memory::all(scene).await?;
            Ok(Step::reply(scene, Reply::VendorMemory { hints }))
        }
        Command::Forget => forget(scene).await,
        Command::Erase => erase::ask(scene).await,
        Command::Again(what) => again::run(scene, what).await,
        Command::Currency(chosen) => Ok(setting::currency(scene, chosen)),
        Command::TimeZone(chosen) => Ok(setting::time_zone(scene, chosen)),
        Command::Usage => setting::usage(scene).await,
        Command::Reminders(wanted) => Ok(setting::reminders(scene, wanted)),
        Command::Export(export) => export::run(scene, &export).await,
        Command::Odd(odd) => Ok(Step::reply(scene, Reply::Odd(odd))),
        Command::Stop => Ok(silenced(scene, true, Reply::Stopped)),
        Command::Start => Ok(silenced(scene, false, Reply::Resumed)),
        Command::SetLanguage(language) => {
            let habits = Habits { language: Some(language), ..scene.habits().clone() };
            let mut step = Step::reply(scene, Reply::LanguageSet { language });
            step.changes.push(Change::SetHabits(habits));
            Ok(step)
        }
    }
}

/// Says that nothing more is said from now on, or that it is again.
fn silenced(scene: &Scene<'_>, is_silent: bool, reply: Reply) -> Step {
    let mut step = Step::settle(scene, reply);
    step.conversation.is_silent = is_silent;
    step.changes.push(Change::SetSilence(is_silent));
    step
}

async fn undo(scene: &Scene<'_>) -> Result<Step, TurnError> {
    let Some(undoable) = scene.tools.ledger.last_undoable(scene.tenant()).await? else {
        return Ok(Step::reply(scene, Reply::NothingToUndo));
    };
    let hint = memory::unlearn(scene, &undoable.patches).await?;
    let back = undoable.patches.iter().map(Patch::invoice).collect::<Vec<_>>();
    let mut step = Step::settle(scene, Reply::Undone { patches: undoable.patches });
    step.conversation.look_at(back);
    step.changes.push(Change::Undo(undoable.event));
    step.changes.extend(hint.map(|hint| Change::KeepHint(Box::new(hint))));
    Ok(step)
}

/// Asks before anything is forgotten: it cannot be taken back.
async fn forget(scene: &Scene<'_>) -> Result<Step, TurnError> {
    let hints = memory::all(scene).await?;
    if hints.is_empty() {
        return Ok(Step::reply(scene, Reply::VendorMemory { hints }));
    }
    let pending = scene.await_answer(Awaited::ForgetHints);
    let reply = Reply::ForgetPreview { count: hints.len(), pending: pending.id };
    let mut step = Step::settle(scene, reply);
    step.conversation.pending = Some(pending);
    Ok(step)
}
