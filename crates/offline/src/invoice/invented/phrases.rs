//! What documents of a language say, written from how such documents look and not from the
//! lexicons that are tested with them.

use std::sync::LazyLock;

/// The phrases of a language; `#` stands for a rate of tax.
#[derive(serde::Deserialize)]
pub struct Phrases {
    pub language: String,
    pub titles: Vec<String>,
    pub number: Vec<String>,
    pub date: Vec<String>,
    pub due: Vec<String>,
    pub other: Vec<String>,
    pub to: Vec<String>,
    pub from: Vec<String>,
    pub heads: Vec<[String; 4]>,
    pub goods: Vec<String>,
    pub net: Vec<String>,
    pub tax: Vec<String>,
    pub gross: Vec<String>,
    pub total: Vec<String>,
    pub cash: Vec<String>,
    pub change: Vec<String>,
    pub card: Vec<String>,
    pub thanks: Vec<String>,
    pub months: [String; 12],
    pub others: Vec<(String, String)>,
    pub letter: Vec<String>,
}

/// Returns the phrases of a language.
pub fn phrases(language: &str) -> &'static Phrases {
    File::known().iter().find(|phrases| phrases.language == language).unwrap()
}

#[derive(serde::Deserialize)]
struct File {
    phrases: Vec<Phrases>,
}

static FILE: LazyLock<File> =
    LazyLock::new(|| toml::from_str(include_str!("phrases.toml")).unwrap());

impl File {
    fn known() -> &'static [Phrases] {
        &FILE.phrases
    }
}
