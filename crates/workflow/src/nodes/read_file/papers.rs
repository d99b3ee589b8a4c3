//! Several papers in one file: each is named, and all are stored after a yes.
//!
//! A document belongs to one invoice, so the first one has it; the others are stored without, as
//! the rows of a list are.

use super::{Filed, Paper, booked, doubts};
use crate::{
    memory,
    nodes::Step,
    replies::{Listed, Reply},
    scene::Scene,
    turn::TurnError,
    understanding::read_invoice,
};
use bytes::Bytes;
use domain::{
    conversation::Awaited,
    document::{ContentHash, Contents},
    invoice::{Finding, Invoice},
    money::sum_by_currency,
    reading::{Intake, Reading},
    vendor_memory::Trace,
};
use ports::tables::Place;
use std::collections::BTreeSet;

/// Offers to store what was read of each paper of a file.
///
/// # Errors
///
/// [`TurnError`].
pub(super) async fn offer(
    scene: &Scene<'_>,
    paper: &Paper<'_>,
    first: Reading,
) -> Result<Filed, TurnError> {
    let (invoices, list) = sort(scene, first, paper.hash).await?;
    if invoices.is_empty() {
        return Ok(Reply::ListHasNothingNew { list }.into());
    }
    let pending = scene.await_answer(Awaited::StoreList { document: paper.hash });
    let reply = Reply::ListOffered { list, pending: pending.id };
    let mut filed = Filed { pending: Some(pending), ..Filed::from(reply) };
    filed.replies.extend(doubts::noticed(&paper.notices));
    Ok(filed)
}

/// Stores the papers of a file that somebody said yes to; it is read again.
///
/// # Errors
///
/// [`TurnError`].
pub(super) async fn store(
    scene: &Scene<'_>,
    document: ContentHash,
    contents: Contents,
    bytes: &Bytes,
) -> Result<Step, TurnError> {
    let Some(first) = read_invoice::run(scene, contents, bytes).await? else {
        return Ok(Step::settle(scene, Reply::NotAnInvoice { why: None }));
    };
    let (invoices, list) = sort(scene, first, document).await?;
    Ok(booked::stored(scene, invoices, list))
}

/// Makes invoices of the papers and leaves out those that are stored already.
async fn sort(
    scene: &Scene<'_>,
    mut first: Reading,
    document: ContentHash,
) -> Result<(Vec<Invoice>, Listed), TurnError> {
    let others = std::mem::take(&mut first.others);
    let mut free = Some(document);
    if scene.tools.ledger.by_document(scene.tenant(), document).await?.is_some() {
        free = None;
    }
    let (mut list, mut keys) = (Listed::default(), BTreeSet::new());
    for (row, reading) in (1..).zip(std::iter::once(first).chain(others)) {
        let is_unsure = booked::is_unsure(&reading);
        let place = Place { sheet: String::new(), row };
        let Some((invoice, findings)) = invoice(scene, reading, (document, &place)).await? else {
            continue;
        };
        let key = invoice.duplicate_key();
        let twice = key.is_some_and(|key| !keys.insert(key));
        if twice || booked::is_stored(scene, &invoice).await? {
            list.known = list.known.saturating_add(1);
            continue;
        }
        list.unsure = list.unsure.saturating_add(usize::from(is_unsure));
        let wrong = findings.iter().any(Finding::contradicts);
        if wrong {
            list.contradict(&invoice);
        }
        list.papers.push(Invoice { document: free.take(), ..invoice });
    }
    list.count = list.papers.len();
    list.sums = sum_by_currency(list.papers.iter().map(booked::signed))?;
    Ok((list.papers.clone(), list))
}

/// Makes the invoice of one paper; nothing if it has no total.
async fn invoice(
    scene: &Scene<'_>,
    mut reading: Reading,
    (document, place): (ContentHash, &Place),
) -> Result<Option<(Invoice, Vec<Finding>)>, TurnError> {
    let trace = Trace::of(document, &[], None, &reading).without_marks_of(scene.seller());
    let category = memory::recall(scene, &mut reading, &trace).await?;
    let intake = Intake {
        id: booked::id(scene, document, place),
        currency: scene.habits().currency,
        received_on: scene.today,
        document: None,
    };
    let made = reading.into_invoice(&intake).ok();
    Ok(made.map(|(invoice, findings)| (Invoice { category, ..invoice }, findings)))
}
