//! Tax numbers whose check digits tell that every digit was read rightly.

use super::misread::digit_like;
use std::ops::Rem;

/// Returns whether the check digits of a tax number are right; nothing where its country is not
/// told by a prefix or has no check that is known here. Without white space or marks.
#[must_use]
pub fn checks(number: &str) -> Option<bool> {
    let (country, rest) = number.split_at_checked(2)?;
    let digits: Vec<u32> = rest.chars().filter_map(|c| c.to_digit(10)).collect();
    let all = digits.len() == rest.len();
    match country {
        "DE" => Some(all && digits.len() == 9 && iso_11_10(&digits)),
        "IT" => Some(all && digits.len() == 11 && luhn(&digits)),
        "FR" => Some(all && digits.len() == 11 && french(&digits)),
        "GB" => Some(all && digits.len() == 9 && british(&digits)),
        "BE" => Some(all && digits.len() == 10 && belgian(&digits)),
        "PT" => Some(all && digits.len() == 9 && modulo_11(&digits)),
        "NL" => Some(is_dutch(rest) && dutch(number, &digits)),
        "LU" => Some(all && digits.len() == 8 && luxembourg(&digits)),
        "PL" => Some(all && digits.len() == 10 && polish(&digits)),
        "DK" => Some(all && digits.len() == 8 && danish(&digits)),
        "ES" => Some(spanish(rest)),
        "AT" => Some(rest.starts_with('U') && digits.len() == 8 && austrian(&digits)),
        "CH" => Some(rest.starts_with('E') && digits.len() == 9 && swiss(&digits)),
        _ => None,
    }
}

/// Returns a number whose check digits are right once letters are read as the digits they look
/// like; nothing where that does not help.
#[must_use]
pub fn mended(number: &str) -> Option<String> {
    let (country, rest) = number.split_at_checked(2)?;
    let digit = |(at, c): (usize, char)| {
        if country == "NL" && at == 9 { 'B' } else { digit_like(c).unwrap_or(c) }
    };
    let plain: String = rest.chars().enumerate().map(digit).collect();
    let plain = format!("{country}{plain}");
    (plain != number && checks(&plain) == Some(true)).then_some(plain)
}

/// Returns the country prefix that an unprefixed number has where a language is spoken.
#[must_use]
pub fn prefix_of(language: &str) -> &'static str {
    match language {
        "de" => "DE",
        "it" => "IT",
        "fr" => "FR",
        "en" => "GB",
        "pt" => "PT",
        "nl" => "NL",
        "es" => "ES",
        _ => "",
    }
}

fn number(digits: &[u32]) -> u64 {
    digits.iter().fold(0_u64, |sum, digit| sum.saturating_mul(10).saturating_add(u64::from(*digit)))
}

fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    let products = digits.iter().zip(weights).map(|(digit, weight)| digit.saturating_mul(*weight));
    products.fold(0, u32::saturating_add)
}

fn iso_11_10(digits: &[u32]) -> bool {
    let Some((check, body)) = digits.split_last() else { return false };
    let product = body.iter().fold(10_u32, |product, digit| {
        let sum = digit.saturating_add(product).rem(10);
        if sum == 0 { 20_u32 } else { sum.saturating_mul(2) }.rem(11)
    });
    11_u32.saturating_sub(product).rem(10) == *check
}

/// Every second digit doubled, from the last one on; the sum ends in 0.
fn luhn(digits: &[u32]) -> bool {
    let values = digits.iter().rev().enumerate().map(|(at, digit)| {
        let twice = digit.saturating_mul(2);
        if at.is_multiple_of(2) { *digit } else { twice.rem(10).saturating_add(twice / 10) }
    });
    values.sum::<u32>().is_multiple_of(10)
}

fn french(digits: &[u32]) -> bool {
    let Some((key, siren)) = digits.split_at_checked(2) else { return false };
    let expected = number(siren).rem(97).saturating_mul(3).saturating_add(12).rem(97);
    number(key) == expected
}

fn british(digits: &[u32]) -> bool {
    let Some((body, check)) = digits.split_at_checked(7) else { return false };
    let sum = weighted(body, &[8, 7, 6, 5, 4, 3, 2]);
    let check = u32::try_from(number(check)).unwrap_or_default();
    let whole = sum.saturating_add(check);
    whole.is_multiple_of(97) || whole.saturating_add(55).is_multiple_of(97)
}

fn belgian(digits: &[u32]) -> bool {
    let Some((body, check)) = digits.split_at_checked(8) else { return false };
    97_u64.saturating_sub(number(body).rem(97)) == number(check)
}

fn modulo_11(digits: &[u32]) -> bool {
    let rest = 11_u32.saturating_sub(weighted(digits, &[9, 8, 7, 6, 5, 4, 3, 2]).rem(11));
    digits.last() == Some(&if rest >= 10 { 0 } else { rest })
}

/// Every second digit doubled and its digits added, and 4 more.
fn austrian(digits: &[u32]) -> bool {
    let Some((check, body)) = digits.split_last() else { return false };
    let values = body.iter().enumerate().map(|(at, digit)| {
        if at.is_multiple_of(2) {
            *digit
        } else {
            (digit / 5).saturating_add(digit.saturating_mul(2).rem(10))
        }
    });
    10_u32.saturating_sub(values.sum::<u32>().saturating_add(4).rem(10)).rem(10) == *check
}

fn swiss(digits: &[u32]) -> bool {
    let sum = weighted(digits, &[5, 4, 3, 2, 7, 6, 5, 4]);
    digits.last() == Some(&11_u32.saturating_sub(sum.rem(11)).rem(11))
}

/// Nine digits, a `B`, two digits.
fn is_dutch(rest: &str) -> bool {
    let shaped = |(at, c): (usize, char)| if at == 9 { c == 'B' } else { c.is_ascii_digit() };
    rest.chars().count() == 12 && rest.chars().enumerate().all(shaped)
}

/// The old numbers by their ninth digit, the new ones by 97 over the whole.
fn dutch(whole: &str, digits: &[u32]) -> bool {
    let body = digits.get(..9).unwrap_or_default();
    let old = weighted(body, &[9, 8, 7, 6, 5, 4, 3, 2]).rem(11);
    let value = whole.chars().filter_map(|c| c.to_digit(36)).fold(0_u64, |sum, value| {
        let factor = if value > 9 { 100_u64 } else { 10 };
        sum.saturating_mul(factor).saturating_add(u64::from(value)).rem(97)
    });
    body.last() == Some(&old) || value == 1
}

fn luxembourg(digits: &[u32]) -> bool {
    let Some((body, check)) = digits.split_at_checked(6) else { return false };
    number(body).rem(89) == number(check)
}

fn polish(digits: &[u32]) -> bool {
    digits.last() == Some(&weighted(digits, &[6, 5, 7, 2, 3, 4, 5, 6, 7]).rem(11))
}

fn danish(digits: &[u32]) -> bool {
    weighted(digits, &[2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}

/// A person by the letter behind the digits, a company by the digit or letter at the end.
fn spanish(rest: &str) -> bool {
    let letters: Vec<char> = rest.chars().collect();
    let digits: Vec<u32> = letters.iter().filter_map(|c| c.to_digit(10)).collect();
    let (Some(first), Some(last)) = (letters.first(), letters.last()) else { return false };
    match (first.is_ascii_digit(), digits.len()) {
        (true, 8) => {
            let at = usize::try_from(number(&digits).rem(23)).unwrap_or_default();
            "TRWAGMYFPDXBNJZSQVHLCKE".chars().nth(at) == Some(*last)
        }
        (false, 7 | 8) if letters.len() == 9 => {
            let body = digits.get(..7).unwrap_or_default();
            let sum: u32 = body
                .iter()
                .enumerate()
                .map(|(at, digit)| {
                    let twice = digit.saturating_mul(2);
                    if at.is_multiple_of(2) {
                        twice.rem(10).saturating_add(twice / 10)
                    } else {
                        *digit
                    }
                })
                .sum();
            let check = 10_u32.saturating_sub(sum.rem(10)).rem(10);
            let place = usize::try_from(check).unwrap_or_default();
            last.to_digit(10) == Some(check) || "JABCDEFGHI".chars().nth(place) == Some(*last)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_tell_a_right_number_from_a_misread_one() {
        for (right, wrong) in [
            ("DE136695976", "DE136695975"),
            ("IT00743110157", "IT00743110158"),
            ("FR40303265045", "FR41303265045"),
            ("GB980780684", "GB980780685"),
            ("BE0428759497", "BE0428759498"),
            ("PT501964843", "PT501964842"),
            ("NL004495445B01", "NL004495446B01"),
            ("LU15027442", "LU15027443"),
            ("PL8567346215", "PL8567346216"),
            ("DK13585628", "DK13585627"),
            ("ATU12345675", "ATU12345674"),
            ("CHE107787577", "CHE107787576"),
            ("ES54362315K", "ES54362315Z"),
            ("ESA13585625", "ESA13585626"),
        ] {
            assert_eq!(checks(right), Some(true), "{right}");
            assert_eq!(checks(wrong), Some(false), "{wrong}");
        }
        assert_eq!(checks("US123456789"), None);
    }
}
