//! Every reply in every language, as people will read it.

use super::{
    Reply, again_samples,
    render::{ENVIRONMENT, Templates, write},
    samples,
};
use domain::tenant::{Habits, Language};

fn all() -> Vec<Reply> {
    samples::all().into_iter().chain(again_samples::all()).collect()
}

fn book_of(language: Language) -> String {
    let habits = Habits::default();
    let written = all().into_iter().map(|reply| {
        let name = serde_json::to_value(&reply).unwrap()["reply"].as_str().unwrap().to_owned();
        let text = write(language, &habits, &reply);
        assert!(!text.is_empty(), "{name} is empty in {}", language.code());
        assert!(text.chars().count() <= 1_600, "{name} is too long in {}", language.code());
        format!("--- {name}\n{text}\n")
    });
    written.collect()
}

#[test]
fn every_template_parses() {
    for name in Templates::iter() {
        let name = name.trim_end_matches(".j2");
        assert!(ENVIRONMENT.get_template(name).is_ok(), "{name} does not parse");
    }
}

#[test]
fn every_reply_reads_well_in_english() {
    insta::assert_snapshot!("english", book_of(Language::En));
}

#[test]
fn every_reply_has_words_in_every_language() {
    for language in Language::ALL {
        for reply in all() {
            let name = serde_json::to_value(&reply).unwrap()["reply"].as_str().unwrap().to_owned();
            let known = [language.code(), "any"]
                .iter()
                .any(|folder| ENVIRONMENT.get_template(&format!("{folder}/{name}")).is_ok());
            assert!(known, "{name} has no words in {}", language.code());
        }
        if language != Language::En {
            insta::assert_snapshot!(language.code(), book_of(language));
        }
    }
}
