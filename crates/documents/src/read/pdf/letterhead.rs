//! The name of a sender that is only in a picture: where the text of a page names none, the pictures
//! and drawings in its head are read from their pixels.

use super::{READING_DPI, letters::hundredths, scaled};
use crate::read::ocr::TextReader;
use domain::document::{Page, Region, Word};
use image::{RgbImage, imageops};
use kurbo::Rect;

/// The part of a page, from its top, that bears the name of its sender.
const HEAD: f64 = 0.35;
/// A sheet with a longer side than this, in points, is larger than A3: a poster, and no letter.
const LARGEST: f64 = 1_200.0;
/// A picture with letters is at least so wide and high, in points.
const LEAST: (f64, f64) = (24.0, 8.0);
/// What is left around a picture, in points; letters at the very edge are read badly.
const MARGIN: f64 = 6.0;
/// Words of pixels count from this confidence on.
const SURE: u8 = 70;
/// The reader's boxes reach beyond the letters by one in so many of their height, above and below.
const SLACK: i32 = 9;
/// Names have large letters: at least so high, in hundredths of the highest words.
const LARGE: i32 = 60;
/// A word of fewer letters may be an emblem, however large.
const WORD: usize = 3;

/// Returns the part of the head of a page that its pictures and drawings take, in points.
pub fn place(page: &Page, shapes: &[Rect]) -> Option<Rect> {
    let whole = Rect::new(0.0, 0.0, f64::from(page.width) / 100.0, f64::from(page.height) / 100.0);
    if whole.width().max(whole.height()) > LARGEST {
        return None;
    }
    let head = Rect { y1: whole.y1 * HEAD, ..whole };
    let parts = shapes.iter().map(|shape| shape.intersect(head));
    let parts = parts.filter(|part| part.width() > 0.0 && part.height() > 0.0);
    let all = parts.reduce(|one, other| one.union(other))?;
    let large = all.width() >= LEAST.0 && all.height() >= LEAST.1;
    large.then(|| all.inflate(MARGIN, MARGIN).intersect(whole))
}

/// Adds the words that are seen in a part of a page and not in its text.
pub fn added(mut page: Page, picture: Option<RgbImage>, part: Rect, reader: &TextReader) -> Page {
    let Some(picture) = picture.as_ref().and_then(|picture| cut_out(picture, &page, part)) else {
        return page;
    };
    let size = picture.dimensions();
    let sight = reader.read(picture);
    // A picture that had to be turned is no letterhead.
    if sight.picture.dimensions() != size {
        return page;
    }
    let scale = f64::from(super::POINTS / READING_DPI);
    let (left, top) = (hundredths(part.x0), hundredths(part.y0));
    let placed = |word: Word| {
        let Region { left: x, top: y, right, bottom } = scaled(word.region, scale);
        let slack = bottom.saturating_sub(y) / SLACK;
        let (y, bottom) = (y.saturating_add(slack), bottom.saturating_sub(slack));
        let region = Region {
            left: x.saturating_add(left),
            top: y.saturating_add(top),
            right: right.saturating_add(left),
            bottom: bottom.saturating_add(top),
        };
        // Words of pixels are never exact, and are told from the others by that.
        Word { region, confidence: word.confidence.min(99), ..word }
    };
    let read: Vec<Word> =
        sight.page.words.into_iter().filter(|word| word.confidence >= SURE).map(placed).collect();
    let words = read.iter().filter(|word| word.text.chars().count() >= WORD);
    let highest = words.map(height).max().unwrap_or_default();
    let large = |word: &Word| height(word).saturating_mul(100) >= highest.saturating_mul(LARGE);
    let known = |word: &Word| page.words.iter().any(|known| touch(known, word));
    let new: Vec<Word> = read.into_iter().filter(|word| large(word) && !known(word)).collect();
    page.words.extend(new);
    page
}

/// Cuts a part of a page, in points, out of its picture.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "float to integer saturates"
)]
fn cut_out(picture: &RgbImage, page: &Page, part: Rect) -> Option<RgbImage> {
    let scale = f64::from(picture.width()) * 100.0 / f64::from(page.width.max(1));
    let pixels = |points: f64| (points * scale).round().max(0.0) as u32;
    let (x, y) = (pixels(part.x0), pixels(part.y0));
    let (width, height) = (pixels(part.width()), pixels(part.height()));
    let fits = width > 0 && height > 0 && x < picture.width() && y < picture.height();
    fits.then(|| imageops::crop_imm(picture, x, y, width, height).to_image())
}

const fn height(word: &Word) -> i32 {
    word.region.bottom.saturating_sub(word.region.top)
}

fn touch(one: &Word, other: &Word) -> bool {
    let (one, other) = (one.region, other.region);
    one.left < other.right
        && other.left < one.right
        && one.top < other.bottom
        && other.top < one.bottom
}
