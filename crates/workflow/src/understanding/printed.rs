//! Does the printed page of a hybrid document say what the e-invoice inside says?
//!
//! The e-invoice is believed; a difference is only told, and only where the page says something
//! else *and* nowhere what the e-invoice says. A page that cannot be read says nothing.

use domain::{
    dates::Date,
    document::Page,
    invoice::Finding,
    money::{Money, printed_amount},
    reading::{Claim, Reading, Standing},
};

/// How many words after its first a date may go on, as in `14 de marzo de 2025`.
const WORDS_OF_A_DATE: usize = 4;
/// An amount may be parted by spaces into so many words.
const WORDS_OF_AN_AMOUNT: usize = 3;

/// Returns where the reading of the pages differs from the e-invoice in total, number or date.
#[must_use]
pub fn differences(einvoice: &Reading, page: &Reading, pages: &[Page]) -> Vec<Finding> {
    if !page.is_invoice() {
        return Vec::new();
    }
    let words: Vec<&str> =
        pages.iter().flat_map(|page| &page.words).map(|word| word.text.as_str()).collect();
    [total(einvoice, page, &words), number(einvoice, page, &words), date(einvoice, page, &words)]
        .into_iter()
        .flatten()
        .collect()
}

fn total(einvoice: &Reading, page: &Reading, words: &[&str]) -> Option<Finding> {
    let currency = einvoice.currency.as_ref()?.value;
    let (exact, seen) = (einvoice.gross.as_ref()?.value, firm(page.gross.as_ref())?);
    let due = einvoice.due.as_ref().map(|due| due.value.abs());
    if seen.abs() == exact.abs() || Some(seen.abs()) == due {
        return None;
    }
    let is_printed = (1..=WORDS_OF_AN_AMOUNT)
        .flat_map(|count| words.windows(count))
        .any(|parts| printed_amount(&parts.concat(), currency) == Some(exact.abs()));
    let printed = Money::rounded(*seen, currency).ok().filter(|_| !is_printed)?;
    Some(Finding::PageTotal { printed })
}

fn number(einvoice: &Reading, page: &Reading, words: &[&str]) -> Option<Finding> {
    let (exact, seen) = (&einvoice.number.as_ref()?.value, firm(page.number.as_ref())?);
    let exact = letters(exact);
    let all: String = words.iter().map(|word| letters(word)).collect();
    let is_printed = exact.is_empty() || all.contains(&exact) || exact.contains(&letters(seen));
    (!is_printed).then(|| Finding::PageNumber { printed: seen.clone() })
}

fn date(einvoice: &Reading, page: &Reading, words: &[&str]) -> Option<Finding> {
    let (exact, seen) = (einvoice.issue_date.as_ref()?.value, firm(page.issue_date.as_ref())?);
    (exact != *seen && !shows(words, exact)).then_some(Finding::PageDate { printed: *seen })
}

/// Returns a value that is not in doubt.
fn firm<T>(claim: Option<&Claim<T>>) -> Option<&T> {
    let claim = claim?;
    (claim.evidence.standing() != Standing::Doubtful).then_some(&claim.value)
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Returns whether a date may stand among the words: in numbers of any order, glued together, or
/// with a word for the month.
pub(super) fn shows(words: &[&str], day: Date) -> bool {
    let marks = |c: char| !c.is_alphanumeric() || "年月日년월일".contains(c);
    let parts: Vec<&str> =
        words.iter().flat_map(|word| word.split(marks)).filter(|part| !part.is_empty()).collect();
    let (y, m, d) = (i32::from(day.year()), i32::from(day.month()), i32::from(day.day()));
    let short = y.rem_euclid(100);
    let glued = [format!("{y:04}{m:02}{d:02}"), format!("{d:02}{m:02}{y:04}")];
    let is_year = |part: &str| number_of(part).is_some_and(|n| n == y || n == short);
    let is_day = |part: &str| number_of(part) == Some(d);
    let in_numbers = |three: &[&str]| match three {
        [first, middle, last] => {
            let [a, b, c] = [first, middle, last].map(|part| number_of(part));
            let (d, m) = (Some(d), Some(m));
            (is_year(last) && ((a, b) == (d, m) || (a, b) == (m, d)))
                || (is_year(first) && (b, c) == (m, d))
        }
        _ => false,
    };
    // A year that ends a date is not the beginning of "2025 May 3".
    let ends_date = |at: usize| {
        let before = parts.get(at.saturating_sub(2)..at).unwrap_or_default();
        before.iter().any(|part| number_of(part).is_some())
    };
    let with_a_word = |(at, part): (usize, &[&str])| match part {
        [first, between @ .., last] => {
            let year_first = is_year(first) && is_day(last) && !between.is_empty();
            let ends = (is_day(first) && is_year(last)) || (year_first && !ends_date(at));
            ends && between.iter().all(|part| number_of(part).is_none())
        }
        _ => false,
    };
    parts.iter().any(|part| glued.iter().any(|glued| glued == part))
        || parts.windows(3).any(in_numbers)
        || (2..=WORDS_OF_A_DATE.saturating_add(1))
            .any(|n| parts.windows(n).enumerate().any(with_a_word))
}

/// Returns the number that a part begins with, as in `14th`.
fn number_of(part: &str) -> Option<i32> {
    let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
    part.get(..end)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        dates,
        document::{Region, TextSource, Word},
        money::Currency,
        reading::{Evidence, Origin, ReadKind},
    };
    use rust_decimal::Decimal;

    fn reading(number: &str, day: Date, cents: i64) -> Reading {
        let seen = || Evidence::of(Origin::TextLayer, 90, "test");
        Reading {
            number: Some(Claim::new(number.to_owned(), seen())),
            issue_date: Some(Claim::new(day, seen())),
            currency: Some(Claim::new(Currency::EUR, seen())),
            gross: Some(Claim::new(Decimal::new(cents, 2), seen())),
            ..Reading::of_kind(ReadKind::Invoice, seen())
        }
    }

    fn pages(text: &str) -> Vec<Page> {
        let word =
            |text: &str| Word { text: text.to_owned(), region: Region::default(), confidence: 100 };
        let words = text.split_whitespace().map(word).collect();
        vec![Page { width: 100, height: 100, source: TextSource::TextLayer, words }]
    }

    fn told(page: &Reading, text: &str) -> Vec<Finding> {
        differences(&reading("RE-17", dates::date(2025, 3, 14), 123_450), page, &pages(text))
    }

    #[test]
    fn a_page_that_says_something_else_is_told() {
        let page = reading("RE-71", dates::date(2025, 4, 14), 133_450);
        let findings = told(&page, "Rechnung RE-71 vom 14.04.2025 Gesamt 1.334,50 EUR");
        let printed = Money::new(133_450, Currency::EUR);
        assert_eq!(
            findings,
            [
                Finding::PageTotal { printed },
                Finding::PageNumber { printed: "RE-71".into() },
                Finding::PageDate { printed: dates::date(2025, 4, 14) },
            ]
        );
    }

    #[test]
    fn what_stands_anywhere_on_the_page_is_no_difference() {
        let misread = reading("4711", dates::date(2025, 5, 1), 10_000);
        for text in [
            "No RE 17 of 14/03/2025 Total 1,234.50 Deposit 100.00",
            "RE-17 14 mars 2025 Total 1 234,50 € Acompte 100,00 €",
            "RE-17 March 14th, 2025, 1.234,50",
            "RE-17 14 de marzo de 2025 1.234,50",
            "RE-17 2025-03-14 -1234,50",
            "RE17 14032025 1'234.50",
        ] {
            assert_eq!(told(&misread, text), [], "{text}");
        }
    }

    #[test]
    fn doubt_and_pages_of_another_kind_say_nothing() {
        let mut page = reading("RE-71", dates::date(2025, 4, 14), 133_450);
        page.kind.value = ReadKind::NotInvoice;
        assert_eq!(told(&page, "Terms of business"), []);
        page.kind.value = ReadKind::Invoice;
        page.gross.as_mut().unwrap().evidence.confidence = 40;
        page.number = None;
        page.issue_date = None;
        assert_eq!(told(&page, "1.334,50"), []);
    }
}
