//! A word put into a sentence that is understood: it is asked about, or it stands in the meaning.

use super::{Line, sentence, understood};
use serde_json::Value;

/// Returns what became of a sentence with one word more, where that word is passed over.
fn passed_over(line: &Line, at: usize, word: &str) -> Option<String> {
    let locale = line.locale.as_deref().unwrap_or(&line.lang);
    let mut words: Vec<&str> = line.text.split(' ').collect();
    let at = at.min(words.len());
    words.insert(at, word);
    let text = words.join(" ");
    let (intent, meaning) = understood(&sentence(&text, locale, line.before.clone()));
    let business = intent.as_str().unwrap().starts_with("invoice");
    let unsaid = meaning.get("target").is_some_and(|target| target == "unsaid");
    let acts = business && !meaning.is_null() && !unsaid;
    let is_said = domain::names::fold(&meaning.to_string()).contains(&domain::names::fold(word));
    (acts && !is_said).then(|| format!("{}: {text}\n   {intent} {meaning}", line.lang))
}

/// Returns the sentences that pass over a word, wherever it is put.
pub fn all_passed_over<'l>(lines: impl Iterator<Item = &'l str>, word: &str) -> Vec<String> {
    let mut found = Vec::new();
    for text in lines {
        let line: Line = serde_json::from_str(text).unwrap();
        let is_draft = line.intent == "invoice_creator";
        if line.says == Value::Null || is_draft && word.chars().any(|c| !c.is_ascii_digit()) {
            continue;
        }
        let places = line.text.split(' ').count() + 1;
        found.extend((0..places).filter_map(|at| passed_over(&line, at, word)));
    }
    found
}

/// Returns the orders that are carried out as they were, though a word denies them.
pub fn all_not_denied<'l>(lines: impl Iterator<Item = &'l str>) -> Vec<String> {
    let denials = [
        ("en", "not"),
        ("de", "nicht"),
        ("fr", "pas"),
        ("es", "no"),
        ("it", "non"),
        ("pt", "não"),
        ("nl", "niet"),
        ("ar", "لا"),
        ("hi", "nahi"),
    ];
    let mut found = Vec::new();
    for text in lines {
        let line: Line = serde_json::from_str(text).unwrap();
        let denial = denials.iter().find(|(language, _)| *language == line.lang);
        let Some((_, denial)) = denial.filter(|_| line.intent == "invoice_update") else {
            continue;
        };
        let locale = line.locale.as_deref().unwrap_or(&line.lang);
        let said = |text: &str| understood(&sentence(text, locale, line.before.clone()));
        let (_, meant) = said(&line.text);
        let places = line.text.split(' ').count();
        for at in 0..places {
            let mut words: Vec<&str> = line.text.split(' ').collect();
            // what is said twice, "niet niet", denies no more than once
            let near = [at.checked_sub(1), Some(at)].into_iter().flatten();
            if near.into_iter().any(|at| words.get(at) == Some(denial)) {
                continue;
            }
            words.insert(at, denial);
            let denied = words.join(" ");
            if !meant.is_null() && said(&denied).1 == meant {
                found.push(format!("{}: {denied}", line.lang));
            }
        }
    }
    found
}
