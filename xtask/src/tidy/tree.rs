//! Rules about the tree: migrations without gaps, a file for every node of the graph.

use super::Finding;
use anyhow::Result;
use std::{fs, path::Path};

const GRAPH: &str = "crates/workflow/src/graph.rs";

/// The migrations of a database are numbered from 0001 without gaps.
///
/// # Errors
///
/// If a folder cannot be read.
pub fn migrations_have_no_gaps(root: &Path) -> Result<Vec<Finding>> {
    let folder = "crates/store/migrations";
    let mut findings = Vec::new();
    let Ok(databases) = fs::read_dir(root.join(folder)) else { return Ok(findings) };
    for database in databases {
        let database = database?;
        if database.path().is_dir() {
            let path = format!("{folder}/{}", database.file_name().to_string_lossy());
            findings.extend(gap(&path, names(&database.path())?));
        }
    }
    Ok(findings)
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".sql") {
            names.push(name);
        }
    }
    Ok(names)
}

fn gap(folder: &str, mut names: Vec<String>) -> Option<Finding> {
    names.sort();
    let wrong =
        (1_u32..).zip(&names).find(|(number, name)| !name.starts_with(&format!("{number:04}_")));
    wrong.map(|(number, name)| {
        Finding::new(&format!("{folder}/{name}"), 1, format!("expected number {number:04}"))
    })
}

/// Every variant of `Node` has a file of that name.
///
/// # Errors
///
/// If the graph cannot be read.
pub fn every_node_has_a_file(root: &Path) -> Result<Vec<Finding>> {
    let path = root.join(GRAPH);
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(path)?;
    let nodes = root.join("crates/workflow/src/nodes");
    Ok(variants(&text, "Node")
        .into_iter()
        .filter(|(_, name)| !nodes.join(format!("{name}.rs")).is_file())
        .map(|(line, name)| Finding::new(GRAPH, line, format!("no file nodes/{name}.rs")))
        .collect())
}

/// Returns the variants of an enum in snake case, with their lines.
fn variants(text: &str, name: &str) -> Vec<(usize, String)> {
    let head = format!("enum {name} {{");
    (1..)
        .zip(text.lines())
        .skip_while(|(_, line)| !line.contains(&head))
        .skip(1)
        .take_while(|(_, line)| !line.starts_with('}'))
        .filter_map(|(number, line)| {
            let variant = line.strip_prefix("    ")?;
            variant.starts_with(|c: char| c.is_ascii_uppercase()).then(|| (number, snake(variant)))
        })
        .collect()
}

fn snake(variant: &str) -> String {
    let mut name = String::new();
    for c in variant.chars().take_while(|c| c.is_alphanumeric()) {
        if c.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(c.to_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gap_in(names: &[&str]) -> Option<String> {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        gap("m", names).map(|finding| finding.to_string())
    }

    #[test]
    fn a_gap_or_a_double_number_is_found() {
        assert_eq!(gap_in(&["0002_b.sql", "0001_a.sql"]), None);
        let missing = Some("m/0003_c.sql:1: expected number 0002".to_owned());
        assert_eq!(gap_in(&["0001_a.sql", "0003_c.sql"]), missing);
        assert!(gap_in(&["0001_a.sql", "0001_b.sql"]).is_some());
    }

    #[test]
    fn the_nodes_of_the_graph_are_read_from_its_enum() {
        let text = "enum Other {\n    No,\n}\npub enum Node {\n    /// Files.\n    ReadFile,\n    \
                    Command(Command),\n}\n";
        let variants: Vec<String> =
            variants(text, "Node").into_iter().map(|(_, name)| name).collect();
        assert_eq!(variants, ["read_file", "command"]);
    }
}
