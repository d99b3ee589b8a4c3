//! What keeps a question or a change from being understood, so that one can ask about that.

use super::{
    clash::Stretch,
    filters::{self, Bound},
    lexicon,
    piece::{Parsed, Piece},
    word::Word,
};
use domain::names::fold;
use ports::model::{Doubt, Sentence};

/// A longer stretch of words is no name that anybody could be asked about.
const LONGEST: usize = 40;

/// Returns what a sentence is not understood because of, if a part of it can be pointed at.
pub(super) fn of(parsed: &Parsed, sentence: &Sentence) -> Option<Doubt> {
    let bound = filters::bind(parsed, sentence);
    clash(parsed, &bound).or_else(|| unknown(parsed, &bound)).or_else(|| beyond(parsed, &bound))
}

/// Two parts that contradict each other.
fn clash(parsed: &Parsed, bound: &Bound) -> Option<Doubt> {
    let (one, other) = bound.clash?;
    let text = |(first, end): Stretch| {
        let run = parsed.pieces.get(first..end)?;
        let text = parsed.plain.get(run.first()?.start..run.last()?.end)?;
        Some(text.to_owned()).filter(|text| text.chars().count() <= LONGEST)
    };
    Some(Doubt::Clash(text(one)?, text(other)?))
}

/// Words that no rule has found a place for, and no language of ours knows: "mehr" is no name.
fn unknown(parsed: &Parsed, bound: &Bound) -> Option<Doubt> {
    let is_strange = |word: &&str| {
        let folded = fold(word);
        let known = [parsed.code, "en"].into_iter().filter_map(lexicon::of);
        !known.into_iter().any(|lexicon| lexicon.is_everyday(&folded))
    };
    let strange = |words: &String| {
        let words: Vec<&str> = words.split_whitespace().filter(is_strange).collect();
        words.join(" ")
    };
    let mut found = bound.unbound.iter().map(strange);
    let typed = found.find(|typed| !typed.is_empty())?;
    (typed.chars().count() <= LONGEST).then_some(Doubt::Unknown(typed))
}

/// A word that is known as one that no plan can say.
fn beyond(parsed: &Parsed, bound: &Bound) -> Option<Doubt> {
    let free = parsed.pieces.iter().zip(&bound.used).filter(|(_, used)| !**used);
    let is_beyond =
        |piece: &Piece| piece.is_any(&[Word::Beyond, Word::OtherPaper]) && !piece.is(Word::HowMuch);
    let mut words = free.map(|(piece, _)| piece).filter(|piece| is_beyond(piece));
    words.next().map(|piece| Doubt::Beyond(piece.text.clone()))
}
