//! How written replies become messages: joined, split at lines, files apart.

use crate::words;
use domain::{
    ids::PendingId,
    message::{Button, NewFile, NewOutbound},
    tenant::Language,
};

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
    /// A file that goes with it, as a message of its own: documents carry no caption.
    pub file: Option<NewFile>,
    /// Whether the file comes before the text, so that buttons stay last.
    pub file_first: bool,
}

/// Lays parts out as messages, in order. Texts without file or buttons are joined.
pub fn lay_out(parts: Vec<Part>) -> Vec<NewOutbound> {
    let mut messages: Vec<NewOutbound> = Vec::new();
    for part in parts {
        let file = part.file.map(|file| NewOutbound {
            text: String::new(),
            buttons: Vec::new(),
            file: Some(file),
        });
        let (before, after) = if part.file_first { (file, None) } else { (None, file) };
        messages.extend(before);
        match messages.last_mut() {
            Some(last) if last.file.is_none() && last.buttons.is_empty() => {
                last.text.push_str("\n\n");
                last.text.push_str(&part.text);
                last.buttons = part.buttons;
            }
            _ => messages.push(NewOutbound { text: part.text, buttons: part.buttons, file: None }),
        }
        messages.extend(after);
    }
    messages.into_iter().flat_map(split).collect()
}

/// Splits a long text at lines; a single line that is too long is cut at a character.
fn split(message: NewOutbound) -> Vec<NewOutbound> {
    if message.text.chars().count() <= MAX_CHARS {
        return vec![message];
    }
    let mut texts: Vec<String> = vec![String::new()];
    for line in message.text.split('\n') {
        let line: String = line.chars().take(MAX_CHARS).collect();
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
    texts.truncate(MAX_PARTS);
    let mut messages: Vec<NewOutbound> = texts.into_iter().map(NewOutbound::text).collect();
    if let Some(last) = messages.last_mut() {
        last.buttons = message.buttons;
    }
    messages
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

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Part {
        Part { text: text.to_owned(), buttons: Vec::new(), file: None, file_first: false }
    }

    #[test]
    fn several_texts_are_one_message() {
        let messages = lay_out(vec![text("one"), text("two")]);
        assert_eq!(messages, vec![NewOutbound::text("one\n\ntwo")]);
    }

    #[test]
    fn a_long_text_is_split_at_lines_and_nothing_is_lost() {
        let line = "€".repeat(100);
        let long = vec![line; 40].join("\n");
        let messages = lay_out(vec![text(&long)]);
        assert!(messages.iter().all(|message| message.text.chars().count() <= MAX_CHARS));
        let joined = messages.iter().map(|m| m.text.as_str()).collect::<Vec<_>>().join("\n");
        assert_eq!(joined, long);
    }
}
