//! Requests, counted, timed and traced by the pattern of their route, never by their path.

use crate::telemetry::{meters, traces};
use axum::{
    extract::{MatchedPath, Request},
    http::Method,
    middleware::Next,
    response::Response,
};
use std::time::Instant;
use tracing::Instrument;

/// Lets a request through and notes how it went.
pub(super) async fn observed(request: Request, next: Next) -> Response {
    let method = method(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let span = tracing::info_span!(
        "request",
        otel.kind = "server",
        method,
        route,
        status = tracing::field::Empty,
        trace.id = tracing::field::Empty,
    );
    traces::name(&span);
    let started = Instant::now();
    let response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    span.record("status", status);
    meters::request(method, route, status, started.elapsed());
    response
}

/// Returns a method by one of few words: a caller may make up his own.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}
