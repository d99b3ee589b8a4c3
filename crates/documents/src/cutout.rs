//! A place on a page as a small picture, for a person to look at.

use crate::{
    Limits, file_type,
    read::{
        self,
        ocr::{TextReader, crop_level},
    },
};
use domain::document::{FileType, Region, TextSource};
use image::{RgbImage, imageops};

/// The widest cut-out, in pixels.
const WIDEST: u32 = 800;
/// Print of this height, in pixels, is legible on a telephone.
const LEGIBLE: u32 = 36;
/// A cut-out is enlarged at most so many times: beyond it only the blur grows.
const LARGEST_SCALE: u32 = 4;
/// How many times its own height a place gets as margin to the left and right.
const MARGIN_ACROSS: i64 = 6;

/// A place on a page in the units that the page was read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// The page, from 1.
    pub page: u32,
    /// The page's width as it was read.
    pub width: i32,
    /// The page's height as it was read.
    pub height: i32,
    /// How it was read: a page read from pixels was turned upright first.
    pub source: TextSource,
    /// The place on it.
    pub region: Region,
}

/// Returns a place with some margin as a JPEG, at most 800 pixels wide and enlarged so that it can
/// be read; nothing where the page cannot be shown or has another shape than the one that was read.
#[must_use]
pub fn cutout(bytes: &[u8], cut: &Cut, limits: &Limits) -> Option<Vec<u8>> {
    if bytes.len() > limits.bytes {
        return None;
    }
    let page = match file_type(bytes) {
        FileType::Pdf => read::pdf::picture(bytes, cut.page, limits)?,
        kind if kind.is_picture() => read::image::page(bytes, kind, cut.page, limits)?,
        _ => return None,
    };
    let (page, angle) = match cut.source {
        TextSource::TextLayer => (page, 0.0),
        TextSource::Pixels => TextReader::open(limits.threads)?.level(page),
    };
    let (region, line) = frame(&page, cut)?;
    read::image::to_jpeg(&legible(crop_level(&page, region, angle), line))
}

/// Returns the part with its margin, in hundredths of a pixel, and the height of the print in it,
/// in pixels.
fn frame(page: &RgbImage, cut: &Cut) -> Option<(Region, u32)> {
    let (across, down) = (hundredths(page.width())?, hundredths(page.height())?);
    let (width, height) = (i64::from(cut.width), i64::from(cut.height));
    if width <= 0 || height <= 0 {
        return None;
    }
    // A page of another shape is not the one that the place is on.
    let (one, other) = (across.checked_mul(height)?, down.checked_mul(width)?);
    if one.abs_diff(other).checked_mul(20)? > one.unsigned_abs() {
        return None;
    }
    let x = |at: i32| i64::from(at).checked_mul(across)?.checked_div(width);
    let y = |at: i32| i64::from(at).checked_mul(down)?.checked_div(height);
    let (top, bottom) = (y(cut.region.top)?, y(cut.region.bottom)?);
    let line = bottom.checked_sub(top)?;
    let margin = line.checked_mul(MARGIN_ACROSS)?;
    let within = |at: i64, most: i64| i32::try_from(at.clamp(0, most)).ok();
    let region = Region {
        left: within(x(cut.region.left)?.checked_sub(margin)?, across)?,
        top: within(top.checked_sub(line)?, down)?,
        right: within(x(cut.region.right)?.checked_add(margin)?, across)?,
        bottom: within(bottom.checked_add(line)?, down)?,
    };
    let line = u32::try_from(line.checked_div(100)?).ok().filter(|line| *line > 0)?;
    (region.left < region.right && region.top < region.bottom).then_some((region, line))
}

fn hundredths(length: u32) -> Option<i64> {
    i64::from(length).checked_mul(100)
}

/// Enlarges small print and keeps the width within bounds.
fn legible(part: RgbImage, line: u32) -> RgbImage {
    let scale = LEGIBLE.div_ceil(line).clamp(1, LARGEST_SCALE);
    let wanted = part.width().saturating_mul(scale).min(WIDEST);
    if wanted == part.width() {
        return part;
    }
    let tall = u64::from(part.height())
        .saturating_mul(wanted.into())
        .checked_div(part.width().into())
        .and_then(|tall| u32::try_from(tall.max(1)).ok());
    let Some(tall) = tall else { return part };
    imageops::resize(&part, wanted, tall, imageops::FilterType::CatmullRom)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    /// A white page of 400 by 600 pixels with a red place, as PNG.
    fn png() -> Vec<u8> {
        let mut page = RgbImage::from_pixel(400, 600, Rgb([255; 3]));
        for y in 300..312 {
            for x in 200..260 {
                page.put_pixel(x, y, Rgb([200, 0, 0]));
            }
        }
        let mut bytes = std::io::Cursor::new(Vec::new());
        page.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    fn cut(width: i32, height: i32) -> Cut {
        let region = Region { left: 100_000, top: 150_000, right: 130_000, bottom: 156_000 };
        Cut { page: 1, width, height, source: TextSource::TextLayer, region }
    }

    #[test]
    fn the_place_is_shown_enlarged_with_its_surroundings() {
        let jpeg = cutout(&png(), &cut(200_000, 300_000), &Limits::default()).unwrap();
        let seen = image::load_from_memory(&jpeg).unwrap().into_rgb8();
        assert!(seen.width() > 400 && seen.width() <= 800, "{}", seen.width());
        let middle = seen.get_pixel(seen.width() / 2, seen.height() / 2);
        let corner = seen.get_pixel(2, 2);
        assert!(middle.0[0] > 150 && middle.0[1] < 80, "{middle:?}");
        assert!(corner.0[1] > 200, "{corner:?}");
    }

    #[test]
    fn a_place_that_is_not_there_is_not_shown() {
        let limits = Limits::default();
        assert_eq!(cutout(&png(), &cut(300_000, 200_000), &limits), None, "another shape");
        assert_eq!(cutout(&png(), &Cut { page: 2, ..cut(200_000, 300_000) }, &limits), None);
        assert_eq!(cutout(&png(), &cut(0, 0), &limits), None);
        assert_eq!(cutout(b"nothing", &cut(1, 1), &limits), None);
    }
}
