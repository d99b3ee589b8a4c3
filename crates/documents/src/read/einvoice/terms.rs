//! Values of e-invoices: claims with their business term, amounts, rates, dates, kinds.

use super::tree::Node;
use domain::{
    dates::Date,
    money::{Rate, parse_decimal},
    names::fold,
    party::iban_is_valid,
    reading::{Claim, Evidence, Origin, ReadKind, Reading},
};
use rust_decimal::Decimal;

/// The most letters of notes that are kept; terms of business can be long.
const MOST_NOTES: usize = 2_000;

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
        // Orders, answers to them, offers, pro forma invoices and delivery notes ask for nothing.
        "220" | "231" | "310" | "325" | "351" => ReadKind::NotInvoice,
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

/// Returns the account to pay to: the first whose check digits are right, else the first that
/// looks like an IBAN.
pub fn account(ids: &[&Node]) -> Option<Claim<String>> {
    let accounts = || ids.iter().filter_map(|id| iban(&id.own_text()?));
    let right = accounts().find(|account| iban_is_valid(account));
    right.or_else(|| accounts().next()).map(|iban| claim(iban, "BT-84"))
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

/// Returns allowances less charges, by the total of each, or else summed up from the parts, each
/// with whether it is a charge.
pub fn allowance(
    totals: (Option<Decimal>, Option<Decimal>),
    parts: &[(bool, Decimal)],
) -> Option<Decimal> {
    let sum = |wanted: bool| {
        let mut parts = parts.iter().filter(|(charge, _)| *charge == wanted).peekable();
        parts.peek()?;
        parts.try_fold(Decimal::ZERO, |sum, (_, amount)| sum.checked_add(*amount))
    };
    difference(totals.0.or_else(|| sum(false)), totals.1.or_else(|| sum(true)))
}

/// Returns the amount of a line: as written, else quantity × price less allowances plus charges.
pub fn line_amount(
    written: Option<Decimal>,
    quantity: Option<Decimal>,
    price: Option<Decimal>,
    parts: &[(bool, Decimal)],
) -> Option<Decimal> {
    written.or_else(|| {
        let plain = quantity?.checked_mul(price?)?.round_dp(2);
        plain.checked_sub(allowance((None, None), parts).unwrap_or_default())
    })
}

/// Returns a description with its period, which is often all that tells two lines apart.
pub fn with_period(description: String, period: Option<String>) -> String {
    match period {
        Some(period) if !description.is_empty() => format!("{description} ({period})"),
        Some(period) => period,
        None => description,
    }
}

/// Returns a period as `2025-01-01 – 2025-01-31`; one of its ends may be missing.
pub fn period(start: Option<Date>, end: Option<Date>) -> Option<String> {
    match (start, end) {
        (Some(start), Some(end)) if start != end => Some(format!("{start} – {end}")),
        (Some(day), _) | (None, Some(day)) => Some(day.to_string()),
        (None, None) => None,
    }
}

/// Returns what is said in words, each once and a line each; nothing where nothing is.
pub fn notes(parts: impl IntoIterator<Item = String>) -> Option<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut letters = 0_usize;
    for part in parts {
        letters = letters.saturating_add(part.chars().count());
        if letters > MOST_NOTES {
            break;
        }
        if !lines.contains(&part) {
            lines.push(part);
        }
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Returns why no tax is charged: as written, else what the category stands for (UNCL 5305).
pub fn exemption(written: Option<String>, category: Option<&str>) -> Option<String> {
    written.or_else(|| {
        let meaning = match category? {
            "AE" => "Reverse charge",
            "K" => "Intra-Community supply",
            "G" => "Export outside the EU",
            "E" => "Exempt from tax",
            "O" => "Not subject to tax",
            _ => return None,
        };
        Some(meaning.to_owned())
    })
}

/// Keeps who is to be paid where that is not the vendor.
pub fn payee(name: Option<String>, reading: &mut Reading) {
    let is_vendor = |name: &String| {
        reading.vendor.as_ref().is_some_and(|vendor| fold(&vendor.value) == fold(name))
    };
    reading.payee = name.filter(|name| !is_vendor(name)).map(|name| claim(name, "BT-59"));
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
