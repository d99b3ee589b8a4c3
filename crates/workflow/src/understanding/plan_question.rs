//! Which query answers this question?

use super::{ask::ask, bind};
use crate::{prompts, scene::Scene, turn::TurnError};
use domain::question::{Answer, QueryPlan};
use ports::model::{Claimed, Task};

/// What became of a question.
pub enum Planned {
    /// A plan whose names are stored names.
    Plan(Box<QueryPlan>),
    /// It names someone who is in no invoice.
    UnknownName(bind::UnknownName),
    /// It was not understood.
    Unsure,
}

/// Plans the message's question and binds its names to the tenant's own.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(scene: &Scene<'_>) -> Result<Planned, TurnError> {
    let names = scene.names().await?;
    let task = Task::PlanQuestion(scene.sentence(&scene.question(), names.clone()));
    let Claimed::Plan(mut plan) = ask(scene, task, prompts::PLAN_QUESTION).await? else {
        return Ok(Planned::Unsure);
    };
    if let Err(unknown) = bind::filters(&mut plan.filters, &names) {
        return Ok(Planned::UnknownName(unknown));
    }
    plan.limit = plan.limit.map(|limit| limit.clamp(1, Answer::MAX_ROWS));
    let (from, to) = (plan.filters.date_from, plan.filters.date_to);
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Ok(Planned::Unsure);
    }
    Ok(Planned::Plan(plan))
}
