//! A question: sentence to plan, plan to rows, rows to reply. Every number comes from the rows.

mod mean;

use super::{Step, create};
use crate::{
    attachments,
    commands::{Again, wish},
    replies::{Comparison, Figures, Reply, Unplaced},
    scene::Scene,
    turn::TurnError,
    understanding::{
        doubt,
        plan_question::{self, Planned},
        write_sql,
    },
};
use domain::{
    ids::InvoiceId,
    invoice::Direction,
    money::{Currency, Money},
    names::fold,
    question::{Answer, Field, Filters, GroupBy, Metric, Order, OrderBy, QueryPlan, Value},
    table::Table,
};
use ports::{
    model::{Doubt, Names},
    press::SheetForm,
};
use std::cmp::Ordering;

/// How many invoices or items are shown at once.
pub const ROWS: usize = 10;
/// How many groups or names are; beyond as many rows, a sheet goes with the answer.
pub const MANY: usize = 30;

/// Answers the message's question.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(scene: &Scene<'_>) -> Result<Step, TurnError> {
    let plan = match plan_question::run(scene).await? {
        Planned::Plan(plan)
            if create::awaits_customer(scene)
                && (is_name_alone(&plan) || is_name(&plan, scene.text())) =>
        {
            return create::named(scene).await;
        }
        Planned::Plan(plan) => plan,
        Planned::UnknownName(Unplaced { typed, .. }) | Planned::Doubt(Doubt::Unknown(typed))
            if create::awaits_customer(scene) && begins_with(scene.text(), &typed) =>
        {
            return create::named(scene).await;
        }
        Planned::UnknownName(unknown) => {
            return Ok(Step::reply(scene, Reply::UnknownName(unknown)));
        }
        Planned::Doubt(found) => {
            let step = by_sql(scene, doubt::question(scene, found).await?).await?;
            return Ok(doubt::offer(scene, step));
        }
        Planned::Unsure => return by_sql(scene, Reply::NotUnderstood).await,
    };
    told(scene, *plan, scene.wish().map(|(what, _)| what)).await
}

/// Answers a question over these names, some of which the person has said.
///
/// # Errors
///
/// [`TurnError`].
pub async fn placed(scene: &Scene<'_>, question: &str, names: Names) -> Result<Step, TurnError> {
    let (form, question) = wish::of(question)
        .map_or_else(|| (None, question.to_owned()), |(form, question)| (Some(form), question));
    match plan_question::of(scene, &question, names).await? {
        Planned::Plan(plan) => told(scene, *plan, form).await,
        Planned::UnknownName(unknown) => Ok(Step::reply(scene, Reply::UnknownName(unknown))),
        Planned::Doubt(_) | Planned::Unsure => Ok(Step::reply(scene, Reply::NotUnderstood)),
    }
}

async fn told(scene: &Scene<'_>, plan: QueryPlan, form: Option<Again>) -> Result<Step, TurnError> {
    match plan.halves() {
        Some(halves) => compared(scene, plan, halves).await,
        None => show(scene, plan, form).await,
    }
}

/// Answers what no plan can say by SQL, where there is a model that writes it; else asks.
async fn by_sql(scene: &Scene<'_>, otherwise: Reply) -> Result<Step, TurnError> {
    match write_sql::run(scene).await? {
        Some(table) => of_rows(scene, table).await,
        None => Ok(Step::reply(scene, otherwise)),
    }
}

/// Returns whether a text is one of the names that a plan goes by, and nothing else.
fn is_name(plan: &QueryPlan, text: &str) -> bool {
    let mut names = plan.filters.vendor.iter().chain(&plan.filters.customer);
    names.any(|name| fold(name) == fold(text))
}

/// Returns whether a text begins with a name, and so may be nothing but that.
fn begins_with(text: &str, name: &str) -> bool {
    fold(text).starts_with(&fold(name))
}

/// Returns whether a question says nothing but a name, which may be the answer to another one.
fn is_name_alone(plan: &QueryPlan) -> bool {
    let names = plan.filters.vendor.len().saturating_add(plan.filters.customer.len());
    let filters = Filters {
        vendor: Vec::new(),
        customer: Vec::new(),
        direction: None,
        ..plan.filters.clone()
    };
    names == 1 && filters == Filters::default() && plan.metric == Metric::List
}

/// Answers a plan, in the form that is wished for, and remembers it.
///
/// # Errors
///
/// [`TurnError`].
pub async fn show(
    scene: &Scene<'_>,
    plan: QueryPlan,
    wish: Option<Again>,
) -> Result<Step, TurnError> {
    let asked = plan.clone();
    let plan = with_its_name(plan);
    let (plan, answer) = answered(scene, plan).await?;
    let on_screen = on_screen(&answer, 0);
    let shown = page(&answer);
    let (files, cut) = files(scene, &plan, &answer, wish).await?;
    let mean = mean::of(&plan, &answer, scene.today)?;
    let otherwise = if answer.is_nothing() { other_way(scene, &plan).await? } else { None };
    let told = |plan: QueryPlan, answer, files| Reply::Answered {
        plan: Box::new(plan),
        answer,
        today: scene.today,
        from: 0,
        files,
    };
    let mut step = Step::reply(scene, told(as_told(scene, &plan, &answer).await?, answer, files));
    step.replies.extend(mean.map(Reply::OnAverage));
    step.replies.extend(cut.map(|count| Reply::SheetCut { count }));
    step.replies.extend(otherwise.map(|(plan, answer)| told(plan, answer, Vec::new())));
    step.conversation.last_plan = Some(asked);
    step.conversation.last_sql = None;
    step.conversation.shown = shown;
    step.conversation.look_at(on_screen);
    Ok(step)
}

/// Returns the invoices that an answer shows from this row on; none where it shows figures or things,
/// for then whatever was spoken of before is out of sight.
pub fn on_screen(answer: &Answer, from: usize) -> Vec<InvoiceId> {
    match answer {
        Answer::Invoices { rows, .. } => {
            rows.iter().skip(from).take(ROWS).map(|row| row.id).collect()
        }
        _ => Vec::new(),
    }
}

/// "The cheapest thing": what it is, and not its price alone.
fn with_its_name(mut plan: QueryPlan) -> QueryPlan {
    let is_extreme = matches!(plan.metric, Metric::Max | Metric::Min)
        && plan.field == Field::UnitPrice
        && plan.group_by.is_none();
    if is_extreme {
        let descending = plan.metric == Metric::Max;
        plan.order = Some(Order { by: OrderBy::UnitPrice, descending });
        (plan.metric, plan.field, plan.limit) = (Metric::List, Field::Item, Some(1));
    }
    plan
}

/// Returns the answer to a plan. What was received from somebody who is a customer too is looked for
/// where he is the vendor, if there is nothing else.
async fn answered(
    scene: &Scene<'_>,
    mut plan: QueryPlan,
) -> Result<(QueryPlan, Answer), TurnError> {
    let answer = scene.tools.ledger.answer(scene.tenant(), &plan, scene.today).await?;
    let filters = &mut plan.filters;
    let is_from_customer = filters.direction == Some(Direction::Received)
        && !filters.customer.is_empty()
        && (filters.vendor.is_empty() || filters.vendor == filters.customer);
    if !is_from_customer || !answer.is_nothing() {
        return Ok((plan, answer));
    }
    filters.vendor = std::mem::take(&mut filters.customer);
    let answer = scene.tools.ledger.answer(scene.tenant(), &plan, scene.today).await?;
    Ok((plan, answer))
}

/// Returns what went the other way, where a question about somebody found nothing: what he was sent if
/// it was asked what he sent, and what he sent if it was asked what he was sent.
async fn other_way(
    scene: &Scene<'_>,
    plan: &QueryPlan,
) -> Result<Option<(QueryPlan, Answer)>, TurnError> {
    let mut other = plan.clone();
    let filters = &mut other.filters;
    match filters.direction {
        Some(Direction::Received) if filters.customer.is_empty() && !filters.vendor.is_empty() => {
            filters.direction = Some(Direction::Issued);
            filters.customer = std::mem::take(&mut filters.vendor);
        }
        Some(Direction::Issued) if filters.vendor.is_empty() && !filters.customer.is_empty() => {
            filters.direction = Some(Direction::Received);
            filters.vendor = std::mem::take(&mut filters.customer);
        }
        _ => return Ok(None),
    }
    if other.group_by.is_some() {
        return Ok(None);
    }
    let answer = scene.tools.ledger.answer(scene.tenant(), &other, scene.today).await?;
    Ok((!answer.is_nothing()).then_some((other, answer)))
}

/// Returns the plan as it is told: a sum of what went to a customer, all of it our own invoices, is
/// called what was billed, lest it be taken for what was paid to him.
async fn as_told(
    scene: &Scene<'_>,
    plan: &QueryPlan,
    answer: &Answer,
) -> Result<QueryPlan, TurnError> {
    let filters = &plan.filters;
    let is_open = filters.direction.is_none()
        && filters.vendor.is_empty()
        && !filters.customer.is_empty()
        && plan.metric == Metric::Sum
        && filters.status.is_empty();
    if !is_open || answer.is_nothing() {
        return Ok(plan.clone());
    }
    let mut billed = plan.clone();
    billed.filters.direction = Some(Direction::Issued);
    let same = scene.tools.ledger.answer(scene.tenant(), &billed, scene.today).await? == *answer;
    Ok(if same { billed } else { plan.clone() })
}

/// Answers both halves of a comparison.
async fn compared(
    scene: &Scene<'_>,
    plan: QueryPlan,
    halves: [QueryPlan; 2],
) -> Result<Step, TurnError> {
    let (ledger, tenant) = (scene.tools.ledger, scene.tenant());
    let [one, other] = halves;
    let first = ledger.answer(tenant, &one, scene.today).await?;
    let second = ledger.answer(tenant, &other, scene.today).await?;
    let figures = figures(&first, &second)?;
    let (one, other) = (Box::new(one), Box::new(other));
    let reply = Reply::Compared(Box::new(Comparison { plan: one, other, figures }));
    let mut step = Step::reply(scene, reply);
    step.conversation.last_plan = Some(plan);
    step.conversation.last_sql = None;
    step.conversation.shown = 0;
    step.conversation.look_at([]);
    Ok(step)
}

/// Returns both figures, for each currency that either of them has.
fn figures(first: &Answer, second: &Answer) -> Result<Vec<Figures>, TurnError> {
    let (Answer::Amounts(first), Answer::Amounts(second)) = (first, second) else {
        let (Answer::Number(one), Answer::Number(other)) = (first, second) else {
            return Ok(Vec::new());
        };
        let apart = one.max(other).saturating_sub(*one.min(other));
        let sign = compare(one, other);
        let [one, other, apart] = [*one, *other, apart].map(Value::Number);
        return Ok(vec![Figures { one, other, apart, sign }]);
    };
    let mut currencies: Vec<Currency> =
        first.iter().chain(second).map(|amount| amount.currency).collect();
    currencies.sort_by_key(|currency| currency.code());
    currencies.dedup();
    let of = |amounts: &[Money], currency| {
        let found = amounts.iter().find(|amount| amount.currency == currency);
        found.copied().unwrap_or_else(|| Money::zero(currency))
    };
    let figure = |currency| {
        let (one, other) = (of(first, currency), of(second, currency));
        let sign = compare(&one.minor, &other.minor);
        let apart = if sign < 0 { other.minus(one)? } else { one.minus(other)? };
        let [one, other, apart] = [one, other, apart].map(Value::Money);
        Ok(Figures { one, other, apart, sign })
    };
    currencies.into_iter().map(figure).collect()
}

/// Returns 1 if the first one is larger, -1 if the second one is.
fn compare<T: Ord>(one: &T, other: &T) -> i8 {
    match one.cmp(other) {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    }
}

/// Returns how many rows of an answer a reply shows.
pub const fn page(answer: &Answer) -> usize {
    match answer {
        Answer::Invoices { .. } | Answer::Items { .. } => ROWS,
        _ => MANY,
    }
}

/// Returns how many rows there are to be shown.
pub fn length(answer: &Answer) -> usize {
    match answer {
        Answer::Invoices { rows, .. } => rows.len(),
        Answer::Items { rows, .. } => rows.len(),
        Answer::Groups(groups) => groups.len(),
        Answer::Names(names) => names.len(),
        Answer::Amounts(_) | Answer::Number(_) => 0,
    }
}

/// Makes what goes with an answer: a chart of what goes over time or by category, a sheet of what
/// is too long to be read in a chat, and what was asked for. Returns them with the rows of a sheet
/// that ends before the answer does.
async fn files(
    scene: &Scene<'_>,
    plan: &QueryPlan,
    answer: &Answer,
    wish: Option<Again>,
) -> Result<(Vec<domain::message::NewFile>, Option<usize>), TurnError> {
    let is_drawn = matches!(plan.group_by, Some(GroupBy::Calendar(_) | GroupBy::Category))
        || wish == Some(Again::Chart);
    let mut files =
        if is_drawn { attachments::charts(scene, plan, answer).await? } else { Vec::new() };
    let form = match wish {
        Some(Again::Sheet(form)) => Some(form),
        _ => (length(answer) > MANY).then_some(SheetForm::Xlsx),
    };
    let Some(form) = form else { return Ok((files, None)) };
    let made = attachments::sheet_of_answer(scene, plan, answer, form).await?;
    files.push(made.file);
    Ok((files, made.is_cut.then_some(made.count)))
}

/// Shows the rows of a statement that the model wrote.
async fn of_rows(scene: &Scene<'_>, table: Table) -> Result<Step, TurnError> {
    let sql = table.sql.clone();
    let files = if table.rows.len() > MANY {
        vec![attachments::sheet_of_rows(scene, table.clone(), SheetForm::Xlsx).await?.0]
    } else {
        Vec::new()
    };
    let mut step = Step::reply(scene, Reply::Rows { table: Box::new(table), files });
    step.conversation.last_plan = None;
    step.conversation.last_sql = Some(sql);
    step.conversation.look_at([]);
    Ok(step)
}
