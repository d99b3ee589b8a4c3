//! The HTTP side: webhooks of providers, the API for programs, the web chat, files and health.
//!
//! What every answer has in common is set here: limits, a request id, security headers, and
//! problem details for whatever goes wrong.

mod api;
mod chat;
mod command;
mod download;
mod gate;
mod health;
mod intake;
pub mod listen;
mod media;
mod observe;
mod operation;
mod parts;
mod problem;
mod query;
mod refusals;
mod replies;
mod upload;
mod webhooks;

pub use refusals::Refusals;

use crate::{compose::AppState, config::Role};
use axum::{
    Router,
    extract::Request,
    http::{HeaderName, HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use problem::Problem;
use std::{any::Any, time::Duration};
use tower_http::{
    catch_panic::CatchPanicLayer,
    request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
};

/// The longest that any request may take; above the longest wait that the API offers.
const DEADLINE: Duration = Duration::from_secs(75);
/// The name of the header that a request is found by in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Pages may use what this server itself serves and nothing else; nothing inline, no frames.
const CONTENT_SECURITY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Returns everything that this server answers; a worker says only how it is.
///
/// The caller must serve it with the peer's address (`ConnectInfo<SocketAddr>`): without it the
/// web chat takes every caller for a stranger and asks for the token.
pub fn router(state: AppState) -> Router {
    let routes = health::routes().merge(operation::guarded_routes());
    let routes = match state.config.role {
        Role::Worker => routes,
        Role::All | Role::Web => routes
            .merge(webhooks::routes())
            .merge(api::routes())
            .merge(query::routes())
            .merge(command::routes())
            .merge(chat::routes(&state))
            .merge(media::routes()),
    };
    routes
        .fallback(|| async { Problem::NotFound })
        .method_not_allowed_fallback(|| async { Problem::MethodNotAllowed })
        .layer(middleware::from_fn(observe::observed))
        .layer(middleware::from_fn(within_deadline))
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(middleware::from_fn(with_headers))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, Ids(state.clone())))
        .with_state(state)
}

/// Returns what the second address answers: nothing that is written, nothing personal, no token.
pub fn operation_router(state: AppState) -> Router {
    health::routes()
        .merge(operation::routes())
        .fallback(|| async { Problem::NotFound })
        .method_not_allowed_fallback(|| async { Problem::MethodNotAllowed })
        .layer(middleware::from_fn(within_deadline))
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(middleware::from_fn(with_headers))
        .with_state(state)
}

#[derive(Clone)]
struct Ids(AppState);

impl MakeRequestId for Ids {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        let id = self.0.ports.clock.new_id().to_string();
        HeaderValue::from_str(&id).ok().map(RequestId::new)
    }
}

async fn within_deadline(request: Request, next: Next) -> Response {
    let answer = tokio::time::timeout(DEADLINE, next.run(request)).await;
    answer.unwrap_or_else(|_| Problem::Timeout.into_response())
}

/// Sets what no answer may lack; a handler's own value wins.
async fn with_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

fn after_panic(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a request handler panicked");
    Problem::Internal.into_response()
}
