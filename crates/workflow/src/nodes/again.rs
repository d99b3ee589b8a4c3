//! Something more about the last answer: the rest of it, where it comes from, the same as a file.

use super::{
    Step, answer,
    answer::{length, page},
};
use crate::{
    attachments::{self, Made},
    commands::Again,
    replies::Reply,
    scene::Scene,
    turn::TurnError,
};
use domain::{
    ids::InvoiceId,
    question::{Answer, Entity, Field, Metric, QueryPlan},
};
use ports::{press::SheetForm, store::SelectError};

/// Says it again, in another way.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(scene: &Scene<'_>, what: Again) -> Result<Step, TurnError> {
    if let Some(sql) = scene.memory().last_sql.clone() {
        return of_statement(scene, what, sql).await;
    }
    let Some(plan) = scene.memory().last_plan.clone() else {
        return Ok(Step::reply(scene, Reply::NothingAsked));
    };
    // Of a comparison, the figure that was asked for.
    let plan = QueryPlan { against: None, ..plan };
    match what {
        Again::More => more(scene, plan).await,
        Again::Show => show(scene, plan).await,
        Again::Why => why(scene, plan).await,
        Again::Sheet(form) => {
            let answer = scene.tools.ledger.answer(scene.tenant(), &plan, scene.today).await?;
            let made = attachments::sheet_of_answer(scene, &plan, &answer, form).await?;
            let Made { file, count, is_cut } = made;
            let mut step = Step::reply(scene, Reply::SheetMade { count, file });
            step.replies.extend(is_cut.then_some(Reply::SheetCut { count }));
            Ok(step)
        }
        Again::Chart => {
            let answer = scene.tools.ledger.answer(scene.tenant(), &plan, scene.today).await?;
            let files = attachments::charts(scene, &plan, &answer).await?;
            let is_none = files.is_empty();
            let reply = if is_none { Reply::NoChart } else { Reply::ChartMade { files } };
            Ok(Step::reply(scene, reply))
        }
    }
}

async fn more(scene: &Scene<'_>, plan: QueryPlan) -> Result<Step, TurnError> {
    let answer = scene.tools.ledger.answer(scene.tenant(), &plan, scene.today).await?;
    let from = scene.memory().shown;
    if from == 0 || from >= length(&answer) {
        return Ok(Step::reply(scene, Reply::NoMore));
    }
    let shown = from.saturating_add(page(&answer));
    let on_screen = answer::on_screen(&answer, from);
    let files = Vec::new();
    let reply = Reply::Answered { plan: Box::new(plan), answer, today: scene.today, from, files };
    let mut step = Step::reply(scene, reply);
    step.conversation.shown = shown;
    step.conversation.look_at(on_screen);
    Ok(step)
}

/// Shows what an answer is about, one by one; the next words are about that list.
async fn show(scene: &Scene<'_>, plan: QueryPlan) -> Result<Step, TurnError> {
    let field = if plan.entity == Entity::Item { Field::Item } else { Field::Invoice };
    let (entity, filters) = (plan.entity, plan.filters);
    let plan = QueryPlan { entity, metric: Metric::List, field, filters, ..QueryPlan::default() };
    answer::show(scene, plan, None).await
}

/// Shows the question as it was understood, the invoices that it is about, and the statement.
async fn why(scene: &Scene<'_>, plan: QueryPlan) -> Result<Step, TurnError> {
    let (ledger, tenant) = (scene.tools.ledger, scene.tenant());
    let behind = QueryPlan {
        entity: Entity::Invoice,
        metric: Metric::List,
        field: Field::Invoice,
        filters: plan.filters.clone(),
        ..QueryPlan::default()
    };
    let found = ledger.answer(tenant, &behind, scene.today).await?;
    let (rows, count) = match found {
        Answer::Invoices { rows, count } => (rows, count),
        _ => (Vec::new(), 0),
    };
    let sql = ledger.statement(tenant, &plan, scene.today).await?;
    let on_screen: Vec<InvoiceId> = rows.iter().map(|row| row.id).collect();
    let mut step = Step::reply(scene, Reply::Why { plan: Box::new(plan), rows, count, sql });
    step.conversation.look_at(on_screen);
    Ok(step)
}

/// The same for an answer to a statement that a model wrote: it is run again, for its rows may have
/// changed.
async fn of_statement(scene: &Scene<'_>, what: Again, sql: String) -> Result<Step, TurnError> {
    let form = match what {
        Again::Why => return Ok(Step::reply(scene, Reply::WhySql { sql })),
        Again::Chart => return Ok(Step::reply(scene, Reply::NoChart)),
        // A long one came with its sheet.
        Again::More | Again::Show => SheetForm::Xlsx,
        Again::Sheet(form) => form,
    };
    match scene.tools.adhoc.select(scene.tenant(), &sql, scene.today).await {
        Ok(table) => {
            let (file, count) = attachments::sheet_of_rows(scene, table, form).await?;
            Ok(Step::reply(scene, Reply::SheetMade { count, file }))
        }
        Err(SelectError::Store(error)) => Err(error.into()),
        Err(_) => Ok(Step::reply(scene, Reply::NothingAsked)),
    }
}
