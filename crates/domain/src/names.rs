//! Names folded for comparison: without case, accents or punctuation.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Returns a text in lower case, without accents, with punctuation as single spaces.
///
/// Letters and digits of every script are kept: `Café-Azul S.L.` becomes `cafe azul s l`.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let plain = text.nfkd().filter(|c| !is_combining_mark(*c));
    for c in plain.flat_map(char::to_lowercase) {
        match c {
            'ß' => folded.push_str("ss"),
            'ø' => folded.push('o'),
            'æ' => folded.push_str("ae"),
            'ł' => folded.push('l'),
            'ı' => folded.push('i'),
            c if c.is_alphanumeric() => folded.push(c),
            _ if !folded.is_empty() && !folded.ends_with(' ') => folded.push(' '),
            _ => {}
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Returns whether one folded name holds the other by whole words.
#[must_use]
pub fn holds(name: &str, part: &str) -> bool {
    let (name, part) = (format!(" {} ", fold(name)), format!(" {} ", fold(part)));
    part.trim() != "" && name.contains(&part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_accents_and_punctuation() {
        assert_eq!(fold("  Café-Azul, S.L. "), "cafe azul s l");
        assert_eq!(fold("GROSSE Straße"), fold("Große Strasse"));
        assert!(holds("ACME Trading Ltd.", "acme"));
        assert!(!holds("Pineapple", "apple"));
        assert!(!holds("anything", " . "));
    }
}
