//! What a picture looks like in 64 bits, so that the same picture is known again after it was
//! scaled or saved anew.
//!
//! A perceptual hash: the picture small and grey, its 64 slowest waves (discrete cosine transform,
//! without the constant one), and of each whether it is stronger than half of them.
#![expect(
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "loops over a table of fixed size; every index is below it"
)]

use domain::document::Fingerprint;
use image::{RgbImage, imageops};
use std::f32::consts::PI;

/// The side of the small picture.
const SIDE: usize = 32;
/// The waves along each side that are looked at.
const WAVES: usize = 8;

/// Returns the fingerprint of a picture; nothing for one that is the same all over.
#[must_use]
pub fn of(picture: &RgbImage) -> Option<Fingerprint> {
    let small = imageops::thumbnail(picture, SIDE as u32, SIDE as u32);
    let grey: Vec<f32> =
        imageops::grayscale(&small).into_raw().into_iter().map(f32::from).collect();
    let strengths: Vec<f32> = (0..=WAVES * WAVES)
        // One more than is needed, since the first says only how bright the picture is.
        .skip(1)
        .map(|at| strength(&grey, at % (WAVES + 1), at / (WAVES + 1)))
        .collect();
    let mut sorted = strengths.clone();
    sorted.sort_by(f32::total_cmp);
    let median = sorted[sorted.len() / 2];
    let differs = strengths.iter().any(|strength| strength.abs() > 1.0);
    let bits = strengths.iter().fold(0_u64, |bits, one| bits << 1 | u64::from(*one > median));
    differs.then_some(Fingerprint(bits))
}

/// Returns how strong a wave is, by its number of half periods across and down.
fn strength(grey: &[f32], across: usize, down: usize) -> f32 {
    let step = |place: usize, waves: usize| {
        (PI * (2 * place + 1) as f32 * waves as f32 / (2 * SIDE) as f32).cos()
    };
    let rows = (0..SIDE).map(|y| {
        let row = (0..SIDE).map(|x| grey[y * SIDE + x] * step(x, across)).sum::<f32>();
        row * step(y, down)
    });
    rows.sum::<f32>() / (SIDE * SIDE) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, Rgb, codecs::jpeg::JpegEncoder, imageops::FilterType};

    /// A page with a head and rows of ink as the seed says.
    fn page(seed: u32) -> RgbImage {
        RgbImage::from_fn(600, 900, |x, y| {
            let row = y / 20;
            let length = 80 + (row * 7_919 + seed * 104_729) % 400;
            let ink = row % 2 == 1 && (60..60 + length).contains(&x) && (x / 3 + y / 3) % 2 == 0;
            Rgb([if ink { 20 } else { 235 }; 3])
        })
    }

    #[test]
    fn the_same_picture_smaller_and_saved_anew_is_known_again() {
        let page = page(1);
        let mut bytes = Vec::new();
        let small = DynamicImage::from(page.clone()).resize(350, 525, FilterType::Triangle);
        JpegEncoder::new_with_quality(&mut bytes, 40).encode_image(&small).unwrap();
        let again = image::load_from_memory(&bytes).unwrap().into_rgb8();
        let distance = of(&page).unwrap().distance(of(&again).unwrap());
        assert!(distance <= 4, "{distance}");
    }

    #[test]
    fn another_page_is_another_one_and_a_blank_one_is_none() {
        let distance = of(&page(1)).unwrap().distance(of(&page(2)).unwrap());
        assert!(distance > 12, "{distance}");
        assert_eq!(of(&RgbImage::from_pixel(40, 40, Rgb([200; 3]))), None);
    }
}
