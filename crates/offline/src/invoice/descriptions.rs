//! Where the name of a row of items ends, and which rows are none.

use super::{
    candidates::{Candidates, Found},
    lexicon::Role,
    lines::{Layout, Line},
};
use crate::number;
use domain::reading::ReadLine;
use rust_decimal::Decimal;

/// Returns where the columns of numbers begin: at the first one that has a cell of its own or is money, or
/// the quantity right before it. `Schraube M8 x 40 DIN 933` is one name.
pub fn columns(line: &Line, before: &[&&Found], quantity: Option<Decimal>) -> Option<usize> {
    let cells = line.cell_spans();
    let begins = |found: &Found| cells.iter().any(|cell| cell.from == found.from);
    let numbers = || before.iter().filter(|found| found.from > 0);
    let first = numbers().find(|found| found.is_money || begins(found))?.from;
    let beside = |found: &&&&Found| {
        found.from.saturating_add(2) >= first && found.from < first && Some(found.value) == quantity
    };
    Some(numbers().find(beside).map_or(first, |found| found.from))
}

/// Returns a description without the number of its row, where that has a cell of its own, and without a
/// sign of currency behind it.
pub fn named(line: &Line, description: String) -> String {
    let place = line.cell_spans().first().filter(|cell| cell.to == 1).and(line.tokens.first());
    let place = place.filter(|token| {
        token.text.trim_end_matches('.').chars().all(|c| c.is_ascii_digit()) && token.text.len() < 5
    });
    let rest = place.and_then(|token| description.strip_prefix(token.text.as_str()));
    let words: Vec<&str> = rest.unwrap_or(&description).split_whitespace().collect();
    let signs = words.iter().rev().take_while(|word| number::is_currency_sign(word)).count();
    let kept = words.get(..words.len().saturating_sub(signs)).unwrap_or_default();
    if kept.is_empty() { description } else { kept.join(" ") }
}

/// Returns an item without the date that its row begins with, as on the bill of a hotel.
pub fn undated(mut item: ReadLine, candidates: &Candidates, at: usize, line: &Line) -> ReadLine {
    if candidates.dates.iter().any(|date| date.line == at && date.from == 0) {
        let first = line.tokens.first().map_or(0, |token| token.text.len());
        let words = if first >= 6 { 1 } else { 3 };
        let rest: Vec<&str> = item.description.split(' ').skip(words).collect();
        let lettered =
            rest.iter().any(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1);
        item.description = if lettered { rest.join(" ") } else { item.description };
    }
    item
}

/// Returns whether a line of a further page has the number of the document, or stands on another page but
/// for its digits: `Rechnung Nr. 4711   Seite 2 von 3`.
pub fn is_running_head(layout: &Layout, candidates: &Candidates, at: usize, line: &Line) -> bool {
    let letters = |line: &Line| line.text().replace(|c: char| c.is_ascii_digit(), "");
    let priced = candidates.amounts_at(at).any(|found| found.is_money);
    let upper = line.page > 1 && layout.depth(line) < 150 && !priced;
    let again = |other: &Line| {
        other.page != line.page && layout.depth(other) < 150 && letters(other) == letters(line)
    };
    upper && (candidates.has(at, Role::Number, 7) || layout.lines.iter().any(again))
}
