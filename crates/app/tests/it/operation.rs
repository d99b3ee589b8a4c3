//! What those who run Billhook see of it: metrics, health of dependencies, traces, lines of the log.

use crate::{
    papers::{self, Paper},
    world::{World, billhook, eventually, free_port, problem, sid},
};
use reqwest::Method;
use serde_json::Value;
use std::{collections::BTreeSet, path::PathBuf, sync::Arc};
use testkit::{
    postgres::fresh_schema,
    standin::{
        Fault,
        collector::{Arrived, CollectorStandIn},
        openai::{API_KEY, OpenAiStandIn},
        twilio::TwilioStandIn,
    },
};

const PAPER: Paper<'static> =
    Paper { number: "K-9", vendor: "Garten Huber", date: "2026-05-04", net: 100 };

/// Returns what a scrape says.
async fn scrape(world: &World) -> String {
    world.api(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap()
}

/// Returns the value of a line of a scrape, by its name and labels as written.
fn value(scrape: &str, series: &str) -> Option<f64> {
    scrape.lines().find_map(|line| line.strip_prefix(series)?.trim().parse().ok())
}

/// Returns every word of a text that is the name of a metric of ours, without the endings that
/// histograms get.
fn names(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let ours = words.filter(|word| word.starts_with("billhook_") || word.starts_with("process_"));
    let bare = |word: &str| {
        let endings = ["_bucket", "_sum", "_count"];
        let bare = endings.iter().find_map(|ending| word.strip_suffix(ending));
        bare.unwrap_or(word).to_owned()
    };
    ours.map(bare).collect()
}

/// Returns a world in which everything has happened that is counted: a file, a model, a failure.
async fn busy_world() -> (World, OpenAiStandIn) {
    let model = OpenAiStandIn::start().await.unwrap();
    let twilio = TwilioStandIn::start(Arc::new(crate::world::RealClock)).await.unwrap();
    let world = World::with(
        &[
            ("LLM_PROVIDER", "openai"),
            ("OPENAI_BASE_URL", &format!("{}/v1", model.base_url())),
            ("OPENAI_API_KEY", API_KEY),
        ],
        Some(twilio),
    )
    .await;
    let url = world.twilio().add_media(papers::ubl(&PAPER));
    world.whatsapp_file(&sid(1), &url, "application/xml").await;
    world.settled().await;
    world.whatsapp(&sid(2), "would you kindly ponder the imponderable sprockets").await;
    world.whatsapp(&sid(2), "would you kindly ponder the imponderable sprockets").await;
    world.settled().await;
    let url = world.twilio().add_media(papers::ubl(&PAPER));
    world.twilio().fail_fetch(Fault::Answer { status: 401, body: Value::Null, retry_after: None });
    world.whatsapp_file(&sid(3), &url, "application/xml").await;
    world.settled().await;
    (world, model)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scrape_counts_what_has_happened_and_names_nobody() {
    let (world, _model) = busy_world().await;
    let text = scrape(&world).await;
    for (series, least) in [
        ("billhook_messages_received_total{channel=\"twilio\",result=\"new\"}", 2.0),
        ("billhook_messages_received_total{channel=\"twilio\",result=\"duplicate\"}", 1.0),
        ("billhook_turns_total{outcome=\"done\"}", 2.0),
        ("billhook_dead_letters_total{step=\"fetch\",class=\"channel_refused\"}", 1.0),
        ("billhook_deliveries_total{channel=\"twilio\",result=\"sent\"}", 2.0),
        ("billhook_documents_read_total{errand=\"words\",result=\"read\"}", 1.0),
        ("billhook_database_up", 1.0),
        ("billhook_database_connections_most{purpose=\"read\"}", 1.0),
        ("process_resident_memory_bytes", 1_000_000.0),
    ] {
        let found = value(&text, series);
        assert!(found.is_some_and(|found| found >= least), "{series} is {found:?} in\n{text}");
    }
    for series in ["billhook_queue_messages", "billhook_outbox_replies", "billhook_turns_running"] {
        assert_eq!(value(&text, series), Some(0.0), "{series}");
    }
    for personal in ["Garten", "Ana", "15005550111", "sprockets", "K-9"] {
        assert!(!text.contains(personal), "{personal} is in\n{text}");
    }
    let bounded = text.lines().filter(|line| line.starts_with("billhook_")).count();
    assert!(bounded < 1_000, "{bounded} series");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_metric_of_the_dashboard_and_the_alerts_is_in_a_real_scrape() {
    let (world, _model) = busy_world().await;
    let there = names(&scrape(&world).await);
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../deploy/observability");
    for file in ["dashboard.json", "alerts.yaml"] {
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        let wanted = names(&text);
        assert!(wanted.len() >= 8, "{file} names {wanted:?}");
        let missing: Vec<_> = wanted.difference(&there).collect();
        assert!(missing.is_empty(), "{file} names what nobody counts: {missing:?}");
    }
    let dashboard = std::fs::read_to_string(folder.join("dashboard.json")).unwrap();
    let dashboard: Value = serde_json::from_str(&dashboard).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let ids: BTreeSet<_> = panels.iter().map(|panel| panel["id"].as_u64()).collect();
    assert_eq!(ids.len(), panels.len(), "each panel has a number of its own");
    assert!(ids.iter().all(Option::is_some));
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_and_dependencies_need_the_token_on_the_port_of_the_server() {
    let world = World::start().await;
    for path in ["/metrics", "/health/dependencies"] {
        problem(world.get(path).send().await.unwrap(), 401, "unauthorized").await;
        assert_eq!(world.api(Method::GET, path).send().await.unwrap().status(), 200, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_address_serves_those_who_run_it_and_nobody_else() {
    let listen = format!("127.0.0.1:{}", free_port());
    let world = World::with(&[("BILLHOOK_METRICS_LISTEN", &listen)], None).await;
    let get = |path: &str| reqwest::get(format!("http://{listen}{path}"));
    for path in ["/healthz", "/readyz", "/health"] {
        assert_eq!(get(path).await.unwrap().status(), 200, "{path}");
    }
    let metrics = get("/metrics").await.unwrap();
    assert!(metrics.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
    assert!(metrics.text().await.unwrap().contains("# TYPE billhook_turns_total counter"));
    let health: Value = get("/health/dependencies").await.unwrap().json().await.unwrap();
    assert_eq!(health["status"], "ok");
    for (at, name) in ["database", "files"].iter().enumerate() {
        let part = &health["dependencies"][at];
        assert_eq!((&part["name"], &part["status"]), (&(*name).into(), &"ok".into()), "{health}");
        assert!(part["latency_ms"].as_u64().is_some_and(|latency| latency < 3_000), "{health}");
    }
    for path in ["/", "/message", "/webhook", "/chat/messages"] {
        assert_eq!(get(path).await.unwrap().status(), 404, "{path}");
    }
    drop(world);
}

#[tokio::test(flavor = "multi_thread")]
async fn ready_asks_the_running_one_and_says_what_to_do() {
    let mut world = World::start().await;
    let ask = || billhook(world.folder.path(), world.settings()).arg("ready").output();
    let output = ask().await.unwrap();
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), b"ready\n".as_slice()));
    let settings = world.settings().clone();
    assert!(world.stop().await);
    let output = billhook(world.folder.path(), &settings).arg("ready").output().await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("no billhook answers") && said.contains("hint:"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_is_away_is_told_and_keeps_nothing_from_working() {
    let nowhere = format!("http://127.0.0.1:{}/v1", free_port());
    let settings = [("LLM_PROVIDER", "openai"), ("OPENAI_BASE_URL", &nowhere)];
    let world = World::with(&settings, None).await;
    let asked = world.api(Method::GET, "/health/dependencies").send().await.unwrap();
    assert_eq!(asked.status(), 200);
    let health: Value = asked.json().await.unwrap();
    let model = &health["dependencies"][2];
    assert_eq!(model["name"], "model", "{health}");
    assert_eq!((&model["status"], &model["is_required"]), (&"unavailable".into(), &false.into()));
    assert!(model["problem"].is_string() && !health.to_string().contains(&nowhere), "{health}");
}

/// Returns the spans of the trace that a span of this name belongs to, once all of them are there.
async fn trace_with(collector: &CollectorStandIn, names: &[&str]) -> Vec<Arrived> {
    eventually("the trace is complete", || async {
        let spans = collector.spans();
        let ids: BTreeSet<_> = spans.iter().map(|span| &span.trace).collect();
        ids.into_iter().find_map(|id| {
            let trace: Vec<_> = spans.iter().filter(|span| span.trace == *id).cloned().collect();
            let has = |name: &&str| trace.iter().any(|span| span.name == *name);
            names.iter().all(has).then_some(trace)
        })
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_trace_leads_from_the_webhook_to_the_reply() {
    let collector = CollectorStandIn::start().await.unwrap();
    let twilio = TwilioStandIn::start(Arc::new(crate::world::RealClock)).await.unwrap();
    let settings = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address()),
        ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer for-the-collector".to_owned()),
        ("LOG_FORMAT", "json".to_owned()),
    ];
    let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    let mut world = World::with(&settings, Some(twilio)).await;
    let url = world.twilio().add_media(papers::ubl(&PAPER));
    world.whatsapp_file(&sid(1), &url, "application/xml").await;
    world.settled().await;
    // The last spans leave before the process does.
    assert!(world.stop().await);

    let steps = ["request", "turn", "fetch files", "think", "read document", "commit", "deliver"];
    let trace = trace_with(&collector, &steps).await;
    let of = |name: &str| trace.iter().find(|span| span.name == name).unwrap();
    assert_eq!(of("request").parent, "", "what a caller says about traces is not believed");
    assert_eq!(of("request").attributes["route"], "/webhooks/twilio");
    for (child, parent) in [
        ("turn", "request"),
        ("deliver", "request"),
        ("think", "turn"),
        ("read document", "think"),
        ("commit", "turn"),
    ] {
        assert_eq!(of(child).parent, of(parent).id, "{child} belongs to {parent}");
    }
    assert!(trace.iter().all(|span| span.service == "billhook"));
    let lines = world.log();
    let line = lines.lines().find(|line| line.contains("\"turn done\"")).unwrap();
    let line: Value = serde_json::from_str(line).unwrap();
    assert_eq!(line["span"]["trace.id"], of("turn").trace.as_str(), "{line}");
    assert!(line["timestamp"].is_string() && line["level"] == "INFO", "{line}");
    let requests = collector.requests();
    assert!(requests.iter().all(|sent| sent.header("authorization") == "Bearer for-the-collector"));
    for personal in ["Garten", "Huber", "15005550111", "K-9", crate::world::TOKEN] {
        let in_body =
            |body: &[u8]| body.windows(personal.len()).any(|at| at == personal.as_bytes());
        assert!(!requests.iter().any(|sent| in_body(&sent.body)), "{personal} is in a span");
        assert!(!lines.contains(personal), "{personal} is in the log");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trace_goes_on_in_the_worker_s_process() {
    let Some(url) = fresh_schema().await else { return };
    let collector = CollectorStandIn::start().await.unwrap();
    let twilio = TwilioStandIn::start(Arc::new(crate::world::RealClock)).await.unwrap();
    let address = collector.address();
    let web = World::with(
        &[
            ("DATABASE_URL", url.as_str()),
            ("BILLHOOK_ROLE", "web"),
            ("OTEL_SERVICE_NAME", "web"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &address),
        ],
        Some(twilio),
    )
    .await;
    let worker = [("BILLHOOK_ROLE", "worker"), ("OTEL_SERVICE_NAME", "worker")];
    let _worker = web.beside(&worker).await;
    web.whatsapp(&sid(1), "hello").await;
    let trace = trace_with(&collector, &["request", "turn", "commit", "deliver"]).await;
    let service = |name: &str| &trace.iter().find(|span| span.name == name).unwrap().service;
    assert_eq!(
        [service("request"), service("turn"), service("deliver")],
        ["web", "worker", "worker"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_away_is_told_once_and_holds_nothing_up() {
    let nowhere = format!("http://127.0.0.1:{}", free_port());
    let mut world = World::with(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &nowhere)], None).await;
    world.say("hello").await;
    eventually("the log says it", || async {
        world.log().contains("spans do not reach the collector").then_some(())
    })
    .await;
    world.say("hello").await;
    assert!(world.stop().await);
    assert_eq!(world.log().matches("spans do not reach the collector").count(), 1);
}
