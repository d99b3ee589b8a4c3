//! What really stands on a document's pages: whether a value that somebody claims occurs there.

use super::printed;
use domain::{
    dates::Date,
    document::{Page, TextSource},
    names::fold,
};
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// The words of a document, made comparable.
#[derive(Debug, Default)]
pub struct Paper {
    /// Folded words.
    words: BTreeSet<String>,
    /// The digits of each word, and of two or three that stand beside one another, since some
    /// numbers are printed with blanks.
    digits: BTreeSet<String>,
    /// The words as they stand, one after the other, for dates.
    row: Vec<String>,
    /// All letters and digits one after the other.
    letters: String,
    /// Whether all letters were written by a program, none made out of pixels.
    is_certain: bool,
    /// Whether a second reader was shown the pages themselves.
    was_shown: bool,
}

impl Paper {
    /// Takes in the words of pages, which a second reader was shown as pictures or not.
    #[must_use]
    pub fn of(pages: &[Page], was_shown: bool) -> Self {
        let by_program =
            |page: &Page| page.source == TextSource::TextLayer && !page.words.is_empty();
        let is_certain = !pages.is_empty() && pages.iter().all(by_program);
        let mut paper = Self { is_certain, was_shown, ..Self::default() };
        for page in pages {
            let texts: Vec<&str> = page.words.iter().map(|word| word.text.as_str()).collect();
            for text in &texts {
                let folded = fold(text);
                paper.words.extend(folded.split(' ').map(str::to_owned));
                paper.row.push((*text).to_owned());
                paper.letters.push_str(&compact(text));
            }
            for many in 1..=3 {
                let joined = texts.windows(many).map(|texts| digits_of(&texts.concat()));
                paper.digits.extend(joined.filter(|digits| !digits.is_empty()));
            }
        }
        paper
    }

    /// Returns whether two readers who agree prove a value: not if both had the same letters of
    /// a machine before them, which may be misread.
    #[must_use]
    pub const fn is_seen_twice(&self) -> bool {
        self.was_shown || self.is_certain
    }

    /// Returns whether what does not stand here does not stand on the document either.
    #[must_use]
    pub const fn is_certain(&self) -> bool {
        self.is_certain
    }

    /// Returns whether every word of a text stands somewhere.
    #[must_use]
    pub fn has_text(&self, text: &str) -> bool {
        let folded = fold(text);
        let by_words = folded.split(' ').all(|word| self.words.contains(word));
        !folded.is_empty() && (by_words || self.letters.contains(&compact(text)))
    }

    /// Returns whether an amount is printed, with or without decimals and with any separators.
    #[must_use]
    pub fn has_amount(&self, amount: Decimal) -> bool {
        let amount = amount.abs().normalize();
        let mut shown = vec![amount.to_string()];
        if amount.scale() <= 2 {
            let mut padded = amount;
            padded.rescale(2);
            shown.push(padded.to_string());
        }
        shown.iter().any(|text| self.digits.contains(&digits_of(text)))
    }

    /// Returns whether a date is printed, its parts beside one another; months have many names.
    #[must_use]
    pub fn has_date(&self, date: Date) -> bool {
        let words: Vec<&str> = self.row.iter().map(String::as_str).collect();
        printed::shows(&words, date)
    }
}

fn compact(text: &str) -> String {
    fold(text).replace(' ', "")
}

/// Returns a group of digits without zeros before it.
fn bare(group: &str) -> String {
    group.trim_start_matches('0').to_owned()
}

fn digits_of(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    bare(&digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        dates::date,
        document::{Region, Word},
    };

    fn paper(text: &str) -> Paper {
        let word =
            |text: &str| Word { text: text.to_owned(), region: Region::default(), confidence: 100 };
        let words = text.split_whitespace().map(word).collect();
        Paper::of(&[Page { width: 1, height: 1, source: TextSource::TextLayer, words }], false)
    }

    #[test]
    fn names_are_found_by_their_words() {
        let paper = paper("Bäckerei KRUME GmbH & Co. KG · DE 812 345 678");
        assert!(paper.has_text("Backerei Krume"));
        assert!(paper.has_text("DE812345678"));
        assert!(!paper.has_text("Evil Krume"));
        assert!(!paper.has_text(" - "));
    }

    #[test]
    fn amounts_are_found_however_they_are_printed() {
        let amount = |text: &str| text.parse::<Decimal>().unwrap();
        for printed in ["1.234,50 EUR", "$1,234.50", "1 234,50", "1'234.5", "total:1234.50"] {
            assert!(paper(printed).has_amount(amount("1234.5")), "{printed}");
        }
        assert!(paper("45 EUR").has_amount(amount("45.00")));
        assert!(paper("0,99").has_amount(amount("0.99")));
        assert!(!paper("1.234,51").has_amount(amount("1234.50")));
    }

    #[test]
    fn dates_are_found_whole() {
        for printed in ["03.05.2025", "3 May 2025", "5/3/25", "20250503", "2025-05-03T10:11"] {
            assert!(paper(printed).has_date(date(2025, 5, 3)), "{printed}");
        }
        assert!(paper("2025年5月3日").has_date(date(2025, 5, 3)));
        // Its day and its year stand there, but not beside one another.
        for other in ["04.05.2025", "05/11/2025 3 Espresso 4,20", "11 May 2025 Table 3"] {
            assert!(!paper(other).has_date(date(2025, 5, 3)), "{other}");
        }
    }
}
