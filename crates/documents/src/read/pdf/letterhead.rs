//! The name of a sender that is only in a picture: where the text of a page names none, the lines of
//! large letters in the pictures and drawings of its head are read.
//!
//! A page of text is read in a hundredth of a second, and this must not cost many times as much: few
//! lines are read, and only those of what looks like a logo. What looks like a page is left alone.

use super::{
    letters::hundredths,
    logo::{self, Area},
    scaled,
};
use crate::read::ocr::LineReader;
use domain::document::{Page, Region, Word};
use image::{RgbImage, imageops};
use kurbo::Rect;

/// The part of a page, from its top, that bears the name of its sender.
const HEAD: f64 = 0.35;
/// A sheet with a longer side than this, in points, is larger than A3: a poster, and no letter.
const LARGEST: f64 = 1_200.0;
/// A picture with letters is at least so wide and high, in points.
const LEAST: (f64, f64) = (24.0, 8.0);
/// Drawings that are no further apart, in points, are one: letters of a name, an emblem beside it.
const NEAR: f64 = 9.0;
/// So many pictures of a head are looked at, the largest ones first.
const MOST_MARKS: usize = 2;
/// Words of pixels count from this confidence on.
const SURE: u8 = 70;
/// The margin around a line that is read, one in so many of its height: letters at the very edge are
/// read badly.
const MARGIN: usize = 6;
/// Names have large letters: at least so high, in hundredths of the highest line.
const LARGE: usize = 60;
/// What has more lines of large letters is a page, and no logo.
const MOST_LINES: usize = 6;
/// All lines that are read are together no wider than this, in their heights.
const MOST_WIDTH: usize = 16;

/// Returns the pictures and drawings in the head of a page that may bear a name, in points; the largest
/// ones first.
pub fn marks(page: &Page, shapes: &[Rect]) -> Vec<Rect> {
    let whole = Rect::new(0.0, 0.0, f64::from(page.width) / 100.0, f64::from(page.height) / 100.0);
    if whole.width().max(whole.height()) > LARGEST {
        return Vec::new();
    }
    let head = Rect { y1: whole.y1 * HEAD, ..whole };
    let parts = shapes.iter().map(|shape| shape.intersect(head));
    let parts = parts.filter(|part| part.width() > 0.0 && part.height() > 0.0);
    let mut marks: Vec<Rect> = parts.fold(Vec::new(), with);
    marks.retain(|mark| mark.width() >= LEAST.0 && mark.height() >= LEAST.1);
    marks.sort_by(|one, other| other.area().total_cmp(&one.area()));
    marks.truncate(MOST_MARKS);
    marks
}

/// Adds a drawing to the marks; those that it touches become one with it.
fn with(marks: Vec<Rect>, part: Rect) -> Vec<Rect> {
    let around = part.inflate(NEAR, NEAR);
    let (near, mut apart): (Vec<Rect>, Vec<Rect>) = marks.into_iter().partition(|mark| {
        mark.x0 < around.x1 && around.x0 < mark.x1 && mark.y0 < around.y1 && around.y0 < mark.y1
    });
    apart.push(near.into_iter().fold(part, |all, mark| all.union(mark)));
    apart
}

/// A line of large letters: its place in a picture of a mark, and that picture's place in the head.
struct Large {
    area: Area,
    picture: RgbImage,
    corner: (u32, u32),
}

/// Adds the words that are seen in the marks of a page and not in its text; the picture is that of the
/// head, of so many pixels a point. The reader is only opened where there is something to read.
pub fn added(
    mut page: Page,
    (picture, scale): (&RgbImage, f64),
    marks: &[Rect],
    open: impl FnOnce() -> Option<LineReader>,
) -> Page {
    let lines = large_lines(&page, (picture, scale), marks);
    if lines.is_empty() {
        return page;
    }
    let Some(reader) = open() else { return page };
    for Large { area, picture, corner } in lines {
        let margin = area.height() / MARGIN;
        let place = [
            area.left.saturating_sub(margin),
            area.top.saturating_sub(margin),
            area.right.saturating_add(margin),
            area.bottom.saturating_add(margin),
        ];
        let placed = |word: Word| Word {
            region: on_page(word.region, &area, corner, scale),
            // Words of pixels are never exact, and are told from the others by that.
            confidence: word.confidence.min(99),
            text: word.text,
        };
        let words = reader.read(&picture, place).into_iter();
        page.words.extend(words.filter(|word| word.confidence >= SURE).map(placed));
    }
    page
}

/// Returns the largest lines of letters that are not too many to be read; none of what is no logo.
fn large_lines(page: &Page, (picture, scale): (&RgbImage, f64), marks: &[Rect]) -> Vec<Large> {
    let mut lines: Vec<Large> = Vec::new();
    for mark in marks {
        let Some((cut, corner)) = cut_out(picture, scale, *mark) else { continue };
        let found = logo::lines(&cut).into_iter();
        let unknown = found.filter(|area| !is_known(page, area, corner, scale));
        lines.extend(unknown.map(|area| Large { area, picture: cut.clone(), corner }));
    }
    let highest = lines.iter().map(|line| line.area.height()).max().unwrap_or_default();
    lines.retain(|line| line.area.height().saturating_mul(100) >= highest.saturating_mul(LARGE));
    if lines.len() > MOST_LINES {
        lines.clear();
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.area.height()));
    let mut left = MOST_WIDTH;
    lines.retain(|line| {
        let width = line.area.width().checked_div(line.area.height()).unwrap_or_default();
        let rest = left.checked_sub(width);
        left = rest.unwrap_or(left);
        rest.is_some()
    });
    lines
}

/// Returns whether the text of a page has words in an area.
fn is_known(page: &Page, area: &Area, corner: (u32, u32), scale: f64) -> bool {
    let place = on_page(whole(area), area, corner, scale);
    page.words.iter().any(|word| touch(word.region, place))
}

/// Returns the place of a line in hundredths of a pixel.
fn whole(area: &Area) -> Region {
    let side = |pixels: usize| i32::try_from(pixels).unwrap_or_default().saturating_mul(100);
    Region {
        left: side(area.left),
        top: side(area.top),
        right: side(area.right),
        bottom: side(area.bottom),
    }
}

/// Returns where on the page a word of a line is, which is as high as the line.
fn on_page(word: Region, line: &Area, (left, top): (u32, u32), scale: f64) -> Region {
    let Region { top: above, bottom: below, .. } = whole(line);
    let Region { left: from, top: above, right: to, bottom: below } =
        scaled(Region { top: above, bottom: below, ..word }, 1.0 / scale);
    let (left, top) = (hundredths(f64::from(left) / scale), hundredths(f64::from(top) / scale));
    Region {
        left: from.saturating_add(left),
        top: above.saturating_add(top),
        right: to.saturating_add(left),
        bottom: below.saturating_add(top),
    }
}

/// Cuts a mark out of the picture of the head, with the place of its corner.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "float to integer saturates"
)]
fn cut_out(picture: &RgbImage, scale: f64, mark: Rect) -> Option<(RgbImage, (u32, u32))> {
    let pixels = |points: f64| (points * scale).round().max(0.0) as u32;
    let (x, y) = (pixels(mark.x0), pixels(mark.y0));
    let (width, height) = (pixels(mark.width()), pixels(mark.height()));
    let fits = width > 0 && height > 0 && x < picture.width() && y < picture.height();
    fits.then(|| (imageops::crop_imm(picture, x, y, width, height).to_image(), (x, y)))
}

const fn touch(one: Region, other: Region) -> bool {
    one.left < other.right
        && other.left < one.right
        && one.top < other.bottom
        && other.top < one.bottom
}
