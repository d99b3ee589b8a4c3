//! Files: supported? an invoice? read, checked, a duplicate? then stored.

use super::Step;
use crate::{
    replies::Reply,
    scene::Scene,
    turn::{ReceivedFile, TurnError},
    understanding::read_invoice,
};
use bytes::Bytes;
use domain::{
    conversation::{Awaited, Pending},
    document::{ContentHash, Obstacle},
    ids::InvoiceId,
    invoice::{Finding, Invoice},
    outcome::Change,
    reading::{Evidence, Intake, NotStorable, Origin, Reading, Standing},
};
use std::collections::BTreeSet;

/// What became of one file.
struct Filed {
    reply: Reply,
    saved: Option<Box<Invoice>>,
    pending: Option<Pending>,
}

impl From<Reply> for Filed {
    fn from(reply: Reply) -> Self {
        Self { reply, saved: None, pending: None }
    }
}

/// Reads every file of the message. One action can wait, so of several likely duplicates only the
/// last waits for a yes.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(scene: &Scene<'_>) -> Result<Step, TurnError> {
    let mut step = Step::silent(scene);
    let mut seen = BTreeSet::new();
    for file in &scene.turn.files {
        let filed = match file {
            ReceivedFile::TooLarge => Reply::FileTooLarge.into(),
            ReceivedFile::Gone => Reply::FileGone.into(),
            ReceivedFile::Got { hash, .. } if !seen.insert(*hash) => continue,
            ReceivedFile::Got { hash, bytes, .. } => file_one(scene, *hash, bytes).await?,
        };
        step.replies.push(filed.reply);
        if let Some(invoice) = filed.saved {
            step.conversation.last_invoice = Some(invoice.id);
            step.changes.push(Change::SaveInvoice(invoice));
        }
        if filed.pending.is_some() {
            step.conversation.pending = filed.pending;
        }
    }
    Ok(step)
}

async fn file_one(scene: &Scene<'_>, hash: ContentHash, bytes: &Bytes) -> Result<Filed, TurnError> {
    if let Some(row) = scene.tools.ledger.by_document(scene.tenant(), hash).await? {
        return Ok(Reply::AlreadyStored { row }.into());
    }
    let mut contents = scene.tools.documents.read(bytes.clone()).await?;
    if let Some(obstacle) = contents.obstacle {
        return Ok(refusal(obstacle).into());
    }
    if contents.other_xml.is_some() {
        return Ok(Reply::NotAnInvoice.into());
    }
    let reading = match contents.einvoice.take() {
        Some(reading) => Some(reading),
        None => read_invoice::run(scene, contents, bytes).await?,
    };
    match reading {
        Some(reading) if reading.is_invoice() => store(scene, hash, reading).await,
        Some(_) | None => Ok(Reply::NotAnInvoice.into()),
    }
}

fn refusal(obstacle: Obstacle) -> Reply {
    match obstacle {
        Obstacle::Unsupported => Reply::Unsupported,
        Obstacle::TooManyBytes => Reply::FileTooLarge,
        _ => Reply::Unreadable { obstacle },
    }
}

async fn store(scene: &Scene<'_>, hash: ContentHash, reading: Reading) -> Result<Filed, TurnError> {
    let intake = Intake {
        id: InvoiceId(scene.tools.clock.new_id()),
        currency: scene.habits().currency,
        received_on: scene.today,
        document: Some(hash),
    };
    let doubt = doubts(&reading, scene);
    let read_by_machine = reading
        .gross
        .as_ref()
        .is_none_or(|gross| !matches!(gross.evidence.origin, Origin::EInvoice));
    let (invoice, mut findings) = match reading.into_invoice(&intake) {
        Ok(made) => made,
        Err(NotStorable::NotInvoice) => return Ok(Reply::NotAnInvoice.into()),
        Err(NotStorable::NoTotal | NotStorable::Money(_)) => return Ok(Reply::NoTotal.into()),
    };
    findings.extend(doubt);
    let invoice = Box::new(invoice);
    if let Some(key) = invoice.duplicate_key()
        && let Some(row) = scene.tools.ledger.by_duplicate_key(scene.tenant(), &key).await?
    {
        let pending = scene.await_answer(Awaited::KeepDuplicate(invoice));
        let reply = Reply::LooksLikeDuplicate { row, pending: pending.id };
        return Ok(Filed { reply, saved: None, pending: Some(pending) });
    }
    let reply = if findings.is_empty() {
        Reply::Saved { invoice: invoice.clone(), read_by_machine }
    } else {
        Reply::PleaseCheck { invoice: invoice.clone(), findings, read_by_machine }
    };
    Ok(Filed { reply, saved: Some(invoice), pending: None })
}

/// Returns doubts that the sums cannot see.
fn doubts(reading: &Reading, scene: &Scene<'_>) -> Vec<Finding> {
    let mut doubts = Vec::new();
    let unsure = |evidence: &Evidence| evidence.standing() == Standing::Doubtful;
    if reading.gross.as_ref().is_some_and(|gross| unsure(&gross.evidence)) {
        doubts.push(Finding::TotalUnsure);
    }
    if let Some(date) = &reading.issue_date {
        let latest = scene.today.saturating_add(jiff::ToSpan::days(31));
        if date.value > latest || date.value.year() < 1990 {
            doubts.push(Finding::DateUnlikely);
        }
    }
    doubts
}
