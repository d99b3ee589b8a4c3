//! A plan worked out on a book in memory, row by row: slow, plain, and nothing like SQL.
//!
//! Covers totals and groups of invoices and items; lists are returned as identifiers.

use domain::{
    dates::{Date, Period, Unit},
    ids::InvoiceId,
    invoice::{Direction, Invoice, Kind, Line, Status, number},
    money::{Currency, Money},
    names::fold,
    question::{
        Bound, DateField, Entity, Field, Filters, GroupBy, Metric, QueryPlan, StatusFilter,
    },
};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// One row of a plan: an invoice, and one of its lines if items are looked through.
type Row<'a> = (&'a Invoice, Option<&'a Line>);

fn plain(name: &str) -> String {
    let folded = fold(name);
    if folded.is_empty() { name.trim().to_lowercase() } else { folded }
}

fn contains_one(name: Option<&str>, wanted: &[String]) -> bool {
    name.is_some_and(|name| wanted.iter().any(|part| plain(name).contains(&plain(part))))
}

/// Returns the vendor, if the invoice has come from one.
fn vendor(invoice: &Invoice) -> Option<&str> {
    (invoice.direction == Direction::Received).then_some(invoice.vendor.name.as_str())
}

fn customer(invoice: &Invoice) -> Option<&str> {
    (invoice.direction == Direction::Issued).then_some(invoice.customer.name.as_str())
}

fn has_status(invoice: &Invoice, wanted: StatusFilter, today: Date) -> bool {
    let is_open = matches!(invoice.status, Status::Unpaid | Status::PartPaid);
    match wanted {
        StatusFilter::Paid => invoice.status == Status::Paid,
        StatusFilter::Unpaid => is_open,
        StatusFilter::Overdue => is_open && invoice.due_date.is_some_and(|due| due < today),
        StatusFilter::Draft => invoice.status == Status::Draft,
        StatusFilter::Cancelled => invoice.status == Status::Cancelled,
    }
}

fn in_bounds(amount: Decimal, min: Option<Bound>, max: Option<Bound>) -> bool {
    let above = |min: Bound| amount > min.amount || (!min.strict && amount == min.amount);
    let below = |max: Bound| amount < max.amount || (!max.strict && amount == max.amount);
    min.is_none_or(above) && max.is_none_or(below)
}

/// Returns whether an invoice is one that the filters mean, items aside.
#[must_use]
pub fn keeps(invoice: &Invoice, filters: &Filters, today: Date) -> bool {
    let status = if filters.status.is_empty() {
        !matches!(invoice.status, Status::Draft | Status::Cancelled)
    } else {
        filters.status.iter().any(|wanted| has_status(invoice, *wanted, today))
    };
    let day = match filters.date_field {
        DateField::IssueDate => Some(invoice.issue_date),
        DateField::DueDate => invoice.due_date,
        DateField::PaidAt => invoice.paid_on,
    };
    let category = invoice.category.as_deref().map(plain);
    let stored = invoice.number.as_deref();
    let tax = invoice.tax.map_or(Decimal::ZERO, Money::decimal);
    status
        && (filters.vendor.is_empty() || contains_one(vendor(invoice), &filters.vendor))
        && !contains_one(vendor(invoice), &filters.vendor_not)
        && (filters.customer.is_empty() || contains_one(customer(invoice), &filters.customer))
        && (filters.category.is_empty()
            || filters.category.iter().any(|one| category == Some(plain(one))))
        && filters
            .number
            .as_deref()
            .is_none_or(|typed| stored.is_some_and(|stored| number::matches(stored, typed)))
        && filters.date_from.is_none_or(|from| day.is_some_and(|day| day >= from))
        && filters.date_to.is_none_or(|to| day.is_some_and(|day| day <= to))
        && filters.direction.is_none_or(|direction| direction == invoice.direction)
        && (filters.currency.is_empty() || filters.currency.contains(&invoice.currency))
        && in_bounds(invoice.gross.decimal(), filters.min, filters.max)
        && filters.tax_max.is_none_or(|most| tax <= most)
}

/// Returns the rows that a plan is about.
fn rows<'a>(book: &'a [Invoice], plan: &QueryPlan, today: Date) -> Vec<Row<'a>> {
    let wanted = &plan.filters.item;
    let is_wanted =
        |line: &&Line| wanted.is_empty() || contains_one(Some(&line.description), wanted);
    let kept = book.iter().filter(|invoice| keeps(invoice, &plan.filters, today));
    match plan.entity {
        Entity::Invoice => kept
            .filter(|invoice| {
                wanted.is_empty() || invoice.lines.iter().any(|line| is_wanted(&line))
            })
            .map(|invoice| (invoice, None))
            .collect(),
        Entity::Item => kept
            .flat_map(|invoice| {
                invoice.lines.iter().filter(is_wanted).map(move |line| (invoice, Some(line)))
            })
            .collect(),
    }
}

/// Returns the identifiers of the invoices that a plan lists, in no order.
#[must_use]
pub fn listed(book: &[Invoice], plan: &QueryPlan, today: Date) -> BTreeSet<InvoiceId> {
    rows(book, plan, today).into_iter().map(|(invoice, _)| invoice.id).collect()
}

fn group(row: Row<'_>, by: GroupBy) -> Option<String> {
    let (invoice, line) = row;
    let first = |unit| Period::containing(invoice.issue_date, unit).from;
    let months = |size: i8| (invoice.issue_date.month() - 1) / size + 1;
    let name = match by {
        GroupBy::Vendor => vendor(invoice)?.to_owned(),
        GroupBy::Customer => customer(invoice)?.to_owned(),
        GroupBy::Category => invoice.category.clone()?,
        GroupBy::Item => line?.description.clone(),
        GroupBy::Currency => invoice.currency.code().to_owned(),
        GroupBy::Status => invoice.status.word().to_owned(),
        GroupBy::Calendar(Unit::Day) => invoice.issue_date.to_string(),
        GroupBy::Calendar(Unit::Week) => first(Unit::Week).to_string(),
        GroupBy::Calendar(Unit::Month) => first(Unit::Month).strftime("%Y-%m").to_string(),
        GroupBy::Calendar(Unit::Quarter) => {
            format!("{}-Q{}", invoice.issue_date.year(), months(3))
        }
        GroupBy::Calendar(Unit::HalfYear) => {
            format!("{}-H{}", invoice.issue_date.year(), months(6))
        }
        GroupBy::Calendar(Unit::Year) => invoice.issue_date.year().to_string(),
    };
    Some(name)
}

/// Returns the number of a row that a field names, in major units, credit notes negative.
fn figure(row: Row<'_>, field: Field) -> Option<Decimal> {
    let (invoice, line) = row;
    let sign = if invoice.kind == Kind::CreditNote { Decimal::NEGATIVE_ONE } else { Decimal::ONE };
    let money = match field {
        Field::Subtotal => invoice.net,
        Field::Tax => invoice.tax,
        Field::Amount => line?.amount,
        Field::Quantity => return line?.quantity.map(|quantity| quantity.0 * sign),
        Field::UnitPrice => return line?.unit_price.map(|price| price.0),
        _ => Some(invoice.gross),
    };
    money.map(|money| money.decimal() * sign)
}

/// Returns the value of each group and currency: exact, not rounded. The group is empty if the
/// plan is not split, the currency absent for counts and quantities.
#[must_use]
pub fn figures(
    book: &[Invoice],
    plan: &QueryPlan,
    today: Date,
) -> BTreeMap<(String, Option<Currency>), Decimal> {
    let mut split: BTreeMap<(String, Option<Currency>), (String, Vec<Row<'_>>)> = BTreeMap::new();
    let is_money = plan.metric != Metric::Count && plan.field != Field::Quantity;
    for row in rows(book, plan, today) {
        let Some(name) = plan.group_by.map_or(Some(String::new()), |by| group(row, by)) else {
            continue;
        };
        if plan.metric != Metric::Count && figure(row, plan.field).is_none() {
            continue;
        }
        let key = (plain(&name), is_money.then_some(row.0.currency));
        let entry = split.entry(key).or_insert_with(|| (name.clone(), Vec::new()));
        entry.0 = entry.0.clone().min(name);
        entry.1.push(row);
    }
    split
        .into_iter()
        .map(|((_, currency), (name, rows))| ((name, currency), value(&rows, plan)))
        .collect()
}

fn value(rows: &[Row<'_>], plan: &QueryPlan) -> Decimal {
    let distinct = |name: fn(&Invoice) -> Option<&str>| {
        let names: BTreeSet<String> =
            rows.iter().filter_map(|row| name(row.0).map(plain)).collect();
        Decimal::from(names.len())
    };
    let figures: Vec<Decimal> = rows.iter().filter_map(|row| figure(*row, plan.field)).collect();
    let sum: Decimal = figures.iter().sum();
    match (plan.metric, plan.field) {
        (Metric::Count, Field::Vendor) => distinct(vendor),
        (Metric::Count, Field::Customer) => distinct(customer),
        (Metric::Count | Metric::List, _) => Decimal::from(rows.len()),
        (Metric::Sum, _) => sum,
        (Metric::Avg, _) => sum / Decimal::from(figures.len()),
        (Metric::Max, _) => figures.into_iter().max().unwrap(),
        (Metric::Min, _) => figures.into_iter().min().unwrap(),
    }
}
