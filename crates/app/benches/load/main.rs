//! How much one machine takes: webhooks acknowledged, messages answered, a backlog drained, and
//! what each of them costs; beside the ceilings of a bare server, measured in the same run.
//!
//! `cargo xtask bench [quick] [PART …]`. The product, its database, the stand-ins and whoever sends share the
//! machine; processor time is that of the product's processes alone. PostgreSQL is the server of
//! `BILLHOOK_TEST_POSTGRES`; without it only SQLite is measured, which is said.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "it prints its table")]
#![expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "rates and shares of small counts"
)]

mod books;
mod ceiling;
mod clients;
mod neighbours;
mod product;
mod scenarios;
mod standins;
mod webhook;

use scenarios::Scale;

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    gateways::http::install_provider();
    let _ = rlimit::increase_nofile_limit(16_384);
    if let ["ceiling", url] = words.as_slice() {
        return ceiling::serve(url).await;
    }
    let (scale, only) = match words.as_slice() {
        ["quick", only @ ..] => (Scale::quick(), only),
        only => (Scale::full(), only),
    };
    assert!(only.iter().all(|word| PARTS.contains(word)), "usage: [quick] [{}]", PARTS.join(" "));
    run(scale, only).await;
}

/// What can be measured alone: databases and scenarios.
const PARTS: [&str; 8] =
    ["sqlite", "postgres", "start", "acknowledge", "answer", "drain", "neighbours", "books"];

/// Measures what is named, of each kind everything if nothing of it is.
async fn run(scale: Scale, only: &[&str]) {
    let (databases, scenarios) = PARTS.split_at(2);
    let is_wanted = |kind: &[&str], part: &str| {
        only.contains(&part) || !only.iter().any(|word| kind.contains(word))
    };
    let mut backends = vec![product::Backend::Sqlite];
    match testkit::postgres::server() {
        Some(_) => backends.push(product::Backend::Postgres),
        None => println!("PostgreSQL is not measured: BILLHOOK_TEST_POSTGRES names no server\n"),
    }
    backends.retain(|backend| is_wanted(databases, backend.word()));
    let is_wanted = |part| is_wanted(scenarios, part);
    for backend in backends {
        println!("## {}\n", backend.name());
        if is_wanted("start") {
            scenarios::start_up(backend).await;
        }
        if is_wanted("acknowledge") {
            scenarios::ceilings(backend, scale).await;
            scenarios::acknowledge(backend, scale).await;
        }
        if is_wanted("answer") {
            scenarios::answer(backend, scale).await;
        }
        if is_wanted("drain") {
            scenarios::drain(backend, scale).await;
        }
        if is_wanted("neighbours") {
            neighbours::noisy(backend, scale.others, scale.noise).await;
        }
        if is_wanted("books") {
            books::grown(backend, scale.tenants).await;
        }
    }
}
