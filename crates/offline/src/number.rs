//! Every reading of an amount: `1.234,56`, `1,234.56`, `1 234,56` and `1'234.56` are one value.
//!
//! Which separator a document uses is not decided here: a doubtful token such as `1.234` gives
//! two readings, and the sums of the document choose.

use domain::money::Currency;
use rust_decimal::Decimal;

/// One reading of a token as an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// The value, with its sign.
    pub value: Decimal,
    /// How many digits stand after the decimal mark.
    pub decimals: u32,
    /// The currency that is written on it, where the sign is not shared by several.
    pub currency: Option<Currency>,
    /// Whether a currency sign or code is written on it.
    pub marked: bool,
    /// The decimal mark, where there is one.
    pub mark: Option<char>,
}

const SIGNS: [(&str, Option<&str>); 138] = [
    ("KShs", Some("KES")),
    ("Kshs", Some("KES")),
    ("KSh", Some("KES")),
    ("Ksh", Some("KES")),
    ("KSH", Some("KES")),
    ("USh", Some("UGX")),
    ("UGX", Some("UGX")),
    ("TSh", Some("TZS")),
    ("TZS", Some("TZS")),
    ("RWF", Some("RWF")),
    ("ETB", Some("ETB")),
    ("GHS", Some("GHS")),
    ("GH₵", Some("GHS")),
    ("₵", Some("GHS")),
    ("NGN", Some("NGN")),
    ("ZMW", Some("ZMW")),
    ("BWP", Some("BWP")),
    ("N$", Some("NAD")),
    ("MUR", Some("MUR")),
    ("EGP", Some("EGP")),
    ("DZD", Some("DZD")),
    ("QAR", Some("QAR")),
    ("OMR", Some("OMR")),
    ("KWD", Some("KWD")),
    ("JOD", Some("JOD")),
    ("LKR", Some("LKR")),
    ("NPR", Some("NPR")),
    ("BDT", Some("BDT")),
    ("Tk.", Some("BDT")),
    ("Tk", Some("BDT")),
    ("৳", Some("BDT")),
    ("RSD", Some("RSD")),
    ("RS.", None),
    ("RS", None),
    ("₨", None),
    ("PHP", Some("PHP")),
    ("Php", Some("PHP")),
    ("TWD", Some("TWD")),
    ("₽", Some("RUB")),
    ("UAH", Some("UAH")),
    ("₴", Some("UAH")),
    ("KZT", Some("KZT")),
    ("₸", Some("KZT")),
    ("₾", Some("GEL")),
    ("PYG", Some("PYG")),
    ("₲", Some("PYG")),
    ("C$", None),
    ("JMD", Some("JMD")),
    ("J$", Some("JMD")),
    ("TTD", Some("TTD")),
    ("TT$", Some("TTD")),
    ("EURO", Some("EUR")),
    ("Euro", Some("EUR")),
    ("euros", Some("EUR")),
    ("euro", Some("EUR")),
    ("SFr.", Some("CHF")),
    ("U$S", Some("USD")),
    ("AR$", Some("ARS")),
    ("S/.", Some("PEN")),
    ("S/", Some("PEN")),
    ("ARS", Some("ARS")),
    ("COP", Some("COP")),
    ("CLP", Some("CLP")),
    ("UYU", Some("UYU")),
    ("GTQ", Some("GTQ")),
    ("DOP", Some("DOP")),
    ("CRC", Some("CRC")),
    ("FCFA", None),
    ("XAF", Some("XAF")),
    ("XOF", Some("XOF")),
    ("TND", Some("TND")),
    ("AOA", Some("AOA")),
    ("Kz", Some("AOA")),
    ("kz", Some("AOA")),
    ("MZN", Some("MZN")),
    ("DH", Some("MAD")),
    ("KES", Some("KES")),
    ("PKR", Some("PKR")),
    ("Rs.", None),
    ("Rs", None),
    ("INR", Some("INR")),
    ("NZ$", Some("NZD")),
    ("HK$", Some("HKD")),
    ("NT$", Some("TWD")),
    ("MX$", Some("MXN")),
    ("Rp", Some("IDR")),
    ("Kč", Some("CZK")),
    ("₱", Some("PHP")),
    ("₩", Some("KRW")),
    ("฿", Some("THB")),
    ("₪", Some("ILS")),
    ("₦", Some("NGN")),
    ("₫", Some("VND")),
    ("CAD", Some("CAD")),
    ("AUD", Some("AUD")),
    ("NZD", Some("NZD")),
    ("SGD", Some("SGD")),
    ("HKD", Some("HKD")),
    ("JPY", Some("JPY")),
    ("CNY", Some("CNY")),
    ("PLN", Some("PLN")),
    ("CZK", Some("CZK")),
    ("HUF", Some("HUF")),
    ("RON", Some("RON")),
    ("BGN", Some("BGN")),
    ("BRL", Some("BRL")),
    ("MXN", Some("MXN")),
    ("ZAR", Some("ZAR")),
    ("AED", Some("AED")),
    ("THB", Some("THB")),
    ("IDR", Some("IDR")),
    ("ILS", Some("ILS")),
    ("KRW", Some("KRW")),
    ("ISK", Some("ISK")),
    ("€", Some("EUR")),
    ("EUR", Some("EUR")),
    ("£", Some("GBP")),
    ("GBP", Some("GBP")),
    ("CHF", Some("CHF")),
    ("Fr.", Some("CHF")),
    ("USD", Some("USD")),
    ("US$", Some("USD")),
    ("R$", Some("BRL")),
    ("CA$", Some("CAD")),
    ("A$", Some("AUD")),
    ("S$", Some("SGD")),
    ("$", None),
    ("MYR", Some("MYR")),
    ("RM", Some("MYR")),
    ("SEK", Some("SEK")),
    ("NOK", Some("NOK")),
    ("DKK", Some("DKK")),
    ("kr", None),
    ("zł", Some("PLN")),
    ("₹", Some("INR")),
    ("₺", Some("TRY")),
    ("TL", Some("TRY")),
    ("¥", None),
];

/// Codes and signs that are words or names too: they count right beside an amount alone.
const WORDS: [(&str, &str); 14] = [
    ("SAR", "SAR"),
    ("PEN", "PEN"),
    ("BOB", "BOB"),
    ("TRY", "TRY"),
    ("MAD", "MAD"),
    ("GEL", "GEL"),
    ("HNL", "HNL"),
    ("NIO", "NIO"),
    ("RUB", "RUB"),
    ("VND", "VND"),
    ("lei", "RON"),
    ("Ft", "HUF"),
    ("Q", "GTQ"),
    ("R", "ZAR"),
];
/// Signs of one letter, which codes of goods begin with too: they count before money alone, `Q500.5`.
const LETTERS: [(&str, &str); 2] = [("Q", "GTQ"), ("R", "ZAR")];
/// What stands for no cents: `12,-`, `1.600,–`, `1,200/=`.
const NO_CENTS: [&str; 10] = [",--", ".--", ",-", ".-", ",–", ".–", ",—", ".—", "/=", "/-"];

/// Returns the readings of a token, the likeliest first; empty if it is no amount.
///
/// At most two: they differ where a single mark stands before exactly three digits.
#[must_use]
pub fn readings(token: &str) -> Vec<Amount> {
    let bare = NO_CENTS.iter().find_map(|sign| token.strip_suffix(sign));
    let bare = bare.filter(|rest| rest.ends_with(|c: char| c.is_ascii_digit()));
    let round = bare.is_some();
    let (body, currency, marked, minus) = strip_currency(bare.unwrap_or(token));
    let marked = marked || round;
    let Some((digits, negative)) = strip_sign(body) else { return Vec::new() };
    let negative = negative || minus;
    let mut found = Vec::new();
    for mark in [Some('.'), Some(','), None] {
        if round && mark.is_some() {
            continue;
        }
        if let Some((value, decimals)) = read_with(&digits, mark) {
            let value = if negative { Decimal::ZERO.saturating_sub(value) } else { value };
            let mark = mark.filter(|_| decimals > 0);
            let amount = Amount { value, decimals, currency, marked, mark };
            if !found.iter().any(|other: &Amount| other.value == value) {
                found.push(amount);
            }
        }
    }
    // Two decimals are by far the most common on a document.
    found.sort_by_key(|amount| match amount.decimals {
        2 => 0_u8,
        0 => 1,
        _ => 2,
    });
    found.truncate(2);
    found
}

/// Returns the currency that a token names by code or unmistakable sign.
#[must_use]
pub fn currency_of(token: &str) -> Option<Currency> {
    let plain = token.trim_matches(|c: char| "()[].:,;*".contains(c));
    SIGNS.iter().find(|(sign, _)| *sign == plain).and_then(|(_, code)| Currency::parse((*code)?))
}

/// Returns whether a token is nothing but a currency sign or code.
#[must_use]
pub fn is_currency_sign(token: &str) -> bool {
    let plain = token.trim_matches(|c: char| "()[].:,;".contains(c));
    SIGNS.iter().any(|(sign, _)| *sign == plain)
}

/// Returns the currency that a token beside an amount names, if it names one at all; the inner one
/// is missing for a sign that several share.
#[must_use]
pub fn beside(token: &str) -> Option<Option<Currency>> {
    let plain = token.trim_matches(|c: char| "()[].:,;".contains(c));
    let word = WORDS.iter().find(|(word, _)| *word == plain);
    let sign = is_currency_sign(token).then(|| currency_of(token));
    sign.or_else(|| word.map(|(_, code)| Currency::parse(code)))
}

/// Returns whether a token is a currency of one letter, which behind an amount is the mark of its tax:
/// `BANANAS 0.95 R`.
#[must_use]
pub fn is_letter(token: &str) -> bool {
    LETTERS.iter().any(|(letter, _)| *letter == token)
}

/// Returns a percentage such as `19 %`, `7,00%` or `19.0`; the value is as written, not a
/// fraction.
#[must_use]
pub fn percent(token: &str) -> Option<Decimal> {
    let plain = token.trim_matches(|c: char| "()[]:;*@=".contains(c));
    let digits = plain.strip_suffix('%').or_else(|| plain.strip_prefix('%'))?.trim();
    // `8.875%` is no thousands.
    let share = |value: &Decimal| (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(value);
    let readings = readings(digits);
    let value = readings.iter().map(|amount| amount.value).find(share)?;
    Some(value.normalize())
}

/// Returns a token without its currency, the currency, whether one was there, and whether a minus
/// stood before it, as in `-€5.00`.
fn strip_currency(token: &str) -> (&str, Option<Currency>, bool, bool) {
    let trimmed = token.trim_matches(|c: char| "()[]:;*=|_".contains(c));
    let unsigned = trimmed.trim_start_matches(['-', '−', '+', '–']);
    let minus = trimmed.starts_with(['-', '−', '–']);
    let counted = |rest: &&str| rest.chars().any(|c| c.is_ascii_digit());
    let signed = SIGNS.iter().filter_map(|(sign, code)| {
        let before = unsigned.strip_prefix(sign).filter(counted).map(|rest| (rest, minus));
        let behind = || trimmed.strip_suffix(sign).filter(counted).map(|rest| (rest, false));
        before.or_else(behind).map(|(rest, minus)| (sign.len(), rest.trim(), *code, minus))
    });
    // `ARS` also ends in a sign of rupees.
    if let Some((_, rest, code, minus)) = signed.max_by_key(|(length, ..)| *length) {
        return (rest, code.and_then(Currency::parse), true, minus);
    }
    for (sign, code) in LETTERS {
        if let Some(rest) = unsigned.strip_prefix(sign).filter(|rest| has_cents(rest)) {
            return (rest, Currency::parse(code), true, minus);
        }
    }
    (trimmed, None, false, false)
}

/// Returns whether digits end in a mark and one or two decimals.
fn has_cents(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    text.rsplit_once(['.', ',']).is_some_and(|(whole, cents)| {
        let plain = whole.starts_with(|c: char| c.is_ascii_digit());
        plain && cents.len() <= 2 && digits(cents)
    })
}

fn strip_sign(body: &str) -> Option<(String, bool)> {
    let mut text = body.trim();
    let mut negative = false;
    for suffix in ["CR", "cr", "-", "−"] {
        if let Some(rest) = text.strip_suffix(suffix) {
            (text, negative) = (rest.trim(), true);
            break;
        }
    }
    let unsigned = text.trim_start_matches(['-', '−', '–']);
    negative |= unsigned.len() < text.len();
    let unsigned = unsigned
        .trim_start_matches('+')
        .trim_start_matches(|c: char| !c.is_ascii_digit() && "€$£".contains(c));
    let unsigned = unsigned.trim_end_matches(['.', ',']);
    let starts = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',');
    let shaped = unsigned.chars().all(|c| c.is_ascii_digit() || is_mark(c) || is_group(c));
    let digits = unsigned.chars().filter(char::is_ascii_digit).count();
    (starts && shaped && (1..=15).contains(&digits)).then(|| (unsigned.to_owned(), negative))
}

const fn is_mark(c: char) -> bool {
    matches!(c, '.' | ',')
}

const fn is_group(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’')
}

/// Reads digits with a given decimal mark; every other separator must group by threes.
fn read_with(text: &str, mark: Option<char>) -> Option<(Decimal, u32)> {
    let (whole, fraction) = match mark {
        Some(mark) => {
            let (whole, fraction) = text.rsplit_once(mark)?;
            (whole, fraction)
        }
        None => (text, ""),
    };
    let fraction_ok = fraction.chars().all(|c| c.is_ascii_digit()) && fraction.len() <= 6;
    let needs_fraction = mark.is_some() && fraction.is_empty();
    if !fraction_ok || needs_fraction || whole.contains(|c| Some(c) == mark) {
        return None;
    }
    let whole_digits = grouped(whole)?;
    let plain =
        if fraction.is_empty() { whole_digits } else { format!("{whole_digits}.{fraction}") };
    let value: Decimal = plain.parse().ok()?;
    Some((value, u32::try_from(fraction.len()).ok()?))
}

/// Returns whether commas part digits as in South Asia: three at the end, twos before: `1,18,000`.
fn is_by_lakhs(whole: &str) -> bool {
    let groups: Vec<&str> = whole.split(',').collect();
    let Some((last, before)) = groups.split_last() else { return false };
    let twos = before.iter().skip(1).all(|group| group.len() == 2);
    last.len() == 3 && before.len() >= 2 && twos && before.iter().all(|group| group.len() <= 2)
}

/// Returns the digits of a whole part whose groups, if any, are all of three digits and parted by
/// one and the same separator; or by lakhs.
fn grouped(whole: &str) -> Option<String> {
    if whole.is_empty() {
        return Some("0".to_owned());
    }
    let separators: Vec<char> = whole.chars().filter(|c| !c.is_ascii_digit()).collect();
    let Some(first) = separators.first() else { return Some(whole.to_owned()) };
    let same = separators.iter().all(|c| c == first);
    let mut groups = whole.split(*first);
    let head = groups.next()?;
    let threes = groups.all(|group| group.len() == 3 && group.chars().all(|c| c.is_ascii_digit()));
    ((1..=3).contains(&head.len()) && same && (threes || is_by_lakhs(whole)))
        .then(|| whole.chars().filter(char::is_ascii_digit).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values(token: &str) -> Vec<String> {
        readings(token).iter().map(|amount| amount.value.to_string()).collect()
    }

    #[test]
    fn every_way_of_writing_an_amount_gives_its_value() {
        for token in [
            "1.234,56",
            "1,234.56",
            "1 234,56",
            "1'234.56",
            "1234.56",
            "1234,56",
            "€1,234.56",
            "1.234,56€",
            "$1,234.56",
        ] {
            assert_eq!(values(token).first().unwrap(), "1234.56", "{token}");
        }
    }

    #[test]
    fn one_mark_before_three_digits_has_two_readings() {
        assert_eq!(values("1.234"), ["1234", "1.234"]);
        assert_eq!(values("1,234"), ["1234", "1.234"]);
        assert_eq!(values("1.234.567"), ["1234567"]);
    }

    #[test]
    fn signs_and_credit_marks_make_an_amount_negative() {
        for token in ["-12.50", "12.50-", "12,50CR", "$-12.50", "-$12.50", "€ -12,50"] {
            assert_eq!(values(token), ["-12.50"], "{token}");
        }
    }

    #[test]
    fn amounts_of_many_countries_are_read() {
        for (token, value, code) in [
            ("Q500.5", "500.5", "GTQ"),
            ("R1234.50", "1234.50", "ZAR"),
            ("KSh1,200/=", "1200", "KES"),
            ("₹1,18,000.00", "118000.00", "INR"),
            ("Tk.2,50,000/-", "250000", "BDT"),
            ("€1.600,-", "1600", "EUR"),
            ("CHF12.--", "12", "CHF"),
            ("₦75,000.00", "75000.00", "NGN"),
            ("GH₵19.90", "19.90", "GHS"),
        ] {
            let found = readings(token);
            assert_eq!(found[0].value.to_string(), value, "{token}");
            assert_eq!(found[0].currency, Currency::parse(code), "{token}");
            assert!(found[0].marked, "{token}");
        }
        for code in ["Q4", "R12", "R2D2", "Q1-2024", "R1.234"] {
            assert!(readings(code).is_empty(), "{code}");
        }
        assert_eq!(values("12,-"), ["12"], "no minus");
    }

    #[test]
    fn what_is_no_amount_has_no_reading() {
        for token in ["12.34.56", "INV-100", "12/05/2024", "", "€", "1,23,45", "A4", "10:30"] {
            assert!(readings(token).is_empty(), "{token}");
        }
    }

    #[test]
    fn currencies_are_told_by_code_or_by_a_sign_of_their_own() {
        assert_eq!(readings("RM12.00").first().unwrap().currency, Currency::parse("MYR"));
        assert_eq!(readings("$12.00").first().unwrap().currency, None);
        assert!(readings("$12.00").first().unwrap().marked);
        assert_eq!(currency_of("(EUR)"), Some(Currency::EUR));
    }

    #[test]
    fn percentages_are_read_as_written() {
        assert_eq!(percent("19%"), Some(Decimal::from(19)));
        assert_eq!(percent("(7,50%)"), Some(Decimal::new(75, 1)));
        assert_eq!(percent("(8.875%)"), Some(Decimal::new(8875, 3)));
        assert_eq!(percent("190%"), None);
        assert_eq!(percent("19"), None);
    }

    fn group(digits: &str, separator: char) -> String {
        let mut out = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && digits.len().saturating_sub(at).is_multiple_of(3) {
                out.push(separator);
            }
            out.push(digit);
        }
        out
    }

    proptest! {
        #[test]
        fn a_grouped_amount_with_cents_has_one_reading(minor in 0_u64..99_999_999_999) {
            let (whole, cents) = ((minor / 100).to_string(), minor % 100);
            let expected = Decimal::new(i64::try_from(minor).unwrap(), 2);
            for (separator, mark) in [(',', '.'), ('.', ','), (' ', ','), ('\'', '.')] {
                let text = format!("{}{mark}{cents:02}", group(&whole, separator));
                let found = readings(&text);
                prop_assert_eq!(found.len(), 1);
                prop_assert_eq!(found[0].value, expected);
            }
        }

        #[test]
        fn a_currency_on_either_side_changes_neither_value_nor_sign(
            minor in 1_i64..9_999_999,
            sign in proptest::sample::select(SIGNS.to_vec()),
            negative in any::<bool>(),
        ) {
            let (text, code) = sign;
            let amount = format!("{}.{:02}", minor / 100, minor % 100);
            let minus = if negative { "-" } else { "" };
            let minor = if negative { 0_i64.saturating_sub(minor) } else { minor };
            let expected = Decimal::new(minor, 2);
            for token in [
                format!("{minus}{text}{amount}"),
                format!("{text}{minus}{amount}"),
                format!("{minus}{amount}{text}"),
                format!("({minus}{amount} {text})"),
            ] {
                let found = readings(&token);
                prop_assert_eq!(found.first().map(|one| one.value), Some(expected), "{}", token);
                prop_assert!(found.iter().all(|one| one.marked), "{}", token);
                prop_assert_eq!(found[0].currency, code.and_then(Currency::parse), "{}", token);
            }
        }

        #[test]
        fn what_is_doubtful_keeps_the_right_value_among_its_readings(
            whole in 1_u32..999, thousandths in 0_u32..1000,
        ) {
            let all: i64 = format!("{whole}{thousandths:03}").parse().unwrap();
            let (long, short) = (Decimal::from(all), Decimal::new(all, 3));
            for mark in ['.', ','] {
                let found = readings(&format!("{whole}{mark}{thousandths:03}"));
                let values: Vec<Decimal> = found.iter().map(|one| one.value).collect();
                prop_assert!(values.contains(&long) && values.contains(&short), "{:?}", values);
            }
        }

        #[test]
        fn a_printed_percentage_is_read_back(hundredths in 0_u32..=10_000) {
            let value = Decimal::new(i64::from(hundredths), 2);
            let (whole, rest) = (hundredths / 100, hundredths % 100);
            for text in [format!("{whole}.{rest:02}%"), format!("({whole},{rest:02}%)")] {
                prop_assert_eq!(percent(&text), Some(value.normalize()), "{}", text);
            }
        }

        #[test]
        fn no_text_breaks_the_reader(text in ".{0,30}") {
            prop_assert!(readings(&text).len() <= 2);
        }

        #[test]
        fn no_row_of_digits_and_marks_breaks_the_reader(text in "[-−€$£A-Z0-9.,' %()]{0,20}") {
            for one in readings(&text) {
                prop_assert!(one.decimals <= 6, "{}", text);
                prop_assert_eq!(one.mark.is_some(), one.decimals > 0, "{}", text);
            }
        }
    }
}
