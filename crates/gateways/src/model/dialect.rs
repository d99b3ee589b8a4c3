//! What a server understands of chat completions, found out from its complaints.
//!
//! The ladder for structured answers: a strict schema, a schema, any JSON object with the schema in
//! the prompt, plain text with the schema in the prompt. Whatever comes back is checked here anyway.

use super::{capability::Capability, complaint::Complaint};

/// How an answer in our form is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rung {
    /// A schema that the server promises to follow.
    Strict,
    /// A schema.
    Schema,
    /// Any JSON object; the prompt holds the schema.
    Object,
    /// Any text; the prompt holds the schema.
    Text,
}

impl Rung {
    /// Returns the next one down; nothing below plain text.
    #[must_use]
    pub const fn below(self) -> Option<Self> {
        match self {
            Self::Strict => Some(Self::Schema),
            Self::Schema => Some(Self::Object),
            Self::Object => Some(Self::Text),
            Self::Text => None,
        }
    }

    /// Returns whether the prompt has to hold the schema.
    #[must_use]
    pub const fn needs_schema_in_prompt(self) -> bool {
        matches!(self, Self::Object | Self::Text)
    }
}

/// Under which name the limit of an answer is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// `max_tokens`.
    Classic,
    /// `max_completion_tokens`, which counts the thinking too.
    Completion,
    /// Not at all.
    Unsaid,
}

/// What a server takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// How structured answers are asked for.
    pub rung: Rung,
    /// How the limit is called.
    pub limit: Limit,
    /// Whether it takes a temperature.
    pub temperature: bool,
    /// Whether it takes a reasoning effort.
    pub effort: bool,
    /// Whether it takes the detail of pictures.
    pub detail: bool,
    /// Whether it takes pictures at all.
    pub pictures: bool,
}

impl Dialect {
    /// Returns what a class of models takes on its own maker's server.
    #[must_use]
    pub const fn of(capability: &Capability) -> Self {
        let reasons = capability.reasons;
        Self {
            rung: Rung::Strict,
            limit: if reasons { Limit::Completion } else { Limit::Classic },
            temperature: !reasons,
            effort: reasons,
            detail: true,
            pictures: true,
        }
    }

    /// Returns what to try after a complaint; nothing if it is about nothing that can be left out.
    #[must_use]
    pub fn after(mut self, complaint: &Complaint) -> Option<Self> {
        let before = self;
        if complaint.names("temperature") {
            self.temperature = false;
        } else if complaint.names("reasoning_effort") || complaint.names("reasoning.effort") {
            self.effort = false;
        } else if complaint.names("max_tokens") || complaint.names("max_completion_tokens") {
            self.limit = self.other_limit(complaint);
        } else if complaint.names("detail") {
            self.detail = false;
        } else if complaint.names_any(&FORMAT) || complaint.says_nothing() {
            self.rung = self.rung.below()?;
        } else if complaint.names_any(&PICTURES) {
            self.pictures = false;
        }
        (self != before).then_some(self)
    }

    /// A server that knows neither name gets no limit.
    fn other_limit(self, complaint: &Complaint) -> Limit {
        let both = complaint.names("max_tokens") && complaint.names("max_completion_tokens");
        match self.limit {
            Limit::Classic if both || complaint.is_about("max_tokens") => Limit::Completion,
            Limit::Completion if both || complaint.is_about("max_completion_tokens") => {
                Limit::Classic
            }
            _ => Limit::Unsaid,
        }
    }
}

/// Words in complaints about the form of the answer.
const FORMAT: [&str; 6] =
    ["response_format", "json_schema", "json_object", "structured output", "grammar", "strict"];
/// Words in complaints about pictures.
const PICTURES: [&str; 4] = ["image_url", "image input", "vision", "multimodal"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::capability;
    use serde_json::json;

    fn complaint(param: Option<&str>, message: &str) -> Complaint {
        Complaint::of(&json!({ "error": { "message": message, "param": param, "code": null } }))
    }

    fn classic() -> Dialect {
        Dialect::of(&capability::of("gpt-4o-mini"))
    }

    #[test]
    fn a_parameter_that_is_named_is_left_out_or_renamed() {
        let after = |param, message| classic().after(&complaint(param, message)).unwrap();
        assert!(!after(Some("temperature"), "unsupported value").temperature);
        assert!(!after(None, "Unsupported parameter: 'temperature'").temperature);
        assert!(!after(None, "unknown field detail").detail);
        let renamed = "Use 'max_completion_tokens' instead.";
        assert_eq!(after(Some("max_tokens"), renamed).limit, Limit::Completion);
        assert!(!after(None, "this model does not support image input").pictures);
        let reasoning = Dialect::of(&capability::of("gpt-6-luna"));
        let plain = reasoning.after(&complaint(Some("reasoning_effort"), "unknown")).unwrap();
        assert!(!plain.effort);
    }

    #[test]
    fn the_ladder_goes_down_rung_by_rung_and_ends() {
        let refusal = complaint(None, "'response_format.type' must be 'json_schema' or 'text'");
        let mut dialect = classic();
        for rung in [Rung::Schema, Rung::Object, Rung::Text] {
            dialect = dialect.after(&refusal).unwrap();
            assert_eq!(dialect.rung, rung);
        }
        assert_eq!(dialect.after(&refusal), None);
    }

    #[test]
    fn a_complaint_about_something_else_changes_nothing() {
        assert_eq!(classic().after(&complaint(None, "the context is too long")), None);
        let same = complaint(Some("reasoning_effort"), "unknown");
        assert_eq!(classic().after(&same), None, "what was not sent cannot be left out");
    }
}
