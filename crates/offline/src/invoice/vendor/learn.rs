//! Learns the weights of the signs from invented documents, and from real ones that lie in
//! `target/training`, if any; the table is committed.
#![expect(clippy::arithmetic_side_effects, reason = "sums of weights")]

use super::{
    super::{invented::invented, lines::Layout},
    *,
};
use domain::document::Page;
use std::collections::{BTreeMap, BTreeSet};

/// The contenders of a document by their signs, and which of them are right.
struct Lesson {
    signs: Vec<Vec<Sign>>,
    right: Vec<bool>,
    weight: f64,
}

impl Lesson {
    fn of(pages: &[Page], names: &[&str], weight: f64) -> Option<Self> {
        let layout = Layout::of(pages);
        let candidates = Candidates::of(&layout, 2026);
        let found = contenders(&layout, &candidates);
        let scene = scene(&layout, &candidates, &found);
        let signs = found.iter().map(|one| scene.signs(one)).collect();
        let alike = |one: &Contender| {
            names.iter().map(|name| likeness(name, &one.name)).fold(0.0, f64::max)
        };
        let likes: Vec<f64> = found.iter().map(alike).collect();
        let right: Vec<bool> = likes.iter().map(|like| *like >= 0.8).collect();
        right.contains(&true).then_some(Self { signs, right, weight })
    }

    fn shares(&self, weights: &BTreeMap<Sign, f64>, only_right: bool) -> Vec<f64> {
        let score = |signs: &Vec<Sign>| {
            signs.iter().map(|s| weights.get(s).copied().unwrap_or(0.0)).sum::<f64>()
        };
        let scores = self
            .signs
            .iter()
            .zip(&self.right)
            .map(|(signs, right)| if only_right && !right { 0.0 } else { score(signs).exp() });
        let scores: Vec<f64> = scores.collect();
        let sum: f64 = scores.iter().sum::<f64>().max(1e-300);
        scores.into_iter().map(|score| score / sum).collect()
    }
}

/// Returns the share of letter pairs that two names have in common.
fn likeness(one: &str, other: &str) -> f64 {
    let pairs = |text: &str| -> Vec<(char, char)> {
        let plain: Vec<char> = fold(text).replace(' ', "").chars().collect();
        plain.iter().copied().zip(plain.iter().copied().skip(1)).collect()
    };
    let (one, mut other) = (pairs(one), pairs(other));
    let all = one.len() + other.len();
    let common = one.iter().filter(|pair| {
        let at = other.iter().position(|known| known == *pair);
        at.map(|at| other.swap_remove(at)).is_some()
    });
    let count = |number: usize| f64::from(u32::try_from(number).unwrap());
    2.0 * count(common.count()) / count(all.max(1))
}

#[derive(serde::Deserialize)]
struct Real {
    pages: Vec<Page>,
    vendor: String,
    /// How many invented documents it counts for.
    weight: f64,
}

fn lessons(seeds: std::ops::Range<u64>) -> Vec<Lesson> {
    seeds
        .map(invented)
        .filter(|document| document.truth.is_invoice)
        .filter_map(|document| {
            let vendor = &document.truth.vendor;
            Lesson::of(&document.sheets.pages, &[&vendor.name, &vendor.brand], 1.0)
        })
        .collect()
}

/// What is known of signs that invented documents show too seldom: the weights are pulled there,
/// all others to nothing.
const PRIOR: [(Sign, f64); 15] = [
    (Sign::BelowCompany, -2.0),
    (Sign::Imprint, 1.5),
    (Sign::Addressed, -2.0),
    (Sign::Owner, -1.5),
    (Sign::Sold, 2.5),
    (Sign::UnderSeller, 2.2),
    (Sign::NamedSeller, 3.5),
    (Sign::UnderCustomer, -3.0),
    (Sign::NoCapitals, -1.2),
    (Sign::Marks, -1.5),
    (Sign::Scrap, -1.5),
    (Sign::Announces, -2.5),
    (Sign::VeryUnsure, -0.5),
    (Sign::Prose, -2.0),
    (Sign::Amounts, -1.5),
];

/// Climbs the likelihood of the right names under the softmax of their scores.
fn learn(lessons: &[Lesson]) -> BTreeMap<Sign, f64> {
    let known: BTreeSet<Sign> =
        lessons.iter().flat_map(|l| l.signs.iter().flatten().copied()).collect();
    let prior = |sign: Sign| PRIOR.iter().find(|(known, _)| *known == sign).map_or(0.0, |p| p.1);
    let mut weights: BTreeMap<Sign, f64> = known.iter().map(|sign| (*sign, prior(*sign))).collect();
    let total: f64 = lessons.iter().map(|lesson| lesson.weight).sum();
    let mut memory: BTreeMap<Sign, f64> = BTreeMap::new();
    for _ in 0..300 {
        let mut slope: BTreeMap<Sign, f64> = BTreeMap::new();
        for lesson in lessons {
            let (all, right) = (lesson.shares(&weights, false), lesson.shares(&weights, true));
            for ((signs, all), right) in lesson.signs.iter().zip(all).zip(right) {
                for sign in signs {
                    *slope.entry(*sign).or_default() += (right - all) * lesson.weight / total;
                }
            }
        }
        for (sign, weight) in &mut weights {
            let now = slope.get(sign).copied().unwrap_or(0.0) - 0.002 * (*weight - prior(*sign));
            let past = memory.entry(*sign).or_default();
            *past += now * now;
            *weight += 0.5 * now / (past.sqrt() + 1e-6);
            // What is known to speak for or against a name never turns to its opposite.
            let known = prior(*sign);
            *weight = if known < 0.0 { weight.min(known / 2.0) } else { *weight };
        }
    }
    weights
}

#[test]
#[ignore = "writes the table of weights; run by hand after a change of signs"]
fn the_weights_are_learnt() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/training/vendors.jsonl");
    let mut all = lessons(0..1200);
    let real = std::fs::read_to_string(folder).unwrap_or_default();
    for line in real.lines() {
        let real: Real = serde_json::from_str(line).unwrap();
        all.extend(Lesson::of(&real.pages, &[&real.vendor], real.weight));
    }
    let weights = learn(&all);
    let rows: String = weights
        .iter()
        .map(|(sign, weight)| format!("    (Sign::{sign:?}, {:.0}),\n", weight * 1000.0))
        .collect();
    let text = format!(
        "//! What each sign is worth, in thousandths of a natural logarithm; written by\n//! `learn::the_weights_are_learnt`.\n\nuse super::signs::Sign;\n\n/// The weights; a sign that is missing is worth nothing.\npub const WEIGHTS: [(Sign, i32); {}] = [\n{rows}];\n",
        weights.len()
    );
    std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/invoice/vendor/weights.rs"), text)
        .unwrap();
    assert!(weights.len() > 30);
}
