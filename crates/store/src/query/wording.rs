//! Things in other words than those on the bill: word forms, parts of words, a slip of the finger.
//!
//! A person has hundreds of different item lines, seldom more than a few thousand: their words are read
//! and compared here, and the statement looks for those that were found. That is the same on every
//! database and in every language, which no full-text index is.

use domain::names::stem;
use std::collections::BTreeSet;

/// The most ways to say one thing that a statement looks for.
const MAX_WAYS: usize = 24;
/// A word must be this long for a slip in it to be overlooked.
const MIN_SLIP: usize = 5;

/// A folded word to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wording {
    /// As it was typed: a part of a word will do.
    Part(String),
    /// As it was found on a bill: the whole word, for "rose" is no rosemary.
    Whole(String),
}

/// Returns the ways in which a typed thing stands on bills, each as words that must all be there; the
/// typed words alone where nothing was found. A blank text is no way at all.
pub fn ways(typed: &str, vocabulary: &BTreeSet<String>) -> Vec<Vec<Wording>> {
    let mut ways = Vec::new();
    for word in typed.split(' ').filter(|word| !word.is_empty()) {
        let forms = forms(word, vocabulary);
        if ways.is_empty() {
            ways.push(Vec::new());
        }
        let longer = ways.iter().flat_map(|way: &Vec<Wording>| {
            forms.iter().map(move |form| way.iter().chain([form]).cloned().collect())
        });
        ways = longer.take(MAX_WAYS).collect();
    }
    ways
}

/// Returns a word as it stands on bills: as it is, where it is part of a word there, and in other forms;
/// else with one slip.
fn forms(word: &str, vocabulary: &BTreeSet<String>) -> Vec<Wording> {
    let mut forms = vec![Wording::Part(word.to_owned())];
    let root = stem(word);
    let whole = |known: &String| Wording::Whole(known.clone());
    let other = vocabulary.iter().filter(|known| !known.contains(word) && stem(known) == root);
    forms.extend(other.map(whole));
    let is_known = forms.len() > 1 || vocabulary.iter().any(|known| known.contains(word));
    if !is_known && word.chars().count() >= MIN_SLIP {
        forms.extend(vocabulary.iter().filter(|known| is_one_slip(word, known)).map(whole));
    }
    forms
}

/// Returns whether one letter is wrong, missing or too many, or two neighbours are swapped.
fn is_one_slip(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let same = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let rest =
        |word: &[char], skip: usize| word.get(same.saturating_add(skip)..).map(<[char]>::to_vec);
    let swapped = || {
        let (a, b) = (one.get(same..)?, other.get(same..)?);
        let ([a1, a2, a_rest @ ..], [b1, b2, b_rest @ ..]) = (a, b) else { return None };
        Some(a1 == b2 && a2 == b1 && a_rest == b_rest)
    };
    match one.len().abs_diff(other.len()) {
        0 => rest(&one, 1) == rest(&other, 1) || swapped() == Some(true),
        1 if one.len() > other.len() => rest(&one, 1) == rest(&other, 0),
        1 => rest(&one, 0) == rest(&other, 1),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(typed: &str) -> Vec<String> {
        let bills =
            "rose roses rosemary coffee milchkaffee kaffee tischlampe lampen naranjas red wine";
        let ways = ways(typed, &bills.split(' ').map(str::to_owned).collect());
        let shown = |word: &Wording| match word {
            Wording::Part(part) => part.clone(),
            Wording::Whole(word) => format!("={word}"),
        };
        ways.iter().map(|way| way.iter().map(shown).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn other_forms_of_a_word_are_found_and_other_words_are_not() {
        assert_eq!(found("roses"), ["roses", "=rose"]);
        assert_eq!(found("lampe"), ["lampe"], "it is part of what is there");
        assert_eq!(found("naranja"), ["naranja"]);
        assert_eq!(found("kaffees"), ["kaffees", "=kaffee"]);
        assert_eq!(found("tea"), ["tea"]);
    }

    #[test]
    fn every_word_is_looked_for_and_a_slip_is_overlooked() {
        assert_eq!(found("wines red"), ["wines red", "=wine red"]);
        assert_eq!(found("cofee"), ["cofee", "=coffee"]);
        assert_eq!(found("cofefe"), ["cofefe", "=coffee"]);
        assert_eq!(found("tee"), ["tee"], "too short to guess");
        assert!(found(&"rosen ".repeat(9)).len() <= MAX_WAYS);
        assert!(found(" ").is_empty());
    }
}
