//! The settings of what a running Billhook tells: logs, metrics, traces.

use super::{Section, Setting};

/// In the order of the reference.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "LOG_LEVEL",
        flag: Some("log-level"),
        section: Section::Operation,
        shape: "error, warn, info, debug or trace",
        default: "",
        doc: "The least important line that is written to standard error. Without it, info for \
              serve and warn for every other verb.",
        example: "info",
    },
    Setting {
        name: "LOG_FORMAT",
        flag: Some("log-format"),
        section: Section::Operation,
        shape: "text or json",
        default: "text",
        doc: "Lines for people, or one JSON object a line for programs.",
        example: "json",
    },
    Setting {
        name: "BILLHOOK_METRICS_LISTEN",
        flag: Some("metrics-listen"),
        section: Section::Operation,
        shape: "an IP address with a port, such as 127.0.0.1:9464",
        default: "",
        doc: "A second address, for those who run Billhook: /metrics for Prometheus, \
              /health/dependencies and the health routes, without a token. Keep it from the \
              internet. Without it, these need the API token on the port of the server.",
        example: "127.0.0.1:9464",
    },
    Setting {
        name: "OTEL_EXPORTER_OTLP_ENDPOINT",
        flag: Some("otlp-endpoint"),
        section: Section::Operation,
        shape: "an address that begins with http:// or https://, without query or fragment",
        default: "",
        doc: "The collector that traces are sent to, as OTLP over HTTP (protobuf), to /v1/traces \
              below this address. Without it, no trace leaves.",
        example: "http://127.0.0.1:4318",
    },
    Setting {
        name: "OTEL_EXPORTER_OTLP_HEADERS",
        flag: None,
        section: Section::Operation,
        shape: "name=value pairs with commas between them",
        default: "",
        doc: "What the collector asks for in the head of a request, such as a token.",
        example: "authorization=Bearer token",
    },
    Setting {
        name: "OTEL_SERVICE_NAME",
        flag: Some("otel-service-name"),
        section: Section::Operation,
        shape: "a name without spaces",
        default: "billhook",
        doc: "What this process is called in traces.",
        example: "billhook-web",
    },
    Setting {
        name: "OTEL_TRACES_SAMPLER_ARG",
        flag: Some("otel-share"),
        section: Section::Operation,
        shape: "a share from 0 to 1, such as 0.1",
        default: "1",
        doc: "How many of the traces are sent: 1 is all of them. A message is traced wholly or \
              not at all.",
        example: "0.1",
    },
];
