//! Text from pixels: find the lines, turn the picture upright, recognise the lines, cut them into
//! words.
//!
//! The models and where they come from are described in `models/NOTICE.md`. They read Latin
//! letters, Chinese and Japanese, in print; other scripts and handwriting give nothing or nonsense.

mod detect;
mod geometry;
mod pixels;
mod recognise;
mod words;

use detect::Detector;
use domain::document::{Page, TextSource, Word};
use geometry::{Quad, median_angle};
use image::{RgbImage, imageops};
use recognise::{Line, Recogniser};
use rten::{RunOptions, ThreadPool};
use std::sync::Arc;

/// Lines that are recognised both ways up to tell top from bottom.
const PROBES: usize = 3;
/// Above this mean confidence of the probes the picture is taken as upright.
const SURE: f32 = 0.85;

/// Reads the text of pictures; opening it takes some 50 ms and 40 MB.
pub struct TextReader {
    detector: Detector,
    recogniser: Recogniser,
    options: RunOptions,
}

impl TextReader {
    /// Loads the embedded models, or returns nothing where there is no memory for them.
    #[must_use]
    pub fn open(threads: usize) -> Option<Self> {
        let pool = ThreadPool::with_num_threads(threads.clamp(1, 2));
        Some(Self {
            detector: Detector::load()?,
            recogniser: Recogniser::load()?,
            options: RunOptions::default().with_thread_pool(Some(Arc::new(pool))),
        })
    }

    /// Returns the words of a picture with their places in hundredths of a pixel, after it was
    /// turned upright and its skew taken out.
    #[must_use]
    pub fn read(&self, picture: RgbImage) -> Page {
        let (picture, quads) = self.upright(picture);
        let lines = quads.iter().filter_map(|quad| self.line(&picture, quad)).collect::<Vec<_>>();
        let angle = median_angle(&quads);
        let centre = (geometry::half(picture.width()), geometry::half(picture.height()));
        let words: Vec<Word> =
            lines.iter().flat_map(|line| words::split(line, angle, centre)).collect();
        Page {
            width: geometry::hundredths_of(picture.width()),
            height: geometry::hundredths_of(picture.height()),
            source: TextSource::Pixels,
            words,
        }
    }

    fn line(&self, picture: &RgbImage, quad: &Quad) -> Option<Line> {
        let crop = pixels::crop(picture, quad);
        self.recogniser.read(&crop, *quad, &self.options)
    }

    /// Turns the picture so that its lines run from left to right and stand on their feet.
    fn upright(&self, picture: RgbImage) -> (RgbImage, Vec<Quad>) {
        let quads = self.detector.find(&picture, &self.options);
        let (picture, quads) = if mostly_tall(&quads) {
            let turned = imageops::rotate90(&picture);
            let quads = self.detector.find(&turned, &self.options);
            (turned, quads)
        } else {
            (picture, quads)
        };
        if self.is_upside_down(&picture, &quads) {
            let turned = imageops::rotate180(&picture);
            let quads = self.detector.find(&turned, &self.options);
            return (turned, quads);
        }
        (picture, quads)
    }

    fn is_upside_down(&self, picture: &RgbImage, quads: &[Quad]) -> bool {
        let mut longest: Vec<&Quad> = quads.iter().collect();
        longest.sort_by(|one, other| other.width().total_cmp(&one.width()));
        longest.truncate(PROBES);
        let crops: Vec<RgbImage> = longest.iter().map(|quad| pixels::crop(picture, quad)).collect();
        let upright = self.confidence(crops.iter());
        if upright >= SURE || crops.is_empty() {
            return false;
        }
        let flipped: Vec<RgbImage> = crops.iter().map(imageops::rotate180).collect();
        self.confidence(flipped.iter()) > upright
    }

    fn confidence<'p>(&self, crops: impl ExactSizeIterator<Item = &'p RgbImage>) -> f32 {
        let count = geometry::float(crops.len().max(1));
        crops.map(|crop| self.recogniser.confidence(crop, &self.options)).sum::<f32>() / count
    }
}

/// Returns whether most of the text, by length, runs up or down.
fn mostly_tall(quads: &[Quad]) -> bool {
    let (mut tall, mut wide) = (0.0, 0.0);
    for quad in quads {
        if quad.height() > 1.5 * quad.width() {
            tall += quad.height();
        } else if quad.width() > 1.5 * quad.height() {
            wide += quad.width();
        }
    }
    tall > wide
}
