//! The shares as a picture: a row for each field, a column for each medium, a bar for each model.

use super::{
    Run,
    report::{percent, rows},
    score::{Share, Tally},
};
use std::{fmt::Write as _, path::PathBuf};

const MARGIN: usize = 24;
const LABELS: usize = 150;
const COLUMN: usize = 130;
const BAR: usize = 12;
const GAP: usize = 10;
/// The length of a full bar: a tenth of a pixel for each thousandth.
const FULL: usize = 70;
const HEAD: usize = 78;
/// Told apart by the colour-blind, too.
const COLOURS: [&str; 6] = ["#2b6cb0", "#dd8452", "#55a868", "#8172b3", "#937860", "#4c4c4c"];

/// Returns the path of a chart.
///
/// # Errors
///
/// A sentence for any other ending than `.svg`.
pub fn path(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    match path.extension().and_then(|ending| ending.to_str()) {
        Some(ending) if ending.eq_ignore_ascii_case("svg") => Ok(path),
        _ => Err("the picture is an SVG file: let its name end in .svg".to_owned()),
    }
}

/// Returns the picture as an SVG document.
#[must_use]
pub fn draw(runs: &[Run]) -> String {
    let columns = columns(runs);
    let row = runs.len().saturating_mul(BAR).saturating_add(GAP);
    let fields: Vec<&str> = rows().chain(["all key fields", "sums prove total"]).collect();
    let width = sum([MARGIN, MARGIN, LABELS, columns.len().saturating_mul(COLUMN)]);
    let height = sum([HEAD, MARGIN, fields.len().saturating_mul(row)]);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
    );
    legend(&mut svg, runs);
    for (at, name) in columns.iter().enumerate() {
        let documents = runs.first().and_then(|run| tally(run, name)).map_or(0, |t| t.documents);
        label(&mut svg, column(at), HEAD.saturating_sub(14), &format!("{name} ({documents})"));
    }
    for (line, field) in fields.iter().enumerate() {
        let top = HEAD.saturating_add(line.saturating_mul(row));
        label(&mut svg, MARGIN, top.saturating_add(BAR).saturating_sub(2), field);
        for (at, name) in columns.iter().enumerate() {
            cell(&mut svg, runs, (name, field), (column(at), top));
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// The groups of all runs, `all` first.
fn columns(runs: &[Run]) -> Vec<&str> {
    let mut names: Vec<&str> =
        runs.iter().flat_map(|run| run.groups.keys().map(String::as_str)).collect();
    names.sort_unstable();
    names.dedup();
    std::iter::once("all").chain(names).collect()
}

fn column(at: usize) -> usize {
    sum([MARGIN, LABELS, at.saturating_mul(COLUMN)])
}

fn tally<'a>(run: &'a Run, group: &str) -> Option<&'a Tally> {
    if group == "all" { Some(&run.all) } else { run.groups.get(group) }
}

fn share(tally: &Tally, field: &str) -> Share {
    match field {
        "all key fields" => tally.complete,
        "sums prove total" => tally.proven,
        field => tally.field(field).share,
    }
}

/// A bar for each run where there is something to measure.
fn cell(svg: &mut String, runs: &[Run], (group, field): (&str, &str), (left, top): (usize, usize)) {
    for (at, (run, colour)) in runs.iter().zip(COLOURS.iter().cycle()).enumerate() {
        let share = tally(run, group).map(|tally| share(tally, field)).unwrap_or_default();
        let Some(permille) = share.permille() else { continue };
        let permille = usize::try_from(permille).unwrap_or(1000);
        let long = permille.saturating_mul(FULL).checked_div(1000).unwrap_or_default();
        let y = sum([top, at.saturating_mul(BAR)]);
        let thick = BAR.saturating_sub(2);
        let _ = writeln!(
            svg,
            "<rect x=\"{left}\" y=\"{y}\" width=\"{FULL}\" height=\"{thick}\" fill=\"#eeeeee\"/>\
             <rect x=\"{left}\" y=\"{y}\" width=\"{long}\" height=\"{thick}\" fill=\"{colour}\"/>\
             <text x=\"{}\" y=\"{}\" font-size=\"10\">{}</text>",
            sum([left, FULL, 4]),
            sum([y, thick]).saturating_sub(1),
            percent(share)
        );
    }
}

fn legend(svg: &mut String, runs: &[Run]) {
    label(svg, MARGIN, 26, "Read rightly, of what is labelled");
    let mut left = MARGIN.saturating_add(230);
    for (run, colour) in runs.iter().zip(COLOURS.iter().cycle()) {
        let _ = writeln!(
            svg,
            "<rect x=\"{left}\" y=\"17\" width=\"10\" height=\"10\" fill=\"{colour}\"/>"
        );
        label(svg, left.saturating_add(15), 26, &run.name);
        left = sum([left, 40, run.name.chars().count().saturating_mul(8)]);
    }
}

fn label(svg: &mut String, x: usize, y: usize, text: &str) {
    let _ = writeln!(svg, "<text x=\"{x}\" y=\"{y}\">{}</text>", escaped(text));
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn sum(lengths: impl IntoIterator<Item = usize>) -> usize {
    lengths.into_iter().fold(0, usize::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_svg_file_is_drawn() {
        assert!(path("a/chart.SVG").is_ok());
        assert!(path("chart.png").is_err());
        assert!(path("chart").is_err());
    }

    #[test]
    fn a_name_cannot_break_the_picture() {
        let mut svg = String::new();
        label(&mut svg, 1, 2, "<script>&");
        assert_eq!(svg, "<text x=\"1\" y=\"2\">&lt;script&gt;&amp;</text>\n");
    }
}
