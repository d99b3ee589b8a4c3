//! Every reply in every language, as people will read it.

use super::{ENVIRONMENT, Templates, samples, write};
use domain::tenant::{Habits, Language};

fn book_of(language: Language) -> String {
    let habits = Habits::default();
    let written = samples::all().into_iter().map(|reply| {
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
    let complete = ["greeting", "menu", "saved", "please_check", "not_an_invoice", "unsupported"];
    for language in Language::ALL {
        let book = book_of(language);
        for name in complete {
            let template = format!("{}/{name}", language.code());
            assert!(ENVIRONMENT.get_template(&template).is_ok(), "{template} is missing");
        }
        if language != Language::En {
            let told = book
                .split("--- ")
                .filter(|part| complete.iter().any(|name| part.starts_with(&format!("{name}\n"))));
            insta::assert_snapshot!(language.code(), told.collect::<String>());
        }
    }
}
