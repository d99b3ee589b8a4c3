//! What does this document say? Asked only where the file itself is not exact.
//!
//! The built-in reader goes first, always. The model that is set up gives a second opinion where the
//! first does not prove itself, and sees pictures only where the owner allows it and letters are not
//! certain.

use super::{
    ask::{Asked, of_built_in, of_model},
    second_opinion::{self, Paper},
};
use crate::{prompts, scene::Scene, turn::TurnError};
use bytes::Bytes;
use domain::{
    document::{ContentHash, Contents, Page, TextSource},
    ids::InvoiceId,
    reading::{Intake, ReadKind, Reading, Standing},
};
use ports::model::{Ask, Claimed, Sheets, Task, Vision};
use sha2::{Digest, Sha256};

/// Reads a document's pages; nothing if nobody knows what it is.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(
    scene: &Scene<'_>,
    contents: Contents,
    bytes: &Bytes,
) -> Result<Option<Reading>, TurnError> {
    let locale = scene.sentence("", ports::model::Names::default()).locale;
    let sheets = Sheets { pages: contents.pages, pictures: Vec::new(), today: scene.today, locale };
    let mut ask = Ask { task: Task::ReadInvoice(sheets), instructions: prompts::READ_INVOICE };
    let first = reading(of_built_in(scene, &ask).await?);
    let vision = scene.tools.allowance.vision;
    let settled = first.as_ref().is_some_and(|first| proves_itself(first, scene));
    if !scene.tools.model.costs() || (settled && vision != Vision::Always) {
        return Ok(first);
    }
    let Task::ReadInvoice(sheets) = &mut ask.task else { return Ok(first) };
    if scene.tools.model.sees_pictures() && may_be_shown(vision, &sheets.pages) {
        sheets.pictures = scene.tools.documents.pictures(bytes.clone()).await?;
    }
    if sheets.pictures.is_empty() && sheets.pages.iter().all(|page| page.words.is_empty()) {
        return Ok(first);
    }
    let document = ContentHash(Sha256::digest(bytes).into());
    let asked = of_model(scene, &ask, Some(document)).await?;
    if matches!(asked, Asked::OverCap) {
        scene.note_over_cap();
    }
    let (Asked::Answered(claimed), Task::ReadInvoice(sheets)) = (asked, &ask.task) else {
        return Ok(first);
    };
    let Some(second) = reading(claimed) else { return Ok(first) };
    let paper = Paper::of(&sheets.pages, !sheets.pictures.is_empty());
    Ok(Some(second_opinion::merge(first, second, &paper)))
}

fn reading(claimed: Claimed) -> Option<Reading> {
    match claimed {
        Claimed::Reading(reading) => Some(*reading),
        _ => None,
    }
}

/// Returns whether pictures may go to the model: where letters are certain, text says it all.
fn may_be_shown(vision: Vision, pages: &[Page]) -> bool {
    let certain = |page: &Page| page.source == TextSource::TextLayer && !page.words.is_empty();
    match vision {
        Vision::Always => true,
        Vision::WhenUnsure => pages.is_empty() || !pages.iter().all(certain),
        Vision::Never => false,
    }
}

/// Returns whether a reading needs no second opinion: it is certainly no invoice, or its total is
/// proven, nothing contradicts it, and the fields that people look at first are there and not in
/// doubt.
fn proves_itself(reading: &Reading, scene: &Scene<'_>) -> bool {
    let standing = |evidence: &domain::reading::Evidence| evidence.standing();
    if standing(&reading.kind.evidence) == Standing::Doubtful {
        return false;
    }
    if reading.kind.value == ReadKind::NotInvoice {
        return true;
    }
    let key_fields = [
        reading.vendor.as_ref().map(|claim| standing(&claim.evidence)),
        reading.issue_date.as_ref().map(|claim| standing(&claim.evidence)),
        reading.currency.as_ref().map(|claim| standing(&claim.evidence)),
    ];
    let firm = |found: &Option<Standing>| found.is_some_and(|found| found != Standing::Doubtful);
    let number = reading.number.as_ref().map(|claim| standing(&claim.evidence));
    let total = reading.gross.as_ref().map(|claim| standing(&claim.evidence));
    total == Some(Standing::Verified)
        && number != Some(Standing::Doubtful)
        && key_fields.iter().all(firm)
        && adds_up(reading, scene)
}

fn adds_up(reading: &Reading, scene: &Scene<'_>) -> bool {
    let intake = Intake {
        id: InvoiceId(uuid::Uuid::nil()),
        currency: scene.habits().currency,
        received_on: scene.today,
        document: None,
    };
    let made = reading.clone().into_invoice(&intake);
    made.is_ok_and(|(_, findings)| !findings.iter().any(domain::invoice::Finding::contradicts))
}
