//! Lines of large letters in a small picture, such as the name in a logo: found by the blank rows and
//! columns around them, which needs no model and takes a millisecond.
#![expect(
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "inner loops over pixels; every area lies within the picture"
)]

use image::RgbImage;

/// A pixel differs so much from the paper, in one of its colours, that it is ink.
const INK: u8 = 60;
/// Words stand further apart than this, in percent of their height; letters mostly do not.
const BETWEEN_WORDS: usize = 30;
/// A low band so near above a higher one, in percent of that one, is its accents.
const ACCENTS: usize = 30;
/// Words of a line stand no further apart than this, in percent of their height.
const BETWEEN_CELLS: usize = 90;
/// Words of a line are at most so much higher than one another, in percent.
const ALIKE: usize = 170;
/// Lower lines, in pixels, cannot be read.
const LOWEST: usize = 10;
/// A line is at least so wide, in percent of its height; an emblem is not.
const WIDE: usize = 150;
/// The ink of letters takes between these percents of their area; a photo takes more.
const DENSITY: std::ops::RangeInclusive<usize> = 6..=65;

/// An area of a picture, in pixels; the last row and column are those before `bottom` and `right`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// Its first column.
    pub left: usize,
    /// Its first row.
    pub top: usize,
    /// The column behind its last.
    pub right: usize,
    /// The row below its last.
    pub bottom: usize,
}

impl Area {
    /// Returns its height.
    pub const fn height(&self) -> usize {
        self.bottom - self.top
    }

    /// Returns its width.
    pub const fn width(&self) -> usize {
        self.right - self.left
    }

    fn and(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// Returns whether a word goes on with this line.
    fn goes_on(&self, next: &Self) -> bool {
        let shared = self.bottom.min(next.bottom).saturating_sub(self.top.max(next.top));
        let (low, high) = (self.height().min(next.height()), self.height().max(next.height()));
        let gap = next.left.saturating_sub(self.right);
        shared * 100 > low * 60 && high * 100 <= low * ALIKE && gap * 100 <= low * BETWEEN_CELLS
    }
}

/// Returns the places of what may be lines of letters; what is too dense, too slender or too small for
/// letters is left out.
pub fn lines(picture: &RgbImage) -> Vec<Area> {
    let ink = Ink::of(picture);
    let (right, bottom) = (ink.width, ink.height);
    let mut words = ink.parts(Area { left: 0, top: 0, right, bottom });
    words.sort_by_key(|word| (word.left, word.top));
    let mut lines: Vec<Area> = Vec::new();
    for word in words {
        match lines.iter_mut().find(|line| line.goes_on(&word)) {
            Some(line) => *line = line.and(word),
            None => lines.push(word),
        }
    }
    lines.retain(|line| ink.has_letters(line));
    lines
}

/// Which pixels are ink.
struct Ink {
    width: usize,
    height: usize,
    mask: Vec<bool>,
}

impl Ink {
    fn of(picture: &RgbImage) -> Self {
        let paper = paper(picture);
        let is_ink = |pixel: &image::Rgb<u8>| {
            pixel.0.iter().zip(paper).any(|(sample, paper)| sample.abs_diff(paper) > INK)
        };
        let mask = picture.pixels().map(is_ink).collect();
        Self { width: picture.width() as usize, height: picture.height() as usize, mask }
    }

    /// Cuts an area along its blank rows, and each band along its blank columns, until nothing parts.
    fn parts(&self, area: Area) -> Vec<Area> {
        let bands = self.bands(area);
        let parts: Vec<Area> = bands.iter().flat_map(|band| self.columns(*band)).collect();
        match parts.as_slice() {
            [] => Vec::new(),
            [one] if *one == area => parts,
            _ => parts.into_iter().flat_map(|part| self.parts(part)).collect(),
        }
    }

    /// Returns the bands of rows with ink; accents stay with the letters below them.
    fn bands(&self, area: Area) -> Vec<Area> {
        let row = |y: usize| self.row(y, area).iter().any(|ink| *ink);
        let mut bands: Vec<Area> = Vec::new();
        for (top, bottom) in runs(area.top, area.bottom, row) {
            let band = Area { top, bottom, ..area };
            match bands.last_mut() {
                Some(above) if is_accent(above, &band) => *above = above.and(band),
                _ => bands.push(band),
            }
        }
        bands
    }

    /// Returns the parts of a band between its wide gaps.
    fn columns(&self, band: Area) -> Vec<Area> {
        let column = |x: usize| (band.top..band.bottom).any(|y| self.mask[y * self.width + x]);
        let gap = (band.height() * BETWEEN_WORDS / 100).max(2);
        let mut parts: Vec<Area> = Vec::new();
        for (left, right) in runs(band.left, band.right, column) {
            match parts.last_mut() {
                Some(part) if left - part.right < gap => part.right = right,
                _ => parts.push(Area { left, right, ..band }),
            }
        }
        parts
    }

    fn row(&self, y: usize, area: Area) -> &[bool] {
        &self.mask[y * self.width + area.left..y * self.width + area.right]
    }

    fn has_letters(&self, line: &Area) -> bool {
        let rows = line.top..line.bottom;
        let inked = |y: usize| self.row(y, *line).iter().filter(|ink| **ink).count();
        let ink: usize = rows.clone().map(inked).sum();
        let share = ink * 100 / (line.width() * line.height()).max(1);
        let column = |x: usize| rows.clone().any(|y| self.mask[y * self.width + x]);
        line.height() >= LOWEST
            && line.width() * 100 >= line.height() * WIDE
            && DENSITY.contains(&share)
            && runs(line.left, line.right, column).len() >= 2
    }
}

/// Returns whether a band holds the accents or dots of the letters below it.
const fn is_accent(above: &Area, below: &Area) -> bool {
    let (height, gap) = (below.height(), below.top - above.bottom);
    above.height() * 100 < height * ACCENTS && gap * 100 < height * ACCENTS
}

/// Returns the runs of places where something holds: the first, and the one behind the last.
fn runs(from: usize, to: usize, holds: impl Fn(usize) -> bool) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for at in (from..to).filter(|at| holds(*at)) {
        match runs.last_mut() {
            Some((_, end)) if *end == at => *end = at + 1,
            _ => runs.push((at, at + 1)),
        }
    }
    runs
}

/// Returns the colour of the paper: the middle one of each colour along the edges.
fn paper(picture: &RgbImage) -> [u8; 3] {
    let (width, height) = picture.dimensions();
    let edge = |x: u32, y: u32| x == 0 || y == 0 || x + 1 == width || y + 1 == height;
    let pixels = picture.enumerate_pixels().filter(|(x, y, _)| edge(*x, *y));
    let edge: Vec<[u8; 3]> = pixels.map(|(_, _, pixel)| pixel.0).collect();
    [0, 1, 2].map(|colour| {
        let mut samples: Vec<u8> = edge.iter().map(|pixel| pixel[colour]).collect();
        samples.sort_unstable();
        samples.get(samples.len() / 2).copied().unwrap_or(u8::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    /// Draws bars as letters are: so many, of a height, from a place on.
    fn letters(picture: &mut RgbImage, count: u32, (left, top): (u32, u32), height: u32) {
        for letter in 0..count {
            for y in top..top + height {
                for x in 0..height / 5 {
                    picture.put_pixel(left + letter * height / 2 + x, y, Rgb([10, 20, 120]));
                }
            }
        }
    }

    fn places(picture: &RgbImage) -> Vec<(usize, usize, usize)> {
        lines(picture).iter().map(|line| (line.left, line.top, line.height())).collect()
    }

    #[test]
    fn a_name_beside_an_emblem_is_one_line() {
        let mut logo = RgbImage::from_pixel(400, 80, Rgb([255, 255, 255]));
        for (x, y) in (5..65).flat_map(|x| (5..65).map(move |y| (x, y))) {
            logo.put_pixel(x, y, Rgb([200, 30, 30]));
        }
        letters(&mut logo, 6, (90, 25), 20);
        letters(&mut logo, 8, (160, 25), 20);
        assert_eq!(places(&logo), [(90, 25, 20)]);
    }

    #[test]
    fn lines_are_parted_and_accents_are_not() {
        let mut logo = RgbImage::from_pixel(300, 120, Rgb([240, 240, 255]));
        letters(&mut logo, 9, (20, 20), 30);
        letters(&mut logo, 2, (22, 12), 5);
        letters(&mut logo, 12, (20, 70), 16);
        assert_eq!(places(&logo), [(20, 12, 38), (20, 70, 16)]);
    }

    #[test]
    fn light_letters_on_dark_paper_are_ink() {
        let mut logo = RgbImage::from_pixel(200, 60, Rgb([255, 255, 255]));
        letters(&mut logo, 7, (20, 20), 25);
        image::imageops::invert(&mut logo);
        assert_eq!(places(&logo), [(20, 20, 25)]);
    }

    #[test]
    fn a_photo_or_an_emblem_has_no_lines() {
        let noise = RgbImage::from_fn(200, 100, |x, y| Rgb([(x * y % 251) as u8; 3]));
        assert_eq!(places(&noise), []);
        assert_eq!(places(&RgbImage::new(0, 0)), []);
        let mut emblem = RgbImage::from_pixel(90, 90, Rgb([255, 255, 255]));
        letters(&mut emblem, 3, (20, 20), 50);
        assert_eq!(places(&emblem), []);
    }
}
