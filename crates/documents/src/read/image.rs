//! Pictures: decoded within limits, turned upright by their own mark, and scaled.
//!
//! Nothing but pixels survives: whatever else a file carries (place, device, thumbnail) stays out.
//! Of an animation only the first picture is read.

use super::{
    fingerprint, heic, jpeg, look,
    ocr::{Sight, TextReader},
    scale, tiff,
};
use crate::{Limits, preflight, sniff::file_type};
use domain::document::{Contents, FileType, Notice, Obstacle};
use image::{
    DynamicImage, ImageDecoder, ImageError, ImageReader, RgbImage, codecs::jpeg::JpegEncoder,
};
use std::{cell::LazyCell, io::Cursor};

/// How well the pictures for a vision model are kept, of 100.
const JPEG_QUALITY: u8 = 85;
/// Bytes that a decoder may take for one pixel: four channels of 16 bits.
const BYTES_A_PIXEL: u64 = 8;

/// Reads the text of a picture; of every page of a TIFF file.
#[must_use]
pub fn read(bytes: &[u8], file_type: FileType, limits: &Limits) -> Contents {
    let directories = if file_type == FileType::Tiff { tiff::directories(bytes) } else { vec![] };
    if directories.len() > limits.pages {
        return Contents::unreadable(file_type, Obstacle::TooManyPages);
    }
    let reader = LazyCell::new(|| TextReader::open(limits.threads));
    let sights = if directories.len() > 1 {
        let one_page = |at| sight(&tiff::starting_at(bytes, at), &reader, limits);
        directories.into_iter().map(one_page).collect()
    } else {
        vec![sight(bytes, &reader, limits)]
    };
    let mut contents = gather(sights, file_type);
    if file_type == FileType::Jpeg && contents.obstacle.is_none() && !jpeg::is_whole(bytes) {
        contents.notices.push(Notice::Incomplete);
    }
    contents
}

/// Puts the pages together; where none could be read, the first one's obstacle counts.
fn gather(sights: Vec<Result<Sight, Obstacle>>, file_type: FileType) -> Contents {
    let mut contents = Contents::of(file_type);
    let mut obstacle = None;
    for sight in sights {
        match sight {
            Ok(sight) => {
                contents.notices.extend(look::notices(&sight));
                if contents.pages.is_empty() {
                    contents.fingerprint = fingerprint::of(&sight.picture);
                }
                contents.pages.push(sight.page);
            }
            Err(why) => obstacle = obstacle.or(Some(why)),
        }
    }
    contents.notices.sort_unstable();
    contents.notices.dedup();
    contents.obstacle = obstacle.filter(|_| contents.pages.is_empty());
    contents
}

/// A reader that is opened when there is something to read.
type Reader<Open> = LazyCell<Option<TextReader>, Open>;

fn sight(
    bytes: &[u8],
    reader: &Reader<impl FnOnce() -> Option<TextReader>>,
    limits: &Limits,
) -> Result<Sight, Obstacle> {
    let picture = open(bytes, limits)?;
    if let Some(obstacle) = preflight::obstacle(&picture) {
        return Err(obstacle);
    }
    let reader = reader.as_ref().ok_or(Obstacle::TooHard)?;
    (limits.before_pixels)();
    let sight = reader.read(shrink_to(picture, limits.reading_pixels));
    look::obstacle(&sight).map_or(Ok(sight), Err)
}

/// Returns one page, counted from 1, as a picture of the resolution it is read in.
#[must_use]
pub fn page(bytes: &[u8], file_type: FileType, page: u32, limits: &Limits) -> Option<RgbImage> {
    let at = usize::try_from(page).ok()?.checked_sub(1).filter(|at| *at < limits.pages)?;
    let directories = if file_type == FileType::Tiff { tiff::directories(bytes) } else { vec![] };
    let picture = match directories.get(at) {
        Some(start) if directories.len() > 1 => open(&tiff::starting_at(bytes, *start), limits),
        _ if at == 0 => open(bytes, limits),
        _ => return None,
    };
    Some(shrink_to(picture.ok()?, limits.reading_pixels))
}

/// Decodes a picture and turns it upright.
///
/// # Errors
///
/// [`Obstacle::TooManyPixels`] before memory is taken, [`Obstacle::Broken`].
pub fn open(bytes: &[u8], limits: &Limits) -> Result<RgbImage, Obstacle> {
    if file_type(bytes) == FileType::Heic {
        return heic::open(bytes, limits);
    }
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| Obstacle::Broken)?;
    let mut allowed = image::Limits::default();
    allowed.max_alloc = Some(limits.pixels.saturating_mul(BYTES_A_PIXEL));
    reader.limits(allowed);
    let mut decoder = reader.into_decoder().map_err(obstacle)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width).saturating_mul(u64::from(height)) > limits.pixels {
        return Err(Obstacle::TooManyPixels);
    }
    let orientation = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(obstacle)?;
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    Ok(on_white(picture))
}

fn obstacle(error: ImageError) -> Obstacle {
    match error {
        ImageError::Limits(_) => Obstacle::TooManyPixels,
        ImageError::Unsupported(_) => Obstacle::Unsupported,
        _ => Obstacle::Broken,
    }
}

/// Lays a picture with transparent parts on white paper.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    let mut paper = RgbImage::new(picture.width(), picture.height());
    for (to, from) in paper.pixels_mut().zip(picture.pixels()) {
        let [red, green, blue, alpha] = from.0;
        to.0 = [red, green, blue].map(|sample| mix_with_white(sample, alpha));
    }
    paper
}

fn mix_with_white(sample: u8, alpha: u8) -> u8 {
    let (sample, alpha) = (u32::from(sample), u32::from(alpha));
    let white = 255_u32.saturating_sub(alpha).saturating_mul(255);
    let sum = sample.saturating_mul(alpha).saturating_add(white);
    u8::try_from(sum.div_ceil(255)).unwrap_or(u8::MAX)
}

/// Scales a picture down so that its longer side fits; never up.
#[must_use]
pub fn shrink(picture: RgbImage, longer_side: u32) -> RgbImage {
    scale::fitted(&picture, longer_side).unwrap_or(picture)
}

/// Scales a picture down so that it has no more pixels than a limit; long receipts keep their width.
#[must_use]
#[expect(clippy::as_conversions, reason = "sides of pictures fit in floats, and shrink")]
pub fn shrink_to(picture: RgbImage, pixels: u32) -> RgbImage {
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    let scale = (f64::from(pixels) / (width * height)).sqrt();
    if scale >= 1.0 {
        return picture;
    }
    shrink(picture, (width.max(height) * scale) as u32)
}

/// Encodes a picture as JPEG without any metadata.
#[must_use]
pub fn to_jpeg(picture: &RgbImage) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY).encode_image(picture).ok()?;
    Some(bytes)
}
