//! What waits for an answer must fit into the memory of a conversation: the lines of a long
//! document are left out of it, and read again from the stored original when the answer comes.

use super::{booked, keep};
use crate::{scene::Scene, turn::TurnError, understanding::read_invoice};
use domain::{
    conversation::Awaited, document::ContentHash, invoice::Invoice, reading::Reading,
    vendor_memory::Trace,
};
use ports::tables::Booked;

/// The most bytes that what waits takes when written down; the memory as a whole has 64 KiB.
const MAX_BYTES: usize = 36 * 1024;
/// So many printed rows are kept of a document that is still too long without its lines.
const FEW_ROWS: usize = 30;

/// Makes what waits fit: lines go first, then most of the printed rows.
pub fn fit(mut awaited: Awaited) -> Awaited {
    if is_small(&awaited) {
        return awaited;
    }
    match &mut awaited {
        Awaited::KeepDuplicate { invoice, lines_left_out, .. }
        | Awaited::StoreOne { invoice, lines_left_out, .. } => {
            invoice.lines.clear();
            *lines_left_out = true;
        }
        Awaited::CompleteReading { reading, lines_left_out, .. } => {
            reading.lines.clear();
            *lines_left_out = true;
        }
        _ => {}
    }
    if !is_small(&awaited)
        && let Awaited::KeepDuplicate { trace, .. }
        | Awaited::StoreOne { trace, .. }
        | Awaited::CompleteReading { trace, .. } = &mut awaited
    {
        trace.rows.truncate(FEW_ROWS);
    }
    awaited
}

fn is_small(awaited: &Awaited) -> bool {
    serde_json::to_vec(awaited).is_ok_and(|written| written.len() <= MAX_BYTES)
}

/// Returns a waiting invoice with the lines that were left out.
///
/// # Errors
///
/// [`TurnError`].
pub async fn whole(
    scene: &Scene<'_>,
    invoice: &Invoice,
    trace: &Trace,
    lines_left_out: bool,
) -> Result<Invoice, TurnError> {
    let mut invoice = invoice.clone();
    if lines_left_out
        && let Some(read) = read_again(scene, trace.document).await?
        && let Ok((again, _)) = keep::make(scene, &read, None)
        && again.currency == invoice.currency
    {
        invoice.lines = again.lines;
    }
    Ok(invoice)
}

/// Returns a waiting reading with the lines that were left out.
///
/// # Errors
///
/// [`TurnError`].
pub async fn whole_reading(
    scene: &Scene<'_>,
    reading: &Reading,
    trace: &Trace,
    lines_left_out: bool,
) -> Result<Reading, TurnError> {
    let mut reading = reading.clone();
    if lines_left_out && let Some(read) = read_again(scene, trace.document).await? {
        reading.lines = read.lines;
    }
    Ok(reading)
}

async fn read_again(
    scene: &Scene<'_>,
    document: ContentHash,
) -> Result<Option<Reading>, TurnError> {
    let Some(bytes) = scene.tools.blobs.get(document).await? else { return Ok(None) };
    let mut contents = scene.tools.documents.read(bytes.clone()).await?;
    if !contents.tables.is_empty() {
        return Ok(match booked::understand(scene, &contents.tables) {
            Booked::Form(reading) => Some(*reading),
            Booked::List(_) | Booked::Payments | Booked::Unknown(_) | Booked::Nothing => None,
        });
    }
    match contents.einvoice.take() {
        Some(reading) => Ok(Some(reading)),
        None => read_invoice::run(scene, contents, &bytes).await,
    }
}
