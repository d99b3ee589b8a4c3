//! Words to lines, and lines to cells: text that stands together.

use super::{
    lexicon::{Role, is_number_sign, lexicon},
    misread::as_digits,
    spaced,
};
use crate::number::percent;
use domain::{
    document::{Page, Region, TextSource, Word},
    names::fold,
};
use rust_decimal::Decimal;

/// A word with what is known of its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// As it stands on the page.
    pub text: String,
    /// Folded for comparison; empty for pure punctuation.
    pub folded: String,
    /// Where.
    pub region: Region,
    /// How sure its letters are, 0 to 100.
    pub confidence: u8,
    /// Which cell of its line it belongs to.
    pub cell: usize,
}

/// The words of a cell of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Its first word.
    pub from: usize,
    /// The word after its last.
    pub to: usize,
    /// Where.
    pub region: Region,
}

/// Words on one line, from left to right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The page, from 1.
    pub page: u32,
    /// The words; never empty.
    pub tokens: Vec<Token>,
    /// The place of all of them.
    pub region: Region,
}

/// A whole document as lines, from top to bottom.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The lines.
    pub lines: Vec<Line>,
    /// The size of the first page.
    pub size: (i32, i32),
    /// Whether any page was read from pixels.
    pub from_pixels: bool,
}

impl Layout {
    /// Arranges the words of pages.
    #[must_use]
    pub fn of(pages: &[Page]) -> Self {
        let mut lines = Vec::new();
        for (page, number) in pages.iter().zip(1_u32..) {
            lines.extend(lines_of(page, number));
        }
        Self {
            lines,
            size: pages.first().map_or((1, 1), |page| (page.width.max(1), page.height.max(1))),
            from_pixels: pages.iter().any(|page| page.source == TextSource::Pixels),
        }
    }

    /// Returns all folded words, in reading order.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let folded = self.lines.iter().flat_map(|line| &line.tokens).map(|token| &token.folded);
        folded
            .flat_map(|text| text.split(' '))
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// Returns the usual height of letters, at least 1.
    #[must_use]
    pub fn letter_height(&self) -> i32 {
        let tokens = self.lines.iter().flat_map(|line| &line.tokens);
        let mut heights: Vec<i32> = tokens.map(|token| height(token.region)).collect();
        heights.sort_unstable();
        heights.get(heights.len() / 2).copied().unwrap_or(1)
    }

    /// Returns how far down its page a line stands, in thousandths.
    #[must_use]
    pub fn depth(&self, line: &Line) -> i32 {
        line.region.top.saturating_mul(1000).checked_div(self.size.1).unwrap_or_default()
    }
}

impl Line {
    /// Returns the text of some of its words, from one up to but without another.
    #[must_use]
    pub fn text_between(&self, from: usize, to: usize) -> String {
        let words = self.tokens.iter().take(to).skip(from).map(|token| token.text.as_str());
        words.collect::<Vec<_>>().join(" ")
    }

    /// Returns its whole text.
    #[must_use]
    pub fn text(&self) -> String {
        self.text_between(0, self.tokens.len())
    }

    /// Returns its cells, from left to right.
    #[must_use]
    pub fn cell_spans(&self) -> Vec<Cell> {
        let mut cells: Vec<Cell> = Vec::new();
        let mut last = None;
        for (at, token) in self.tokens.iter().enumerate() {
            let to = at.saturating_add(1);
            match cells.last_mut() {
                Some(cell) if last == Some(token.cell) => {
                    cell.to = to;
                    cell.region = union(cell.region, token.region);
                }
                _ => cells.push(Cell { from: at, to, region: token.region }),
            }
            last = Some(token.cell);
        }
        cells
    }

    /// Returns its cells as texts with their places, from left to right.
    #[must_use]
    pub fn cells(&self) -> Vec<(String, Region)> {
        let spans = self.cell_spans().into_iter();
        spans.map(|cell| (self.text_between(cell.from, cell.to), cell.region)).collect()
    }

    /// Returns the percentages on it, as written: 19 for `19 %`.
    #[must_use]
    pub fn percentages(&self) -> Vec<Decimal> {
        let next = self.tokens.iter().skip(1).map(|token| token.text.as_str());
        let pairs = self.tokens.iter().zip(next.chain(std::iter::once("")));
        let read = |(token, next): (&Token, &str)| {
            let apart = (next == "%").then(|| format!("{}%", token.text));
            percent(apart.as_deref().unwrap_or(&token.text))
        };
        pairs.filter_map(read).collect()
    }
}

/// Returns the smallest region that holds two.
#[must_use]
pub fn union(one: Region, other: Region) -> Region {
    Region {
        left: one.left.min(other.left),
        top: one.top.min(other.top),
        right: one.right.max(other.right),
        bottom: one.bottom.max(other.bottom),
    }
}

/// Returns the height of a region, at least 1.
#[must_use]
pub fn height(region: Region) -> i32 {
    region.bottom.saturating_sub(region.top).max(1)
}

/// Returns whether two regions stand over one another, at least in part.
#[must_use]
pub fn share_column(one: Region, other: Region) -> bool {
    one.left < other.right && other.left < one.right
}

/// Chains words from left to right to the line whose last word overlaps most, so that a page may
/// be a little askew.
fn lines_of(page: &Page, number: u32) -> Vec<Line> {
    let mut words: Vec<Word> =
        page.words.iter().flat_map(unbulleted).flat_map(|word| unglued(&word)).collect();
    if page.source == TextSource::Pixels {
        words.iter_mut().for_each(mend);
    }
    words.sort_by_key(|word| (word.region.left, word.region.top));
    let mut rows: Vec<Vec<Token>> = Vec::new();
    for word in words {
        let token = Token {
            text: word.text.clone(),
            folded: folded(&word.text),
            region: word.region,
            confidence: word.confidence,
            cell: 0,
        };
        let home = rows
            .iter_mut()
            .filter_map(|row| {
                let last = row.last()?.region;
                let shared = overlap(last, token.region)?;
                Some((shared, row))
            })
            .max_by_key(|(shared, _)| *shared);
        match home {
            Some((_, row)) => row.push(token),
            None => rows.push(vec![token]),
        }
    }
    if page.source == TextSource::TextLayer {
        rows = rows.into_iter().map(spaced::closed).collect();
    }
    let mut lines: Vec<Line> = rows.into_iter().filter_map(|row| line_of(row, number)).collect();
    lines.sort_by_key(|line| (middle(line.region), line.region.left));
    lines
}

/// Returns whether a word is the sign for a number or a label of a number, a date or a kind.
fn is_named(word: &str) -> bool {
    let folded = folded(word);
    let lettered = word.len() >= 2 && word.chars().all(|c| c.is_alphabetic() || c == '.');
    let heads = |role: Role| {
        use Role::{Date, IsCreditNote, IsInvoice, IsReceipt, Number};
        matches!(role, Date | Number | IsInvoice | IsReceipt | IsCreditNote)
    };
    lettered
        && (is_number_sign(&folded)
            || lexicon().roles(&folded).iter().any(|(role, _)| heads(*role)))
}

/// Parts a label from the number or the date that touches it: `BelegnummerPN/118`, `Datum03.11.2026`,
/// `Steuernr.041/270/11836`.
fn labelled(text: &str) -> Option<(String, &str)> {
    let ends = text.char_indices().zip(text.chars().skip(1));
    let ends = ends.filter(|((_, c), next)| {
        (c.is_lowercase() || *c == '.') && (next.is_uppercase() || next.is_ascii_digit())
    });
    let ends: Vec<(usize, char)> = ends.map(|(end, _)| end).collect();
    ends.into_iter().rev().find_map(|(at, c)| {
        let (head, tail) = text.split_at_checked(at.saturating_add(c.len_utf8()))?;
        let digits = tail.chars().filter(char::is_ascii_digit).count();
        let least = if digits >= 4 { 4 } else { 6 };
        let named = fold(head);
        let is_of = |wanted: Role, least: u8| {
            let mut roles = lexicon().roles(&named).iter();
            roles.any(|(role, weight)| *role == wanted && *weight >= least)
        };
        let numbered = head.len() >= 6 && digits > 0 && is_of(Role::Number, least);
        let taxed = digits >= 7 && is_of(Role::TaxId, 7);
        let words = head.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-'));
        let dated = head.len() >= 4 && words && crate::date::parse(tail, &[], 2000).is_some();
        (numbered || taxed || dated).then(|| (head.to_owned(), tail))
    })
}

/// Parts two fields at the dot between them: `08-10-2026·Due:`.
fn unbulleted(word: &Word) -> Vec<Word> {
    match word.text.split_once('·').filter(|(one, other)| !one.is_empty() && !other.is_empty()) {
        Some((one, other)) => apart(word, &[one, "·", other]),
        None => vec![word.clone()],
    }
}

/// Parts a label from the value that is glued to it by a colon, as in `Date:12/03/2018`, and an
/// amount from the class of its tax, as in `1,99A`.
fn unglued(word: &Word) -> Vec<Word> {
    let parted = word.text.split_once(':').filter(|(label, value)| {
        let named = label.ends_with(|c: char| c.is_alphabetic() || matches!(c, ')' | '.' | '#'));
        named && !value.is_empty() && !value.starts_with('/')
    });
    let parted = parted.map(|(label, value)| (format!("{label}:"), value));
    let classed = || {
        let (head, class) = word.text.split_at_checked(word.text.len().checked_sub(1)?)?;
        let money = crate::number::readings(head).iter().any(|amount| amount.decimals == 2);
        let letter = class.starts_with(|c: char| matches!(c, 'A'..='H' | '*' | '#'));
        (money && letter && head.ends_with(|c: char| c.is_ascii_digit()))
            .then(|| (head.to_owned(), class))
    };
    // `3,90=0,62`: two amounts; `A=19%`: the sign of a rate in the rows above.
    let equal = word.text.split_once('=').filter(|(one, other)| {
        let is_money = |text: &str| crate::number::readings(text).iter().any(|a| a.decimals == 2);
        (is_money(one) && is_money(other)) || (one.len() == 1 && percent(other).is_some())
    });
    if let Some((one, other)) = equal {
        return apart(word, &[one, "=", other]);
    }
    // `IVA(19%)`, `IGST@18%`: the name of a tax and its rate.
    let rated = || {
        let at = word.text.find(['(', '@']).filter(|at| *at >= 2)?;
        let (name, rate) = word.text.split_at_checked(at)?;
        let plain = rate.trim_start_matches(['(', '@']).trim_end_matches(')');
        let lettered = name.chars().all(|c| c.is_alphabetic() || c == '.');
        (lettered && percent(plain).is_some()).then(|| (name.to_owned(), rate))
    };
    // `Invoice no./Date`, `Recibo/Fatura` are two labels and their mark.
    let doubled = word.text.split_once('/').filter(|(one, other)| is_named(one) && is_named(other));
    if let Some((one, other)) = doubled {
        return apart(word, &[one, "/", other]);
    }
    match parted.or_else(classed).or_else(rated).or_else(|| labelled(&word.text)) {
        Some((label, value)) => apart(word, &[&label, value]),
        None => vec![word.clone()],
    }
}

/// Parts a word, each part as wide as its letters.
fn apart(word: &Word, parts: &[&str]) -> Vec<Word> {
    let count = |text: &str| i32::try_from(text.chars().count()).unwrap_or(i32::MAX);
    let width = word.region.right.saturating_sub(word.region.left);
    let whole: i32 = parts.iter().map(|part| count(part)).fold(0, i32::saturating_add);
    let mut before = 0_i32;
    let mut edge = word.region.left;
    let mut words = Vec::new();
    for part in parts {
        before = before.saturating_add(count(part));
        let share = width.saturating_mul(before).checked_div(whole).unwrap_or_default();
        let right = word.region.left.saturating_add(share);
        let region = Region { left: edge, right, ..word.region };
        words.push(Word { text: (*part).to_owned(), region, confidence: word.confidence });
        edge = right;
    }
    words
}

/// Gives a number back the digits that were read as letters, with less certainty.
fn mend(word: &mut Word) {
    if let Some(text) = as_digits(&word.text) {
        word.text = text;
        word.confidence = word.confidence.min(80);
    }
}

/// Returns by how much two words share their height, in hundredths of the smaller one; nothing
/// for half or less, or where they lie over one another.
fn overlap(last: Region, next: Region) -> Option<i32> {
    let shared = last.bottom.min(next.bottom).saturating_sub(last.top.max(next.top));
    let smaller = height(last).min(height(next));
    let share = shared.saturating_mul(100).checked_div(smaller)?;
    let covered = last.right.saturating_sub(next.left) > height(next);
    (share > 50 && !covered).then_some(share)
}

fn middle(region: Region) -> i32 {
    region.top.midpoint(region.bottom)
}

fn line_of(mut tokens: Vec<Token>, page: u32) -> Option<Line> {
    let region = tokens.iter().map(|token| token.region).reduce(union)?;
    let mut cell = 0_usize;
    let mut right: Option<i32> = None;
    for token in &mut tokens {
        let gap = right.map_or(0, |right| token.region.left.saturating_sub(right));
        if gap > height(token.region).saturating_mul(13).checked_div(10).unwrap_or(0) {
            cell = cell.saturating_add(1);
        }
        token.cell = cell;
        right = Some(right.unwrap_or(token.region.right).max(token.region.right));
    }
    Some(Line { page, tokens, region })
}

/// Folds a word; `n.º` and `#` are signs for a number as `nº` is.
fn folded(text: &str) -> String {
    match fold(text) {
        sign if sign == "n o" || (sign.is_empty() && text.starts_with('#')) => "no".to_owned(),
        word => word,
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "positions of invented words")]
mod tests {
    use super::*;

    fn word(text: &str, left: i32, top: i32) -> Word {
        let width = i32::try_from(text.len()).unwrap() * 600;
        let region = Region { left, top, right: left + width, bottom: top + 1000 };
        Word { text: text.to_owned(), region, confidence: 100 }
    }

    #[test]
    fn words_of_an_askew_page_keep_to_their_lines() {
        let words = vec![
            word("Total", 1000, 1000),
            word("due", 5000, 1200),
            word("12.50", 30_000, 1450),
            word("Cash", 1000, 2600),
            word("20.00", 30_000, 2900),
        ];
        let page = Page { width: 50_000, height: 50_000, source: TextSource::Pixels, words };
        let layout = Layout::of(&[page]);
        let texts: Vec<String> = layout.lines.iter().map(Line::text).collect();
        assert_eq!(texts, ["Total due 12.50", "Cash 20.00"]);
        let cells: Vec<String> =
            layout.lines[0].cells().into_iter().map(|(text, _)| text).collect();
        assert_eq!(cells, ["Total due", "12.50"]);
    }
}
