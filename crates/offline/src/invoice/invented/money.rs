//! Invented amounts, goods and dates, and the ways to print them.

use super::{chance::Chance, names::Country, phrases::Phrases};
use domain::dates::{Date, date, due_in};
use rust_decimal::Decimal;

/// How a document prints amounts.
#[derive(Clone)]
pub struct Style {
    pub comma: bool,
    pub group: &'static str,
    /// Before or after each amount; often empty.
    pub before: &'static str,
    pub after: &'static str,
}

impl Style {
    pub fn of(chance: &mut Chance, country: &Country) -> Self {
        let comma = !matches!(country.code.as_str(), "GB" | "US" | "MY");
        let group = match (comma, chance.between(0, 3)) {
            (_, 0) => "",
            (true, 1) => " ",
            (true, _) => ".",
            (false, _) => ",",
        };
        let (sign, code) = match country.currency.as_str() {
            "GBP" => ("£", "GBP"),
            "USD" => ("$", "USD"),
            "MYR" => ("RM", "MYR"),
            _ => ("€", "EUR"),
        };
        let (before, after) = match chance.between(0, 5) {
            0 | 1 => ("", ""),
            2 => ("", code),
            _ if comma => ("", sign),
            _ => (sign, ""),
        };
        Self { comma, group, before, after }
    }

    /// Prints cents without currency.
    pub fn bare(&self, cents: i64) -> String {
        let whole = (cents.abs() / 100).to_string();
        let mut grouped = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                grouped.push_str(self.group);
            }
            grouped.push(digit);
        }
        let sign = if cents < 0 { "-" } else { "" };
        let mark = if self.comma { ',' } else { '.' };
        format!("{sign}{grouped}{mark}{:02}", cents.abs() % 100)
    }

    /// Prints cents with what the document puts around them.
    pub fn full(&self, cents: i64) -> String {
        let after = if self.after.is_empty() { String::new() } else { format!(" {}", self.after) };
        format!("{}{}{after}", self.before, self.bare(cents))
    }
}

/// An invented line; cents.
pub struct Good {
    pub name: String,
    pub count: i64,
    pub price: i64,
    pub amount: i64,
    pub rate: i64,
}

/// Returns some lines.
pub fn goods(chance: &mut Chance, words: &Phrases, country: &Country, top: i64) -> Vec<Good> {
    let two_rates = country.rates.len() > 1 && chance.percent(25);
    let count = chance.between(1, 7);
    (0..count)
        .map(|_| {
            let count = if chance.percent(55) { 1 } else { chance.between(2, 12) };
            let price = chance.between(80, top);
            let rate =
                if two_rates && chance.percent(40) { country.rates[1] } else { country.rates[0] };
            Good {
                name: chance.word(&words.goods).to_owned(),
                count,
                price,
                amount: count * price,
                rate,
            }
        })
        .collect()
}

/// Returns the net and tax of each rate, highest first; the amounts hold the tax or do not.
pub fn by_rate(goods: &[Good], inclusive: bool) -> Vec<(i64, i64, i64)> {
    let mut rates: Vec<i64> = goods.iter().map(|good| good.rate).collect();
    rates.sort_unstable_by(|a, b| b.cmp(a));
    rates.dedup();
    let group = |rate: i64| {
        let sum: i64 = goods.iter().filter(|good| good.rate == rate).map(|good| good.amount).sum();
        if inclusive {
            let net = (sum * 100 + (100 + rate) / 2) / (100 + rate);
            (rate, net, sum - net)
        } else {
            (rate, sum, (sum * rate + 50) / 100)
        }
    };
    rates.into_iter().map(group).collect()
}

pub fn cents(minor: i64) -> Decimal {
    Decimal::new(minor, 2)
}

/// Returns a day of the last years.
pub fn day(chance: &mut Chance) -> Date {
    due_in(date(2017, 1, 1), u16::try_from(chance.between(0, 3500)).unwrap())
}

/// Returns a way to print dates, the same for a whole document.
pub fn date_form(chance: &mut Chance, country: &Country) -> i64 {
    match country.code.as_str() {
        "US" => chance.between(10, 13),
        "DE" => chance.between(0, 2),
        _ => chance.between(0, 7),
    }
}

/// Prints a date in a form.
pub fn print_day(day: Date, form: i64, words: &Phrases) -> String {
    let (y, m, d) = (day.year(), day.month(), day.day());
    let name = &words.months[usize::try_from(m - 1).unwrap()];
    let short: String = name.chars().take(3).collect();
    match form {
        0 => format!("{d:02}.{m:02}.{y}"),
        1 if words.language == "de" => format!("{d}. {name} {y}"),
        1 if matches!(words.language.as_str(), "es" | "pt") => format!("{d} de {name} de {y}"),
        1 => format!("{d} {name} {y}"),
        2 => format!("{d:02}.{m:02}.{:02}", y % 100),
        3 => format!("{d:02}/{m:02}/{:02}", y % 100),
        4 => format!("{y}-{m:02}-{d:02}"),
        5 => format!("{d:02}-{m:02}-{y}"),
        10 => format!("{m:02}/{d:02}/{y}"),
        11 => format!("{name} {d}, {y}"),
        12 => format!("{m}/{d}/{:02}", y % 100),
        13 => format!("{short} {d}, {y}"),
        _ => format!("{d:02}/{m:02}/{y}"),
    }
}
