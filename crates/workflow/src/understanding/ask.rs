//! The only call to a model: remembered answers first, then one call and at most one more.

use crate::{scene::Scene, turn::TurnError};
use domain::document::ContentHash;
use ports::{
    model::{Answered, Ask, Claimed, ModelError, Task},
    store::Remembered,
};
use sha2::{Digest, Sha256};

/// Asks a model, or remembers what it said to the same input before.
///
/// The key is the hash of model, instructions and task, so that a re-run of a crashed turn costs
/// nothing and says the same. Malformed answers are asked for once more.
///
/// # Errors
///
/// [`TurnError`] if the model or the store cannot be asked.
pub async fn ask(
    scene: &Scene<'_>,
    task: Task,
    instructions: &'static str,
) -> Result<Claimed, TurnError> {
    let model = scene.tools.model;
    let ask = Ask { task, instructions };
    if !model.costs() {
        return Ok(model.answer(&ask).await?.claimed);
    }
    let key = key(&model.name(), &ask);
    if let Some(text) = scene.tools.answers.recall(scene.tenant(), key).await?
        && let Ok(claimed) = serde_json::from_str(&text)
    {
        return Ok(claimed);
    }
    let answered = match model.answer(&ask).await {
        Err(ModelError::Malformed) => model.answer(&ask).await?,
        other => other?,
    };
    if answered.cost {
        remember(scene, key, &answered).await?;
    }
    Ok(answered.claimed)
}

async fn remember(
    scene: &Scene<'_>,
    key: ContentHash,
    answered: &Answered,
) -> Result<(), TurnError> {
    let Ok(text) = serde_json::to_string(&answered.claimed) else { return Ok(()) };
    let remembered = Remembered { text: &text, model: &answered.model, usage: answered.usage };
    Ok(scene.tools.answers.remember(scene.tenant(), key, &remembered).await?)
}

fn key(model: &str, ask: &Ask) -> ContentHash {
    let mut hash = Sha256::new();
    for part in [model, ask.instructions] {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    if let Ok(task) = serde_json::to_vec(&ask.task) {
        hash.update(task);
    }
    if let Task::ReadInvoice(sheets) = &ask.task {
        for picture in &sheets.pictures {
            hash.update(Sha256::digest(picture));
        }
    }
    ContentHash(hash.finalize().into())
}
