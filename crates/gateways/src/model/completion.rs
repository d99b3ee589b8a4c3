//! What a server has answered: its text, or the class of what it is instead.
//!
//! Nothing is repaired. An answer that ends too early is not completed: the lines that are missing
//! would be missing from an invoice.

use super::dialect::Rung;
use ports::model::{ModelError, Usage};
use serde::Deserialize;
use serde_json::{Value, error::Category};

/// What was said, before it is understood.
#[derive(Debug, PartialEq, Eq)]
pub struct Said {
    /// The JSON object of the answer, as text.
    pub json: String,
    /// Which model said it.
    pub model: Option<String>,
}

/// Why there is nothing to understand.
#[derive(Debug)]
pub enum Unsaid {
    /// The server failed after it had begun to answer, or something else than it answered.
    NoCompletion,
    /// The answer ends in the middle.
    CutShort,
    /// There is no JSON object in it, or one with other keys.
    OtherForm,
    /// It will not be said.
    Final(ModelError),
}

#[derive(Debug, Deserialize)]
struct Completion {
    model: Option<String>,
    choices: Vec<Choice>,
}

#[derive(Debug, Deserialize)]
struct Choice {
    message: Message,
    finish_reason: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Message {
    content: Option<String>,
    refusal: Option<String>,
    // Some local servers put the whole answer of a thinking model here.
    reasoning_content: Option<String>,
}

/// Returns what an answer took; nothing if the server does not say.
pub fn usage(body: &Value) -> Option<Usage> {
    let usage = body.get("usage").filter(|usage| usage.is_object())?;
    let count = |at: &str| usage.pointer(at).and_then(Value::as_u64);
    Some(Usage {
        input_tokens: count("/prompt_tokens")?,
        output_tokens: count("/completion_tokens")?,
        cached_tokens: count("/prompt_tokens_details/cached_tokens").unwrap_or_default(),
    })
}

/// Returns the object that an answer holds; it has to have these keys.
///
/// # Errors
///
/// [`Unsaid`].
pub fn read(body: Value, rung: Rung, keys: &[String]) -> Result<Said, Unsaid> {
    let completion: Completion = match serde_json::from_value(body) {
        Ok(completion) => completion,
        Err(_) => return Err(Unsaid::NoCompletion),
    };
    let choice = completion.choices.into_iter().next().ok_or(Unsaid::OtherForm)?;
    let message = choice.message;
    match choice.finish_reason.as_deref() {
        Some("content_filter") => return Err(Unsaid::Final(ModelError::Filtered)),
        Some("length") => return Err(Unsaid::CutShort),
        _ if message.refusal.is_some_and(|refusal| !refusal.is_empty()) => {
            return Err(Unsaid::Final(ModelError::Declined));
        }
        _ => {}
    }
    let filled = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
    let texts = [message.content, message.reasoning_content];
    let text = texts.into_iter().find(filled).flatten().ok_or(Unsaid::OtherForm)?;
    let json = if rung == Rung::Strict { text.trim() } else { object_in(&text) };
    check(json, keys)?;
    Ok(Said { json: json.to_owned(), model: completion.model })
}

fn check(json: &str, keys: &[String]) -> Result<(), Unsaid> {
    let value: Value = match serde_json::from_str(json) {
        Ok(value) => value,
        // Some models stop in the middle and say that they had come to the end.
        Err(error) if error.classify() == Category::Eof && json.starts_with('{') => {
            return Err(Unsaid::CutShort);
        }
        Err(_) => return Err(Unsaid::OtherForm),
    };
    let complete = keys.iter().all(|key| value.get(key).is_some());
    if complete { Ok(()) } else { Err(Unsaid::OtherForm) }
}

/// Returns the first balanced JSON object of a text, behind its thoughts and inside its fences;
/// from its first brace on if it never ends, else the text.
fn object_in(text: &str) -> &str {
    let text = text.rsplit_once("</think>").map_or(text, |(_, said)| said);
    let Some(start) = text.find('{') else { return text.trim() };
    let object = text.get(start..).unwrap_or_default();
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, letter) in object.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            '{' if !in_string => depth = depth.saturating_add(1),
            '}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return object.get(..=at).unwrap_or(object);
        }
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(content: &str, finish: &str) -> Value {
        let message = json!({ "role": "assistant", "content": content, "refusal": null });
        json!({ "model": "m", "choices": [{ "message": message, "finish_reason": finish }] })
    }

    fn of(content: &str, rung: Rung) -> Result<Said, Unsaid> {
        read(answer(content, "stop"), rung, &["a".to_owned()])
    }

    #[test]
    fn the_object_is_found_behind_thoughts_and_fences() {
        for text in [
            "{\"a\": \"}\"}",
            "<think>{ is it? }</think>\n{\"a\": \"}\"}",
            "Sure!\n```json\n{\"a\": \"}\"}\n```\nAnything else?",
        ] {
            assert_eq!(of(text, Rung::Text).unwrap().json, "{\"a\": \"}\"}", "{text}");
        }
        assert!(matches!(of("Sure! {\"a\": 1}", Rung::Strict), Err(Unsaid::OtherForm)));
    }

    #[test]
    fn what_ends_too_early_is_never_completed() {
        for text in ["{\"a\": [1, 2", "{\"a\": \"x", "{"] {
            for rung in [Rung::Strict, Rung::Text] {
                assert!(matches!(of(text, rung), Err(Unsaid::CutShort)), "{text}");
            }
        }
        let whole = read(answer("{\"a\":1}", "length"), Rung::Strict, &[]);
        assert!(matches!(whole, Err(Unsaid::CutShort)), "whole by chance");
    }

    #[test]
    fn other_forms_are_told_apart_from_no_answer() {
        for text in ["", "I am not sure.", "{\"b\": 1}", "[1]", "null", "{\"a\": NaN}", "{a: 1}"] {
            assert!(matches!(of(text, Rung::Text), Err(Unsaid::OtherForm)), "{text}");
        }
        for body in [json!({ "error": "x" }), json!([]), json!({ "choices": 7 }), Value::Null] {
            assert!(matches!(read(body, Rung::Strict, &[]), Err(Unsaid::NoCompletion)));
        }
        let empty = json!({ "choices": [] });
        assert!(matches!(read(empty, Rung::Strict, &[]), Err(Unsaid::OtherForm)));
        let null = json!({ "choices": [{ "message": { "content": null } }] });
        assert!(matches!(read(null, Rung::Strict, &[]), Err(Unsaid::OtherForm)));
    }

    #[test]
    fn an_answer_in_the_place_of_thoughts_is_taken() {
        let message = json!({ "content": "", "reasoning_content": "{\"a\":1}" });
        let body = json!({ "choices": [{ "message": message }] });
        assert_eq!(read(body, Rung::Schema, &["a".to_owned()]).unwrap().json, "{\"a\":1}");
    }

    #[test]
    fn missing_usage_is_unknown_and_not_zero() {
        assert_eq!(usage(&json!({})), None);
        assert_eq!(usage(&json!({ "usage": null })), None);
        let details = json!({ "cached_tokens": 4 });
        let body = json!({ "usage": { "prompt_tokens": 9, "completion_tokens": 2, "prompt_tokens_details": details } });
        let expected = Usage { input_tokens: 9, output_tokens: 2, cached_tokens: 4 };
        assert_eq!(usage(&body), Some(expected));
    }
}
