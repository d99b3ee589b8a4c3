//! Which query answers this question?

use super::{ask::ask, bind};
use crate::{prompts, scene::Scene, turn::TurnError};
use domain::question::{Answer, Entity, Field, Metric, QueryPlan};
use ports::model::{Claimed, Task};
use rust_decimal::Decimal;

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
    let asked = plan.clone();
    if let Err(unknown) = bind::filters(&mut plan.filters, &names) {
        match thing(scene, *asked, &unknown).await? {
            Some(about) => plan = Box::new(about),
            None => return Ok(Planned::UnknownName(unknown)),
        }
    }
    plan.limit = plan.limit.map(|limit| limit.clamp(1, Answer::MAX_ROWS));
    let (from, to) = (plan.filters.date_from, plan.filters.date_to);
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Ok(Planned::Unsure);
    }
    Ok(Planned::Plan(plan))
}

/// Returns the same question about a thing: a name that nobody has, but that stands on bills as what was
/// bought, as in "how much did I spend on coffee?".
async fn thing(
    scene: &Scene<'_>,
    asked: QueryPlan,
    unknown: &bind::UnknownName,
) -> Result<Option<QueryPlan>, TurnError> {
    let is_only = asked.filters.vendor.as_slice() == std::slice::from_ref(&unknown.typed)
        && asked.filters.customer.is_empty()
        && asked.filters.item.is_empty();
    if !is_only || asked.group_by.is_some() || asked.against.is_some() {
        return Ok(None);
    }
    let mut about = QueryPlan { entity: Entity::Item, ..asked };
    about.filters.item = std::mem::take(&mut about.filters.vendor);
    if about.metric == Metric::List {
        about.field = Field::Item;
    }
    let count = QueryPlan { metric: Metric::Count, field: Field::Id, ..about.clone() };
    let found = scene.tools.ledger.answer(scene.tenant(), &count, scene.today).await?;
    Ok((matches!(found, Answer::Number(number) if number > Decimal::ZERO)).then_some(about))
}
