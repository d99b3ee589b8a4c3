//! Bars below each other, the largest first, each with its whole value.

use super::{
    Anchor, Area, Axis, Bar, Chart, GAP, Head, INK, LABELS, Letters, Line, MARGIN, MARKS, Paper,
    QUIET, WIDTH, float, stride, values, widest,
};
use crate::{
    PressFault,
    chart::paper::{ACCENT, BELOW, HAIRLINE},
};
use rust_decimal::Decimal;
use std::cmp::Reverse;

const MOST_STEPS: i16 = 6;
const WIDEST_LABEL: f32 = 400.0;
const WIDEST_VALUE: f32 = 330.0;
/// The height of a row of one bar, and of all the rows of many.
const TALLEST_ROW: f32 = 96.0;
const ALL_ROWS: f32 = 740.0;
/// The share of a row that its bar fills.
const FILLED: f32 = 0.62;
/// The room for the numbers below the rows.
const MARK_ROOM: f32 = 48.0;

/// Where the bars stand.
struct Plot {
    area: Area,
    axis: Axis,
    row: f32,
}

impl Plot {
    fn middle(&self, at: usize) -> f32 {
        self.area.top + (float(at) + 0.5) * self.row
    }

    fn rule(&self, x: f32, thickness: f32) -> Area {
        Area { left: x - thickness / 2.0, right: x + thickness / 2.0, ..self.area }
    }

    fn x_at(&self, share: f32) -> f32 {
        self.area.left + share * self.area.width()
    }
}

pub(super) fn draw<'a>(letters: &'a Letters, chart: &Chart) -> Result<Paper<'a>, PressFault> {
    let mut bars: Vec<&Bar> = chart.bars.iter().collect();
    bars.sort_by_key(|bar| Reverse(bar.value));
    bars.truncate(Chart::MOST_ROWS);
    let amounts: Vec<Decimal> = bars.iter().map(|bar| bar.value).collect();
    let axis = Axis::of(&amounts, MOST_STEPS);
    let marks: Vec<Line> =
        axis.marks().map(|mark| letters.line(&axis.number(mark, chart.language), MARKS)).collect();
    let head = Head::of(letters, chart, &axis);
    let labels: Vec<Line> =
        bars.iter().map(|bar| letters.fitted(&bar.label, LABELS, WIDEST_LABEL)).collect();
    let values = values(letters, &bars, WIDEST_VALUE).unwrap_or_default();

    let count = float(bars.len().max(1));
    let row = (ALL_ROWS / count).min(TALLEST_ROW);
    let top = head.bottom + GAP;
    let (left, right) = sides(&bars, &labels, &values, widest(&marks));
    let area = Area { left, top, right, bottom: top + row * count };
    let plot = Plot { area, axis, row };

    let mut paper = Paper::new(letters, height(&area), chart.right_to_left)?;
    head.draw(&mut paper);
    draw_grid(&mut paper, &plot, &marks);
    draw_bars(&mut paper, &plot, &bars, &values);
    for (at, label) in labels.iter().enumerate() {
        let y = plot.middle(at) + LABELS.size * 0.36;
        paper.write(label, MARGIN, y, (Anchor::Start, INK));
    }
    Ok(paper)
}

/// Returns where the bars may begin and end: labels before them, values at their ends.
fn sides(bars: &[&Bar], labels: &[Line], values: &[Line], mark: f32) -> (f32, f32) {
    let room = |is_below: bool| {
        let at_end = bars.iter().zip(values);
        let lines = at_end.filter(|(bar, _)| (bar.value < Decimal::ZERO) == is_below);
        match widest(lines.map(|(_, line)| line)) {
            0.0 => 0.0,
            width => width + GAP,
        }
    };
    // Half of the last number on the axis stands beyond it.
    let after = room(false).max(mark / 2.0 - MARGIN / 2.0);
    (MARGIN + widest(labels) + GAP + room(true), f32::from(WIDTH) - MARGIN - after)
}

/// The picture ends below its rows: few of them make a low one.
fn height(area: &Area) -> u16 {
    let wanted = area.bottom + MARK_ROOM + MARGIN;
    let steps = (320..WIDTH).step_by(20);
    steps.into_iter().find(|height| f32::from(*height) >= wanted).unwrap_or(WIDTH)
}

fn draw_grid(paper: &mut Paper<'_>, plot: &Plot, marks: &[Line]) {
    let place = plot.area.width() / f32::from(plot.axis.high.saturating_sub(plot.axis.low).max(1));
    let step = stride(widest(marks), place, marks.len());
    // Counted from zero, so that zero always has its number.
    let is_written = |mark: i16| usize::from(mark.unsigned_abs()).is_multiple_of(step);
    for (mark, line) in plot.axis.marks().zip(marks) {
        let x = plot.x_at(plot.axis.place(mark)).round();
        paper.fill(plot.rule(x, 2.0), HAIRLINE);
        if is_written(mark) {
            paper.write(line, x, plot.area.bottom + MARK_ROOM, (Anchor::Middle, QUIET));
        }
    }
}

fn draw_bars(paper: &mut Paper<'_>, plot: &Plot, bars: &[&Bar], values: &[Line]) {
    let half = plot.row * FILLED / 2.0;
    let zero = plot.x_at(plot.axis.place(0)).round();
    for (at, bar) in bars.iter().enumerate() {
        let (middle, end) = (plot.middle(at), plot.x_at(plot.axis.place_of(bar.value)));
        let (top, bottom) = ((middle - half).round(), (middle + half).round());
        let is_below = bar.value < Decimal::ZERO;
        if is_below {
            paper.bar(Area { left: end, right: zero, top, bottom }, BELOW);
        } else {
            paper.bar(Area { left: zero, right: end, top, bottom }, ACCENT);
        }
        if let Some(line) = values.get(at) {
            let y = middle + line.size * 0.36;
            let (x, anchor) =
                if is_below { (end - GAP, Anchor::End) } else { (end + GAP, Anchor::Start) };
            paper.write_over(line, x, y, (anchor, INK));
        }
    }
    paper.fill(plot.rule(zero, 3.0), QUIET);
}
