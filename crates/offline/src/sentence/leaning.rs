//! Which way a text leans: a linear model over its pieces, for what the grammar cannot tell.
//!
//! The grammar decides what it is sure of. "We got the money for INV-507" has no rule of its own, yet
//! its words stand in many sentences that tell of a payment. The weights are taught by the sentences
//! of the tests (`leaning/teach.rs`) and kept as one byte each.

use super::{
    names::Side,
    piece::{Parsed, Piece},
    token::Kind,
    word::Role,
};
use domain::intent::Intent;
use ports::model::{Sentence, Topic};

/// What a text may lean to, in the order of the weights.
const CLASSES: [(Intent, Topic); 8] = [
    (Intent::Greeting, Topic::Hello),
    (Intent::General, Topic::Capability),
    (Intent::General, Topic::Thanks),
    (Intent::General, Topic::Goodbye),
    (Intent::InvoiceQuery, Topic::Other),
    (Intent::InvoiceCreator, Topic::Other),
    (Intent::InvoiceUpdate, Topic::Other),
    (Intent::OffTopic, Topic::Other),
];

/// How many buckets the features fall into.
const BUCKETS: u32 = 1 << 14;

/// A weight of one is this many steps.
const STEPS: f32 = 16.0;

/// How clearly the words must lean where the grammar has found nothing, where it has found an answer, and where
/// it has found an order or talk.
pub(super) const LEANS: f32 = 0.6;
pub(super) const LEANS_CLEARLY: f32 = 0.7;
pub(super) const LEANS_FOR_SURE: f32 = 0.95;

/// The weights by bucket, and in a bucket by class.
static WEIGHTS: &[u8] = include_bytes!("../lexicons/sentences/leaning.bin");

/// How a text leans.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leaning {
    /// The likeliest intent.
    pub(super) intent: Intent,
    /// What kind of talk it is.
    pub(super) topic: Topic,
    /// How likely it is, from 0 to 1.
    pub(super) share: f32,
}

/// Returns how a text leans.
pub(super) fn of(parsed: &Parsed, sentence: &Sentence) -> Leaning {
    let features = features(parsed, sentence);
    let mut scores = [0.0_f32; CLASSES.len()];
    for feature in &features {
        let row = usize::try_from(*feature).unwrap_or_default().saturating_mul(CLASSES.len());
        let weights = WEIGHTS.get(row..).unwrap_or_default();
        for (score, weight) in scores.iter_mut().zip(weights) {
            *score += f32::from(weight.cast_signed()) / STEPS;
        }
    }
    let shares = shares(scores, features.len());
    let likeliest = CLASSES.into_iter().zip(shares).max_by(|a, b| a.1.total_cmp(&b.1));
    let ((intent, topic), share) = likeliest.unwrap_or(((Intent::OffTopic, Topic::Other), 0.0));
    Leaning { intent, topic, share }
}

/// Returns the shares that the sums of the weights stand for; longer texts have more to sum.
fn shares(scores: [f32; CLASSES.len()], features: usize) -> [f32; CLASSES.len()] {
    let length = f32::from(u16::try_from(features.max(1)).unwrap_or(u16::MAX)).sqrt();
    let scores = scores.map(|score| score / length);
    let top = scores.into_iter().fold(f32::MIN, f32::max);
    let powers = scores.map(|score| (score - top).exp());
    let sum: f32 = powers.iter().sum();
    powers.map(|power| power / sum)
}

/// Returns the buckets of what a text shows, each once.
fn features(parsed: &Parsed, sentence: &Sentence) -> Vec<u32> {
    let mut found = Vec::new();
    let follows = !sentence.context.is_empty() || sentence.last_plan.is_some();
    found.push(bucket(&["follows", if follows { "yes" } else { "no" }]));
    let mut before = vec!["start".to_owned()];
    for piece in &parsed.pieces {
        let signs = signs(piece);
        for sign in &signs {
            found.push(bucket(&["sign", sign]));
            found.extend(before.iter().map(|before| bucket(&["pair", before, sign])));
        }
        before = signs;
        if piece.known.is_none() && piece.kind == Kind::Word {
            found.push(bucket(&["word", &piece.folded]));
            found.extend(piece.folded.split(' ').flat_map(letters));
        }
    }
    found.extend(before.iter().map(|before| bucket(&["pair", before, "end"])));
    found.sort_unstable();
    found.dedup();
    found
}

/// Returns what a piece is, whatever its language.
fn signs(piece: &Piece) -> Vec<String> {
    if let Some(known) = &piece.known {
        let side = match known.side {
            Side::Vendor => "vendor",
            Side::Customer => "customer",
            _ => "category",
        };
        return vec![side.to_owned()];
    }
    let role = |role: &Role| match role {
        Role::Word(word) => format!("{word:?}"),
        Role::Unit(_) => "unit".to_owned(),
        Role::Every(_) => "every".to_owned(),
        Role::Month(_) | Role::Season(_) => "month".to_owned(),
        Role::Weekday(_) => "weekday".to_owned(),
        Role::Number(_) => "number".to_owned(),
        Role::Ordinal(_) => "ordinal".to_owned(),
        Role::Category(_) => "category".to_owned(),
        Role::Currency(_) => "currency".to_owned(),
    };
    let mut signs: Vec<String> = piece.roles.iter().map(role).collect();
    if signs.is_empty() {
        signs.push(match piece.kind {
            Kind::Word if piece.is_capital() => "Name".to_owned(),
            Kind::Mark => piece.text.clone(),
            kind => format!("{kind:?}"),
        });
    }
    signs
}

/// Returns runs of three to five letters of a word, its ends among them.
fn letters(word: &str) -> Vec<u32> {
    let letters: Vec<char> = ['<'].into_iter().chain(word.chars()).chain(['>']).collect();
    let run = |run: &[char]| bucket(&["letters", &run.iter().collect::<String>()]);
    (3..=5).flat_map(|size| letters.windows(size).map(run)).collect()
}

/// Returns the bucket of a feature (FNV-1a).
fn bucket(parts: &[&str]) -> u32 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    let hash = bytes
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (hash ^ (hash >> 15)) % BUCKETS
}

#[cfg(test)]
mod teach;
