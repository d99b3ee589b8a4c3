//! The name in a cell: without address, number of a register, label or marks.

use super::super::lexicon::lexicon;

/// Returns the name that a cell begins with: without address, registration number or label.
#[must_use]
pub fn name_in(cell: &str) -> Option<String> {
    let cut = cell.split([',', '|', '·', '•', '–']).next().unwrap_or_default();
    let cut = before_number_in_brackets(cut);
    let cut = cut.split(" - ").next().unwrap_or_default().trim();
    let cut = if cut.is_empty() { cell } else { cut };
    let letters = cut.chars().filter(|c| c.is_alphabetic()).count();
    let web = cut.contains('@') || cut.contains("www.") || cut.contains("http");
    let plain = trimmed(cut);
    let with_suffix = legal_suffix(cell, &plain);
    (letters >= 3 && !web && letters.saturating_mul(2) > cut.len()).then_some(with_suffix)
}

/// Returns a name without what readers glue to its ends: marks, an unknown label with a colon, a
/// number of a register, and letters of another script.
fn trimmed(name: &str) -> String {
    let foreign = |c: char| u32::from(c) > 0x2E80 && name.chars().any(|c| c.is_ascii_alphabetic());
    let edge = |c: char| foreign(c) || (!c.is_alphanumeric() && !matches!(c, '.' | ')' | '('));
    let plain = name.trim_matches(edge).trim_start_matches(['.', ')']);
    let plain = match plain.split_once(": ") {
        Some((label, rest)) if !label.contains(' ') => rest,
        _ => plain,
    };
    let registered = |word: &str| word.chars().filter(char::is_ascii_digit).count() >= 5;
    let rest = plain.rsplit_once(' ').filter(|(_, last)| registered(last)).map(|(rest, _)| rest);
    rest.unwrap_or(plain).trim_matches(edge).to_owned()
}

/// Cuts a remark in brackets off, but keeps `(North)` in `Hill (North) Ltd`.
fn before_number_in_brackets(text: &str) -> &str {
    let Some((head, tail)) = text.split_once('(') else { return text };
    let kept = tail.split_once(')').is_some_and(|(inner, rest)| {
        !inner.chars().any(|c| c.is_ascii_digit()) && lexicon().has_legal_form(rest)
    });
    if kept || head.trim().is_empty() { text } else { head }
}

/// Keeps `, Inc.` and the like, which a comma parts from the name.
fn legal_suffix(cell: &str, name: &str) -> String {
    let Some((_, rest)) = cell.split_once(',') else { return name.to_owned() };
    let whole = format!("{name}, {}", rest.trim());
    if rest.trim().len() <= 6 && lexicon().has_legal_form(&whole) { whole } else { name.to_owned() }
}
