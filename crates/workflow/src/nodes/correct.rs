//! A change of stored invoices: find them, show what changes, ask where a yes is needed, apply.

use super::{Step, create};
use crate::{
    memory,
    replies::{Reply, Several, Unplaced},
    scene::Scene,
    turn::TurnError,
    understanding::{
        classify,
        correct::{self, Wished},
        doubt,
        pointing::{self, Place},
    },
};
use domain::{
    conversation::Awaited,
    correction::{Correction, NewValues, Target},
    ids::InvoiceId,
    intent::Intent,
    invoice::{Direction, Invoice, Status, number},
    outcome::{Change, Patch},
    question::{Entity, Metric, StatusFilter},
};
use ports::model::Doubt;

/// The most invoices that one confirmation changes.
const MAX_PATCHES: usize = 200;

/// The most invoices that a choice is offered between.
const MAX_CHOICES: usize = 10;

/// Whether it is beyond doubt which invoice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sight {
    /// It is named, or the only one on screen.
    Meant,
    /// It was found without being seen or named: it is shown before anything is written.
    Guessed,
}

/// Carries out, or asks about, the change that the message's text wants.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(scene: &Scene<'_>) -> Result<Step, TurnError> {
    let correction = match correct::of(scene, scene.text()).await? {
        Wished::Correction(correction) => *correction,
        Wished::UnknownName(unknown) => {
            return Ok(Step::reply(scene, Reply::UnknownName(unknown)));
        }
        Wished::Doubt(Doubt::Unclear(typed)) => {
            return Ok(Step::reply(
                scene,
                Reply::BelowZero(Unplaced { typed, suggestions: Vec::new(), choice: None }),
            ));
        }
        Wished::Doubt(found) => {
            return Ok(Step::reply(scene, doubt::question(scene, found).await?));
        }
        Wished::Unsure => return Ok(Step::reply(scene, Reply::NotUnderstood)),
    };
    if let Some(step) = create::change_draft(scene, &correction).await? {
        return Ok(step);
    }
    let (found, sight) = find(scene, &correction).await?;
    let many = matches!(correction.target, Target::Filter(_) | Target::Numbers(_));
    match found.as_slice() {
        [] => Ok(Step::reply(scene, not_found(&correction.target))),
        [_] => change(scene, &correction, found, sight).await,
        _ if many => change(scene, &correction, found, sight).await,
        _ => Ok(offer(scene, correction, found)),
    }
}

/// Carries out the change of a row of the list on screen that the message's text points at; nothing if
/// it points at none, or wants no change of it.
///
/// # Errors
///
/// [`TurnError`].
pub async fn pointed(scene: &mut Scene<'_>) -> Result<Option<Step>, TurnError> {
    let rows = scene.memory().listed.as_slice();
    let Some(pointed) = pointing::of(scene.text()).filter(|_| rows.len() > 1) else {
        return Ok(None);
    };
    let Some(id) = pointed.place.of(rows) else { return Ok(None) };
    let heard = classify::by_built_in(scene, &pointed.text).await?;
    let Some(heard) = heard.filter(|heard| heard.intent == Intent::InvoiceUpdate) else {
        return Ok(None);
    };
    let Wished::Correction(correction) = correct::of(scene, &pointed.text).await? else {
        return Ok(None);
    };
    let invoice = scene.tools.ledger.invoice(scene.tenant(), id).await?;
    let Some(invoice) = invoice.filter(|_| correction.target == Target::Context) else {
        return Ok(None);
    };
    scene.heard(&heard);
    // The last one may be the newest as well as the one at the end.
    let sight = if pointed.place == Place::Last { Sight::Guessed } else { Sight::Meant };
    change(scene, &correction, vec![invoice], sight).await.map(Some)
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
    let pointed = pointing::of(said).filter(|pointed| pointed.alone);
    let pointed = pointed.and_then(|pointed| pointed.place.of(candidates));
    for (place, id) in (1_usize..).zip(candidates) {
        let Some(invoice) = scene.tools.ledger.invoice(scene.tenant(), *id).await? else {
            continue;
        };
        let by_number =
            || invoice.number.as_deref().is_some_and(|stored| number::matches(stored, said));
        let by_place = said.trim() == place.to_string() || pointed == Some(*id);
        if by_place || by_number() {
            return change(scene, correction, vec![invoice], Sight::Meant).await;
        }
    }
    Ok(Step::reply(scene, Reply::ChooseOne))
}

/// Returns the invoices that a change is about, and whether these are meant beyond doubt.
async fn find(
    scene: &Scene<'_>,
    correction: &Correction,
) -> Result<(Vec<Invoice>, Sight), TurnError> {
    let (ledger, tenant) = (scene.tools.ledger, scene.tenant());
    let found = match &correction.target {
        Target::Context => match scene.memory().last_invoice {
            Some(id) => ledger.invoice(tenant, id).await?.into_iter().collect(),
            None => return Ok((behind(scene, &correction.set).await?, Sight::Guessed)),
        },
        target @ Target::Latest(filters) => {
            let newest = ledger.find(tenant, target, scene.today).await?;
            let is_seen = newest.first().is_some_and(|newest| is_on_screen(scene, newest));
            let is_only = || ledger.found(tenant, filters, scene.today, 2);
            let sight =
                if is_seen || is_only().await?.len() < 2 { Sight::Meant } else { Sight::Guessed };
            return Ok((newest, sight));
        }
        target => ledger.find(tenant, target, scene.today).await?,
    };
    Ok((found, Sight::Meant))
}

fn is_on_screen(scene: &Scene<'_>, invoice: &Invoice) -> bool {
    let memory = scene.memory();
    memory.last_invoice == Some(invoice.id) || memory.listed.contains(&invoice.id)
}

/// Returns what "it" may be where no single invoice was spoken of: those on screen, else those that the
/// last figure was about, if they are few.
async fn behind(scene: &Scene<'_>, set: &NewValues) -> Result<Vec<Invoice>, TurnError> {
    let (ledger, tenant) = (scene.tools.ledger, scene.tenant());
    let closes = set.status == Some(Status::Paid);
    let mut found = Vec::new();
    for id in &scene.memory().listed {
        let invoice = ledger.invoice(tenant, *id).await?;
        found.extend(invoice.filter(|invoice| !closes || invoice.status != Status::Paid));
    }
    let plan = scene.memory().last_plan.as_ref().filter(|plan| {
        plan.entity == Entity::Invoice && !matches!(plan.metric, Metric::Max | Metric::Min)
    });
    let Some(plan) = plan.filter(|_| found.is_empty()) else { return Ok(found) };
    let mut filters = plan.filters.clone();
    if closes && filters.status.is_empty() {
        filters.status = vec![StatusFilter::Unpaid];
    }
    let most = u32::try_from(MAX_CHOICES).unwrap_or(u32::MAX).saturating_add(1);
    let found = ledger.found(tenant, &filters, scene.today, most).await?;
    Ok(if found.len() > MAX_CHOICES { Vec::new() } else { found })
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
    sight: Sight,
) -> Result<Step, TurnError> {
    let fixed =
        |invoice: &Invoice| invoice.direction == Direction::Issued && invoice.number.is_some();
    if correction.set.rewrites() && found.iter().any(fixed) {
        return Ok(Step::settle(scene, Reply::IssuedIsFixed));
    }
    if found.iter().any(|invoice| correction.set.overpays(invoice)) {
        return Ok(Step::settle(scene, Reply::PaysTooMuch(Several { invoices: found })));
    }
    let shown: Vec<InvoiceId> = found.iter().map(|invoice| invoice.id).collect();
    // What is to be deleted is not changed as well.
    let waiting = waiting(scene).filter(|waiting| {
        shown == [waiting.before.id] && waiting.after.status != Status::Cancelled
    });
    let is_again = |invoice: &Invoice| correction.set.pays_again(invoice, scene.today);
    let (settled, found): (Vec<Invoice>, Vec<Invoice>) = found.into_iter().partition(is_again);
    let mut patches = Vec::new();
    for before in found {
        // What still waits for a yes to this invoice is put to the same question, not dropped.
        let after = correction.set.apply(waiting.map_or(&before, |waiting| &waiting.after))?;
        if after != before {
            patches.push(Patch { before, after });
        }
    }
    let mut step = match patches.len() {
        0 if !settled.is_empty() => {
            Step::settle(scene, Reply::AlreadyPaid(Several { invoices: settled }))
        }
        0 => Step::settle(scene, Reply::NothingToChange),
        count if count > MAX_PATCHES => Step::settle(scene, Reply::TooMany { count }),
        count => {
            let asks = count > 1
                || waiting.is_some()
                || correction.needs_confirmation()
                || sight == Sight::Guessed;
            let mut step =
                if asks { preview(scene, patches) } else { apply(scene, patches).await? };
            if !settled.is_empty() {
                // Nobody is left out without a word.
                step.replies.insert(0, Reply::AlreadyPaid(Several { invoices: settled }));
            }
            step
        }
    };
    step.conversation.look_at(shown);
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
    let mut step = Step::settle(scene, Reply::WhichOfThese(Several { invoices: found }));
    step.conversation.pending = Some(pending);
    step
}
