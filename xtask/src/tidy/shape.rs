//! Rules about the shape of a file: its head, its length, its exceptions, its notes.

use super::{Finding, source::Source};

const LONGEST_FILE: usize = 400;

/// Every file says in its first line what it is for.
pub fn has_a_head(source: &Source) -> Vec<Finding> {
    let has_head = source.lines().next().is_some_and(|(_, line)| line.starts_with("//!"));
    if has_head { Vec::new() } else { vec![Finding::new(&source.path, 1, "starts without `//!`")] }
}

/// A file has at most 400 lines without its tests.
pub fn is_short(source: &Source) -> Vec<Finding> {
    let lines = source.product().count();
    if lines <= LONGEST_FILE {
        return Vec::new();
    }
    let message = format!("{lines} lines without tests, {LONGEST_FILE} are the limit");
    vec![Finding::new(&source.path, lines, message)]
}

/// An exception from a lint is `#[expect]` with a reason, so that it disappears with its cause.
pub fn expects_instead_of_allowing(source: &Source) -> Vec<Finding> {
    let is_allow = |line: &str| {
        ["#[allow", "#![allow"].iter().any(|attribute| line.trim_start().starts_with(attribute))
    };
    source
        .lines()
        .filter(|(_, line)| is_allow(line))
        .map(|(number, _)| {
            Finding::new(&source.path, number, "use `#[expect(…, reason = …)]`, not allow")
        })
        .collect()
}

/// What is left to do has an issue, and the note names it.
pub fn notes_name_an_issue(source: &Source) -> Vec<Finding> {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];
    source
        .lines()
        .filter(|(_, line)| {
            let comment = line.split_once("//").map_or("", |(_, comment)| comment);
            marks.iter().any(|mark| comment.contains(mark)) && !names_issue(comment)
        })
        .map(|(number, _)| Finding::new(&source.path, number, "a note without an issue number"))
        .collect()
}

fn names_issue(comment: &str) -> bool {
    comment.split('#').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new("crates/domain/src/a.rs", text)
    }

    #[test]
    fn a_file_starts_with_its_purpose() {
        assert!(has_a_head(&source("//! What.\n")).is_empty());
        assert_eq!(has_a_head(&source("use a;\n")).len(), 1);
        assert_eq!(has_a_head(&source("")).len(), 1);
    }

    #[test]
    fn tests_do_not_make_a_file_long() {
        let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "\n".repeat(500));
        assert!(is_short(&source(&format!("//! Head.\n{tests}"))).is_empty());
        assert_eq!(is_short(&source(&"\n".repeat(401))).len(), 1);
        assert!(is_short(&source(&"\n".repeat(400))).is_empty());
    }

    #[test]
    fn allowing_a_lint_is_found_and_expecting_is_not() {
        assert_eq!(expects_instead_of_allowing(&source("    #[allow(dead_code)]\n")).len(), 1);
        assert!(expects_instead_of_allowing(&source("#[expect(x, reason = \"y\")]\n")).is_empty());
    }

    #[test]
    fn a_note_needs_an_issue_number() {
        let note = |text: &str| notes_name_an_issue(&source(text)).len();
        assert_eq!(note(concat!("// TO", "DO later\n")), 1);
        assert_eq!(note(concat!("// TO", "DO(#12) later\n")), 0);
        assert_eq!(note("// todos los vendedores\n"), 0);
    }
}
