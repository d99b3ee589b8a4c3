//! Pictures made smaller, a row at a time.
//!
//! Each new pixel is the mean of those around its place, the nearer the heavier (a tent that
//! reaches as far as the next new pixel). Only one row of sums is held beside the two pictures: a
//! telephone's photo of 40 million pixels would take hundreds of megabytes otherwise.
#![expect(
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "inner loops over pixels; the reach of each is cut to the picture"
)]

use image::{GrayImage, RgbImage};
use std::ops::Range;

/// Parts of red, green and blue in the brightness of a pixel, of 10,000 (ITU-R BT.709).
const BRIGHTNESS: [u32; 3] = [2126, 7152, 722];

/// Returns a picture scaled down so that its longer side fits; nothing where it does already.
#[must_use]
pub fn fitted(picture: &RgbImage, longer_side: u32) -> Option<RgbImage> {
    let (from, to) = (picture.dimensions(), sides(picture.dimensions(), longer_side)?);
    RgbImage::from_raw(to.0, to.1, scaled::<3>(picture.as_raw(), from, to))
}

/// Returns the brightness of a picture, scaled down where its longer side does not fit.
#[must_use]
pub fn grey(picture: &RgbImage, longer_side: u32) -> GrayImage {
    let brightness = |pixel: &image::Rgb<u8>| {
        let sum: u32 =
            pixel.0.iter().zip(BRIGHTNESS).map(|(sample, part)| u32::from(*sample) * part).sum();
        (sum / 10_000) as u8
    };
    let grey: Vec<u8> = picture.pixels().map(brightness).collect();
    let from = picture.dimensions();
    let (to, grey) = match sides(from, longer_side) {
        Some(to) => (to, scaled::<1>(&grey, from, to)),
        None => (from, grey),
    };
    GrayImage::from_raw(to.0, to.1, grey).unwrap_or_default()
}

/// Returns the sides of a picture whose longer one is brought down to a length.
fn sides((width, height): (u32, u32), longer_side: u32) -> Option<(u32, u32)> {
    let longer = width.max(height);
    let side = |length: u32| {
        ((f64::from(length) * f64::from(longer_side) / f64::from(longer)).round() as u32).max(1)
    };
    (longer > longer_side).then(|| (side(width), side(height)))
}

/// The pixels along one side that make up a new one: the first, and how much each counts.
struct Reach {
    first: usize,
    weights: Vec<f32>,
}

fn reaches(from: u32, to: u32) -> Vec<Reach> {
    let step = from as f32 / to as f32;
    let reach = |at: u32| {
        let middle = (at as f32 + 0.5) * step;
        let Range { start, end } =
            (middle - step).max(0.0) as usize..(middle + step).ceil() as usize;
        let first = start.min(from as usize - 1);
        let last = end.clamp(first + 1, from as usize);
        let near = |pixel: usize| (1.0 - ((pixel as f32 + 0.5 - middle) / step).abs()).max(0.0);
        let sum: f32 = (first..last).map(near).sum();
        Reach { first, weights: (first..last).map(|pixel| near(pixel) / sum).collect() }
    };
    (0..to).map(reach).collect()
}

fn scaled<const SAMPLES: usize>(source: &[u8], from: (u32, u32), to: (u32, u32)) -> Vec<u8> {
    let row_length = from.0 as usize * SAMPLES;
    let columns = reaches(from.0, to.0);
    let mut sums = vec![0.0_f32; row_length];
    let mut result = Vec::with_capacity(to.0 as usize * to.1 as usize * SAMPLES);
    for Reach { first, weights } in reaches(from.1, to.1) {
        sums.fill(0.0);
        for (row, weight) in source.chunks_exact(row_length).skip(first).zip(weights) {
            for (sum, sample) in sums.iter_mut().zip(row) {
                *sum += f32::from(*sample) * weight;
            }
        }
        result.extend(columns.iter().flat_map(|column| mean::<SAMPLES>(&sums, column)));
    }
    result
}

fn mean<const SAMPLES: usize>(row: &[f32], column: &Reach) -> [u8; SAMPLES] {
    let (pixels, _) = row[column.first * SAMPLES..].as_chunks::<SAMPLES>();
    let mut means = [0.0; SAMPLES];
    for (pixel, weight) in pixels.iter().zip(&column.weights) {
        for (mean, sample) in means.iter_mut().zip(pixel) {
            *mean += sample * weight;
        }
    }
    means.map(|mean| mean.round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    fn slope() -> RgbImage {
        RgbImage::from_fn(400, 100, |x, y| Rgb([(x / 2) as u8, y as u8, 90]))
    }

    #[test]
    fn the_longer_side_fits_and_the_other_follows() {
        assert_eq!(fitted(&slope(), 130).unwrap().dimensions(), (130, 33));
        assert_eq!(fitted(&slope(), 400), None);
        assert_eq!(fitted(&RgbImage::new(9000, 1), 30).unwrap().dimensions(), (30, 1));
    }

    #[test]
    fn a_slope_stays_the_slope_it_was() {
        let small = fitted(&slope(), 100).unwrap();
        let pixel = small.get_pixel(50, 12).0;
        assert!(pixel[0].abs_diff(101) <= 1 && pixel[1].abs_diff(50) <= 1 && pixel[2] == 90);
        assert!(small.get_pixel(0, 0).0[0] <= 2 && small.get_pixel(99, 24).0[0] >= 197);
    }

    #[test]
    fn grey_is_as_bright_as_the_colours_are_to_the_eye() {
        let green = RgbImage::from_pixel(50, 20, Rgb([0, 200, 0]));
        assert_eq!(grey(&green, 100).get_pixel(3, 3).0, [143]);
        let small = grey(&green, 25);
        assert_eq!((small.dimensions(), small.get_pixel(24, 9).0), ((25, 10), [143]));
        assert_eq!(grey(&RgbImage::new(0, 0), 25).dimensions(), (0, 0));
    }
}
