//! placeholder until the conversion is moved here
use domain::intent::Intent;
use ports::model::{Claimed, Classified, Sentence};
use serde_json::{Map, Value, json};
pub fn talk(c: &Classified) -> Map<String, Value> {
    Map::from_iter([("intent".to_owned(), json!(c.intent))])
}
pub fn business(i: Intent, _: &Claimed, _: &Sentence) -> Map<String, Value> {
    Map::from_iter([("intent".to_owned(), json!(i))])
}
