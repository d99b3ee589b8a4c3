//! Pixels to the planes of numbers that the models take, and lines cut out of a picture.
#![expect(
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "inner loops over pixels; every index is clamped to the picture"
)]

use super::geometry::{Point, Quad};
use image::{Rgb, RgbImage};

/// Returns a picture scaled to a width and height as blue, green and red planes from -1 to 1.
///
/// Rows are padded on the right with zeros up to `padded` columns. Samples between pixel centres
/// are mixed from their four neighbours, as the models were trained with.
pub fn planes(picture: &RgbImage, (width, height): (usize, usize), padded: usize) -> Vec<f32> {
    let (from_width, from_height) = (picture.width() as usize, picture.height() as usize);
    let source = picture.as_raw();
    let columns: Vec<_> = (0..width).map(|x| neighbours(x, width, from_width)).collect();
    let mut planes = vec![0.0; 3 * height * padded];
    for y in 0..height {
        let (above, below, down) = neighbours(y, height, from_height);
        for (x, &(left, right, across)) in columns.iter().enumerate() {
            for channel in 0..3 {
                let sample =
                    |row: usize, column: usize| source[(row * from_width + column) * 3 + channel];
                let upper = mix(sample(above, left), sample(above, right), across);
                let lower = mix(sample(below, left), sample(below, right), across);
                let value = upper + (lower - upper) * down;
                planes[(2 - channel) * height * padded + y * padded + x] = value / 127.5 - 1.0;
            }
        }
    }
    planes
}

/// Returns the two source positions around a target position and the share of the second.
fn neighbours(at: usize, target: usize, source: usize) -> (usize, usize, f32) {
    let place = ((at as f32 + 0.5) * source as f32 / target as f32 - 0.5).max(0.0);
    let first = (place as usize).min(source - 1);
    (first, (first + 1).min(source - 1), place - first as f32)
}

fn mix(one: u8, other: u8, share: f32) -> f32 {
    f32::from(one) + (f32::from(other) - f32::from(one)) * share
}

/// Cuts a line out of a picture and levels it.
pub fn crop(picture: &RgbImage, quad: &Quad) -> RgbImage {
    let (width, height) = (quad.width().max(1.0), quad.height().max(1.0));
    RgbImage::from_fn(width as u32, height as u32, |x, y| {
        sample(picture, quad.at(x as f32 / width, y as f32 / height))
    })
}

fn sample(picture: &RgbImage, place: Point) -> Rgb<u8> {
    let (x, y) = (place.0.floor(), place.1.floor());
    let (across, down) = (place.0 - x, place.1 - y);
    let pixel = |x: f32, y: f32| {
        let column = (x.max(0.0) as u32).min(picture.width() - 1);
        let row = (y.max(0.0) as u32).min(picture.height() - 1);
        picture.get_pixel(column, row).0
    };
    let (a, b) = (pixel(x, y), pixel(x + 1.0, y));
    let (c, d) = (pixel(x, y + 1.0), pixel(x + 1.0, y + 1.0));
    Rgb([0, 1, 2].map(|channel| {
        let upper = mix(a[channel], b[channel], across);
        let lower = mix(c[channel], d[channel], across);
        (upper + (lower - upper) * down).round() as u8
    }))
}

/// Returns whether most of the edge of a picture is white, as that of a scan is.
pub fn has_white_edge(picture: &RgbImage) -> bool {
    let (right, bottom) = (picture.width().saturating_sub(1), picture.height().saturating_sub(1));
    let across = (0..=right).step_by(EDGE_STEP).flat_map(|x| [(x, 0), (x, bottom)]);
    let down = (0..=bottom).step_by(EDGE_STEP).flat_map(|y| [(0, y), (right, y)]);
    let edge = across.chain(down).filter_map(|(x, y)| picture.get_pixel_checked(x, y));
    let (white, all) = edge.fold((0_usize, 0_usize), |(white, all), pixel| {
        let is_white = pixel.0.iter().all(|value| *value >= WHITE);
        (white.saturating_add(usize::from(is_white)), all.saturating_add(1))
    });
    white.saturating_mul(5) >= all.saturating_mul(4)
}

/// Every so many pixels the edge of a picture is looked at.
const EDGE_STEP: usize = 16;
/// Paper in a scan is at least so light.
const WHITE: u8 = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_are_blue_first_and_padded_with_zeros() {
        let red = RgbImage::from_pixel(4, 4, Rgb([255, 0, 0]));
        let planes = planes(&red, (2, 2), 3);
        assert_eq!(planes.len(), 18);
        assert_eq!(planes[..3], [-1.0, -1.0, 0.0]);
        assert_eq!(planes[12..15], [1.0, 1.0, 0.0]);
    }

    #[test]
    fn a_crop_beyond_the_edge_repeats_the_edge() {
        let picture = RgbImage::from_pixel(4, 4, Rgb([9, 8, 7]));
        let quad = Quad([(-2.0, -2.0), (8.0, -2.0), (8.0, 6.0), (-2.0, 6.0)]);
        let crop = crop(&picture, &quad);
        assert_eq!((crop.width(), crop.height()), (10, 8));
        assert!(crop.pixels().all(|pixel| pixel.0 == [9, 8, 7]));
    }
}
