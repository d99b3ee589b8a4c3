//! `POST /api/v1/query`: a SELECT over one book, for programs.

use super::{
    api::{json, sender},
    gate::Bearer,
    problem::Problem,
};
use crate::{compose::AppState, rows};
use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Request, State},
    routing::post,
};
use domain::message::ChannelKind;
use ports::store::SelectError;
use serde::Deserialize;

/// The largest body, in bytes.
const MAX_BODY: usize = 64 * 1024;

/// Returns the route.
pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/query", post(query).layer(DefaultBodyLimit::max(MAX_BODY)))
}

#[derive(Deserialize)]
struct QueryRequest {
    sql: String,
    from: Option<String>,
}

async fn query(
    _: Bearer,
    State(state): State<AppState>,
    request: Request,
) -> Result<Json<serde_json::Value>, Problem> {
    let asked: QueryRequest = json(request, MAX_BODY).await?;
    let from = sender(asked.from)?;
    let store = &state.ports.store;
    let sender = store.sender(ChannelKind::Api, &from, &state.config.habits).await?;
    let today = state.ports.clock.today(&sender.habits.time_zone);
    let table = store.select(sender.tenant, &asked.sql, today).await?;
    Ok(Json(rows::as_json(&table)))
}

impl From<SelectError> for Problem {
    fn from(error: SelectError) -> Self {
        match error {
            SelectError::Store(error) => error.into(),
            error => Self::malformed(error.to_string()),
        }
    }
}
