//! The tenant's own names in a sentence, with slips of the keyboard forgiven.

use super::{
    lexicon::Lexicon,
    token::{Kind, Token},
    typo,
    word::{Role, Word},
};
use ports::model::Names;
use unicode_normalization::char::is_combining_mark;

/// Which list a name stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Vendor,
    Customer,
    Category,
}

/// A stored name that a sentence holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    /// The part of the stored name that was meant.
    pub(super) name: String,
    /// Which list it stands in.
    pub(super) side: Side,
    /// The first token.
    pub(super) at: usize,
    /// How many tokens.
    pub(super) length: usize,
    /// Whether it is the whole name, and not its first words.
    pub(super) is_whole: bool,
}

/// Returns the known names, the longest at each place.
pub(super) fn find(tokens: &[Token], names: &Names, lexicons: &[&Lexicon]) -> Vec<Known> {
    let lists = [
        (Side::Vendor, &names.vendors),
        (Side::Customer, &names.customers),
        (Side::Category, &names.categories),
    ];
    let initials: Vec<char> =
        tokens.iter().filter_map(|token| token.folded.chars().next()).collect();
    let mut found: Vec<Known> = Vec::new();
    for (side, list) in lists {
        for name in list.iter().filter(|name| may_begin(name, &initials)) {
            let words: Vec<&str> = name
                .split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c))
                .filter(|word| !word.is_empty())
                .collect();
            if let Some(found_here) = brand(tokens, name) {
                found.extend(found_here.map(|(at, length, name)| Known {
                    name,
                    side,
                    at,
                    length,
                    is_whole: true,
                }));
                continue;
            }
            let begins = words.first().map(|word| domain::names::fold(word));
            let is_begun =
                |first: &String| tokens.iter().any(|token| is_word(token, first.as_str()));
            if !begins.as_ref().is_some_and(is_begun) {
                continue;
            }
            let folded: Vec<String> = words.iter().map(|word| domain::names::fold(word)).collect();
            for at in 0..tokens.len() {
                let (length, count) = matched(tokens, at, &folded, lexicons);
                if length > 0 {
                    let is_whole = count >= words.len();
                    let name = upto(name, &words, count);
                    found.push(Known { name, side, at, length, is_whole });
                }
            }
        }
    }
    found.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| b.length.cmp(&a.length)));
    found.dedup_by(|next, kept| next.at < kept.at.saturating_add(kept.length));
    found
}

/// Returns the words that are no stored vendor or customer as he is written, case aside: "uber" is no
/// "über" for whoever is billed by Uber.
pub(super) fn without(tokens: &[Token], names: &Names) -> Vec<Token> {
    let stored = |token: &Token| {
        let written = token.text.to_lowercase();
        let mut all = names.vendors.iter().chain(&names.customers);
        token.kind == Kind::Word && all.any(|name| name.to_lowercase() == written)
    };
    tokens.iter().filter(|token| !stored(token)).cloned().collect()
}

/// Returns where the first word of a name stands, if it is one with digits and marks or letters
/// ("1&1 Telecom", "7-Eleven", "Q8"): its tokens stand side by side, whatever they are.
fn brand<'a>(
    tokens: &'a [Token],
    name: &'a str,
) -> Option<impl Iterator<Item = (usize, usize, String)> + 'a> {
    let head = name.split_whitespace().next()?;
    let bare = compact(head);
    let coded = head.chars().any(|c| c.is_ascii_digit()) && head.chars().any(|c| !c.is_numeric());
    if !coded || bare.chars().count() < 2 {
        return None;
    }
    let touching = move |at: usize, length: usize| {
        let run = tokens.get(at..at.saturating_add(length))?;
        let close =
            run.windows(2).all(|two| matches!(two, [a, b] if b.start.saturating_sub(a.end) <= 1));
        let said: String = run.iter().map(|token| compact(&token.text)).collect();
        (close && said == bare).then(|| (at, length, head.to_owned()))
    };
    Some((0..tokens.len()).filter_map(move |at| (1..=4).find_map(|length| touching(at, length))))
}

/// Letters and digits without case and accents.
fn compact(text: &str) -> String {
    domain::names::fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Returns whether any word of a text begins as a name does, which spares most names a closer look.
fn may_begin(name: &str, initials: &[char]) -> bool {
    let first = name.chars().find(|c| c.is_alphanumeric() || is_combining_mark(*c));
    match first {
        Some(first) if first.is_ascii() => initials.contains(&first.to_ascii_lowercase()),
        Some(_) => true,
        None => false,
    }
}

fn upto(name: &str, words: &[&str], length: usize) -> String {
    if length >= words.len() {
        name.to_owned()
    } else {
        words.iter().take(length).copied().collect::<Vec<_>>().join(" ")
    }
}

/// Returns how many tokens at a place are words of a name, from its first word on, and how many words.
/// Marks within the name count as no words: "O'Neill & Sons".
///
/// A single word that the lexicon knows too is only a name when it is the whole name and written
/// with a capital in the middle of the sentence.
fn matched(tokens: &[Token], at: usize, name: &[String], lexicons: &[&Lexicon]) -> (usize, usize) {
    let rest = tokens.get(at..).unwrap_or_default();
    let joins = |token: &Token| matches!(token.text.as_str(), "&" | "'" | "’" | "-" | "+");
    let (mut length, mut words) = (0_usize, 0_usize);
    let mut ahead = rest.iter().zip(1_usize..);
    for word in name {
        let Some((_, end)) = ahead
            .by_ref()
            .find(|(token, _)| words == 0 || !joins(token))
            .filter(|(token, _)| is_word(token, word))
        else {
            break;
        };
        (length, words) = (end, words.saturating_add(1));
    }
    let Some(first) = rest.first().filter(|_| words > 0) else { return (0, 0) };
    if words > 1 {
        return (length, words);
    }
    // "caffe" is a word, and no slip of "Café Azul"
    let slip = name.first().is_some_and(|word| *word != first.folded);
    if slip && name.len() > 1 && lexicons.iter().any(|lexicon| lexicon.is_everyday(&first.folded)) {
        return (0, 0);
    }
    let in_lexicon = lexicons.iter().any(|lexicon| !lexicon.roles(&first.folded).is_empty());
    let capital = at > 0 && first.text.chars().next().is_some_and(char::is_uppercase);
    let long_enough = first.folded.chars().count() >= 3 || name.len() == 1;
    // "bei uber": led like a name, and written as it is; "über 100" is not
    let led = || {
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        let number = rest.get(1).is_some_and(|next| next.kind == Kind::Number);
        let lead = before.is_some_and(|before| {
            let from = Role::Word(Word::From);
            lexicons.iter().any(|lexicon| lexicon.roles(&before.folded).contains(&from))
        });
        // "alle uber rechnungen"
        let of_papers = rest.get(1).is_some_and(|next| {
            let paper = Role::Word(Word::Document);
            lexicons.iter().any(|lexicon| lexicon.roles(&next.folded).contains(&paper))
        });
        (lead && !number || of_papers) && name.first() == Some(&first.text.to_lowercase())
    };
    let whole = name.len() == 1;
    let counts = if in_lexicon { whole && (capital || led()) } else { long_enough };
    (usize::from(counts), usize::from(counts))
}

fn is_word(token: &Token, word: &str) -> bool {
    if token.kind == Kind::Mark {
        return false;
    }
    if token.folded == word {
        return true;
    }
    let same_start = token.folded.chars().next() == word.chars().next();
    let length = token.folded.chars().count();
    // Another digit is another name.
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let allowed =
        typo::allowed(length).filter(|_| length >= 5 && digits(&token.folded) == digits(word));
    same_start && allowed.is_some_and(|allowed| typo::distance(&token.folded, word) <= allowed)
}
