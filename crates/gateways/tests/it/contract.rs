//! Checks exchanges against the published descriptions of the services, where a copy of them lies
//! beside this checkout, and the checker against known right and wrong values.

use serde_json::{Value, json};
use std::path::Path;
use testkit::standin::Recorded;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/protocols/derived");

fn load(name: &str) -> Option<Value> {
    let text = std::fs::read_to_string(Path::new(FOLDER).join(name)).ok();
    if text.is_none() {
        println!("skipped: no {name} beside this checkout");
    }
    text.map(|text| serde_json::from_str(&text).unwrap())
}

/// Fails if a value does not follow the description of that name.
pub(crate) fn follows(name: &str, value: &Value) {
    let Some(schema) = load(&format!("schemas/{name}")) else { return };
    let validator = jsonschema::validator_for(&schema).unwrap();
    let faults: Vec<String> = validator.iter_errors(value).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{name}: {faults:?}");
}

/// Returns a form as the object that its description is about.
pub(crate) fn form_object(request: &Recorded) -> Value {
    let mut object = json!({});
    for (name, value) in request.form() {
        if name == "MediaUrl" {
            let files = object.as_object_mut().unwrap().entry(name).or_insert_with(|| json!([]));
            files.as_array_mut().unwrap().push(json!(value));
        } else {
            object[name] = json!(value);
        }
    }
    object
}

#[test]
fn the_checker_tells_right_from_wrong() {
    let Some(all) = load("contract_cases.json") else { return };
    for case in all["cases"].as_array().unwrap() {
        let name = case["schema"].as_str().unwrap();
        let schema = load(&format!("schemas/{name}")).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let expected = case["valid"].as_bool().unwrap();
        assert_eq!(validator.is_valid(&case["value"]), expected, "{name}: {}", case["name"]);
    }
}
