//! Words and phrases that differ in one letter, found without comparing each with all.

use std::collections::HashMap;

/// Words shorter than this have no near ones: too many others are one letter off.
const SHORTEST: usize = 6;

/// Long words by their first and by their last three letters: one wrong letter leaves one of the
/// two as it is.
#[derive(Debug, Default)]
pub struct Near {
    heads: HashMap<Vec<u8>, Vec<String>>,
    tails: HashMap<Vec<u8>, Vec<String>>,
}

impl Near {
    /// Adds a word or phrase; short ones are left out.
    pub fn add(&mut self, word: &str) {
        if word.len() < SHORTEST {
            return;
        }
        self.heads.entry(head(word)).or_default().push(word.to_owned());
        self.tails.entry(tail(word)).or_default().push(word.to_owned());
    }

    /// Returns the phrase that a misread one is likeliest meant to be: the first by the alphabet.
    #[must_use]
    pub fn find(&self, misread: &str) -> Option<&str> {
        let plain = misread.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ');
        if misread.len() < SHORTEST || !plain {
            return None;
        }
        let heads = self.heads.get(&head(misread)).into_iter().flatten();
        let tails = self.tails.get(&tail(misread)).into_iter().flatten();
        let meant = heads.chain(tails).filter(|phrase| is_near(phrase, misread));
        meant.min().map(String::as_str)
    }
}

/// Returns whether two phrases differ in one letter of one long word; short words decide what a
/// phrase means, as in `invoice to` and `invoice no`.
fn is_near(one: &str, other: &str) -> bool {
    if !one.contains(' ') && !other.contains(' ') {
        return one_letter_off(one, other);
    }
    let (words, others) = (one.split(' '), other.split(' '));
    if words.clone().count() != others.clone().count() {
        return false;
    }
    let mut apart = words.zip(others).filter(|(one, other)| one != other);
    let first = apart.next();
    apart.next().is_none()
        && first.is_none_or(|(one, other)| {
            one.len() >= 5 && other.len() >= 5 && one_letter_off(one, other)
        })
}

fn head(word: &str) -> Vec<u8> {
    word.bytes().take(3).collect()
}

fn tail(word: &str) -> Vec<u8> {
    word.bytes().rev().take(3).collect()
}

/// Returns whether two words differ in one letter: changed, missing or added.
#[must_use]
pub fn one_letter_off(one: &str, other: &str) -> bool {
    let longer = one.len().max(other.len());
    if one.len().abs_diff(other.len()) > 1 {
        return false;
    }
    let head = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let tails = one.bytes().rev().zip(other.bytes().rev());
    let tail = tails.take_while(|(a, b)| a == b).count();
    head.saturating_add(tail).saturating_add(1) >= longer
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_word_is_found_by_its_sound_end() {
        let mut near = Near::default();
        ["subtotal", "total", "invoice"].iter().for_each(|word| near.add(word));
        assert_eq!(near.find("subtotai"), Some("subtotal"));
        assert_eq!(near.find("5ubtotal"), Some("subtotal"));
        assert_eq!(near.find("invoce"), Some("invoice"));
        assert_eq!(near.find("totai"), None, "short words have no near ones");
        assert_eq!(near.find("receipt"), None);
    }

    #[test]
    fn only_long_words_of_a_phrase_may_be_misread() {
        let mut near = Near::default();
        ["invoice to", "total inclusive gst"].iter().for_each(|phrase| near.add(phrase));
        assert_eq!(near.find("total indlusive gst"), Some("total inclusive gst"));
        assert_eq!(near.find("involce to"), Some("invoice to"));
        assert_eq!(near.find("invoice no"), None);
        assert_eq!(near.find("total inclusive"), None);
    }

    proptest! {
        #[test]
        fn every_single_mistake_is_found(word in "[a-z]{7,12}", at in 0_usize..7, letter in "[a-z]") {
            let mut near = Near::default();
            near.add(&word);
            let (before, after) = word.split_at(at);
            let changed = format!("{before}{letter}{}", &after[1..]);
            let missing = format!("{before}{}", &after[1..]);
            let added = format!("{before}{letter}{after}");
            for misread in [changed, missing, added] {
                prop_assert_eq!(near.find(&misread), Some(word.as_str()), "{}", misread);
            }
        }

        #[test]
        fn two_mistakes_are_too_many(word in "[a-m]{8}") {
            let misread = format!("z{}zz", &word[1..7]);
            prop_assert!(!one_letter_off(&word, &misread));
        }
    }
}
