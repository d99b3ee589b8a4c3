//! Lines of both directions: what would jump in a line of the other direction is kept whole.
//!
//! Chats lay a line out by its first letter. An Arabic line that begins with a Latin name gets an
//! invisible mark before it; names and amounts get invisible walls around them (Unicode isolates).

use domain::tenant::Language;

const RIGHT_TO_LEFT_MARK: char = '\u{200f}';
const LEFT_TO_RIGHT_ISOLATE: char = '\u{2066}';
const ISOLATE: char = '\u{2068}';
const END_OF_ISOLATE: char = '\u{2069}';

/// Returns an amount or number that stays in one piece, read from left to right, in every line.
pub fn left_to_right(text: String, language: Language) -> String {
    if language.is_right_to_left() {
        format!("{LEFT_TO_RIGHT_ISOLATE}{text}{END_OF_ISOLATE}")
    } else {
        text
    }
}

/// Returns a name that stays in one piece where its letters run against the line; else as it is.
pub fn isolated(name: String, language: Language) -> String {
    let runs_left = language.is_right_to_left();
    let jumps = |c: char| if runs_left { !runs_right_to_left(c) } else { runs_right_to_left(c) };
    if name.chars().any(|c| c.is_alphanumeric() && jumps(c)) {
        format!("{ISOLATE}{name}{END_OF_ISOLATE}")
    } else {
        name
    }
}

/// Returns a text whose every line runs in the direction of its language.
pub fn directed(text: &str, language: Language) -> String {
    if !language.is_right_to_left() {
        return text.to_owned();
    }
    let line = |line: &str| match line.chars().find(|c| c.is_alphanumeric()) {
        // A block of code must begin with its mark.
        Some(first) if !runs_right_to_left(first) && !line.starts_with("```") => {
            format!("{RIGHT_TO_LEFT_MARK}{line}")
        }
        _ => line.to_owned(),
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Returns whether a letter is of a script that is written from right to left: Hebrew, Arabic,
/// Syriac and their neighbours, with their presentation forms.
const fn runs_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_walled_in_only_where_it_runs_against_the_line() {
        assert_eq!(isolated("Shell".to_owned(), Language::En), "Shell");
        assert_eq!(isolated("Shell".to_owned(), Language::Ar), "\u{2068}Shell\u{2069}");
        assert_eq!(isolated("كارفور".to_owned(), Language::Ar), "كارفور");
        assert_eq!(isolated("كارفور".to_owned(), Language::De), "\u{2068}كارفور\u{2069}");
        assert_eq!(isolated("ग्रामीण".to_owned(), Language::Hi), "ग्रामीण");
    }

    #[test]
    fn an_arabic_line_that_begins_with_a_latin_name_is_marked() {
        let text = "المجموع:\n• \u{2068}Shell\u{2069}: 5\n\n✅ تم";
        let marked = "المجموع:\n\u{200f}• \u{2068}Shell\u{2069}: 5\n\n✅ تم";
        assert_eq!(directed(text, Language::Ar), marked);
        assert_eq!(directed(text, Language::En), text);
    }
}
