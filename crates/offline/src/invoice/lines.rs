//! Words to lines, and lines to cells: text that stands together.

use super::{glued, misread::as_digits, spaced};
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
    let mut words: Vec<Word> = page
        .words
        .iter()
        .flat_map(glued::unbulleted)
        .flat_map(|word| glued::unglued(&word))
        .collect();
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
pub(super) fn folded(text: &str) -> String {
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
