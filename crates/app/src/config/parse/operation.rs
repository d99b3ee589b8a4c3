//! The settings of logs and traces.

use super::Reader;
use crate::config::{LogSettings, TraceSettings, values};
use gateways::otlp::OtlpSettings;

impl Reader<'_> {
    pub(super) fn log(&mut self) -> Option<LogSettings> {
        let level = self.optional("LOG_LEVEL", values::log_level);
        let format = self.required("LOG_FORMAT", values::log_format);
        Some(LogSettings { level, format: format? })
    }

    pub(super) fn traces(&mut self) -> Option<TraceSettings> {
        let endpoint = self.optional("OTEL_EXPORTER_OTLP_ENDPOINT", values::base_url);
        let headers = self.optional("OTEL_EXPORTER_OTLP_HEADERS", values::pairs);
        let service_name = self.required("OTEL_SERVICE_NAME", values::word);
        let share = self.required("OTEL_TRACES_SAMPLER_ARG", values::share);
        Some(TraceSettings {
            otlp: endpoint.map(|endpoint| OtlpSettings { endpoint, headers }),
            service_name: service_name?,
            share: share?,
        })
    }
}
