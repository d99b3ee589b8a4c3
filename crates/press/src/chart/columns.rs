//! Columns side by side, the earliest first.

use super::{
    Anchor, Area, Axis, Bar, Chart, GAP, Head, INK, LABELS, Letters, Line, MARGIN, MARKS, Paper,
    QUIET, WIDTH, float, stride, values, widest,
};
use crate::{
    PressFault,
    chart::paper::{ACCENT, BELOW, HAIRLINE},
};
use rust_decimal::Decimal;

const HEIGHT: u16 = 960;
const MOST_STEPS: i16 = 6;
/// The share of its place that a column fills, and the most pixels.
const FILLED: f32 = 0.68;
const THICKEST: f32 = 130.0;
/// The room for a value above or below its column, and for a label below all.
const VALUE_ROOM: f32 = 44.0;
const LABEL_ROOM: f32 = 52.0;
const WIDEST_LABEL: f32 = 220.0;

/// Where the columns stand.
struct Plot {
    area: Area,
    axis: Axis,
    /// The width of the place of one column.
    place: f32,
}

impl Plot {
    fn middle(&self, at: usize) -> f32 {
        self.area.left + (float(at) + 0.5) * self.place
    }

    fn rule(&self, y: f32, thickness: f32) -> Area {
        let (top, bottom) = (y - thickness / 2.0, y + thickness / 2.0);
        Area { top, bottom, right: f32::from(WIDTH) - MARGIN, ..self.area }
    }

    fn height_at(&self, share: f32) -> f32 {
        self.area.bottom - share * self.area.height()
    }
}

pub(super) fn draw<'a>(letters: &'a Letters, chart: &Chart) -> Result<Paper<'a>, PressFault> {
    let hidden = chart.bars.len().saturating_sub(Chart::MOST_COLUMNS);
    let bars: Vec<&Bar> = chart.bars.iter().skip(hidden).collect();
    let amounts: Vec<Decimal> = bars.iter().map(|bar| bar.value).collect();
    let axis = Axis::of(&amounts, MOST_STEPS);
    let marks: Vec<Line> =
        axis.marks().map(|mark| letters.line(&axis.number(mark, chart.language), MARKS)).collect();
    let head = Head::of(letters, chart, &axis);
    let labels: Vec<Line> =
        bars.iter().map(|bar| letters.fitted(&bar.label, LABELS, WIDEST_LABEL)).collect();
    let below = if axis.low < 0 { VALUE_ROOM } else { 0.0 };
    let area = Area {
        left: MARGIN + widest(&marks) + GAP,
        top: head.bottom + VALUE_ROOM + GAP,
        right: f32::from(WIDTH) - MARGIN,
        bottom: f32::from(HEIGHT) - MARGIN - LABEL_ROOM - below,
    };
    let plot = settled(area, axis, &labels);

    let mut paper = Paper::new(letters, HEIGHT, chart.right_to_left)?;
    head.draw(&mut paper);
    draw_grid(&mut paper, &plot, &marks);
    draw_columns(&mut paper, &plot, &bars);
    draw_values(&mut paper, &plot, letters, &bars);
    let step = stride(widest(&labels), plot.place, labels.len());
    for (at, label) in labels.iter().enumerate().step_by(step) {
        let y = plot.area.bottom + below + LABEL_ROOM;
        paper.write(label, plot.middle(at), y, (Anchor::Middle, INK));
    }
    Ok(paper)
}

/// The last label may be wider than its column's place, but not than the picture.
fn settled(mut area: Area, axis: Axis, labels: &[Line]) -> Plot {
    let count = float(labels.len().max(1));
    let overhang = widest(labels) / 2.0 - area.width() / count / 2.0 - MARGIN / 2.0;
    area.right -= overhang.max(0.0);
    let place = area.width() / count;
    Plot { area, axis, place }
}

fn draw_grid(paper: &mut Paper<'_>, plot: &Plot, marks: &[Line]) {
    for (mark, line) in plot.axis.marks().zip(marks) {
        let y = plot.height_at(plot.axis.place(mark)).round();
        paper.fill(plot.rule(y, 2.0), HAIRLINE);
        let base_line = y + MARKS.size * 0.36;
        paper.write(line, plot.area.left - GAP, base_line, (Anchor::End, QUIET));
    }
}

fn draw_columns(paper: &mut Paper<'_>, plot: &Plot, bars: &[&Bar]) {
    let half = (plot.place * FILLED).min(THICKEST) / 2.0;
    let zero = plot.height_at(plot.axis.place(0)).round();
    for (at, bar) in bars.iter().enumerate() {
        let (middle, end) = (plot.middle(at), plot.height_at(plot.axis.place_of(bar.value)));
        let (left, right) = ((middle - half).round(), (middle + half).round());
        if bar.value < Decimal::ZERO {
            paper.bar(Area { left, right, top: zero, bottom: end }, BELOW);
        } else {
            paper.bar(Area { left, right, top: end, bottom: zero }, ACCENT);
        }
    }
    paper.fill(plot.rule(zero, 3.0), QUIET);
}

/// Writes every value at its column where all have room, otherwise only the largest and lowest.
fn draw_values(paper: &mut Paper<'_>, plot: &Plot, letters: &Letters, bars: &[&Bar]) {
    if let Some(lines) = values(letters, bars, plot.place - GAP / 2.0) {
        for (at, (bar, line)) in bars.iter().zip(&lines).enumerate() {
            draw_value(paper, plot, (at, bar), line);
        }
        return;
    }
    // Their texts may stand over their neighbours, which do not reach as far.
    let largest = bars.iter().enumerate().rev().max_by_key(|(_, bar)| bar.value);
    let lowest = bars.iter().enumerate().min_by_key(|(_, bar)| bar.value);
    let above = largest.filter(|(_, bar)| bar.value > Decimal::ZERO);
    let below = lowest.filter(|(_, bar)| bar.value < Decimal::ZERO);
    for (at, bar) in above.into_iter().chain(below) {
        let lines = values(letters, &[bar], plot.area.width()).unwrap_or_default();
        if let Some(line) = lines.first() {
            draw_value(paper, plot, (at, bar), line);
        }
    }
}

fn draw_value(paper: &mut Paper<'_>, plot: &Plot, (at, bar): (usize, &Bar), line: &Line) {
    let half = line.width / 2.0;
    let (left, right) = (plot.area.left + half, f32::from(WIDTH) - MARGIN - half);
    let x = plot.middle(at).min(right).max(left);
    let end = plot.height_at(plot.axis.place_of(bar.value));
    let y = if bar.value < Decimal::ZERO { end + 36.0 } else { end - 14.0 };
    paper.write_over(line, x, y, (Anchor::Middle, INK));
}
