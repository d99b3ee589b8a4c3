//! Whether a picture is worth reading at all: tiny, black or blank ones are not.
//!
//! It only spares the work for pictures without any contrast; whether something can be read is
//! shown by reading it.

use domain::document::Obstacle;
use image::RgbImage;

/// Shorter sides below this hold no line of text.
const SMALLEST_SIDE: u32 = 16;
/// Brightness steps between the darkest and the brightest parts of a picture with text.
const LEAST_CONTRAST: u8 = 24;
/// Below this brightness, of 255, the brightest parts of a picture are dark.
pub const DARK: u8 = 48;

/// Returns why a picture cannot hold legible text, or nothing where it may.
#[must_use]
pub fn obstacle(picture: &RgbImage) -> Option<Obstacle> {
    // Two walks over the samples: each is done sixteen at a time, one for both would not be.
    let samples = || picture.as_raw().iter().copied();
    let (darkest, brightest) = (samples().fold(u8::MAX, u8::min), samples().fold(u8::MIN, u8::max));
    if picture.width().min(picture.height()) < SMALLEST_SIDE {
        return Some(Obstacle::NoText);
    }
    let is_flat = brightest.saturating_sub(darkest) < LEAST_CONTRAST;
    match (is_flat, brightest < DARK) {
        (true, true) => Some(Obstacle::Dark),
        (true, false) => Some(Obstacle::NoText),
        (false, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn a_blank_or_black_picture_is_not_read() {
        let white = RgbImage::from_pixel(100, 100, Rgb([255, 255, 255]));
        assert_eq!(obstacle(&white), Some(Obstacle::NoText));
        let black = RgbImage::from_pixel(100, 100, Rgb([3, 3, 3]));
        assert_eq!(obstacle(&black), Some(Obstacle::Dark));
    }

    #[test]
    fn a_few_dark_pixels_are_enough_to_try() {
        let mut picture = RgbImage::from_pixel(100, 100, Rgb([255, 255, 255]));
        picture.put_pixel(50, 50, Rgb([0, 0, 0]));
        assert_eq!(obstacle(&picture), None);
    }

    #[test]
    fn a_sliver_is_not_read() {
        let mut picture = RgbImage::from_pixel(100, 4, Rgb([255, 255, 255]));
        picture.put_pixel(50, 2, Rgb([0, 0, 0]));
        assert_eq!(obstacle(&picture), Some(Obstacle::NoText));
    }
}
