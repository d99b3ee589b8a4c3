//! A collector of traces on loopback: it takes OTLP over HTTP and decodes the real protobuf.

use super::{Recorded, Running, locked};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
    routing::post,
};
use bytes::Bytes;
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest, common::v1::any_value::Value, trace::v1::Span,
};
use prost::Message;
use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex},
};

/// A span as it arrived.
#[derive(Debug, Clone)]
pub struct Arrived {
    /// Which process sent it: its `service.name`.
    pub service: String,
    /// Its trace, in hexadecimal digits.
    pub trace: String,
    /// Its own identifier.
    pub id: String,
    /// The identifier of the span that it belongs to; empty for the first of a trace.
    pub parent: String,
    /// Its name.
    pub name: String,
    /// Its attributes that are text, numbers or truths, written out.
    pub attributes: BTreeMap<String, String>,
}

/// A collector on loopback.
pub struct CollectorStandIn {
    server: Arc<Server>,
    running: Running,
}

#[derive(Default)]
struct Server {
    requests: Mutex<Vec<Recorded>>,
    spans: Mutex<Vec<Arrived>>,
}

impl CollectorStandIn {
    /// Starts it on a free port.
    ///
    /// # Errors
    ///
    /// Those of the network, if there is no free port.
    pub async fn start() -> io::Result<Self> {
        let server = Arc::new(Server::default());
        let router = Router::new().route("/v1/traces", post(take)).with_state(Arc::clone(&server));
        Ok(Self { server, running: Running::start(router).await? })
    }

    /// Returns its address, as the setting wants it.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://{}", self.running.address)
    }

    /// Returns all spans so far.
    #[must_use]
    pub fn spans(&self) -> Vec<Arrived> {
        locked(&self.server.spans).clone()
    }

    /// Returns all requests so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        locked(&self.server.requests).clone()
    }
}

async fn take(
    State(server): State<Arc<Server>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let is_protobuf =
        headers.get("content-type").is_some_and(|kind| kind == "application/x-protobuf");
    let decoded = ExportTraceServiceRequest::decode(body.clone());
    locked(&server.requests).push(Recorded::new(method, &uri, headers, body));
    let (Ok(request), true) = (decoded, is_protobuf) else { return StatusCode::BAD_REQUEST };
    let mut spans = locked(&server.spans);
    for group in request.resource_spans {
        let attributes = group.resource.map(|resource| written(resource.attributes));
        let service = attributes.unwrap_or_default().remove("service.name").unwrap_or_default();
        let arrived = group.scope_spans.into_iter().flat_map(|scope| scope.spans);
        spans.extend(arrived.map(|span| read(&service, span)));
    }
    StatusCode::OK
}

fn read(service: &str, span: Span) -> Arrived {
    Arrived {
        service: service.to_owned(),
        trace: hexadecimal(&span.trace_id),
        id: hexadecimal(&span.span_id),
        parent: hexadecimal(&span.parent_span_id),
        name: span.name,
        attributes: written(span.attributes),
    }
}

fn written(
    attributes: Vec<opentelemetry_proto::tonic::common::v1::KeyValue>,
) -> BTreeMap<String, String> {
    let text = |value| match value {
        Value::StringValue(text) => Some(text),
        Value::IntValue(number) => Some(number.to_string()),
        Value::BoolValue(truth) => Some(truth.to_string()),
        _ => None,
    };
    let pairs = attributes.into_iter().filter_map(|pair| {
        let value = pair.value.and_then(|value| value.value).and_then(text)?;
        Some((pair.key, value))
    });
    pairs.collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
