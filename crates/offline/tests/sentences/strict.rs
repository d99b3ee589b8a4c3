//! Sentences whose whole meaning is compared: what is understood beyond it is as wrong as what is
//! missing, and a line with the intent `ask` must be asked about whatever it looks like.

use super::{
    Line,
    line::{ITEMS, names},
    sentence, understood,
};
use domain::money::Currency;
use ports::model::Sentence;
use serde_json::{Map, Value, json};

/// What came of the lines, as counts.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub lines: usize,
    /// Right intents of the lines that have one.
    pub intents: usize,
    pub with_intent: usize,
    /// Right meanings, and questions where there is none to find.
    pub right: usize,
    /// Asked about, though it means something.
    pub asks: usize,
    /// Wrong, and carried out or shown all the same.
    pub mistaken: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Right,
    Asks,
    Mistaken,
}

/// Counts what comes of the lines and prints what is wrong where told to.
pub fn tally<'l>(lines: impl Iterator<Item = &'l str>, told: bool) -> Tally {
    let mut tally = Tally::default();
    for text in lines {
        let line: Line = serde_json::from_str(text).unwrap();
        let (outcome, intent, meaning) = outcome(&line);
        let is_meant = line.intent != "ask";
        let is_right = same_intent(&intent, &line.intent);
        tally.lines += 1;
        tally.with_intent += usize::from(is_meant);
        tally.intents += usize::from(is_meant && is_right);
        tally.right += usize::from(outcome == Outcome::Right);
        tally.asks += usize::from(outcome == Outcome::Asks);
        tally.mistaken += usize::from(outcome == Outcome::Mistaken);
        if told && outcome != Outcome::Right {
            println!("{outcome:?} {}: {}\n   {intent} {}", line.lang, line.text, brief(&meaning));
        }
    }
    println!("{tally:?}");
    tally
}

fn outcome(line: &Line) -> (Outcome, Value, Value) {
    let locale = line.locale.as_deref().unwrap_or(&line.lang);
    let mut sentence = sentence(&line.text, locale, line.before.clone());
    if let Some(currency) = line.currency.as_deref().and_then(Currency::parse) {
        sentence.currency = currency;
    }
    sentence.today = line.today.unwrap_or(sentence.today);
    if line.book {
        sentence.names = names();
    }
    let (intent, meaning) = understood(&sentence);
    let stranger = line.book && names_a_stranger(&meaning);
    let business = |intent: &Value| intent.as_str().is_some_and(|word| word.starts_with("invoice"));
    let wanted = [&line.says].into_iter().chain(&line.also);
    let is_right = match &line.intent {
        ask if ask == "ask" => {
            let fair = |meant: &Value| same(&intent, &meaning, meant, &sentence);
            stranger || !acts(&intent, &meaning) || line.also.iter().any(fair)
        }
        talk if !business(talk) => same_intent(&intent, talk),
        _ => {
            intent == line.intent
                && wanted.into_iter().any(|wanted| same(&intent, &meaning, wanted, &sentence))
        }
    };
    let outcome = match () {
        () if is_right => Outcome::Right,
        () if !stranger && acts(&intent, &meaning) => Outcome::Mistaken,
        () => Outcome::Asks,
    };
    (outcome, intent, meaning)
}

/// Returns whether a meaning names somebody or something that stands nowhere in the book: that is
/// asked about.
fn names_a_stranger(meaning: &Value) -> bool {
    let book = names();
    let people: Vec<String> = book.vendors.into_iter().chain(book.customers).collect();
    let things: Vec<String> = ITEMS.map(str::to_owned).to_vec();
    let target = &meaning["target"];
    let found = [&meaning["filters"], &target["filter"], &target["latest"]];
    let strange = |key: &str, stored: &[String]| {
        let typed = found.iter().flat_map(|filters| filters[key].as_array()).flatten();
        let mut typed = typed.filter_map(Value::as_str).map(domain::names::fold);
        typed.any(|typed| !stored.iter().any(|name| domain::names::fold(name).contains(&typed)))
    };
    ["vendor", "vendor_not", "customer"].iter().any(|key| strange(key, &people))
        || strange("item", &things)
}

/// General and other talk get the same kind of reply.
fn same_intent(got: &Value, wanted: &Value) -> bool {
    let is_talk = |intent: &Value| intent == "general" || intent == "off_topic";
    got == wanted || is_talk(got) && is_talk(wanted)
}

/// Returns whether something is answered, made or changed rather than asked about.
fn acts(intent: &Value, meaning: &Value) -> bool {
    match intent.as_str() {
        Some("invoice_query") => !meaning.is_null(),
        Some("invoice_update") => !meaning.is_null() && meaning["target"] != "unsaid",
        Some("invoice_creator") => {
            let items = meaning["items"].as_array();
            let is_priced = |item: &Value| !item["unit_price"].is_null();
            !meaning["customer"].is_null()
                && items.is_some_and(|items| !items.is_empty() && items.iter().all(is_priced))
        }
        _ => false,
    }
}

fn same(intent: &Value, got: &Value, wanted: &Value, sentence: &Sentence) -> bool {
    match intent.as_str() {
        _ if got.is_null() => false,
        Some("invoice_query") => same_plan(got, wanted),
        Some("invoice_update") => {
            same_target(&got["target"], &wanted["target"]) && all_keys(&got["set"], &wanted["set"])
        }
        _ => same_draft(got, wanted, sentence),
    }
}

fn same_plan(got: &Value, wanted: &Value) -> bool {
    let or = |key: &str, default: Value| wanted.get(key).cloned().unwrap_or(default);
    let field = wanted.get("field").is_none_or(|field| *field == got["field"]);
    // The order of everything that is shown changes nothing; that of the first few does.
    let ranked = wanted.get("limit").is_some() && wanted.get("order").is_some();
    let order = !ranked || same_order(&got["order"], &wanted["order"]);
    let sums_items = wanted["group_by"] == "item" || got["group_by"] == "item";
    (sums_items || got["entity"] == or("entity", json!("invoice")))
        && got["metric"] == wanted["metric"]
        && field
        && order
        && got["group_by"] == or("group_by", Value::Null)
        && got["limit"] == or("limit", Value::Null)
        && got.get("against") == wanted.get("against")
        && same_filters(&got["filters"], wanted.get("filters").unwrap_or(&Value::Null))
}

fn same_order(got: &Value, wanted: &Value) -> bool {
    let by = |order: &Value| match order["by"].as_str() {
        Some("total") => json!("value"),
        _ => order["by"].clone(),
    };
    by(got) == by(wanted) && got["descending"] == wanted["descending"]
}

/// Both narrow down to the same invoices. A vendor's are received anyway, a customer's issued.
fn same_filters(got: &Value, wanted: &Value) -> bool {
    let mut wanted = wanted.clone();
    let says = |key: &str| got[key].as_array().is_some_and(|names| !names.is_empty());
    if wanted.get("direction").is_none() && !got["direction"].is_null() {
        let side = if got["direction"] == "received" { "vendor" } else { "customer" };
        if let Some(wanted) = wanted.as_object_mut().filter(|_| says(side)) {
            wanted.insert("direction".to_owned(), got["direction"].clone());
        }
    }
    all_keys(got, &wanted)
}

fn same_target(got: &Value, wanted: &Value) -> bool {
    ["filter", "latest"].iter().find(|kind| wanted.get(*kind).is_some()).map_or_else(
        || got.to_string().to_lowercase() == wanted.to_string().to_lowercase(),
        |kind| got.get(*kind).is_some_and(|got| same_filters(got, &wanted[*kind])),
    )
}

fn same_draft(got: &Value, wanted: &Value, sentence: &Sentence) -> bool {
    let mut expected = wanted.clone();
    let defaults = [("currency", json!(sentence.currency)), ("issue_date", json!(sentence.today))];
    for (key, value) in defaults {
        if let Some(fields) = expected.as_object_mut() {
            fields.entry(key).or_insert(value);
        }
    }
    let items = |draft: &Value| draft["items"].as_array().cloned().unwrap_or_default();
    let (mine, theirs) = (items(got), items(&expected));
    let rest = |draft: &Value| {
        let mut fields = draft.as_object().cloned().unwrap_or_default();
        fields.remove("items");
        Value::Object(fields)
    };
    mine.len() == theirs.len()
        && mine.iter().zip(&theirs).all(|(mine, theirs)| same_item(mine, theirs))
        && all_keys(&rest(got), &rest(&expected))
}

fn same_item(got: &Value, wanted: &Value) -> bool {
    let text = |value: &Value| domain::names::fold(value.as_str().unwrap_or_default());
    let described = text(&got["description"]);
    !described.is_empty()
        && described.contains(&text(&wanted["description"]))
        && equal(&got["quantity"], &wanted["quantity"])
        && equal(&got["unit_price"], &wanted["unit_price"])
}

/// Returns whether every key of either side says the same; empty ones say nothing.
fn all_keys(got: &Value, wanted: &Value) -> bool {
    let empty = Map::new();
    let (got, wanted) = (got.as_object().unwrap_or(&empty), wanted.as_object().unwrap_or(&empty));
    let of = |map: &Map<String, Value>, key: &str| map.get(key).cloned().unwrap_or_default();
    got.keys().chain(wanted.keys()).all(|key| equal(&of(got, key), &of(wanted, key)))
}

fn equal(got: &Value, wanted: &Value) -> bool {
    match (got, wanted) {
        (Value::Object(_), Value::Object(_)) => all_keys(got, wanted),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && b.iter().all(|b| a.iter().any(|a| equal(a, b)))
        }
        (Value::String(a), Value::String(b)) => match (a.parse::<f64>(), b.parse::<f64>()) {
            (Ok(a), Ok(b)) => (a - b).abs() < 1e-9,
            _ => {
                domain::names::fold(a.trim_end_matches('.'))
                    == domain::names::fold(b.trim_end_matches('.'))
            }
        },
        _ => is_nothing(got) && is_nothing(wanted) || got == wanted,
    }
}

fn is_nothing(value: &Value) -> bool {
    value.is_null()
        || value == false
        || value == "issue_date"
        || value.as_array().is_some_and(Vec::is_empty)
}

/// Returns a meaning without what says nothing.
pub fn brief(meaning: &Value) -> Value {
    match meaning {
        Value::Object(fields) => {
            let said = fields.iter().filter(|(_, value)| !is_nothing(value));
            said.map(|(key, value)| (key.clone(), brief(value))).collect()
        }
        other => other.clone(),
    }
}
