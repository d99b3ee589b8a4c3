//! Words that are two: a label and its value, an amount and the class of its tax, two amounts.

use super::{
    lexicon::{Role, is_number_sign, lexicon},
    lines::folded,
};
use crate::number::percent;
use domain::{
    document::{Region, Word},
    names::fold,
};

/// Returns whether a word is the sign for a number or a label of a number, a date or a kind.
fn is_named(word: &str) -> bool {
    let folded = folded(word);
    let lettered = word.len() >= 2 && word.chars().all(|c| c.is_alphabetic() || c == '.');
    let heads = |role: Role| {
        use Role::{Date, IsCreditNote, IsInvoice, IsReceipt, Number};
        matches!(role, Date | Number | IsInvoice | IsReceipt | IsCreditNote)
    };
    lettered
        && (is_number_sign(&folded)
            || lexicon().roles(&folded).iter().any(|(role, _)| heads(*role)))
}

/// Parts a label from the number or the date that touches it: `BelegnummerPN/118`, `Datum03.11.2026`,
/// `Steuernr.041/270/11836`.
fn labelled(text: &str) -> Option<(String, &str)> {
    let ends = text.char_indices().zip(text.chars().skip(1));
    let ends = ends.filter(|((_, c), next)| {
        (c.is_lowercase() || *c == '.') && (next.is_uppercase() || next.is_ascii_digit())
    });
    let ends: Vec<(usize, char)> = ends.map(|(end, _)| end).collect();
    ends.into_iter().rev().find_map(|(at, c)| {
        let (head, tail) = text.split_at_checked(at.saturating_add(c.len_utf8()))?;
        let digits = tail.chars().filter(char::is_ascii_digit).count();
        let least = if digits >= 4 { 4 } else { 6 };
        let named = fold(head);
        let is_of = |wanted: Role, least: u8| {
            let mut roles = lexicon().roles(&named).iter();
            roles.any(|(role, weight)| *role == wanted && *weight >= least)
        };
        let numbered = head.len() >= 6 && digits > 0 && is_of(Role::Number, least);
        let taxed = digits >= 7 && is_of(Role::TaxId, 7);
        let words = head.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-'));
        let dated = head.len() >= 4 && words && crate::date::parse(tail, &[], 2000).is_some();
        (numbered || taxed || dated).then(|| (head.to_owned(), tail))
    })
}

/// Parts two fields at the dot between them: `08-10-2026·Due:`.
pub fn unbulleted(word: &Word) -> Vec<Word> {
    match word.text.split_once('·').filter(|(one, other)| !one.is_empty() && !other.is_empty()) {
        Some((one, other)) => apart(word, &[one, "·", other]),
        None => vec![word.clone()],
    }
}

/// Parts a label from the value that is glued to it by a colon, as in `Date:12/03/2018`, and an
/// amount from the class of its tax, as in `1,99A`.
pub fn unglued(word: &Word) -> Vec<Word> {
    let parted = word.text.split_once(':').filter(|(label, value)| {
        let named = label.ends_with(|c: char| c.is_alphabetic() || matches!(c, ')' | '.' | '#'));
        named && !value.is_empty() && !value.starts_with('/')
    });
    let parted = parted.map(|(label, value)| (format!("{label}:"), value));
    let classed = || {
        let (head, class) = word.text.split_at_checked(word.text.len().checked_sub(1)?)?;
        let money = crate::number::readings(head).iter().any(|amount| amount.decimals == 2);
        let letter = class.starts_with(|c: char| matches!(c, 'A'..='H' | '*' | '#'));
        (money && letter && head.ends_with(|c: char| c.is_ascii_digit()))
            .then(|| (head.to_owned(), class))
    };
    // `3,90=0,62`: two amounts; `A=19%`: the sign of a rate in the rows above.
    let equal = word.text.split_once('=').filter(|(one, other)| {
        let is_money = |text: &str| crate::number::readings(text).iter().any(|a| a.decimals == 2);
        (is_money(one) && is_money(other)) || (one.len() == 1 && percent(other).is_some())
    });
    if let Some((one, other)) = equal {
        return apart(word, &[one, "=", other]);
    }
    if let Some((one, other)) = two_amounts(&word.text) {
        return apart(word, &[one, other]);
    }
    // `IVA(19%)`, `IGST@18%`: the name of a tax and its rate.
    let rated = || {
        let at = word.text.find(['(', '@']).filter(|at| *at >= 2)?;
        let (name, rate) = word.text.split_at_checked(at)?;
        let plain = rate.trim_start_matches(['(', '@']).trim_end_matches(')');
        let lettered = name.chars().all(|c| c.is_alphabetic() || c == '.');
        (lettered && percent(plain).is_some()).then(|| (name.to_owned(), rate))
    };
    // `Invoice no./Date`, `Recibo/Fatura` are two labels and their mark.
    let doubled = word.text.split_once('/').filter(|(one, other)| is_named(one) && is_named(other));
    if let Some((one, other)) = doubled {
        return apart(word, &[one, "/", other]);
    }
    match parted.or_else(classed).or_else(rated).or_else(|| labelled(&word.text)) {
        Some((label, value)) => apart(word, &[&label, value]),
        None => vec![word.clone()],
    }
}

/// Returns two amounts that stand so close together that they are one word: `₹45.62₹299.00`.
fn two_amounts(text: &str) -> Option<(&str, &str)> {
    let is_money = |text: &str| crate::number::readings(text).iter().any(|a| a.decimals == 2);
    let signs = text.char_indices().skip(1).filter(|(_, c)| matches!(c, '€' | '$' | '£' | '₹'));
    signs.into_iter().find_map(|(at, _)| {
        let (one, other) = text.split_at_checked(at)?;
        (one.ends_with(|c: char| c.is_ascii_digit()) && is_money(one) && is_money(other))
            .then_some((one, other))
    })
}

/// Parts a word, each part as wide as its letters.
fn apart(word: &Word, parts: &[&str]) -> Vec<Word> {
    let count = |text: &str| i32::try_from(text.chars().count()).unwrap_or(i32::MAX);
    let width = word.region.right.saturating_sub(word.region.left);
    let whole: i32 = parts.iter().map(|part| count(part)).fold(0, i32::saturating_add);
    let mut before = 0_i32;
    let mut edge = word.region.left;
    let mut words = Vec::new();
    for part in parts {
        before = before.saturating_add(count(part));
        let share = width.saturating_mul(before).checked_div(whole).unwrap_or_default();
        let right = word.region.left.saturating_add(share);
        let region = Region { left: edge, right, ..word.region };
        words.push(Word { text: (*part).to_owned(), region, confidence: word.confidence });
        edge = right;
    }
    words
}
