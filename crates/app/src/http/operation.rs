//! For those who run Billhook: what Prometheus reads, and whether what we depend on answers.

use super::gate::Bearer;
use crate::{
    compose::{self, AppState},
    telemetry::scrape,
};
use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use gateways::model::OpenAi;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{
    error::Error,
    future::Future,
    time::{Duration, Instant},
};

/// How long a part may take to answer before it counts as away.
const PATIENCE: Duration = Duration::from_secs(3);

/// For how long it counts that the server of the model has answered.
const LATELY: Duration = Duration::from_secs(60);

/// Returns the routes of the second address.
pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/metrics", get(metrics)).route("/health/dependencies", get(dependencies))
}

/// Returns the same routes for the port that everybody reaches: only with the token.
pub(super) fn guarded_routes() -> Router<AppState> {
    Router::new()
        .route("/metrics", get(|_: Bearer, state: State<AppState>| metrics(state)))
        .route("/health/dependencies", get(|_: Bearer, state| dependencies(state)))
}

async fn metrics(State(state): State<AppState>) -> impl IntoResponse {
    let text = scrape::text(&state).await;
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text)
}

#[derive(Serialize)]
struct Dependencies {
    status: &'static str,
    dependencies: Vec<Dependency>,
}

#[derive(Serialize)]
struct Dependency {
    name: &'static str,
    /// Whether Billhook cannot work without it.
    is_required: bool,
    status: &'static str,
    latency_ms: u128,
    /// What is wrong, without addresses or secrets.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

/// Asks every part, all at once; 503 if one is away without which nothing works.
async fn dependencies(State(state): State<AppState>) -> impl IntoResponse {
    let blobs = &state.ports.blobs;
    let model = async {
        let server = compose::server(&state.config.model)?;
        Some(asked_lately(&state, &server).await)
    };
    let redis = async {
        let check = gateways::redis::check(state.config.redis.as_ref()?);
        Some(asked("redis", false, check).await)
    };
    let word = state.ports.clock.new_id().to_string();
    let (database, files, redis, model) = tokio::join!(
        asked("database", true, state.ask_database()),
        asked("files", true, blobs.check(&word)),
        redis,
        model,
    );
    let dependencies: Vec<_> = [database, files].into_iter().chain(redis).chain(model).collect();
    let is_well = |dependency: &Dependency| !dependency.is_required || dependency.status == "ok";
    let (code, status) = if dependencies.iter().all(is_well) {
        (StatusCode::OK, "ok")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "unavailable")
    };
    (code, Json(Dependencies { status, dependencies }))
}

/// Asks the server of the model, unless some process has had an answer within the last minute: there
/// may be many of them, and whoever looks at their health looks often.
async fn asked_lately(state: &AppState, server: &OpenAi) -> Dependency {
    let (cache, settings) = (&state.ties.cache, &state.config.model);
    let about = format!("{} {}", settings.openai_base_url, settings.openai_model);
    let key = format!("model:{}", hex::encode(Sha256::digest(about)));
    if let Some(latency_ms) = cache.recall(&key).await.and_then(|text| text.parse().ok()) {
        return Dependency {
            name: "model",
            is_required: false,
            status: "ok",
            latency_ms,
            problem: None,
        };
    }
    let look_up = async { server.look_up().await.map(|_| ()) };
    let asked = asked("model", false, look_up).await;
    if asked.problem.is_none() {
        cache.keep(&key, &asked.latency_ms.to_string(), LATELY).await;
    }
    asked
}

async fn asked<E: Error>(
    name: &'static str,
    is_required: bool,
    question: impl Future<Output = Result<(), E>>,
) -> Dependency {
    let started = Instant::now();
    let answer = tokio::time::timeout(PATIENCE, question).await;
    let problem = match answer {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(error.to_string()),
        Err(_) => Some("no answer in time".to_owned()),
    };
    let status = if problem.is_none() { "ok" } else { "unavailable" };
    let latency_ms = started.elapsed().as_millis();
    Dependency { name, is_required, status, latency_ms, problem }
}
