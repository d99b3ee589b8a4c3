//! How written replies become messages: joined, split at lines, files apart.

use crate::words;
use domain::{
    ids::PendingId,
    message::{Button, NewFile, NewOutbound},
    tenant::Language,
};
use unicode_segmentation::UnicodeSegmentation;

/// The most characters of one message; the limit of the strictest channel is 1,600.
const MAX_CHARS: usize = 1_500;

/// The most messages of text that one turn sends.
const MAX_PARTS: usize = 5;

/// One written reply.
pub struct Part {
    /// Its text.
    pub text: String,
    /// Buttons under it.
    pub buttons: Vec<Button>,
    /// Files that go with it, as messages of their own: documents carry no caption.
    pub files: Vec<NewFile>,
    /// Whether they come before the text, so that buttons stay last.
    pub file_first: bool,
}

/// Lays parts out as messages, in order. Texts without file or buttons are joined.
pub fn lay_out(parts: Vec<Part>) -> Vec<NewOutbound> {
    let mut messages: Vec<NewOutbound> = Vec::new();
    for part in parts {
        let alone =
            |file| NewOutbound { text: String::new(), buttons: Vec::new(), file: Some(file) };
        let files: Vec<NewOutbound> = part.files.into_iter().map(alone).collect();
        let (before, after) = if part.file_first { (files, vec![]) } else { (vec![], files) };
        messages.extend(before);
        match messages.last_mut() {
            Some(last) if last.file.is_none() && last.buttons.is_empty() => {
                let is_second = last.text.chars().any(is_emoji);
                let text = if is_second { without_lead(&part.text) } else { &part.text };
                last.text.push_str("\n\n");
                last.text.push_str(text);
                last.buttons = part.buttons;
            }
            _ => messages.push(NewOutbound { text: part.text, buttons: part.buttons, file: None }),
        }
        messages.extend(after);
    }
    messages.into_iter().flat_map(split).collect()
}

/// Returns whether a letter is a picture; arrows and signs of a text are none.
pub const fn is_emoji(c: char) -> bool {
    matches!(c, '\u{21a9}' | '\u{2600}'..='\u{27bf}' | '\u{2b50}' | '\u{1f300}'..='\u{1faff}')
}

/// Returns a text without the emoji that it begins with: a message has one at most.
fn without_lead(text: &str) -> &str {
    text.trim_start_matches(|c: char| is_emoji(c) || c == '\u{fe0f}').trim_start()
}

/// Splits a long text at lines, and a line that is too long at words. What goes beyond the last message
/// is left out, and that is shown.
fn split(message: NewOutbound) -> Vec<NewOutbound> {
    if message.text.chars().count() <= MAX_CHARS {
        return vec![message];
    }
    let mut texts: Vec<String> = vec![String::new()];
    for line in message.text.split('\n').flat_map(pieces) {
        let fits = texts.last().is_some_and(|text| {
            text.chars().count().saturating_add(line.chars().count()) < MAX_CHARS
        });
        match texts.last_mut().filter(|_| fits) {
            Some(text) if text.is_empty() => *text = line,
            Some(text) => {
                text.push('\n');
                text.push_str(&line);
            }
            None => texts.push(line),
        }
    }
    let is_cut = texts.len() > MAX_PARTS;
    texts.truncate(MAX_PARTS);
    if let Some(last) = texts.last_mut().filter(|_| is_cut) {
        last.push_str("\n…");
    }
    let mut messages: Vec<NewOutbound> = texts.into_iter().map(NewOutbound::text).collect();
    if let Some(last) = messages.last_mut() {
        last.buttons = message.buttons;
    }
    messages
}

/// Returns a line in pieces that fit into a message each: whole words where one is that short, and never
/// half of what people see as a letter.
fn pieces(line: &str) -> Vec<String> {
    let mut pieces: Vec<String> = vec![String::new()];
    let letters = |word: &str| word.graphemes(true).map(str::to_owned).collect::<Vec<_>>();
    let short = |word: &str| word.chars().count() < MAX_CHARS;
    let words = line.split_word_bounds();
    for part in
        words.flat_map(|word| if short(word) { vec![word.to_owned()] } else { letters(word) })
    {
        let length = part.chars().count();
        match pieces.last_mut() {
            Some(last) if last.chars().count().saturating_add(length) < MAX_CHARS => {
                last.push_str(&part);
            }
            _ => pieces.push(part),
        }
    }
    pieces
}

/// Makes buttons by their words; a pending action's id rides along.
pub fn buttons(language: Language, wanted: &[(&str, Option<PendingId>)]) -> Vec<Button> {
    let labels = words::of(language).map(|words| &words.labels);
    wanted
        .iter()
        .map(|(word, pending)| Button {
            id: pending.map_or_else(|| (*word).to_owned(), |pending| format!("{word}:{pending}")),
            label: labels
                .and_then(|labels| labels.get(*word))
                .cloned()
                .unwrap_or_else(|| (*word).to_owned()),
        })
        .collect()
}

/// Makes a button of each name; one that is too long for a button has to be typed.
pub fn names(names: &[String], id: PendingId) -> Vec<Button> {
    const LONGEST: usize = 20;
    let [.., name] = words::Placing::BUTTONS;
    let named = names.iter().enumerate().take(3);
    let short = named.filter(|(_, label)| label.chars().count() <= LONGEST);
    short
        .map(|(place, label)| Button { id: format!("{name}{place}:{id}"), label: label.clone() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Part {
        Part { text: text.to_owned(), buttons: Vec::new(), files: Vec::new(), file_first: false }
    }

    #[test]
    fn several_texts_are_one_message() {
        let messages = lay_out(vec![text("one"), text("two")]);
        assert_eq!(messages, vec![NewOutbound::text("one\n\ntwo")]);
    }

    #[test]
    fn a_message_has_one_emoji_however_many_replies_are_in_it() {
        let messages = lay_out(vec![text("✅ one"), text("⚠️ two"), text("three")]);
        assert_eq!(messages, vec![NewOutbound::text("✅ one\n\ntwo\n\nthree")]);
    }

    #[test]
    fn f48_a_long_text_is_split_at_lines_and_nothing_is_lost() {
        let line = "€".repeat(100);
        let long = vec![line; 40].join("\n");
        let messages = lay_out(vec![text(&long)]);
        assert!(messages.iter().all(|message| message.text.chars().count() <= MAX_CHARS));
        let joined = messages.iter().map(|m| m.text.as_str()).collect::<Vec<_>>().join("\n");
        assert_eq!(joined, long);
    }
    #[test]
    fn f48_a_long_line_is_split_at_words_and_never_within_a_letter() {
        let words = vec!["فاتورة"; 400].join(" ");
        let family = "👨‍👩‍👧‍👦".repeat(400);
        for line in [words, family] {
            let messages = lay_out(vec![text(&line)]);
            assert!(messages.len() > 1);
            assert!(messages.iter().all(|message| message.text.chars().count() <= MAX_CHARS));
            let joined: String = messages.iter().map(|message| message.text.as_str()).collect();
            assert_eq!(joined, line);
        }
        let first = &lay_out(vec![text(&"👨‍👩‍👧‍👦".repeat(400))])[0].text;
        assert!(first.ends_with("👨‍👩‍👧‍👦"));
    }

    #[test]
    fn f48_at_most_five_messages_leave_and_what_is_missing_is_shown() {
        let long = vec!["x".repeat(99); 200].join("\n");
        let messages = lay_out(vec![text(&long)]);
        assert_eq!(messages.len(), MAX_PARTS);
        assert!(messages[MAX_PARTS - 1].text.ends_with("\n…"));
        assert!(messages.iter().all(|message| message.text.chars().count() <= 1_600));
    }
}
