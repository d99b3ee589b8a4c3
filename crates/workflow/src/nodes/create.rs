//! An invoice from a sentence: ask what is missing, show a draft, wait for a yes.

use super::Step;
use crate::{
    attachments,
    replies::{Reply, Waiting},
    scene::Scene,
    turn::TurnError,
    understanding::{self, draft::Ordered},
};
use domain::{
    conversation::Awaited,
    correction::{Correction, Target},
    draft::{self, Draft, DraftTotals, Missing},
    ids::InvoiceId,
    invoice::{Direction, Status, number},
    outcome::Change,
};

/// Starts an invoice from the message's text.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(scene: &Scene<'_>) -> Result<Step, TurnError> {
    match understanding::draft::order(scene, scene.text()).await? {
        Ordered::Draft(draft) => propose(scene, *draft).await,
        Ordered::Doubt(found) => {
            Ok(Step::reply(scene, understanding::doubt::question(scene, found).await?))
        }
        Ordered::Unsure => Ok(Step::reply(scene, Reply::NotUnderstood)),
    }
}

/// Takes the message's text as what was missing in a draft.
///
/// # Errors
///
/// [`TurnError`].
pub async fn complete(scene: &Scene<'_>, draft: &Draft) -> Result<Step, TurnError> {
    let mut draft = draft.clone();
    let text = scene.text();
    match draft.missing().first() {
        Some(Missing::Customer) => draft.customer = Some(one_line(text)),
        Some(Missing::Items) => {
            // The answer alone has no verb; inside a whole sentence the same grammar reads it.
            let whole = format!("invoice {}: {text}", draft.customer.as_deref().unwrap_or("x"));
            if let Some(read) = understanding::draft::run(scene, &whole).await? {
                draft.items = read.items;
                draft.tax = read.tax.or(draft.tax);
                draft.discount = read.discount.or(draft.discount);
                draft.due_date = read.due_date.or(draft.due_date);
            }
        }
        Some(Missing::Price) => {
            let whole = format!("invoice x: 1 item at {text}");
            let read = understanding::draft::run(scene, &whole).await?;
            let price = read.and_then(|read| read.items.into_iter().next()?.unit_price);
            if let Some(item) = draft.items.iter_mut().find(|item| item.unit_price.is_none()) {
                item.unit_price = price;
            }
        }
        None => {}
    }
    propose(scene, draft).await
}

/// Shows the draft that waits for a yes as the message's text changes it; nothing if it changes none.
///
/// # Errors
///
/// [`TurnError`].
pub async fn amended(scene: &Scene<'_>) -> Result<Option<Step>, TurnError> {
    let pending = scene.pending().map(|pending| &pending.awaited);
    let Some(Awaited::IssueDraft(draft)) = pending else { return Ok(None) };
    match understanding::amend::run(scene, draft).await? {
        Some(changed) => propose(scene, changed).await.map(Some),
        None => Ok(None),
    }
}

/// Returns what a change that names no invoice does to the draft on screen, which it is about: never to
/// an invoice out of sight. Nothing if no draft is.
///
/// # Errors
///
/// [`TurnError`].
pub async fn change_draft(scene: &Scene<'_>, wish: &Correction) -> Result<Option<Step>, TurnError> {
    let Some(pending) = scene.pending() else { return Ok(None) };
    let (Awaited::IssueDraft(draft) | Awaited::CompleteDraft(draft)) = &pending.awaited else {
        return Ok(None);
    };
    if !matches!(wish.target, Target::Context | Target::Unsaid) {
        return Ok(None);
    }
    if wish.set.status == Some(Status::Cancelled) {
        return Ok(Some(Step::settle(scene, Reply::Dropped)));
    }
    if let Some(due_date) = wish.set.due_date {
        let draft = Draft { due_date: Some(due_date), ..(**draft).clone() };
        return propose(scene, draft).await.map(Some);
    }
    // It is not issued yet, so it is neither paid nor anything else.
    let gross = draft.totals().ok().flatten().map(|totals| totals.gross);
    let Some(gross) = gross else {
        return Ok(Some(Step::reply(scene, Reply::NotUnderstood)));
    };
    let draft = Some((draft.customer.clone().unwrap_or_default(), gross));
    let waiting = Waiting { draft, pending: pending.id };
    Ok(Some(Step::reply(scene, Reply::StillWaits(waiting))))
}

/// Returns whether the customer's name of a draft is what is waited for.
pub fn awaits_customer(scene: &Scene<'_>) -> bool {
    waiting(scene).is_some_and(|draft| draft.missing().first() == Some(&Missing::Customer))
}

/// Takes the message's text as the customer's name that is waited for.
///
/// # Errors
///
/// [`TurnError`].
pub async fn named(scene: &Scene<'_>) -> Result<Step, TurnError> {
    match waiting(scene) {
        Some(draft) => complete(scene, draft).await,
        None => Ok(Step::reply(scene, Reply::NotUnderstood)),
    }
}

/// Returns the draft that waits for a value.
fn waiting<'a>(scene: &Scene<'a>) -> Option<&'a Draft> {
    match &scene.pending()?.awaited {
        Awaited::CompleteDraft(draft) => Some(draft),
        _ => None,
    }
}

/// Issues a draft that was confirmed: takes the next number, makes the PDF.
///
/// # Errors
///
/// [`TurnError`].
pub async fn issue(scene: &Scene<'_>, draft: &Draft) -> Result<Step, TurnError> {
    let totals = match draft.sensible_totals() {
        Ok(Some(totals)) => totals,
        Ok(None) => return Ok(Step::settle(scene, Reply::NotUnderstood)),
        Err(objection) => return Ok(Step::settle(scene, Reply::DraftRefused { objection })),
    };
    let year = draft.issue_date.year();
    let sequence = scene.tools.ledger.next_sequence(scene.tenant(), year).await?;
    let chosen = draft.number.clone();
    if let Some(taken) = &chosen
        && is_taken(scene, taken).await?
    {
        return Ok(Step::settle(scene, Reply::NumberTaken { number: taken.clone() }));
    }
    let printed = chosen.clone().unwrap_or_else(|| number::printed(year, sequence));
    let id = InvoiceId(scene.tools.clock.new_id());
    let seller = scene.seller();
    let mut invoice = Box::new(draft::issue(draft, &totals, seller, id, Some(printed))?);
    let file = attachments::pdf(scene, &invoice).await?;
    // What was sent is what is kept, for as long as the invoice.
    invoice.document = Some(file.hash);
    let reply = Reply::Issued { invoice: invoice.clone(), file: Some(file) };
    let mut step = Step::settle(scene, reply);
    step.conversation.look_at([id]);
    let sequence = chosen.is_none().then_some(sequence);
    step.changes.push(Change::IssueInvoice { invoice, year, sequence });
    Ok(step)
}

async fn is_taken(scene: &Scene<'_>, number: &str) -> Result<bool, TurnError> {
    let target = Target::Number(number.to_owned());
    let found = scene.tools.ledger.find(scene.tenant(), &target, scene.today).await?;
    Ok(found.iter().any(|invoice| {
        invoice.direction == Direction::Issued && invoice.number.as_deref() == Some(number)
    }))
}

async fn propose(scene: &Scene<'_>, draft: Draft) -> Result<Step, TurnError> {
    let missing = draft.missing();
    let totals = match draft.sensible_totals() {
        Ok(totals) => totals,
        Err(objection) => return Ok(Step::settle(scene, Reply::DraftRefused { objection })),
    };
    let Some(totals) = totals.filter(|_| missing.is_empty()) else {
        let pending = scene.await_answer(Awaited::CompleteDraft(Box::new(draft.clone())));
        let reply = Reply::AskMissing { draft: Box::new(draft), missing };
        let mut step = Step::settle(scene, reply);
        step.conversation.pending = Some(pending);
        return Ok(step);
    };
    show(scene, draft, totals).await
}

async fn show(scene: &Scene<'_>, draft: Draft, totals: DraftTotals) -> Result<Step, TurnError> {
    let id = InvoiceId(scene.tools.clock.new_id());
    let invoice = draft::issue(&draft, &totals, scene.seller(), id, None)?;
    let file = attachments::pdf(scene, &invoice).await?;
    let pending = scene.await_answer(Awaited::IssueDraft(Box::new(draft.clone())));
    let reply = Reply::DraftShown {
        draft: Box::new(draft),
        totals: Box::new(totals),
        pending: pending.id,
        has_seller: !scene.seller().name.is_empty(),
        file: Some(file),
    };
    let mut step = Step::settle(scene, reply);
    step.conversation.pending = Some(pending);
    Ok(step)
}

/// Returns a typed name as one line of at most 120 characters.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(120).collect()
}
