//! Files of replies for providers that fetch what we send.
//!
//! The address holds an unguessable word and is all that is needed: no cookie, no listing.

use super::{download::Download, parts::Path, problem::Problem};
use crate::compose::AppState;
use axum::{Router, extract::State, http::Method, response::Response, routing::get};

/// Returns the route of outgoing files.
pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/media/{link_token}", get(file))
}

async fn file(
    State(state): State<AppState>,
    method: Method,
    Path(link_token): Path<String>,
) -> Result<Response, Problem> {
    let file = state.ports.store.file_by_token(&link_token).await?.ok_or(Problem::NotFound)?;
    let content = state.ports.blobs.stream(file.hash).await?.ok_or(Problem::NotFound)?;
    let download = Download { name: file.name, media_type: file.media_type, content, keep: false };
    download.answer(&method).await
}
