//! From a reading to a stored invoice, or to the question that stands in the way.

use super::{Filed, Paper, caption, doubts, waiting};
use crate::{
    memory,
    nodes::Step,
    replies::{Reply, Seen},
    scene::Scene,
    turn::TurnError,
};
use domain::{
    conversation::Awaited,
    document::{ContentHash, Fingerprint, Notice},
    ids::InvoiceId,
    invoice::{Finding, Invoice},
    outcome::Change,
    question::InvoiceRow,
    reading::{Computed, Intake, NotStorable, Reading, Trust},
    vendor_memory::Trace,
};

/// Two pictures of one page differ in at most so many bits of their fingerprints.
const SAME_PICTURE: u32 = 6;

/// Files what was read of a paper.
///
/// # Errors
///
/// [`TurnError`].
pub(super) async fn file(
    scene: &Scene<'_>,
    paper: &Paper<'_>,
    mut reading: Reading,
) -> Result<Filed, TurnError> {
    let trace = Trace::of(paper.hash, &paper.pages, paper.fingerprint, &reading);
    let trace = Box::new(trace.without_marks_of(scene.seller()));
    let category = memory::recall(scene, &mut reading, &trace).await?;
    if let Some(caption) = caption(scene) {
        let notes = reading.notes.take().into_iter().chain([caption]);
        reading.notes = Some(notes.collect::<Vec<_>>().join("\n"));
    }
    let (mut invoice, mut findings) = match make(scene, &reading, Some(paper.hash)) {
        Ok(made) => made,
        Err(NotStorable::NotInvoice) => {
            let mut filed = Filed::from(Reply::NotAnInvoice { why: None });
            filed.replies.extend(doubts::noticed(&paper.notices));
            return Ok(filed);
        }
        Err(NotStorable::NoTotal | NotStorable::Money(_)) => {
            return Ok(ask_total(scene, reading, trace, category));
        }
    };
    invoice.category = category;
    findings.extend(paper.differences.iter().cloned());
    findings.extend(reading.doubts(&invoice, &findings, scene.today));
    let invoice = Box::new(invoice);
    if let Some((row, same_picture)) = twin(scene, &invoice, &findings, paper.fingerprint).await? {
        let (stored, lines_left_out) = (row.id, false);
        let awaited = Awaited::KeepDuplicate { invoice, trace, stored, lines_left_out };
        let pending = scene.await_answer(waiting::fit(awaited));
        let reply = Reply::LooksLikeDuplicate { row, same_picture, pending: pending.id };
        // Whoever leaves this one out would else lose the other one.
        let several = paper.notices.iter().find(|notice| **notice == Notice::SeveralReceipts);
        let replies = several.map(|notice| Reply::Noticed { notice: *notice });
        let replies = replies.into_iter().chain([reply]).collect();
        return Ok(Filed { pending: Some(pending), replies, ..Filed::default() });
    }
    let trust = Trust::of(&reading, &invoice, &findings);
    // Sums of one receipt prove nothing about the other, which would be lost without a word.
    if paper.notices.contains(&Notice::SeveralReceipts) && trust != Trust::Exact {
        let shown = invoice.clone();
        let awaited = Awaited::StoreOne { invoice, trace, lines_left_out: false };
        let pending = scene.await_answer(waiting::fit(awaited));
        let reply = Reply::SeveralReceipts { invoice: shown, pending: pending.id };
        return Ok(Filed { pending: Some(pending), ..Filed::from(reply) });
    }
    let (verified, computed) = (trust.verifies(&invoice), reading.computed());
    let reply = if findings.is_empty() {
        Reply::Saved { invoice: invoice.clone(), verified, computed }
    } else {
        let file = doubts::cutout(scene, paper, &reading, &findings).await?;
        let read_by_machine = trust == Trust::Read;
        Reply::PleaseCheck { invoice: invoice.clone(), findings, read_by_machine, computed, file }
    };
    let mut filed = Filed { saved: Some((invoice, trace)), ..Filed::from(reply) };
    filed.replies.extend(doubts::noticed(&paper.notices));
    Ok(filed)
}

/// Makes an invoice of a reading, as received today.
pub(super) fn make(
    scene: &Scene<'_>,
    reading: &Reading,
    document: Option<ContentHash>,
) -> Result<(Invoice, Vec<Finding>), NotStorable> {
    let intake = Intake {
        id: InvoiceId(scene.tools.clock.new_id()),
        currency: scene.habits().currency,
        received_on: scene.today,
        document,
    };
    reading.clone().into_invoice(&intake)
}

fn ask_total(
    scene: &Scene<'_>,
    reading: Reading,
    trace: Box<Trace>,
    category: Option<String>,
) -> Filed {
    let reading = Box::new(reading);
    let reply = total_question(&reading);
    let lines_left_out = false;
    let awaited = Awaited::CompleteReading { reading, trace, category, lines_left_out };
    let pending = scene.await_answer(waiting::fit(awaited));
    Filed { pending: Some(pending), ..Filed::from(reply) }
}

/// Returns the question for the total, with what was seen.
pub fn total_question(reading: &Reading) -> Reply {
    Reply::AskTotal(Seen {
        vendor: reading.vendor.as_ref().map(|claim| claim.value.clone()),
        number: reading.number.as_ref().map(|claim| claim.value.clone()),
        day: reading.issue_date.as_ref().map(|claim| claim.value),
    })
}

/// Returns a stored invoice that this one may be, and whether it is known by its picture: the same
/// vendor, number, date and total, or else a picture that looks the same with the same total or
/// vendor and no other date.
async fn twin(
    scene: &Scene<'_>,
    invoice: &Invoice,
    findings: &[Finding],
    fingerprint: Option<Fingerprint>,
) -> Result<Option<(InvoiceRow, bool)>, TurnError> {
    let ledger = scene.tools.ledger;
    if let Some(key) = invoice.duplicate_key()
        && let Some(row) = ledger.by_duplicate_key(scene.tenant(), &key).await?
    {
        return Ok(Some((row, false)));
    }
    let Some(fingerprint) = fingerprint else { return Ok(None) };
    let dated = !findings.contains(&Finding::DateMissing);
    let alike = ledger.lookalikes(scene.tenant(), fingerprint, SAME_PICTURE).await?;
    let is_it = |row: &InvoiceRow| {
        let same_vendor = !row.counterparty.is_empty() && row.counterparty == invoice.vendor.name;
        (row.gross == invoice.gross || same_vendor)
            && (!dated || row.issue_date == invoice.issue_date)
    };
    Ok(alike.into_iter().find(is_it).map(|row| (row, true)))
}

/// Stores an invoice whose question was answered.
pub fn save(scene: &Scene<'_>, invoice: &Invoice, trace: &Trace) -> Step {
    let invoice = Box::new(invoice.clone());
    let computed = Computed::default();
    let reply = Reply::Saved { invoice: invoice.clone(), verified: false, computed };
    let mut step = Step::settle(scene, reply);
    step.conversation.look_at([invoice.id]);
    step.changes.push(Change::SaveInvoice(invoice));
    step.changes.push(Change::KeepTrace(Box::new(trace.clone())));
    step
}

/// Stores a reading whose total a person has told; nothing if it still makes no invoice.
pub fn complete(
    scene: &Scene<'_>,
    reading: &Reading,
    trace: &Trace,
    category: Option<String>,
) -> Option<(Step, Box<Invoice>)> {
    let (mut invoice, findings) = make(scene, reading, Some(trace.document)).ok()?;
    invoice.category = category;
    let mut step = save(scene, &invoice, trace);
    let invoice = Box::new(invoice);
    if !findings.is_empty() {
        let computed = reading.computed();
        let invoice = invoice.clone();
        let (read_by_machine, file) = (true, None);
        step.replies =
            vec![Reply::PleaseCheck { invoice, findings, read_by_machine, computed, file }];
    }
    Some((step, invoice))
}
