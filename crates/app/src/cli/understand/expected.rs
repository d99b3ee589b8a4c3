//! The meaning of a sentence as JSON, in the shape of the sample sentences' `expected`.

use domain::{
    correction::{Correction, NewValues, Target},
    draft::{Discount, Draft, DraftTax, DraftTotals, Missing},
    intent::Intent,
    invoice::Direction,
    question::{DateField, Filters, GroupBy, QueryPlan},
};
use ports::model::{Claimed, Classified, Sentence};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Returns what a greeting or other talk is.
pub fn talk(classified: &Classified) -> Map<String, Value> {
    fields(json!({ "intent": classified.intent, "sub": classified.topic }))
}

/// Returns what a question, a new invoice or a change is; unsure where the model is.
pub fn business(intent: Intent, claimed: &Claimed, sentence: &Sentence) -> Map<String, Value> {
    let mut meaning = fields(json!({ "intent": intent }));
    meaning.extend(fields(match claimed {
        Claimed::Plan(plan) => of_plan(plan),
        Claimed::Draft(draft) => of_draft(draft),
        Claimed::Correction(correction) => of_correction(correction, sentence),
        Claimed::Classified(_)
        | Claimed::Reading(_)
        | Claimed::Sql(_)
        | Claimed::Unsure
        | Claimed::Doubt(_) => {
            json!({ "unsure": true })
        }
    }));
    meaning
}

fn fields(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// Returns the word that a value is written as.
fn word(value: impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn of_plan(plan: &QueryPlan) -> Value {
    let group = plan.group_by.map(|group| match group {
        GroupBy::Calendar(unit) => word(unit),
        other => word(other),
    });
    let order = plan.order.map(|order| {
        json!({ "by": word(order.by), "dir": if order.descending { "desc" } else { "asc" } })
    });
    let mut fields = json!({
        "entity": plan.entity,
        "metric": plan.metric,
        "field": plan.field,
        "filters": of_filters(&plan.filters),
        "group_by": group,
        "order": order,
        "limit": plan.limit,
    });
    if let (Value::Object(fields), Some(against)) = (&mut fields, plan.against) {
        fields.insert("against".to_owned(), word(against));
    }
    fields
}

fn of_filters(filters: &Filters) -> Value {
    let mut fields = Map::new();
    let lists = [
        ("vendor", word(&filters.vendor)),
        ("vendor_not", word(&filters.vendor_not)),
        ("customer", word(&filters.customer)),
        ("item", word(&filters.item)),
        ("category", word(&filters.category)),
        ("status", word(&filters.status)),
        ("currency", word(&filters.currency)),
    ];
    for (key, list) in lists {
        let value = match list.as_array().map(Vec::as_slice) {
            None | Some([]) => continue,
            Some([one]) => one.clone(),
            Some(_) => list,
        };
        fields.insert(key.to_owned(), value);
    }
    let direction = filters.direction.map(|direction| match direction {
        Direction::Received => "received",
        Direction::Issued => "issued",
    });
    let bounds = [filters.min, filters.max, filters.having_min];
    let strict = bounds.map(|bound| bound.is_some_and(|bound| bound.strict).then_some(true));
    let [min, max, having] = bounds.map(|bound| bound.map(|bound| number(bound.amount)));
    let [min_strict, max_strict, having_strict] = strict;
    let by_other_date = filters.date_field != DateField::IssueDate;
    let values = [
        ("number", word(&filters.number)),
        ("date_from", word(filters.date_from)),
        ("date_to", word(filters.date_to)),
        ("date_field", word(by_other_date.then_some(filters.date_field))),
        ("direction", word(direction)),
        ("min", word(min)),
        ("min_strict", word(min_strict)),
        ("max", word(max)),
        ("max_strict", word(max_strict)),
        ("having_min", word(having)),
        ("having_strict", word(having_strict)),
        ("tax_max", word(filters.tax_max.map(number))),
    ];
    fields.extend(said(values));
    Value::Object(fields)
}

/// Returns the fields that say something.
fn said<const N: usize>(values: [(&str, Value); N]) -> impl Iterator<Item = (String, Value)> {
    values
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| (key.to_owned(), value))
}

/// Returns a JSON number where the decimal fits one, else its digits.
fn number(value: Decimal) -> Value {
    let text = value.normalize().to_string();
    serde_json::from_str(&text).unwrap_or(Value::String(text))
}

fn of_draft(draft: &Draft) -> Value {
    let missing: Vec<&str> = draft.missing().into_iter().map(missing_word).collect();
    let totals = draft.totals().ok().flatten().filter(|_| missing.is_empty());
    let amounts = totals.as_ref().map(|totals| totals.amounts.clone()).unwrap_or_default();
    let items: Vec<Value> = draft
        .items
        .iter()
        .enumerate()
        .map(|(at, item)| {
            json!({
                "description": item.description,
                "quantity": item.quantity.0.to_string(),
                "unit_price": item.unit_price.map(|price| price.0.to_string()),
                "amount": amounts.get(at).map(|amount| amount.decimal().to_string()),
            })
        })
        .collect();
    let total = |pick: fn(&DraftTotals) -> domain::money::Money| {
        totals.as_ref().map(|totals| pick(totals).decimal().to_string())
    };
    json!({
        "customer": draft.customer,
        "customer_email": draft.customer_email,
        "items": items,
        "currency": draft.currency,
        "issue_date": draft.issue_date,
        "due_date": draft.due_date,
        "number": draft.number,
        "discount": draft.discount.map(of_discount),
        "tax": draft.tax.map(of_tax),
        "notes": draft.notes,
        "missing": missing,
        "subtotal": total(|totals| totals.subtotal),
        "tax_amount": total(|totals| totals.tax),
        "total": total(|totals| totals.gross),
    })
}

const fn missing_word(missing: Missing) -> &'static str {
    match missing {
        Missing::Customer => "customer",
        Missing::Items => "items",
        Missing::Price => "unit_price",
    }
}

fn of_discount(discount: Discount) -> Value {
    match discount {
        Discount::Rate(rate) => json!({ "percent": number(rate.percent()) }),
        Discount::Amount(amount) => json!({ "amount": amount.to_string() }),
    }
}

fn of_tax(tax: DraftTax) -> Value {
    match tax {
        DraftTax::Rate { rate, inclusive: true } => {
            json!({ "rate": number(rate.percent()), "inclusive": true })
        }
        DraftTax::Rate { rate, inclusive: false } => json!({ "rate": number(rate.percent()) }),
        DraftTax::Amount(amount) => json!({ "amount": amount.to_string() }),
    }
}

fn of_correction(correction: &Correction, sentence: &Sentence) -> Value {
    let spoken_of = || {
        let earlier = sentence.context.iter().rev();
        earlier.filter_map(|exchange| offline::sentence::number_in(&exchange.user, sentence)).next()
    };
    let target = match &correction.target {
        Target::Number(number) => json!({ "by": "number", "value": number }),
        Target::Numbers(numbers) => json!({ "by": "numbers", "value": numbers }),
        Target::Filter(filters) => json!({ "by": "filter", "filters": of_filters(filters) }),
        Target::Latest(filters) => json!({ "by": "latest", "filters": of_filters(filters) }),
        Target::Context => json!({ "by": "context", "value": spoken_of() }),
        Target::Unsaid => Value::Null,
    };
    json!({
        "target": target,
        "set": of_new_values(&correction.set),
        "needs_confirmation": correction.needs_confirmation(),
        "needs_clarification": (correction.target == Target::Unsaid).then_some("which_invoice"),
    })
}

fn of_new_values(set: &NewValues) -> Value {
    let values = [
        ("status", word(set.status.map(domain::invoice::Status::word))),
        ("issue_date", word(set.issue_date)),
        ("due_date", word(set.due_date)),
        ("category", word(&set.category)),
        ("notes", word(&set.notes)),
        ("vendor", word(&set.vendor)),
        ("customer", word(&set.customer)),
        ("number", word(&set.number)),
        ("total", word(set.gross.map(|gross| gross.to_string()))),
        ("currency", word(set.currency)),
    ];
    let mut fields: Map<String, Value> = said(values).collect();
    if let Some(day) = set.paid_on {
        fields.insert("paid_at".to_owned(), word(day));
    }
    Value::Object(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{dates::date, invoice::Status, money::Currency, question::Metric};
    use ports::model::{Names, Topic};

    fn sentence() -> Sentence {
        Sentence {
            text: String::new(),
            today: date(2025, 9, 10),
            currency: Currency::EUR,
            locale: String::new(),
            context: Vec::new(),
            last_plan: None,
            names: Names::default(),
        }
    }

    #[test]
    fn talk_is_its_intent_and_its_topic() {
        let classified = Classified {
            intent: Intent::Greeting,
            topic: Topic::Hello,
            language: None,
            sure: true,
        };
        let expected = json!({"intent": "greeting", "sub": "hello"});
        assert_eq!(Value::Object(talk(&classified)), expected);
    }

    #[test]
    fn a_plan_shows_every_key_and_only_the_filters_that_were_asked_for() {
        let filters = Filters {
            vendor: vec!["Lidl".to_owned()],
            currency: vec![Currency::EUR, Currency::parse("USD").unwrap()],
            ..Filters::default()
        };
        let plan = QueryPlan { metric: Metric::Sum, filters, ..QueryPlan::default() };
        let meaning = business(Intent::InvoiceQuery, &Claimed::Plan(Box::new(plan)), &sentence());
        let expected = json!({
            "intent": "invoice_query",
            "entity": "invoice",
            "metric": "sum",
            "field": "invoice",
            "filters": {"vendor": "Lidl", "currency": ["EUR", "USD"]},
            "group_by": null,
            "order": null,
            "limit": null,
        });
        assert_eq!(Value::Object(meaning), expected);
    }

    #[test]
    fn a_change_says_whether_a_yes_is_needed() {
        let set = NewValues { status: Some(Status::Cancelled), ..NewValues::default() };
        let correction = Correction { target: Target::Number("17".to_owned()), set };
        let claimed = Claimed::Correction(Box::new(correction));
        let meaning = business(Intent::InvoiceUpdate, &claimed, &sentence());
        assert_eq!(meaning["target"], json!({"by": "number", "value": "17"}));
        assert_eq!(meaning["set"], json!({"status": "cancelled"}));
        assert_eq!(meaning["needs_confirmation"], true);
        assert_eq!(meaning["needs_clarification"], Value::Null);
    }

    #[test]
    fn a_draft_without_a_price_has_no_totals() {
        let draft = Draft::empty(Currency::EUR, date(2025, 9, 10));
        let meaning =
            business(Intent::InvoiceCreator, &Claimed::Draft(Box::new(draft)), &sentence());
        assert_eq!(meaning["missing"], json!(["customer", "items"]));
        assert_eq!(meaning["total"], Value::Null);
    }

    #[test]
    fn doubt_is_said() {
        let meaning = business(Intent::InvoiceQuery, &Claimed::Unsure, &sentence());
        assert_eq!(Value::Object(meaning), json!({"intent": "invoice_query", "unsure": true}));
    }
}
