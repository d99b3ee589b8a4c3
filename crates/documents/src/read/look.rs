//! What a picture looks like apart from its text: why little could be read of it, and what the
//! person should know about what was read.

use super::{
    grey::Grey,
    ocr::{Seen, Sight},
};
use crate::preflight;
use domain::document::{Notice, Obstacle, Page};

/// Fewer letters than this, read without doubt, are not a text.
const FEWEST_LETTERS: usize = 12;
/// Fewer letters a line than this, read without doubt, are chance.
const LETTERS_A_LINE: usize = 2;
/// Fewer lines than this tell nothing about the script.
const LINES_OF_A_SCRIPT: usize = 4;
/// Below this sharpness, of 100, letters have no edges.
const BLURRED: u32 = 25;
/// Fewer letters than this tell nothing about the script of a text layer.
const LETTERS_OF_A_TEXT: usize = 40;
/// From this share on, of 100, letters of another script are what a text is written in.
const OTHER_SHARE: usize = 60;
/// Words below this confidence, of 100, are doubtful.
const DOUBTFUL: u8 = 90;
/// A receipt has at least this many lines.
const LINES_OF_A_RECEIPT: usize = 5;

/// Returns why too little of a picture was read to be of use, or nothing where enough was.
pub fn obstacle(sight: &Sight) -> Option<Obstacle> {
    let (found, letters) = (sight.lines.len(), sure_letters(&sight.lines));
    if letters >= FEWEST_LETTERS && letters >= found.saturating_mul(LETTERS_A_LINE) {
        return None;
    }
    let (words, doubtful) = (sight.page.words.len(), doubtful(sight));
    if found < LINES_OF_A_SCRIPT && words > 0 && !is_share(doubtful, words, 50) {
        return None;
    }
    let grey = Grey::of(&sight.picture);
    if grey.brightness(99) < preflight::DARK {
        return Some(Obstacle::Dark);
    }
    if grey.sharpness().is_some_and(|sharpness| sharpness < BLURRED) {
        return Some(Obstacle::Blurred);
    }
    let unread = sight.lines.iter().filter(|line| line.sure_letters == 0).count();
    if found >= LINES_OF_A_SCRIPT && is_share(unread, found, 75) {
        return Some(Obstacle::OtherScript);
    }
    sight.page.words.is_empty().then_some(Obstacle::NoText)
}

/// Returns whether most letters of a text layer are of a script that no lexicon is written in.
pub fn is_other_script(pages: &[Page]) -> bool {
    let words = pages.iter().flat_map(|page| &page.words);
    let (mut letters, mut latin) = (0_usize, 0_usize);
    for letter in words.flat_map(|word| word.text.chars()).filter(|c| c.is_alphabetic()) {
        letters = letters.saturating_add(1);
        // up to the end of Latin Extended-B, and Vietnamese
        let known = matches!(letter, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}');
        latin = latin.saturating_add(usize::from(known));
    }
    letters >= LETTERS_OF_A_TEXT && is_share(letters.saturating_sub(latin), letters, OTHER_SHARE)
}

/// Returns what the person should know about a picture that was read.
pub fn notices(sight: &Sight) -> Vec<Notice> {
    let grey = Grey::of(&sight.picture);
    let cut = sight.lines.iter().filter(|line| line.is_cut).count();
    let middles: Vec<_> = sight.lines.iter().map(|line| line.middle).collect();
    let receipts = grey.lines_by_sheet(&middles);
    let receipts = receipts.iter().filter(|lines| **lines >= LINES_OF_A_RECEIPT).count();
    let is_doubtful = is_share(doubtful(sight), sight.page.words.len().max(1), 25);
    let is_sharp = grey.sharpness().is_none_or(|sharpness| sharpness >= BLURRED);
    [
        (Notice::SeveralReceipts, receipts > 1),
        (Notice::CutOff, cut >= LINES_OF_A_SCRIPT && is_share(cut, sight.lines.len(), 15)),
        (Notice::EndsInText, sight.lines.iter().any(|line| line.is_last_cut)),
        (Notice::PartlyOtherScript, is_doubtful && is_sharp),
        (Notice::Soft, is_doubtful && !is_sharp),
    ]
    .into_iter()
    .filter_map(|(notice, holds)| holds.then_some(notice))
    .collect()
}

fn doubtful(sight: &Sight) -> usize {
    sight.page.words.iter().filter(|word| word.confidence < DOUBTFUL).count()
}

fn sure_letters(lines: &[Seen]) -> usize {
    lines.iter().map(|line| line.sure_letters).sum()
}

fn is_share(part: usize, whole: usize, percent: usize) -> bool {
    part.saturating_mul(100) >= whole.saturating_mul(percent)
}
