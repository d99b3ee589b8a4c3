//! What is measured, and the lines that are printed about it.

use crate::{
    clients::{Sent, send},
    product::{Backend, Place, Process},
    standins::{self, Phones},
    webhook::{self, requests},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::process::Command;

/// What a text message asks; it is understood without a model.
pub const QUESTION: &str = "what did I pay Amazon last month? (asked by number)";
/// What only a model understands.
const RIDDLE: &str = "that thing from the other day, you know, the usual one";
/// How long is waited for the last reply.
const PATIENCE: Duration = Duration::from_secs(900);
/// How often it is looked whether all replies are there.
const LOOK: Duration = Duration::from_millis(20);

/// How much is sent.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    webhooks: usize,
    messages: usize,
    backlog: usize,
    senders: usize,
    /// Books beside which an answer is timed.
    pub tenants: usize,
    /// Messages of people beside somebody who sends too much, and how many that one sends.
    pub others: usize,
    /// See [`Scale::others`].
    pub noise: usize,
}

impl Scale {
    /// Returns what the published figures are made with.
    pub const fn full() -> Self {
        Self {
            webhooks: 20_000,
            messages: 10_000,
            backlog: 100_000,
            senders: 1_000,
            tenants: 10_000,
            others: 400,
            noise: 10_000,
        }
    }

    /// Returns enough to see that everything works.
    pub const fn quick() -> Self {
        Self {
            webhooks: 3_000,
            messages: 2_000,
            backlog: 5_000,
            senders: 500,
            tenants: 200,
            others: 200,
            noise: 2_000,
        }
    }
}

/// Prints how long a start takes, on an empty folder and on one that is there.
pub async fn start_up(backend: Backend) {
    let place = Place::new(backend, None).await;
    let first = place.start("all").await.started_in;
    let again = place.start("all").await;
    println!(
        "start: {} ms with a new database, {} ms with its own; idle {:.0} MB\n",
        first.as_millis(),
        again.started_in.as_millis(),
        again.memory().0
    );
}

/// Prints what a bare server and the database alone reach.
pub async fn ceilings(backend: Backend, scale: Scale) {
    let place = Place::new(backend, None).await;
    let bare = Process::bare(&place.url.replace("billhook.db", "bare.db")).await;
    println!("| ceiling | a second | p50 ms | p99 ms | CPU-ms each |\n|---|---|---|---|---|");
    for connections in [50, 200] {
        let offset = connections * 1_000_000;
        let all = requests(offset..offset + scale.webhooks, scale.senders, QUESTION);
        let before = bare.cpu().all;
        let sent = send(bare.address, &all, connections, None).await;
        let cpu = (bare.cpu().all - before) / all.len() as f64;
        println!(
            "| bare server, {connections} connections | {:.0} | {:.1} | {:.1} | {cpu:.3} |",
            sent.rate(),
            sent.percentile(0.5),
            sent.percentile(0.99)
        );
    }
    if backend == Backend::Postgres {
        println!("| pgbench, one-row inserts, 32 clients | {} | | | |", pgbench(&place.url).await);
    }
    println!();
}

/// Returns transactions by the second of one-row inserts, as the server's own benchmark counts.
async fn pgbench(url: &str) -> String {
    let folder = tempfile::TempDir::new().unwrap();
    let (script, server) = (folder.path().join("insert.sql"), url.split('?').next().unwrap());
    let schema = url.rsplit('=').next().unwrap();
    let insert = format!("INSERT INTO {schema}.rows VALUES (GEN_RANDOM_UUID()::TEXT, 'x');\n");
    std::fs::write(&script, insert).unwrap();
    let found = glob::glob("/usr/lib/postgresql/*/bin/pgbench").unwrap().flatten().last();
    let Some(program) = found else { return "pgbench is not installed".to_owned() };
    let output = Command::new(program)
        .args(["-n", "-c", "32", "-j", "2", "-T", "5", "-f"])
        .arg(&script)
        .arg(server)
        .output();
    let text = String::from_utf8(output.await.unwrap().stdout).unwrap();
    let tps = text.lines().find_map(|line| line.strip_prefix("tps = "));
    tps.and_then(|tps| tps.split('.').next()).unwrap_or("failed").to_owned()
}

/// Prints how fast webhooks are acknowledged.
pub async fn acknowledge(backend: Backend, scale: Scale) {
    let (twilio, _) = standins::messages().await;
    let web = Place::new(backend, Some(twilio)).await;
    let web = web.start(backend.taking_in()).await;
    println!("| acknowledged over | a second | p50 ms | p99 ms | errors | CPU-ms each |");
    println!("|---|---|---|---|---|---|");
    let mut most = 0.0_f64;
    for (round, connections) in [50, 200, 1_000, 3_000].into_iter().enumerate() {
        let from = round * 1_000_000;
        let all = requests(from..from + scale.webhooks, scale.senders, QUESTION);
        let sent = acknowledged(&web, &all, connections, None).await;
        most = most.max(sent.rate());
    }
    let rate = most / 2.0;
    let all = requests(9_000_000..9_000_000 + scale.webhooks / 2, scale.senders, QUESTION);
    acknowledged(&web, &all, 200, Some(rate)).await;
    println!();
}

async fn acknowledged(
    web: &Process,
    all: &Arc<Vec<Vec<u8>>>,
    connections: usize,
    rate: Option<f64>,
) -> Sent {
    let before = web.cpu().all;
    let sent = send(web.address, all, connections, rate).await;
    let cpu = (web.cpu().all - before) / all.len() as f64;
    println!(
        "| {connections} connections{} | {:.0} | {:.1} | {:.1} | {} | {cpu:.3} |",
        if rate.is_some() { ", half load" } else { "" },
        sent.rate(),
        sent.percentile(0.5),
        sent.percentile(0.99),
        sent.errors
    );
    sent
}

/// Prints how fast text messages are answered, without a model and with two.
pub async fn answer(backend: Backend, scale: Scale) {
    println!("| answered | a second | CPU-ms each | of it the database's | most memory MB |");
    println!("|---|---|---|---|---|");
    let models = [None, Some(Duration::ZERO), Some(Duration::from_millis(800))];
    for thinks in models {
        let (twilio, phones) = standins::messages().await;
        let mut place = Place::new(backend, Some(twilio)).await;
        if let Some(thinks) = thinks {
            place.set("LLM_PROVIDER", "openai");
            place.set("OPENAI_API_KEY", "a-key-for-the-benchmark");
            place.set("OPENAI_BASE_URL", &standins::model(thinks).await);
            place.set("BILLHOOK_MODEL_DAILY_CAP", "1000000");
        }
        let text = if thinks.is_some() { RIDDLE } else { QUESTION };
        // No number among them could be a year, of which something else is understood.
        let all = requests(30_000_000..30_000_000 + scale.messages, scale.senders, text);
        let process = place.start("all").await;
        let (before, begun) = (process.cpu(), Instant::now());
        let sent = send(process.address, &all, 100, None).await;
        let done = arrived(&phones, all.len(), PATIENCE).await;
        let (took, after) = (begun.elapsed(), process.cpu());
        println!(
            "| {} | {:.0} | {:.2} | {:.2} | {:.0} |{}",
            thinks
                .map_or("without a model".to_owned(), |t| format!("model of {} ms", t.as_millis())),
            done as f64 / took.as_secs_f64(),
            (after.all - before.all) / all.len() as f64,
            (after.database - before.database) / all.len() as f64,
            process.memory().1,
            if sent.errors == 0 && done == all.len() {
                String::new()
            } else {
                format!(" {} refused, {done} answered", sent.errors)
            }
        );
    }
    println!();
}

/// Waits for so many replies and returns how many came.
async fn arrived(phones: &Phones, replies: usize, patience: Duration) -> usize {
    let begun = Instant::now();
    while phones.count() < replies && begun.elapsed() < patience {
        tokio::time::sleep(LOOK).await;
    }
    phones.count()
}

/// Prints how a backlog is worked off, and how long newcomers wait meanwhile.
pub async fn drain(backend: Backend, scale: Scale) {
    let (twilio, phones) = standins::messages().await;
    let place = Place::new(backend, Some(twilio)).await;
    let web = place.start(backend.taking_in()).await;
    let all = requests(0..scale.backlog, scale.senders, QUESTION);
    let sent = send(web.address, &all, 200, None).await;
    assert_eq!(sent.errors, 0, "the backlog is not complete");
    // The embedded database has one process alone, which has begun already.
    let process = if backend == Backend::Sqlite { web } else { place.start("all").await };
    let (begun, before, early) = (Instant::now(), process.cpu().all, phones.count());
    let mut waits = Vec::new();
    while phones.count() < scale.backlog + waits.len() && begun.elapsed() < PATIENCE {
        waits.push(newcomer(&process, &phones, waits.len()).await);
    }
    let (took, done) = (begun.elapsed().as_secs_f64(), (phones.count() - early) as f64);
    waits.sort_by(f64::total_cmp);
    println!(
        "backlog of {}, {} of it left when the last was taken in: drained at {:.0} a second, {:.2} \
         CPU-ms each, at most {:.0} MB; {} newcomers waited {:.2} s in the median, {:.2} s at most\n",
        scale.backlog,
        scale.backlog.saturating_sub(early),
        done / took,
        (process.cpu().all - before) / done,
        process.memory().1,
        waits.len(),
        waits.get(waits.len() / 2).copied().unwrap_or(f64::NAN),
        waits.last().copied().unwrap_or(f64::NAN)
    );
}

/// Sends a message of somebody new and returns after how many seconds it was answered.
async fn newcomer(process: &Process, phones: &Phones, number: usize) -> f64 {
    let from = webhook::sender(1_000_000 + number);
    let request = webhook::request(20_000_000 + number, &from, QUESTION);
    let came = Instant::now();
    send(process.address, &Arc::new(vec![request]), 1, None).await;
    while phones.of(&from).is_empty() && came.elapsed() < PATIENCE {
        tokio::time::sleep(LOOK).await;
    }
    came.elapsed().as_secs_f64()
}
