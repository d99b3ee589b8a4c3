//! A line of a set: a sentence, what it means, and the book that it is said over.

use domain::{conversation::Exchange, dates::date, money::Currency};
use ports::model::{Claimed, Doubt, Names, Sentence};
use serde::Deserialize;
use serde_json::Value;

/// A sentence and its meaning.
#[derive(Deserialize)]
pub struct Line {
    pub lang: String,
    pub text: String,
    pub intent: Value,
    #[serde(default)]
    pub says: Value,
    /// Other fair readings.
    #[serde(default)]
    pub also: Vec<Value>,
    pub before: Option<String>,
    pub locale: Option<String>,
    pub currency: Option<String>,
    pub today: Option<domain::dates::Date>,
    /// Whether it is said over the book of [`names`], and not over an empty one.
    #[serde(default)]
    pub book: bool,
}

/// Returns the names of a book with some bills and customers in every language.
pub fn names() -> Names {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Names {
        vendors: owned(&[
            "Lidl",
            "Shell Station 4411",
            "Amazon EU S.à r.l.",
            "Vodafone GmbH",
            "Hetzner Online GmbH",
            "Uber",
            "IKEA",
            "Telefónica",
            "Carrefour",
            "Bauhaus AG",
            "Iberdrola",
            "Albert Heijn",
            "Airtel",
            "EDP Comercial",
            "Orange",
            "Esselunga",
            "Etisalat",
        ]),
        customers: owned(&[
            "Bob Marsh",
            "Anna Keller",
            "Blue Bakery",
            "Café Azul",
            "Müller Bau GmbH",
            "Studio Verdi",
            "Bakkerij Smit",
            "Sharma Traders",
            "Padaria Sol",
            "Garage Dupont",
        ]),
        categories: owned(&["Travel", "Groceries", "Rent", "Fuel", "Phone", "Software"]),
        ..Names::default()
    }
}

/// What stands on the bills of that book.
pub const ITEMS: [&str; 6] = ["coffee", "café", "Kaffee", "caffè", "koffie", "toner"];

pub fn sentence(text: &str, locale: &str, before: Option<String>) -> Sentence {
    let exchange = |user| Exchange { user, reply: String::new() };
    Sentence {
        text: text.to_owned(),
        today: date(2025, 11, 19),
        currency: Currency::EUR,
        locale: locale.to_owned(),
        context: before.into_iter().map(exchange).collect(),
        last_plan: None,
        names: Names::default(),
    }
}

/// Asks once more about a word that stands on the bills of the book, as the conversation does.
fn planned(sentence: &Sentence) -> Claimed {
    let claimed = offline::sentence::plan_question(sentence);
    let is_stocked = |typed: &str| {
        let word = domain::names::fold(typed);
        ITEMS.iter().any(|thing| domain::names::fold(thing).contains(&word))
    };
    let mut known = sentence.clone();
    match &claimed {
        Claimed::Doubt(Doubt::Unknown(typed))
            if sentence.names != Names::default() && is_stocked(typed) =>
        {
            known.names.things.push(typed.clone());
        }
        Claimed::Doubt(Doubt::Unfiled(unfiled)) if is_stocked(&unfiled.typed) => {
            known.names.things.push(unfiled.typed.clone());
        }
        Claimed::Doubt(Doubt::Unfiled(unfiled)) => {
            known.names.absent.push(unfiled.typed.clone());
        }
        _ => return claimed,
    }
    offline::sentence::plan_question(&known)
}

/// Returns the intent and the meaning, as they are written down.
pub fn understood(sentence: &Sentence) -> (Value, Value) {
    let Claimed::Classified(class) = offline::sentence::classify(sentence) else {
        return (Value::Null, Value::Null);
    };
    let intent = serde_json::to_value(class.intent).unwrap();
    let claimed = match intent.as_str().unwrap() {
        "invoice_query" => planned(sentence),
        "invoice_creator" => offline::sentence::draft(sentence),
        "invoice_update" => offline::sentence::correct(sentence),
        _ => return (intent, Value::Null),
    };
    let meaning = match claimed {
        Claimed::Plan(plan) => serde_json::to_value(plan).unwrap(),
        Claimed::Draft(draft) => serde_json::to_value(draft).unwrap(),
        Claimed::Correction(correction) => serde_json::to_value(correction).unwrap(),
        _ => Value::Null,
    };
    (intent, meaning)
}
