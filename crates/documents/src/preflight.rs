//! Whether a picture is worth reading at all: tiny, black or blank ones are not.
//!
//! It only spares the work for pictures without any contrast; whether something can be read is
//! shown by reading it.

use image::RgbImage;

/// Shorter sides below this hold no line of text.
const SMALLEST_SIDE: u32 = 16;
/// Brightness steps between the darkest and the brightest parts of a picture with text.
const LEAST_CONTRAST: u8 = 24;

/// Returns whether a picture may hold text.
#[must_use]
pub fn may_hold_text(picture: &RgbImage) -> bool {
    picture.width().min(picture.height()) >= SMALLEST_SIDE && contrast(picture) >= LEAST_CONTRAST
}

/// Returns the distance between the darkest and the brightest of the samples, all channels alike.
fn contrast(picture: &RgbImage) -> u8 {
    let (darkest, brightest) = picture
        .as_raw()
        .iter()
        .fold((u8::MAX, u8::MIN), |(low, high), &sample| (low.min(sample), high.max(sample)));
    brightest.saturating_sub(darkest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn a_blank_or_black_picture_is_not_read() {
        assert!(!may_hold_text(&RgbImage::from_pixel(100, 100, Rgb([255, 255, 255]))));
        assert!(!may_hold_text(&RgbImage::from_pixel(100, 100, Rgb([3, 3, 3]))));
    }

    #[test]
    fn a_few_dark_pixels_are_enough_to_try() {
        let mut picture = RgbImage::from_pixel(100, 100, Rgb([255, 255, 255]));
        picture.put_pixel(50, 50, Rgb([0, 0, 0]));
        assert!(may_hold_text(&picture));
    }

    #[test]
    fn a_sliver_is_not_read() {
        let mut picture = RgbImage::from_pixel(100, 4, Rgb([255, 255, 255]));
        picture.put_pixel(50, 2, Rgb([0, 0, 0]));
        assert!(!may_hold_text(&picture));
    }
}
