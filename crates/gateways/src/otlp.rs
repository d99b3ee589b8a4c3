//! Spans on their way to a collector: OTLP over HTTP, as protobuf.
//!
//! A batch that does not arrive is dropped and said once in the log: traces may be missed,
//! messages may not.

use crate::http::{self, Client, HttpError};
use opentelemetry_proto::{
    tonic::collector::trace::v1::ExportTraceServiceRequest,
    transform::{
        common::tonic::ResourceAttributesWithSchema,
        trace::tonic::group_spans_by_resource_and_scope,
    },
};
use opentelemetry_sdk::{
    Resource,
    error::{OTelSdkError, OTelSdkResult},
    trace::{SpanData, SpanExporter},
};
use prost::Message;
use reqwest::{
    Method,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use tokio::runtime::Handle;
use url::Url;

/// How long one batch may take.
const DEADLINE: Duration = Duration::from_secs(8);
/// The most of a collector's answer that is looked at.
const MAX_ANSWER: usize = 64 * 1024;

/// Where spans go.
#[derive(Debug, Clone)]
pub struct OtlpSettings {
    /// The collector, without `/v1/traces`.
    pub endpoint: String,
    /// `name=value` pairs with commas between them, sent with every batch; may hold a token.
    pub headers: Option<SecretString>,
}

/// Sends spans to a collector.
#[derive(Debug)]
pub struct Otlp {
    client: Client,
    url: Url,
    headers: HeaderMap,
    resource: ResourceAttributesWithSchema,
    runtime: Handle,
    is_failing: AtomicBool,
}

impl Otlp {
    /// Makes an exporter; nothing if the address is none. Its requests run on this runtime, since
    /// batches are handed over by a thread that has none.
    #[must_use]
    pub fn new(settings: &OtlpSettings, runtime: Handle) -> Option<Self> {
        let base = settings.endpoint.trim_end_matches('/');
        let url = Url::parse(&format!("{base}/v1/traces")).ok()?;
        let host = url.host_str()?.to_owned();
        let said = settings.headers.as_ref().map_or("", |headers| headers.expose_secret());
        Some(Self {
            client: Client::new([host], DEADLINE),
            url,
            headers: headers(said),
            resource: ResourceAttributesWithSchema::default(),
            runtime,
            is_failing: AtomicBool::new(false),
        })
    }

    async fn deliver(&self, body: Vec<u8>) -> Result<(), String> {
        let (client, url, headers) = (self.client.clone(), self.url.clone(), self.headers.clone());
        let sent = self.runtime.spawn(async move {
            let request = client.request(Method::POST, url)?.headers(headers);
            let answer = http::send(request.body(body)).await?;
            let status = answer.status();
            // Read, so that the connection can be used again.
            http::read(answer, MAX_ANSWER).await?;
            Ok::<_, HttpError>(status)
        });
        match sent.await {
            Ok(Ok(status)) if status.is_success() => Ok(()),
            Ok(Ok(status)) => Err(format!("the collector answered {status}")),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("the process ends".to_owned()),
        }
    }
}

impl SpanExporter for Otlp {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let resource_spans = group_spans_by_resource_and_scope(batch, &self.resource);
        let body = ExportTraceServiceRequest { resource_spans }.encode_to_vec();
        let delivered = self.deliver(body).await;
        let was_failing = self.is_failing.swap(delivered.is_err(), Ordering::Relaxed);
        delivered.map_err(|error| {
            if !was_failing {
                tracing::warn!(%error, "spans do not reach the collector");
            }
            OTelSdkError::InternalFailure(error)
        })
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.resource = resource.into();
    }
}

/// Returns the headers of a setting; a pair that is no header is left out.
fn headers(said: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-protobuf"));
    for (name, value) in said.split(',').filter_map(|pair| pair.split_once('=')) {
        let name = HeaderName::try_from(name.trim());
        let value = HeaderValue::try_from(value.trim());
        if let (Ok(name), Ok(mut value)) = (name, value) {
            value.set_sensitive(true);
            headers.insert(name, value);
        }
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_pairs_and_the_rest_is_left_out() {
        let headers = headers("authorization=Bearer x=y, x-team = bills,nonsense,a b=c");
        assert_eq!(headers["authorization"], "Bearer x=y");
        assert_eq!(headers["x-team"], "bills");
        assert_eq!(headers.len(), 3, "{headers:?}");
        assert!(headers["authorization"].is_sensitive());
    }

    #[tokio::test]
    async fn an_address_that_is_none_exports_nothing() {
        let settings = OtlpSettings { endpoint: "collector".to_owned(), headers: None };
        assert!(Otlp::new(&settings, Handle::current()).is_none());
    }
}
