//! What a model has filled in to the domain's own claims: parsed, checked, bounded.
//!
//! One value that cannot be understood spoils the whole answer: half an answer would be a guess.

use super::wire;
use domain::{
    correction::{Correction, NewValues, Payment, Target},
    dates::{Date, Unit},
    draft::{Discount, Draft, DraftItem, DraftTax},
    money::{Currency, Quantity, Rate, UnitPrice, parse_decimal},
    question::{Bound, Filters, GroupBy, Order, QueryPlan},
    reading::{Claim, Evidence, Origin, ReadLine, ReadTax, Reading},
    tenant::Language,
};
use ports::model::{Claimed, Classified, ModelError, Sentence, Task};
use rust_decimal::Decimal;
use serde::{Serialize, de::DeserializeOwned};

/// The longest text that is taken as one value.
const MAX_TEXT: usize = 1_000;
/// The most entries of a list of names or numbers.
const MAX_NAMES: usize = 50;
/// The most lines of a document or draft.
const MAX_LINES: usize = 500;
/// The most rows that a question may ask for.
const MAX_LIMIT: u32 = 200;
/// How far a model's word is believed before its sums are checked.
const CONFIDENCE: u8 = 70;

type Checked<T> = Result<T, ModelError>;

/// Returns the claim in an answer's text to a task.
///
/// # Errors
///
/// [`ModelError::Malformed`] if it does not follow the schema or holds impossible values.
pub(super) fn claimed(task: &Task, text: &str) -> Checked<Claimed> {
    match task {
        Task::Classify(_) => classified(read(text)?).map(Claimed::Classified),
        Task::PlanQuestion(_) => plan(read(text)?),
        Task::Draft(sentence) => draft(read(text)?, sentence),
        Task::Correct(_) => correction(read(text)?),
        Task::ReadInvoice(_) => reading(read(text)?).map(|read| Claimed::Reading(Box::new(read))),
        Task::WriteSql { .. } => read(text).map(sql),
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Checked<T> {
    serde_json::from_str(text).map_err(|_| ModelError::Malformed)
}

/// Returns the domain's variant of the same word.
fn word<W: Serialize, D: DeserializeOwned>(wire: W) -> Checked<D> {
    let word = serde_json::to_value(wire).map_err(|_| ModelError::Malformed)?;
    serde_json::from_value(word).map_err(|_| ModelError::Malformed)
}

fn optional_word<W: Serialize, D: DeserializeOwned>(wire: Option<W>) -> Checked<Option<D>> {
    wire.map(word).transpose()
}

fn classified(wire: wire::Classify) -> Checked<Classified> {
    Ok(Classified {
        intent: word(wire.intent)?,
        topic: word(wire.topic)?,
        language: wire.language.as_deref().and_then(Language::parse),
        sure: wire.sure,
    })
}

fn sql(wire: wire::WriteSql) -> Claimed {
    let is_sure = !wire.unsure && !wire.sql.trim().is_empty();
    if is_sure { Claimed::Sql(wire.sql) } else { Claimed::Unsure }
}

fn plan(wire: wire::PlanQuestion) -> Checked<Claimed> {
    if wire.unsure {
        return Ok(Claimed::Unsure);
    }
    let order =
        |order: wire::Order| Ok(Order { by: word(order.by)?, descending: order.descending });
    Ok(Claimed::Plan(Box::new(QueryPlan {
        averaged: false,
        entity: word(wire.entity)?,
        metric: word(wire.metric)?,
        field: word(wire.field)?,
        filters: filters(wire.filters)?,
        group_by: wire.group_by.map(group_by).transpose()?,
        order: wire.order.map(order).transpose()?,
        against: None,
        limit: wire.limit.map(|limit| limit.clamp(1, MAX_LIMIT)),
    })))
}

fn group_by(wire: wire::GroupBy) -> Checked<GroupBy> {
    Ok(match wire {
        wire::GroupBy::Day => GroupBy::Calendar(Unit::Day),
        wire::GroupBy::Week => GroupBy::Calendar(Unit::Week),
        wire::GroupBy::Month => GroupBy::Calendar(Unit::Month),
        wire::GroupBy::Quarter => GroupBy::Calendar(Unit::Quarter),
        wire::GroupBy::Year => GroupBy::Calendar(Unit::Year),
        named => word(named)?,
    })
}

fn filters(wire: wire::Filters) -> Checked<Filters> {
    let bound =
        |bound: wire::Bound| Ok(Bound { amount: amount(&bound.amount)?, strict: bound.strict });
    let currency = wire.currency.iter().map(|code| currency(code)).collect::<Checked<_>>()?;
    let status = wire.status.into_iter().map(word).collect::<Checked<_>>()?;
    let (date_from, date_to) = (optional_date(wire.date_from)?, optional_date(wire.date_to)?);
    if date_from.zip(date_to).is_some_and(|(from, to)| from > to) {
        return Err(ModelError::Malformed);
    }
    Ok(Filters {
        vendor: names(wire.vendor)?,
        vendor_not: names(wire.vendor_not)?,
        customer: names(wire.customer)?,
        item: names(wire.item)?,
        category: names(wire.category)?,
        number: optional_text(wire.number)?,
        date_field: word(wire.date_field)?,
        date_from,
        date_to,
        status,
        direction: optional_word(wire.direction)?,
        currency,
        min: wire.min.map(bound).transpose()?,
        max: wire.max.map(bound).transpose()?,
        tax_max: optional_amount(wire.tax_max)?,
        having_min: wire.having_min.map(bound).transpose()?,
    })
}

fn draft(wire: wire::Draft, sentence: &Sentence) -> Checked<Claimed> {
    if wire.unsure {
        return Ok(Claimed::Unsure);
    }
    let items = bounded(wire.items)?.into_iter().map(draft_item).collect::<Checked<_>>()?;
    Ok(Claimed::Draft(Box::new(Draft {
        customer: optional_text(wire.customer)?,
        customer_email: optional_text(wire.customer_email)?,
        items,
        currency: optional_currency(wire.currency)?.unwrap_or(sentence.currency),
        issue_date: optional_date(wire.issue_date)?.unwrap_or(sentence.today),
        due_date: optional_date(wire.due_date)?,
        number: optional_text(wire.number)?,
        discount: wire.discount.map(discount).transpose()?.flatten(),
        tax: wire.tax.map(tax).transpose()?.flatten(),
        notes: optional_text(wire.notes)?,
    })))
}

fn draft_item(wire: wire::DraftItem) -> Checked<DraftItem> {
    Ok(DraftItem {
        description: text(wire.description)?.ok_or(ModelError::Malformed)?,
        quantity: Quantity(optional_amount(wire.quantity)?.unwrap_or(Decimal::ONE)),
        unit_price: optional_amount(wire.unit_price)?.map(UnitPrice),
    })
}

fn discount(wire: wire::Discount) -> Checked<Option<Discount>> {
    Ok(match (rate(wire.percent)?, optional_amount(wire.amount)?) {
        (Some(rate), _) => Some(Discount::Rate(Rate(rate))),
        (None, amount) => amount.map(Discount::Amount),
    })
}

fn tax(wire: wire::Tax) -> Checked<Option<DraftTax>> {
    Ok(match (rate(wire.percent)?, optional_amount(wire.amount)?) {
        (Some(rate), _) => Some(DraftTax::Rate { rate: Rate(rate), inclusive: wire.inclusive }),
        (None, amount) => amount.map(DraftTax::Amount),
    })
}

fn correction(wire: wire::Correct) -> Checked<Claimed> {
    if wire.unsure {
        return Ok(Claimed::Unsure);
    }
    let correction = Correction { target: target(wire.target)?, set: new_values(wire.set)? };
    if correction.set.is_empty() {
        return Ok(Claimed::Unsure);
    }
    Ok(Claimed::Correction(Box::new(correction)))
}

fn target(wire: wire::Target) -> Checked<Target> {
    let mut numbers = names(wire.numbers)?;
    let filters = wire.filters.map(filters).transpose()?.unwrap_or_default();
    Ok(match wire.kind {
        wire::TargetKind::Number | wire::TargetKind::Numbers if numbers.is_empty() => {
            return Err(ModelError::Malformed);
        }
        wire::TargetKind::Number | wire::TargetKind::Numbers if numbers.len() == 1 => {
            Target::Number(numbers.swap_remove(0))
        }
        wire::TargetKind::Number | wire::TargetKind::Numbers => Target::Numbers(numbers),
        // A filter that says nothing would mean every invoice.
        wire::TargetKind::Filter if filters == Filters::default() => Target::Unsaid,
        wire::TargetKind::Filter => Target::Filter(filters),
        wire::TargetKind::Latest => Target::Latest(filters),
        wire::TargetKind::Context => Target::Context,
        wire::TargetKind::Unsaid => Target::Unsaid,
    })
}

fn new_values(wire: wire::NewValues) -> Checked<NewValues> {
    let paid_on = match optional_date(wire.paid_on)? {
        Some(day) => Some(Some(day)),
        None => wire.clear_paid_on.then_some(None),
    };
    Ok(NewValues {
        status: optional_word(wire.status)?,
        paid_on,
        issue_date: optional_date(wire.issue_date)?,
        due_date: optional_date(wire.due_date)?,
        category: optional_text(wire.category)?,
        notes: optional_text(wire.notes)?,
        vendor: optional_text(wire.vendor)?,
        customer: optional_text(wire.customer)?,
        number: optional_text(wire.number)?,
        payment: optional_amount(wire.payment)?.map(|amount| Payment { amount, currency: None }),
        gross: optional_amount(wire.gross)?,
        tax: optional_amount(wire.tax)?,
        tax_rate: None,
        any_year: false,
        currency: optional_currency(wire.currency)?,
    })
}

fn evidence() -> Evidence {
    Evidence::of(Origin::Model, CONFIDENCE, "model")
}

fn claim<T>(value: Checked<Option<T>>) -> Checked<Option<Claim<T>>> {
    Ok(value?.map(|value| Claim::new(value, evidence())))
}

fn reading(wire: wire::ReadInvoice) -> Checked<Reading> {
    let compact = |text: Option<String>| text.map(|text| text.replace(char::is_whitespace, ""));
    let mut reading = Reading::of_kind(word(wire.kind)?, evidence());
    reading.language = optional_text(wire.language)?.map(|code| code.to_lowercase());
    if !reading.is_invoice() {
        return Ok(reading);
    }
    reading.vendor = claim(optional_text(wire.vendor))?;
    reading.vendor_tax_id = claim(optional_text(compact(wire.vendor_tax_id)))?;
    reading.vendor_iban = claim(optional_text(compact(wire.vendor_iban)))?;
    reading.vendor_address = claim(optional_text(wire.vendor_address))?;
    reading.customer = claim(optional_text(wire.customer))?;
    reading.number = claim(optional_text(wire.number))?;
    reading.issue_date = claim(optional_date(wire.issue_date))?;
    reading.due_date = claim(optional_date(wire.due_date))?;
    reading.currency = claim(optional_currency(wire.currency))?;
    reading.net = claim(optional_amount(wire.net))?;
    reading.tax = claim(optional_amount(wire.tax))?;
    reading.gross = claim(optional_amount(wire.gross))?;
    reading.prepaid = claim(optional_amount(wire.prepaid))?;
    reading.rounding = claim(optional_amount(wire.rounding))?;
    reading.allowance = claim(optional_amount(wire.allowance))?;
    reading.taxes = bounded(wire.taxes)?.into_iter().map(read_tax).collect::<Checked<_>>()?;
    reading.lines = bounded(wire.lines)?.into_iter().map(read_line).collect::<Checked<_>>()?;
    reading.paid = wire.paid;
    Ok(reading)
}

fn read_tax(wire: wire::ReadTax) -> Checked<ReadTax> {
    Ok(ReadTax {
        rate: rate(wire.percent)?,
        net: optional_amount(wire.net)?,
        tax: optional_amount(wire.tax)?,
    })
}

fn read_line(wire: wire::ReadLine) -> Checked<ReadLine> {
    Ok(ReadLine {
        description: text(wire.description)?.unwrap_or_default(),
        quantity: optional_amount(wire.quantity)?,
        unit_price: optional_amount(wire.unit_price)?,
        amount: optional_amount(wire.amount)?,
        tax_rate: rate(wire.tax_percent)?,
    })
}

fn bounded<T>(list: Vec<T>) -> Checked<Vec<T>> {
    if list.len() > MAX_LINES { Err(ModelError::Malformed) } else { Ok(list) }
}

/// Returns a text without control characters; nothing for an empty one.
fn text(text: String) -> Checked<Option<String>> {
    if text.chars().count() > MAX_TEXT {
        return Err(ModelError::Malformed);
    }
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    Ok(Some(plain.trim().to_owned()).filter(|plain| !plain.is_empty()))
}

fn optional_text(found: Option<String>) -> Checked<Option<String>> {
    found.map(text).transpose().map(Option::flatten)
}

fn names(list: Vec<String>) -> Checked<Vec<String>> {
    if list.len() > MAX_NAMES {
        return Err(ModelError::Malformed);
    }
    list.into_iter().filter_map(|name| text(name).transpose()).collect()
}

fn amount(text: &str) -> Checked<Decimal> {
    let limit = Decimal::from(1_000_000_000_000_000_i64);
    let amount = parse_decimal(text).ok_or(ModelError::Malformed)?;
    if amount.abs() < limit && amount.scale() <= 10 {
        Ok(amount)
    } else {
        Err(ModelError::Malformed)
    }
}

fn optional_amount(found: Option<String>) -> Checked<Option<Decimal>> {
    optional_text(found)?.as_deref().map(amount).transpose()
}

/// Returns a rate as a fraction from a percentage between 0 and 100.
fn rate(percent: Option<String>) -> Checked<Option<Decimal>> {
    let Some(percent) = optional_text(percent)? else { return Ok(None) };
    let percent = amount(percent.trim_end_matches('%'))?;
    if percent < Decimal::ZERO || percent > Decimal::ONE_HUNDRED {
        return Err(ModelError::Malformed);
    }
    Ok(Some(Rate::from_percent(percent).0))
}

fn optional_date(found: Option<String>) -> Checked<Option<Date>> {
    let parse = |text: String| text.parse::<Date>().map_err(|_| ModelError::Malformed);
    let day = optional_text(found)?.map(parse).transpose()?;
    if day.is_some_and(|day| !(1900..=2200).contains(&day.year())) {
        return Err(ModelError::Malformed);
    }
    Ok(day)
}

fn currency(code: &str) -> Checked<Currency> {
    Currency::parse(code).ok_or(ModelError::Malformed)
}

fn optional_currency(found: Option<String>) -> Checked<Option<Currency>> {
    optional_text(found)?.as_deref().map(currency).transpose()
}
