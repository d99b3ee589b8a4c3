//! Logs: text or JSON on standard error, at the level of the settings; and beside them what is
//! counted and traced. None of it ever holds personal data; that is the duty of whoever logs.

pub mod meters;
mod observed;
mod process;
pub mod scrape;
pub mod traces;

pub use observed::{ObservedBlobs, ObservedDocuments, ObservedModel};

use crate::config::{LogFormat, LogSettings};
use std::io::IsTerminal;
use tracing::{Level, Subscriber};
use tracing_subscriber::{
    Layer, filter::Targets, fmt, layer::SubscriberExt, registry::LookupSpan,
    util::SubscriberInitExt,
};

/// Starts logging, at the given level where the settings name none, and tracing where that is
/// wanted; a second call changes nothing.
pub fn start(settings: &LogSettings, otherwise: Level, traces: Option<&traces::Traces>) {
    let level = settings.level.unwrap_or(otherwise);
    let spans = traces.map(|traces| {
        let layer = tracing_opentelemetry::layer().with_tracer(traces.tracer());
        // Spans do not depend on how much is logged.
        // How long a span was worked on is not told: it would be counted at each of its steps.
        let layer = layer.with_location(false).with_threads(false).with_tracked_inactivity(false);
        layer.with_filter(targets(Level::INFO))
    });
    let registry = tracing_subscriber::registry().with(spans).with(lines(settings.format, level));
    // Only tests start it twice, and there the first one may stay.
    let _ = registry.try_init();
}

/// Returns what writes the log. The span that a line is written in names its trace.
fn lines<S>(format: LogFormat, level: Level) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let (layer, filter) = (fmt::layer().with_writer(std::io::stderr), targets(level));
    match format {
        LogFormat::Json => {
            layer.json().flatten_event(true).with_span_list(false).with_filter(filter).boxed()
        }
        LogFormat::Text => layer.with_ansi(colours()).with_filter(filter).boxed(),
    }
}

/// Returns what is let through: our own crates at the level, the libraries below only from
/// warnings on, since their finer lines may hold addresses and statements.
fn targets(level: Level) -> Targets {
    const OURS: [&str; 7] =
        ["billhook", "workflow", "store", "gateways", "offline", "documents", "press"];
    Targets::new().with_default(level.min(Level::WARN)).with_targets(OURS.map(|name| (name, level)))
}

fn colours() -> bool {
    std::io::stderr().is_terminal()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn the_libraries_below_stay_quiet_at_any_level() {
        let targets = targets(Level::TRACE);
        assert!(targets.would_enable("billhook::worker", &Level::TRACE));
        assert!(targets.would_enable("sqlx::query", &Level::WARN));
        assert!(!targets.would_enable("sqlx::query", &Level::DEBUG));
    }

    #[test]
    fn a_quiet_level_is_quiet_everywhere() {
        let targets = targets(Level::ERROR);
        assert!(!targets.would_enable("billhook::worker", &Level::WARN));
        assert!(!targets.would_enable("sqlx::query", &Level::WARN));
    }
}
