//! Answers to what was asked: a literal yes or no, a missing value, a choice.
//!
//! Only the action that waits is ever carried out, once, and only while it waits.

use super::{Step, correct, create};
use crate::{replies::Reply, scene::Scene, turn::TurnError, words::Verdict};
use domain::{
    conversation::{Awaited, Pending},
    outcome::Change,
};

/// Takes an answer.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(scene: &Scene<'_>) -> Result<Step, TurnError> {
    let verdict = Verdict::of(scene.turn);
    let Some(pending) = scene.pending() else {
        let reply = match scene.memory().pending {
            Some(_) => Reply::PendingExpired,
            None => Reply::NothingPending,
        };
        return Ok(Step::settle(scene, reply));
    };
    match verdict {
        Some(Verdict::Yes(button)) if is_for(pending, button.as_deref()) => {
            agreed(scene, pending).await
        }
        Some(Verdict::No(button)) if is_for(pending, button.as_deref()) => {
            Ok(Step::settle(scene, Reply::Dropped))
        }
        // A button of an older question.
        Some(_) => Ok(Step::reply(scene, Reply::PendingExpired)),
        None => valued(scene, pending).await,
    }
}

fn is_for(pending: &Pending, button: Option<&str>) -> bool {
    button.is_none_or(|id| id == pending.id.to_string())
}

async fn agreed(scene: &Scene<'_>, pending: &Pending) -> Result<Step, TurnError> {
    match &pending.awaited {
        Awaited::IssueDraft(draft) => create::issue(scene, draft).await,
        Awaited::ApplyPatches(patches) => {
            let mut step = Step::settle(scene, Reply::Changed { patches: patches.clone() });
            step.changes.push(Change::PatchInvoices(patches.clone()));
            Ok(step)
        }
        Awaited::KeepDuplicate(invoice) => {
            let reply = Reply::Saved { invoice: invoice.clone(), read_by_machine: false };
            let mut step = Step::settle(scene, reply);
            step.conversation.last_invoice = Some(invoice.id);
            step.changes.push(Change::SaveInvoice(invoice.clone()));
            Ok(step)
        }
        // A yes is no value: ask again.
        Awaited::CompleteDraft(draft) => {
            let reply = Reply::AskMissing { draft: draft.clone(), missing: draft.missing() };
            Ok(Step::reply(scene, reply))
        }
        Awaited::ChooseInvoice { .. } => Ok(Step::reply(scene, Reply::ChooseOne)),
    }
}

async fn valued(scene: &Scene<'_>, pending: &Pending) -> Result<Step, TurnError> {
    match &pending.awaited {
        Awaited::CompleteDraft(draft) => create::complete(scene, draft).await,
        Awaited::ChooseInvoice { candidates, correction } => {
            correct::choose(scene, candidates, correction).await
        }
        Awaited::IssueDraft(_) | Awaited::ApplyPatches(_) | Awaited::KeepDuplicate(_) => {
            Ok(Step::reply(scene, Reply::ChooseOne))
        }
    }
}
