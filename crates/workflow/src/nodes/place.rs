//! What a word is that was asked back about: a vendor, a customer, a thing, or a name of the book. The
//! question is answered then as if that had been known.

use super::{Step, answer};
use crate::{replies::Reply, scene::Scene, turn::TurnError, words::Placing};

/// Answers the question that a word was doubtful in.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(scene: &Scene<'_>, placing: &Placing) -> Result<Step, TurnError> {
    let puzzled = scene.memory().puzzled.as_ref().filter(|puzzled| {
        let own = || puzzled.id.to_string();
        placing.button().is_none_or(|button| button == own())
    });
    // A button of an older question.
    let Some(puzzled) = puzzled else { return Ok(Step::reply(scene, Reply::PendingExpired)) };
    let mut names = scene.names().await?;
    let typed = puzzled.typed.clone();
    let mut question = puzzled.question.clone();
    match placing {
        Placing::Vendor(_) => names.vendors.push(typed),
        Placing::Customer(_) => names.customers.push(typed),
        Placing::Thing(_) => names.things.push(typed),
        Placing::Name(place, _) => {
            let Some(name) = puzzled.suggestions.get(*place) else {
                return Ok(Step::reply(scene, Reply::PendingExpired));
            };
            question = question.replacen(&typed, name, 1);
        }
    }
    answer::placed(scene, &question, names).await
}
