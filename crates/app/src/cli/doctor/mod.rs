//! `billhook doctor`: tries every part of this installation and says which one is ill.

mod checks;
mod whatsapp;

use super::failure::{Failure, print};
use crate::config::{Config, Problem};
use clap::Args;
use serde::Serialize;
use std::process::ExitCode;

/// How to answer.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Print one JSON object a check
    #[arg(long)]
    json: bool,
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was checked.
    check: &'static str,
    /// Whether it is well.
    ok: bool,
    /// What was seen.
    seen: String,
    /// What to do; empty if nothing.
    #[serde(skip_serializing_if = "String::is_empty")]
    hint: String,
}

impl Finding {
    fn ok(check: &'static str, seen: impl Into<String>) -> Self {
        Self { check, ok: true, seen: seen.into(), hint: String::new() }
    }

    fn ill(check: &'static str, seen: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { check, ok: false, seen: seen.into(), hint: hint.into() }
    }

    fn of_problem(problem: &Problem) -> Self {
        Self::ill("settings", problem.wrong.clone(), problem.hint.clone())
    }

    fn as_text(&self) -> String {
        let word = if self.ok { "ok  " } else { "fail" };
        let mut text = format!("{word}  {:<11} {}\n", self.check, self.seen);
        if !self.hint.is_empty() {
            text.push_str(&format!("      hint: {}\n", self.hint));
        }
        text
    }
}

/// Checks everything and prints one line each; the exit code is 1 if anything is ill.
///
/// # Errors
///
/// [`Failure`] only if nothing can be printed.
pub async fn run(
    arguments: &Arguments,
    config: Result<Config, Vec<Problem>>,
) -> Result<ExitCode, Failure> {
    let findings = match config {
        Ok(config) => checks::all(&config).await,
        // What the settings lead to cannot be tried while they are wrong.
        Err(problems) => problems.iter().map(Finding::of_problem).collect(),
    };
    for finding in &findings {
        let line = serde_json::to_string(finding).unwrap_or_default();
        print(&if arguments.json { line + "\n" } else { finding.as_text() })?;
    }
    let ill = findings.iter().any(|finding| !finding.ok);
    Ok(if ill { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ill_part_is_shown_with_what_to_do() {
        let text = Finding::ill("port", "port 80 is in use", "choose another").as_text();
        assert_eq!(text, "fail  port        port 80 is in use\n      hint: choose another\n");
        let line = serde_json::to_value(Finding::ok("port", "free")).unwrap();
        assert_eq!(line, serde_json::json!({"check": "port", "ok": true, "seen": "free"}));
    }
}
