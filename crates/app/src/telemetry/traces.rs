//! Traces: from the request that brings a message to the reply that leaves.
//!
//! A trace crosses processes in the message's row, as a W3C `traceparent`. What a sender says
//! about traces is never believed.

use crate::config::TraceSettings;
use gateways::otlp::Otlp;
use opentelemetry::{
    Context, KeyValue,
    trace::{
        SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState, TracerProvider,
    },
};
use opentelemetry_sdk::{
    Resource,
    trace::{Sampler, SdkTracer, SdkTracerProvider},
};
use std::time::Duration;
use tokio::runtime::Handle;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// How long the last spans may take to leave when the process ends.
const LAST: Duration = Duration::from_secs(5);

/// Makes spans, and sends them where a collector is set up.
#[derive(Debug)]
pub struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// Makes them by the settings. Without a collector, spans carry identifiers for the log and
    /// nothing else.
    pub fn new(settings: &TraceSettings, runtime: Handle) -> Self {
        let resource = Resource::builder_empty()
            .with_attributes([
                KeyValue::new("service.name", settings.service_name.clone()),
                KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            ])
            .build();
        let builder = SdkTracerProvider::builder().with_resource(resource);
        let exporter = settings.otlp.as_ref().and_then(|otlp| Otlp::new(otlp, runtime));
        let builder = match exporter {
            Some(exporter) => {
                let roots = Sampler::TraceIdRatioBased(settings.share);
                builder
                    .with_sampler(Sampler::ParentBased(Box::new(roots)))
                    .with_batch_exporter(exporter)
            }
            None => builder.with_sampler(Sampler::AlwaysOff),
        };
        Self { provider: builder.build() }
    }

    /// Returns what spans are made by.
    pub fn tracer(&self) -> SdkTracer {
        self.provider.tracer("billhook")
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        // What does not leave in time is lost; nothing else is.
        let _ = self.provider.shutdown_with_timeout(LAST);
    }
}

/// Notes a span's trace in it, so that each line of the log that is written in it can be found by
/// the trace. The span must have an empty field `trace.id`.
pub fn name(span: &Span) {
    let context = span.context();
    let trace = context.span().span_context().trace_id();
    if trace != TraceId::INVALID {
        span.record("trace.id", trace.to_string());
    }
}

/// Puts a span into the trace of a stored message; one without a trace begins its own.
pub fn follow(span: &Span, parent: Option<&str>) {
    if let Some(parent) = parent.and_then(parse) {
        // Refused only where spans are not traced at all.
        let _ = span.set_parent(Context::new().with_remote_span_context(parent));
    }
    name(span);
}

/// Returns the span that runs now as a `traceparent`; nothing if none does.
pub fn current() -> Option<String> {
    let context = Span::current().context();
    let (span, flags) = {
        let here = context.span();
        (here.span_context().clone(), here.span_context().trace_flags())
    };
    span.is_valid().then(|| {
        format!("00-{}-{}-{:02x}", span.trace_id(), span.span_id(), flags & TraceFlags::SAMPLED)
    })
}

fn parse(text: &str) -> Option<SpanContext> {
    let mut parts = text.split('-');
    let (version, trace, span, flags) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    if version != "00" || trace.len() != 32 || span.len() != 16 || parts.next().is_some() {
        return None;
    }
    let flags = TraceFlags::new(u8::from_str_radix(flags, 16).ok()?);
    let (trace, span) = (TraceId::from_hex(trace).ok()?, SpanId::from_hex(span).ok()?);
    let context = SpanContext::new(trace, span, flags, true, TraceState::NONE);
    context.is_valid().then_some(context)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn a_parent_is_read_as_it_was_written() {
        let context = parse(PARENT).unwrap();
        assert_eq!(context.trace_id().to_string(), "0af7651916cd43dd8448eb211c80319c");
        assert!(context.is_sampled() && context.is_remote());
    }

    #[test]
    fn what_is_no_parent_is_left_alone() {
        for text in [
            "",
            "00-0-0-01",
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
    }
}
