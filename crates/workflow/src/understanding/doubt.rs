//! What is asked where a part of a sentence can be pointed at.

use super::bind;
use crate::{
    replies::{Clashing, Reply, Unplaced},
    scene::Scene,
    turn::TurnError,
};
use ports::model::Doubt;

/// Returns the question that clears a doubt up.
///
/// # Errors
///
/// [`TurnError`].
pub async fn question(scene: &Scene<'_>, doubt: Doubt) -> Result<Reply, TurnError> {
    Ok(match doubt {
        Doubt::Unknown(typed) => {
            let suggestions = bind::close_to(&typed, &scene.names().await?);
            Reply::UnknownWord(Unplaced { typed, suggestions })
        }
        Doubt::Beyond(typed) => Reply::CannotGoBy(Unplaced { typed, suggestions: Vec::new() }),
        Doubt::Clash(one, other) => Reply::Contradicts(Clashing { one, other }),
    })
}
