//! When a value that was read counts as the one that is known.
//!
//! Names by whole words of one within the other or by most words in common, amounts by value,
//! dates by day, numbers without punctuation. Strict enough that another vendor is another, lax
//! enough that "REWE Markt GmbH" is "REWE".

use rust_decimal::Decimal;
use serde_json::Value;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Returns whether the value read is the known one.
#[must_use]
pub fn same(field: &str, known: &Value, read: &Value) -> bool {
    let (known, read) = (text(known), text(read));
    match field {
        "vendor_name" => same_name(&known, &read),
        "issue_date" | "due_date" => day(&read).is_some_and(|read| day(&known) == Some(read)),
        "net_total" | "tax_total" | "gross_total" | "line_item_count" => {
            number(&read).is_some_and(|read| number(&known) == Some(read))
        }
        "currency" => known.trim().eq_ignore_ascii_case(read.trim()),
        "vendor_tax_id" => same_tax_id(&squash(&known), &squash(&read)),
        _ => !squash(&known).is_empty() && squash(&known) == squash(&read),
    }
}

/// Returns a value as it is printed.
#[must_use]
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn same_name(known: &str, read: &str) -> bool {
    let (a, b) = (squash(known), squash(read));
    if a.is_empty() || b.is_empty() {
        return false;
    }
    let (known, read) = (words(known), words(read));
    let (short, long) = if known.len() <= read.len() { (&known, &read) } else { (&read, &known) };
    let within = !short.is_empty() && long.windows(short.len()).any(|part| part == short);
    let letters = short.iter().map(|word| word.chars().count()).sum::<usize>();
    let shorter = a.chars().count().min(b.chars().count());
    a == b
        || (within && letters >= 2)
        || (shorter >= 5 && (a.contains(&b) || b.contains(&a)))
        || mostly_the_same(&known, &read)
}

/// Whether the F1 measure of the words is at least 0.8, in whole numbers.
fn mostly_the_same(known: &[String], read: &[String]) -> bool {
    let mut rest = read.to_vec();
    let mut common = 0_usize;
    for word in known {
        if let Some(at) = rest.iter().position(|other| other == word) {
            rest.swap_remove(at);
            common = common.saturating_add(1);
        }
    }
    let all = known.len().saturating_add(read.len());
    common > 0 && common.saturating_mul(10) >= all.saturating_mul(4)
}

fn same_tax_id(known: &str, read: &str) -> bool {
    /// Without the country in front, where what is left is still long.
    fn bare(id: &str) -> &str {
        let country = id.chars().take(2).all(char::is_alphabetic) && id.chars().count() > 6;
        let from = id.char_indices().nth(2).map_or(0, |(at, _)| at);
        if country { id.get(from..).unwrap_or(id) } else { id }
    }
    !known.is_empty()
        && !read.is_empty()
        && (known == read || bare(known) == read || bare(read) == known)
}

fn number(text: &str) -> Option<Decimal> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let text = if groups_by_comma(&text) { text.replace(',', "") } else { text };
    text.parse().or_else(|_| Decimal::from_scientific(&text)).ok()
}

/// Whether every comma stands before exactly three digits and none after the point.
fn groups_by_comma(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let fraction = text.split_once('.').map(|(_, fraction)| fraction);
    let mut groups = whole.strip_prefix('-').unwrap_or(whole).split(',');
    let first = groups.next().unwrap_or_default();
    whole.contains(',')
        && digits(first)
        && first.len() <= 3
        && groups.all(|group| digits(group) && group.len() == 3)
        && fraction.is_none_or(digits)
}

fn day(text: &str) -> Option<domain::dates::Date> {
    let text = text.trim();
    let ends = text.get(10..).is_some_and(|rest| {
        rest.chars().next().is_none_or(|after| after == 'T' || after.is_whitespace())
    });
    ends.then(|| text.get(..10)?.parse().ok()).flatten()
}

/// Lower case, without accents.
fn fold(text: &str) -> String {
    let lower = text.nfkd().flat_map(char::to_lowercase).collect::<String>();
    lower.nfkd().filter(|c| !is_combining_mark(*c)).collect::<String>().replace('ß', "ss")
}

fn squash(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn is(field: &str, known: &str, read: &str) -> bool {
        same(field, &json!(known), &json!(read))
    }

    #[test]
    fn a_name_is_the_same_with_other_case_accents_and_legal_form() {
        for (known, read) in [
            ("Nordlicht B.V.", "NORDLICHT BV"),
            ("Brot", "Brot Markt GmbH"),
            ("Bäckerei Süß AB", "Backerei Suss AB"),
            ("Alpha Beta Gamma Delta", "Beta Alpha Gamma Delta Ltd"),
        ] {
            assert!(is("vendor_name", known, read), "{known} / {read}");
            assert!(is("vendor_name", read, known), "{read} / {known}");
        }
    }

    #[test]
    fn another_name_is_another() {
        for (known, read) in [
            ("dm", "adm foods"),
            ("Sender GmbH", "Kunde AG"),
            ("Alpha Beta", "Alpha Gamma"),
            ("x", "-"),
        ] {
            assert!(!is("vendor_name", known, read), "{known} / {read}");
        }
    }

    #[test]
    fn amounts_are_compared_by_value() {
        assert!(same("gross_total", &json!("9.00"), &json!(9)));
        assert!(is("gross_total", "1234.50", "1,234.5"));
        assert!(is("line_item_count", "3", "3"));
        for read in ["9,00", "1,23", "", "9.00 EUR", "NaN"] {
            assert!(!is("gross_total", "9.00", read), "{read}");
        }
        assert!(!is("gross_total", "12345.00", "123,45.00"), "those are no groups");
    }

    #[test]
    fn days_numbers_and_tax_numbers_have_their_own_rules() {
        assert!(is("issue_date", "2019-02-11", "2019-02-11T00:00:00"));
        assert!(!is("issue_date", "2019-02-11", "11/02/2019"));
        assert!(!is("issue_date", "2019-02-11", "2019-02-110"));
        assert!(is("invoice_number", "#INV-01", "inv 01"));
        assert!(!is("invoice_number", "INV-01", "INV-1"));
        assert!(is("vendor_tax_id", "DE 111 222 333", "111222333"));
        assert!(!is("vendor_tax_id", "DE111222333", "DE111222334"));
        assert!(is("currency", "EUR", "eur"));
    }
}
