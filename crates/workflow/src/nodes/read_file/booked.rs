//! Spreadsheets: one that is an invoice goes the way of every document, a list of several is asked
//! about first and then stored in one go.

use super::{Filed, Paper, keep, papers};
use crate::{
    nodes::Step,
    replies::{Listed, NotInvoice, Reply},
    scene::Scene,
    turn::TurnError,
};
use domain::{
    conversation::Awaited,
    document::{ContentHash, Table},
    ids::InvoiceId,
    invoice::{Direction, Finding, Invoice, Kind, Status, totals},
    money::{Money, sum_by_currency},
    outcome::Change,
    reading::{Intake, Reading, Standing},
};
use ports::tables::{Booked, Entry, List, Place};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// The most heads of a list that are repeated.
const MOST_HEADS: usize = 8;

/// What of a list is to be stored, and what is to be said about it.
struct Sorted {
    invoices: Vec<Invoice>,
    listed: Listed,
}

/// Files what a spreadsheet says.
///
/// # Errors
///
/// [`TurnError`].
pub(super) async fn file(
    scene: &Scene<'_>,
    paper: &Paper<'_>,
    tables: &[Table],
) -> Result<Filed, TurnError> {
    let list = match understand(scene, tables) {
        Booked::Form(reading) => return keep::file(scene, paper, *reading).await,
        Booked::Nothing => return Ok(Reply::NotAnInvoice { why: None }.into()),
        Booked::Payments => {
            return Ok(Reply::NotAnInvoice { why: Some(NotInvoice::Payments) }.into());
        }
        Booked::Unknown(mut heads) => {
            heads.truncate(MOST_HEADS);
            let why = Some(NotInvoice::UnknownHeads { heads });
            return Ok(Reply::NotAnInvoice { why }.into());
        }
        Booked::List(list) => list,
    };
    let Sorted { invoices, listed } = sort(scene, list, paper.hash).await?;
    Ok(match invoices.len() {
        0 => Reply::ListHasNothingNew { list: listed }.into(),
        _ => {
            let pending = scene.await_answer(Awaited::StoreList { document: paper.hash });
            let reply = Reply::ListOffered { list: listed, pending: pending.id };
            Filed { pending: Some(pending), ..Filed::from(reply) }
        }
    })
}

/// Stores a list that somebody said yes to; it is read again, since it may be long.
///
/// # Errors
///
/// [`TurnError`].
pub async fn store(scene: &Scene<'_>, document: ContentHash) -> Result<Step, TurnError> {
    let Some(bytes) = scene.tools.blobs.get(document).await? else {
        return Ok(Step::settle(scene, Reply::FileGone));
    };
    let contents = scene.tools.documents.read(bytes.clone()).await?;
    if contents.tables.is_empty() {
        return papers::store(scene, document, contents, &bytes).await;
    }
    let Booked::List(list) = understand(scene, &contents.tables) else {
        return Ok(Step::settle(scene, Reply::NotAnInvoice { why: None }));
    };
    let Sorted { invoices, listed } = sort(scene, list, document).await?;
    Ok(stored(scene, invoices, listed))
}

/// Stores invoices in one go and says so.
pub(super) fn stored(scene: &Scene<'_>, invoices: Vec<Invoice>, listed: Listed) -> Step {
    let reply = match invoices.len() {
        0 => Reply::ListHasNothingNew { list: listed },
        _ => Reply::ListStored { list: listed },
    };
    let mut step = Step::settle(scene, reply);
    // None of them is on screen, nor is what was asked before.
    step.conversation.look_at([]);
    step.conversation.last_plan = None;
    let save = |invoice| Change::SaveInvoice(Box::new(invoice));
    step.changes.extend(invoices.into_iter().map(save));
    step
}

pub(super) fn understand(scene: &Scene<'_>, tables: &[Table]) -> Booked {
    let locale = scene.sentence("", ports::model::Names::default()).locale;
    scene.tools.tables.understand(tables, scene.today, &locale)
}

/// Makes invoices of a list and leaves out those that are stored already.
async fn sort(scene: &Scene<'_>, list: List, document: ContentHash) -> Result<Sorted, TurnError> {
    let mut listed = Listed::without(&list.skipped, &list.unused);
    let mut invoices: Vec<Invoice> = Vec::new();
    let mut keys = BTreeSet::new();
    for entry in list.entries {
        let is_unsure = is_unsure(&entry.reading);
        let is_assumed = is_assumed(&entry);
        let Some((invoice, findings)) = invoice(scene, entry, document) else { continue };
        let key = invoice.duplicate_key();
        if key.clone().is_some_and(|key| !keys.insert(key)) || is_stored(scene, &invoice).await? {
            listed.known = listed.known.saturating_add(1);
            continue;
        }
        listed.unsure = listed.unsure.saturating_add(usize::from(is_unsure));
        let wrong = findings.iter().any(Finding::contradicts);
        if wrong {
            listed.contradict(&invoice);
        }
        if is_assumed {
            listed.assumed = listed.assumed.saturating_add(1);
            listed.currencies.insert(invoice.gross.currency.code());
        }
        invoices.push(invoice);
    }
    listed.count = invoices.len();
    listed.sums = sum_by_currency(invoices.iter().map(signed))?;
    Ok(Sorted { invoices, listed })
}

pub(super) async fn is_stored(scene: &Scene<'_>, invoice: &Invoice) -> Result<bool, TurnError> {
    let ledger = scene.tools.ledger;
    if let Some(key) = invoice.duplicate_key()
        && ledger.by_duplicate_key(scene.tenant(), &key).await?.is_some()
    {
        return Ok(true);
    }
    Ok(ledger.invoice(scene.tenant(), invoice.id).await?.is_some())
}

/// Returns whether the currency of an entry is a guess.
fn is_assumed(entry: &Entry) -> bool {
    let claim = entry.reading.currency.as_ref();
    claim.is_none_or(|claim| claim.evidence.standing() == Standing::Doubtful)
}

pub(super) fn is_unsure(reading: &Reading) -> bool {
    let doubtful = |evidence: &domain::reading::Evidence| evidence.standing() == Standing::Doubtful;
    reading.gross.as_ref().is_some_and(|claim| doubtful(&claim.evidence))
        || reading.issue_date.as_ref().is_some_and(|claim| doubtful(&claim.evidence))
}

/// Returns the amount that an invoice adds to a sum: credit notes take away.
pub(super) fn signed(invoice: &Invoice) -> Money {
    let gross = invoice.gross;
    match invoice.kind {
        Kind::CreditNote => Money::new(gross.minor.saturating_neg(), gross.currency),
        _ => gross,
    }
}

fn invoice(
    scene: &Scene<'_>,
    entry: Entry,
    document: ContentHash,
) -> Option<(Invoice, Vec<Finding>)> {
    let intake = Intake {
        id: id(scene, document, &entry.place),
        currency: scene.habits().currency,
        received_on: scene.today,
        document: None,
    };
    let (mut invoice, _) = entry.reading.into_invoice(&intake).ok()?;
    if entry.issued {
        invoice.direction = Direction::Issued;
        invoice.vendor = scene.seller().clone();
    }
    invoice.category = entry.category;
    if let Some(status) = entry.status {
        invoice.status = status;
        let paid = status == Status::Paid;
        invoice.paid_on = entry.paid_on.or(invoice.paid_on).filter(|_| paid);
    }
    let findings = totals::check(&invoice);
    invoice.proof = totals::prove(&invoice, &findings);
    Some((invoice, findings))
}

/// The same row of the same file in the same book has the same identifier, so that a list without
/// numbers is not stored twice.
pub(super) fn id(scene: &Scene<'_>, document: ContentHash, place: &Place) -> InvoiceId {
    let mut hash = Sha256::new();
    hash.update(scene.tenant().0);
    hash.update(document.0);
    hash.update(place.row.to_be_bytes());
    hash.update(&place.sheet);
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(hash.finalize()) {
        *to = from;
    }
    InvoiceId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}
