//! Pictures as telephones store them: HEIC. AVIF, which has the same envelope, is not read.

use crate::Limits;
use domain::document::Obstacle;
use heic_rs::{DecodeOptions, Error};
use image::RgbImage;

/// Decodes a picture and turns it as its marks say; what is transparent is left as it is.
///
/// # Errors
///
/// [`Obstacle::TooManyPixels`] before memory is taken, [`Obstacle::Unsupported`] for pictures that
/// are coded in another way, [`Obstacle::Broken`].
pub fn open(bytes: &[u8], limits: &Limits) -> Result<RgbImage, Obstacle> {
    let options = DecodeOptions::default()
        .with_max_pixels(Some(limits.pixels))
        .with_alpha(false)
        .with_threads(Some(limits.threads));
    let picture = heic_rs::decode(bytes, &options).map_err(|error| obstacle(&error))?;
    RgbImage::from_raw(picture.width, picture.height, picture.data).ok_or(Obstacle::Broken)
}

fn obstacle(error: &Error) -> Obstacle {
    match error {
        Error::PixelLimit { .. } => Obstacle::TooManyPixels,
        Error::Unsupported(_) | Error::MissingBox("hvcC") => Obstacle::Unsupported,
        _ => Obstacle::Broken,
    }
}
