//! What does this document say? Asked only where the file itself is not exact.
//!
//! The built-in reader goes first, always. The model that is set up gives a second opinion where the
//! first does not prove itself, and sees pictures only where the owner allows it and letters are not
//! certain.

use super::{
    ask::{Asked, of_built_in, of_model},
    printed,
    second_opinion::{Paper, is_wanted, may_be_shown, merge},
};
use crate::{prompts, scene::Scene, turn::TurnError};
use bytes::Bytes;
use domain::{
    document::{ContentHash, Contents},
    invoice::Finding,
    reading::Reading,
};
use ports::model::{Ask, Claimed, Sheets, Task};
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
    let first = match &ask.task {
        // Letters are all that the built-in reader sees.
        Task::ReadInvoice(sheets) if sheets.pages.is_empty() => None,
        _ => reading(of_built_in(scene, &ask).await?),
    };
    let vision = scene.tools.allowance.vision;
    let assumed = scene.habits().currency;
    // Nobody else sees where one paper ends.
    if first.as_ref().is_some_and(|first| !first.others.is_empty()) {
        return Ok(first);
    }
    if !scene.tools.model.costs() || !is_wanted(first.as_ref(), vision, assumed) {
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
    Ok(Some(merge(first, second, &paper)))
}

/// Returns where the printed page says something else than the e-invoice inside; the built-in
/// reader reads it, for the e-invoice is believed all the same.
///
/// # Errors
///
/// [`TurnError`].
pub async fn differences(
    scene: &Scene<'_>,
    einvoice: &Reading,
    contents: Contents,
) -> Result<Vec<Finding>, TurnError> {
    if contents.pages.iter().all(|page| page.words.is_empty()) {
        return Ok(Vec::new());
    }
    let locale = scene.sentence("", ports::model::Names::default()).locale;
    let sheets = Sheets { pages: contents.pages, pictures: Vec::new(), today: scene.today, locale };
    let ask = Ask { task: Task::ReadInvoice(sheets), instructions: prompts::READ_INVOICE };
    let page = reading(of_built_in(scene, &ask).await?);
    let Task::ReadInvoice(sheets) = &ask.task else { return Ok(Vec::new()) };
    Ok(page.map(|page| printed::differences(einvoice, &page, &sheets.pages)).unwrap_or_default())
}

fn reading(claimed: Claimed) -> Option<Reading> {
    match claimed {
        Claimed::Reading(reading) => Some(*reading),
        _ => None,
    }
}
