//! A page of the account's messages, as the REST API lists them.

use axum::http::Uri;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Under which a message that was received keeps its file; never shown.
pub(super) const FILE: &str = "file";

/// Returns one page, newest first.
pub(super) fn of<'a>(
    newest: impl Iterator<Item = &'a Value>,
    query: &BTreeMap<String, String>,
    uri: &Uri,
) -> Value {
    let number = |name: &str, default: usize| {
        query.get(name).and_then(|value| value.parse().ok()).unwrap_or(default)
    };
    let (size, page) = (number("PageSize", 50).clamp(1, 1_000), number("Page", 0));
    let is_wanted = |message: &&Value| {
        query.get("To").is_none_or(|to| message.get("to") == Some(&json!(to)))
            && query.get("DateSent>").is_none_or(|day| day_of(message) >= *day)
    };
    let mut matching: Vec<Value> = newest.filter(is_wanted).cloned().collect();
    for message in matching.iter_mut().filter_map(Value::as_object_mut) {
        message.remove(FILE);
    }
    let start = size.saturating_mul(page);
    let messages: Vec<Value> = matching.iter().skip(start).take(size).cloned().collect();
    let end = start.saturating_add(messages.len());
    let next = (end < matching.len()).then(|| {
        let to = query.get("To").cloned().unwrap_or_default();
        let mut next = form_urlencoded::Serializer::new(String::new());
        next.append_pair("To", &to).append_pair("PageSize", &size.to_string());
        next.append_pair("Page", &page.saturating_add(1).to_string());
        format!("{}?{}", uri.path(), next.finish())
    });
    json!({
        "messages": messages,
        "page": page,
        "page_size": size,
        "start": start,
        "end": end.saturating_sub(1),
        "uri": uri.to_string(),
        "first_page_uri": uri.to_string(),
        "next_page_uri": next,
        "previous_page_uri": null,
    })
}

/// Returns the day on which a message was made, such as `2026-03-01`.
fn day_of(message: &Value) -> String {
    let date = message.get("date_created").and_then(Value::as_str).unwrap_or_default();
    jiff::fmt::rfc2822::parse(date).map(|at| at.date().to_string()).unwrap_or_default()
}
