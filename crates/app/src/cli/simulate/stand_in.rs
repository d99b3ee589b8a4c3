//! A stand-in for Twilio's API on this machine, for as long as one simulated message takes: it
//! hands out one file and takes the replies.

use crate::{cli::failure::Failure, config::TwilioSettings};
use axum::{
    Form, Json, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use domain::document::FileType;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use tokio::{net::TcpListener, sync::mpsc, task::JoinHandle};
use url::Url;

/// A file that comes with the message.
pub struct MediaFile {
    /// What it is by its content.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Bytes,
}

impl MediaFile {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// [`Failure`] if it cannot be opened.
    pub fn open(path: &std::path::Path) -> Result<Self, Failure> {
        let bytes = std::fs::read(path).map_err(|error| {
            Failure::because(&format!("{} cannot be opened", path.display()), &error)
        })?;
        let file_type: FileType = documents::file_type(&bytes);
        Ok(Self { media_type: file_type.media_type().to_owned(), bytes: bytes.into() })
    }
}

/// A reply as the product sends it.
pub struct Reply {
    /// The recipient.
    pub to: String,
    /// The text; may be empty.
    pub text: String,
    /// Where its file can be fetched.
    pub media_url: Option<String>,
}

/// The form of `Messages.json`, as far as it is looked at.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Posted {
    to: String,
    #[serde(default)]
    body: String,
    media_url: Option<String>,
}

struct Desk {
    authorization: String,
    file: Option<(String, MediaFile)>,
    replies: mpsc::UnboundedSender<Reply>,
}

/// The running stand-in; ends when it is dropped.
pub struct StandIn {
    replies: mpsc::UnboundedReceiver<Reply>,
    server: JoinHandle<()>,
}

impl StandIn {
    /// Starts at the address of the settings, with a file below its path.
    ///
    /// # Errors
    ///
    /// [`Failure`] if the address is taken.
    pub async fn start(
        twilio: &TwilioSettings,
        file: Option<(String, MediaFile)>,
    ) -> Result<Self, Failure> {
        let listener = bind(&twilio.api_base_url).await?;
        let (sender, replies) = mpsc::unbounded_channel();
        let pair = format!("{}:{}", twilio.account_sid, twilio.auth_token.expose_secret());
        let authorization = format!("Basic {}", STANDARD.encode(pair));
        let desk = Arc::new(Desk { authorization, file, replies: sender });
        let router = Router::new()
            .route("/2010-04-01/Accounts/{account}/Messages.json", get(none_yet).post(take))
            .route("/2010-04-01/Accounts/{account}/Messages/{message}/Media/{media}", get(hand_out))
            .with_state(desk);
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the stand-in for twilio has failed");
            }
        });
        Ok(Self { replies, server })
    }

    /// Waits for the next reply.
    pub async fn reply(&mut self) -> Option<Reply> {
        self.replies.recv().await
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn bind(base_url: &str) -> Result<TcpListener, Failure> {
    let url = Url::parse(base_url).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or("127.0.0.1").to_owned();
    let port = url.and_then(|url| url.port_or_known_default()).unwrap_or(80);
    let address = format!("{host}:{port}");
    TcpListener::bind(&address).await.map_err(|error| {
        Failure::because(&format!("the stand-in for Twilio cannot listen on {address}"), &error)
            .with_hint("choose another port in TWILIO_API_BASE_URL, for billhook serve as well")
    })
}

async fn hand_out(
    State(desk): State<Arc<Desk>>,
    Path((account, message, media)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Response {
    if !desk.knows(&headers) {
        return refused();
    }
    let path = format!("/2010-04-01/Accounts/{account}/Messages/{message}/Media/{media}");
    match &desk.file {
        Some((place, file)) if *place == path => {
            let media_type = [(header::CONTENT_TYPE, file.media_type.clone())];
            (media_type, file.bytes.clone()).into_response()
        }
        _ => (StatusCode::NOT_FOUND, Json(json!({"code": 20404, "status": 404}))).into_response(),
    }
}

/// Nothing was sent before: what the product asks after an unclear try.
async fn none_yet(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    if desk.knows(&headers) {
        Json(json!({"messages": [], "next_page_uri": null})).into_response()
    } else {
        refused()
    }
}

async fn take(
    State(desk): State<Arc<Desk>>,
    Path(account): Path<String>,
    headers: HeaderMap,
    Form(posted): Form<Posted>,
) -> Response {
    if !desk.knows(&headers) {
        return refused();
    }
    let id = ports::clock::Clock::new_id(&crate::clock::SystemClock).simple();
    let answer = json!({
        "sid": format!("SM{id}"),
        "account_sid": account,
        "status": "queued",
        "direction": "outbound-api",
        "to": posted.to,
        "body": posted.body,
        "error_code": null,
        "error_message": null,
    });
    let reply = Reply { to: posted.to, text: posted.body, media_url: posted.media_url };
    // The receiver is gone only while the program ends.
    let _ = desk.replies.send(reply);
    (StatusCode::CREATED, Json(answer)).into_response()
}

fn refused() -> Response {
    (StatusCode::UNAUTHORIZED, Json(json!({"code": 20003, "status": 401}))).into_response()
}

impl Desk {
    fn knows(&self, headers: &HeaderMap) -> bool {
        let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        given == Some(self.authorization.as_str())
    }
}
