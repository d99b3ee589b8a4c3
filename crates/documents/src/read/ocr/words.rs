//! Lines cut into words, each with its own place, level with the page.

use super::{
    geometry::{Point, float, hundredths, turned},
    recognise::{Letter, Line},
};
use domain::document::{Region, Word};

/// Middles of two letters of one word are never further apart than this, in line heights.
const WIDEST_STEP: f32 = 1.4;
/// Half the width of a letter where nothing tells it, in line heights.
const HALF_LETTER: f32 = 0.25;

/// Returns the words of a line; the page's angle is taken out of their places.
pub fn split(line: &Line, angle: f32, centre: Point) -> Vec<Word> {
    let step = WIDEST_STEP * line.quad.height() / line.quad.width().max(1.0);
    let mut words: Vec<Vec<&Letter>> = vec![Vec::new()];
    for letter in &line.letters {
        let far = words
            .last()
            .and_then(|word| word.last())
            .is_some_and(|before| letter.at - before.at > step);
        let blank = letter.text.trim().is_empty();
        if far || blank {
            words.push(Vec::new());
        }
        if let (false, Some(word)) = (blank, words.last_mut()) {
            word.push(letter);
        }
    }
    words.iter().filter_map(|letters| word(letters, line, angle, centre)).collect()
}

fn word(letters: &[&Letter], line: &Line, angle: f32, centre: Point) -> Option<Word> {
    let (first, last) = (letters.first()?, letters.last()?);
    let margin = half_letter(letters, line);
    let (from, to) = ((first.at - margin).max(0.0), (last.at + margin).min(1.0));
    Some(Word {
        text: letters.iter().map(|letter| letter.text).collect(),
        region: region(line, (from, to), angle, centre),
        confidence: percent(letters),
    })
}

/// Returns half the usual width of the word's letters, as a share of the line.
fn half_letter(letters: &[&Letter], line: &Line) -> f32 {
    let unknown = HALF_LETTER * line.quad.height() / line.quad.width().max(1.0);
    match letters {
        [first, .., last] => {
            let gaps = float(letters.len().saturating_sub(1));
            ((last.at - first.at) / gaps / 2.0).min(2.0 * unknown)
        }
        _ => unknown,
    }
}

/// Returns the box of a part of a line: its middle is turned with the page, its size kept.
fn region(line: &Line, (from, to): (f32, f32), angle: f32, centre: Point) -> Region {
    let middle = turned(line.quad.at(f32::midpoint(from, to), 0.5), centre, -angle);
    let width = (to - from).max(0.0) * line.quad.width() / 2.0;
    let height = line.quad.height() / 2.0;
    Region {
        left: hundredths(middle.0 - width),
        top: hundredths(middle.1 - height),
        right: hundredths(middle.0 + width),
        bottom: hundredths(middle.1 + height),
    }
}

#[expect(clippy::as_conversions, reason = "a clamped share of a hundred fits in eight bits")]
fn percent(letters: &[&Letter]) -> u8 {
    let sum: f32 = letters.iter().map(|letter| letter.probability).sum();
    (sum / float(letters.len().max(1)) * 100.0).clamp(0.0, 99.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::ocr::geometry::Quad;

    fn line(text: &[(&'static str, f32)]) -> Line {
        let letters =
            text.iter().map(|&(text, at)| Letter { text, at, probability: 0.9 }).collect();
        Line { quad: Quad([(100.0, 50.0), (300.0, 50.0), (300.0, 70.0), (100.0, 70.0)]), letters }
    }

    #[test]
    fn a_space_parts_two_words_and_each_has_its_place() {
        let line = line(&[("a", 0.05), ("b", 0.1), (" ", 0.15), ("c", 0.2), ("d", 0.25)]);
        let words = split(&line, 0.0, (0.0, 0.0));
        let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(texts, ["ab", "cd"]);
        assert_eq!(words[0].region, Region { left: 10500, top: 5000, right: 12500, bottom: 7000 });
        assert_eq!(words[1].region.left, 13500);
        assert_eq!(words[0].confidence, 90);
    }

    #[test]
    fn a_wide_gap_parts_two_words_without_a_space() {
        let words = split(&line(&[("T", 0.05), ("9", 0.9)]), 0.0, (0.0, 0.0));
        assert_eq!(words.len(), 2);
    }

    #[test]
    fn the_skew_of_the_page_is_taken_out() {
        let quad = Quad([(0.0, 0.0), (100.0, 10.0), (98.0, 30.0), (-2.0, 20.0)]);
        let letters = vec![
            Letter { text: "a", at: 0.1, probability: 1.0 },
            Letter { text: " ", at: 0.4, probability: 1.0 },
            Letter { text: "b", at: 0.9, probability: 1.0 },
        ];
        let line = Line { quad, letters };
        let words = split(&line, quad.angle(), (50.0, 50.0));
        assert!((words[0].region.top - words[1].region.top).abs() <= 100, "{words:?}");
    }

    #[test]
    fn a_line_of_spaces_has_no_words() {
        assert_eq!(split(&line(&[(" ", 0.1)]), 0.0, (0.0, 0.0)), Vec::new());
    }
}
