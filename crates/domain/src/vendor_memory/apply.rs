//! From a hint to a better reading of the vendor's next document.

use super::{Trace, VendorHint, date_parts, label};
use crate::{
    dates::Date,
    money::{Currency, printed_amount},
    reading::{Claim, Evidence, Origin, Reading},
};
use rust_decimal::Decimal;

/// How often what a person taught holds for the next document too, of 100.
const TAUGHT: u8 = 90;
/// The name of the rule in the evidence of what a hint has changed.
const RULE: &str = "vendor memory";

impl VendorHint {
    /// Puts what is known of this vendor into a reading and returns whether anything changed.
    ///
    /// A currency that the document does not name is taken for the given one. The category is no
    /// part of a reading: the caller takes it over.
    pub fn improve(&self, reading: &mut Reading, trace: &Trace, assumed: Currency) -> bool {
        let before = reading.clone();
        if let Some(name) = &self.vendor
            && reading.vendor.as_ref().is_none_or(|read| read.value != *name)
        {
            reading.vendor = Some(Claim::new(name.clone(), taught()));
        }
        if let Some(month_first) = self.month_first {
            for date in [&mut reading.issue_date, &mut reading.due_date].into_iter().flatten() {
                if let Some(meant) = other_order(&trace.rows, date.value, month_first) {
                    *date = Claim { value: meant, evidence: as_taught(&date.evidence) };
                }
            }
        }
        let read = reading.currency.as_ref().map_or(assumed, |claim| claim.value);
        if let Some(currency) = self.currency.filter(|currency| currency.read == read) {
            reading.currency = Some(Claim::new(currency.meant, taught()));
        }
        let currency = reading.currency.as_ref().map_or(assumed, |claim| claim.value);
        self.relabel(reading, trace, currency);
        *reading != before
    }

    /// Takes the total and the number that stand behind the labels a person has pointed out.
    fn relabel(&self, reading: &mut Reading, trace: &Trace, currency: Currency) {
        let total: Option<Decimal> = self
            .total_label
            .as_deref()
            .and_then(|label| behind(&trace.rows, label, |word| printed_amount(word, currency)));
        if let Some(total) = total
            && reading.gross.as_ref().is_none_or(|gross| gross.value != total)
        {
            reading.gross = Some(Claim::new(total, taught()));
        }
        let printed = |word: &str| {
            let number = word.trim_matches(|c: char| !c.is_alphanumeric());
            number.chars().any(|c| c.is_ascii_digit()).then(|| number.to_owned())
        };
        let number =
            self.number_label.as_deref().and_then(|label| behind(&trace.rows, label, printed));
        if let Some(number) = number
            && reading.number.as_ref().is_none_or(|read| read.value != number)
        {
            reading.number = Some(Claim::new(number, taught()));
        }
    }
}

fn taught() -> Evidence {
    Evidence::of(Origin::User, TAUGHT, RULE)
}

/// Keeps the place where the value was read.
fn as_taught(evidence: &Evidence) -> Evidence {
    Evidence { page: evidence.page, region: evidence.region, ..taught() }
}

/// Returns the last value that stands right behind a label.
fn behind<T>(rows: &[String], wanted: &str, value: impl Fn(&str) -> Option<T>) -> Option<T> {
    rows.iter().rev().find_map(|row| {
        let words: Vec<&str> = row.split_whitespace().collect();
        words.iter().enumerate().rev().find_map(|(at, word)| {
            let found = value(word)?;
            let before = words.get(..at)?;
            (label(before).as_deref() == Some(wanted)).then_some(found)
        })
    })
}

/// Returns a date with day and month changed over, where it is printed so that it can be read both
/// ways and was read the other way.
fn other_order(rows: &[String], read: Date, month_first: bool) -> Option<Date> {
    let (day, month) = (i64::from(read.day()), i64::from(read.month()));
    let wrong = if month_first { (day, month) } else { (month, day) };
    let printed = rows
        .iter()
        .flat_map(|row| row.split_whitespace())
        .filter_map(date_parts)
        .any(|(first, second, _)| (first, second) == wrong);
    (printed && day != month)
        .then(|| Date::new(read.year(), read.day(), read.month()).ok())
        .flatten()
}
