//! Letters that a text reader took for digits: `l4,5O` for `14,50`.

use crate::{date, number};

/// Returns the text with its letters as the digits they look like, where only that makes it an
/// amount with cents, a date, a year or a percentage; nothing for all other texts.
#[must_use]
pub fn as_digits(text: &str) -> Option<String> {
    if let Some(dollars) = dollars(text) {
        return Some(dollars);
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let start = text.find(|c: char| c.is_ascii_digit() || digit_like(c).is_some())?;
    // A currency before the amount stays what it is.
    let sign =
        ["RM", "EUR", "USD", "GBP", "CHF", "US$", "R$"].iter().find(|s| text.starts_with(**s));
    let (head, body) = text.split_at_checked(sign.map_or(start, |sign| sign.len()))?;
    let letters = body.chars().filter(|c| digit_like(*c).is_some()).count();
    let shaped = body
        .chars()
        .all(|c| c.is_ascii_digit() || digit_like(c).is_some() || ".,/-:%€$£'’".contains(c));
    let enough = if body.ends_with('%') { 1 } else { 2 };
    if !shaped || digits < enough || letters == 0 || letters > digits {
        return None;
    }
    let plain: String = body.chars().map(|c| digit_like(c).unwrap_or(c)).collect();
    let plain = format!("{head}{plain}");
    let money = number::readings(&plain).first().is_some_and(|amount| amount.decimals == 2);
    let dated = plain.len() >= 6 && date::parse(&plain, &[], 2000).is_some();
    let year = plain.len() == 4 && plain.starts_with("20") && letters == 1;
    (money || dated || year || plain.ends_with('%')).then_some(plain)
}

/// Returns an amount of dollars whose sign was read as the letter that it is drawn through: `S27.60`.
fn dollars(text: &str) -> Option<String> {
    let signs = [("SS", "S$"), ("S", "$")];
    let (amount, sign) =
        signs.into_iter().find_map(|(read, sign)| Some((text.strip_prefix(read)?, sign)))?;
    let digits = amount.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
    let begins = amount.starts_with(|c: char| c.is_ascii_digit());
    let money = number::readings(amount).first().is_some_and(|amount| amount.decimals == 2);
    (begins && digits && money).then(|| format!("{sign}{amount}"))
}

/// Returns the text with letters between its digits as the digits they look like; nothing where
/// other letters or none are in it.
#[must_use]
pub fn whole_number(text: &str) -> Option<String> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| digit_like(*c).is_some()).count();
    let plain: String = text.chars().map(|c| digit_like(c).unwrap_or(c)).collect();
    let all = plain.chars().all(|c| c.is_ascii_digit());
    let starts = text.starts_with(|c: char| c.is_ascii_digit());
    (all && starts && digits >= 5 && (1..=2).contains(&letters)).then_some(plain)
}

/// Returns the digit that a letter looks like.
#[must_use]
pub const fn digit_like(c: char) -> Option<char> {
    match c {
        'O' | 'o' | 'D' | 'Q' => Some('0'),
        'l' | 'I' | '|' | 'i' => Some('1'),
        'S' | 's' => Some('5'),
        'B' => Some('8'),
        'Z' | 'z' => Some('2'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_between_digits_are_digits() {
        for (seen, meant) in [
            ("l4,5O", "14,50"),
            ("453,1B", "453,18"),
            ("RM1,76S.89", "RM1,765.89"),
            ("2O19-03-04", "2019-03-04"),
            ("2l%", "21%"),
        ] {
            assert_eq!(as_digits(seen).as_deref(), Some(meant), "{seen}");
        }
    }

    #[test]
    fn words_codes_and_clean_numbers_stay() {
        for text in ["14,50", "B52", "Oil", "A4", "INV-2001", "SO-10", "10B", "5l", "DIN"] {
            assert_eq!(as_digits(text), None, "{text}");
        }
    }
}
