//! Words whose letters a design sets apart: `D U E D AT E` is `DUE DATE`.

use super::lines::{Token, height, union};
use domain::names::fold;

/// Spaced print has so many parts in a row or more.
const FEWEST: usize = 3;
/// Its parts have so many letters at most; narrow letters stay together.
const PART: usize = 4;
/// A gap this much wider than the narrowest one parts words, in tenths.
const WIDER: i32 = 17;

/// Closes the gaps between the letters of spaced words, and keeps those between words.
pub fn closed(row: Vec<Token>) -> Vec<Token> {
    let mut closed: Vec<Token> = Vec::with_capacity(row.len());
    let mut run: Vec<Token> = Vec::new();
    for token in row {
        let near = run.last().is_none_or(|last| gap(last, &token) < height(token.region));
        if !is_part(&token) || !near {
            closed.extend(joined(std::mem::take(&mut run)));
        }
        if is_part(&token) { run.push(token) } else { closed.push(token) }
    }
    closed.extend(joined(run));
    closed
}

/// Returns whether a word may be some letters of a spaced one: few capitals, and a mark behind them.
fn is_part(token: &Token) -> bool {
    let letters = token.text.trim_end_matches(['/', ':', '#', '.']);
    (1..=PART).contains(&letters.chars().count())
        && letters.chars().all(|c| c.is_alphabetic() && c.is_uppercase())
}

const fn gap(one: &Token, next: &Token) -> i32 {
    next.region.left.saturating_sub(one.region.right)
}

/// Puts the parts of spaced words together; real words are longer than most parts.
fn joined(run: Vec<Token>) -> Vec<Token> {
    let single = run.iter().filter(|token| token.text.chars().count() == 1).count();
    let spaced = run.len() >= FEWEST && single.saturating_mul(2) >= run.len();
    let gaps = run.iter().zip(run.iter().skip(1)).map(|(one, next)| gap(one, next));
    let Some(narrowest) = gaps.min().filter(|gap| spaced && *gap > 0) else { return run };
    let widest = narrowest.saturating_mul(WIDER) / 10;
    let mut words: Vec<Token> = Vec::new();
    for token in run {
        match words.last_mut() {
            Some(word) if gap(word, &token) <= widest => {
                word.text.push_str(&token.text);
                word.region = union(word.region, token.region);
                word.confidence = word.confidence.min(token.confidence);
                word.folded = fold(&word.text);
            }
            _ => words.push(token),
        }
    }
    words
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "positions of invented words")]
mod tests {
    use super::*;
    use domain::document::Region;

    /// Parts with the gaps before them.
    fn row(parts: &[(&str, i32)]) -> Vec<Token> {
        let mut at = 0;
        let place = |&(text, gap): &(&str, i32)| {
            let left = at + gap;
            at = left + i32::try_from(text.len()).unwrap() * 600;
            let region = Region { left, top: 0, right: at, bottom: 1000 };
            Token { text: text.to_owned(), folded: fold(text), region, confidence: 100, cell: 0 }
        };
        parts.iter().map(place).collect()
    }

    fn texts(parts: &[(&str, i32)]) -> Vec<String> {
        closed(row(parts)).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn spaced_letters_are_words() {
        let spaced = [("D", 0), ("U", 250), ("E", 250), ("D", 620), ("AT", 250), ("E", 250)];
        assert_eq!(texts(&spaced), ["DUE", "DATE"]);
        let beside = [("S", 0), ("T", 250), ("AT", 250), ("U", 250), ("S", 250), ("SENT", 9000)];
        assert_eq!(texts(&beside), ["STATUS", "SENT"]);
        let marked = [("C", 0), ("I", 250), ("F/", 250), ("N", 250), ("I", 250), ("F:", 250)];
        assert_eq!(texts(&marked), ["CIF/NIF:"]);
    }

    #[test]
    fn words_and_initials_stay() {
        let words = [("TAX", 0), ("ID", 300), ("NO", 300), ("A", 300)];
        assert_eq!(texts(&words), ["TAX", "ID", "NO", "A"]);
        let initials = [("J.", 0), ("R.", 300), ("R.", 300), ("Hill", 300)];
        assert_eq!(texts(&initials), ["J.", "R.", "R.", "Hill"]);
    }
}
