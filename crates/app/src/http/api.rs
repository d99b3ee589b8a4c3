//! The API for programs: a message or a file in, the replies out, with a bearer token.

use super::{
    download::Download,
    gate::Bearer,
    intake,
    parts::{Path, Query},
    problem::Problem,
    replies::{self, Reply},
    upload::{self, Form, MAX_BODY, MAX_FILE, Upload},
};
use crate::compose::AppState;
use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, FromRequest, Request, State, rejection::JsonRejection},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use domain::{
    ids::{InboundId, OutboundId},
    message::{ChannelKind, NewInbound, OWNER},
};
use ports::store::JobState;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// How many seconds a request waits for its replies if it does not say.
const WAIT: u64 = 30;
/// The most seconds it may wait.
const MAX_WAIT: u64 = 60;
/// The header by which sending a message again is harmless.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The most characters of a sender's name or a key.
const MAX_WORD: usize = 200;

/// Returns the routes of the API.
pub(super) fn routes() -> Router<AppState> {
    let files = post(send_file).layer(DefaultBodyLimit::max(MAX_BODY));
    Router::new()
        .route("/message", post(send_message).layer(DefaultBodyLimit::max(1024 * 1024)))
        .route("/message/{id}", get(look_at))
        .route("/file", files)
        .route("/file/{outbound}", get(download))
}

#[derive(Deserialize)]
struct MessageRequest {
    text: String,
    from: Option<String>,
    wait: Option<u64>,
}

#[derive(Deserialize)]
struct FileRequest {
    /// The bytes, in base64.
    content: String,
    name: String,
    #[serde(default)]
    text: String,
    from: Option<String>,
    wait: Option<u64>,
}

#[derive(Serialize)]
struct Status {
    id: InboundId,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    replies: Option<Vec<Reply>>,
}

#[derive(Deserialize)]
struct Whose {
    from: Option<String>,
}

async fn send_message(
    _: Bearer,
    State(state): State<AppState>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Problem> {
    let asked: MessageRequest = json(request, 1024 * 1024).await?;
    let from = sender(asked.from)?;
    let mut message = message(&state, &headers, &from)?;
    message.text = intake::text(&asked.text)?;
    if message.text.trim().is_empty() {
        return Err(Problem::malformed("`text` is empty."));
    }
    send(&state, message, asked.wait).await
}

async fn send_file(
    _: Bearer,
    State(state): State<AppState>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().to_ascii_lowercase();
    let form = if kind.starts_with("multipart/form-data") {
        Form::read(request).await?
    } else if kind.starts_with("application/json") {
        json::<FileRequest>(request, MAX_BODY).await?.into_form()?
    } else {
        return Err(Problem::UnsupportedMediaType("Send application/json or multipart/form-data."));
    };
    if form.files.is_empty() {
        return Err(Problem::malformed("There is no `file`."));
    }
    let wait = match form.wait.as_deref() {
        Some(wait) => {
            Some(wait.trim().parse().map_err(|_| Problem::malformed("`wait` is no number."))?)
        }
        None => None,
    };
    let from = sender(form.from)?;
    let mut message = message(&state, &headers, &from)?;
    message.text = intake::text(&form.text)?;
    let files: Vec<Bytes> = form.files.iter().map(|file| file.bytes.clone()).collect();
    message.attachments = upload::keep(&state, form.files).await?;
    let id = intake::accept(&state, &message).await?;
    upload::still_kept(&state, &files).await?;
    answer(&state, id, wait, &message.from).await
}

async fn look_at(
    _: Bearer,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id: InboundId = id.parse().map_err(|_| Problem::NotFound)?;
    status(&state, id, Duration::ZERO, None).await
}

async fn download(
    _: Bearer,
    State(state): State<AppState>,
    method: Method,
    Path(outbound): Path<String>,
    Query(whose): Query<Whose>,
) -> Result<Response, Problem> {
    let outbound: OutboundId = outbound.parse().map_err(|_| Problem::NotFound)?;
    let from = sender(whose.from)?;
    let store = &state.ports.store;
    let sender = store.sender(ChannelKind::Api, &from, &state.config.habits).await?;
    let file = store.file_of(sender.conversation, outbound).await?.ok_or(Problem::NotFound)?;
    let content = state.ports.blobs.stream(file.hash).await?.ok_or(Problem::NotFound)?;
    Download { name: file.name, media_type: file.media_type, content, keep: true }
        .answer(&method)
        .await
}

impl FileRequest {
    fn into_form(self) -> Result<Form, Problem> {
        let bytes = BASE64_STANDARD
            .decode(self.content.trim())
            .map_err(|_| Problem::malformed("`content` is not base64."))?;
        if bytes.len() > MAX_FILE {
            return Err(Problem::TooLarge(MAX_FILE));
        }
        let file = Upload {
            name: upload::file_name(&self.name),
            claimed_type: String::new(),
            bytes: bytes.into(),
        };
        let wait = self.wait.map(|wait| wait.to_string());
        Ok(Form { text: self.text, from: self.from, wait, files: vec![file], ..Form::default() })
    }
}

/// Returns an empty message of a sender, named by the client's key if it gave one.
pub(super) fn message(
    state: &AppState,
    headers: &HeaderMap,
    from: &str,
) -> Result<NewInbound, Problem> {
    let key = match headers.get(IDEMPOTENCY_KEY) {
        Some(key) => {
            let key = key.to_str().ok().filter(|key| !key.is_empty() && key.len() <= MAX_WORD);
            let key = key.ok_or_else(|| Problem::malformed("`Idempotency-Key` is unusable."))?;
            // The length keeps one sender's key apart from another sender with a slash in his name. It
            // stays when his data are deleted, so it does not say who he is.
            hex::encode(Sha256::digest(format!("{}:{from}/{key}", from.len())))
        }
        None => state.ports.clock.new_id().to_string(),
    };
    let mut message = intake::message(ChannelKind::Api, from, key);
    message.locale = intake::locale(headers);
    Ok(message)
}

/// Returns who is writing: the owner where nobody is named.
pub(super) fn sender(from: Option<String>) -> Result<String, Problem> {
    let Some(from) = from else { return Ok(OWNER.to_owned()) };
    let usable = !from.trim().is_empty()
        && from.chars().count() <= MAX_WORD
        && !from.chars().any(char::is_control);
    if usable { Ok(from) } else { Err(Problem::malformed("`from` is unusable.")) }
}

/// Takes a message in and answers with its replies.
pub(super) async fn send(
    state: &AppState,
    message: NewInbound,
    wait: Option<u64>,
) -> Result<Response, Problem> {
    let id = intake::accept(state, &message).await?;
    answer(state, id, wait, &message.from).await
}

/// Waits for the replies to a message.
async fn answer(
    state: &AppState,
    id: InboundId,
    wait: Option<u64>,
    from: &str,
) -> Result<Response, Problem> {
    let wait = Duration::from_secs(wait.unwrap_or(WAIT).min(MAX_WAIT));
    status(state, id, wait, Some(from)).await
}

/// Answers with the replies if they are there in time, else with the promise of them.
async fn status(
    state: &AppState,
    id: InboundId,
    wait: Duration,
    from: Option<&str>,
) -> Result<Response, Problem> {
    let status = match replies::settled(state, id, wait).await? {
        JobState::Open => {
            let open = Status { id, status: "open", replies: None };
            return Ok((StatusCode::ACCEPTED, Json(open)).into_response());
        }
        JobState::Done => "done",
        JobState::Dead => "failed",
    };
    let said = state.ports.store.replies_to(id).await?;
    let replies = said.into_iter().map(|outbound| {
        let from = from.unwrap_or(&outbound.to).to_owned();
        Reply::of(outbound, |outbound| file_url(outbound.id, &from))
    });
    Ok(Json(Status { id, status, replies: Some(replies.collect()) }).into_response())
}

fn file_url(outbound: OutboundId, from: &str) -> String {
    if from == OWNER {
        return format!("/file/{outbound}");
    }
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("from", from).finish();
    format!("/file/{outbound}?{query}")
}

/// Reads a body of JSON.
pub(super) async fn json<T: DeserializeOwned>(
    request: Request,
    limit: usize,
) -> Result<T, Problem> {
    match Json::<T>::from_request(request, &()).await {
        Ok(Json(value)) => Ok(value),
        Err(JsonRejection::MissingJsonContentType(_)) => {
            Err(Problem::UnsupportedMediaType("Send application/json."))
        }
        Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Err(Problem::TooLarge(limit))
        }
        Err(JsonRejection::JsonDataError(error)) => Err(Problem::malformed(error.body_text())),
        Err(_) => Err(Problem::malformed("The body is not JSON.")),
    }
}
