//! Text from pixels: find the lines, turn the picture upright, recognise the lines, cut them into
//! words.
//!
//! The models and where they come from are described in `models/NOTICE.md`. They read Latin
//! letters, Chinese and Japanese, in print; other scripts and handwriting give nothing or nonsense.

mod classes;
mod detect;
mod geometry;
mod line;
mod pixels;
mod recognise;
mod words;

use detect::Detector;
use domain::document::{Page, Region, TextSource, Word};
use geometry::{Point, Quad, median_angle};
use image::{RgbImage, imageops};
pub use line::LineReader;
use recognise::{Letter, Line, Recogniser};
use rten::{RunOptions, ThreadPool};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    thread,
};

/// Lines that are recognised both ways up to tell top from bottom.
const PROBES: usize = 3;
/// Above this mean confidence of the probes the picture is taken as upright.
const SURE: f32 = 0.85;

/// A box this much taller than wide is text that runs up or down the margin, and is left out; a
/// lone digit is less tall.
const UPWARDS: f32 = 3.0;

/// Words of at least this confidence, of 100, are read without doubt.
const WITHOUT_DOUBT: u8 = 92;
/// A line that comes this close to the edge, in its heights, runs into it.
const EDGE: f32 = 0.02;
/// The same below: a line that is cut through is found where its letters are, not to the very edge.
const LOWER_EDGE: f32 = 0.15;

/// A picture that stands on its feet, with its lines.
struct Upright {
    picture: RgbImage,
    quads: Vec<Quad>,
    /// What was read already to tell top from bottom, by the place of its line.
    probes: BTreeMap<usize, Vec<Letter>>,
}

/// A picture that was read.
pub struct Sight {
    /// Its words.
    pub page: Page,
    /// The picture, turned upright.
    pub picture: RgbImage,
    /// Every line that was found, read or not.
    pub lines: Vec<Seen>,
}

/// A line that was found.
pub struct Seen {
    /// Its middle, in pixels of the upright picture.
    pub middle: Point,
    /// Letters in words that were read without doubt.
    pub sure_letters: usize,
    /// Whether it runs into the left or right edge of the picture.
    pub is_cut: bool,
    /// Whether it runs into the lower edge.
    pub is_last_cut: bool,
}

/// Reads the text of pictures; opening it takes some 50 ms and 40 MB.
pub struct TextReader {
    detector: Detector,
    recogniser: Recogniser,
    /// For one large picture: all threads together.
    together: RunOptions,
    /// For many short lines: each thread reads its own, which costs a fifth less than sharing one.
    apart: Vec<RunOptions>,
}

impl TextReader {
    /// Loads the embedded models, or returns nothing where there is no memory for them.
    #[must_use]
    pub fn open(threads: usize) -> Option<Self> {
        let threads = threads.clamp(1, 2);
        let options = |threads| {
            let pool = ThreadPool::with_num_threads(threads);
            RunOptions::default().with_thread_pool(Some(Arc::new(pool)))
        };
        Some(Self {
            detector: Detector::load()?,
            recogniser: Recogniser::load()?,
            together: options(threads),
            apart: (0..threads).map(|_| options(1)).collect(),
        })
    }

    /// Returns the words of a picture with their places in hundredths of a pixel, after it was
    /// turned upright and its skew taken out.
    #[must_use]
    pub fn read(&self, picture: RgbImage) -> Sight {
        let Upright { picture, quads, mut probes } = self.upright(picture);
        let unread = |(at, quad): &(usize, &Quad)| !probes.contains_key(at) && !runs_upwards(quad);
        let unread: Vec<(usize, &Quad)> = quads.iter().enumerate().filter(unread).collect();
        probes.extend(self.letters(&picture, unread));
        let angle = median_angle(&quads);
        let centre = (geometry::half(picture.width()), geometry::half(picture.height()));
        let (mut words, mut lines) = (Vec::new(), Vec::new());
        for (at, quad) in quads.iter().enumerate() {
            if runs_upwards(quad) {
                continue;
            }
            let line = Line::of(*quad, probes.remove(&at).unwrap_or_default());
            let read: Vec<Word> =
                line.iter().flat_map(|line| words::split(line, angle, centre)).collect();
            lines.push(seen(quad, &read, picture.dimensions()));
            words.extend(read);
        }
        let page = Page {
            width: geometry::hundredths_of(picture.width()),
            height: geometry::hundredths_of(picture.height()),
            source: TextSource::Pixels,
            words,
        };
        Sight { page, picture, lines }
    }

    /// Turns a picture upright as [`read`](Self::read) does, and returns by which angle its lines
    /// still fall, in radians.
    #[must_use]
    pub fn level(&self, picture: RgbImage) -> (RgbImage, f32) {
        let Upright { picture, quads, .. } = self.upright(picture);
        (picture, median_angle(&quads))
    }

    /// Reads lines, by their places in the list: each thread takes the longest one that is left.
    fn letters(
        &self,
        picture: &RgbImage,
        mut lines: Vec<(usize, &Quad)>,
    ) -> BTreeMap<usize, Vec<Letter>> {
        lines.sort_by(|(_, one), (_, other)| other.width().total_cmp(&one.width()));
        let left = Mutex::new(lines.into_iter());
        let take = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
        let work = |options: &RunOptions| {
            let read = |(at, quad): (usize, &Quad)| {
                (at, self.recogniser.letters(&pixels::crop(picture, quad), options))
            };
            std::iter::from_fn(take).map(read).collect::<Vec<_>>()
        };
        thread::scope(|scope| {
            let (own, others) = self.apart.split_first().unzip();
            let others: Vec<_> = others
                .into_iter()
                .flatten()
                .map(|options| scope.spawn(move || work(options)))
                .collect();
            let read = own.map(work).unwrap_or_default();
            // A panic goes on where it would have ended up without threads.
            let joined = |other: thread::ScopedJoinHandle<'_, _>| {
                other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            read.into_iter().chain(others.into_iter().flat_map(joined)).collect()
        })
    }

    /// Turns the picture so that its lines run from left to right and stand on their feet.
    fn upright(&self, picture: RgbImage) -> Upright {
        let quads = self.detector.find(&picture, &self.together);
        let (picture, quads) = if mostly_tall(&quads) {
            let turned = imageops::rotate90(&picture);
            let quads = self.detector.find(&turned, &self.together);
            (turned, quads)
        } else {
            (picture, quads)
        };
        let probes = self.probe(&picture, &quads);
        if self.is_upside_down(&picture, &quads, &probes) {
            let picture = imageops::rotate180(&picture);
            let quads = self.detector.find(&picture, &self.together);
            return Upright { picture, quads, probes: BTreeMap::new() };
        }
        Upright { picture, quads, probes }
    }

    /// Reads the longest lines, by their place in the list.
    fn probe(&self, picture: &RgbImage, quads: &[Quad]) -> BTreeMap<usize, Vec<Letter>> {
        let mut longest: Vec<(usize, &Quad)> = quads.iter().enumerate().collect();
        longest.sort_by(|(_, one), (_, other)| other.width().total_cmp(&one.width()));
        longest.truncate(PROBES);
        self.letters(picture, longest)
    }

    fn is_upside_down(
        &self,
        picture: &RgbImage,
        quads: &[Quad],
        probes: &BTreeMap<usize, Vec<Letter>>,
    ) -> bool {
        let count = geometry::float(probes.len().max(1));
        let upright = probes.values().map(|letters| recognise::mean(letters)).sum::<f32>() / count;
        if upright >= SURE {
            return false;
        }
        let flipped = probes.keys().filter_map(|at| quads.get(*at)).map(|quad| {
            let crop = imageops::rotate180(&pixels::crop(picture, quad));
            recognise::mean(&self.recogniser.letters(&crop, &self.together))
        });
        flipped.sum::<f32>() / count > upright
    }
}

/// Cuts a place, in hundredths of a pixel, out of an upright picture whose lines fall by an angle.
#[must_use]
pub fn crop_level(picture: &RgbImage, region: Region, angle: f32) -> RgbImage {
    let centre = (geometry::half(picture.width()), geometry::half(picture.height()));
    let corner = |x, y| geometry::turned(geometry::pixels(x, y), centre, angle);
    let Region { left, top, right, bottom } = region;
    let quad =
        Quad([corner(left, top), corner(right, top), corner(right, bottom), corner(left, bottom)]);
    pixels::crop(picture, &quad)
}

/// Describes a line by what was read of it.
fn seen(quad: &Quad, words: &[Word], (width, height): (u32, u32)) -> Seen {
    let margin = EDGE * quad.height();
    let right = 2.0 * geometry::half(width) - margin;
    let bottom = 2.0 * geometry::half(height) - LOWER_EDGE * quad.height();
    Seen {
        middle: quad.at(0.5, 0.5),
        sure_letters: words
            .iter()
            .filter(|word| word.confidence >= WITHOUT_DOUBT)
            .map(|word| letters_of_a_word(&word.text))
            .sum(),
        is_cut: quad.0.iter().any(|(x, _)| *x <= margin || *x >= right),
        is_last_cut: quad.0.iter().any(|(_, y)| *y >= bottom),
    }
}

/// Counts the letters of what looks like a word; figures and lone letters are read in any script.
fn letters_of_a_word(text: &str) -> usize {
    let letters = text.chars().filter(|character| character.is_alphabetic()).count();
    let is_word = letters >= 3 || !text.is_ascii() && letters >= 2;
    if is_word { letters } else { 0 }
}

/// Returns whether a line runs up or down the margin.
fn runs_upwards(quad: &Quad) -> bool {
    quad.height() >= UPWARDS * quad.width()
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
