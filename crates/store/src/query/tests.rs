//! The statements of a dozen plans, for review.

use super::{Scope, compile, ways};
use crate::engine::Dialect;
use domain::{
    dates::{Unit, date},
    ids::TenantId,
    invoice::Direction,
    money::Currency,
    question::{
        Bound, DateField, Entity, Field, Filters, GroupBy, Metric, Order, OrderBy, QueryPlan,
        StatusFilter,
    },
};
use rust_decimal::Decimal;
use std::collections::BTreeSet;
use uuid::Uuid;

fn shown(plan: &QueryPlan) -> String {
    let scope = Scope {
        tenant: TenantId(Uuid::nil()),
        filters: &plan.filters,
        numbers: plan.filters.number.clone().map(|number| vec![number]),
        items: plan.filters.item.iter().flat_map(|item| ways(item, &BTreeSet::new())).collect(),
        today: date(2025, 9, 10),
        dialect: Dialect::Sqlite,
    };
    compile(plan, &scope).sql.shown()
}

fn measured(metric: Metric, field: Field) -> QueryPlan {
    QueryPlan { metric, field, ..QueryPlan::default() }
}

fn by_value(limit: u32) -> (Option<Order>, Option<u32>) {
    (Some(Order { by: OrderBy::Value, descending: true }), Some(limit))
}

#[test]
fn a_sum_of_one_vendor_in_a_month() {
    let filters = Filters {
        vendor: vec!["Shell".to_owned()],
        date_from: Some(date(2025, 5, 1)),
        date_to: Some(date(2025, 5, 31)),
        ..Filters::default()
    };
    insta::assert_snapshot!(shown(&QueryPlan { filters, ..measured(Metric::Sum, Field::Total) }));
}

#[test]
fn a_count_of_overdue_invoices_sent() {
    let filters = Filters {
        status: vec![StatusFilter::Overdue],
        direction: Some(Direction::Issued),
        date_field: DateField::DueDate,
        date_to: Some(date(2025, 9, 30)),
        ..Filters::default()
    };
    insta::assert_snapshot!(shown(&QueryPlan { filters, ..measured(Metric::Count, Field::Id) }));
}

#[test]
fn a_list_of_what_is_unpaid() {
    let filters = Filters { status: vec![StatusFilter::Unpaid], ..Filters::default() };
    insta::assert_snapshot!(shown(&QueryPlan { filters, ..QueryPlan::default() }));
}

#[test]
fn the_three_largest_of_each_currency() {
    let (order, limit) = by_value(3);
    insta::assert_snapshot!(shown(&QueryPlan { order, limit, ..QueryPlan::default() }));
}

#[test]
fn the_three_largest_of_one_currency() {
    let (order, limit) = by_value(3);
    let filters = Filters { currency: vec![Currency::EUR], ..Filters::default() };
    insta::assert_snapshot!(shown(&QueryPlan { order, limit, filters, ..QueryPlan::default() }));
}

#[test]
fn amounts_within_bounds() {
    let bound = |amount, strict| Some(Bound { amount: Decimal::new(amount, 3), strict });
    let filters = Filters {
        min: bound(50_005, true),
        max: bound(99_995, false),
        tax_max: Some(Decimal::ZERO),
        ..Filters::default()
    };
    insta::assert_snapshot!(shown(&QueryPlan { filters, ..QueryPlan::default() }));
}

#[test]
fn spend_by_vendor_without_two_of_them() {
    let filters = Filters {
        vendor_not: vec!["Café 1".to_owned(), "%_".to_owned()],
        category: vec!["Office".to_owned(), "Travel".to_owned()],
        ..Filters::default()
    };
    let group_by = Some(GroupBy::Vendor);
    let plan = QueryPlan { filters, group_by, ..measured(Metric::Sum, Field::Subtotal) };
    insta::assert_snapshot!(shown(&plan));
}

#[test]
fn tax_by_quarter_and_an_average_by_week() {
    let by = |unit, plan| QueryPlan { group_by: Some(GroupBy::Calendar(unit)), ..plan };
    let quarter = by(Unit::Quarter, measured(Metric::Sum, Field::Tax));
    let week = by(Unit::Week, measured(Metric::Avg, Field::Total));
    insta::assert_snapshot!(format!("{}\n{}", shown(&quarter), shown(&week)));
}

#[test]
fn the_quantity_of_an_item() {
    let filters = Filters { item: vec!["paper".to_owned()], ..Filters::default() };
    insta::assert_snapshot!(shown(&QueryPlan {
        entity: Entity::Item,
        filters,
        ..measured(Metric::Sum, Field::Quantity)
    }));
}

#[test]
fn the_lowest_unit_price_by_item() {
    insta::assert_snapshot!(shown(&QueryPlan {
        group_by: Some(GroupBy::Item),
        ..measured(Metric::Min, Field::UnitPrice)
    }));
}

#[test]
fn distinct_vendors_counted_and_listed() {
    let count = shown(&measured(Metric::Count, Field::Vendor));
    let list = shown(&measured(Metric::List, Field::Vendor));
    insta::assert_snapshot!(format!("{count}\n{list}"));
}

#[test]
fn items_of_a_numbered_invoice_in_order_of_price() {
    let filters = Filters { number: Some("INV-17".to_owned()), ..Filters::default() };
    insta::assert_snapshot!(shown(&QueryPlan {
        entity: Entity::Item,
        field: Field::Item,
        filters,
        order: Some(Order { by: OrderBy::UnitPrice, descending: false }),
        ..QueryPlan::default()
    }));
}
