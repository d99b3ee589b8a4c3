//! What a person's corrections teach about a vendor, and how the next document profits.
//!
//! A hint is data about paper (a name, a label, the order of day and month). It replaces or picks
//! values of one reading and can do nothing else.

mod apply;
mod learn;
#[cfg(test)]
mod tests;
mod web;

use crate::{
    document::{ContentHash, Fingerprint, Page, Word},
    invoice::Invoice,
    money::Currency,
    names::fold,
    party::Party,
    reading::Reading,
};
use serde::{Deserialize, Serialize};

/// The most rows of a document that are kept.
const MAX_ROWS: usize = 120;
/// The most characters of a row that are kept.
const MAX_ROW: usize = 120;

/// What a document showed on paper: kept beside it, so that a later correction can be learnt from
/// and the same picture is recognised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// The stored original.
    pub document: ContentHash,
    /// What its first page looks like.
    pub fingerprint: Option<Fingerprint>,
    /// What identifies its vendor, the surest first; may be empty.
    pub keys: Vec<String>,
    /// Its printed rows from the top, at most 120 of 120 characters.
    pub rows: Vec<String>,
}

/// A currency that was read and what it really is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeantCurrency {
    /// As it was read or assumed.
    pub read: Currency,
    /// As it is.
    pub meant: Currency,
}

/// What one book knows about a vendor's documents; nothing means "not taught".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VendorHint {
    /// What identifies the vendor on paper, the surest first; never empty. The first is its name
    /// in the store.
    pub keys: Vec<String>,
    /// The vendor's name.
    pub vendor: Option<String>,
    /// Whether the month stands before the day.
    pub month_first: Option<bool>,
    /// The currency.
    pub currency: Option<MeantCurrency>,
    /// The category.
    pub category: Option<String>,
    /// The folded words before the total.
    pub total_label: Option<String>,
    /// The folded words before the number.
    pub number_label: Option<String>,
}

impl Trace {
    /// Takes down what a document shows; the reading is the one before any hint.
    #[must_use]
    pub fn of(
        document: ContentHash,
        pages: &[Page],
        fingerprint: Option<Fingerprint>,
        reading: &Reading,
    ) -> Self {
        let text = |claim: &Option<crate::reading::Claim<String>>| {
            claim.as_ref().map(|claim| claim.value.clone())
        };
        let rows = rows(pages);
        let [tax_id, iban, name] = [&reading.vendor_tax_id, &reading.vendor_iban, &reading.vendor]
            .map(|claim| text(claim).unwrap_or_default());
        let keys = keys(&tax_id, &iban, web::web_domain(&rows).as_deref(), &name);
        Self { document, fingerprint, keys, rows }
    }
}

impl Trace {
    /// Leaves out the marks of the reader's own company, which may stand on every document.
    #[must_use]
    pub fn without_marks_of(mut self, own: &Party) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let own = keys(&text(&own.tax_id), &text(&own.iban), None, &own.name);
        self.keys.retain(|key| !own.contains(key));
        self
    }
}

impl VendorHint {
    /// Returns what identifies the vendor of a stored invoice whose paper is not known.
    #[must_use]
    pub fn keys_of(invoice: &Invoice) -> Vec<String> {
        let vendor = &invoice.vendor;
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        keys(&text(&vendor.tax_id), &text(&vendor.iban), None, &vendor.name)
    }

    /// Returns whether these keys mean this vendor: one sure key in both, or else the name as it
    /// was read, unless a sure key of the same kind differs.
    #[must_use]
    pub fn is_of(&self, keys: &[String]) -> bool {
        let sure = |key: &&String| !key.starts_with("name:");
        if self.keys.iter().filter(sure).any(|key| keys.contains(key)) {
            return true;
        }
        let kind = |key: &str| key.split(':').next().map(str::to_owned);
        let differs = self
            .keys
            .iter()
            .filter(sure)
            .any(|own| keys.iter().filter(sure).any(|other| kind(own) == kind(other)));
        !differs && self.keys.iter().any(|key| keys.contains(key))
    }

    /// Returns whether a document is this vendor's: by its keys, or by a mail address in a domain
    /// that was known to be the vendor's, however the name is read there.
    #[must_use]
    pub fn is_on(&self, trace: &Trace) -> bool {
        let known = |domain: String| {
            self.keys.contains(&format!("mail:{domain}"))
                || self.keys.contains(&format!("web:{domain}"))
        };
        self.is_of(&trace.keys)
            || web::mail_domains(&trace.rows).into_iter().any(known)
            || web::web_domain(&trace.rows).is_some_and(known)
    }

    /// Returns this hint with what a newer one teaches laid over it.
    #[must_use]
    pub fn taught(self, newer: Self) -> Self {
        let mut keys = self.keys;
        for key in newer.keys {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        Self {
            keys,
            vendor: newer.vendor.or(self.vendor),
            month_first: newer.month_first.or(self.month_first),
            currency: newer.currency.or(self.currency),
            category: newer.category.or(self.category),
            total_label: newer.total_label.or(self.total_label),
            number_label: newer.number_label.or(self.number_label),
        }
    }

    /// Returns this hint without what a correction had taught that was taken back.
    #[must_use]
    pub fn untaught(mut self, taken_back: &Self) -> Self {
        fn clear<T: PartialEq>(known: &mut Option<T>, taken_back: &Option<T>) {
            if known == taken_back {
                *known = None;
            }
        }
        clear(&mut self.vendor, &taken_back.vendor);
        clear(&mut self.month_first, &taken_back.month_first);
        clear(&mut self.currency, &taken_back.currency);
        clear(&mut self.category, &taken_back.category);
        clear(&mut self.total_label, &taken_back.total_label);
        clear(&mut self.number_label, &taken_back.number_label);
        self
    }

    /// Returns whether it teaches nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self { keys: self.keys.clone(), ..Self::default() }
    }
}

/// Returns the keys that are there, the surest first.
fn keys(tax_id: &str, iban: &str, web: Option<&str>, name: &str) -> Vec<String> {
    let compact = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
    };
    [
        ("tax", compact(tax_id)),
        ("iban", compact(iban)),
        ("web", web.unwrap_or_default().to_owned()),
        ("name", fold(name)),
    ]
    .into_iter()
    .filter(|(_, value)| value.chars().count() >= 3)
    .map(|(kind, value)| format!("{kind}:{value}"))
    .collect()
}

/// Returns the printed rows of all pages from the top, their words parted by one space.
fn rows(pages: &[Page]) -> Vec<String> {
    pages.iter().flat_map(page_rows).take(MAX_ROWS).collect()
}

fn page_rows(page: &Page) -> Vec<String> {
    let middle = |word: &Word| word.region.top.midpoint(word.region.bottom);
    let mut words: Vec<&Word> = page.words.iter().collect();
    words.sort_by_key(|word| (middle(word), word.region.left));
    let mut rows: Vec<Vec<&Word>> = Vec::new();
    for word in words {
        let fits = rows.last().and_then(|row| row.first()).is_some_and(|first| {
            middle(word) >= first.region.top && middle(word) <= first.region.bottom
        });
        match rows.last_mut().filter(|_| fits) {
            Some(row) => row.push(word),
            None => rows.push(vec![word]),
        }
    }
    let line = |mut row: Vec<&Word>| {
        row.sort_by_key(|word| word.region.left);
        let text = row.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        text.chars().take(MAX_ROW).collect()
    };
    rows.into_iter().map(line).collect()
}

/// Returns the folded words before a place in a row: those with letters, at most the last four.
fn label(before: &[&str]) -> Option<String> {
    let mut words: Vec<String> = before
        .iter()
        .rev()
        .map(|word| fold(word))
        .filter(|word| word.chars().any(char::is_alphabetic))
        .filter(|word| Currency::parse(&word.to_uppercase()).is_none())
        .take(4)
        .collect();
    words.reverse();
    (!words.is_empty()).then(|| words.join(" "))
}

/// Returns the three numbers of a word that may be a date: `03.05.2025`.
fn date_parts(word: &str) -> Option<(i64, i64, i64)> {
    let mut parts = word
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(|part| part.parse::<i64>().ok());
    let parts = (parts.next()??, parts.next()??, parts.next()??);
    Some(parts)
}
