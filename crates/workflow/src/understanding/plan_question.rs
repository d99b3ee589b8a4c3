//! Which query answers this question?

use super::{ask::ask, bind};
use crate::{prompts, replies::Unplaced, scene::Scene, turn::TurnError};
use domain::question::{Answer, Entity, Field, Filters, Metric, QueryPlan};
use ports::model::{Claimed, Doubt, Names, Task, Unfiled};
use rust_decimal::Decimal;

/// What became of a question.
pub enum Planned {
    /// A plan whose names are stored names.
    Plan(Box<QueryPlan>),
    /// It names someone who is in no invoice.
    UnknownName(Unplaced),
    /// It was not understood because of this.
    Doubt(Doubt),
    /// It was not understood.
    Unsure,
}

/// Plans the message's question and binds its names to the tenant's own.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(scene: &Scene<'_>) -> Result<Planned, TurnError> {
    of(scene, &scene.question(), scene.names().await?).await
}

/// Plans a question over these names, be they in the book or what the person says they are.
///
/// # Errors
///
/// [`TurnError`].
pub async fn of(scene: &Scene<'_>, question: &str, names: Names) -> Result<Planned, TurnError> {
    let mut plan = match claimed(scene, question, names.clone()).await? {
        Claimed::Plan(plan) => plan,
        Claimed::Doubt(doubt) => return Ok(Planned::Doubt(doubt)),
        _ => return Ok(Planned::Unsure),
    };
    let asked = plan.clone();
    if let Err(unknown) = bind::filters(&mut plan.filters, &names) {
        match thing(scene, *asked, &unknown).await? {
            Some(about) => plan = Box::new(about),
            None => return Ok(Planned::UnknownName(unknown)),
        }
    }
    if let Some(typed) = unknown_thing(scene, &plan, &names).await? {
        return Ok(Planned::Doubt(Doubt::Unknown(typed)));
    }
    plan.limit = plan.limit.map(|limit| limit.clamp(1, Answer::MAX_ROWS));
    let (from, to) = (plan.filters.date_from, plan.filters.date_to);
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Ok(Planned::Unsure);
    }
    Ok(Planned::Plan(plan))
}

/// How often a question is asked anew, with what was looked up for it.
const MOST_LOOKED_UP: usize = 3;

/// Asks for the plan. A word that is in doubt and stands on bills is a thing: it is asked once more
/// with that known.
async fn claimed(
    scene: &Scene<'_>,
    question: &str,
    mut names: Names,
) -> Result<Claimed, TurnError> {
    let mut claimed = Claimed::Unsure;
    for _ in 0..MOST_LOOKED_UP {
        let task = Task::PlanQuestion(scene.sentence(question, names.clone()));
        claimed = ask(scene, task, prompts::PLAN_QUESTION).await?;
        match &claimed {
            Claimed::Doubt(Doubt::Unknown(typed)) if !names.things.contains(typed) => {
                if !is_on_a_bill(scene, typed).await? {
                    return Ok(claimed);
                }
                names.things.push(typed.clone());
            }
            Claimed::Doubt(Doubt::Unfiled(unfiled)) => look_up(scene, unfiled, &mut names).await?,
            _ => return Ok(claimed),
        }
    }
    Ok(claimed)
}

/// Notes which words for a kind stand on bills: the one that was said, else those of other languages.
async fn look_up(scene: &Scene<'_>, unfiled: &Unfiled, names: &mut Names) -> Result<(), TurnError> {
    if is_on_a_bill(scene, &unfiled.typed).await? {
        names.things.push(unfiled.typed.clone());
        return Ok(());
    }
    for other in &unfiled.others {
        if is_on_a_bill(scene, other).await? {
            names.things.push(other.clone());
        }
    }
    names.absent.push(unfiled.typed.clone());
    Ok(())
}

/// Returns a thing that is on no bill at all, where it was not asked for as one: "spent on zorbing" may
/// be about a vendor or anything else, "how many eggs did I buy" is not.
async fn unknown_thing(
    scene: &Scene<'_>,
    plan: &QueryPlan,
    names: &Names,
) -> Result<Option<String>, TurnError> {
    let is_asked_for = matches!(plan.field, Field::Quantity | Field::UnitPrice | Field::Item);
    let is_empty = names.vendors.is_empty() && names.customers.is_empty();
    let [typed] = plan.filters.item.as_slice() else { return Ok(None) };
    if is_asked_for || is_empty || names.things.contains(typed) {
        return Ok(None);
    }
    Ok((!is_on_a_bill(scene, typed).await?).then(|| typed.clone()))
}

/// Returns whether any bill has such a thing.
async fn is_on_a_bill(scene: &Scene<'_>, typed: &str) -> Result<bool, TurnError> {
    let filters = Filters { item: vec![typed.to_owned()], ..Filters::default() };
    let (metric, field) = (Metric::Count, Field::Id);
    let count = QueryPlan { entity: Entity::Item, metric, field, filters, ..QueryPlan::default() };
    let found = scene.tools.ledger.answer(scene.tenant(), &count, scene.today).await?;
    Ok(!found.is_nothing())
}

/// Returns the same question about a thing: a name that nobody has, but that stands on bills as what was
/// bought, as in "how much did I spend on coffee?".
async fn thing(
    scene: &Scene<'_>,
    asked: QueryPlan,
    unknown: &Unplaced,
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
