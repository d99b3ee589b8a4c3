//! Texts of strangers made fit for a page: without control characters, and never wider than it.

/// The longest run of characters without a place to break; longer ones get some.
const LONGEST_WORD: usize = 36;

/// Returns a text on one line, trimmed: white space is single spaces, what cannot be seen is gone.
///
/// Marks that turn the direction of writing are dropped too, since they can make a page show
/// another amount or account than its text holds.
#[must_use]
pub fn one_line(text: &str) -> String {
    let words: Vec<String> = unbroken(text).split(' ').map(breakable).collect();
    words.join(" ")
}

/// Returns a text as [`one_line`] does, but without places to break in long words.
#[must_use]
pub fn unbroken(text: &str) -> String {
    let visible: String = text.chars().filter(|c| c.is_whitespace() || is_visible(*c)).collect();
    let words: Vec<&str> = visible.split_whitespace().collect();
    words.join(" ")
}

/// Returns the lines of a text, each as [`one_line`] gives it; empty ones only between others.
#[must_use]
pub fn lines(text: &str) -> Vec<String> {
    let lines: Vec<String> = text.lines().map(one_line).collect();
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(lines.len());
    let end = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |at| at.saturating_add(1));
    lines.into_iter().take(end).skip(first).collect()
}

/// Returns the first so many characters, with an ellipsis if some were cut.
#[must_use]
pub fn shortened(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    text.chars().take(limit.saturating_sub(1)).chain(['…']).collect()
}

fn is_visible(c: char) -> bool {
    let turns_direction = matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}')
        || ('\u{202a}'..='\u{202e}').contains(&c)
        || ('\u{2066}'..='\u{2069}').contains(&c);
    let unseen = matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    !c.is_control() && !turns_direction && !unseen
}

fn breakable(word: &str) -> String {
    if word.chars().count() <= LONGEST_WORD {
        return word.to_owned();
    }
    let mut out = String::with_capacity(word.len());
    for (at, c) in word.chars().enumerate() {
        // A zero-width space: a break that leaves no hyphen in an address or article number.
        if at > 0 && at.is_multiple_of(12) {
            out.push('\u{200b}');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_not_printed() {
        assert_eq!(one_line(" A\u{0}c\u{7}me\t\u{202e}Ltd.\r\n"), "Acme Ltd.");
        assert_eq!(one_line("#eval(\"1\") ] *x*"), "#eval(\"1\") ] *x*");
    }

    #[test]
    fn long_words_get_places_to_break() {
        let long = one_line(&"x".repeat(100));
        assert_eq!(long.matches('\u{200b}').count(), 8);
        assert_eq!(one_line("DE89370400440532013000"), "DE89370400440532013000");
    }

    #[test]
    fn empty_lines_stay_only_between_others() {
        assert_eq!(lines("\n\na\n\nb\n \n"), ["a", "", "b"]);
        assert_eq!(lines("\n \n"), Vec::<String>::new());
    }

    #[test]
    fn what_is_cut_shows_an_ellipsis() {
        assert_eq!(shortened("abcdef", 4), "abc…");
        assert_eq!(shortened("abcd", 4), "abcd");
    }
}
