//! A change of stored invoices: find them, show what changes, ask where a yes is needed, apply.

use super::Step;
use crate::{
    memory,
    replies::Reply,
    scene::Scene,
    turn::TurnError,
    understanding::{
        correct::{self, Wished},
        doubt,
    },
};
use domain::{
    conversation::Awaited,
    correction::{Correction, Target},
    ids::InvoiceId,
    invoice::{Direction, Invoice, number},
    outcome::{Change, Patch},
};

/// The most invoices that one confirmation changes.
const MAX_PATCHES: usize = 200;

/// The most invoices that a choice is offered between.
const MAX_CHOICES: usize = 10;

/// Carries out, or asks about, the change that the message's text wants.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(scene: &Scene<'_>) -> Result<Step, TurnError> {
    let correction = match correct::run(scene).await? {
        Wished::Correction(correction) => *correction,
        Wished::UnknownName(unknown) => {
            return Ok(Step::reply(scene, Reply::UnknownName(unknown)));
        }
        Wished::Doubt(found) => {
            return Ok(Step::reply(scene, doubt::question(scene, found).await?));
        }
        Wished::Unsure => return Ok(Step::reply(scene, Reply::NotUnderstood)),
    };
    let found = find(scene, &correction.target).await?;
    let many = matches!(correction.target, Target::Filter(_) | Target::Numbers(_));
    match found.as_slice() {
        [] => Ok(Step::reply(scene, not_found(&correction.target))),
        [_] => change(scene, &correction, found).await,
        _ if many => change(scene, &correction, found).await,
        _ => Ok(offer(scene, correction, found)),
    }
}

/// Takes the message as the choice of one of several invoices: its place in the list, its number,
/// or its button.
///
/// # Errors
///
/// [`TurnError`].
pub async fn choose(
    scene: &Scene<'_>,
    candidates: &[InvoiceId],
    correction: &Correction,
) -> Result<Step, TurnError> {
    let said = scene.turn.work.inbound.message.button.as_deref().unwrap_or(scene.text());
    for (place, id) in (1_usize..).zip(candidates) {
        let Some(invoice) = scene.tools.ledger.invoice(scene.tenant(), *id).await? else {
            continue;
        };
        let by_number =
            || invoice.number.as_deref().is_some_and(|stored| number::matches(stored, said));
        if said.trim() == place.to_string() || by_number() {
            return change(scene, correction, vec![invoice]).await;
        }
    }
    Ok(Step::reply(scene, Reply::ChooseOne))
}

async fn find(scene: &Scene<'_>, target: &Target) -> Result<Vec<Invoice>, TurnError> {
    let ledger = scene.tools.ledger;
    if *target != Target::Context {
        return Ok(ledger.find(scene.tenant(), target, scene.today).await?);
    }
    let Some(id) = scene.memory().last_invoice else { return Ok(Vec::new()) };
    Ok(ledger.invoice(scene.tenant(), id).await?.into_iter().collect())
}

fn not_found(target: &Target) -> Reply {
    match target {
        Target::Number(number) => Reply::NoSuchInvoice { number: Some(number.clone()) },
        Target::Context | Target::Unsaid => Reply::WhichInvoice,
        _ => Reply::NoSuchInvoice { number: None },
    }
}

async fn change(
    scene: &Scene<'_>,
    correction: &Correction,
    found: Vec<Invoice>,
) -> Result<Step, TurnError> {
    let fixed =
        |invoice: &Invoice| invoice.direction == Direction::Issued && invoice.number.is_some();
    if correction.set.rewrites() && found.iter().any(fixed) {
        return Ok(Step::settle(scene, Reply::IssuedIsFixed));
    }
    if found.iter().any(|invoice| correction.set.overpays(invoice)) {
        return Ok(Step::settle(scene, Reply::PaysTooMuch { invoices: found }));
    }
    let spoken_of = found.first().map(|invoice| invoice.id).filter(|_| found.len() == 1);
    let waiting = waiting(scene).filter(|waiting| spoken_of == Some(waiting.before.id));
    let mut patches = Vec::new();
    for before in found {
        // What still waits for a yes to this invoice is put to the same question, not dropped.
        let after = correction.set.apply(waiting.map_or(&before, |waiting| &waiting.after))?;
        if after != before {
            patches.push(Patch { before, after });
        }
    }
    let mut step = match patches.len() {
        0 => Step::settle(scene, Reply::NothingToChange),
        count if count > MAX_PATCHES => Step::settle(scene, Reply::TooMany { count }),
        count if count > 1 || waiting.is_some() || correction.needs_confirmation() => {
            preview(scene, patches)
        }
        _ => apply(scene, patches).await?,
    };
    step.conversation.last_invoice = spoken_of.or(step.conversation.last_invoice);
    Ok(step)
}

/// Returns the change of one invoice that waits for a yes.
fn waiting<'a>(scene: &Scene<'a>) -> Option<&'a Patch> {
    match &scene.pending()?.awaited {
        Awaited::ApplyPatches(patches) => {
            <&[Patch; 1]>::try_from(patches.as_slice()).ok().map(|[one]| one)
        }
        _ => None,
    }
}

/// Applies changes and remembers what the correction of one invoice teaches about its vendor.
///
/// # Errors
///
/// [`TurnError`].
pub async fn apply(scene: &Scene<'_>, patches: Vec<Patch>) -> Result<Step, TurnError> {
    let hint = memory::learn(scene, &patches).await?;
    let learnt = hint.is_some();
    let mut step = Step::settle(scene, Reply::Changed { patches: patches.clone(), learnt });
    step.changes.push(Change::PatchInvoices(patches));
    step.changes.extend(hint.map(|hint| Change::KeepHint(Box::new(hint))));
    Ok(step)
}

fn preview(scene: &Scene<'_>, patches: Vec<Patch>) -> Step {
    let pending = scene.await_answer(Awaited::ApplyPatches(patches.clone()));
    let mut step = Step::settle(scene, Reply::ChangePreview { patches, pending: pending.id });
    step.conversation.pending = Some(pending);
    step
}

fn offer(scene: &Scene<'_>, correction: Correction, mut found: Vec<Invoice>) -> Step {
    found.truncate(MAX_CHOICES);
    let candidates = found.iter().map(|invoice| invoice.id).collect();
    let awaited = Awaited::ChooseInvoice { candidates, correction: Box::new(correction) };
    let pending = scene.await_answer(awaited);
    let mut step = Step::settle(scene, Reply::WhichOfThese { invoices: found });
    step.conversation.pending = Some(pending);
    step
}
