//! The project's own checks: `cargo xtask tidy` for the house rules, `cargo xtask gen [--check]`
//! for the pages that are generated from the program, `cargo xtask bench [quick] [PART ...]` for what
//! a machine takes.

mod generate;
mod tidy;

use anyhow::{Context, Result, bail};
use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

const USAGE: &str = "usage: cargo xtask tidy | gen [--check [PROGRAM]] | bench [quick] [PART ...]";

fn main() -> ExitCode {
    let outcome = run();
    if let Err(fault) = &outcome {
        let _ = writeln!(std::io::stderr(), "error: {fault:#}");
    }
    if outcome.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = root()?;
    match words.as_slice() {
        ["tidy"] => report(&tidy::check(&root)?),
        ["gen"] => generate::write(&root),
        ["gen", "--check"] => generate::check(&root, None),
        ["gen", "--check", program] => generate::check(&root, Some(program)),
        ["bench", words @ ..] => bench(&root, words),
        _ => bail!(USAGE),
    }
}

/// Runs the load benchmark of the product, built as it is shipped.
fn bench(root: &Path, words: &[&str]) -> Result<()> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["bench", "--quiet", "--package", "billhook", "--bench", "load", "--"]);
    let ended = cargo.args(words).current_dir(root).status().context("cargo does not start")?;
    if ended.success() { Ok(()) } else { bail!("the benchmark has failed") }
}

/// Returns the root of the workspace: the folder above this package.
fn root() -> Result<PathBuf> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().map(Path::to_path_buf).context("the package has no folder above it")
}

fn report(findings: &[tidy::Finding]) -> Result<()> {
    let mut out = std::io::stderr().lock();
    for finding in findings {
        writeln!(out, "{finding}")?;
    }
    if !findings.is_empty() {
        bail!("{} house rules broken", findings.len());
    }
    Ok(())
}
