//! Vendors and customers, by the terms of EN 16931 (seller BG-4, buyer BG-7).

use serde::{Deserialize, Serialize};

/// A vendor or customer; only the name is always there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Party {
    /// The name (BT-27, BT-44); never empty on a stored invoice.
    pub name: String,
    /// A VAT, GST or other tax number (BT-31, BT-32, BT-48), without spaces.
    pub tax_id: Option<String>,
    /// The account to pay to (BT-84), without spaces.
    pub iban: Option<String>,
    /// The postal address, its lines joined by `, `.
    pub address: Option<String>,
    /// An e-mail address (BT-43, BT-58).
    pub email: Option<String>,
    /// Who holds the account, where it is someone else (BT-59), such as a factor.
    pub payee: Option<String>,
}

impl Party {
    /// Makes a party that is known by its name alone.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }
}

/// How long the account numbers of countries are, by the register of ISO 13616.
const IBAN_LENGTHS: [(&str, usize); 42] = [
    ("AD", 24),
    ("AE", 23),
    ("AT", 20),
    ("BE", 16),
    ("BG", 22),
    ("BR", 29),
    ("CH", 21),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DK", 18),
    ("EE", 20),
    ("ES", 24),
    ("FI", 18),
    ("FR", 27),
    ("GB", 22),
    ("GR", 27),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IL", 23),
    ("IS", 26),
    ("IT", 27),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("MC", 27),
    ("MT", 31),
    ("NL", 18),
    ("NO", 15),
    ("PL", 28),
    ("PT", 25),
    ("RO", 24),
    ("RS", 22),
    ("SA", 24),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("TR", 26),
    ("UA", 29),
];

/// Returns whether an IBAN has its country's length, where that is known, and right check digits
/// (ISO 13616, mod 97).
#[must_use]
pub fn iban_is_valid(iban: &str) -> bool {
    let plain: String = iban.chars().filter(|c| !c.is_whitespace()).collect();
    if !(15..=34).contains(&plain.len()) || !plain.is_ascii() {
        return false;
    }
    let length = IBAN_LENGTHS.iter().find(|(country, _)| plain.starts_with(country));
    if length.is_some_and(|(_, length)| *length != plain.len()) {
        return false;
    }
    let (head, rest) = plain.split_at(4);
    let shaped = head.chars().take(2).all(|c| c.is_ascii_alphabetic())
        && head.chars().skip(2).all(|c| c.is_ascii_digit());
    shaped && remainder_97(rest.chars().chain(head.chars())) == Some(1)
}

/// Returns whether an IBAN is one of a country whose length of numbers is known, which makes a
/// right one by chance all but impossible.
#[must_use]
pub fn iban_has_known_country(iban: &str) -> bool {
    IBAN_LENGTHS.iter().any(|(country, _)| iban.trim_start().starts_with(country))
}

fn remainder_97(mut chars: impl Iterator<Item = char>) -> Option<u32> {
    chars.try_fold(0_u32, |rest, c| {
        let value = c.to_digit(36)?;
        let factor = if value > 9 { 100_u32 } else { 10 };
        rest.checked_mul(factor)?.checked_add(value)?.checked_rem(97)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_iban_proves_itself_by_its_check_digits() {
        assert!(iban_is_valid("DE89 3704 0044 0532 0130 00"));
        assert!(iban_is_valid("GB82WEST12345698765432"));
        assert!(!iban_is_valid("DE89 3704 0044 0532 0130 01"));
        assert!(!iban_is_valid("FR6892629862126965099150"), "the beginning of a longer one");
        assert!(!iban_is_valid("DE"));
        assert!(!iban_is_valid("DÉ89370400440532013000"));
    }
}
