//! Names folded for comparison: without case, accents or punctuation.

use unicode_normalization::UnicodeNormalization;

/// Returns a text in lower case, without accents, with punctuation as single spaces.
///
/// Letters and digits of every script are kept: `Café-Azul S.L.` becomes `cafe azul s l`. Marks
/// that make another word, as the vowels of Devanagari, stay; spellings that people mix, as the
/// final letters of Arabic, become one.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() { fold_ascii(text) } else { fold_any(text) }
}

/// Folds what has no accents: most words of most messages, each of them many times.
fn fold_ascii(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            folded.push(c.to_ascii_lowercase());
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

fn fold_any(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let plain = text.nfkd().filter(|c| !is_accent(*c));
    for c in plain.flat_map(char::to_lowercase) {
        match c {
            'ß' => folded.push_str("ss"),
            'ø' => folded.push('o'),
            'æ' => folded.push_str("ae"),
            'ł' => folded.push('l'),
            'ı' => folded.push('i'),
            'ة' => folded.push('ه'),
            'ى' | 'ی' => folded.push('ي'),
            'ک' => folded.push('ك'),
            'ँ' => folded.push('ं'),
            c if c.is_alphanumeric() || is_vowel_killer(c) => folded.push(c),
            _ if !folded.is_empty() && !folded.ends_with(' ') => folded.push(' '),
            _ => {}
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Returns the beginning that the forms of a folded word share: without the endings of plurals and cases
/// in the languages of Latin letters, where enough of the word is left. No dictionary stands behind it;
/// words of one stem are to be looked at, not taken for the same.
#[must_use]
pub fn stem(word: &str) -> &str {
    const ENDINGS: [&str; 16] = [
        "chen", "ies", "nen", "es", "en", "er", "as", "os", "is", "s", "n", "e", "a", "o", "i", "y",
    ];
    const SHORTEST: usize = 3;
    if !word.is_ascii() {
        return word;
    }
    let ending = ENDINGS.into_iter().find_map(|ending| word.strip_suffix(ending));
    ending.filter(|stem| stem.len() >= SHORTEST).unwrap_or(word)
}

/// Returns whether a mark only colours a letter: accents, Hebrew points, Arabic short vowels and
/// stretching, the Devanagari dot, and joiners that show nothing.
const fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{5bf}'..='\u{5c7}'
        | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}'
        | '\u{93c}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{200c}' | '\u{200d}'
        | '\u{20d0}'..='\u{20ff}' | '\u{3099}' | '\u{309a}' | '\u{fe20}'..='\u{fe2f}')
}

/// Returns whether a mark joins two consonants of an Indian script, as in `गुप्ता`: part of a word,
/// though no letter.
const fn is_vowel_killer(c: char) -> bool {
    matches!(
        c,
        '\u{94d}'
            | '\u{9cd}'
            | '\u{a4d}'
            | '\u{acd}'
            | '\u{b4d}'
            | '\u{bcd}'
            | '\u{c4d}'
            | '\u{ccd}'
            | '\u{d4d}'
            | '\u{e47}'..='\u{e4e}'
    )
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
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_has_no_accents_folds_as_everything_does(text in "[ -~\t\n]{0,40}") {
            prop_assert_eq!(fold_ascii(&text), fold_any(&text));
        }
    }

    #[test]
    fn forms_of_a_word_share_a_stem() {
        for forms in [
            "rose roses rosen rosas",
            "coffee coffees",
            "kaffee kaffees",
            "berry berries",
            "tomate tomaten tomates",
        ] {
            let mut stems = forms.split(' ').map(stem);
            let first = stems.next();
            assert!(stems.all(|stem| Some(stem) == first), "{forms}");
        }
        assert_ne!(stem("rosemary"), stem("rose"));
        assert_eq!((stem("tee"), stem("чай"), stem("as")), ("tee", "чай", "as"));
    }

    #[test]
    fn names_are_compared_without_case_accents_and_punctuation() {
        assert_eq!(fold("  Café-Azul, S.L. "), "cafe azul s l");
        assert_eq!(fold("GROSSE Straße"), fold("Große Strasse"));
        assert!(holds("ACME Trading Ltd.", "acme"));
        assert!(!holds("Pineapple", "apple"));
        assert!(!holds("anything", " . "));
    }

    #[test]
    fn vowels_of_devanagari_tell_names_apart_and_spellings_of_arabic_do_not() {
        assert_ne!(fold("राम"), fold("रीमा"));
        assert_eq!(fold("गुप्ता एंड सन्स"), "गुप्ता एंड सन्स");
        assert_eq!(fold("पाँच ज़रा"), "पांच जरा");
        assert_eq!(fold("مُؤسسة أحمد"), fold("مؤسسه احمد"));
        assert_eq!(fold("شـركة"), fold("شركه"));
    }
}
