//! Writes the generated pages, or checks that the committed ones are the generated ones.
//!
//! The program prints them itself (`billhook reference …`), so that they cannot say anything else
//! than what it does.

use anyhow::{Context, Result, bail};
use std::{fs, path::Path, process::Command};

/// What `billhook reference` is asked for, and where the answer is kept.
const PAGES: [(&str, &str); 4] = [
    ("env", ".env.example"),
    ("settings", "docs/reference/settings.md"),
    ("commands", "docs/reference/commands.md"),
    ("graph", "docs/reference/graph.md"),
];

/// Writes every page.
///
/// # Errors
///
/// If the program cannot be built or run, or a file not written.
pub fn write(root: &Path) -> Result<()> {
    for (page, path) in PAGES {
        let path = root.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let text = generated(root, None, page)?;
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Checks every page, as a program that is built already prints it, else one built now.
///
/// # Errors
///
/// If a committed page differs; its message names all of them.
pub fn check(root: &Path, program: Option<&str>) -> Result<()> {
    let mut stale = Vec::new();
    for (page, path) in PAGES {
        let committed = fs::read_to_string(root.join(path)).unwrap_or_default();
        if committed != generated(root, program, page)? {
            stale.push(path);
        }
    }
    if !stale.is_empty() {
        bail!("run `cargo xtask gen`, these differ: {}", stale.join(", "));
    }
    Ok(())
}

fn generated(root: &Path, program: Option<&str>, page: &str) -> Result<String> {
    let mut command = match program {
        Some(program) => Command::new(root.join(program)),
        None => {
            let mut cargo = Command::new(env!("CARGO"));
            cargo.args(["run", "--quiet", "--package", "billhook", "--"]);
            cargo
        }
    };
    let output = command.current_dir(root).args(["reference", page]).output();
    let output = output.context("cannot run the program")?;
    if !output.status.success() {
        bail!("`billhook reference {page}` failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?)
}
