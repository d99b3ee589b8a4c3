//! What a server says is wrong with a request, in any of the forms that servers say it.

use serde_json::Value;

/// Error codes and types that no waiting cures.
const QUOTA: [&str; 5] = [
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
];

/// The words of an error; they are looked at and never shown or logged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Complaint {
    parameter: String,
    codes: Vec<String>,
    message: String,
}

impl Complaint {
    /// Reads the body of an error: wrapped in `error`, bare, or `error` as plain text.
    #[must_use]
    pub fn of(body: &Value) -> Self {
        let inner = body.get("error").filter(|error| !error.is_null()).unwrap_or(body);
        let text = |key: &str| inner.get(key).and_then(Value::as_str).map(str::to_lowercase);
        let plain = inner.as_str().map(str::to_lowercase);
        Self {
            parameter: text("param").unwrap_or_default(),
            codes: ["code", "type"].iter().filter_map(|key| text(key)).collect(),
            message: text("message").or(plain).unwrap_or_default(),
        }
    }

    /// Returns whether a parameter or a word is named in it.
    #[must_use]
    pub fn names(&self, word: &str) -> bool {
        self.parameter.ends_with(word) || self.message.contains(word)
    }

    /// Returns whether one of several words is named in it.
    #[must_use]
    pub fn names_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.names(word))
    }

    /// Returns whether it is about this parameter, by its own field.
    #[must_use]
    pub fn is_about(&self, parameter: &str) -> bool {
        self.parameter == parameter
    }

    /// Returns whether nothing is to be learnt from it.
    #[must_use]
    pub fn says_nothing(&self) -> bool {
        self.parameter.is_empty() && self.message.is_empty()
    }

    /// Returns whether the account has no money or allowance left.
    #[must_use]
    pub fn is_quota(&self) -> bool {
        self.codes.iter().any(|code| QUOTA.contains(&code.as_str()))
    }

    /// Returns whether a content filter spoke.
    #[must_use]
    pub fn is_filter(&self) -> bool {
        self.codes.iter().any(|code| code.contains("content_filter"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn errors_are_read_in_every_form() {
        let wrapped = json!({ "error": { "message": "Bad Temperature", "param": "temperature" } });
        let bare = json!({ "object": "error", "message": "bad temperature", "code": 400 });
        let text = json!({ "error": "bad temperature" });
        for body in [wrapped, bare, text] {
            assert!(Complaint::of(&body).names("temperature"), "{body}");
        }
        assert!(Complaint::of(&Value::Null).says_nothing());
        assert!(Complaint::of(&json!({ "error": null })).says_nothing());
    }

    #[test]
    fn an_empty_account_is_known_by_code_or_type() {
        let by_type = json!({ "error": { "type": "insufficient_quota", "code": "something_new" } });
        let by_code = json!({ "error": { "type": "x", "code": "project_spend_limit_exceeded" } });
        assert!(Complaint::of(&by_type).is_quota() && Complaint::of(&by_code).is_quota());
        let fast = json!({ "error": { "type": "requests", "code": "rate_limit_exceeded" } });
        assert!(!Complaint::of(&fast).is_quota());
    }
}
