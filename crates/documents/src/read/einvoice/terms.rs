//! Values of e-invoices: claims with their business term, amounts, rates, dates, kinds.

use super::tree::Node;
use domain::{
    dates::Date,
    money::{Rate, parse_decimal},
    reading::{Claim, Evidence, Origin, ReadKind, Reading},
};
use rust_decimal::Decimal;

/// Returns a value as an exact claim under a business term.
pub fn claim<T>(value: T, term: &str) -> Claim<T> {
    Claim::new(value, evidence(term))
}

/// Returns the evidence of a business term.
pub fn evidence(term: &str) -> Evidence {
    Evidence::of(Origin::EInvoice, 100, term)
}

/// Starts a reading of a kind.
pub fn reading(kind: ReadKind) -> Reading {
    Reading::of_kind(kind, evidence("BT-3"))
}

/// Returns what a document type code of UNTDID 1001 stands for.
pub fn kind(code: &str) -> ReadKind {
    match code {
        "81" | "83" | "261" | "262" | "296" | "308" | "381" | "396" | "420" | "458" | "532" => {
            ReadKind::CreditNote
        }
        "80" | "82" | "84" | "383" | "384D" => ReadKind::DebitNote,
        _ => ReadKind::Invoice,
    }
}

/// Returns the amount at the first of several paths that has one.
pub fn amount(node: &Node, paths: &[&str]) -> Option<Decimal> {
    paths.iter().find_map(|path| parse_decimal(&node.text(path)?))
}

/// Returns a percentage as a fraction.
pub fn rate(node: &Node, paths: &[&str]) -> Option<Decimal> {
    amount(node, paths).map(|percent| Rate::from_percent(percent).0)
}

/// Returns a sum of which one part at least is there.
pub fn difference(plus: Option<Decimal>, minus: Option<Decimal>) -> Option<Decimal> {
    if plus.is_none() && minus.is_none() {
        return None;
    }
    plus.unwrap_or_default().checked_sub(minus.unwrap_or_default())
}

/// Reads `2025-03-31` (a time or zone may follow) and `20250331`.
pub fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    if let Some(day) = text.get(..10).and_then(|head| head.parse().ok()) {
        return Some(day);
    }
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
    let month = i8::try_from(part(4, 6)?).ok()?;
    let day = i8::try_from(part(6, 8)?).ok()?;
    Date::new(part(0, 4)?, month, day).ok()
}

/// Returns the parts that are there, joined to one line.
pub fn address(parts: impl IntoIterator<Item = Option<String>>) -> Option<String> {
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Returns the parts that are there with a space between, as in `10115 Berlin`.
pub fn spaced(one: Option<String>, other: Option<String>) -> Option<String> {
    match (one, other) {
        (Some(one), Some(other)) => Some(format!("{one} {other}")),
        (one, other) => one.or(other),
    }
}

/// Returns an account number if it looks like an IBAN: two letters, two digits, 11 to 30 more.
pub fn iban(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let head = plain.get(..4)?;
    let (letters, digits) = head.split_at_checked(2)?;
    let is_iban = letters.chars().all(|c| c.is_ascii_uppercase())
        && digits.chars().all(|c| c.is_ascii_digit())
        && (15..=34).contains(&plain.len())
        && plain.chars().all(|c| c.is_ascii_alphanumeric());
    is_iban.then_some(plain)
}

/// Says that it is paid where everything was paid before and nothing is left.
pub fn settle(reading: &mut Reading, payable: Option<Decimal>) {
    let value = |claim: &Option<Claim<Decimal>>| claim.as_ref().map(|claim| claim.value);
    reading.paid = payable.is_some_and(|payable| payable.is_zero())
        && value(&reading.prepaid).is_some_and(|prepaid| !prepaid.is_zero())
        && value(&reading.prepaid) >= value(&reading.gross);
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::dates;
    use rstest::rstest;

    #[rstest]
    #[case("2025-03-31", Some(dates::date(2025, 3, 31)))]
    #[case("2025-03-31+01:00", Some(dates::date(2025, 3, 31)))]
    #[case("2025-03-31T00:00:00", Some(dates::date(2025, 3, 31)))]
    #[case("20250331", Some(dates::date(2025, 3, 31)))]
    #[case("20250231", None)]
    #[case("31.03.2025", None)]
    #[case("", None)]
    fn dates_are_read_in_the_forms_of_the_standards(
        #[case] text: &str,
        #[case] expected: Option<Date>,
    ) {
        assert_eq!(date(text), expected);
    }

    #[test]
    fn only_an_account_number_of_the_right_shape_is_an_iban() {
        assert_eq!(iban("DE02 1203 0000 0000 2020 51").as_deref(), Some("DE02120300000000202051"));
        assert_eq!(iban("123-4567"), None);
        assert_eq!(iban("ÄÖÜ"), None);
    }
}
