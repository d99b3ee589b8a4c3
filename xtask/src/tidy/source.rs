//! Rust files as the rules see them: where they are, and which lines are not tests.

use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// One Rust file.
#[derive(Debug)]
pub struct Source {
    /// Path below the root, with `/`.
    pub path: String,
    /// The folder of its crate, such as `domain` or `xtask`.
    pub owner: String,
    /// Whether the whole file is tests.
    pub is_test: bool,
    lines: Vec<String>,
    test_start: usize,
}

impl Source {
    /// Reads a file from its text.
    #[must_use]
    pub fn new(path: &str, text: &str) -> Self {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let owner = path.strip_prefix("crates/").unwrap_or(path);
        Self {
            path: path.to_owned(),
            owner: owner.split('/').next().unwrap_or_default().to_owned(),
            is_test: is_test(path),
            test_start: test_start(&lines),
            lines,
        }
    }

    /// Returns all lines with their numbers from one, tests included.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.lines.iter().map(String::as_str))
    }

    /// Returns the lines before the tests, with their numbers; none for a file of tests.
    pub fn product(&self) -> impl Iterator<Item = (usize, &str)> {
        let end = if self.is_test { 0 } else { self.test_start };
        self.lines().take(end)
    }

    /// Returns the same lines without what follows `//`.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.product().map(|(number, line)| (number, without_comment(line)))
    }
}

fn is_test(path: &str) -> bool {
    path.contains("/tests/")
        || path.ends_with("/tests.rs")
        || path.ends_with("/build.rs")
        || path.starts_with("fuzz/")
}

/// Tests stand at the end of a file, in a module of their own.
fn test_start(lines: &[String]) -> usize {
    let opens_module = |pair: &[String]| match pair {
        [attribute, module] => {
            attribute.starts_with("#[cfg(test)]")
                && module.contains("mod ")
                && module.trim_end().ends_with('{')
        }
        _ => false,
    };
    lines.windows(2).position(opens_module).unwrap_or(lines.len())
}

/// A `//` after a colon is an address, not a comment.
fn without_comment(line: &str) -> &str {
    let mut from = 0_usize;
    while let Some(at) = line.get(from..).and_then(|rest| rest.find("//")) {
        let start = from.saturating_add(at);
        let before = line.get(..start).unwrap_or_default();
        if !before.ends_with(':') {
            return before;
        }
        from = start.saturating_add(2);
    }
    line
}

/// Returns every Rust file of the workspace, in the order of paths.
///
/// # Errors
///
/// If a folder or file cannot be read.
pub fn all(root: &Path) -> Result<Vec<Source>> {
    let mut paths = Vec::new();
    for folder in ["crates", "xtask"] {
        collect(&root.join(folder), &mut paths)?;
    }
    paths.sort();
    paths.iter().map(|path| read(root, path)).collect()
}

fn read(root: &Path, path: &Path) -> Result<Source> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let below = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
    Ok(Source::new(&below, &text))
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            if path.file_name().is_none_or(|name| name != "target") {
                collect(&path, paths)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_at_the_end_are_no_product() {
        let text = "//! Head.\nfn a() {}\n\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n";
        let source = Source::new("crates/domain/src/a.rs", text);
        assert_eq!(source.product().count(), 3);
        assert_eq!(source.owner, "domain");
        let outside = Source::new("crates/app/tests/it/main.rs", text);
        assert_eq!(outside.product().count(), 0);
        assert_eq!(outside.lines().count(), 7);
    }

    #[test]
    fn comments_are_cut_and_addresses_are_not() {
        assert_eq!(without_comment("let a = 1; // one"), "let a = 1; ");
        assert_eq!(without_comment("let a = \"http://x\"; // y"), "let a = \"http://x\"; ");
        assert_eq!(without_comment("    /// Doc"), "    ");
    }
}
