//! What keeps a sentence from being understood.

use serde::{Deserialize, Serialize};

/// What a model cannot make sense of, in the person's own words: he is asked about that, and not told
/// that nothing was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// A word that is no name or thing in the book, and none of everyday speech.
    Unknown(String),
    /// A word that is known, but that no question can go by, such as "weekend".
    Beyond(String),
    /// A part of an order that has no place in what is ordered, such as "about 200".
    Unclear(String),
    /// A word for a kind of expense that stands in the book under another name, if at all.
    Unfiled(Unfiled),
    /// A part of an order that may be meant in two ways, such as "120 of 200".
    Odd(String),
    /// A day that no calendar has, such as "30 February".
    NoSuchDay(String),
    /// Two parts that no invoice can both be true of, such as "over 500" and "under 100".
    Clash(String, String),
}

/// A word for a kind of expense that the book has no category of, or that is one thing of its kind: whether
/// it stands on bills has to be looked up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfiled {
    /// As it was said, folded.
    pub typed: String,
    /// What it is called in other languages; may be empty.
    pub others: Vec<String>,
}
