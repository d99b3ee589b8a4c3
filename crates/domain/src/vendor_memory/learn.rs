//! From a correction and the paper it was made on to a hint.

use super::{
    MeantCurrency, Trace, VendorHint, date_parts, label,
    web::{bears, mail_domains},
};
use crate::{
    dates::Date,
    invoice::{Direction, Invoice},
    money::{Money, printed_amount},
    names::fold,
    outcome::Patch,
};

impl VendorHint {
    /// Returns what a correction of a received invoice teaches; nothing if that is nothing, or the
    /// vendor has no mark to be known by.
    #[must_use]
    pub fn learnt(patch: &Patch, trace: Option<&Trace>) -> Option<Self> {
        let Patch { before, after } = patch;
        if after.direction != Direction::Received {
            return None;
        }
        let rows = trace.map(|trace| trace.rows.as_slice()).unwrap_or_default();
        let mut keys = trace.map_or_else(|| Self::keys_of(before), |trace| trace.keys.clone());
        // A mail address is the vendor's only where it bears the vendor's name.
        let own = |domain: &String| {
            bears(domain, &before.vendor.name) || bears(domain, &after.vendor.name)
        };
        let mails = mail_domains(rows).into_iter().filter(own);
        keys.extend(mails.map(|domain| format!("mail:{domain}")));
        let changed = |differs: bool| differs.then_some(());
        let hint = Self {
            vendor: changed(before.vendor.name != after.vendor.name)
                .map(|()| after.vendor.name.clone()),
            month_first: swapped(before, after).then(|| order_of(rows, after.issue_date)).flatten(),
            currency: changed(before.currency != after.currency)
                .map(|()| MeantCurrency { read: before.currency, meant: after.currency }),
            category: after.category.clone().filter(|_| before.category != after.category),
            total_label: changed(before.gross.minor != after.gross.minor)
                .and_then(|()| total_label(rows, after.gross)),
            number_label: changed(before.number != after.number)
                .and_then(|()| number_label(rows, after.number.as_deref()?)),
            keys,
        };
        (!hint.keys.is_empty() && !hint.is_empty()).then_some(hint)
    }
}

fn swapped(before: &Invoice, after: &Invoice) -> bool {
    let (old, new) = (before.issue_date, after.issue_date);
    old != new && old.day() == new.month() && old.month() == new.day() && old.year() == new.year()
}

/// Returns whether the month comes first where this date is printed.
fn order_of(rows: &[String], date: Date) -> Option<bool> {
    let (day, month) = (i64::from(date.day()), i64::from(date.month()));
    rows.iter().flat_map(|row| row.split_whitespace()).find_map(|word| {
        let (first, second, _) = date_parts(word)?;
        match (first, second) {
            parts if parts == (month, day) => Some(true),
            parts if parts == (day, month) => Some(false),
            _ => None,
        }
    })
}

fn total_label(rows: &[String], gross: Money) -> Option<String> {
    labelled(rows, |word| printed_amount(word, gross.currency) == Some(gross.decimal()))
}

fn number_label(rows: &[String], number: &str) -> Option<String> {
    let wanted = fold(number);
    labelled(rows, |word| fold(word) == wanted)
}

/// Returns the words before the last place where a value is printed.
fn labelled(rows: &[String], is_it: impl Fn(&str) -> bool) -> Option<String> {
    rows.iter().rev().find_map(|row| {
        let words: Vec<&str> = row.split_whitespace().collect();
        let at = words.iter().rposition(|word| is_it(word))?;
        label(words.get(..at)?)
    })
}
