//! The house rules, checked by reading manifests and sources.
//!
//! Each rule is a small function from one file, or from the tree, to findings. They read text and
//! do not parse Rust: a rule that would need to is left to clippy.

mod layers;
mod names;
mod places;
mod shape;
mod source;
mod tree;

use anyhow::Result;
use source::Source;
use std::{fmt, path::Path};

/// A broken rule and where.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    path: String,
    line: usize,
    message: String,
}

impl Finding {
    fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.message)
    }
}

/// The rules about one source file.
const RULES: [fn(&Source) -> Vec<Finding>; 10] = [
    shape::has_a_head,
    shape::is_short,
    shape::expects_instead_of_allowing,
    shape::notes_name_an_issue,
    names::say_something,
    places::sql_is_in_the_store,
    places::environment_is_read_by_the_settings,
    places::tasks_are_spawned_by_the_app,
    places::domain_is_exact,
    places::inner_crates_name_no_vendor,
];

/// Returns every broken rule of the workspace, in the order of paths.
///
/// # Errors
///
/// If a file cannot be read.
pub fn check(root: &Path) -> Result<Vec<Finding>> {
    let mut findings = layers::check(root)?;
    let sources = source::all(root)?;
    for source in &sources {
        findings.extend(RULES.iter().flat_map(|rule| rule(source)));
    }
    findings.extend(tree::migrations_have_no_gaps(root)?);
    findings.extend(tree::every_node_has_a_file(root)?);
    findings.sort_by(|one, other| (&one.path, one.line).cmp(&(&other.path, other.line)));
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_keeps_the_house_rules() {
        let findings = check(&crate::root().unwrap()).unwrap();
        let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert!(lines.is_empty(), "\n{}\n", lines.join("\n"));
    }
}
