//! What a model fills in: one strict JSON schema for each task.
//!
//! Strict schemas know neither absent keys nor defaults: what may be missing is nullable. Amounts
//! are strings, so that no float ever touches them. Field order is the order models write in.

use schemars::{
    JsonSchema, Schema, generate::SchemaSettings, json_schema, transform::transform_subschemas,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A schema by the name it is sent under.
pub(super) struct Form {
    pub name: &'static str,
    pub schema: Value,
    /// How many bytes it has as text.
    pub length: usize,
}

/// Returns the strict schema of a wire type.
pub(super) fn form<T: JsonSchema>(name: &'static str) -> Form {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    make_strict(&mut schema);
    let schema = schema.to_value();
    Form { name, length: schema.to_string().len(), schema }
}

fn make_strict(schema: &mut Schema) {
    for keyword in ["title", "format", "default", "minimum", "maximum"] {
        schema.remove(keyword);
    }
    if let Some(Value::Object(properties)) = schema.get("properties") {
        let names: Vec<Value> = properties.keys().cloned().map(Value::String).collect();
        schema.insert("required".to_owned(), Value::Array(names));
        schema.insert("additionalProperties".to_owned(), Value::Bool(false));
        split_nullable(schema);
    }
    transform_subschemas(&mut make_strict, schema);
}

/// Writes "an object or null" as two variants, the only form of it that is documented.
fn split_nullable(schema: &mut Schema) {
    if schema.get("type").is_some_and(Value::is_array) {
        let mut object = schema.clone();
        object.insert("type".to_owned(), json!("object"));
        *schema = json_schema!({ "anyOf": [object, { "type": "null" }] });
    }
}

/// Declares wire enums; their words are those of the domain's own stored form.
macro_rules! words {
    ($($name:ident { $($variant:ident),+ $(,)? })+) => {$(
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub(super) enum $name { $($variant),+ }
    )+};
}

words! {
    Intent { Greeting, General, InvoiceQuery, InvoiceCreator, InvoiceUpdate, OffTopic }
    Topic { Hello, Capability, Help, Thanks, Goodbye, Identity, EraseRequest, Other }
    Entity { Invoice, Item }
    Metric { Sum, Count, Avg, Max, Min, List }
    Field {
        Total, Subtotal, Tax, Quantity, UnitPrice, Amount, Id, Vendor, Customer, Invoice, Number,
        Item,
    }
    DateField { IssueDate, DueDate, PaidAt }
    StatusFilter { Paid, Unpaid, Overdue, Draft, Cancelled }
    Status { Draft, Unpaid, Paid, PartPaid, Cancelled }
    Direction { Received, Issued }
    GroupBy {
        Vendor, Customer, Category, Item, Currency, Status, Day, Week, Month, Quarter, Year,
    }
    OrderBy {
        Value, Group, Total, IssueDate, DueDate, UnitPrice, Amount, Quantity, Vendor, Number,
    }
    TargetKind { Number, Numbers, Filter, Latest, Context, Unsaid }
    ReadKind { Invoice, Receipt, CreditNote, DebitNote, NotInvoice }
}

/// Declares wire structs.
macro_rules! shapes {
    ($($name:ident { $($(#[$meta:meta])* $field:ident: $kind:ty),+ $(,)? })+) => {$(
        #[derive(Debug, Clone, Deserialize, JsonSchema)]
        pub(super) struct $name { $($(#[$meta])* pub(super) $field: $kind),+ }
    )+};
}

shapes! {
    Classify {
        intent: Intent,
        topic: Topic,
        language: Option<String>,
        sure: bool,
    }
    Bound {
        amount: String,
        strict: bool,
    }
    Filters {
        vendor: Vec<String>,
        vendor_not: Vec<String>,
        customer: Vec<String>,
        item: Vec<String>,
        category: Vec<String>,
        number: Option<String>,
        date_field: DateField,
        date_from: Option<String>,
        date_to: Option<String>,
        status: Vec<StatusFilter>,
        direction: Option<Direction>,
        currency: Vec<String>,
        min: Option<Bound>,
        max: Option<Bound>,
        tax_max: Option<String>,
        having_min: Option<Bound>,
    }
    Order {
        by: OrderBy,
        descending: bool,
    }
    PlanQuestion {
        unsure: bool,
        entity: Entity,
        metric: Metric,
        field: Field,
        filters: Filters,
        group_by: Option<GroupBy>,
        order: Option<Order>,
        limit: Option<u32>,
    }
    WriteSql {
        unsure: bool,
        sql: String,
    }
    DraftItem {
        description: String,
        quantity: Option<String>,
        unit_price: Option<String>,
    }
    Discount {
        percent: Option<String>,
        amount: Option<String>,
    }
    Tax {
        percent: Option<String>,
        inclusive: bool,
        amount: Option<String>,
    }
    Draft {
        unsure: bool,
        customer: Option<String>,
        customer_email: Option<String>,
        items: Vec<DraftItem>,
        currency: Option<String>,
        issue_date: Option<String>,
        due_date: Option<String>,
        number: Option<String>,
        discount: Option<Discount>,
        tax: Option<Tax>,
        notes: Option<String>,
    }
    Target {
        kind: TargetKind,
        numbers: Vec<String>,
        filters: Option<Filters>,
    }
    NewValues {
        status: Option<Status>,
        paid_on: Option<String>,
        clear_paid_on: bool,
        payment: Option<String>,
        issue_date: Option<String>,
        due_date: Option<String>,
        category: Option<String>,
        notes: Option<String>,
        vendor: Option<String>,
        customer: Option<String>,
        number: Option<String>,
        gross: Option<String>,
        tax: Option<String>,
        currency: Option<String>,
    }
    Correct {
        unsure: bool,
        target: Target,
        set: NewValues,
    }
    ReadTax {
        percent: Option<String>,
        net: Option<String>,
        tax: Option<String>,
    }
    ReadLine {
        description: String,
        quantity: Option<String>,
        unit_price: Option<String>,
        amount: Option<String>,
        tax_percent: Option<String>,
    }
    ReadInvoice {
        kind: ReadKind,
        language: Option<String>,
        vendor: Option<String>,
        vendor_tax_id: Option<String>,
        vendor_iban: Option<String>,
        vendor_address: Option<String>,
        customer: Option<String>,
        number: Option<String>,
        issue_date: Option<String>,
        due_date: Option<String>,
        currency: Option<String>,
        lines: Vec<ReadLine>,
        taxes: Vec<ReadTax>,
        allowance: Option<String>,
        net: Option<String>,
        tax: Option<String>,
        gross: Option<String>,
        prepaid: Option<String>,
        rounding: Option<String>,
        paid: bool,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::standin::openai::is_strict;

    #[test]
    fn every_task_has_a_schema_that_strict_mode_takes() {
        let forms = [
            form::<Classify>("classify"),
            form::<PlanQuestion>("plan_question"),
            form::<WriteSql>("write_sql"),
            form::<Draft>("draft"),
            form::<Correct>("correct"),
            form::<ReadInvoice>("read_invoice"),
        ];
        for form in forms {
            assert!(is_strict(Some(&form.schema)), "{}: {}", form.name, form.schema);
        }
    }
}
