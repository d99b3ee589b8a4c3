//! The executable `billhook`: settings, command line, HTTP server and workers around the product.

mod cli;
mod clock;
mod compose;
mod config;
mod errand;
mod http;
mod press_port;
mod rows;
mod sandbox;
mod shutdown;
mod telemetry;
mod worker;

use std::process::ExitCode;

fn main() -> ExitCode {
    gateways::http::install_provider();
    cli::run()
}
