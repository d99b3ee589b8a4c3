//! A sheet that is one invoice: laid out as the page that it would print, and read like one.

use crate::{invoice, number};
use domain::{
    dates::Date,
    document::{Cell, Page, Region, Table, TextSource, Word},
    reading::Reading,
};
use ports::model::Sheets;

/// A larger sheet is no form; its rows and columns that hold something are counted.
const MOST_ROWS: usize = 500;
/// Likewise.
const MOST_COLUMNS: usize = 60;

/// The room of a letter, in hundredths of a point.
const LETTER: i32 = 500;
/// The room between two words.
const BLANK: i32 = 300;
/// The height of letters.
const HEIGHT: i32 = 1_000;
/// From one line to the next.
const PITCH: i32 = 1_400;
/// The room between two columns.
const GUTTER: i32 = 2_000;
/// The margin of the page.
const MARGIN: i32 = 4_000;
/// Texts up to so many letters make their column wide enough for them.
const LABEL: usize = 24;

/// Returns what a sheet says as an invoice; nothing if it is none.
pub fn read(table: &Table, today: Date, locale: &str) -> Option<Reading> {
    let page = page(table)?;
    let sheets =
        Sheets { pages: vec![page], pictures: Vec::new(), today, locale: locale.to_owned() };
    Some(invoice::read(&sheets)).filter(Reading::is_invoice)
}

/// Returns the page that a sheet would print; nothing for one that is too large.
fn page(table: &Table) -> Option<Page> {
    let filled = table.rows.iter().filter(|row| row.iter().any(|cell| *cell != Cell::Empty));
    if filled.count() > MOST_ROWS {
        return None;
    }
    let columns = Columns::of(table)?;
    let mut words = Vec::new();
    let mut top = MARGIN;
    for row in &table.rows {
        let mut lines = 1;
        for (column, cell) in columns.list.iter().zip(row) {
            let Some(text) = column.shown(cell) else { continue };
            let mut under = 0_i32;
            for line in text.lines() {
                let at = top.saturating_add(under.saturating_mul(PITCH));
                column.put(line, at, &mut words);
                under = under.saturating_add(1);
            }
            lines = lines.max(under);
        }
        top = top.saturating_add(lines.saturating_mul(PITCH));
    }
    let (width, height) = (columns.width, top.saturating_add(MARGIN));
    Some(Page { width, height, source: TextSource::TextLayer, words })
}

/// Where the columns of a sheet stand on its page.
struct Columns {
    list: Vec<Column>,
    width: i32,
}

/// Where a column stands and how it shows its numbers.
struct Column {
    left: i32,
    right: i32,
    /// Whether amounts are in it: then all its numbers show two decimals.
    has_cents: bool,
}

impl Columns {
    fn of(table: &Table) -> Option<Self> {
        let count = table.rows.iter().map(Vec::len).max()?;
        let mut left = MARGIN;
        let mut list = Vec::new();
        for at in 0..count {
            let mut column = Column { left, right: left, has_cents: has_cents(table, at) };
            let letters = table.rows.iter().filter_map(|row| column.letters(row, at)).max();
            // A column that holds nothing takes no room.
            if let Some(letters) = letters {
                let room = i32::try_from(letters).ok()?.saturating_mul(LETTER);
                column.right = left.saturating_add(room);
                left = column.right.saturating_add(GUTTER);
            }
            list.push(column);
        }
        let used = list.iter().filter(|column| column.right > column.left).count();
        (used <= MOST_COLUMNS).then_some(Self { list, width: left.saturating_add(MARGIN) })
    }
}

impl Column {
    /// Returns how many letters a cell needs of its column: a long text runs over the empty cells
    /// beside it.
    fn letters(&self, row: &[Cell], at: usize) -> Option<usize> {
        let cell = row.get(at)?;
        let text = self.shown(cell)?;
        let longest = text.lines().map(|line| line.chars().count()).max()?;
        let beside = row.get(at.saturating_add(1)).is_none_or(|cell| *cell == Cell::Empty);
        let runs_over = beside && matches!(cell, Cell::Text(_)) && longest > LABEL;
        Some(if runs_over { LABEL } else { longest })
    }

    fn shown(&self, cell: &Cell) -> Option<String> {
        match cell {
            Cell::Empty => None,
            Cell::Text(text) => Some(text.clone()),
            Cell::Date(day) => Some(day.to_string()),
            Cell::Number(number) => {
                let mut number = number.normalize();
                if self.has_cents && number.scale() <= 2 {
                    number.rescale(2);
                }
                Some(number.to_string())
            }
        }
    }

    /// Puts the words of a line at a height: amounts end where their column ends.
    fn put(&self, line: &str, top: i32, words: &mut Vec<Word>) {
        let texts: Vec<&str> = line.split_whitespace().collect();
        let room: i32 = texts.iter().map(|text| wide(text).saturating_add(BLANK)).sum();
        let is_amount = !number::readings(line.trim()).is_empty();
        let mut left = self.left;
        if is_amount {
            left = left.max(self.right.saturating_sub(room.saturating_sub(BLANK)));
        }
        for text in texts {
            let right = left.saturating_add(wide(text));
            let region = Region { left, top, right, bottom: top.saturating_add(HEIGHT) };
            words.push(Word { text: text.to_owned(), region, confidence: 100 });
            left = right.saturating_add(BLANK);
        }
    }
}

fn has_cents(table: &Table, column: usize) -> bool {
    table.rows.iter().filter_map(|row| row.get(column)).any(|cell| match cell {
        Cell::Number(number) => matches!(number.normalize().scale(), 1 | 2),
        _ => false,
    })
}

fn wide(text: &str) -> i32 {
    i32::try_from(text.chars().count()).unwrap_or(i32::MAX).saturating_mul(LETTER)
}
