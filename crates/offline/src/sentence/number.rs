//! Numbers in sentences: which mark parts the decimals, and which currency a sign means.

use domain::money::{Currency, parse_decimal};
use rust_decimal::Decimal;

/// Which mark parts the decimals where both would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    comma: bool,
    /// Whether the language of the text and the locale agree.
    certain: bool,
}

const COMMA_LANGUAGES: [&str; 6] = ["es", "pt", "fr", "de", "it", "nl"];
/// Locales of those languages where a point parts the decimals.
const POINT_LOCALES: [&str; 8] =
    ["es-mx", "es-us", "es-gt", "es-pa", "es-pe", "de-ch", "it-ch", "es-do"];

impl Reading {
    /// Returns the habit of a locale; that of the text's language where the locale is empty.
    pub(super) fn of(locale: &str, language: &str) -> Self {
        let locale = locale.replace('_', "-").to_ascii_lowercase();
        let home = locale.split('-').next().unwrap_or_default();
        let comma_in = |code: &str| COMMA_LANGUAGES.contains(&code);
        if home.is_empty() {
            return Self { comma: comma_in(language), certain: true };
        }
        let comma = comma_in(home) && !POINT_LOCALES.contains(&locale.as_str());
        Self { comma, certain: comma == comma_in(language) || home == language }
    }

    /// Returns the value of digits with marks.
    ///
    /// A lone mark before exactly three digits parts thousands, unless it is the decimal mark of
    /// both the locale and the language, or follows a lone zero.
    pub(super) fn value(self, text: &str) -> Option<Decimal> {
        let text: String =
            text.chars().filter(|c| c.is_ascii_digit() || ".,".contains(*c)).collect();
        let (points, commas) = (text.matches('.').count(), text.matches(',').count());
        let decimal_mark = match (points, commas) {
            (0, 0) => None,
            (_, 0) => self.lone(&text, '.', points),
            (0, _) => self.lone(&text, ',', commas),
            _ => text.chars().rev().find(|c| ".,".contains(*c)),
        };
        let plain: String = text
            .chars()
            .filter_map(|c| match c {
                c if Some(c) == decimal_mark => Some('.'),
                '.' | ',' => None,
                c => Some(c),
            })
            .collect();
        parse_decimal(&plain)
    }

    fn lone(self, text: &str, mark: char, times: usize) -> Option<char> {
        let (head, tail) = text.split_once(mark)?;
        let own = (mark == ',') == self.comma;
        let thousands = tail.len() == 3 && head != "0" && head.len() <= 3 && !(own && self.certain);
        (times == 1 && !thousands).then_some(mark)
    }
}

/// Returns whether a locale parts decimals with a comma.
pub(super) fn parts_with_comma(locale: &str) -> bool {
    Reading::of(locale, locale.split(['-', '_']).next().unwrap_or_default()).comma
}

/// Signs and the currencies they mean; a plain dollar is the tenant's own.
const SIGNS: [(&str, &str); 22] = [
    ("€", "EUR"),
    ("$", "USD"),
    ("us$", "USD"),
    ("r$", "BRL"),
    ("a$", "AUD"),
    ("au$", "AUD"),
    ("c$", "CAD"),
    ("ca$", "CAD"),
    ("nz$", "NZD"),
    ("s$", "SGD"),
    ("hk$", "HKD"),
    ("mx$", "MXN"),
    ("£", "GBP"),
    ("₹", "INR"),
    ("¥", "JPY"),
    ("₽", "RUB"),
    ("₪", "ILS"),
    ("₩", "KRW"),
    ("₫", "VND"),
    ("₺", "TRY"),
    ("₴", "UAH"),
    ("₦", "NGN"),
];
const DOLLARS: [&str; 12] =
    ["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "ARS", "CLP", "COP", "TWD", "NAD"];

/// Returns the currency of a sign, or of an ISO code in capitals.
pub(super) fn currency_of(text: &str, own: Currency) -> Option<Currency> {
    let lower = text.to_lowercase();
    if let Some((_, code)) = SIGNS.iter().find(|(sign, _)| *sign == lower) {
        let currency = Currency::parse(code)?;
        return Some(if lower == "$" { own_currency(currency, own) } else { currency });
    }
    let is_code = text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase());
    // Currency codes that are also words in capitals.
    let is_word = ["ALL", "TOP", "TRY", "CUP", "MAD", "SOS", "LAK"].contains(&text);
    Currency::parse(text).filter(|_| is_code && !is_word)
}

/// Returns the tenant's own dollar where a text only says "dollar".
pub(super) fn own_currency(said: Currency, own: Currency) -> Currency {
    let plain = said.code() == "USD" && DOLLARS.contains(&own.code());
    if plain { own } else { said }
}
