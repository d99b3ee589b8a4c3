//! What single cells say, under the conventions of their table: which mark parts the cents, and
//! whether the day or the month comes first.

use crate::{
    date::{self, Order},
    invoice::lexicon::lexicon,
    number::{self, Amount},
};
use domain::{dates::Date, document::Cell, money::Currency};
use rust_decimal::Decimal;

/// How a table writes numbers and dates, as far as its own cells prove it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conventions {
    /// The mark before the cents.
    pub mark: Option<char>,
    /// What comes first in a date.
    pub order: Order,
    /// Whether the order is proven or said by the locale.
    pub order_is_sure: bool,
    /// Anchors years of two digits.
    pub this_year: i16,
    /// Whose dollars a bare `$` means.
    pub dollar: Option<Currency>,
}

/// An amount as a cell says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// The amount.
    pub value: Decimal,
    /// The currency written beside it.
    pub currency: Option<Currency>,
    /// Whether a dollar sign stands beside it that does not say whose.
    pub is_dollar: bool,
    /// Whether it could not be read otherwise.
    pub sure: bool,
}

impl Conventions {
    /// Learns from the cells that hold amounts and dates.
    pub fn of<'a>(
        amounts: impl Iterator<Item = &'a Cell> + Clone,
        dates: impl Iterator<Item = &'a Cell>,
        today: Date,
        locale: &str,
    ) -> Self {
        let dollars = amounts.clone().filter_map(text).any(|text| text.contains('$'));
        let mark = amounts.filter_map(text).find_map(|text| match readings(text).as_slice() {
            [only] => only.0.mark,
            _ => None,
        });
        let this_year = today.year();
        let proven = dates
            .filter_map(text)
            .find_map(|text| date::parse(text, &lexicon().months, this_year)?.proves());
        // English is written in either order.
        let tells = !locale.is_empty() && (locale.contains('-') || !locale.starts_with("en"));
        let by_locale =
            tells.then(|| if locale.ends_with("US") { Order::MonthFirst } else { Order::DayFirst });
        let usual = if dollars { Order::MonthFirst } else { Order::DayFirst };
        Self {
            mark,
            order: proven.or(by_locale).unwrap_or(usual),
            order_is_sure: proven.is_some() || by_locale.is_some(),
            this_year,
            dollar: dollar_of(locale),
        }
    }

    /// Returns the amount of a cell; nothing if it is none.
    ///
    /// Where a single mark stands before three digits and no other cell tells, it groups them:
    /// few currencies have a third decimal.
    pub fn amount(&self, cell: &Cell) -> Option<Said> {
        if let Cell::Number(value) = cell {
            return Some(Said { value: *value, currency: None, is_dollar: false, sure: true });
        }
        let text = text(cell)?;
        let readings = readings(text);
        let fits = |amount: &Amount| match (amount.mark, self.mark) {
            (Some(mark), Some(proven)) => mark == proven,
            _ => true,
        };
        let fitting: Vec<&(Amount, Option<Currency>)> =
            readings.iter().filter(|(amount, _)| fits(amount)).collect();
        let chosen = fitting
            .iter()
            .find(|(amount, _)| self.mark.is_some() && amount.mark == self.mark)
            .or_else(|| fitting.iter().find(|(amount, _)| amount.mark.is_none()))
            .or(fitting.first())?;
        let sure = readings.len() == 1 || self.mark.is_some();
        let is_dollar = chosen.1.is_none() && text.contains('$');
        Some(Said { value: chosen.0.value, currency: chosen.1, is_dollar, sure })
    }

    /// Returns the date of a cell with whether it could not be read otherwise; a bare number is
    /// counted in days as spreadsheets do.
    pub fn day(&self, cell: &Cell) -> Option<(Date, bool)> {
        match cell {
            Cell::Date(day) => Some((*day, true)),
            Cell::Number(serial) => serial_day(*serial).map(|day| (day, true)),
            Cell::Text(text) => {
                let read = date::parse(text, &lexicon().months, self.this_year)?;
                // Where dates have dots, the day comes first.
                let dotted = text.matches('.').count() >= 2 && self.order == Order::DayFirst;
                let sure = self.order_is_sure
                    || dotted
                    || read.day_first == read.month_first
                    || read.proves().is_some();
                read.under(self.order).map(|day| (day, sure))
            }
            Cell::Empty => None,
        }
    }
}

/// Returns whose dollars are meant where a locale is spoken; elsewhere those of the United States.
fn dollar_of(locale: &str) -> Option<Currency> {
    let code = match locale.rsplit(['-', '_']).next().unwrap_or_default() {
        "CA" => "CAD",
        "AU" => "AUD",
        "NZ" => "NZD",
        "SG" => "SGD",
        "HK" => "HKD",
        "MX" => "MXN",
        "AR" => "ARS",
        "CL" => "CLP",
        "CO" => "COP",
        _ => "USD",
    };
    Currency::parse(code)
}

/// Returns the day of a serial number within the years 1990 to 2099.
fn serial_day(serial: Decimal) -> Option<Date> {
    let days = i32::try_from(serial.trunc()).ok()?;
    let epoch = Date::new(1899, 12, 30).ok()?;
    (32_874..=73_050)
        .contains(&days)
        .then(|| epoch.checked_add(jiff::ToSpan::days(days)).ok())
        .flatten()
}

/// Returns the text of a cell that holds text.
pub fn text(cell: &Cell) -> Option<&str> {
    match cell {
        Cell::Text(text) => Some(text.trim()),
        _ => None,
    }
}

/// Returns a cell as a person would read it aloud: names and numbers of invoices.
pub fn shown(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Empty => None,
        Cell::Text(text) => {
            let words: Vec<&str> = text.split_whitespace().collect();
            Some(words.join(" ")).filter(|text| !text.is_empty())
        }
        Cell::Number(number) => Some(number.normalize().to_string()),
        Cell::Date(day) => Some(day.to_string()),
    }
}

/// Returns the readings of a text as an amount, with a currency that stands before or after it.
fn readings(text: &str) -> Vec<(Amount, Option<Currency>)> {
    let negative = text.starts_with('(') && text.ends_with(')');
    let inner = if negative { text.trim_matches(['(', ')']) } else { text };
    let mut currency = None;
    let mut digits = String::new();
    for word in inner.split_whitespace() {
        if number::is_currency_sign(word) || Currency::parse(word).is_some() {
            currency = number::currency_of(word).or_else(|| Currency::parse(word));
        } else {
            if !digits.is_empty() && !matches!(digits.as_str(), "-" | "+" | "−") {
                digits.push(' ');
            }
            digits.push_str(word);
        }
    }
    number::readings(&digits)
        .into_iter()
        .map(|mut amount| {
            if negative {
                amount.value.set_sign_negative(!amount.value.is_zero());
            }
            (amount, currency.or(amount.currency))
        })
        .collect()
}
