//! A task as a request: the typed structs of `async-openai`, filled in as the server understands.

use super::{
    capability::Capability,
    content,
    dialect::{Dialect, Limit, Rung},
    picture::{self, Detail},
    wire,
};
use async_openai::types::chat::{
    ChatCompletionRequestMessage, ChatCompletionRequestMessageContentPartImage,
    ChatCompletionRequestMessageContentPartText, ChatCompletionRequestSystemMessage,
    ChatCompletionRequestUserMessage, ChatCompletionRequestUserMessageContent,
    ChatCompletionRequestUserMessageContentPart, CreateChatCompletionRequest, ImageDetail,
    ImageUrl, ReasoningEffort, ResponseFormat, ResponseFormatJsonSchema,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use domain::document::TextSource;
use ports::model::{Ask, Sheets, Task, Usage};
use std::sync::LazyLock;

/// Tokens that a reasoning model may think in before it writes.
const THINKING_TOKENS: u32 = 4_000;
/// Bytes of text that are at least one token.
const BYTES_A_TOKEN: u64 = 2;
/// How much further the second try after a cut answer may go.
const FURTHER: u32 = 2;
/// What is put between instructions and schema where the server takes no schema.
const SCHEMA_IN_PROMPT: &str = include_str!("schema_in_prompt.md");

/// A task that is about to be sent.
pub struct Draft<'a> {
    ask: &'a Ask,
    capability: Capability,
    form: &'static wire::Form,
    /// The most tokens of an answer, thinking apart.
    tokens: u32,
}

impl<'a> Draft<'a> {
    /// Prepares a task for a class of models.
    pub fn of(ask: &'a Ask, capability: Capability) -> Self {
        let (form, tokens) = form_of(&ask.task);
        Self { ask, capability, form, tokens }
    }

    /// Returns the keys that an answer must have.
    pub fn keys(&self) -> Vec<String> {
        let properties = self.form.schema.get("properties").and_then(serde_json::Value::as_object);
        properties.map(|properties| properties.keys().cloned().collect()).unwrap_or_default()
    }

    /// Returns the request, with a further limit where the first answer was cut short.
    pub fn request(
        &self,
        model: &str,
        dialect: Dialect,
        further: bool,
    ) -> CreateChatCompletionRequest {
        let limit = self.limit(further);
        CreateChatCompletionRequest {
            model: model.to_owned(),
            messages: self.messages(dialect),
            response_format: self.format(dialect.rung),
            temperature: dialect.temperature.then_some(0.0),
            max_completion_tokens: (dialect.limit == Limit::Completion).then_some(limit),
            reasoning_effort: dialect.effort.then_some(ReasoningEffort::Low),
            ..classic((dialect.limit == Limit::Classic).then_some(limit))
        }
    }

    /// Returns about how much one answer can take, rather too much than too little.
    pub fn estimate(&self, further: bool) -> Usage {
        let text = content::of(&self.ask.task).len();
        let bytes = [self.form.length, text, self.ask.instructions.len(), SCHEMA_IN_PROMPT.len()];
        let bytes = bytes.iter().fold(0_usize, |sum, length| sum.saturating_add(*length));
        let words = u64::try_from(bytes).unwrap_or(u64::MAX).div_ceil(BYTES_A_TOKEN);
        let counting = self.capability.pictures;
        let seen = self.pictures().iter().fold(0_u64, |sum, jpeg| {
            sum.saturating_add(picture::tokens(jpeg, self.detail(), counting))
        });
        let output_tokens = u64::from(self.limit(further));
        Usage { input_tokens: words.saturating_add(seen), output_tokens, cached_tokens: 0 }
    }

    fn limit(&self, further: bool) -> u32 {
        let thinking = if self.capability.reasons { THINKING_TOKENS } else { 0 };
        let once = self.tokens.saturating_add(thinking);
        if further { once.saturating_mul(FURTHER) } else { once }
    }

    fn format(&self, rung: Rung) -> Option<ResponseFormat> {
        let strict = match rung {
            Rung::Strict => Some(true),
            Rung::Schema => None,
            Rung::Object => return Some(ResponseFormat::JsonObject),
            Rung::Text => return None,
        };
        let (name, schema) = (self.form.name.to_owned(), self.form.schema.clone());
        let json_schema = ResponseFormatJsonSchema { description: None, name, schema, strict };
        Some(ResponseFormat::JsonSchema { json_schema })
    }

    fn messages(&self, dialect: Dialect) -> Vec<ChatCompletionRequestMessage> {
        let text = ChatCompletionRequestMessageContentPartText {
            text: content::of(&self.ask.task),
            ..Default::default()
        };
        let mut parts = vec![ChatCompletionRequestUserMessageContentPart::Text(text)];
        if dialect.pictures {
            let detail = dialect.detail.then(|| self.detail());
            parts.extend(self.pictures().iter().map(|jpeg| shown(jpeg, detail)));
        }
        let system = ChatCompletionRequestSystemMessage {
            content: self.instructions(dialect.rung).into(),
            ..Default::default()
        };
        let user = ChatCompletionRequestUserMessage {
            content: ChatCompletionRequestUserMessageContent::Array(parts),
            ..Default::default()
        };
        vec![ChatCompletionRequestMessage::System(system), ChatCompletionRequestMessage::User(user)]
    }

    fn instructions(&self, rung: Rung) -> String {
        let own = self.ask.instructions;
        if rung.needs_schema_in_prompt() {
            format!("{own}{SCHEMA_IN_PROMPT}{}", self.form.schema)
        } else {
            own.to_owned()
        }
    }

    fn pictures(&self) -> &[Bytes] {
        match &self.ask.task {
            Task::ReadInvoice(sheets) => &sheets.pictures,
            _ => &[],
        }
    }

    /// Where the letters are known exactly, a glance at the layout is enough.
    fn detail(&self) -> Detail {
        let exact = |sheets: &Sheets| {
            let mut pages = sheets.pages.iter();
            !sheets.pages.is_empty()
                && pages.all(|page| page.source == TextSource::TextLayer && !page.words.is_empty())
        };
        match &self.ask.task {
            Task::ReadInvoice(sheets) if exact(sheets) => Detail::Low,
            _ => Detail::High,
        }
    }
}

#[expect(deprecated, reason = "compatible servers know only the older name of the limit")]
fn classic(max_tokens: Option<u32>) -> CreateChatCompletionRequest {
    CreateChatCompletionRequest { max_tokens, ..CreateChatCompletionRequest::default() }
}

/// Makes the schema of a wire type once: a generator costs more than all else about a short call.
macro_rules! form {
    ($kind:ident, $name:literal) => {{
        static FORM: LazyLock<wire::Form> = LazyLock::new(|| wire::form::<wire::$kind>($name));
        &*FORM
    }};
}

/// Returns the schema of a task and how many tokens its answer may take.
fn form_of(task: &Task) -> (&'static wire::Form, u32) {
    match task {
        Task::Classify(_) => (form!(Classify, "classify"), 200),
        Task::PlanQuestion(_) => (form!(PlanQuestion, "plan_question"), 1_000),
        Task::Draft(_) => (form!(Draft, "draft"), 2_000),
        Task::Correct(_) => (form!(Correct, "correct"), 1_000),
        Task::ReadInvoice(_) => (form!(ReadInvoice, "read_invoice"), 8_000),
        Task::WriteSql { .. } => (form!(WriteSql, "write_sql"), 1_500),
    }
}

fn shown(jpeg: &Bytes, detail: Option<Detail>) -> ChatCompletionRequestUserMessageContentPart {
    let url = format!("data:image/jpeg;base64,{}", STANDARD.encode(jpeg));
    let detail = detail.map(|detail| match detail {
        Detail::Low => ImageDetail::Low,
        Detail::High => ImageDetail::High,
    });
    ChatCompletionRequestUserMessageContentPart::ImageUrl(
        ChatCompletionRequestMessageContentPartImage {
            image_url: ImageUrl { url, detail },
            ..Default::default()
        },
    )
}
