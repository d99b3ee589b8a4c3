//! What a model is shown: the user's words and pages as one JSON object, so that no text in it can
//! pass for an instruction or for another field.

use domain::{
    conversation::Exchange,
    document::{Page, Word},
};
use ports::model::{Sentence, Sheets, Task};
use serde_json::{Value, json};

/// The most characters of a message.
const MAX_MESSAGE: usize = 4_000;
/// The most exchanges before the message.
const MAX_EXCHANGES: usize = 6;
/// The most names of each kind.
const MAX_NAMES: usize = 150;
/// The most characters of a document's text.
const MAX_PAGES_TEXT: usize = 40_000;

/// Returns what is shown for a task, pictures apart.
pub(super) fn of(task: &Task) -> String {
    match task {
        Task::Classify(sentence) => classify(sentence).to_string(),
        Task::PlanQuestion(sentence) | Task::Draft(sentence) | Task::Correct(sentence) => {
            full(sentence).to_string()
        }
        Task::ReadInvoice(sheets) => document(sheets).to_string(),
        Task::WriteSql { sentence, attempt } => {
            let mut shown = full(sentence);
            if let (Value::Object(shown), Some(attempt)) = (&mut shown, attempt) {
                shown.insert("attempt".to_owned(), json!(attempt.sql));
                shown.insert("complaint".to_owned(), json!(attempt.complaint));
            }
            shown.to_string()
        }
    }
}

/// Sorting a message needs no names and no plan.
fn classify(sentence: &Sentence) -> Value {
    json!({
        "conversation_before": exchanges(&sentence.context),
        "message": short(&sentence.text, MAX_MESSAGE),
    })
}

fn full(sentence: &Sentence) -> Value {
    let names = |names: &[String]| names.iter().take(MAX_NAMES).cloned().collect::<Vec<_>>();
    json!({
        "today": sentence.today.to_string(),
        "account_currency": sentence.currency.code(),
        "locale": sentence.locale,
        "known_names": {
            "vendors": names(&sentence.names.vendors),
            "customers": names(&sentence.names.customers),
            "categories": names(&sentence.names.categories),
        },
        "last_query": sentence.last_plan,
        "conversation_before": exchanges(&sentence.context),
        "message": short(&sentence.text, MAX_MESSAGE),
    })
}

/// Returns what the person wrote before. The replies to it hold amounts and names of the book and stay
/// here; what was asked last is in `last_query`.
fn exchanges(context: &[Exchange]) -> Vec<Value> {
    let surplus = context.len().saturating_sub(MAX_EXCHANGES);
    context.iter().skip(surplus).map(|exchange| json!(exchange.user)).collect()
}

fn document(sheets: &Sheets) -> Value {
    let mut left = MAX_PAGES_TEXT;
    let mut pages = Vec::new();
    for page in &sheets.pages {
        let text = short(&text_of(page), left);
        left = left.saturating_sub(text.chars().count());
        pages.push(text);
    }
    json!({
        "today": sheets.today.to_string(),
        "locale": sheets.locale,
        "text_of_pages": pages,
    })
}

fn short(text: &str, max: usize) -> String {
    text.chars().take(max).collect()
}

/// Returns the words of a page line by line, as a person would read them.
fn text_of(page: &Page) -> String {
    let mut words: Vec<&Word> = page.words.iter().collect();
    words.sort_by_key(|word| (middle(word), word.region.left));
    let mut lines: Vec<Vec<&Word>> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if line.first().is_some_and(|first| shares_line(first, word)) => {
                line.push(word);
            }
            _ => lines.push(vec![word]),
        }
    }
    let text = |mut line: Vec<&Word>| {
        line.sort_by_key(|word| word.region.left);
        line.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    };
    lines.into_iter().map(text).collect::<Vec<_>>().join("\n")
}

fn middle(word: &Word) -> i32 {
    word.region.top.midpoint(word.region.bottom)
}

/// Words share a line if the middle of one lies within the other.
fn shares_line(first: &Word, word: &Word) -> bool {
    (first.region.top..=first.region.bottom).contains(&middle(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::document::{Region, TextSource};

    fn word(text: &str, left: i32, top: i32) -> Word {
        let region =
            Region { left, top, right: left.saturating_add(50), bottom: top.saturating_add(10) };
        Word { text: text.to_owned(), region, confidence: 100 }
    }

    #[test]
    fn the_words_of_a_page_are_shown_line_by_line() {
        let words = vec![word("12.00", 300, 101), word("Total", 10, 100), word("Shop", 10, 20)];
        let page = Page { width: 500, height: 500, source: TextSource::Pixels, words };
        assert_eq!(text_of(&page), "Shop\nTotal 12.00");
    }
}
