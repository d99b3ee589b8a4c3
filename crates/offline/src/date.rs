//! Every reading of a date: numeric in any order, with a month's name in the languages of the
//! lexicons, two-digit years, and dates that the text reader glued to a time.
//!
//! `03/04/2025` gives both orders; the document, not this file, decides.

use crate::invoice::one_letter_off;
use domain::{dates::Date, names::fold};

/// Which of day and month comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// 31/12/2025.
    DayFirst,
    /// 12/31/2025.
    MonthFirst,
}

/// The readings of one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The date as day first, or the only reading.
    pub day_first: Option<Date>,
    /// The date as month first, or the only reading.
    pub month_first: Option<Date>,
}

impl Reading {
    const fn sure(day: Date) -> Self {
        Self { day_first: Some(day), month_first: Some(day) }
    }

    /// Returns the date under an order; the other order's where this one gives no date.
    #[must_use]
    pub fn under(self, order: Order) -> Option<Date> {
        match order {
            Order::DayFirst => self.day_first.or(self.month_first),
            Order::MonthFirst => self.month_first.or(self.day_first),
        }
    }

    /// Returns the order that this date alone proves; nothing if both work or it has none.
    #[must_use]
    pub const fn proves(self) -> Option<Order> {
        match (self.day_first, self.month_first) {
            (Some(_), None) => Some(Order::DayFirst),
            (None, Some(_)) => Some(Order::MonthFirst),
            _ => None,
        }
    }
}

/// Names of months, folded, with their numbers.
pub type Months = [(String, i8)];

/// Returns the date at the start of a text, whose words are parted by single spaces; nothing if it
/// does not begin with one. `this_year` anchors two-digit years: at most ten years ahead.
#[must_use]
pub fn parse(text: &str, months: &Months, this_year: i16) -> Option<Reading> {
    let text = text.trim_start_matches(|c: char| "([:#*".contains(c));
    if is_time(text) {
        return None;
    }
    if !text.chars().take(LONGEST).any(|c| c.is_ascii_digit()) {
        return None;
    }
    // Numbers with spaces between them are a table row more often than a date.
    let word = text.split(' ').next().unwrap_or_default();
    let first = spaced(text).unwrap_or_else(|| split(&without_time(word)));
    let kinds = || -> Vec<Part> {
        let parts = split(text);
        let known = parts.iter().filter_map(|part| Part::of(part, months));
        // A word that is no month ends the date.
        known.take_while(|part| !matches!(part, Part::Other)).take(4).collect()
    };
    numeric(&first, this_year).or_else(|| named(&kinds(), this_year))
}

/// Returns the parts of a date with spaces behind its dots: `22. 4. 2024`, `2024. 04. 22.`.
fn spaced(text: &str) -> Option<Vec<String>> {
    let mut words = text.split(' ');
    let (day, month, year) = (words.next()?, words.next()?, words.next()?);
    let dotted = |word: &str| {
        let digits = word.strip_suffix('.').filter(|digits| (1..=2).contains(&digits.len()));
        digits.filter(|digits| digits.chars().all(|c| c.is_ascii_digit())).map(str::to_owned)
    };
    let first = day.strip_suffix('.').filter(|year| year.len() == 4);
    if let Some(first) = first.filter(|year| year.chars().all(|c| c.is_ascii_digit())) {
        return Some(vec![first.to_owned(), dotted(month)?, dotted(year)?]);
    }
    let year = year.trim_end_matches(|c: char| !c.is_ascii_digit());
    let whole = year.len() == 4 && year.chars().all(|c| c.is_ascii_digit());
    whole.then_some(vec![dotted(day)?, dotted(month)?, year.to_owned()])
}

/// A date is not longer than this, in letters.
const LONGEST: usize = 40;

/// Cuts a time of day off that is glued to a year of two digits: `24/10/1916:24` is of 2019.
fn without_time(word: &str) -> String {
    let cut = word.split_once(':').and_then(|(head, _)| {
        let run = head.chars().rev().take_while(char::is_ascii_digit).count();
        let (date, hour) = head.split_at_checked(head.len().checked_sub(2)?)?;
        let parted = date.matches(['/', '.', '-']).count() == 2;
        (run == 4 && parted && hour.parse::<u8>().is_ok_and(|hour| hour < 24)).then_some(date)
    });
    cut.unwrap_or(word).to_owned()
}

/// Returns whether a text begins with a time of day: `14:11:20` is no date.
fn is_time(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let hours = text.len().saturating_sub(rest.len());
    let mut after = rest.chars();
    (1..=2).contains(&hours)
        && after.next() == Some(':')
        && after.next().is_some_and(|c| c.is_ascii_digit())
}

enum Part {
    Number(i16, usize),
    Month(i8),
    Other,
}

impl Part {
    fn of(text: &str, months: &Months) -> Option<Self> {
        if text.chars().all(|c| c.is_ascii_digit()) {
            return text.parse().ok().map(|number| Self::Number(number, text.len()));
        }
        let word = fold(text);
        if ["de", "del", "of", "st", "nd", "rd", "th", "er", "den", "d"].contains(&word.as_str()) {
            return None;
        }
        let near = |name: &str| word.len() >= 6 && name.len() >= 6 && one_letter_off(name, &word);
        let exact = months.iter().find(|(name, _)| *name == word);
        let named = exact.or_else(|| months.iter().find(|(name, _)| near(name)));
        Some(named.map_or(Self::Other, |(_, month)| Self::Month(*month)))
    }
}

/// Splits a text to runs of digits, runs of letters, and separators, which are dropped but for
/// `-`, `/` and `.`, which stay as one-letter parts.
fn split(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut last = ' ';
    for c in text.chars().take(LONGEST) {
        let same = (c.is_ascii_digit() && last.is_ascii_digit())
            || (c.is_alphabetic() && last.is_alphabetic());
        match parts.last_mut() {
            Some(part) if same => part.push(c),
            _ if c.is_ascii_digit() || c.is_alphabetic() => parts.push(c.to_string()),
            _ => {}
        }
        last = c;
    }
    parts
}

fn numeric(parts: &[String], this_year: i16) -> Option<Reading> {
    // A number may stand before a whole date.
    let behind = parts.get(3).is_some_and(|part| late_year(part, this_year).is_some());
    let whole = in_order(parts, this_year).filter(|_| !behind);
    whole.or_else(|| glued(parts, this_year))
}

/// Returns the date that ends in a late year of four digits, where other digits are glued to its
/// day, stand before it, or where the reader lost a mark: `No19536001/06/2018`,
/// `19-18/03/2018`, `2703/2018`, `27032018`.
fn glued(parts: &[String], this_year: i16) -> Option<Reading> {
    let at =
        parts.iter().position(|part| part.len() >= 4 && late_year(part, this_year).is_some())?;
    let year = late_year(parts.get(at)?, this_year)?;
    let before = parts.get(..at)?.concat();
    let own = parts.get(at)?;
    let digits = format!("{before}{}", own.get(..own.len().checked_sub(4)?)?);
    if !digits.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let short = |from: usize, to: usize| {
        let end = digits.len();
        digits.get(end.checked_sub(from)?..end.checked_sub(to)?)?.parse::<i8>().ok()
    };
    let (one, other) = (short(4, 2)?, short(2, 0)?);
    let day_first = plausible(Date::new(year, other, one).ok());
    let month_first = plausible(Date::new(year, one, other).ok());
    (day_first.is_some() || month_first.is_some()).then_some(Reading { day_first, month_first })
}

/// Returns the year that a run of digits ends in, if it is one of the last fifteen or the next.
fn late_year(digits: &str, this_year: i16) -> Option<i16> {
    if !matches!(digits.len(), 4 | 6 | 8) {
        return None;
    }
    let year: i16 = digits.get(digits.len().checked_sub(4)?..)?.parse().ok()?;
    (this_year.saturating_sub(15)..=this_year.saturating_add(1)).contains(&year).then_some(year)
}

fn in_order(parts: &[String], this_year: i16) -> Option<Reading> {
    let [first, second, third, ..] = parts else { return packed_alone(parts) };
    if ![first, second, third].into_iter().all(|part| part.chars().all(|c| c.is_ascii_digit())) {
        return packed_alone(parts);
    }
    if first.len() == 4 {
        let (year, month): (i16, i8) = (first.parse().ok()?, second.parse().ok()?);
        // A time may be glued to the day: `2018-02-0911:40`; without minutes it is a count.
        if third.len() > 2 && parts.len() == 3 {
            return None;
        }
        let day = third.get(..third.len().min(2))?;
        return plausible(Date::new(year, month, day.parse().ok()?).ok()).map(Reading::sure);
    }
    if first.len() > 2 || second.len() > 2 {
        return packed_alone(parts);
    }
    let year = year_at_the_start(third, this_year)?;
    // An hour that is glued to a year of two digits has minutes: `26/02/0417` is a number.
    if third.len() >= 4 && parts.len() == 3 && !third.starts_with(&year.to_string()) {
        return None;
    }
    let (one, other): (i8, i8) = (first.parse().ok()?, second.parse().ok()?);
    let day_first = plausible(Date::new(year, other, one).ok());
    let month_first = plausible(Date::new(year, one, other).ok());
    (day_first.is_some() || month_first.is_some()).then_some(Reading { day_first, month_first })
}

/// Returns the date in eight digits that a word is; what goes on in digits, `20240314-002`, is a
/// number that begins with a day.
fn packed_alone(parts: &[String]) -> Option<Reading> {
    let goes_on = parts.get(1).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()));
    packed(parts.first()?).filter(|_| !goes_on)
}

/// Returns the date in eight digits, year first: `20180209`.
fn packed(text: &str) -> Option<Reading> {
    if text.len() != 8 || !text.starts_with("20") || !text.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let year = text.get(..4)?.parse().ok()?;
    let month = text.get(4..6)?.parse().ok()?;
    let day = text.get(6..)?.parse().ok()?;
    plausible(Date::new(year, month, day).ok()).map(Reading::sure)
}

/// Returns the year of a run of digits that a time may be glued to.
fn year_at_the_start(digits: &str, this_year: i16) -> Option<i16> {
    let long = digits.get(..4).and_then(|four| four.parse::<i16>().ok());
    match (digits.len(), long) {
        (4.., Some(year)) if (1900..=2100).contains(&year) => Some(year),
        (2 | 4.., _) => full_year(digits.get(..2)?.parse().ok()?, this_year),
        _ => None,
    }
}

/// Returns the year that two digits mean: within ten years ahead and fifty back.
fn full_year(short: i16, this_year: i16) -> Option<i16> {
    let century = this_year.saturating_sub(this_year.rem_euclid(100));
    let year = century.saturating_add(short);
    let late = year > this_year.saturating_add(10);
    let year = if late { year.saturating_sub(100) } else { year };
    (year >= this_year.saturating_sub(50)).then_some(year)
}

fn named(parts: &[Part], this_year: i16) -> Option<Reading> {
    let (year, month, day) = match parts {
        [
            Part::Number(day, 1 | 2),
            Part::Month(month),
            Part::Number(year, digits @ (2 | 4..)),
            ..,
        ]
        | [Part::Month(month), Part::Number(day, 1 | 2), Part::Number(year, digits @ 4), ..] => {
            (long_year(*year, *digits, this_year)?, *month, *day)
        }
        [Part::Number(year, 4), Part::Month(month), Part::Number(day, 1 | 2), ..] => {
            (*year, *month, *day)
        }
        _ => return None,
    };
    plausible(Date::new(year, month, i8::try_from(day).ok()?).ok()).map(Reading::sure)
}

fn long_year(year: i16, digits: usize, this_year: i16) -> Option<i16> {
    if digits == 2 { full_year(year, this_year) } else { Some(year) }
}

fn plausible(day: Option<Date>) -> Option<Date> {
    day.filter(|day| (1950..=2099).contains(&day.year()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::dates::date;
    use proptest::prelude::*;

    fn months() -> Vec<(String, i8)> {
        [("april", 4), ("apr", 4), ("marz", 3), ("jan", 1), ("decembre", 12), ("february", 2)]
            .map(|(name, month)| (name.to_owned(), month))
            .to_vec()
    }

    fn day(text: &str) -> Option<Date> {
        parse(text, &months(), 2026)?.under(Order::DayFirst)
    }

    #[test]
    fn dates_are_read_in_every_usual_form() {
        let expected = Some(date(2018, 4, 9));
        for text in [
            "09/04/2018",
            "9.4.2018",
            "9-4-18",
            "2018-04-09",
            "9 April 2018",
            "April 9, 2018",
            "09-Apr-2018",
            "9th of April 2018",
            "20180409",
            "09APR18",
        ] {
            assert_eq!(day(text), expected, "{text}");
        }
        assert_eq!(day("3. März 2024"), Some(date(2024, 3, 3)));
        assert_eq!(day("26/02/0417"), None);
        assert_eq!(day("2018-04/0911"), None);
        assert_eq!(day("09/04/1817:05"), Some(date(2018, 4, 9)));
        assert_eq!(day("1 décembre 2024"), Some(date(2024, 12, 1)));
    }

    #[test]
    fn digits_glued_to_a_date_and_lost_marks_do_not_hide_it() {
        for text in ["19536009/04/2018", "19-09/04/2018", "0904/2018", "09042018", "09/042018"] {
            assert_eq!(day(text), Some(date(2018, 4, 9)), "{text}");
        }
        let doubtful = parse("19-03/04/2018", &months(), 2026).unwrap();
        assert_eq!(doubtful.under(Order::MonthFirst), Some(date(2018, 3, 4)));
        assert_eq!(doubtful.under(Order::DayFirst), Some(date(2018, 4, 3)));
        // Numbers of other kinds that end in a year.
        for text in ["99132018", "4711/2018", "2018", "12-2018", "1/2018", "00002018"] {
            assert_eq!(day(text), None, "{text}");
        }
        assert_eq!(day("03-08-53"), None);
    }

    #[test]
    fn a_time_glued_to_a_date_is_cut_off() {
        assert_eq!(day("09/02/201811:40"), Some(date(2018, 2, 9)));
        assert_eq!(day("2018-02-0911:40"), Some(date(2018, 2, 9)));
        assert_eq!(day("09/02/18 11:40"), Some(date(2018, 2, 9)));
        assert_eq!(day("09/02/1811:40"), Some(date(2018, 2, 9)));
    }

    #[test]
    fn both_orders_are_kept_until_something_proves_one() {
        let both = parse("03/04/2025", &months(), 2026).unwrap();
        assert_eq!(both.proves(), None);
        assert_eq!(both.under(Order::MonthFirst), Some(date(2025, 3, 4)));
        assert_eq!(parse("31/12/2025", &months(), 2026).unwrap().proves(), Some(Order::DayFirst));
        assert_eq!(parse("12/31/2025", &months(), 2026).unwrap().proves(), Some(Order::MonthFirst));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in
            ["12.50", "32/13/2024", "1234", "990-120-4560", "Item 3 4 2020", "3 x 4", "14:11:20"]
        {
            assert_eq!(parse(text, &months(), 2026), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_printed_date_is_read_back(year in 1951_i16..2099, month in 1_i8..=12, d in 1_i8..=28) {
            let expected = date(year, month, d);
            prop_assert_eq!(day(&format!("{d:02}.{month:02}.{year}")), Some(expected));
            prop_assert_eq!(day(&format!("{year}-{month:02}-{d:02}")), Some(expected));
            let american = parse(&format!("{month}/{d}/{year}"), &months(), 2026).unwrap();
            prop_assert_eq!(american.under(Order::MonthFirst), Some(expected));
        }

        #[test]
        fn a_short_year_a_time_and_a_label_do_not_change_a_date(
            year in 1990_i16..2036, month in 1_i8..=12, d in 1_i8..=28,
            hour in 0_u8..24, minute in 0_u8..60,
        ) {
            let expected = Some(date(year, month, d));
            let short = year.rem_euclid(100);
            for text in [
                format!("{d:02}/{month:02}/{short:02}"),
                format!("{d}.{month}.{short:02}"),
                format!("{d:02}-{month:02}-{short:02} {hour:02}:{minute:02}"),
                format!("{d:02}/{month:02}/{year}{hour:02}:{minute:02}"),
                format!("{d:02}/{month:02}/{short:02}{hour:02}:{minute:02}"),
                format!("{year}-{month:02}-{d:02}T{hour:02}:{minute:02}:00"),
                format!("({d:02}/{month:02}/{year})"),
            ] {
                prop_assert_eq!(day(&text), expected, "{}", text);
            }
        }

        #[test]
        fn the_name_of_a_month_proves_the_order(year in 1951_i16..2099, d in 1_i8..=28) {
            let expected = Some(date(year, 4, d));
            for text in [
                format!("{d} April {year}"),
                format!("{d}. apr. {year}"),
                format!("April {d}, {year}"),
                format!("{d:02}-APR-{year}"),
                format!("{d:02}APR{year}"),
                format!("{d} de april de {year}"),
                format!("{year} Apr {d:02}"),
            ] {
                let found = parse(&text, &months(), 2026).unwrap();
                prop_assert_eq!(found.day_first, expected, "{}", text);
                prop_assert_eq!(found.month_first, expected, "{}", text);
            }
        }

        #[test]
        fn both_orders_of_a_date_are_among_its_readings(
            year in 1951_i16..2099, month in 1_i8..=12, d in 1_i8..=28,
        ) {
            let found = parse(&format!("{d}/{month}/{year}"), &months(), 2026).unwrap();
            prop_assert_eq!(found.day_first, Some(date(year, month, d)));
            let swapped = (d <= 12).then(|| date(year, d, month));
            prop_assert_eq!(found.month_first, swapped);
            prop_assert_eq!(found.proves().is_some(), d > 12);
        }

        #[test]
        fn no_text_breaks_the_reader(text in ".{0,40}") {
            if let Some(reading) = parse(&text, &months(), 2026) {
                prop_assert!(reading.day_first.or(reading.month_first).is_some());
            }
        }
    }
}
