//! Rows of a compiled plan as an answer: exact sums, averages, and the order and limit of groups.

use super::invoices;
use crate::{
    codec,
    engine::{Row, row},
    query::{Shape, Unit},
};
use domain::{
    money::{Currency, Money, MoneyError},
    question::{Answer, Bound, Group, GroupBy, ItemRow, Metric, OrderBy, QueryPlan, Value},
};
use ports::store::{StoreError, StoreResult};
use rust_decimal::{Decimal, RoundingStrategy};
use std::{cmp::Ordering, collections::BTreeMap};

/// The most groups of an answer.
const MAX_GROUPS: usize = 10_000;
/// The decimal places of an average without a currency.
const AVERAGE_DECIMALS: u32 = 4;

/// Returns the answer that rows give.
pub fn answer(plan: &QueryPlan, shape: &Shape, rows: &[Row]) -> StoreResult<Answer> {
    match shape {
        Shape::Names => {
            let names = rows.iter().map(|row| row::text(row, "name"));
            Ok(Answer::Names(names.collect::<StoreResult<_>>()?))
        }
        Shape::Invoices => Ok(Answer::Invoices {
            rows: rows.iter().map(invoices::read_row).collect::<StoreResult<_>>()?,
            count: matches(rows)?,
        }),
        Shape::Items => Ok(Answer::Items {
            rows: rows.iter().map(item).collect::<StoreResult<_>>()?,
            count: matches(rows)?,
        }),
        Shape::Counts | Shape::Sums | Shape::Decimals(_) => {
            let figures = tallies(shape, rows)?
                .into_iter()
                .map(|(key, tally)| figure(plan.metric, key.1, tally))
                .collect::<StoreResult<Vec<_>>>()?;
            if plan.group_by.is_some() { groups(plan, figures) } else { Ok(total(plan, figures)) }
        }
    }
}

fn matches(rows: &[Row]) -> StoreResult<u64> {
    rows.first().map_or(Ok(0), |row| row::count(row, "matches"))
}

/// What the rows of one group and currency add up to.
struct Tally {
    name: String,
    count: Decimal,
    total: Decimal,
    least: Decimal,
    greatest: Decimal,
}

/// Returns a tally for each group, and for each currency in it where there is one.
fn tallies(
    shape: &Shape,
    rows: &[Row],
) -> StoreResult<BTreeMap<(String, Option<Currency>), Tally>> {
    let mut tallies: BTreeMap<(String, Option<Currency>), Tally> = BTreeMap::new();
    for row in rows {
        let (currency, tally) = tally(shape, row)?;
        let key = (row::text(row, "group_key")?, currency);
        match tallies.get_mut(&key) {
            Some(sum) => sum.add(tally)?,
            None => {
                tallies.insert(key, tally);
            }
        }
    }
    if tallies.len() > MAX_GROUPS { Err(StoreError::TooLarge) } else { Ok(tallies) }
}

fn tally(shape: &Shape, row: &Row) -> StoreResult<(Option<Currency>, Tally)> {
    let name = row::text(row, "group_name")?;
    let count = Decimal::from(row::int(row, "matches")?);
    if *shape == Shape::Counts {
        let none = Decimal::ZERO;
        return Ok((None, Tally { name, count, total: none, least: none, greatest: none }));
    }
    let currency = codec::currency(&row::text(row, "currency")?)?;
    let Shape::Decimals(unit) = shape else {
        let major = |column| -> StoreResult<Decimal> {
            Ok(Money::new(row::int(row, column)?, currency).decimal())
        };
        let (total, least) = (major("total")?, major("least")?);
        let tally = Tally { name, count, total, least, greatest: major("greatest")? };
        return Ok((Some(currency), tally));
    };
    let figure: Decimal = row::parsed(row, "figure")?;
    let figure = checked(figure.checked_mul(Decimal::from(row::int(row, "sign")?)))?;
    let total = checked(figure.checked_mul(count))?;
    let currency = (*unit == Unit::Major).then_some(currency);
    Ok((currency, Tally { name, count, total, least: figure, greatest: figure }))
}

impl Tally {
    fn add(&mut self, other: Self) -> StoreResult<()> {
        self.count = checked(self.count.checked_add(other.count))?;
        self.total = checked(self.total.checked_add(other.total))?;
        self.least = self.least.min(other.least);
        self.greatest = self.greatest.max(other.greatest);
        if other.name < self.name {
            self.name = other.name;
        }
        Ok(())
    }
}

fn checked(figure: Option<Decimal>) -> StoreResult<Decimal> {
    figure.ok_or(StoreError::TooLarge)
}

/// Returns the value that a metric takes from a tally, rounded half up where it must be.
fn figure(metric: Metric, currency: Option<Currency>, tally: Tally) -> StoreResult<Group> {
    let exact = match metric {
        Metric::Count | Metric::List => tally.count,
        Metric::Sum => tally.total,
        Metric::Min => tally.least,
        Metric::Max => tally.greatest,
        Metric::Avg => checked(tally.total.checked_div(tally.count))?,
    };
    let value = match currency {
        Some(currency) => Value::Money(
            Money::rounded(exact, currency).map_err(|_: MoneyError| StoreError::TooLarge)?,
        ),
        None => {
            let half_up = RoundingStrategy::MidpointAwayFromZero;
            let rounded = match metric {
                Metric::Avg => exact.round_dp_with_strategy(AVERAGE_DECIMALS, half_up),
                _ => exact,
            };
            Value::Number(rounded.normalize())
        }
    };
    Ok(Group { name: tally.name, value })
}

/// Returns the answer of a plan that is not split: amounts in the order of their codes, or one
/// number. An average, minimum or maximum of nothing is no amount at all.
fn total(plan: &QueryPlan, figures: Vec<Group>) -> Answer {
    let mut amounts = Vec::new();
    for figure in &figures {
        match figure.value {
            Value::Number(number) => return Answer::Number(number),
            Value::Money(money) => amounts.push(money),
        }
    }
    let is_plain = matches!(plan.metric, Metric::Count)
        || (plan.metric == Metric::Sum && plan.field == domain::question::Field::Quantity);
    if is_plain { Answer::Number(Decimal::ZERO) } else { Answer::Amounts(amounts) }
}

/// Returns the groups in the plan's order. Amounts are compared within their currency alone;
/// without an order, calendar units run on and all others begin with the largest.
fn groups(plan: &QueryPlan, mut groups: Vec<Group>) -> StoreResult<Answer> {
    if let Some(least) = plan.filters.having_min {
        groups.retain(|group| reaches(group.value, least));
    }
    let is_calendar = matches!(plan.group_by, Some(GroupBy::Calendar(_)));
    let (by_name, descending) = match plan.order {
        Some(order) => (order.by == OrderBy::Group || is_date(order.by), order.descending),
        None if plan.limit.is_none() && is_calendar => (true, false),
        None => (false, true),
    };
    groups.sort_by(|one, other| compare(one, other, by_name, descending));
    if let Some(limit) = plan.limit {
        keep_within_currency(&mut groups, limit);
    }
    Ok(Answer::Groups(groups))
}

fn is_date(by: OrderBy) -> bool {
    matches!(by, OrderBy::IssueDate | OrderBy::DueDate)
}

fn compare(one: &Group, other: &Group, by_name: bool, descending: bool) -> Ordering {
    let turned = |order: Ordering| if descending { order.reverse() } else { order };
    let (left, right) = (currency_of(one.value), currency_of(other.value));
    let names = one.name.cmp(&other.name);
    if by_name {
        return turned(names).then(left.cmp(&right));
    }
    let values = decimal_of(one.value).cmp(&decimal_of(other.value));
    left.cmp(&right).then(turned(values)).then(names)
}

fn keep_within_currency(groups: &mut Vec<Group>, limit: u32) {
    let mut kept: BTreeMap<Option<Currency>, u32> = BTreeMap::new();
    groups.retain(|group| {
        let count = kept.entry(currency_of(group.value)).or_default();
        *count = count.saturating_add(1);
        *count <= limit
    });
}

fn reaches(value: Value, least: Bound) -> bool {
    let value = decimal_of(value);
    if least.strict { value > least.amount } else { value >= least.amount }
}

fn currency_of(value: Value) -> Option<Currency> {
    match value {
        Value::Money(money) => Some(money.currency),
        Value::Number(_) => None,
    }
}

fn decimal_of(value: Value) -> Decimal {
    match value {
        Value::Money(money) => money.decimal(),
        Value::Number(number) => number,
    }
}

fn item(row: &Row) -> StoreResult<ItemRow> {
    let currency = codec::currency(&row::text(row, "currency")?)?;
    let vendor = row::maybe_text(row, "vendor_name")?;
    let customer = row::maybe_text(row, "customer_name")?;
    Ok(ItemRow {
        description: row::text(row, "description")?,
        quantity: codec::decimal(row::maybe_text(row, "quantity")?)?,
        unit_price: codec::decimal(row::maybe_text(row, "unit_price")?)?,
        amount: row::maybe_int(row, "amount_minor")?.map(|minor| Money::new(minor, currency)),
        counterparty: vendor.or(customer).unwrap_or_default(),
        issue_date: row::parsed(row, "issue_date")?,
    })
}
