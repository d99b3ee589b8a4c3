//! What a model may not put into a reply: our instructions, and addresses that nobody wrote.
//!
//! Whatever a reply shows of a model's claim (a name that is in no invoice, a draft, a note) has come by
//! here. A link, an e-mail address, a telephone or account number passes only if the person has written
//! it, or it stands in the names of his own book.

use crate::prompts;
use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use domain::names::fold;
use ports::model::{Claimed, Sentence, Task};
use rust_decimal::Decimal;
use serde_json::Value;
use std::{collections::HashSet, sync::LazyLock};

/// So many words in a row are no accident.
const TELLTALE_WORDS: usize = 6;
/// From so many digits on a number may lead somewhere.
const TELLTALE_DIGITS: usize = 9;
/// A word of so many letters may hide a text.
const HIDING: usize = 32;

const FORGIVING: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Every run of so many words in our instructions.
static RUNS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let mut runs = HashSet::new();
    for prompt in prompts::ALL {
        runs.extend(runs_of(&fold(prompt)));
    }
    runs
});

/// Returns whether nothing in a claim is there that its task and the person's own words do not explain.
pub fn is_harmless(task: &Task, claimed: &Claimed) -> bool {
    let sentence = match task {
        Task::Classify(sentence)
        | Task::PlanQuestion(sentence)
        | Task::Draft(sentence)
        | Task::Correct(sentence) => sentence,
        // The words of a statement are checked where it is run; a document has a reader of its own.
        Task::WriteSql { .. } | Task::ReadInvoice(_) => return true,
    };
    let known = known(sentence);
    let Ok(claim) = serde_json::to_value(claimed) else { return false };
    texts(&claim).iter().all(|text| !repeats_instructions(text) && !leads_away(text, &known))
}

/// Returns whether a text holds a part of our instructions: plain, backwards or in base64.
pub fn repeats_instructions(text: &str) -> bool {
    let backwards: String = text.chars().rev().collect();
    let hidden = text.split_whitespace().filter(|word| word.len() >= HIDING).filter_map(|word| {
        let word = word.replace('-', "+").replace('_', "/");
        String::from_utf8(FORGIVING.decode(word.trim_matches('"')).ok()?).ok()
    });
    let overlaps = |text: &str| runs_of(&fold(text)).iter().any(|run| RUNS.contains(run));
    overlaps(text) || overlaps(&backwards) || hidden.into_iter().any(|text| overlaps(&text))
}

fn runs_of(folded: &str) -> Vec<String> {
    let words: Vec<&str> = folded.split(' ').collect();
    words.windows(TELLTALE_WORDS).map(|run| run.join(" ")).collect()
}

/// Returns everything that the person has written or sees in his book.
fn known(sentence: &Sentence) -> String {
    let said = sentence.context.iter().flat_map(|turn| [turn.user.as_str(), turn.reply.as_str()]);
    let names = &sentence.names;
    let named = names.vendors.iter().chain(&names.customers).chain(&names.categories);
    let all = said.chain(named.map(String::as_str)).chain([sentence.text.as_str()]);
    all.collect::<Vec<_>>().join("\n").to_lowercase()
}

/// Returns the texts of a claim; a number that is written out is none.
fn texts(claim: &Value) -> Vec<&str> {
    match claim {
        Value::String(text) if text.parse::<Decimal>().is_err() => vec![text],
        Value::Array(all) => all.iter().flat_map(texts).collect(),
        Value::Object(fields) => fields.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// Returns whether a text leads somewhere that is not known.
pub fn leads_away(text: &str, known: &str) -> bool {
    let text = text.to_lowercase();
    let is_link = |word: &&str| {
        let has_dot = word.rsplit_once('.').is_some_and(|(host, end)| {
            host.ends_with(char::is_alphanumeric)
                && end.chars().take_while(char::is_ascii_alphabetic).count() > 1
        });
        word.contains("://") || word.contains('@') || has_dot
    };
    let edges = |c: char| !c.is_alphanumeric();
    let mut links = text.split_whitespace().map(|word| word.trim_matches(edges)).filter(is_link);
    links.any(|link| !known.contains(link))
        || numbers(&text).any(|number| !digits(known).contains(&number))
}

/// Returns the long numbers of a text, with the blanks and signs between their digits left out.
fn numbers(text: &str) -> impl Iterator<Item = String> {
    let ends = |c: char| !c.is_ascii_digit() && !c.is_whitespace() && !"+-/().".contains(c);
    text.split(ends).map(digits).filter(|digits| digits.len() >= TELLTALE_DIGITS)
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

    #[test]
    fn s44_our_instructions_are_seen_in_every_disguise() {
        let whole = prompts::CLASSIFY.split_once("-->").unwrap().1.trim();
        let part: String = whole.split_whitespace().take(12).collect::<Vec<_>>().join(" ");
        let backwards: String = part.chars().rev().collect();
        let (one, other) = (BASE64_STANDARD.encode(&part), BASE64_URL_SAFE_NO_PAD.encode(&part));
        for text in [part.to_uppercase(), backwards, format!("see {one}"), other] {
            assert!(repeats_instructions(&text), "{text}");
        }
        assert!(!repeats_instructions("how much did I spend at Shell in May?"));
    }

    #[test]
    fn s45_an_address_passes_only_where_it_is_known() {
        let known = "pay booking.com to DE89 3704 0044 0532 0130 00, ask ana@firm.example";
        for text in [
            "https://evil.example/x",
            "www.evil.example",
            "evil.com",
            "call +49 151 2345 6789 now",
            "DE12 5001 0517 0648 4898 90",
            "eve@evil.example",
        ] {
            assert!(leads_away(text, known), "{text}");
        }
        for text in
            ["Booking.com", "DE89370400440532013000", "ana@firm.example", "Shell S.L.", "3.50"]
        {
            assert!(!leads_away(text, known), "{text}");
        }
    }
}
