//! Amounts, dates, periods and names as a reader of each language expects them.

use super::direction::{isolated, left_to_right};
use crate::words::{self, Words};
use domain::{
    dates::{Date, Period, Unit},
    invoice::Invoice,
    money::{Currency, Money},
    question,
    table::Cell,
    tenant::Language,
};
use minijinja::{Environment, State, Value, value::Kwargs};
use rust_decimal::Decimal;
use serde::Deserialize;

/// Adds the filters and functions that templates use.
pub fn register(environment: &mut Environment<'_>) {
    environment.add_filter("money", |state: &State<'_, '_>, value: Value| {
        read_money(&value).map_or_else(String::new, |money| format_money(money, language(state)))
    });
    environment.add_filter("due", |state: &State<'_, '_>, value: Value| {
        let left = Invoice::deserialize(value).ok().and_then(|invoice| invoice.due());
        left.map_or_else(String::new, |left| format_money(left, language(state)))
    });
    environment.add_filter("day", |state: &State<'_, '_>, value: Value| {
        value
            .to_string()
            .parse()
            .map_or_else(|_| String::new(), |day| format_day(day, language(state)))
    });
    environment.add_filter("plain", |state: &State<'_, '_>, value: Value| {
        isolated(plain(&value.to_string()), language(state))
    });
    environment.add_filter("number", |state: &State<'_, '_>, value: Value| {
        let text = value.to_string();
        text.parse::<Decimal>()
            .map_or(text, |number| format_number(number.normalize(), language(state)))
    });
    environment.add_filter("cell", |state: &State<'_, '_>, value: Value| {
        format_cell(&value, language(state))
    });
    environment.add_filter("code", |value: Value| value.to_string().replace('`', "'"));
    environment.add_filter("calendar", |state: &State<'_, '_>, value: Value| {
        format_unit(&value.to_string(), language(state))
    });
    environment.add_filter("percent", |state: &State<'_, '_>, value: Value| {
        let rate = value.to_string().parse::<Decimal>().unwrap_or_default();
        format_number(domain::money::Rate(rate).percent(), language(state))
    });
    environment.add_filter("first_upper", |value: Value| first_upper(&value.to_string()));
    environment.add_function("say", |state: &State<'_, '_>, phrase: String, places: Kwargs| {
        let values: Vec<(&str, String)> = places
            .args()
            .map(|name| (name, places.get::<Value>(name).unwrap_or_default().to_string()))
            .collect();
        words::of(language(state)).map_or_else(String::new, |words| fill(words, &phrase, &values))
    });
    environment.add_function("period", |state: &State<'_, '_>, from: Value, to: Value| {
        format_period(read_date(&from), read_date(&to), language(state))
    });
    environment.add_function("amount", |state: &State<'_, '_>, major: Value, code: Value| {
        let number = major.to_string().parse::<Decimal>().unwrap_or_default();
        let shown = Currency::parse(&code.to_string())
            .and_then(|currency| Money::rounded(number, currency).ok())
            .map(|money| format_money(money, language(state)));
        shown.unwrap_or_else(|| format_number(number, language(state)))
    });
}

fn language(state: &State<'_, '_>) -> Language {
    state.lookup("lang").and_then(|code| Language::parse(&code.to_string())).unwrap_or_default()
}

fn read_date(value: &Value) -> Option<Date> {
    value.to_string().parse().ok()
}

fn read_money(value: &Value) -> Option<Money> {
    let minor = i64::try_from(value.get_attr("minor").ok()?).ok()?;
    let currency = Currency::parse(&value.get_attr("currency").ok()?.to_string())?;
    Some(Money::new(minor, currency))
}

/// Returns an amount with its code after it: `1.234,50 EUR`. The space does not break.
fn format_money(money: Money, language: Language) -> String {
    let amount = format!("{}\u{a0}{}", grouped(money.decimal(), language), money.currency);
    left_to_right(amount, language)
}

/// Returns a figure of an answer.
pub fn figure(value: &question::Value, language: Language) -> String {
    match value {
        question::Value::Money(money) => format_money(*money, language),
        question::Value::Number(number) => format_number(number.normalize(), language),
    }
}

/// Returns a value of a row: numbers and dates as the language writes them, a dash for nothing.
fn format_cell(cell: &Value, language: Language) -> String {
    match Cell::deserialize(cell.clone()) {
        // One decimal is an amount whose last digit is a zero.
        Ok(Cell::Number(number)) => {
            let mut number = number.normalize();
            if number.scale() == 1 {
                number.rescale(2);
            }
            format_number(number, language)
        }
        Ok(Cell::Text(text)) => match text.parse() {
            Ok(day) => format_day(day, language),
            Err(_) => isolated(plain(&text), language),
        },
        Ok(Cell::Nothing) | Err(_) => "–".to_owned(),
    }
}

/// Returns a number with the language's separators, all its decimals kept.
fn format_number(number: Decimal, language: Language) -> String {
    left_to_right(grouped(number, language), language)
}

/// Returns whether a separator follows, with so many digits of the whole part still to come:
/// after each three, in Hindi after the last three and then each two (1,23,456).
const fn is_group_end(left: usize, language: Language) -> bool {
    match language {
        Language::Hi => left == 3 || left > 3 && left % 2 == 1,
        _ => left.is_multiple_of(3),
    }
}

fn grouped(number: Decimal, language: Language) -> String {
    let (thousands, point) = match language {
        Language::En | Language::Ar | Language::Hi => (',', '.'),
        Language::Fr => ('\u{202f}', ','),
        _ => ('.', ','),
    };
    let text = number.abs().to_string();
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    let length = whole.chars().count();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && is_group_end(length.saturating_sub(place), language) {
            grouped.push(thousands);
        }
        grouped.push(digit);
    }
    if !decimals.is_empty() {
        grouped.push(point);
        grouped.push_str(decimals);
    }
    let sign = if number.is_sign_negative() && !number.is_zero() { "−" } else { "" };
    format!("{sign}{grouped}")
}

fn format_day(day: Date, language: Language) -> String {
    words::of(language).map_or_else(
        || day.to_string(),
        |words| {
            fill(
                words,
                if day.day() == 1 { "date.first" } else { "date" },
                &[
                    ("d", day.day().to_string()),
                    ("month", month(words, day)),
                    ("y", day.year().to_string()),
                ],
            )
        },
    )
}

/// Returns a calendar unit by its name: `2025-08`, `2025-Q3`, the Monday of a week, a day, a year.
fn format_unit(unit: &str, language: Language) -> String {
    if let Ok(day) = unit.parse() {
        return format_day(day, language);
    }
    let (Some(words), Some((year, part))) = (words::of(language), unit.split_once('-')) else {
        return unit.to_owned();
    };
    if part.starts_with('Q') {
        return format!("{part} {year}");
    }
    let month = format!("{unit}-01").parse().map(|day| month(words, day));
    month.map_or_else(|_| unit.to_owned(), |month| format!("{month} {year}"))
}

/// Returns a period in words: a month, quarter or year by its name, else its ends.
fn format_period(from: Option<Date>, to: Option<Date>, language: Language) -> String {
    let Some(words) = words::of(language) else { return String::new() };
    let day = |day: Date| format_day(day, language);
    match (from, to) {
        (None, None) => String::new(),
        (Some(from), None) => fill(words, "since", &[("from", day(from))]),
        (None, Some(to)) => fill(words, "until", &[("to", day(to))]),
        (Some(from), Some(to)) if from == to => fill(words, "day", &[("day", day(from))]),
        (Some(from), Some(to)) => whole_unit(words, from, to)
            .unwrap_or_else(|| fill(words, "range", &[("from", day(from)), ("to", day(to))])),
    }
}

fn whole_unit(words: &Words, from: Date, to: Date) -> Option<String> {
    let is = |unit| Period::containing(from, unit) == Period { from, to };
    let year = ("year", from.year().to_string());
    if is(Unit::Month) {
        Some(fill(words, "month", &[("month", month(words, from)), year]))
    } else if is(Unit::Quarter) {
        let quarter = from.month().saturating_add(2).saturating_div(3);
        Some(fill(words, "quarter", &[("quarter", quarter.to_string()), year]))
    } else if is(Unit::Year) {
        Some(fill(words, "year", &[year]))
    } else {
        None
    }
}

fn month(words: &Words, day: Date) -> String {
    let place = usize::try_from(day.month().saturating_sub(1)).unwrap_or_default();
    words.months.get(place).cloned().unwrap_or_default()
}

/// Returns a phrase with its places filled; what fills one place is never taken for another.
fn fill(words: &Words, phrase: &str, places: &[(&str, String)]) -> String {
    let mut rest = words.phrases.get(phrase).map_or("", String::as_str);
    let mut text = String::new();
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, after)) = after.split_once('}') else { break };
        if let Some((_, value)) = places.iter().find(|(place, _)| *place == name) {
            text.push_str(value);
        }
        rest = after;
    }
    text.push_str(rest);
    text
}

fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Returns a stranger's text fit for a chat line: one line, at most 80 characters, no control or
/// direction characters, and no formatting mark that would turn a part bold.
fn plain(text: &str) -> String {
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2064}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let cleaned: String = text.chars().map(|c| if is_hidden(c) { ' ' } else { c }).collect();
    let line = cleaned.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut short: String = line.chars().take(80).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    for mark in ['*', '_', '~', '`'] {
        // A word joiner keeps the marks visible and stops them from pairing, also with ours.
        short = short.replace(mark, &format!("\u{2060}{mark}\u{2060}"));
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::dates::date;

    #[test]
    fn amounts_are_written_in_the_reader_s_habit() {
        let money = Money::new(-123_456_789, Currency::EUR);
        assert_eq!(format_money(money, Language::En), "−1,234,567.89\u{a0}EUR");
        assert_eq!(format_money(money, Language::De), "−1.234.567,89\u{a0}EUR");
        assert_eq!(format_money(money, Language::Hi), "−12,34,567.89\u{a0}EUR");
        assert_eq!(grouped(Decimal::from(123_456), Language::Hi), "1,23,456");
        assert_eq!(grouped(Decimal::from(1_234), Language::Hi), "1,234");
        let arabic = format_money(money, Language::Ar);
        assert_eq!(arabic, "\u{2066}−1,234,567.89\u{a0}EUR\u{2069}");
        let yen = Money::new(1500, Currency::parse("JPY").unwrap());
        assert_eq!(format_money(yen, Language::En), "1,500\u{a0}JPY");
    }

    #[test]
    fn whole_calendar_units_are_named() {
        let said = |from, to, language| format_period(Some(from), Some(to), language);
        assert_eq!(said(date(2025, 5, 1), date(2025, 5, 31), Language::En), "in May 2025");
        assert_eq!(said(date(2025, 4, 1), date(2025, 6, 30), Language::En), "in Q2 2025");
        assert_eq!(said(date(2025, 1, 1), date(2025, 12, 31), Language::De), "im Jahr 2025");
        assert_eq!(
            said(date(2025, 5, 2), date(2025, 5, 31), Language::Es),
            "del 2 de mayo de 2025 al 31 de mayo de 2025"
        );
    }

    #[test]
    fn names_cannot_format_or_hide() {
        assert_eq!(plain("A*B*C"), "A\u{2060}*\u{2060}B\u{2060}*\u{2060}C");
        assert_eq!(plain("one\n\u{202e}two"), "one two");
        assert_eq!(plain(&"x".repeat(100)).chars().count(), 81);
    }
}
