//! Teaches the weights: logistic regression over the sentences of the tests.
//!
//! `cargo test -p offline teaches -- --ignored` writes them anew.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a test may stop at what cannot be, and its numbers are small"
)]

use super::{BUCKETS, CLASSES, STEPS, WEIGHTS, features, shares};
use crate::sentence::{classify, piece::parse};
use domain::{conversation::Exchange, dates::date, intent::Intent, money::Currency};
use ports::model::{Names, Sentence, Topic};
use serde_json::Value;
use std::{fs, path::Path};

/// How often each sentence is shown.
const ROUNDS: usize = 12;
const RATE: f32 = 0.5;
/// How much a weight shrinks while it is not needed.
const DECAY: f32 = 1e-5;

struct Example {
    set: String,
    class: usize,
    features: Vec<u32>,
}

fn examples() -> Vec<Example> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sentences");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "jsonl"))
        .collect();
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let set = path.file_stem().unwrap().to_string_lossy().into_owned();
        let lines = fs::read_to_string(path).unwrap();
        lines.lines().filter_map(|line| example(line, &set)).collect::<Vec<_>>()
    };
    files.iter().flat_map(read).collect()
}

fn example(line: &str, set: &str) -> Option<Example> {
    let line: Value = serde_json::from_str(line).unwrap();
    let text = |key: &str| line[key].as_str().map(str::to_owned);
    let exchange = |user| Exchange { user, reply: String::new() };
    let sentence = Sentence {
        text: text("text")?,
        today: date(2025, 11, 19),
        currency: Currency::EUR,
        locale: text("locale").or_else(|| text("lang"))?,
        context: text("before").into_iter().map(exchange).collect(),
        last_plan: None,
        names: book(line["book"] == true),
    };
    let said = |class: &(Intent, Topic)| serde_json::to_value(class.0).unwrap() == line["intent"];
    let of_topic = |topic: Topic| CLASSES.iter().position(|class| said(class) && class.1 == topic);
    let class = if line["intent"] == "general" {
        of_topic(topic(&line, &sentence))?
    } else {
        CLASSES.iter().position(said)?
    };
    let features = features(&parse(&sentence), &sentence);
    Some(Example { set: set.to_owned(), class, features })
}

/// Which talk it is: as the line says, or as the grammar is sure of; most of the rest asks for something.
fn topic(line: &Value, sentence: &Sentence) -> Topic {
    if let Some(topic) = line.get("topic") {
        return serde_json::from_value(topic.clone()).unwrap();
    }
    let found = classify::classify(sentence);
    match found.topic {
        Topic::Thanks | Topic::Goodbye if found.sure => found.topic,
        _ => Topic::Capability,
    }
}

/// The names of the book that the sentences are said over.
fn book(open: bool) -> Names {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    if !open {
        return Names::default();
    }
    Names {
        vendors: owned(&[
            "Lidl",
            "Shell Station 4411",
            "Amazon EU S.à r.l.",
            "Vodafone GmbH",
            "Hetzner Online GmbH",
            "Uber",
            "IKEA",
            "Telefónica",
            "Carrefour",
            "Bauhaus AG",
            "Iberdrola",
            "Albert Heijn",
            "Airtel",
            "EDP Comercial",
            "Orange",
            "Esselunga",
            "Etisalat",
        ]),
        customers: owned(&[
            "Bob Marsh",
            "Anna Keller",
            "Blue Bakery",
            "Café Azul",
            "Müller Bau GmbH",
            "Studio Verdi",
            "Bakkerij Smit",
            "Sharma Traders",
            "Padaria Sol",
            "Garage Dupont",
        ]),
        categories: owned(&["Travel", "Groceries", "Rent", "Fuel", "Phone", "Software"]),
        ..Names::default()
    }
}

/// Returns the weights that the examples teach.
fn teach<'e>(examples: impl Iterator<Item = &'e Example> + Clone) -> Vec<f32> {
    let size = usize::try_from(BUCKETS).unwrap() * CLASSES.len();
    let (mut weights, mut seen) = (vec![0.0_f32; size], vec![1e-3_f32; size]);
    let mut order: Vec<&Example> = examples.collect();
    let mut dice = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..ROUNDS {
        for at in (1..order.len()).rev() {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            let other = usize::try_from(dice % (at as u64 + 1)).unwrap();
            order.swap(at, other);
        }
        for example in &order {
            let length = (example.features.len() as f32).sqrt();
            let expected = predict(&weights, &example.features);
            for (class, share) in expected.into_iter().enumerate() {
                let wanted = if class == example.class { 1.0 } else { 0.0 };
                let error = (wanted - share) / length;
                for feature in &example.features {
                    let at = *feature as usize * CLASSES.len() + class;
                    let step = error - DECAY * weights[at];
                    seen[at] += step * step;
                    weights[at] += RATE * step / seen[at].sqrt();
                }
            }
        }
    }
    weights
}

fn predict(weights: &[f32], features: &[u32]) -> [f32; CLASSES.len()] {
    let mut scores = [0.0; CLASSES.len()];
    for feature in features {
        let row = *feature as usize * CLASSES.len();
        for (score, weight) in scores.iter_mut().zip(&weights[row..]) {
            *score += weight;
        }
    }
    shares(scores, features.len())
}

fn right<'e>(weights: &[f32], examples: impl Iterator<Item = &'e Example>) -> (usize, usize) {
    examples.fold((0, 0), |(right, all), example| {
        let shares = predict(weights, &example.features);
        let best = (0..CLASSES.len()).max_by(|a, b| shares[*a].total_cmp(&shares[*b]));
        (right + usize::from(best == Some(example.class)), all + 1)
    })
}

fn bytes(weights: &[f32]) -> Vec<u8> {
    let byte = |weight: &f32| (weight * STEPS).round().clamp(-127.0, 127.0) as i8;
    weights.iter().map(|weight| byte(weight).cast_unsigned()).collect()
}

/// Sets that were written by people who knew neither the rules nor the others' sentences.
const KEPT_AWAY: [&str; 3] = ["thirtyfourth", "thirtyfifth", "thirtysixth"];

#[test]
fn what_a_sentence_wants_is_told_by_others() {
    let examples = examples();
    let kept = |example: &&Example| KEPT_AWAY.contains(&example.set.as_str());
    let weights = teach(examples.iter().filter(|example| !kept(example)));
    let (right, all) = right(&weights, examples.iter().filter(kept));
    println!("{right} of {all} that it was not taught");
    assert!(right * 100 >= all * 95);
}

#[test]
fn the_weights_are_taught_by_all_sentences() {
    let weights: Vec<f32> =
        WEIGHTS.iter().map(|byte| f32::from(byte.cast_signed()) / STEPS).collect();
    let (right, all) = right(&weights, examples().iter());
    assert!(right * 1000 >= all * 990, "{right} of {all}: teach them anew");
}

#[test]
#[ignore = "writes the weights: cargo test -p offline teaches -- --ignored"]
fn teaches_the_weights() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lexicons/sentences/leaning.bin");
    fs::write(path, bytes(&teach(examples().iter()))).unwrap();
}
