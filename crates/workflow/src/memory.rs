//! What this book was taught about a vendor: found again for its next document, and learnt from
//! corrections. A hint changes values of one reading and can do nothing else.

use crate::{scene::Scene, turn::TurnError};
use domain::{
    outcome::Patch,
    reading::{Origin, Reading},
    vendor_memory::{Trace, VendorHint},
};

/// Puts what is known of the vendor into a reading and returns the category that was taught.
///
/// An e-invoice is exact; only the vendor's name and the category come from memory there.
///
/// # Errors
///
/// [`TurnError`].
pub async fn recall(
    scene: &Scene<'_>,
    reading: &mut Reading,
    trace: &Trace,
) -> Result<Option<String>, TurnError> {
    let hints = scene.tools.ledger.hints(scene.tenant()).await?;
    let Some(hint) = hints.into_iter().find(|hint| hint.is_on(trace)) else {
        return Ok(None);
    };
    if reading.kind.evidence.origin == Origin::EInvoice {
        let named = VendorHint { vendor: hint.vendor.clone(), ..VendorHint::default() };
        named.improve(reading, trace, scene.habits().currency);
    } else {
        hint.improve(reading, trace, scene.habits().currency);
    }
    Ok(hint.category)
}

/// Returns everything that corrections have taught, the newest first.
///
/// # Errors
///
/// [`TurnError`].
pub async fn all(scene: &Scene<'_>) -> Result<Vec<VendorHint>, TurnError> {
    let mut hints = scene.tools.ledger.hints(scene.tenant()).await?;
    hints.retain(|hint| !hint.is_empty());
    Ok(hints)
}

/// Returns what a correction teaches, laid over what was known; nothing where it teaches nothing,
/// or where more than one invoice is changed.
///
/// # Errors
///
/// [`TurnError`].
pub async fn learn(scene: &Scene<'_>, patches: &[Patch]) -> Result<Option<VendorHint>, TurnError> {
    let [patch] = patches else { return Ok(None) };
    let trace = trace_of(scene, patch).await?;
    lay_over(scene, VendorHint::learnt(patch, trace.as_ref())).await
}

/// Returns what is known once a correction is taken back: without what it had taught, and with what
/// the way back teaches, which is a correction too, of the vendor that the first one knew.
///
/// # Errors
///
/// [`TurnError`].
pub async fn unlearn(
    scene: &Scene<'_>,
    patches: &[Patch],
) -> Result<Option<VendorHint>, TurnError> {
    let [patch] = patches else { return Ok(None) };
    let keys = VendorHint::keys_of(&patch.before);
    let by_name = |document| Trace { document, fingerprint: None, keys, rows: Vec::new() };
    let trace = trace_of(scene, patch).await?.or_else(|| patch.before.document.map(by_name));
    let Some(taught) = VendorHint::learnt(patch, trace.as_ref()) else { return Ok(None) };
    let Some(known) = known(scene, &taught).await? else { return Ok(None) };
    let known = known.untaught(&taught);
    // Where no paper is, nothing can be read as it was before.
    let Some(trace) = trace else { return Ok(Some(known)) };
    let back = Patch { before: patch.after.clone(), after: patch.before.clone() };
    Ok(Some(match VendorHint::learnt(&back, Some(&trace)) {
        // The old category and the old name were never taught, and a reading may have been wrong.
        Some(lesson) => known.taught(VendorHint { vendor: None, category: None, ..lesson }),
        None => known,
    }))
}

async fn trace_of(scene: &Scene<'_>, patch: &Patch) -> Result<Option<Trace>, TurnError> {
    let Some(document) = patch.before.document else { return Ok(None) };
    Ok(scene.tools.ledger.trace(scene.tenant(), document).await?)
}

/// Lays a lesson over what was known of the vendor before.
async fn lay_over(
    scene: &Scene<'_>,
    lesson: Option<VendorHint>,
) -> Result<Option<VendorHint>, TurnError> {
    let Some(newer) = lesson else { return Ok(None) };
    Ok(Some(match known(scene, &newer).await? {
        Some(older) => older.taught(newer),
        None => newer,
    }))
}

/// Returns what is known of the vendor that a lesson is about.
async fn known(scene: &Scene<'_>, lesson: &VendorHint) -> Result<Option<VendorHint>, TurnError> {
    let hints = scene.tools.ledger.hints(scene.tenant()).await?;
    Ok(hints.into_iter().find(|hint| hint.is_of(&lesson.keys)))
}
