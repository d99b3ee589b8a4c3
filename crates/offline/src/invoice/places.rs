//! Signs of a place: what looks like an address, and which currency a country has.

use domain::{money::Currency, names::fold};
use serde::Deserialize;
use std::{collections::BTreeMap, sync::LazyLock};

#[derive(Deserialize, Default)]
struct Places {
    streets: Vec<String>,
    street_endings: Vec<String>,
    mail_hosts: Vec<String>,
    trades: Vec<String>,
    banal: Vec<String>,
    fields: Vec<String>,
    block_heads: Vec<String>,
    currencies: BTreeMap<String, String>,
    phones: BTreeMap<String, String>,
}

static PLACES: LazyLock<Places> = LazyLock::new(|| toml::from_str(FILE).unwrap_or_default());

const FILE: &str = include_str!("../lexicons/documents/places.toml");

/// Returns whether a text looks like a line of an address: a word for a street beside a number, or
/// a postcode beside a name.
#[must_use]
pub fn is_address(text: &str) -> bool {
    let folded = fold(text);
    let numbered = folded.chars().any(|c| c.is_ascii_digit());
    let lettered = folded.chars().any(char::is_alphabetic);
    numbered && lettered && (has_street(&folded) || has_postcode(text))
}

/// Returns whether a text is a name and the number of a house, as the line above a postcode is:
/// `Am Markt 144`, `Keizersgracht 80`.
#[must_use]
pub fn is_house(text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let number = |word: &&&str| {
        word.starts_with(|c: char| c.is_ascii_digit())
            && word.len() <= 5
            && word.chars().filter(|c| c.is_alphabetic()).count() <= 1
    };
    let numbers = words.iter().filter(number).count();
    let edge = words.first().filter(number).or(words.last().filter(number));
    let named = words.iter().any(|word| word.starts_with(char::is_uppercase) && word.len() > 2);
    (2..=6).contains(&words.len()) && numbers == 1 && edge.is_some() && named
}

/// Returns whether a folded text holds a word for a street.
#[must_use]
pub fn has_street(folded: &str) -> bool {
    let padded = format!(" {folded} ");
    let ending = |word: &str| {
        PLACES.street_endings.iter().any(|ending| {
            word.len() > ending.len().saturating_add(2) && word.ends_with(ending.as_str())
        })
    };
    PLACES.streets.iter().any(|word| padded.contains(&format!(" {word} ")))
        || folded.split(' ').any(ending)
}

/// Returns whether a folded text holds a word for a trade or a shop.
#[must_use]
pub fn has_trade(folded: &str) -> bool {
    let ending = |word: &str, trade: &str| trade.len() >= 5 && word.ends_with(trade);
    folded
        .split(' ')
        .any(|word| PLACES.trades.iter().any(|trade| word == trade || ending(word, trade)))
}

/// Returns whether a folded text is made of words that head papers and greet customers, and of
/// numbers: `Page 1 of 1`, `Welcome to`.
#[must_use]
pub fn is_banal(folded: &str) -> bool {
    let digits = |word: &str| word.chars().all(|c| c.is_ascii_digit());
    folded.split(' ').all(|word| digits(word) || PLACES.banal.iter().any(|banal| word == banal))
}

/// Returns whether a folded text names a field of a form or the head of a block of them: `address`,
/// `datos del usuario`.
#[must_use]
pub fn is_field(folded: &str) -> bool {
    let headed = |head: &String| {
        folded.strip_prefix(head.as_str()).is_some_and(|rest| rest.starts_with(' '))
    };
    PLACES.fields.iter().any(|field| field == folded) || PLACES.block_heads.iter().any(headed)
}

/// Returns whether a folded text only greets or thanks: `Welcome to`, `Vielen Dank`.
#[must_use]
pub fn is_greeting(folded: &str) -> bool {
    const GREETINGS: [&str; 17] = [
        "welcome",
        "welkom",
        "willkommen",
        "bienvenue",
        "bienvenido",
        "bienvenidos",
        "benvenuto",
        "benvenuti",
        "vindo",
        "vindos",
        "thank",
        "thanks",
        "thankyou",
        "dank",
        "merci",
        "gracias",
        "grazie",
    ];
    is_banal(folded) && folded.split(' ').any(|word| GREETINGS.contains(&word))
}

/// Returns whether a text is the line that an address ends with: a postcode and a town.
#[must_use]
pub fn ends_address(text: &str) -> bool {
    has_postcode(text) || has_zip_code(text) || has_british_postcode(text)
}

/// Returns whether a word of four to six digits stands beside a capitalised word, and nothing
/// like a price or a time is there.
fn has_postcode(text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let code =
        |word: &&&str| (4..=6).contains(&word.len()) && word.chars().all(|c| c.is_ascii_digit());
    let named =
        words.iter().any(|word| word.chars().count() > 2 && word.starts_with(char::is_uppercase));
    words.len() >= 2 && words.len() <= 8 && named && words.iter().filter(code).count() == 1
}

/// Returns whether a text ends as an address in the United States: `Austin, TX 78701`.
fn has_zip_code(text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    words.windows(2).any(|pair| match pair {
        [state, zip] => {
            let zip = zip.split('-').next().unwrap_or_default();
            state.len() == 2
                && state.chars().all(|c| c.is_ascii_uppercase())
                && zip.len() == 5
                && zip.chars().all(|c| c.is_ascii_digit())
        }
        _ => false,
    })
}

/// Returns whether a text holds a postcode of the United Kingdom: `BS1 5TR`.
fn has_british_postcode(text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let shape = |word: &str| -> String {
        let kind = |c: char| match c {
            'A'..='Z' => 'A',
            '0'..='9' => '9',
            _ => '?',
        };
        word.chars().map(kind).collect()
    };
    let outward = ["A9", "AA9", "A99", "AA99", "A9A", "AA9A"];
    words.windows(2).any(|pair| match pair {
        [out, inward] => outward.contains(&shape(out).as_str()) && shape(inward) == "9AA",
        _ => false,
    })
}

/// Returns whether a name is that of a provider of mail boxes.
#[must_use]
pub fn is_mail_host(folded: &str) -> bool {
    PLACES.mail_hosts.iter().any(|host| host == folded)
}

/// Returns the currency that most signs of a country in these texts speak for; nothing on a draw.
#[must_use]
pub fn currency_of_place(texts: &[String]) -> Option<Currency> {
    let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut dialled: Vec<&str> = Vec::new();
    for text in texts {
        let padded = format!(" {} ", fold(text));
        dialled.extend(dialling(text).filter(|code| !dialled.contains(code)).collect::<Vec<_>>());
        for (sign, code) in &PLACES.currencies {
            if padded.contains(&format!(" {sign} ")) {
                let count = votes.entry(code.as_str()).or_default();
                *count = count.saturating_add(1);
            }
        }
    }
    for code in dialled {
        let count = votes.entry(code).or_default();
        *count = count.saturating_add(1);
    }
    let texts = || texts.iter().map(String::as_str);
    for (code, count) in [
        ("USD", texts().filter(|text| has_zip_code(text)).count()),
        ("GBP", texts().filter(|text| has_british_postcode(text)).count()),
    ] {
        if count > 0 {
            let votes = votes.entry(code).or_default();
            *votes = votes.saturating_add(count);
        }
    }
    let most = votes.values().max().copied()?;
    let mut leaders = votes.iter().filter(|(_, count)| **count == most);
    let (code, _) = leaders.next()?;
    if leaders.next().is_some() { None } else { Currency::parse(code) }
}

/// Returns the currencies of the countries that the telephone numbers of a text are dialled in.
fn dialling(text: &str) -> impl Iterator<Item = &str> {
    let numbers = text.split(' ').map(|word| word.trim_start_matches(['(', ':']));
    let numbers = numbers.filter(|word| word.starts_with('+'));
    numbers.filter_map(|number| {
        let mut known = PLACES.phones.iter();
        let found = known.find(|(prefix, _)| number.starts_with(prefix.as_str()));
        found.map(|(_, code)| code.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_and_its_words_are_folded() {
        let places: Places = toml::from_str(FILE).unwrap();
        for word in places
            .streets
            .iter()
            .chain(&places.trades)
            .chain(&places.banal)
            .chain(places.currencies.keys())
        {
            assert_eq!(*word, fold(word));
        }
        for code in places.currencies.values().chain(places.phones.values()) {
            assert!(Currency::parse(code).is_some(), "{code}");
        }
    }

    #[test]
    fn lines_of_addresses_are_told_from_names() {
        for text in ["Tannenstraße 20", "12 High Street", "80333 München", "NO.4, JALAN KUDA 3/1"]
        {
            assert!(is_address(text), "{text}");
        }
        for text in ["Green Road Coffee", "7 Seas Trading", "Musterholz GmbH", "Tea 2000.00"] {
            assert!(!is_address(text), "{text}");
        }
    }

    #[test]
    fn a_house_is_a_name_with_a_number() {
        for text in ["Am Markt 144", "Keizersgracht 80b", "12 The Green", "78 bd Voltaire"] {
            assert!(is_house(text), "{text}");
        }
        for text in ["Anna Weber", "Total 12 of 14", "144", "80333 München Süd 12"] {
            assert!(!is_house(text), "{text}");
        }
    }

    #[test]
    fn a_country_tells_its_currency_unless_two_are_named_alike() {
        let texts = |texts: &[&str]| texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            currency_of_place(&texts(&["Hill Foods Sdn. Bhd.", "50000 Kuala Lumpur"])),
            Currency::parse("MYR")
        );
        assert_eq!(currency_of_place(&texts(&["Hill Pte Ltd", "Hill Pty Ltd"])), None);
        assert_eq!(currency_of_place(&texts(&["Hill"])), None);
        let dialled = currency_of_place(&texts(&["Hill", "Tel. (+64) 9 555 0118"]));
        assert_eq!(dialled, Currency::parse("NZD"));
    }
}
