//! Whether the process lives, and whether it can work.

use super::problem::Problem;
use crate::{compose::AppState, config::Role};
use axum::{Json, Router, extract::State, routing::get};
use serde::Serialize;
use std::time::Duration;

/// How long the database may take to answer before it counts as away.
const PATIENCE: Duration = Duration::from_secs(2);

/// Returns the health routes.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
        .route("/health", get(health))
}

#[derive(Serialize)]
struct Alive {
    status: &'static str,
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
    version: &'static str,
    database: &'static str,
    queue: Queue,
}

#[derive(Serialize)]
struct Queue {
    open: u64,
    dead: u64,
    outbox: u64,
}

/// Fails only where starting anew helps: a database that is away is not among it.
async fn alive(State(state): State<AppState>) -> Result<Json<Alive>, Problem> {
    let works = state.config.role != Role::Web;
    if works && !state.ties.pulse.is_alive() {
        tracing::error!("no turn has ended for minutes while all places are taken");
        return Err(Problem::Unavailable);
    }
    Ok(Json(Alive { status: "ok" }))
}

async fn ready(State(state): State<AppState>) -> Result<Json<Alive>, Problem> {
    tokio::time::timeout(PATIENCE, state.ask_database())
        .await
        .map_err(|_| Problem::Unavailable)??;
    Ok(Json(Alive { status: "ready" }))
}

async fn health(State(state): State<AppState>) -> Result<Json<Health>, Problem> {
    let counts = tokio::time::timeout(PATIENCE, state.ports.store.counts()).await;
    let counts = counts.map_err(|_| Problem::Unavailable)??;
    Ok(Json(Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        database: "ok",
        queue: Queue { open: counts.open, dead: counts.dead, outbox: counts.outbox },
    }))
}
