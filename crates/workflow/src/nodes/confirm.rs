//! Answers to what was asked: a literal yes or no, a missing value, a choice.
//!
//! Only the action that waits is ever carried out, once, and only while it waits.

use super::{Step, correct, create, erase, place, read_file};
use crate::{
    graph,
    replies::Reply,
    scene::Scene,
    turn::TurnError,
    words::{self, Verdict},
};
use domain::{
    conversation::{Awaited, Pending},
    ids::InvoiceId,
    invoice::{Invoice, Status},
    money::Money,
    outcome::{Change, Patch},
    reading::{Claim, Evidence, Origin, Reading},
    vendor_memory::{Trace, VendorHint},
};

/// Takes an answer.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(scene: &Scene<'_>) -> Result<Step, TurnError> {
    if let Some(placing) = graph::placing(scene) {
        return place::run(scene, &placing).await;
    }
    let verdict = Verdict::of(scene.turn);
    let Some(pending) = scene.pending() else {
        let reply = match scene.memory().pending {
            Some(_) => Reply::PendingExpired,
            None => Reply::NothingPending,
        };
        return Ok(Step::settle(scene, reply));
    };
    match verdict {
        Some(verdict) if !is_for(pending, verdict.button()) => {
            // A button of an older question.
            Ok(Step::reply(scene, Reply::PendingExpired))
        }
        // "ok" may be to anything that was said since
        Some(Verdict::Yes(None))
            if pending.awaited == Awaited::EraseAll && !words::is_plain_yes(scene.text()) =>
        {
            erase::ask(scene).await
        }
        Some(Verdict::Yes(_)) => agreed(scene, pending).await,
        Some(Verdict::No(_)) => Ok(Step::settle(scene, declined(pending))),
        Some(Verdict::Keep(_)) => match &pending.awaited {
            Awaited::KeepDuplicate { .. } | Awaited::StoreOne { .. } => {
                agreed(scene, pending).await
            }
            _ => Ok(Step::reply(scene, Reply::ChooseOne)),
        },
        Some(Verdict::Replace(_)) => match &pending.awaited {
            Awaited::KeepDuplicate { invoice, trace, stored, lines_left_out } => {
                let invoice = read_file::whole(scene, invoice, trace, *lines_left_out).await?;
                replace(scene, &invoice, trace, *stored).await
            }
            _ => Ok(Step::reply(scene, Reply::ChooseOne)),
        },
        None => valued(scene, pending).await,
    }
}

fn is_for(pending: &Pending, button: Option<&str>) -> bool {
    button.is_none_or(|id| id == pending.id.to_string())
}

fn declined(pending: &Pending) -> Reply {
    match pending.awaited {
        Awaited::KeepDuplicate { .. } => Reply::Skipped,
        _ => Reply::Dropped,
    }
}

async fn agreed(scene: &Scene<'_>, pending: &Pending) -> Result<Step, TurnError> {
    match &pending.awaited {
        Awaited::IssueDraft(draft) => create::issue(scene, draft).await,
        Awaited::ApplyPatches(patches) => correct::apply(scene, patches.clone()).await,
        Awaited::KeepDuplicate { invoice, trace, lines_left_out, .. }
        | Awaited::StoreOne { invoice, trace, lines_left_out } => {
            let invoice = read_file::whole(scene, invoice, trace, *lines_left_out).await?;
            Ok(read_file::save(scene, &invoice, trace))
        }
        Awaited::ForgetHints => {
            let mut step = Step::settle(scene, Reply::Forgotten);
            step.changes.push(Change::ForgetHints);
            Ok(step)
        }
        Awaited::EraseAll => erase::run(scene).await,
        Awaited::StoreList { document } => read_file::store_list(scene, *document).await,
        // A yes is no value: ask again.
        Awaited::CompleteDraft(draft) => {
            let reply = Reply::AskMissing { draft: draft.clone(), missing: draft.missing() };
            Ok(Step::reply(scene, reply))
        }
        Awaited::CompleteReading { reading, .. } => {
            Ok(Step::reply(scene, read_file::total_question(reading)))
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
        Awaited::CompleteReading { reading, trace, category, lines_left_out } => {
            let reading = read_file::whole_reading(scene, reading, trace, *lines_left_out).await?;
            Ok(total_told(scene, &reading, trace, category.clone()))
        }
        Awaited::IssueDraft(_)
        | Awaited::ApplyPatches(_)
        | Awaited::StoreOne { .. }
        | Awaited::ForgetHints
        | Awaited::EraseAll
        | Awaited::StoreList { .. }
        | Awaited::KeepDuplicate { .. } => Ok(Step::reply(scene, Reply::ChooseOne)),
    }
}

/// Takes the total that a person has typed, stores the invoice, and remembers where such a total
/// stands on this vendor's paper.
fn total_told(
    scene: &Scene<'_>,
    reading: &Reading,
    trace: &Trace,
    category: Option<String>,
) -> Step {
    let ask_again = || Step::reply(scene, read_file::total_question(reading));
    let assumed = reading.currency.as_ref().map_or(scene.habits().currency, |claim| claim.value);
    let Some((total, currency)) = words::amount(scene.text(), assumed) else { return ask_again() };
    let typed = || Evidence::of(Origin::User, 100, "typed");
    let mut reading = reading.clone();
    reading.gross = Some(Claim::new(total, typed()));
    if currency != assumed {
        reading.currency = Some(Claim::new(currency, typed()));
    }
    let Some((mut step, after)) = read_file::complete(scene, &reading, trace, category) else {
        return ask_again();
    };
    let before = Invoice { gross: Money::new(0, after.currency), ..(*after).clone() };
    let patch = Patch { before, after: *after };
    if let Some(hint) = VendorHint::learnt(&patch, Some(trace)) {
        step.changes.push(Change::KeepHint(Box::new(hint)));
    }
    step
}

/// Puts the new document in the place of the stored one, which keeps its history: it can be taken
/// back, and both originals stay.
async fn replace(
    scene: &Scene<'_>,
    new: &Invoice,
    trace: &Trace,
    stored: InvoiceId,
) -> Result<Step, TurnError> {
    let Some(before) = scene.tools.ledger.invoice(scene.tenant(), stored).await? else {
        return Ok(read_file::save(scene, new, trace));
    };
    let mut after = Invoice { id: before.id, ..new.clone() };
    after.category = after.category.or_else(|| before.category.clone());
    after.notes.clone_from(&before.notes);
    if before.status != Status::Unpaid {
        (after.status, after.paid_on) = (before.status, before.paid_on);
    }
    let mut step = Step::settle(scene, Reply::Replaced { invoice: Box::new(after.clone()) });
    step.conversation.look_at([stored]);
    step.changes.push(Change::PatchInvoices(vec![Patch { before, after }]));
    step.changes.push(Change::KeepTrace(Box::new(trace.clone())));
    Ok(step)
}
