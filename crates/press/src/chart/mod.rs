//! Answers as pictures: columns over time, or bars by group, as PNG.
//!
//! Whoever asks for a chart has added up, grouped and worded everything in it; here nothing is
//! computed but places. A picture is read on a phone, so its letters are large and its texts few:
//! what has no room is shortened or left out, and numbers are never shortened.

mod axis;
mod columns;
mod letters;
mod paper;
mod rows;

use crate::{PressFault, printable};
use axis::Axis;
use domain::tenant::Language;
use letters::{Letters, Line, Style};
use paper::{Anchor, Area, INK, Paper, QUIET, WIDTH};
use rust_decimal::Decimal;

/// The space around everything, in pixels.
const MARGIN: f32 = 56.0;
/// The space between a text and what it belongs to.
const GAP: f32 = 18.0;
const TITLE: Style = Style { size: 44.0, strong: true };
const UNIT: Style = Style { size: 30.0, strong: false };
const MARKS: Style = Style { size: 28.0, strong: false };
const LABELS: Style = Style { size: 30.0, strong: false };
/// The sizes of the values at the bars: the second where the first has no room.
const VALUES: [Style; 2] = [Style { size: 28.0, strong: true }, Style { size: 24.0, strong: true }];

/// How the bars of a chart stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Columns in the order given, which is that of time; the last [`Chart::MOST_COLUMNS`].
    OverTime,
    /// Bars below each other, the largest first; the first [`Chart::MOST_ROWS`].
    ByGroup,
}

/// One bar of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it stands for, such as a month or a vendor; shortened where there is no room.
    pub label: String,
    /// How long it is; below zero it points the other way.
    pub value: Decimal,
    /// The value as people are to read it; printed whole or not at all.
    pub printed: String,
}

/// A chart of one currency, or of one kind of thing that is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// What is shown, in one sentence; takes two lines at most.
    pub title: String,
    /// What the numbers on the axis are, such as `EUR`; may be empty.
    pub unit: String,
    /// How the bars stand.
    pub layout: Layout,
    /// The bars; may be none.
    pub bars: Vec<Bar>,
    /// Whose habits the numbers on the axis follow.
    pub language: Language,
    /// Whether the whole picture is read from right to left, as in Arabic: the earliest column
    /// and the beginnings of bars are on the right.
    pub right_to_left: bool,
}

impl Chart {
    /// The most columns over time.
    pub const MOST_COLUMNS: usize = 36;
    /// The most bars by group.
    pub const MOST_ROWS: usize = 12;
}

/// Returns a chart as a PNG picture, 1280 pixels wide and at most as high as wide.
///
/// The same chart gives the same bytes. Texts are printed literally, without what cannot be seen;
/// letters that no font of ours has become empty boxes. Takes some ten milliseconds of processor
/// time and blocks the thread.
///
/// # Errors
///
/// [`PressFault::Write`] if the picture cannot be packed.
pub fn chart_png(chart: &Chart) -> Result<Vec<u8>, PressFault> {
    let letters = Letters::open();
    match chart.layout {
        Layout::OverTime => columns::draw(&letters, chart)?.png(),
        Layout::ByGroup => rows::draw(&letters, chart)?.png(),
    }
}

/// What stands above the bars.
struct Head {
    title: Vec<Line>,
    unit: Line,
    /// Where it ends, in pixels.
    bottom: f32,
}

impl Head {
    fn of(letters: &Letters, chart: &Chart, axis: &Axis) -> Self {
        let room = f32::from(WIDTH) - 2.0 * MARGIN;
        let title = letters.wrapped(&chart.title, TITLE, room);
        let unit = printable::unbroken(&chart.unit);
        let unit = match axis.divisor(chart.language) {
            Some(divisor) => format!("{unit} × {divisor}"),
            None => unit,
        };
        let height = float(title.len()) * TITLE.size * 1.25 + UNIT.size * 1.4;
        Self { title, unit: letters.fitted(&unit, UNIT, room), bottom: MARGIN - 16.0 + height }
    }

    fn draw(&self, paper: &mut Paper<'_>) {
        let mut y = MARGIN - 16.0;
        for line in &self.title {
            y += TITLE.size * 1.25;
            paper.write(line, MARGIN, y - TITLE.size * 0.25, (Anchor::Start, INK));
        }
        paper.write(&self.unit, MARGIN, y + UNIT.size, (Anchor::Start, QUIET));
    }
}

fn widest<'a>(lines: impl IntoIterator<Item = &'a Line>) -> f32 {
    lines.into_iter().fold(0.0, |widest, line| line.width.max(widest))
}

/// Lays values out in the larger size in which all of them have room; nothing if none does.
fn values(letters: &Letters, bars: &[&Bar], room: f32) -> Option<Vec<Line>> {
    let texts: Vec<String> = bars.iter().map(|bar| printable::unbroken(&bar.printed)).collect();
    VALUES.into_iter().find_map(|style| {
        let fits = |text: &String| {
            // What is longer cannot fit, and is not worth the work of laying it out.
            let line = (text.len() < 200).then(|| letters.line(text, style));
            line.filter(|line| line.width <= room)
        };
        texts.iter().map(fits).collect()
    })
}

/// Returns how many places each label takes so that none touches the next, in numbers that
/// divide a year.
fn stride(widest: f32, place: f32, count: usize) -> usize {
    let fits = |stride: &usize| widest + GAP <= float(*stride) * place;
    [1, 2, 3, 4, 6, 12].into_iter().find(fits).unwrap_or_else(|| count.max(1))
}

/// Returns a small number of things as a number of pixels can be computed with.
fn float(count: usize) -> f32 {
    u16::try_from(count).map_or(f32::from(u16::MAX), f32::from)
}

#[cfg(test)]
mod tests;
