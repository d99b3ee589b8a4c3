//! Every reply in every language, as people will read it.

mod again_samples;
mod samples;

use super::{
    Reply, layout,
    render::{ENVIRONMENT, Templates, render, write},
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

/// Letters that a text begins to run from right to left with.
fn runs_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

#[test]
fn every_reply_fits_a_chat_in_every_language() {
    for language in Language::ALL {
        for reply in all() {
            let name = serde_json::to_value(&reply).unwrap()["reply"].to_string();
            let of = format!("{name} in {}", language.code());
            for message in render(language, &Habits::default(), vec![reply.clone()]) {
                let text = &message.text;
                assert!(text.chars().count() <= 1_600, "{of} is too long");
                let emoji = text.chars().filter(|c| layout::is_emoji(*c)).count();
                assert!(emoji <= 1, "{of} has {emoji} emoji");
                assert!(!text.contains(['\t', '|']) && !text.contains("   "), "{of} is a table");
                assert!(message.buttons.len() <= 3, "{of} has too many buttons");
                assert!(message.buttons.iter().all(|button| button.label.chars().count() <= 20));
                assert!(is_well_formed(text), "{of}: {text}");
            }
        }
    }
}

/// Returns whether marks come in pairs within their line: those of names are walled in and count for
/// nothing. What stands in a block of code is left alone.
fn is_well_formed(text: &str) -> bool {
    let outside = text.split("```").step_by(2).collect::<String>();
    let is_paired = |line: &str, mark: char| {
        let walled = format!("\u{2060}{mark}\u{2060}");
        line.replace(&walled, "").matches(mark).count().is_multiple_of(2)
    };
    text.matches("```").count().is_multiple_of(2)
        && outside.lines().all(|line| ['*', '_', '~', '`'].iter().all(|m| is_paired(line, *m)))
}

#[test]
fn arabic_lines_run_from_right_to_left_and_what_does_not_stays_in_one_piece() {
    for reply in all() {
        for message in render(Language::Ar, &Habits::default(), vec![reply.clone()]) {
            let walls = |open: &[char]| message.text.matches(open).count();
            let opened = walls(&['\u{2066}', '\u{2067}', '\u{2068}']);
            assert_eq!(opened, walls(&['\u{2069}']), "{}", message.text);
            for line in message.text.split("```").step_by(2).flat_map(str::lines) {
                let first = line.chars().find(|c| *c == '\u{200f}' || c.is_alphabetic());
                let is_right = first.is_none_or(|c| c == '\u{200f}' || runs_left(c));
                assert!(is_right, "{line}");
            }
        }
    }
}

#[test]
fn two_replies_in_one_message_have_one_emoji() {
    let [saved, erased]: [Vec<Reply>; 2] = ["saved", "erased"].map(|wanted| {
        let is = |reply: &Reply| serde_json::to_value(reply).unwrap()["reply"] == wanted;
        all().into_iter().filter(is).take(1).collect()
    });
    let both = render(Language::En, &Habits::default(), [saved, erased].concat());
    assert_eq!(both.len(), 1);
    assert_eq!(both[0].text.chars().filter(|c| layout::is_emoji(*c)).count(), 1);
}
