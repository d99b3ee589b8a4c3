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
/// An e-invoice is exact; only the category comes from memory there.
///
/// # Errors
///
/// [`TurnError`].
pub async fn recall(
    scene: &Scene<'_>,
    reading: &mut Reading,
    trace: &Trace,
) -> Result<Option<String>, TurnError> {
    if trace.keys.is_empty() {
        return Ok(None);
    }
    let hints = scene.tools.ledger.hints(scene.tenant()).await?;
    let Some(hint) = hints.into_iter().find(|hint| hint.is_of(&trace.keys)) else {
        return Ok(None);
    };
    if reading.kind.evidence.origin != Origin::EInvoice {
        hint.improve(reading, trace, scene.habits().currency);
    }
    Ok(hint.category)
}

/// Returns what a correction teaches, laid over what was known; nothing where it teaches nothing,
/// or where more than one invoice is changed.
///
/// # Errors
///
/// [`TurnError`].
pub async fn learn(scene: &Scene<'_>, patches: &[Patch]) -> Result<Option<VendorHint>, TurnError> {
    let [patch] = patches else { return Ok(None) };
    let ledger = scene.tools.ledger;
    let trace = match patch.before.document {
        Some(document) => ledger.trace(scene.tenant(), document).await?,
        None => None,
    };
    let Some(newer) = VendorHint::learnt(patch, trace.as_ref()) else { return Ok(None) };
    let hints = ledger.hints(scene.tenant()).await?;
    let older = hints.into_iter().find(|hint| hint.is_of(&newer.keys));
    Ok(Some(match older {
        Some(older) => older.taught(newer),
        None => newer,
    }))
}
