//! How values are written into columns and read back, the same for every database.

use domain::{dates::Date, money::Currency};
use jiff::Timestamp;
use ports::store::{StoreError, StoreResult};
use rust_decimal::Decimal;
use serde::{Serialize, de::DeserializeOwned};
use std::{str::FromStr, time::Duration};

/// Returns a value written as JSON.
pub fn json<T: Serialize>(value: &T) -> StoreResult<String> {
    serde_json::to_string(value).map_err(|_| StoreError::Malformed("a value cannot be written"))
}

/// Returns a value that was written as JSON; `what` names it in the error.
pub fn from_json<T: DeserializeOwned>(text: &str, what: &'static str) -> StoreResult<T> {
    serde_json::from_str(text).map_err(|_| StoreError::Malformed(what))
}

/// Returns the word of a plain enum, as it is serialised.
pub fn word<T: Serialize>(value: &T) -> StoreResult<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(StoreError::Malformed("a word cannot be written")),
    }
}

/// Returns the plain enum of a word.
pub fn from_word<T: DeserializeOwned>(word: String, what: &'static str) -> StoreResult<T> {
    serde_json::from_value(serde_json::Value::String(word)).map_err(|_| StoreError::Malformed(what))
}

/// Returns a value that parses itself: identifiers, hashes, dates, decimals.
pub fn parsed<T: FromStr>(text: &str, what: &'static str) -> StoreResult<T> {
    text.parse().map_err(|_| StoreError::Malformed(what))
}

/// Returns the currency of a stored code.
pub fn currency(code: &str) -> StoreResult<Currency> {
    Currency::parse(code).ok_or(StoreError::Malformed("a currency"))
}

/// Returns a decimal that may be absent.
pub fn decimal(text: Option<String>) -> StoreResult<Option<Decimal>> {
    text.map(|text| parsed(&text, "a decimal")).transpose()
}

/// Returns a date that may be absent.
pub fn date(text: Option<String>) -> StoreResult<Option<Date>> {
    text.map(|text| parsed(&text, "a date")).transpose()
}

/// Returns the instant of stored milliseconds.
pub fn instant(milliseconds: i64) -> StoreResult<Timestamp> {
    Timestamp::from_millisecond(milliseconds).map_err(|_| StoreError::Malformed("an instant"))
}

/// Returns milliseconds moved on by a while, held at the end of time.
pub fn later(milliseconds: i64, by: Duration) -> i64 {
    milliseconds.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX))
}

/// Returns a name as it is compared; signs alone are compared as they are. Empty only if blank.
pub fn folded(name: &str) -> String {
    let folded = domain::names::fold(name);
    if folded.is_empty() { name.trim().to_lowercase() } else { folded }
}
