//! What does this document say? Asked only where the file itself is not exact.

use super::ask::ask;
use crate::{prompts, scene::Scene, turn::TurnError};
use bytes::Bytes;
use domain::{document::Contents, reading::Reading};
use ports::model::{Claimed, Sheets, Task};

/// Reads a document's pages; nothing if the model does not know what it is.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(
    scene: &Scene<'_>,
    contents: Contents,
    bytes: &Bytes,
) -> Result<Option<Reading>, TurnError> {
    let pictures = if scene.tools.model.sees_pictures() {
        scene.tools.documents.pictures(bytes.clone()).await?
    } else {
        Vec::new()
    };
    let locale = scene.sentence("", ports::model::Names::default()).locale;
    let task =
        Task::ReadInvoice(Sheets { pages: contents.pages, pictures, today: scene.today, locale });
    match ask(scene, task, prompts::READ_INVOICE).await? {
        Claimed::Reading(reading) => Ok(Some(*reading)),
        _ => Ok(None),
    }
}
