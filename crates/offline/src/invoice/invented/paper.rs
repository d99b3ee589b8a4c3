//! Paper to print invented words on, and the misreadings of a text reader.

use super::chance::Chance;
use domain::document::{Page, Region, TextSource, Word};

/// One page while it is printed; places in points.
pub struct Paper {
    pub width: i64,
    pub height: i64,
    words: Vec<Word>,
}

impl Paper {
    pub const fn of(width: i64, height: i64) -> Self {
        Self { width, height, words: Vec::new() }
    }

    /// Prints a text from the left; returns where it ends.
    pub fn left(&mut self, left: i64, top: i64, size: i64, text: &str) -> i64 {
        let mut at = left * 100;
        for word in text.split(' ') {
            let wide = width(word, size);
            if !word.is_empty() {
                let region = region(at, top * 100, at + wide, (top + size) * 100);
                self.words.push(Word { text: word.to_owned(), region, confidence: 100 });
            }
            at += wide + size * 28;
        }
        at / 100
    }

    /// Prints a text that ends at a place.
    pub fn right(&mut self, right: i64, top: i64, size: i64, text: &str) {
        self.left(right - wide(text, size), top, size, text);
    }

    /// Prints a text in the middle.
    pub fn centre(&mut self, top: i64, size: i64, text: &str) {
        self.left((self.width - wide(text, size)) / 2, top, size, text);
    }

    /// Gives the page as its own text layer.
    pub fn printed(self) -> Page {
        self.page(TextSource::TextLayer)
    }

    /// Gives the page as a text reader would see it.
    pub fn scanned(mut self, chance: &mut Chance, noise: i64) -> Page {
        let mut out: Vec<Word> = Vec::new();
        let slope = chance.between(-4, 4);
        let (mut row, mut tight) = (i32::MIN, false);
        for mut word in std::mem::take(&mut self.words) {
            if word.region.top != row {
                (row, tight) = (word.region.top, chance.percent(noise));
            }
            let sink = i32::try_from(i64::from(word.region.left) * slope / 1000).unwrap();
            let jitter = i32::try_from(chance.between(-60, 60)).unwrap();
            word.region.top += sink + jitter;
            word.region.bottom += sink + jitter;
            word.confidence = u8::try_from(chance.between(96, 99)).unwrap();
            if chance.between(0, 999) < noise * 10 {
                word.text = misread(&word.text, chance);
                word.confidence = u8::try_from(chance.between(55, 97)).unwrap();
            }
            let glued = out.last().is_some_and(|last| {
                let gap = word.region.left - last.region.right;
                (-100..600).contains(&gap) && last.region.top.abs_diff(word.region.top) < 300
            });
            match out.last_mut().filter(|_| glued && (tight || chance.percent(noise / 2))) {
                Some(last) => {
                    last.text.push_str(&word.text);
                    last.region.right = word.region.right;
                }
                None if !word.text.is_empty() => out.push(word),
                None => {}
            }
        }
        self.words = out;
        self.page(TextSource::Pixels)
    }

    fn page(self, source: TextSource) -> Page {
        let hundredths = |points: i64| i32::try_from(points * 100).unwrap();
        Page {
            width: hundredths(self.width),
            height: hundredths(self.height),
            source,
            words: self.words,
        }
    }
}

fn region(left: i64, top: i64, right: i64, bottom: i64) -> Region {
    let fit = |value: i64| i32::try_from(value).unwrap();
    Region { left: fit(left), top: fit(top), right: fit(right), bottom: fit(bottom) }
}

/// Returns how wide a text is, in points.
pub fn wide(text: &str, size: i64) -> i64 {
    let words: Vec<i64> = text.split(' ').map(|word| width(word, size)).collect();
    (words.iter().sum::<i64>() + i64::try_from(words.len() - 1).unwrap() * size * 28) / 100
}

fn width(word: &str, size: i64) -> i64 {
    let one = |c: char| match c {
        'i' | 'l' | 'j' | '.' | ',' | ':' | '\'' | 'I' | '|' | '!' => 27,
        'm' | 'w' | 'M' | 'W' => 82,
        c if c.is_uppercase() => 66,
        _ => 52,
    };
    word.chars().map(one).sum::<i64>() * size
}

const LOOK_ALIKE: [(&str, &str); 16] = [
    ("0", "O"),
    ("O", "0"),
    ("1", "l"),
    ("l", "I"),
    ("I", "1"),
    ("5", "S"),
    ("S", "5"),
    ("8", "B"),
    ("rn", "m"),
    ("m", "rn"),
    ("e", "c"),
    ("a", "o"),
    ("G", "6"),
    ("B", "8"),
    (".", ","),
    ("é", "e"),
];

fn misread(text: &str, chance: &mut Chance) -> String {
    let present: Vec<&(&str, &str)> =
        LOOK_ALIKE.iter().filter(|(right, _)| text.contains(right)).collect();
    let letters: Vec<char> = text.chars().collect();
    let at = usize::try_from(chance.between(0, i64::try_from(letters.len()).unwrap() - 1)).unwrap();
    match chance.between(0, 9) {
        0..=5 if !present.is_empty() => {
            let (right, wrong) = chance.pick(&present);
            text.replacen(right, wrong, 1)
        }
        6 | 7 if letters.len() > 3 && letters[at].is_alphabetic() => {
            letters.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, c)| *c).collect()
        }
        8 if letters[at].is_alphabetic() => {
            let doubled = letters.iter().enumerate();
            doubled.flat_map(|(i, c)| vec![*c; if i == at { 2 } else { 1 }]).collect()
        }
        _ => text.to_owned(),
    }
}
