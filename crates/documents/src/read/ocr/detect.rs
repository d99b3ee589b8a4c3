//! Where lines of text are: a probability for each pixel, then boxes around the connected parts.
#![expect(
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "inner loops over the map; every index is checked against its sides"
)]

use super::{
    geometry::{Point, Quad, Slanted, small_part},
    pixels,
};
use image::{RgbImage, imageops};
use rten::{Model, RunOptions};
use rten_tensor::{NdTensor, prelude::*};
use std::ops::Range;

static MODEL: &[u8] = include_bytes!("../../../models/text_detection.onnx");

/// Pictures are scaled up until their shorter side has this many pixels.
const SHORTER_SIDE: f32 = 736.0;
/// But their longer side never gets more than this.
const LONGER_SIDE: f32 = 2000.0;
/// The share of that scale at which a first look is taken.
const COARSE: f32 = 0.7;
/// The share of that scale at which a glance finds the paper in a photo.
const GLANCE: f32 = 0.42;
/// A picture of so many pixels may be such a photo.
const OF_A_CAMERA: u32 = 4_000_000;
/// Lines of at least this height, in pixels of the map, are found whole.
const TALL_ENOUGH: f32 = 12.0;
/// From this probability on a pixel belongs to a line.
const IS_TEXT: f32 = 0.3;
/// Mean probability that a box needs.
const IS_LINE: f32 = 0.5;
/// How far boxes grow from the core of a line to its letters.
const GROWTH: f32 = 1.6;
/// Thinner cores, in pixels of the map, are noise.
const THINNEST: f32 = 3.0;
/// From this height on, in widths, a picture is searched in tiles.
const TALL: u32 = 3;
/// The height of a tile, in widths of the picture.
const TILE: u32 = 2;
/// The most lines of a page; a wallpaper of noise has more.
const MOST_LINES: usize = 1500;

/// The text detection model.
pub struct Detector {
    model: Model,
}

/// Probabilities of one picture.
struct Map {
    width: usize,
    height: usize,
    values: Vec<f32>,
}

impl Detector {
    /// Loads the embedded model.
    pub fn load() -> Option<Self> {
        Some(Self { model: Model::load_static_slice(MODEL).ok()? })
    }

    /// Returns the boxes around lines, from top to bottom, in pixels of the picture.
    ///
    /// A long receipt is searched tile by tile, so that its print keeps its size. Where text fills
    /// but a small part of a picture, that part is searched anew, as closely as if it were all.
    pub fn find(&self, picture: &RgbImage, options: &RunOptions) -> Vec<Quad> {
        // Cameras take in more than the paper; where it is shows at a glance.
        let (width, height) = picture.dimensions();
        let glanced =
            width.saturating_mul(height) >= OF_A_CAMERA && !pixels::has_white_edge(picture);
        let mut quads = match glanced {
            true => self.search(picture, scale_for(width as f32, height as f32) * GLANCE, options),
            false => self.find_by_tiles(picture, options),
        };
        let mut part = small_part(&quads, picture.dimensions());
        if glanced && part.is_none() {
            quads = self.find_by_tiles(picture, options);
            part = small_part(&quads, picture.dimensions());
        }
        if let Some((left, top, width, height)) = part {
            let part = imageops::crop_imm(picture, left, top, width, height).to_image();
            let by = (left as f32, top as f32);
            quads = self.find_by_tiles(&part, options).iter().map(|quad| quad.moved(by)).collect();
        }
        quads.sort_by(|one, other| one.0[0].1.total_cmp(&other.0[0].1));
        quads.truncate(MOST_LINES);
        quads
    }

    fn find_by_tiles(&self, picture: &RgbImage, options: &RunOptions) -> Vec<Quad> {
        tiles(picture.width(), picture.height())
            .into_iter()
            .flat_map(|tile| self.find_in(&tile, picture, options))
            .collect()
    }

    fn find_in(&self, tile: &Tile, picture: &RgbImage, options: &RunOptions) -> Vec<Quad> {
        if (tile.top, tile.bottom) == (0, picture.height()) {
            return self.look(picture, options);
        }
        let (width, height) = (picture.width(), tile.bottom - tile.top);
        let part = imageops::crop_imm(picture, 0, tile.top, width, height).to_image();
        let top = tile.top as f32;
        let quads = self.look(&part, options).into_iter();
        quads
            .map(|quad| quad.moved((0.0, top)))
            .filter(|quad| tile.own.contains(&(quad.at(0.5, 0.5).1 as u32)))
            .collect()
    }

    /// Takes a coarse look first; only where print turns out to be small there is a closer one.
    fn look(&self, picture: &RgbImage, options: &RunOptions) -> Vec<Quad> {
        let scale = scale_for(picture.width() as f32, picture.height() as f32);
        let coarse = self.search(picture, scale * COARSE, options);
        if is_large_print(&coarse, scale * COARSE) {
            return coarse;
        }
        self.search(picture, scale, options)
    }

    fn search(&self, picture: &RgbImage, scale: f32, options: &RunOptions) -> Vec<Quad> {
        let Some(map) = self.map(picture, scale, options) else { return Vec::new() };
        let scale = (
            picture.width() as f32 / map.width as f32,
            picture.height() as f32 / map.height as f32,
        );
        map.parts()
            .into_iter()
            .filter_map(|part| map.line(part))
            .map(|line| place(line, scale, picture))
            .collect()
    }

    fn map(&self, picture: &RgbImage, scale: f32, options: &RunOptions) -> Option<Map> {
        let side = |pixels: u32| ((pixels as f32 * scale / 32.0).round() as usize).max(1) * 32;
        let (width, height) = (side(picture.width()), side(picture.height()));
        let planes = pixels::planes(picture, (width, height), width);
        let input = NdTensor::from_data([1, 3, height, width], planes);
        let output = self.model.run_one(input.into(), Some(options.clone())).ok()?;
        let output: NdTensor<f32, 4> = output.try_into().ok()?;
        let values = output.to_vec();
        (values.len() == width * height).then_some(Map { width, height, values })
    }
}

/// A part of a picture, from edge to edge.
#[derive(Debug, PartialEq)]
struct Tile {
    top: u32,
    bottom: u32,
    /// The rows whose lines this part answers for; around them it overlaps with the next one.
    own: Range<u32>,
}

/// Cuts a picture that is much taller than wide into parts.
fn tiles(width: u32, height: u32) -> Vec<Tile> {
    if height <= width * TALL {
        return vec![Tile { top: 0, bottom: height, own: 0..height }];
    }
    let (step, overlap) = (width * TILE, width / 4);
    (0..height)
        .step_by(step as usize)
        .map(|from| {
            let own = from..if from + step >= height { height } else { from + step };
            let bottom = (own.end + overlap).min(height);
            Tile { top: from.saturating_sub(overlap), bottom, own }
        })
        .collect()
}

/// Returns the scale at which a picture is searched closely.
fn scale_for(width: f32, height: f32) -> f32 {
    let scale = (SHORTER_SIDE / width.min(height)).max(1.0);
    scale.min(LONGER_SIDE / width.max(height))
}

/// Returns whether all but a few lines were tall enough at a scale to be found whole.
fn is_large_print(quads: &[Quad], scale: f32) -> bool {
    let mut heights: Vec<f32> =
        quads.iter().map(|quad| quad.height().min(quad.width()) * scale).collect();
    heights.sort_by(f32::total_cmp);
    heights.get(heights.len() / 10).is_some_and(|height| *height >= TALL_ENOUGH)
}

/// Scales a box of the map to the picture and holds it inside.
fn place(line: Slanted, (across, down): (f32, f32), picture: &RgbImage) -> Quad {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    Quad(
        line.corners()
            .0
            .map(|(x, y)| ((x * across).clamp(0.0, width), (y * down).clamp(0.0, height))),
    )
}

impl Map {
    /// Returns the edge points of each connected part.
    fn parts(&self) -> Vec<Vec<Point>> {
        let mask = self.mask();
        let mut seen = vec![false; mask.len()];
        let mut parts = Vec::new();
        for start in 0..mask.len() {
            if mask[start] && !seen[start] {
                seen[start] = true;
                parts.push(self.edge(start, &mask, &mut seen));
            }
        }
        parts
    }

    /// Returns the pixels of text, each spread one to the right and one down.
    fn mask(&self) -> Vec<bool> {
        let text = |x: usize, y: usize| self.values[y * self.width + x] > IS_TEXT;
        let mut mask = Vec::with_capacity(self.values.len());
        for y in 0..self.height {
            for x in 0..self.width {
                let (left, up) = (x.saturating_sub(1), y.saturating_sub(1));
                mask.push(text(x, y) || text(left, y) || text(x, up) || text(left, up));
            }
        }
        mask
    }

    /// Walks one connected part and returns the points at its edge.
    fn edge(&self, start: usize, mask: &[bool], seen: &mut [bool]) -> Vec<Point> {
        let mut open = vec![start];
        let mut edge = Vec::new();
        while let Some(at) = open.pop() {
            let (x, y) = (at % self.width, at / self.width);
            let mut at_edge = x == 0 || y == 0 || x + 1 == self.width || y + 1 == self.height;
            for next in self.around(x, y) {
                at_edge |= !mask[next];
                if mask[next] && !seen[next] {
                    seen[next] = true;
                    open.push(next);
                }
            }
            if at_edge {
                edge.push((x as f32, y as f32));
            }
        }
        edge
    }

    /// Returns the places around one, those beyond the edge left out.
    fn around(&self, x: usize, y: usize) -> impl Iterator<Item = usize> + use<> {
        let (width, columns) = (self.width, x.saturating_sub(1)..=(x + 1).min(self.width - 1));
        let rows = y.saturating_sub(1)..=(y + 1).min(self.height - 1);
        rows.flat_map(move |row| columns.clone().map(move |column| row * width + column))
    }

    /// Returns the box of a part that is likely a line, grown to the size of its letters.
    fn line(&self, part: Vec<Point>) -> Option<Slanted> {
        let core = Slanted::around(part)?;
        if 2.0 * core.along.min(core.across) < THINNEST || self.mean_in(&core) < IS_LINE {
            return None;
        }
        let line = core.grown(GROWTH);
        (2.0 * line.along.min(line.across) >= THINNEST + 2.0).then_some(line)
    }

    fn mean_in(&self, core: &Slanted) -> f32 {
        let corners = core.corners().0;
        let (mut sum, mut count) = (0.0, 0.0);
        let low = |of: fn(&Point) -> f32| corners.iter().map(of).fold(f32::MAX, f32::min);
        let high = |of: fn(&Point) -> f32| corners.iter().map(of).fold(0.0, f32::max) as usize;
        let first = |value: f32| value.max(0.0) as usize;
        for y in first(low(|p| p.1))..=high(|p| p.1).min(self.height - 1) {
            for x in first(low(|p| p.0))..=high(|p| p.0).min(self.width - 1) {
                if core.holds((x as f32, y as f32)) {
                    sum += self.values[y * self.width + x];
                    count += 1.0;
                }
            }
        }
        sum / f32::max(count, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_pictures_are_searched_larger_and_large_ones_smaller() {
        assert!((scale_for(368.0, 500.0) - 2.0).abs() < 0.001);
        assert!((scale_for(3000.0, 4000.0) - 0.5).abs() < 0.001);
        assert!((scale_for(1.0, 4000.0) - 0.5).abs() < 0.001);
    }

    #[test]
    fn only_a_long_receipt_is_cut_into_tiles_that_overlap() {
        assert_eq!(tiles(100, 300).len(), 1);
        let tiles = tiles(100, 450);
        assert_eq!(tiles[0], Tile { top: 0, bottom: 225, own: 0..200 });
        assert_eq!(tiles[1], Tile { top: 175, bottom: 425, own: 200..400 });
        assert_eq!(tiles[2], Tile { top: 375, bottom: 450, own: 400..450 });
    }

    #[test]
    fn a_few_small_lines_need_no_closer_look() {
        let line = |height| Quad([(0.0, 0.0), (200.0, 0.0), (200.0, height), (0.0, height)]);
        let mut lines = vec![line(40.0); 30];
        assert!(is_large_print(&lines, 0.5));
        lines.push(line(8.0));
        assert!(is_large_print(&lines, 0.5));
        lines.extend([line(8.0); 8]);
        assert!(!is_large_print(&lines, 0.5));
        assert!(!is_large_print(&[], 0.5));
    }

    #[test]
    fn a_bar_of_high_probability_is_one_line() {
        let (width, height) = (96, 64);
        let mut values = vec![0.0; width * height];
        for y in 20..28 {
            values[y * width + 10..y * width + 80].fill(0.9);
        }
        let map = Map { width, height, values };
        let parts = map.parts();
        assert_eq!(parts.len(), 1);
        let quad = map.line(parts.into_iter().next().unwrap()).unwrap().corners();
        assert!(quad.width() > 70.0 && quad.height() > 10.0 && quad.angle().abs() < 0.01);
    }
}
