//! What a plan measures, made consistent: a plan may ask for an item's price among invoices.

use domain::question::{Entity, Field, GroupBy, Metric, QueryPlan, StatusFilter};

/// What is left to pay (EN 16931, BT-115): the total less what was paid before, rounded as the document
/// says.
const AMOUNT_DUE: &str = "(invoices.gross_minor - COALESCE(invoices.prepaid_minor, 0) \
     + COALESCE(invoices.rounding_minor, 0))";

/// The unit of a measured column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Whole minor units of the row's currency.
    Minor,
    /// A decimal in major units of the row's currency, written out.
    Major,
    /// A decimal without a currency, written out.
    Plain,
}

/// What is read from the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Rows are counted.
    Rows,
    /// Distinct folded names are counted or listed: the columns compared and shown.
    Names(&'static str, &'static str),
    /// Whole rows are listed.
    List,
    /// A column is added up, averaged, …
    Column(&'static str, Unit),
}

/// Returns what a plan looks through and what it measures there.
pub fn measure(plan: &QueryPlan) -> (Entity, Measure) {
    let entity = entity(plan);
    let measure = match (plan.metric, plan.field) {
        (Metric::Count | Metric::List, Field::Vendor) => {
            Measure::Names("invoices.vendor_folded", "invoices.vendor_name")
        }
        (Metric::Count | Metric::List, Field::Customer) => {
            Measure::Names("invoices.customer_folded", "invoices.customer_name")
        }
        (Metric::Count, _) => Measure::Rows,
        (Metric::List, _) => Measure::List,
        (_, Field::Total) if entity == Entity::Invoice && is_open(plan) => {
            Measure::Column(AMOUNT_DUE, Unit::Minor)
        }
        (_, field) => column(entity, field),
    };
    (entity, measure)
}

/// Returns whether a plan asks for nothing but what is still to be paid.
fn is_open(plan: &QueryPlan) -> bool {
    let status = &plan.filters.status;
    let is_open = |status| matches!(status, &StatusFilter::Unpaid | &StatusFilter::Overdue);
    !status.is_empty() && status.iter().all(is_open)
}

fn entity(plan: &QueryPlan) -> Entity {
    match (plan.field, plan.group_by) {
        // Tax is known for invoices only.
        (Field::Tax, _) => Entity::Invoice,
        (Field::Quantity | Field::UnitPrice | Field::Amount | Field::Item, _)
        | (_, Some(GroupBy::Item)) => Entity::Item,
        _ => plan.entity,
    }
}

fn column(entity: Entity, field: Field) -> Measure {
    match (entity, field) {
        (_, Field::Quantity) => Measure::Column("lines.quantity", Unit::Plain),
        (_, Field::UnitPrice) => Measure::Column("lines.unit_price", Unit::Major),
        (Entity::Item, _) => Measure::Column("lines.amount_minor", Unit::Minor),
        (Entity::Invoice, Field::Subtotal) => Measure::Column("invoices.net_minor", Unit::Minor),
        (Entity::Invoice, Field::Tax) => Measure::Column("invoices.tax_minor", Unit::Minor),
        (Entity::Invoice, _) => Measure::Column("invoices.gross_minor", Unit::Minor),
    }
}
