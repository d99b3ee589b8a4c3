//! What is asked where a part of a sentence can be pointed at.

use super::bind;
use crate::{
    nodes::Step,
    replies::{Clashing, Odd, Oddness, Reply, Unplaced},
    scene::Scene,
    turn::TurnError,
};
use domain::{
    conversation::{Conversation, Puzzled},
    ids::PendingId,
};
use ports::model::{Doubt, Unfiled};

/// Returns the question that clears a doubt up.
///
/// # Errors
///
/// [`TurnError`].
pub async fn question(scene: &Scene<'_>, doubt: Doubt) -> Result<Reply, TurnError> {
    Ok(match doubt {
        Doubt::Unknown(typed) | Doubt::Unfiled(Unfiled { typed, .. }) => {
            let suggestions = bind::close_to(&typed, &scene.names().await?);
            Reply::UnknownWord(Unplaced { typed, suggestions, choice: None })
        }
        Doubt::Beyond(typed) => {
            Reply::CannotGoBy(Unplaced { typed, suggestions: Vec::new(), choice: None })
        }
        Doubt::Unclear(typed) => {
            Reply::Unclear(Unplaced { typed, suggestions: Vec::new(), choice: None })
        }
        Doubt::Odd(typed) => Reply::Odd(Odd { typed, how: Oddness::Part }),
        Doubt::NoSuchDay(typed) => Reply::Odd(Odd { typed, how: Oddness::Day }),
        Doubt::Clash(one, other) => Reply::Contradicts(Clashing { one, other }),
    })
}

/// Gives the question about a word its buttons, and remembers what they answer.
pub fn offer(scene: &Scene<'_>, mut step: Step) -> Step {
    let question = scene.text();
    if question.chars().count() > Conversation::MAX_TEXT {
        return step;
    }
    for reply in &mut step.replies {
        let Reply::UnknownWord(unplaced) = reply else { continue };
        let id = PendingId(scene.tools.clock.new_id());
        unplaced.choice = Some(id);
        step.conversation.puzzled = Some(Puzzled {
            id,
            typed: unplaced.typed.clone(),
            question: question.to_owned(),
            suggestions: unplaced.suggestions.clone(),
        });
    }
    step
}
