//! The web chat: the page and what its script asks for.
//!
//! The sender is always the owner; who may be that is decided by the gate.

use super::{
    download::{Download, typed},
    gate, intake,
    parts::{Path, Query},
    problem::Problem,
    replies::{self, Button, LOOK_EVERY},
    upload::{self, Form, MAX_BODY},
};
use crate::compose::AppState;
use askama::Template;
use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{Method, StatusCode, header},
    middleware,
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use bytes::Bytes;
use domain::{
    ids::{ConversationId, InboundId, OutboundId},
    message::{Attachment, AttachmentSource, ChannelKind, Inbound, OWNER, Outbound},
};
use ports::store::{JobState, Line, Said};
use rust_embed::Embed;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::time::Instant;

/// How long a page waits for something new; below what proxies cut off.
const LONG_POLL: Duration = Duration::from_secs(25);
/// The most characters of the page's own key of a message.
const MAX_KEY: usize = 64;

/// Style sheet, scripts and pictures of the page, inside the executable.
#[derive(Embed)]
#[folder = "src/web/assets"]
struct Assets;

#[derive(Template)]
#[template(path = "chat.html")]
struct ChatPage {
    version: &'static str,
    max_file_bytes: usize,
}

#[derive(Template)]
#[template(path = "locked.html")]
struct LockedPage;

/// Returns the routes of the web chat.
pub(super) fn routes(state: &AppState) -> Router<AppState> {
    let send = post(send).layer(DefaultBodyLimit::max(MAX_BODY));
    let owned = Router::new()
        .route("/chat/messages", get(messages).merge(send))
        .route("/chat/file/{outbound}", get(reply_file))
        .route("/chat/upload/{place}/{index}", get(uploaded_file))
        .layer(middleware::from_fn_with_state(state.clone(), gate::owner_only));
    Router::new().route("/", get(page)).route("/assets/{*path}", get(asset)).merge(owned)
}

#[derive(Deserialize)]
struct Visit {
    token: Option<String>,
}

async fn page(
    State(state): State<AppState>,
    Query(visit): Query<Visit>,
    request: Request,
) -> Result<Response, Problem> {
    let shown = visit.token.as_deref().is_some_and(|token| gate::is_token(&state, token));
    if !shown && !gate::is_owner(&state, &request) {
        let page = LockedPage.render().map_err(|_| Problem::Internal)?;
        return Ok((StatusCode::UNAUTHORIZED, Html(page)).into_response());
    }
    let page = ChatPage { version: env!("CARGO_PKG_VERSION"), max_file_bytes: upload::MAX_FILE };
    let html = Html(page.render().map_err(|_| Problem::Internal)?);
    if shown {
        // No redirect: after one that began on a foreign page, a strict cookie would be held back.
        return Ok(([(header::SET_COOKIE, gate::cookie(&state))], html).into_response());
    }
    Ok(html.into_response())
}

async fn asset(Path(path): Path<String>) -> Result<Response, Problem> {
    let file = Assets::get(&path).ok_or(Problem::NotFound)?;
    let kind = file.metadata.mimetype().to_owned();
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache".to_owned())];
    Ok((headers, file.data.into_owned()).into_response())
}

/// What the page knows already.
#[derive(Deserialize)]
struct Seen {
    #[serde(default)]
    after: i64,
    /// The message whose replies it waits for.
    waiting: Option<String>,
    /// How many seconds it has time.
    wait: Option<u64>,
}

/// What is new.
#[derive(Serialize)]
struct News {
    items: Vec<Item>,
    /// Whether the message that the page waits for is still being worked on.
    busy: bool,
}

/// One bubble.
#[derive(Serialize)]
struct Item {
    place: i64,
    at: String,
    side: &'static str,
    id: String,
    /// The sender's own name of the message; empty for replies.
    key: String,
    text: String,
    buttons: Vec<Button>,
    files: Vec<FileNote>,
}

#[derive(Serialize)]
struct FileNote {
    name: String,
    media_type: String,
    url: String,
    size: Option<u64>,
}

#[derive(Serialize)]
struct Taken {
    id: InboundId,
}

async fn send(State(state): State<AppState>, request: Request) -> Result<Response, Problem> {
    let locale = intake::locale(request.headers());
    let form = Form::read(request).await?;
    let key = form.key.filter(|key| !key.is_empty() && key.len() <= MAX_KEY);
    let key = key.unwrap_or_else(|| state.ports.clock.new_id().to_string());
    let mut message = intake::message(ChannelKind::WebChat, OWNER, key);
    message.locale = locale;
    message.text = intake::text(&form.text)?;
    message.button = form.button.filter(|button| !button.is_empty());
    let files: Vec<Bytes> = form.files.iter().map(|file| file.bytes.clone()).collect();
    message.attachments = upload::keep(&state, form.files).await?;
    if message.text.trim().is_empty() && message.button.is_none() && message.attachments.is_empty()
    {
        return Err(Problem::malformed("The message is empty."));
    }
    let id = intake::accept(&state, &message).await?;
    upload::still_kept(&state, &files).await?;
    Ok((StatusCode::ACCEPTED, Json(Taken { id })).into_response())
}

async fn messages(
    State(state): State<AppState>,
    Query(seen): Query<Seen>,
) -> Result<Json<News>, Problem> {
    let conversation = conversation(&state).await?;
    let waiting = seen.waiting.and_then(|id| id.parse::<InboundId>().ok());
    let patience = seen.wait.map_or(LONG_POLL, Duration::from_secs).min(LONG_POLL);
    let end = Instant::now().checked_add(patience);
    loop {
        let busy = match waiting {
            Some(id) => state.ports.store.state_of(id).await? == Some(JobState::Open),
            None => false,
        };
        let said = state.ports.store.transcript(conversation, seen.after).await?;
        let settled = waiting.is_some() && !busy;
        if !said.is_empty() || settled || end.is_none_or(|end| Instant::now() >= end) {
            return Ok(Json(News { items: items(&state, said).await, busy }));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn reply_file(
    State(state): State<AppState>,
    method: Method,
    Path(outbound): Path<String>,
) -> Result<Response, Problem> {
    let outbound: OutboundId = outbound.parse().map_err(|_| Problem::NotFound)?;
    let conversation = conversation(&state).await?;
    let file = state.ports.store.file_of(conversation, outbound).await?;
    let file = file.ok_or(Problem::NotFound)?;
    let content = state.ports.blobs.stream(file.hash).await?.ok_or(Problem::NotFound)?;
    Download { name: file.name, media_type: file.media_type, content, keep: true }
        .answer(&method)
        .await
}

/// Serves a file that the user sent, found by its place in his own conversation.
async fn uploaded_file(
    State(state): State<AppState>,
    method: Method,
    Path((place, index)): Path<(i64, usize)>,
) -> Result<Response, Problem> {
    let conversation = conversation(&state).await?;
    let said = state.ports.store.transcript(conversation, place.saturating_sub(1)).await?;
    let Some(Said { line: Line::User(inbound), .. }) =
        said.into_iter().find(|said| said.place == place)
    else {
        return Err(Problem::NotFound);
    };
    let attachment = inbound.message.attachments.get(index).ok_or(Problem::NotFound)?;
    let AttachmentSource::Stored(hash) = attachment.source else { return Err(Problem::NotFound) };
    let content = state.ports.blobs.stream(hash).await?.ok_or(Problem::NotFound)?;
    let (media_type, content) = typed(content).await?;
    let (name, media_type) = (attachment.name.clone(), media_type.to_owned());
    Download { name, media_type, content, keep: true }.answer(&method).await
}

async fn conversation(state: &AppState) -> Result<ConversationId, Problem> {
    let habits = &state.config.habits;
    let sender = state.ports.store.sender(ChannelKind::WebChat, OWNER, habits).await?;
    Ok(sender.conversation)
}

async fn items(state: &AppState, said: Vec<Said>) -> Vec<Item> {
    let mut items = Vec::with_capacity(said.len());
    for Said { place, at, line } in said {
        let at = at.to_string();
        items.push(match line {
            Line::User(inbound) => user_item(state, place, at, *inbound).await,
            Line::Billhook(outbound) => billhook_item(state, place, at, *outbound).await,
        });
    }
    items
}

async fn user_item(state: &AppState, place: i64, at: String, inbound: Inbound) -> Item {
    let mut files = Vec::new();
    for (index, attachment) in inbound.message.attachments.into_iter().enumerate() {
        let Attachment { source, name, claimed_type: media_type } = attachment;
        let size = match source {
            AttachmentSource::Stored(hash) => state.ports.blobs.size(hash).await.ok().flatten(),
            AttachmentSource::Remote(_) => None,
        };
        let url = format!("/chat/upload/{place}/{index}");
        files.push(FileNote { name, media_type, url, size });
    }
    Item {
        place,
        at,
        side: "user",
        id: inbound.id.to_string(),
        key: inbound.message.provider_id,
        text: inbound.message.text,
        buttons: Vec::new(),
        files,
    }
}

async fn billhook_item(state: &AppState, place: i64, at: String, outbound: Outbound) -> Item {
    let mut files = Vec::new();
    if let Some(file) = outbound.file {
        let size = state.ports.blobs.size(file.hash).await.ok().flatten();
        let url = format!("/chat/file/{}", outbound.id);
        files.push(FileNote { name: file.name, media_type: file.media_type, url, size });
    }
    Item {
        place,
        at,
        side: "billhook",
        id: outbound.id.to_string(),
        key: String::new(),
        text: outbound.text,
        buttons: replies::buttons(outbound.buttons),
        files,
    }
}
