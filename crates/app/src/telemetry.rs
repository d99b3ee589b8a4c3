//! Logs: text or JSON on standard error, at the level of the settings. What is logged never holds
//! personal data; that is the duty of whoever logs.

use crate::config::{LogFormat, LogSettings};
use std::io::IsTerminal;
use tracing_subscriber::{filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// Starts logging, at the given level where the settings name none; a second call changes nothing.
pub fn start(settings: &LogSettings, otherwise: tracing::Level) {
    let level = settings.level.unwrap_or(otherwise);
    let registry = tracing_subscriber::registry().with(targets(level));
    // Only tests start it twice, and there the first one may stay.
    let _ = match settings.format {
        LogFormat::Json => registry
            .with(fmt::layer().json().flatten_event(true).with_writer(std::io::stderr))
            .try_init(),
        LogFormat::Text => {
            registry.with(fmt::layer().with_ansi(colours()).with_writer(std::io::stderr)).try_init()
        }
    };
}

/// Returns what is let through: our own crates at the level, the libraries below only from
/// warnings on, since their finer lines may hold addresses and statements.
fn targets(level: tracing::Level) -> Targets {
    const OURS: [&str; 7] =
        ["billhook", "workflow", "store", "gateways", "offline", "documents", "press"];
    Targets::new()
        .with_default(level.min(tracing::Level::WARN))
        .with_targets(OURS.map(|name| (name, level)))
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
