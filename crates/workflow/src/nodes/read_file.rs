//! Files: supported? an invoice? read, checked, a duplicate? then stored.

mod booked;
mod doubts;
mod keep;
mod papers;
mod waiting;

pub use booked::store as store_list;
pub use keep::{complete, save, total_question};
pub use waiting::{whole, whole_reading};

use super::Step;
use crate::{
    replies::{NotInvoice, Reply},
    scene::Scene,
    turn::{ReceivedFile, TurnError},
    understanding::{cut_off, read_invoice},
};
use bytes::Bytes;
use domain::{
    conversation::{Conversation, Pending},
    document::{ContentHash, Contents, Fingerprint, Notice, Obstacle, Page},
    invoice::{Finding, Invoice},
    money::printed_amount,
    outcome::Change,
    reading::Reading,
    vendor_memory::Trace,
};
use std::collections::BTreeSet;

/// A file that could be read.
struct Paper<'a> {
    hash: ContentHash,
    bytes: &'a Bytes,
    pages: Vec<Page>,
    fingerprint: Option<Fingerprint>,
    notices: Vec<Notice>,
    /// Where the page of an e-invoice says something else.
    differences: Vec<Finding>,
}

/// What became of one file.
#[derive(Default)]
struct Filed {
    replies: Vec<Reply>,
    saved: Option<(Box<Invoice>, Box<Trace>)>,
    /// Invoices of a list, which have no document of their own.
    listed: Vec<Invoice>,
    pending: Option<Pending>,
}

impl From<Reply> for Filed {
    fn from(reply: Reply) -> Self {
        Self { replies: vec![reply], ..Self::default() }
    }
}

/// Reads every file of the message. One action can wait, so of several questions only the last
/// waits for its answer.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(scene: &Scene<'_>) -> Result<Step, TurnError> {
    let mut step = Step::silent(scene);
    let (mut seen, mut is_noted, mut stored) = (BTreeSet::new(), false, Vec::new());
    for file in &scene.turn.files {
        let filed = match file {
            ReceivedFile::TooLarge => Reply::FileTooLarge.into(),
            ReceivedFile::Gone => Reply::FileGone.into(),
            ReceivedFile::Got { hash, .. } if !seen.insert(*hash) => continue,
            ReceivedFile::Got { hash, bytes, .. } => file_one(scene, *hash, bytes).await?,
        };
        step.replies.extend(filed.replies);
        if let Some((invoice, trace)) = filed.saved {
            is_noted = true;
            stored.push(invoice.id);
            step.changes.push(Change::SaveInvoice(invoice));
            step.changes.push(Change::KeepTrace(trace));
        }
        for invoice in filed.listed {
            stored.push(invoice.id);
            step.changes.push(Change::SaveInvoice(Box::new(invoice)));
        }
        if filed.pending.is_some() {
            step.conversation.pending = filed.pending;
        }
    }
    if let Some(last) = stored.last().copied() {
        step.conversation.look_at(stored);
        // Of several files "it" is the last one.
        step.conversation.last_invoice = Some(last);
    }
    if is_noted && caption(scene).is_some() {
        step.replies.push(Reply::NoteKept);
    }
    Ok(step)
}

/// Returns what was written with the files; it is data, whatever it says.
fn caption(scene: &Scene<'_>) -> Option<String> {
    let text = scene.text();
    (!text.is_empty()).then(|| text.chars().take(Conversation::MAX_TEXT).collect())
}

async fn file_one(scene: &Scene<'_>, hash: ContentHash, bytes: &Bytes) -> Result<Filed, TurnError> {
    if let Some(row) = scene.tools.ledger.by_document(scene.tenant(), hash).await? {
        return Ok(Reply::AlreadyStored { row }.into());
    }
    let mut contents = scene.tools.documents.read(bytes.clone()).await?;
    if let Some(obstacle) = contents.obstacle {
        return by_eye(scene, hash, contents, bytes, obstacle).await;
    }
    if let Some(root) = contents.other_xml {
        return Ok(Reply::NotAnInvoice { why: Some(NotInvoice::OtherXml { root }) }.into());
    }
    let mut paper = Paper {
        hash,
        bytes,
        pages: contents.pages.clone(),
        fingerprint: contents.fingerprint,
        notices: std::mem::take(&mut contents.notices),
        differences: Vec::new(),
    };
    if !contents.tables.is_empty() {
        return booked::file(scene, &paper, &contents.tables).await;
    }
    let reading = match contents.einvoice.take() {
        Some(reading) => {
            paper.differences = read_invoice::differences(scene, &reading, contents).await?;
            Some(reading)
        }
        None => read_invoice::run(scene, contents, bytes).await?,
    };
    let cut = |reading: &Reading| cut_off::obstacle(reading, &paper.pages, &paper.notices);
    if let Some(obstacle) = reading.as_ref().and_then(cut) {
        return Ok(refusal(obstacle).into());
    }
    match reading {
        Some(reading) if !reading.others.is_empty() => papers::offer(scene, &paper, reading).await,
        Some(reading) if reading.is_invoice() => keep::file(scene, &paper, reading).await,
        Some(_) | None => {
            let no_amounts = shows_no_amounts(scene, &paper.pages);
            let why = no_amounts.then_some(NotInvoice::NoAmounts);
            let mut filed = Filed::from(Reply::NotAnInvoice { why });
            filed.replies.extend(doubts::noticed(&paper.notices));
            Ok(filed)
        }
    }
}

/// Shows the model that is set up what the built-in reader found no letters in; refuses the file where
/// there is none, or it sees no invoice either.
async fn by_eye(
    scene: &Scene<'_>,
    hash: ContentHash,
    contents: Contents,
    bytes: &Bytes,
    obstacle: Obstacle,
) -> Result<Filed, TurnError> {
    if !obstacle.is_for_eyes() {
        return Ok(refusal(obstacle).into());
    }
    let paper = Paper {
        hash,
        bytes,
        pages: contents.pages.clone(),
        fingerprint: contents.fingerprint,
        notices: contents.notices.clone(),
        differences: Vec::new(),
    };
    match read_invoice::run(scene, contents, bytes).await? {
        Some(reading) if reading.is_invoice() => keep::file(scene, &paper, reading).await,
        Some(_) | None => Ok(refusal(obstacle).into()),
    }
}

/// Returns whether there is text, but no amount of money in it.
fn shows_no_amounts(scene: &Scene<'_>, pages: &[Page]) -> bool {
    let mut words = pages.iter().flat_map(|page| &page.words).peekable();
    let currency = scene.habits().currency;
    words.peek().is_some() && !words.any(|word| printed_amount(&word.text, currency).is_some())
}

fn refusal(obstacle: Obstacle) -> Reply {
    match obstacle {
        Obstacle::Unsupported => Reply::Unsupported,
        Obstacle::TooManyBytes => Reply::FileTooLarge,
        _ => Reply::Unreadable { obstacle },
    }
}
