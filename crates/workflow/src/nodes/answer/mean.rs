//! What months, weeks or years come to on average, from the sums of them.

use crate::{replies::Mean, turn::TurnError};
use domain::{
    dates::{Date, Period, Unit},
    money::{Money, sum_by_currency},
    question::{Answer, Group, GroupBy, QueryPlan, Value},
};
use rust_decimal::Decimal;

/// The most units that a stretch of days is counted in.
const MOST: u32 = 40_000;

/// Returns the average of a plan's units, if it asks for that: over all of them from the first day asked
/// about, or else the first one with an invoice, to the last, be there an invoice or not.
///
/// # Errors
///
/// [`TurnError`] if the sums are too large.
pub fn of(plan: &QueryPlan, answer: &Answer, today: Date) -> Result<Option<Mean>, TurnError> {
    let (Answer::Groups(groups), Some(GroupBy::Calendar(unit)), true) =
        (answer, plan.group_by, plan.averaged)
    else {
        return Ok(None);
    };
    let begins = |group: &Group| begin(&group.name);
    let (first, last) =
        (groups.iter().filter_map(begins).min(), groups.iter().filter_map(begins).max());
    let Some((first, last)) = first.zip(last) else { return Ok(None) };
    let from = plan.filters.date_from.unwrap_or(first).min(first);
    let to = plan.filters.date_to.map_or(last, |to| to.min(today)).max(last);
    let count = units(from, to, unit);
    let money = groups.iter().filter_map(|group| match group.value {
        Value::Money(money) => Some(money),
        Value::Number(_) => None,
    });
    let mut amounts = Vec::new();
    for sum in sum_by_currency(money)? {
        let mean = sum.decimal().checked_div(Decimal::from(count)).unwrap_or_default();
        amounts.push(Money::rounded(mean, sum.currency)?);
    }
    Ok((!amounts.is_empty()).then_some(Mean { unit, count, amounts }))
}

/// Returns how many units touch a stretch of days.
fn units(from: Date, to: Date, unit: Unit) -> u32 {
    let mut period = Period::containing(from, unit);
    let mut count = 1;
    while period.to < to && count < MOST {
        period = Period::relative(period.from, unit, 1);
        count = count.saturating_add(1);
    }
    count
}

/// Returns the first day of a group, by its name: `2025-08`, `2025-Q3`, `2025`, or a day.
fn begin(name: &str) -> Option<Date> {
    let (year, rest) = name.split_once('-').unwrap_or((name, "1"));
    let year = year.parse().ok()?;
    if let Some(quarter) = rest.strip_prefix('Q') {
        let month = quarter.parse::<i8>().ok()?.checked_mul(3)?.checked_sub(2)?;
        return Date::new(year, month, 1).ok();
    }
    let (month, day) = rest.split_once('-').unwrap_or((rest, "1"));
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{dates::date, money::Currency, question::Filters};

    fn group(name: &str, minor: i64) -> Group {
        Group { name: name.to_owned(), value: Value::Money(Money::new(minor, Currency::EUR)) }
    }

    fn mean(from: Option<Date>, to: Option<Date>, groups: &[Group]) -> Option<(u32, i64)> {
        let filters = Filters { date_from: from, date_to: to, ..Filters::default() };
        let group_by = Some(GroupBy::Calendar(Unit::Month));
        let plan = QueryPlan { averaged: true, group_by, filters, ..QueryPlan::default() };
        let answer = Answer::Groups(groups.to_vec());
        let mean = of(&plan, &answer, date(2025, 11, 19)).unwrap()?;
        Some((mean.count, mean.amounts.first()?.minor))
    }

    #[test]
    fn months_without_an_invoice_count_and_those_to_come_do_not() {
        let groups = [group("2025-03", 30_000), group("2025-06", 10_000)];
        assert_eq!(mean(None, None, &groups), Some((4, 10_000)));
        let year = (Some(date(2025, 1, 1)), Some(date(2025, 12, 31)));
        assert_eq!(mean(year.0, year.1, &groups), Some((11, 3_636)));
        assert_eq!(mean(None, None, &[]), None);
    }

    #[test]
    fn the_name_of_a_group_says_when_it_begins() {
        for (name, day) in [
            ("2025-08", date(2025, 8, 1)),
            ("2025-Q3", date(2025, 7, 1)),
            ("2025", date(2025, 1, 1)),
            ("2025-08-04", date(2025, 8, 4)),
        ] {
            assert_eq!(begin(name), Some(day), "{name}");
        }
    }
}
