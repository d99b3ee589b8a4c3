//! Questions about stored invoices, as typed plans, and their answers.
//!
//! A plan is the only thing that a sentence or a model can turn into; the store compiles it to
//! SQL with bound values. Names in it are what people typed until they are bound to stored ones.

use crate::{
    dates::{Date, Unit},
    ids::InvoiceId,
    invoice::{Direction, Kind, Status},
    money::{Currency, Money},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What is looked through.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entity {
    /// Invoices.
    #[default]
    Invoice,
    /// Item lines.
    Item,
}

/// What is done with the rows found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Added up, per currency.
    Sum,
    /// Counted.
    Count,
    /// Averaged, per currency.
    Avg,
    /// The largest, per currency.
    Max,
    /// The smallest, per currency.
    Min,
    /// Shown.
    #[default]
    List,
}

/// What is added up, counted or listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Gross totals.
    Total,
    /// Net totals.
    Subtotal,
    /// Tax.
    Tax,
    /// Quantities of items.
    Quantity,
    /// Unit prices of items.
    UnitPrice,
    /// Amounts of items.
    Amount,
    /// Rows, for counting.
    Id,
    /// Distinct vendors.
    Vendor,
    /// Distinct customers.
    Customer,
    /// Whole invoices, for listing.
    #[default]
    Invoice,
    /// Invoice numbers, for listing.
    Number,
    /// Whole items, for listing.
    Item,
}

/// Which date a period is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateField {
    /// The issue date.
    #[default]
    IssueDate,
    /// The due date.
    DueDate,
    /// The day of payment.
    PaidAt,
}

/// A status that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusFilter {
    /// Paid in full.
    Paid,
    /// To be paid, in whole or in part.
    Unpaid,
    /// Unpaid and due before today.
    Overdue,
    /// Drafts.
    Draft,
    /// Void.
    Cancelled,
}

/// A limit on an amount, in major units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// The amount.
    pub amount: Decimal,
    /// Whether the amount itself is left out.
    pub strict: bool,
}

/// What rows must match; an empty list or nothing means "not asked". No status means paid and
/// unpaid together: drafts and cancelled invoices never count unless asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filters {
    /// The vendor's name contains one of these.
    pub vendor: Vec<String>,
    /// The vendor's name contains none of these.
    pub vendor_not: Vec<String>,
    /// The customer's name contains one of these.
    pub customer: Vec<String>,
    /// An item's description contains one of these.
    pub item: Vec<String>,
    /// The category is one of these.
    pub category: Vec<String>,
    /// The number, as [`crate::invoice::number::matches`] understands it.
    pub number: Option<String>,
    /// The date that the period is about.
    pub date_field: DateField,
    /// The first day.
    pub date_from: Option<Date>,
    /// The last day.
    pub date_to: Option<Date>,
    /// One of these.
    pub status: Vec<StatusFilter>,
    /// Received or issued.
    pub direction: Option<Direction>,
    /// One of these.
    pub currency: Vec<Currency>,
    /// Gross total at least.
    pub min: Option<Bound>,
    /// Gross total at most.
    pub max: Option<Bound>,
    /// Tax at most.
    pub tax_max: Option<Decimal>,
    /// For groups: only those whose value is at least this.
    pub having_min: Option<Bound>,
}

/// What answers are split by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    /// By vendor.
    Vendor,
    /// By customer.
    Customer,
    /// By category.
    Category,
    /// By item.
    Item,
    /// By currency.
    Currency,
    /// By status.
    Status,
    /// By a calendar unit of the issue date; half-years are not offered.
    Calendar(Unit),
}

/// What rows or groups are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderBy {
    /// The value of a group; the gross total of a row.
    Value,
    /// The name of a group.
    Group,
    /// Gross total.
    Total,
    /// Issue date.
    IssueDate,
    /// Due date.
    DueDate,
    /// Unit price of an item.
    UnitPrice,
    /// Amount of an item.
    Amount,
    /// Quantity of an item.
    Quantity,
    /// Vendor.
    Vendor,
    /// Number.
    Number,
}

/// An order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Order {
    /// By what.
    pub by: OrderBy,
    /// Whether the largest or latest comes first.
    pub descending: bool,
}

/// Another stretch of days that the same figure is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Against {
    /// The first day.
    pub date_from: Date,
    /// The last day.
    pub date_to: Date,
}

/// A question, ready to be compiled.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct QueryPlan {
    /// What is looked through.
    pub entity: Entity,
    /// What is done.
    pub metric: Metric,
    /// With what.
    pub field: Field,
    /// Which rows.
    pub filters: Filters,
    /// Split by what.
    pub group_by: Option<GroupBy>,
    /// In which order.
    pub order: Option<Order>,
    /// How many rows or groups at most; within each currency where money is ordered.
    pub limit: Option<u32>,
    /// For sums by a calendar unit: whether what the units come to on average is asked for too.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub averaged: bool,
    /// For one sum or count: what it is compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against: Option<Against>,
}

impl QueryPlan {
    /// Returns the two questions of a comparison; nothing if it is none.
    #[must_use]
    pub fn halves(&self) -> Option<[Self; 2]> {
        let against = self.against?;
        let one = Self { against: None, ..self.clone() };
        let mut other = one.clone();
        other.filters.date_from = Some(against.date_from);
        other.filters.date_to = Some(against.date_to);
        Some([one, other])
    }
}

/// A stored invoice in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceRow {
    /// Its identifier.
    pub id: InvoiceId,
    /// Received or issued.
    pub direction: Direction,
    /// Invoice, receipt or note.
    pub kind: Kind,
    /// The number, if it has one.
    pub number: Option<String>,
    /// Vendor if received, customer if issued; may be empty.
    pub counterparty: String,
    /// The issue date.
    pub issue_date: Date,
    /// The due date.
    pub due_date: Option<Date>,
    /// The day of payment.
    pub paid_on: Option<Date>,
    /// Gross total.
    pub gross: Money,
    /// What is left to pay (BT-115), where it is open and not the whole total.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_due: Option<Money>,
    /// Where it stands.
    pub status: Status,
    /// The category.
    pub category: Option<String>,
}

/// A stored item in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemRow {
    /// What.
    pub description: String,
    /// How many.
    pub quantity: Option<Decimal>,
    /// The price of one, in major units.
    pub unit_price: Option<Decimal>,
    /// The amount.
    pub amount: Option<Money>,
    /// Vendor or customer of its invoice.
    pub counterparty: String,
    /// Issue date of its invoice.
    pub issue_date: Date,
}

/// A number in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// An amount of one currency.
    Money(Money),
    /// A count or quantity.
    Number(Decimal),
}

/// One group of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The vendor, month (`2025-08`), week (its Monday), quarter (`2025-Q3`), …
    pub name: String,
    /// Its value; a group of money in two currencies is two groups.
    pub value: Value,
}

/// What the database says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// One amount a currency, in the order of the codes; empty if no row matched.
    Amounts(Vec<Money>),
    /// A count or quantity.
    Number(Decimal),
    /// One value a group, in the plan's order.
    Groups(Vec<Group>),
    /// Invoices in the plan's order, at most [`Answer::MAX_ROWS`], and how many there are.
    Invoices {
        /// The rows.
        rows: Vec<InvoiceRow>,
        /// How many match in all.
        count: u64,
    },
    /// Items, likewise.
    Items {
        /// The rows.
        rows: Vec<ItemRow>,
        /// How many match in all.
        count: u64,
    },
    /// Distinct names, sorted.
    Names(Vec<String>),
}

impl Answer {
    /// The most rows an answer carries.
    pub const MAX_ROWS: u32 = 200;

    /// Returns whether nothing was found.
    pub fn is_nothing(&self) -> bool {
        match self {
            Self::Amounts(amounts) => amounts.is_empty(),
            Self::Number(number) => number.is_zero(),
            Self::Groups(groups) => groups.is_empty(),
            Self::Invoices { count, .. } | Self::Items { count, .. } => *count == 0,
            Self::Names(names) => names.is_empty(),
        }
    }
}
