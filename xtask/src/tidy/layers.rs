//! Rule about layers: which of our crates may depend on which.

use super::Finding;
use anyhow::{Context, Result};
use std::{fs, path::Path};

/// Every crate with those of ours that it may depend on.
const LAYERS: [(&str, &[&str]); 11] = [
    ("domain", &[]),
    ("ports", &["domain"]),
    ("workflow", &["ports", "domain"]),
    ("store", &["ports", "domain"]),
    ("gateways", &["ports", "domain"]),
    ("offline", &["ports", "domain"]),
    ("documents", &["domain"]),
    ("press", &["domain"]),
    ("testkit", &["ports", "domain"]),
    ("app", &["domain", "ports", "workflow", "documents", "press", "store", "gateways", "offline"]),
    ("xtask", &[]),
];

/// Crates of others that have no place in the inner ones.
const OUTSIDE: [&str; 10] = [
    "tokio",
    "axum",
    "reqwest",
    "sqlx",
    "typst",
    "hayro",
    "rten",
    "image",
    "async-openai",
    "redis",
];

/// Checks every manifest.
///
/// # Errors
///
/// If a manifest cannot be read.
pub fn check(root: &Path) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for entry in fs::read_dir(root.join("crates"))? {
        let path = entry?.path().join("Cargo.toml");
        if path.is_file() {
            let text = fs::read_to_string(&path)?;
            let below = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            findings.extend(manifest(&below, &text)?);
        }
    }
    Ok(findings)
}

fn manifest(path: &str, text: &str) -> Result<Vec<Finding>> {
    let owner = path.split('/').rev().nth(1).unwrap_or_default();
    let Some((_, allowed)) = LAYERS.into_iter().find(|(name, _)| *name == owner) else {
        return Ok(vec![Finding::new(path, 1, "a crate that the layers do not know")]);
    };
    let table: toml::Table = text.parse().with_context(|| path.to_owned())?;
    let names = |section: &str| -> Vec<String> {
        let section = table.get(section).and_then(toml::Value::as_table);
        section.map(|section| section.keys().cloned().collect()).unwrap_or_default()
    };
    let is_ours = |name: &str| LAYERS.iter().any(|(ours, _)| *ours == name);
    let wrong = names("dependencies")
        .into_iter()
        .filter(|name| is_ours(name) && !allowed.contains(&name.as_str()))
        .map(|name| (name, "may not be depended on from here"));
    let wrong_in_tests = names("dev-dependencies")
        .into_iter()
        .filter(|name| is_ours(name) && name != "testkit" && !allowed.contains(&name.as_str()))
        .map(|name| (name, "may not be depended on from here, not in tests either"));
    let is_inner = matches!(owner, "domain" | "ports" | "workflow");
    let outside = names("dependencies")
        .into_iter()
        .filter(|name| is_inner && OUTSIDE.contains(&name.as_str()))
        .map(|name| (name, "has no place in an inner crate"));
    Ok(wrong
        .chain(wrong_in_tests)
        .chain(outside)
        .map(|(name, why)| Finding::new(path, line_of(text, &name), format!("`{name}` {why}")))
        .collect())
}

fn line_of(text: &str, name: &str) -> usize {
    let is_it =
        |line: &str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['.', ' ', '=']));
    text.lines().position(is_it).map_or(1, |at| at.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(owner: &str, text: &str) -> Vec<usize> {
        let path = format!("crates/{owner}/Cargo.toml");
        manifest(&path, text).unwrap().iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn the_middle_crates_never_see_one_another() {
        let text = "[dependencies]\nports.workspace = true\nstore.workspace = true\n";
        assert_eq!(lines("workflow", text), [3]);
        assert_eq!(lines("app", text), Vec::<usize>::new());
    }

    #[test]
    fn the_test_kit_is_for_tests_only() {
        assert_eq!(lines("store", "[dependencies]\ntestkit.workspace = true\n"), [2]);
        assert_eq!(lines("store", "[dev-dependencies]\ntestkit.workspace = true\n"), [0; 0]);
    }

    #[test]
    fn inner_crates_need_no_framework() {
        assert_eq!(lines("domain", "[dependencies]\nserde = \"1\"\nsqlx = \"0.9\"\n"), [3]);
        assert_eq!(lines("store", "[dependencies]\nsqlx = \"0.9\"\n"), [0; 0]);
    }

    #[test]
    fn a_new_crate_must_be_given_its_layer() {
        assert_eq!(lines("elsewhere", ""), [1]);
    }
}
