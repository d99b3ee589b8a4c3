//! Dates with dots: where people do not write English, the day stands first in them.

use super::{candidates::FoundDate, lexicon::lexicon, lines::Layout};

/// Returns whether a date is written as `03.05.2026` on a document that is not in English.
pub fn mean_day_first(layout: &Layout, found: &FoundDate) -> bool {
    let line = layout.lines.get(found.line);
    let Some(token) = line.and_then(|line| line.tokens.get(found.from)) else { return false };
    let parts: Vec<&str> =
        token.text.trim_matches(|c: char| !c.is_ascii_digit()).split('.').collect();
    let all = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let dotted = matches!(parts.as_slice(), [day, month, year]
        if day.len() <= 2 && month.len() <= 2 && matches!(year.len(), 2 | 4))
        && parts.iter().all(all);
    dotted && lexicon().language(&layout.words()).is_none_or(|language| language != "en")
}
