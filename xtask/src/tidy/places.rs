//! Rules about places: what may only be done, or named, in one crate.

use super::{Finding, source::Source};

/// Beginnings of statements, in the capitals that the store writes them in.
const SQL: [&str; 7] = [
    "SELECT ",
    "INSERT INTO ",
    "INSERT OR ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "ALTER TABLE ",
    "PRAGMA ",
];

const VENDORS: [&str; 14] = [
    "twilio",
    "openai",
    "anthropic",
    "ollama",
    "gemini",
    "sqlx",
    "sqlite",
    "postgres",
    "redis",
    "axum",
    "reqwest",
    "typst",
    "hayro",
    "rten",
];

/// Only the store contains SQL, what a benchmark measures it against, and the cases of its contract.
pub fn sql_is_in_the_store(source: &Source) -> Vec<Finding> {
    if matches!(source.owner.as_str(), "store" | "xtask")
        || source.path.contains("/benches/")
        || source.path.starts_with("crates/testkit/src/contracts/store/")
    {
        return Vec::new();
    }
    let is_sql = |line: &str| SQL.iter().any(|word| line.contains(&format!("\"{word}")));
    find(source, is_sql, "SQL belongs to the store")
}

/// Only the settings read the environment; the test kit learns there which servers it may use.
pub fn environment_is_read_by_the_settings(source: &Source) -> Vec<Finding> {
    let may = matches!(source.owner.as_str(), "xtask" | "testkit");
    if may || source.path.starts_with("crates/app/src/config/") {
        return Vec::new();
    }
    find(source, |line| line.contains("env::var"), "only app/config reads the environment")
}

/// Only the app spawns tasks and processes.
pub fn tasks_are_spawned_by_the_app(source: &Source) -> Vec<Finding> {
    if matches!(source.owner.as_str(), "app" | "xtask" | "testkit") {
        return Vec::new();
    }
    let words = ["tokio::spawn", "thread::spawn", "process::Command"];
    let spawns = |line: &str| words.iter().any(|word| line.contains(word));
    find(source, spawns, "only the app spawns tasks or processes")
}

/// The domain has no floating point: amounts are exact.
pub fn domain_is_exact(source: &Source) -> Vec<Finding> {
    if source.owner != "domain" {
        return Vec::new();
    }
    let is_float = |line: &str| {
        line.split(|c: char| !c.is_alphanumeric() && c != '_')
            .any(|word| matches!(word, "f32" | "f64") || word.ends_with("_f64"))
    };
    find(source, is_float, "no floats in the domain")
}

/// The crates inside name no vendor, database or framework, not even in a comment. The one word
/// they need is the kind of a channel, which is stored.
pub fn inner_crates_name_no_vendor(source: &Source) -> Vec<Finding> {
    if !matches!(source.owner.as_str(), "domain" | "ports" | "workflow") {
        return Vec::new();
    }
    let names_channels = source.path == "crates/domain/src/message.rs";
    let vendor_in = |line: &str| {
        let line = line.replace("ChannelKind::Twilio", "").to_lowercase();
        let mut words = line.split(|c: char| !c.is_alphanumeric());
        words
            .find_map(|word| VENDORS.into_iter().find(|vendor| word.starts_with(vendor)))
            .filter(|vendor| !(names_channels && *vendor == "twilio"))
    };
    source
        .product()
        .filter_map(|(number, line)| {
            let vendor = vendor_in(line)?;
            Some(Finding::new(
                &source.path,
                number,
                format!("`{vendor}` is named outside its crate"),
            ))
        })
        .collect()
}

fn find(source: &Source, is_wrong: impl Fn(&str) -> bool, message: &str) -> Vec<Finding> {
    source
        .code()
        .filter(|(_, line)| is_wrong(line))
        .map(|(number, _)| Finding::new(&source.path, number, message))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source::new(path, text)
    }

    #[test]
    fn sql_outside_the_store_is_found() {
        let text = "let q = \"SELECT id FROM invoices\";\n";
        assert_eq!(sql_is_in_the_store(&source("crates/app/src/a.rs", text)).len(), 1);
        assert!(sql_is_in_the_store(&source("crates/store/src/a.rs", text)).is_empty());
        let words = "let hint = \"Select a file\";\n";
        assert!(sql_is_in_the_store(&source("crates/app/src/a.rs", words)).is_empty());
    }

    #[test]
    fn the_environment_is_read_in_one_place() {
        let text = "let port = std::env::var_os(\"PORT\");\n";
        let rule = environment_is_read_by_the_settings;
        assert_eq!(rule(&source("crates/app/src/main.rs", text)).len(), 1);
        assert!(rule(&source("crates/app/src/config/sources.rs", text)).is_empty());
        assert!(rule(&source("crates/app/tests/it/main.rs", text)).is_empty());
    }

    #[test]
    fn tasks_start_in_the_app() {
        let text = "tokio::spawn(async {});\n";
        assert_eq!(
            tasks_are_spawned_by_the_app(&source("crates/workflow/src/a.rs", text)).len(),
            1
        );
        assert!(tasks_are_spawned_by_the_app(&source("crates/app/src/a.rs", text)).is_empty());
    }

    #[test]
    fn floats_in_the_domain_are_found() {
        let text = "fn half(amount: f64) {}\n// f64 is not used\n";
        assert_eq!(domain_is_exact(&source("crates/domain/src/a.rs", text)).len(), 1);
        assert!(domain_is_exact(&source("crates/offline/src/a.rs", text)).is_empty());
    }

    #[test]
    fn vendors_are_named_in_their_own_crate_only() {
        let rule = inner_crates_name_no_vendor;
        let text = "/// As OpenAI has it.\nlet kind = ChannelKind::Twilio;\n";
        assert_eq!(rule(&source("crates/workflow/src/a.rs", text)).len(), 1);
        assert!(rule(&source("crates/gateways/src/a.rs", text)).is_empty());
        assert!(rule(&source("crates/workflow/src/a.rs", "/// Shortened.\n")).is_empty());
        let kind = "    Twilio,\n";
        assert!(rule(&source("crates/domain/src/message.rs", kind)).is_empty());
        assert_eq!(rule(&source("crates/domain/src/party.rs", kind)).len(), 1);
    }
}
