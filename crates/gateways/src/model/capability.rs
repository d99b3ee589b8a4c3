//! What is known about classes of models: which parameters they take, how they count pictures, what
//! they cost and until when they are served. As published in November 2026.

use jiff::civil::{Date, date};
use ports::model::{Cost, Price};

/// How a model counts the tokens of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureTokens {
    /// A fixed part and as much again for each tile of 512 pixels, after the picture has been
    /// fitted into 2,048 pixels and its shorter side into 768.
    Tiles {
        /// The fixed part, which is all there is for a picture of low detail.
        fixed: u64,
        /// For each tile.
        tile: u64,
    },
    /// For each patch of 32 pixels, in tenths of a token.
    Patches {
        /// Tenths of a token a patch.
        tenths: u64,
    },
}

/// A class of models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capability {
    /// Whether it thinks before it writes: it then takes `max_completion_tokens` and
    /// `reasoning_effort` instead of `max_tokens` and `temperature`.
    pub reasons: bool,
    /// How it counts pictures.
    pub pictures: PictureTokens,
    /// What it costs; nothing if it is not in the table.
    pub price: Option<Price>,
    /// The last day it is served, where one is announced.
    pub retires: Option<Date>,
}

/// A model by its exact name, with or without the date of a snapshot behind it.
struct Known {
    name: &'static str,
    /// Millionths of a dollar for a million tokens: in, in from the cache, out.
    price: Option<[u64; 3]>,
    retires: Option<Date>,
}

const fn known(name: &'static str, price: Option<[u64; 3]>, retires: Option<Date>) -> Known {
    Known { name, price, retires }
}

const JANUARY: Option<Date> = Some(date(2027, 1, 14));
const DECEMBER: Option<Date> = Some(date(2026, 12, 11));
const APRIL: Option<Date> = Some(date(2027, 4, 1));
const OCTOBER: Option<Date> = Some(date(2026, 10, 23));

const MODELS: [Known; 14] = [
    known("gpt-4o-mini", Some([150_000, 75_000, 600_000]), JANUARY),
    known("gpt-4o", None, JANUARY),
    known("gpt-4.1", None, JANUARY),
    known("gpt-4.1-mini", None, JANUARY),
    known("gpt-5", None, DECEMBER),
    known("gpt-5-mini", None, DECEMBER),
    known("gpt-5-nano", None, DECEMBER),
    known("o3", None, DECEMBER),
    known("gpt-5.1", None, APRIL),
    known("gpt-5.4-nano", None, APRIL),
    known("gpt-4.1-nano", None, OCTOBER),
    known("o4-mini", None, OCTOBER),
    known("gpt-6-luna", Some([100_000, 10_000, 500_000]), None),
    known("gpt-5.6-luna", Some([200_000, 20_000, 1_200_000]), None),
];

/// The families of models that think before they write.
const REASONING: [&str; 5] = ["gpt-5", "gpt-6", "o1", "o3", "o4"];

/// Returns what is known about a model; of an unknown one, what most servers understand.
#[must_use]
pub fn of(model: &str) -> Capability {
    let name = plain(model);
    let reasons = REASONING.iter().any(|family| name.starts_with(family));
    let found = MODELS.iter().find(|known| is_version_of(&name, known.name));
    let price = found.and_then(|known| known.price).map(|[input, cached, output]| Price {
        input: Cost(input),
        cached: Cost(cached),
        output: Cost(output),
    });
    let pictures = if reasons {
        PictureTokens::Patches { tenths: 12 }
    } else {
        PictureTokens::Tiles { fixed: 2_833, tile: 5_667 }
    };
    Capability { reasons, pictures, price, retires: found.and_then(|known| known.retires) }
}

/// Returns what a model costs, where its price is known.
#[must_use]
pub fn price_of(model: &str) -> Option<Price> {
    of(model).price
}

/// Returns the name without the prefix of a reseller or of a fine-tuned model.
fn plain(model: &str) -> String {
    let tail = model.rsplit('/').next().unwrap_or(model);
    let tail = tail.strip_prefix("ft:").and_then(|rest| rest.split(':').next()).unwrap_or(tail);
    tail.to_ascii_lowercase()
}

/// Returns whether a name is this model or a dated snapshot of it.
fn is_version_of(name: &str, model: &str) -> bool {
    name.strip_prefix(model).is_some_and(|rest| {
        let date = rest.strip_prefix('-').unwrap_or_default();
        let dated = !date.is_empty() && date.chars().all(|c| c.is_ascii_digit() || c == '-');
        rest.is_empty() || dated
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_known_by_its_name_its_snapshots_and_its_resellers() {
        for name in ["gpt-4o-mini", "gpt-4o-mini-2024-07-18", "openai/gpt-4o-mini", "GPT-4o-mini"] {
            let capability = of(name);
            assert_eq!(capability.retires, Some(date(2027, 1, 14)), "{name}");
            assert_eq!(capability.price.map(|price| price.output), Some(Cost(600_000)), "{name}");
            assert!(!capability.reasons);
        }
        assert_eq!(of("ft:gpt-4o-mini:a-firm::1").retires, Some(date(2027, 1, 14)));
    }

    #[test]
    fn a_successor_is_no_version_of_its_elder() {
        assert_eq!(of("gpt-5").retires, Some(date(2026, 12, 11)));
        assert_eq!(of("gpt-5.1").retires, Some(date(2027, 4, 1)));
        assert_eq!(of("gpt-5.6-luna").retires, None);
        assert!(of("gpt-6-luna").reasons && of("gpt-5.6-luna").reasons && of("o4-mini").reasons);
    }

    #[test]
    fn an_unknown_model_has_no_price_and_no_end() {
        let local = of("qwen2.5-vl:7b");
        assert_eq!((local.price, local.retires, local.reasons), (None, None, false));
    }
}
