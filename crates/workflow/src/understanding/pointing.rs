//! Which row of the list on screen does this text point at? "The second one is paid", "segna l'ultima
//! come pagata".
//!
//! What points is data, and stands for "this one" in the same language: the grammar reads the sentence
//! with that in its place.

use crate::words::{self, Pointing};
use domain::names::fold;

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// So many rows from the top, the first one being none.
    Nth(usize),
    /// At the end.
    Last,
}

impl Place {
    /// Returns the row of this place.
    pub fn of<T: Copy>(self, rows: &[T]) -> Option<T> {
        match self {
            Self::Nth(place) => rows.get(place).copied(),
            Self::Last => rows.last().copied(),
        }
    }
}

/// What a text points at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointed {
    /// The row.
    pub place: Place,
    /// The text with "this one" in the place of the words that point.
    pub text: String,
    /// Whether it does nothing but point.
    pub alone: bool,
}

/// Returns what a text points at, by the longest words that do.
pub fn of(text: &str) -> Option<Pointed> {
    let tokens = tokens(text);
    let all = words::all().iter().map(|words| &words.pointing);
    let phrases = all.flat_map(|pointing| {
        let places = (0..).zip(&pointing.places);
        let nth =
            places.flat_map(|(place, said)| said.iter().map(move |said| (Place::Nth(place), said)));
        let last = pointing.last.iter().map(|said| (Place::Last, said));
        nth.chain(last).map(move |(place, said)| (pointing, place, said))
    });
    let found = phrases.filter_map(|(pointing, place, said)| {
        let length = said.split(' ').count();
        let at = tokens
            .windows(length)
            .position(|run| run.iter().map(|token| &token.folded).eq(said.split(' ')))?;
        Some((length, at, pointing, place))
    });
    let (length, at, pointing, place) = found.max_by_key(|(length, ..)| *length)?;
    let (first, last) = (tokens.get(at)?, tokens.get(at.saturating_add(length).checked_sub(1)?)?);
    let Pointing { it, .. } = pointing;
    let text = format!("{}{it}{}", text.get(..first.start)?, text.get(last.end..)?);
    Some(Pointed { place, text, alone: length == tokens.len() })
}

/// A word and where it stands, in bytes.
struct Token {
    start: usize,
    end: usize,
    folded: String,
}

/// Returns the words of a text, cut at spaces and at what stands between words.
fn tokens(text: &str) -> Vec<Token> {
    let cuts = |c: char| c.is_whitespace() || ",.;:!?¡¿؟،'’\"“”«»()".contains(c);
    let mut tokens = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        if !cuts(c) {
            continue;
        }
        let word = text.get(start..at).unwrap_or_default();
        if !word.is_empty() {
            tokens.push(Token { start, end: at, folded: fold(word) });
        }
        start = at.saturating_add(c.len_utf8());
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_pointed_at_in_every_language() {
        let first = Place::Nth(0);
        let second = Place::Nth(1);
        for (text, place, rest) in [
            ("the second one is paid", second, "this one is paid"),
            ("mark the last one as paid!", Place::Last, "mark this one as paid!"),
            ("the last invoice is paid", Place::Last, "this one is paid"),
            ("marca la primera como pagada", first, "marca esta como pagada"),
            ("a última está paga", Place::Last, "esta está paga"),
            ("la deuxième est payée", second, "celle-ci est payée"),
            ("markiere die zweite als bezahlt", second, "markiere diese als bezahlt"),
            ("segna l'ultima come pagata", Place::Last, "segna questa come pagata"),
            ("de laatste is betaald", Place::Last, "deze is betaald"),
            ("الثانية مدفوعة", second, "هذه مدفوعة"),
            ("दूसरा वाला चुका दिया गया है", second, "यह चुका दिया गया है"),
        ] {
            let pointed = Pointed { place, text: rest.to_owned(), alone: false };
            assert_eq!(of(text), Some(pointed), "{text}");
        }
        for text in ["it is paid", "paid on the first", "last month"] {
            assert_eq!(of(text), None, "{text}");
        }
        assert!(of("The last one.").is_some_and(|pointed| pointed.alone));
    }

    #[test]
    fn a_place_beyond_the_list_is_none_of_it() {
        assert_eq!(Place::Nth(1).of(&[1, 2]), Some(2));
        assert_eq!(Place::Last.of(&[1, 2]), Some(2));
        assert_eq!(Place::Nth(2).of(&[1, 2]), None);
    }
}
