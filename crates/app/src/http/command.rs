//! `POST /api/v1/command`: the commands of the chat, typed, for programs.

use super::{
    api::{self, json},
    gate::Bearer,
    problem::Problem,
};
use crate::{compose::AppState, errand::Errand};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::HeaderMap,
    response::Response,
    routing::post,
};
use serde_json::Value;

/// The largest body, in bytes.
const MAX_BODY: usize = 16 * 1024;

/// Returns the route.
pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/command", post(command).layer(DefaultBodyLimit::max(MAX_BODY)))
}

/// Answers as `POST /message` does. `from` and `wait` stand beside the command's own fields.
async fn command(
    _: Bearer,
    State(state): State<AppState>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Problem> {
    let mut asked: serde_json::Map<String, Value> = json(request, MAX_BODY).await?;
    let from = asked.remove("from").filter(|from| !from.is_null());
    let from = from.map(serde_json::from_value).transpose();
    let from = api::sender(from.map_err(|_| Problem::malformed("`from` is no text."))?)?;
    let wait = asked.remove("wait").filter(|wait| !wait.is_null());
    let wait = wait.map(serde_json::from_value).transpose();
    let wait = wait.map_err(|_| Problem::malformed("`wait` is no number."))?;
    let errand: Errand = serde_json::from_value(Value::Object(asked))
        .map_err(|error| Problem::malformed(error.to_string()))?;
    let mut message = api::message(&state, &headers, &from)?;
    message.text = errand.said();
    api::send(&state, message, wait).await
}
