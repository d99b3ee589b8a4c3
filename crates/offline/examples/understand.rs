//! Reads sentences as JSON lines and prints what each means; for measuring the grammar.

#[path = "support/expected.rs"]
mod expected;

use std::io::{BufRead, Write};

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line: serde_json::Value = serde_json::from_str(&line?)?;
        writeln!(out, "{}", expected::understand(&line))?;
    }
    Ok(())
}
