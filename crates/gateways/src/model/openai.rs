//! OpenAI and every server that speaks its chat completions.
//!
//! The request is built with the typed structs of `async-openai`; it travels by our own client, so
//! that deadlines, size limits and the ban on logging what people wrote hold here too.

use super::{content, into_domain, wire};
use crate::http::{self, Client, HttpError};
use async_openai::types::chat::{
    ChatCompletionRequestMessage, ChatCompletionRequestMessageContentPartImage,
    ChatCompletionRequestMessageContentPartText, ChatCompletionRequestSystemMessage,
    ChatCompletionRequestUserMessage, ChatCompletionRequestUserMessageContent,
    ChatCompletionRequestUserMessageContentPart, CreateChatCompletionRequest, ImageDetail,
    ImageUrl, ReasoningEffort, ResponseFormat, ResponseFormatJsonSchema,
};
use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use ports::model::{Answered, Ask, LanguageModel, ModelError, Task, Usage};
use reqwest::{Method, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;
use url::Url;

/// How long one answer may take.
const TOTAL: Duration = Duration::from_secs(60);
/// The most bytes of an answer.
const MAX_ANSWER: usize = 2 * 1024 * 1024;
/// How long to wait when the server does not say.
const SLOW_DOWN: Duration = Duration::from_secs(5);
/// The longest wait that is believed.
const LONGEST_WAIT: Duration = Duration::from_secs(120);
/// Tokens that a reasoning model thinks in before it writes.
const THINKING_TOKENS: u32 = 4_000;
/// Error codes and types that no waiting cures.
const QUOTA: [&str; 5] = [
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
];

/// Which server and model to ask.
#[derive(Debug, Clone)]
pub struct OpenAiSettings {
    /// The key; local servers need none.
    pub api_key: Option<SecretString>,
    /// The server, with its `/v1`.
    pub base_url: String,
    /// The model's name at that server.
    pub model: String,
}

/// A model behind chat completions.
#[derive(Debug, Clone)]
pub struct OpenAi {
    settings: OpenAiSettings,
    client: Client,
}

impl OpenAi {
    /// Makes the model; nothing is sent yet.
    #[must_use]
    pub fn new(settings: OpenAiSettings) -> Self {
        let own = Url::parse(&settings.base_url).ok();
        let own = own.and_then(|url| url.host_str().map(str::to_owned));
        Self { client: Client::new(own, TOTAL), settings }
    }

    fn url(&self) -> Result<Url, ModelError> {
        let base = self.settings.base_url.trim_end_matches('/');
        let whole = format!("{base}/chat/completions");
        Url::parse(&whole).map_err(|_| ModelError::Misconfigured { status: 0 })
    }

    fn request(&self, ask: &Ask) -> CreateChatCompletionRequest {
        let (form, tokens) = form_of(&ask.task);
        let reasons = reasons(&self.settings.model);
        let format = ResponseFormatJsonSchema {
            description: None,
            name: form.name.to_owned(),
            schema: form.schema,
            strict: Some(true),
        };
        CreateChatCompletionRequest {
            model: self.settings.model.clone(),
            messages: messages(ask),
            response_format: Some(ResponseFormat::JsonSchema { json_schema: format }),
            temperature: (!reasons).then_some(0.0),
            max_completion_tokens: reasons.then(|| tokens.saturating_add(THINKING_TOKENS)),
            reasoning_effort: reasons.then_some(ReasoningEffort::Low),
            ..classic_limit(tokens, reasons)
        }
    }
}

#[expect(deprecated, reason = "compatible servers know only the older name of the limit")]
fn classic_limit(tokens: u32, reasons: bool) -> CreateChatCompletionRequest {
    let max_tokens = (!reasons).then_some(tokens);
    CreateChatCompletionRequest { max_tokens, ..CreateChatCompletionRequest::default() }
}

/// Returns whether a model thinks before it writes and therefore takes other parameters.
fn reasons(model: &str) -> bool {
    let name = model.rsplit('/').next().unwrap_or(model);
    ["gpt-5", "gpt-6", "o1", "o3", "o4"].iter().any(|family| name.starts_with(family))
}

/// Returns the schema of a task and how many tokens its answer may take.
fn form_of(task: &Task) -> (wire::Form, u32) {
    match task {
        Task::Classify(_) => (wire::form::<wire::Classify>("classify"), 200),
        Task::PlanQuestion(_) => (wire::form::<wire::PlanQuestion>("plan_question"), 1_000),
        Task::Draft(_) => (wire::form::<wire::Draft>("draft"), 2_000),
        Task::Correct(_) => (wire::form::<wire::Correct>("correct"), 1_000),
        Task::ReadInvoice(_) => (wire::form::<wire::ReadInvoice>("read_invoice"), 8_000),
    }
}

fn messages(ask: &Ask) -> Vec<ChatCompletionRequestMessage> {
    let text = ChatCompletionRequestMessageContentPartText {
        text: content::of(&ask.task),
        ..Default::default()
    };
    let pictures: &[Bytes] = match &ask.task {
        Task::ReadInvoice(sheets) => &sheets.pictures,
        _ => &[],
    };
    let mut parts = vec![ChatCompletionRequestUserMessageContentPart::Text(text)];
    parts.extend(pictures.iter().map(picture));
    let system = ChatCompletionRequestSystemMessage {
        content: ask.instructions.into(),
        ..Default::default()
    };
    let user = ChatCompletionRequestUserMessage {
        content: ChatCompletionRequestUserMessageContent::Array(parts),
        ..Default::default()
    };
    vec![ChatCompletionRequestMessage::System(system), ChatCompletionRequestMessage::User(user)]
}

fn picture(jpeg: &Bytes) -> ChatCompletionRequestUserMessageContentPart {
    let url = format!("data:image/jpeg;base64,{}", STANDARD.encode(jpeg));
    let image_url = ImageUrl { url, detail: Some(ImageDetail::High) };
    ChatCompletionRequestUserMessageContentPart::ImageUrl(
        ChatCompletionRequestMessageContentPartImage { image_url, ..Default::default() },
    )
}

/// An answer, as far as it is needed; servers differ in all the rest.
#[derive(Debug, Deserialize)]
struct Completion {
    model: Option<String>,
    choices: Vec<Choice>,
    usage: Option<Tokens>,
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
}

#[derive(Debug, Deserialize)]
struct Tokens {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

#[async_trait]
impl LanguageModel for OpenAi {
    fn name(&self) -> String {
        format!("{} at {}", self.settings.model, self.settings.base_url)
    }

    fn sees_pictures(&self) -> bool {
        true
    }

    async fn answer(&self, ask: &Ask) -> Result<Answered, ModelError> {
        let request = self.client.request(Method::POST, self.url()?).map_err(failed)?;
        let request = match &self.settings.api_key {
            Some(key) => request.bearer_auth(key.expose_secret()),
            None => request,
        };
        let response = http::send(request.json(&self.request(ask))).await.map_err(failed)?;
        if !response.status().is_success() {
            return Err(refused(response).await);
        }
        let body = http::read(response, MAX_ANSWER).await.map_err(failed)?;
        self.understood(&ask.task, &body)
    }
}

impl OpenAi {
    fn understood(&self, task: &Task, body: &[u8]) -> Result<Answered, ModelError> {
        let completion: Completion = match serde_json::from_slice(body) {
            Ok(completion) => completion,
            // Some servers fail after they have said 200.
            Err(error) if has_error(body) => return Err(ModelError::Unavailable(Box::new(error))),
            Err(_) => return Err(ModelError::Malformed),
        };
        let choice = completion.choices.into_iter().next().ok_or(ModelError::Malformed)?;
        let filtered = choice.finish_reason.as_deref() == Some("content_filter");
        if filtered || choice.message.refusal.is_some_and(|refusal| !refusal.is_empty()) {
            return Err(ModelError::Declined);
        }
        if choice.finish_reason.as_deref() == Some("length") {
            return Err(ModelError::Malformed);
        }
        let text = choice.message.content.ok_or(ModelError::Malformed)?;
        let usage = completion.usage.map(|tokens| Usage {
            input_tokens: tokens.prompt_tokens,
            output_tokens: tokens.completion_tokens,
        });
        Ok(Answered {
            claimed: into_domain::claimed(task, &text)?,
            usage: usage.unwrap_or_default(),
            model: completion.model.unwrap_or_else(|| self.settings.model.clone()),
            cost: true,
        })
    }
}

fn has_error(body: &[u8]) -> bool {
    serde_json::from_slice::<Value>(body).is_ok_and(|body| body.get("error").is_some())
}

fn failed(error: HttpError) -> ModelError {
    match error {
        HttpError::Forbidden => ModelError::Misconfigured { status: 0 },
        HttpError::TooLarge => ModelError::Malformed,
        HttpError::NotSent(_) | HttpError::NoAnswer(_) => ModelError::Unavailable(Box::new(error)),
    }
}

async fn refused(response: Response) -> ModelError {
    let status = response.status();
    let after = http::retry_after(&response).unwrap_or(SLOW_DOWN).min(LONGEST_WAIT);
    let body = http::read(response, MAX_ANSWER).await.unwrap_or_default();
    let error = serde_json::from_slice::<Value>(&body).unwrap_or_default();
    let says = |words: &[&str]| {
        ["code", "type"].iter().any(|key| {
            let said = error.pointer(&format!("/error/{key}")).and_then(Value::as_str);
            said.is_some_and(|said| words.contains(&said))
        })
    };
    match status {
        StatusCode::TOO_MANY_REQUESTS if says(&QUOTA) => ModelError::OverBudget,
        StatusCode::TOO_MANY_REQUESTS => ModelError::RateLimited { after },
        StatusCode::PAYMENT_REQUIRED => ModelError::OverBudget,
        StatusCode::BAD_REQUEST if says(&["content_filter"]) => ModelError::Declined,
        StatusCode::REQUEST_TIMEOUT | StatusCode::CONFLICT => unavailable(status),
        _ if status.is_server_error() => unavailable(status),
        _ => ModelError::Misconfigured { status: status.as_u16() },
    }
}

fn unavailable(status: StatusCode) -> ModelError {
    ModelError::Unavailable(format!("status {}", status.as_u16()).into())
}
