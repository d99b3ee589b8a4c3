//! What does this text want?

use super::ask::{ask, of_built_in};
use crate::{prompts, scene::Scene, turn::TurnError};
use domain::intent::Intent;
use ports::model::{Ask, Claimed, Classified, Task, Topic};

/// Classifies the message's text. A model that does not know makes it a call for help.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(scene: &Scene<'_>) -> Result<Classified, TurnError> {
    // "A chart of my spending" is a question; "invoice Bob for a chart" is none.
    if scene.wish().is_some() {
        let classified = of(scene, &scene.question()).await?;
        if classified.intent == Intent::InvoiceQuery {
            return Ok(classified);
        }
    }
    of(scene, scene.text()).await
}

/// Classifies a text by the built-in model alone; nothing if it cannot tell.
///
/// # Errors
///
/// [`TurnError`].
pub async fn by_built_in(scene: &Scene<'_>, text: &str) -> Result<Option<Classified>, TurnError> {
    let task = Task::Classify(scene.sentence(text, scene.names().await?));
    match of_built_in(scene, &Ask { task, instructions: prompts::CLASSIFY }).await? {
        Claimed::Classified(classified) => Ok(Some(classified)),
        _ => Ok(None),
    }
}

/// Returns whether the built-in model reads a text whole as what it wants; talk always.
///
/// # Errors
///
/// [`TurnError`].
pub async fn is_read(scene: &Scene<'_>, intent: Intent, text: &str) -> Result<bool, TurnError> {
    let sentence = scene.sentence(text, scene.names().await?);
    let (task, instructions) = match intent {
        Intent::InvoiceQuery => (Task::PlanQuestion(sentence), prompts::PLAN_QUESTION),
        Intent::InvoiceCreator => (Task::Draft(sentence), prompts::DRAFT),
        Intent::InvoiceUpdate => (Task::Correct(sentence), prompts::CORRECT),
        Intent::Greeting | Intent::General | Intent::OffTopic => return Ok(true),
    };
    Ok(match of_built_in(scene, &Ask { task, instructions }).await? {
        Claimed::Plan(_) | Claimed::Correction(_) => true,
        Claimed::Draft(draft) => draft.customer.is_some() && !draft.items.is_empty(),
        _ => false,
    })
}

async fn of(scene: &Scene<'_>, text: &str) -> Result<Classified, TurnError> {
    let names = scene.names().await?;
    let task = Task::Classify(scene.sentence(text, names));
    match ask(scene, task, prompts::CLASSIFY).await? {
        Claimed::Classified(classified) => Ok(classified),
        _ => Ok(Classified {
            intent: Intent::General,
            topic: Topic::Help,
            language: None,
            sure: false,
        }),
    }
}
