//! Numbers and dates as people write them in a language.
//!
//! The amounts are exact: only separators, signs and their order change.

use domain::{
    dates::Date,
    money::{Currency, Money, Quantity, Rate, UnitPrice},
    tenant::Language,
};
use rust_decimal::Decimal;

/// A space that no line breaks at.
const FIXED_SPACE: char = '\u{a0}';
/// The narrower one that French groups digits with.
const NARROW_SPACE: char = '\u{202f}';
/// The sign that lines up with digits, unlike a hyphen.
const MINUS: char = '\u{2212}';

/// Currencies whose sign means them alone to most readers; the others show their code.
const SIGNS: [(&str, &str); 7] = [
    ("EUR", "€"),
    ("GBP", "£"),
    ("USD", "$"),
    ("JPY", "¥"),
    ("INR", "₹"),
    ("BRL", "R$"),
    ("KRW", "₩"),
];

/// Returns an amount with its currency: `1.234,56 €` in German, `€1,234.56` in English.
#[must_use]
pub fn money(amount: Money, language: Language) -> String {
    let digits = digits(amount.decimal().abs(), language);
    let minus = if amount.minor < 0 { String::from(MINUS) } else { String::new() };
    let code = amount.currency.code();
    let sign = SIGNS.iter().find(|(of, _)| *of == code).map(|(_, sign)| *sign);
    // A real is written before its amount wherever Portuguese is.
    let leads = matches!(language, Language::En | Language::Nl) || code == "BRL";
    match (leads, sign) {
        (true, Some(sign)) if language == Language::En => format!("{minus}{sign}{digits}"),
        (true, sign) => format!("{minus}{}{FIXED_SPACE}{digits}", sign.unwrap_or(code)),
        (false, sign) => format!("{minus}{digits}{FIXED_SPACE}{}", sign.unwrap_or(code)),
    }
}

/// Returns an amount without its currency, for columns.
#[must_use]
pub fn amount(amount: Money, language: Language) -> String {
    signed(amount.decimal(), language)
}

/// Returns a quantity without trailing zeros.
#[must_use]
pub fn quantity(quantity: Quantity, language: Language) -> String {
    signed(quantity.0.normalize(), language)
}

/// Returns a number with all the decimals it has.
#[must_use]
pub fn number(value: Decimal, language: Language) -> String {
    signed(value, language)
}

/// Returns a price with the currency's decimals at least, and more where it has them.
#[must_use]
pub fn unit_price(price: UnitPrice, currency: Currency, language: Language) -> String {
    let mut value = price.0.normalize();
    if value.scale() < currency.decimals() {
        value.rescale(currency.decimals());
    }
    signed(value, language)
}

/// Returns a rate as a percentage: `19 %` in German, `19%` in English.
#[must_use]
pub fn rate(rate: Rate, language: Language) -> String {
    let number = signed(rate.percent(), language);
    match language {
        Language::De | Language::Fr | Language::Es => format!("{number}{FIXED_SPACE}%"),
        _ => format!("{number}%"),
    }
}

/// Returns a date with its month as a word, so that day and month are never mistaken.
#[must_use]
pub fn date(date: Date, language: Language) -> String {
    let (day, year) = (date.day(), date.year());
    let month = month(date.month(), language);
    match language {
        Language::De => format!("{day}. {month} {year}"),
        Language::Es | Language::Pt => format!("{day} de {month} de {year}"),
        Language::Fr if day == 1 => format!("1er {month} {year}"),
        _ => format!("{day} {month} {year}"),
    }
}

fn month(month: i8, language: Language) -> &'static str {
    let names = match language {
        // Papers are never set in Arabic or Hindi: `Language::on_paper`.
        Language::En | Language::Ar | Language::Hi => {
            "January February March April May June July August September October November December"
        }
        Language::Es => {
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
        }
        Language::Pt => {
            "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"
        }
        Language::Fr => {
            "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
        }
        Language::De => {
            "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
        }
        Language::It => {
            "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"
        }
        Language::Nl => {
            "januari februari maart april mei juni juli augustus september oktober november december"
        }
    };
    let place = usize::from(month.unsigned_abs()).saturating_sub(1);
    names.split(' ').nth(place).unwrap_or_default()
}

fn signed(value: Decimal, language: Language) -> String {
    let minus = value.is_sign_negative() && !value.is_zero();
    let digits = digits(value.abs(), language);
    if minus { format!("{MINUS}{digits}") } else { digits }
}

fn digits(value: Decimal, language: Language) -> String {
    let (group, point) = match language {
        Language::En | Language::Ar | Language::Hi => (',', '.'),
        Language::Fr => (NARROW_SPACE, ','),
        Language::Es | Language::Pt | Language::De | Language::It | Language::Nl => ('.', ','),
    };
    let plain = value.to_string();
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut out = String::with_capacity(plain.len().saturating_mul(2));
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && is_group_end(whole.len().saturating_sub(at), language) {
            out.push(group);
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push(point);
        out.push_str(fraction);
    }
    out
}

/// Returns whether a separator follows, with so many digits of the whole part still to come:
/// after each three, in Hindi after the last three and then each two (1,23,456).
const fn is_group_end(left: usize, language: Language) -> bool {
    match language {
        Language::Hi => left == 3 || left > 3 && left % 2 == 1,
        _ => left.is_multiple_of(3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(minor: i64, code: &str, language: Language) -> String {
        money(Money::new(minor, Currency::parse(code).unwrap()), language)
    }

    #[test]
    fn amounts_follow_the_habit_of_the_language() {
        assert_eq!(of(123_456_789, "EUR", Language::En), "€1,234,567.89");
        assert_eq!(of(123_456, "EUR", Language::De), "1.234,56\u{a0}€");
        assert_eq!(of(123_456, "EUR", Language::Fr), "1\u{202f}234,56\u{a0}€");
        assert_eq!(of(123_456, "EUR", Language::Nl), "€\u{a0}1.234,56");
        assert_eq!(of(-5, "CHF", Language::En), "−CHF\u{a0}0.05");
        assert_eq!(of(99_900, "BRL", Language::Pt), "R$\u{a0}999,00");
    }

    #[test]
    fn hindi_groups_by_lakh_and_crore() {
        assert_eq!(number(Decimal::from(-123_456_789), Language::Hi), "−12,34,56,789");
        assert_eq!(number(Decimal::new(1_234, 1), Language::Hi), "123.4");
        assert_eq!(number(Decimal::from(1_234_567), Language::De), "1.234.567");
    }

    #[test]
    fn the_currency_decides_how_many_decimals_there_are() {
        assert_eq!(of(1234, "JPY", Language::En), "¥1,234");
        assert_eq!(of(1_234_567, "KWD", Language::En), "KWD\u{a0}1,234.567");
        let yen = Currency::parse("JPY").unwrap();
        assert_eq!(unit_price(UnitPrice(Decimal::new(1200, 1)), yen, Language::De), "120");
        let price = UnitPrice(Decimal::new(1999, 4));
        assert_eq!(unit_price(price, Currency::EUR, Language::De), "0,1999");
        assert_eq!(unit_price(UnitPrice(Decimal::TEN), Currency::EUR, Language::En), "10.00");
    }

    #[test]
    fn dates_are_written_out() {
        let day = domain::dates::date(2026, 3, 1);
        assert_eq!(date(day, Language::En), "1 March 2026");
        assert_eq!(date(day, Language::De), "1. März 2026");
        assert_eq!(date(day, Language::Es), "1 de marzo de 2026");
        assert_eq!(date(day, Language::Fr), "1er mars 2026");
    }

    #[test]
    fn every_language_names_twelve_months() {
        for language in Language::ALL {
            let names: Vec<_> = (1..=12).map(|at| month(at, language)).collect();
            assert!(names.iter().all(|name| name.len() >= 3), "{language:?}: {names:?}");
        }
    }

    #[test]
    fn rates_and_quantities_drop_trailing_zeros() {
        assert_eq!(rate(Rate(Decimal::new(1900, 4)), Language::De), "19\u{a0}%");
        assert_eq!(rate(Rate(Decimal::new(55, 3)), Language::Fr), "5,5\u{a0}%");
        assert_eq!(quantity(Quantity(Decimal::new(-2500, 3)), Language::En), "−2.5");
        assert_eq!(quantity(Quantity(Decimal::new(0, 2)), Language::En), "0");
    }
}
