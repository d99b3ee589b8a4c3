//! The text that Prometheus reads: counters as they stand, gauges as they are at this moment.

use super::{meters, process};
use crate::compose::AppState;
use metrics::gauge;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use ports::store::{Connections, StoreResult};
use std::{sync::OnceLock, time::Duration};

/// Bounds of the buckets of times, in seconds: from a row in the database to a long scan.
const BUCKETS: [f64; 14] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0, 90.0];
/// How long the database may take before it counts as away.
const PATIENCE: Duration = Duration::from_secs(2);

/// The one recorder of the process; a second one cannot be installed.
static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Starts counting; a second call changes nothing.
pub fn start() {
    RECORDER.get_or_init(|| {
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)
            .ok()?;
        let handle = builder.install_recorder().ok()?;
        meters::describe();
        Some(handle)
    });
}

/// Returns the text of this moment.
pub async fn text(state: &AppState) -> String {
    let is_up = tokio::time::timeout(PATIENCE, state.ask_database()).await;
    // Of a long backlog the counts may come too late; then those of before stand.
    if !matches!(tokio::time::timeout(PATIENCE, look(state)).await, Ok(Ok(()))) {
        tracing::warn!("the queue could not be counted for a scrape");
    }
    gauge!(meters::DATABASE_UP).set(if matches!(is_up, Ok(Ok(()))) { 1.0 } else { 0.0 });
    for connections in state.ports.store.connections() {
        set_connections(&connections);
    }
    process::set_gauges();
    gauge!("billhook_build", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    let Some(handle) = RECORDER.get().and_then(Option::as_ref) else { return String::new() };
    handle.run_upkeep();
    handle.render()
}

/// Sets what only the database knows.
async fn look(state: &AppState) -> StoreResult<()> {
    let store = &state.ports.store;
    let (counts, oldest) = (store.counts().await?, store.oldest().await?);
    gauge!(meters::QUEUE_MESSAGES).set(number(counts.open));
    gauge!(meters::QUEUE_DEAD).set(number(counts.dead));
    gauge!(meters::OUTBOX_REPLIES).set(number(counts.outbox));
    let now = state.ports.clock.now();
    for (name, since) in
        [(meters::QUEUE_OLDEST, oldest.message), (meters::OUTBOX_OLDEST, oldest.reply)]
    {
        let age = since.map_or(0.0, |since| now.duration_since(since).as_secs_f64());
        gauge!(name).set(age.max(0.0));
    }
    let (day, month) = store.spent_lately().await?;
    for (period, cost) in [("day", day), ("month", month)] {
        gauge!(meters::MODEL_SPENT, "period" => period).set(number(cost.0));
    }
    Ok(())
}

fn set_connections(connections: &Connections) {
    let Connections { purpose, open, idle, most } = *connections;
    for (state, count) in [("idle", idle), ("busy", open.saturating_sub(idle))] {
        gauge!(meters::CONNECTIONS, "purpose" => purpose, "state" => state).set(f64::from(count));
    }
    gauge!(meters::CONNECTIONS_MOST, "purpose" => purpose).set(f64::from(most));
}

/// Returns a count as a gauge takes it; beyond four thousand million it stays there.
pub fn number(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
