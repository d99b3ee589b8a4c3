//! What a line of text says: a class for each time step, read off greedily (CTC).
#![expect(
    clippy::as_conversions,
    reason = "widths of lines are far below the precision of the floats they become"
)]

use super::{classes::Classes, geometry::Quad, pixels};
use image::RgbImage;
use rten::{Model, ModelOptions, RunOptions};
use rten_tensor::{NdTensor, prelude::*};

static MODEL: &[u8] = include_bytes!("../../../models/text_recognition.onnx");
static DICTIONARY: &str = include_str!("../../../models/dictionary.txt");

/// The height that lines are scaled to.
const HEIGHT: usize = 48;
/// The narrowest and widest line the model is given, in pixels at that height.
const WIDTHS: (usize, usize) = (16, 3200);
/// The model sees at least this width; the rest is padding.
const LEAST_PADDED: usize = 64;
/// Scores that are looked at together.
const LANES: usize = 16;
/// A score this far below the highest adds nothing to a probability: e^-20 of it.
const NEGLIGIBLE: f32 = 20.0;
/// Lines below this mean probability are noise.
const IS_READ: f32 = 0.5;

/// One character of a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// The character; a space is a letter too.
    pub text: &'static str,
    /// Where its middle is, as a share of the line's width.
    pub at: f32,
    /// Its probability.
    pub probability: f32,
}

/// A line that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Where it stands in the picture.
    pub quad: Quad,
    /// Its characters from left to right.
    pub letters: Vec<Letter>,
}

impl Line {
    /// Makes a line of its characters, or nothing where it is not legible.
    pub fn of(quad: Quad, letters: Vec<Letter>) -> Option<Self> {
        let legible =
            mean(&letters) >= IS_READ && letters.iter().any(|l| !l.text.trim().is_empty());
        legible.then_some(Self { quad, letters })
    }
}

/// The text recognition model.
pub struct Recogniser {
    /// The model, of which all but the last layer is run.
    pub(super) model: Model,
    /// The last layer.
    pub(super) classes: Classes,
    dictionary: Vec<&'static str>,
}

impl Recogniser {
    /// Loads the embedded model.
    pub fn load() -> Option<Self> {
        let mut dictionary: Vec<&str> = DICTIONARY.split('\n').collect();
        if dictionary.last() == Some(&"") {
            dictionary.pop();
        }
        // Nearly every line is read with the same weights: packing them once saves a tenth.
        let model = ModelOptions::with_all_ops().prepack_weights(true).load_static_slice(MODEL);
        let model = model.ok()?;
        let classes = Classes::of(&model, &dictionary)?;
        Some(Self { model, classes, dictionary })
    }

    /// Returns the characters of a cut-out line, legible or not.
    pub fn letters(&self, crop: &RgbImage, options: &RunOptions) -> Vec<Letter> {
        self.run(crop, options).unwrap_or_default()
    }

    fn run(&self, crop: &RgbImage, options: &RunOptions) -> Option<Vec<Letter>> {
        let ratio = crop.width() as f32 / crop.height() as f32;
        let width = ((HEIGHT as f32 * ratio).ceil() as usize).clamp(WIDTHS.0, WIDTHS.1);
        let padded = width.max(LEAST_PADDED).next_multiple_of(8);
        let planes = pixels::planes(crop, (width, HEIGHT), padded);
        let input = NdTensor::from_data([1, 3, HEIGHT, padded], planes);
        let given = vec![(*self.model.input_ids().first()?, input.into())];
        let seen = self.model.run(given, &[self.classes.seen], Some(options.clone())).ok()?;
        let seen: NdTensor<f32, 3> = seen.into_iter().next()?.try_into().ok()?;
        let [_, steps, _] = seen.shape();
        let stretch = padded as f32 / width as f32 / steps as f32;
        let found = self.classes.likeliest(seen.data()?);
        Some(self.decode(&found, stretch))
    }

    /// Takes the likeliest class of each step; a class that goes on, and the blank, are no letters.
    fn decode(&self, steps: &[(usize, f32)], stretch: f32) -> Vec<Letter> {
        let mut letters = Vec::new();
        let mut before = 0;
        for (step, (class, probability)) in steps.iter().copied().enumerate() {
            if class != before
                && let Some(index) = class.checked_sub(1)
            {
                let text = self.dictionary.get(index).copied().unwrap_or(" ");
                let at = (step as f32 + 0.5) * stretch;
                letters.push(Letter { text, at, probability });
            }
            before = class;
        }
        letters
    }
}

/// Returns the class of the highest score and the score.
///
/// There are nearly twenty thousand classes for each step: the highest score is sought in lanes,
/// which the compiler turns into wide instructions.
pub fn likeliest(row: &[f32]) -> (usize, f32) {
    let higher = |one: f32, other: f32| if one > other { one } else { other };
    let (chunks, rest) = row.as_chunks::<LANES>();
    let mut lanes = [f32::MIN; LANES];
    for chunk in chunks {
        for (lane, score) in lanes.iter_mut().zip(chunk) {
            *lane = higher(*score, *lane);
        }
    }
    let highest = lanes.iter().chain(rest).copied().fold(f32::MIN, higher);
    (row.iter().position(|score| *score >= highest).unwrap_or_default(), highest)
}

/// Returns the probability of the class with the highest score, as a softmax over the row gives it.
pub fn probability(highest: f32, row: &[f32]) -> f32 {
    let counts = |score: &&f32| **score > highest - NEGLIGIBLE;
    1.0 / row.iter().filter(counts).map(|score| (score - highest).exp()).sum::<f32>()
}

/// Returns the mean probability of characters; 0 for none.
pub fn mean(letters: &[Letter]) -> f32 {
    let sum: f32 = letters.iter().map(|letter| letter.probability).sum();
    sum / letters.len().max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_score_is_found_in_lanes_and_in_the_rest() {
        for place in [0, 15, 16, 40, 49] {
            let mut row = vec![-3.0; 50];
            row[place] = 2.5;
            assert_eq!(likeliest(&row), (place, 2.5));
        }
        assert_eq!(likeliest(&[]).0, 0);
    }

    #[test]
    fn a_probability_is_a_share_of_all_scores() {
        assert!((probability(7.0, &[7.0, 7.0, -90.0]) - 0.5).abs() < 0.001);
        assert!((probability(30.0, &[30.0, 0.0, 1.0]) - 1.0).abs() < 0.001);
    }

    #[test]
    fn repeated_steps_are_one_letter_and_blanks_none() {
        let reader = Recogniser::load().unwrap();
        let digit = reader.dictionary.iter().position(|text| *text == "7").unwrap() + 1;
        let space = reader.dictionary.len() + 1;
        let steps = [digit, digit, 0, digit, space].map(|class| (class, 1.0));
        let letters = reader.decode(&steps, 0.2);
        let text: String = letters.iter().map(|letter| letter.text).collect();
        assert_eq!(text, "77 ");
        assert!((letters[1].at - 0.7).abs() < 1e-6);
    }
}
