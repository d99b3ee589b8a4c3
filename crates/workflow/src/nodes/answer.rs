//! A question: sentence to plan, plan to rows, rows to reply. Every number comes from the rows.

use super::Step;
use crate::{
    replies::Reply,
    scene::Scene,
    turn::TurnError,
    understanding::plan_question::{self, Planned},
};
use domain::question::Answer;

/// Answers the message's question.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(scene: &Scene<'_>) -> Result<Step, TurnError> {
    let plan = match plan_question::run(scene).await? {
        Planned::Plan(plan) => plan,
        Planned::UnknownName(unknown) => {
            let reply =
                Reply::UnknownName { typed: unknown.typed, suggestions: unknown.suggestions };
            return Ok(Step::reply(scene, reply));
        }
        Planned::Unsure => return Ok(Step::reply(scene, Reply::NotUnderstood)),
    };
    let answer = scene.tools.ledger.answer(scene.tenant(), &plan, scene.today).await?;
    let spoken_of = match &answer {
        Answer::Invoices { rows, .. } if rows.len() == 1 => rows.first().map(|row| row.id),
        _ => None,
    };
    let reply = Reply::Answered { plan: plan.clone(), answer, today: scene.today };
    let mut step = Step::reply(scene, reply);
    step.conversation.last_plan = Some(*plan);
    step.conversation.last_invoice = spoken_of.or(step.conversation.last_invoice);
    Ok(step)
}
