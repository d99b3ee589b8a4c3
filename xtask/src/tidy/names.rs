//! Rule about names: words that name nothing are not used.

use super::{Finding, source::Source};

const BANNED: [&str; 12] = [
    "manager",
    "helper",
    "util",
    "utils",
    "common",
    "base",
    "processor",
    "service",
    "agent",
    "impl",
    "data",
    "info",
];

const KEYWORDS: [&str; 7] = ["fn", "struct", "enum", "trait", "mod", "type", "const"];

/// Names of settings, which are a contract with the outside and hold such a word.
const GIVEN: [&str; 2] = ["data_dir", "base_url"];

/// Files, types, functions, modules and constants have no word in their name that names nothing.
pub fn say_something(source: &Source) -> Vec<Finding> {
    let stem = source.path.rsplit('/').next().and_then(|name| name.strip_suffix(".rs"));
    let file = stem.and_then(banned_word).map(|word| (1, stem.unwrap_or_default(), word));
    let declared = source.code().filter_map(|(number, line)| {
        let name = declared_name(line)?;
        Some((number, name, banned_word(name)?))
    });
    file.into_iter()
        .chain(declared)
        .map(|(number, name, word)| {
            Finding::new(&source.path, number, format!("`{name}`: `{word}` names nothing"))
        })
        .collect()
}

fn declared_name(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace().take_while(|word| !word.starts_with('"'));
    words.find(|word| KEYWORDS.contains(word))?;
    let name = words.next()?;
    let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
    name.get(..end).filter(|name| !name.is_empty())
}

fn banned_word(name: &str) -> Option<&'static str> {
    let ours = GIVEN.into_iter().fold(snake(name), |name, given| name.replace(given, ""));
    BANNED.into_iter().find(|banned| ours.split('_').any(|word| word == *banned))
}

/// Returns a name in camel or capital case as one in snake case.
fn snake(name: &str) -> String {
    let is_capitals = !name.chars().any(char::is_lowercase);
    let mut spaced = String::with_capacity(name.len().saturating_mul(2));
    for c in name.chars() {
        if c.is_uppercase() && !is_capitals {
            spaced.push('_');
        }
        spaced.extend(c.to_lowercase());
    }
    spaced
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        say_something(&Source::new(path, text)).len()
    }

    #[test]
    fn words_that_name_nothing_are_found() {
        assert_eq!(found("crates/app/src/a.rs", "pub struct InvoiceManager;\n"), 1);
        assert_eq!(found("crates/app/src/a.rs", "pub(crate) fn load_data<T>() {}\n"), 1);
        assert_eq!(found("crates/app/src/a.rs", "const BASE: u8 = 1;\n"), 1);
        assert_eq!(found("crates/app/src/date_utils.rs", ""), 1);
    }

    #[test]
    fn longer_words_and_uses_are_not() {
        assert_eq!(found("crates/app/src/database.rs", "fn information() {}\n"), 0);
        assert_eq!(found("crates/app/src/a.rs", "impl Display for Rate {}\n"), 0);
        assert_eq!(found("crates/app/src/a.rs", "let text = \"a type data\";\n"), 0);
        assert_eq!(found("crates/app/src/a.rs", "pub fn lock_data_dir() {}\n"), 0);
    }
}
