//! How much one machine takes: webhooks acknowledged, messages answered, a backlog drained, and
//! what each of them costs; beside the ceilings of a bare server, measured in the same run.
//!
//! `cargo xtask bench [quick]`. The product, its database, the stand-ins and whoever sends share the
//! machine; processor time is that of the product's processes alone. PostgreSQL is the server of
//! `BILLHOOK_TEST_POSTGRES`; without it only SQLite is measured, which is said.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a benchmark that cannot go on has failed")]
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

mod ceiling;
mod clients;
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
    match words.as_slice() {
        ["ceiling", url] => ceiling::serve(url).await,
        [] => run(Scale::full()).await,
        ["quick"] => run(Scale::quick()).await,
        _ => panic!("usage: [quick]"),
    }
}

async fn run(scale: Scale) {
    let mut databases = vec![product::Backend::Sqlite];
    match testkit::postgres::server() {
        Some(_) => databases.push(product::Backend::Postgres),
        None => println!("PostgreSQL is not measured: BILLHOOK_TEST_POSTGRES names no server\n"),
    }
    for backend in databases {
        println!("## {}\n", backend.name());
        scenarios::start_up(backend).await;
        scenarios::ceilings(backend, scale).await;
        scenarios::acknowledge(backend, scale).await;
        scenarios::answer(backend, scale).await;
        scenarios::drain(backend, scale).await;
    }
}
