//! Settings of a book that its people change: currency, time zone; and what was used.

use super::Step;
use crate::{
    replies::{CurrencyHabit, ReminderWish, Reply, Used, ZoneHabit},
    scene::Scene,
    turn::TurnError,
};
use domain::{
    message::ChannelKind,
    money::Currency,
    outcome::Change,
    question::{Answer, Field, Filters, Metric, QueryPlan, StatusFilter},
    tenant::Habits,
};

/// Shows the currency of amounts that name none, or sets it.
pub fn currency(scene: &Scene<'_>, chosen: Option<Currency>) -> Step {
    let habits = scene.habits();
    let currency = chosen.unwrap_or(habits.currency);
    let is_new = chosen.is_some();
    let habit = CurrencyHabit { currency_code: currency.code(), is_new };
    let mut step = Step::reply(scene, Reply::CurrencySet(habit));
    if is_new {
        step.changes.push(Change::SetHabits(Habits { currency, ..habits.clone() }));
    }
    step
}

/// Shows the time zone, or sets it.
pub fn time_zone(scene: &Scene<'_>, chosen: Option<String>) -> Step {
    let habits = scene.habits();
    let is_new = chosen.is_some();
    let zone = chosen.unwrap_or_else(|| habits.time_zone.clone());
    let habit = ZoneHabit { zone: zone.clone(), is_new };
    let mut step = Step::reply(scene, Reply::TimeZoneSet(habit));
    if is_new {
        step.changes.push(Change::SetHabits(Habits { time_zone: zone, ..habits.clone() }));
    }
    step
}

/// Writes down whether somebody is to be told of what is due.
pub fn reminders(scene: &Scene<'_>, wanted: bool) -> Step {
    let only_within_a_day = scene.turn.work.inbound.message.channel == ChannelKind::Twilio;
    let wish = ReminderWish { wanted, only_within_a_day };
    let mut step = Step::reply(scene, Reply::RemindersSet(wish));
    step.changes.push(Change::SetReminders(wanted));
    step
}

/// Shows how much is stored and what models have cost.
///
/// # Errors
///
/// [`TurnError`].
pub async fn usage(scene: &Scene<'_>) -> Result<Step, TurnError> {
    let status =
        [StatusFilter::Draft, StatusFilter::Unpaid, StatusFilter::Paid, StatusFilter::Cancelled];
    let filters = Filters { status: status.to_vec(), ..Filters::default() };
    let count =
        QueryPlan { metric: Metric::Count, field: Field::Id, filters, ..QueryPlan::default() };
    let counted = scene.tools.ledger.answer(scene.tenant(), &count, scene.today).await?;
    let invoices = match counted {
        Answer::Number(number) => number,
        _ => rust_decimal::Decimal::ZERO,
    };
    let spent = scene.tools.spending.spent(scene.tenant(), None).await?;
    let is_priced = spent.calls == 0 || scene.tools.model.price().is_some();
    let cost = is_priced.then(|| spent.cost.to_string());
    let used = Used { invoices, calls: spent.calls, cost };
    Ok(Step::reply(scene, Reply::Usage(used)))
}
