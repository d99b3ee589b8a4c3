//! The numbers of the tenant's own invoices: gapless within a series and year.

/// Returns the printed number of the n-th invoice of a year: `2025-0007`.
///
/// Four digits at least, more when a year needs them.
#[must_use]
pub fn printed(year: i16, sequence: u32) -> String {
    format!("{year}-{sequence:04}")
}

/// Returns whether a number that a person typed means a stored one.
///
/// They are the same without case and punctuation; typed digits alone also match the digits of a
/// stored number, or its last group (`17` means `INV-17` and `2025-0017`).
#[must_use]
pub fn matches(stored: &str, typed: &str) -> bool {
    let plain = |text: &str| crate::names::fold(text).replace(' ', "");
    let (whole, wanted) = (plain(stored), plain(typed.trim_start_matches('#')));
    if wanted.is_empty() || whole == wanted {
        return whole == wanted && !wanted.is_empty();
    }
    let wanted_digits = wanted.trim_start_matches('0');
    if !wanted.chars().all(|c| c.is_ascii_digit()) || wanted_digits.is_empty() {
        return false;
    }
    let digits: String = stored.chars().filter(char::is_ascii_digit).collect();
    let last = stored.rsplit(|c: char| !c.is_ascii_digit()).find(|group| !group.is_empty());
    digits.trim_start_matches('0') == wanted_digits
        || last.is_some_and(|group| group.trim_start_matches('0') == wanted_digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_number_matches_the_digits_or_the_last_group() {
        assert!(matches("INV-31", "inv 31"));
        assert!(matches("INV-31", "31"));
        assert!(matches("2025-0017", "17"));
        assert!(matches("2025-0017", "#17"));
        assert!(!matches("INV-317", "31"));
        assert!(!matches("INV-31", "inv"));
        assert!(!matches("INV-31", ""));
    }

    #[test]
    fn printed_numbers_carry_the_year() {
        assert_eq!(printed(2025, 7), "2025-0007");
        assert_eq!(printed(2025, 12_345), "2025-12345");
    }
}
