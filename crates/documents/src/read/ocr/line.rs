//! Lines whose places are known: read without a search, and so without the model that searches.

use super::{
    geometry::{Quad, float, half},
    pixels,
    recognise::{Line, Recogniser},
    words,
};
use domain::document::Word;
use image::RgbImage;
use rten::{RunOptions, ThreadPool};
use std::sync::Arc;

/// Reads single lines; opening it takes a quarter of the time of a reader of pages.
pub struct LineReader {
    recogniser: Recogniser,
    options: RunOptions,
}

impl LineReader {
    /// Loads the embedded model, or returns nothing where there is no memory for it.
    #[must_use]
    pub fn open() -> Option<Self> {
        let pool = ThreadPool::with_num_threads(1);
        let options = RunOptions::default().with_thread_pool(Some(Arc::new(pool)));
        Some(Self { recogniser: Recogniser::load()?, options })
    }

    /// Returns the words of a level line between left, top, right and bottom, in pixels; their places
    /// are in hundredths of a pixel.
    #[must_use]
    pub fn read(&self, picture: &RgbImage, place: [usize; 4]) -> Vec<Word> {
        let [left, top, right, bottom] = place.map(float);
        let quad = Quad([(left, top), (right, top), (right, bottom), (left, bottom)]);
        let crop = pixels::crop(picture, &quad);
        let letters = self.recogniser.letters(&crop, &self.options);
        let centre = (half(picture.width()), half(picture.height()));
        let line = Line::of(quad, letters);
        line.map(|line| words::split(&line, 0.0, centre)).unwrap_or_default()
    }
}
