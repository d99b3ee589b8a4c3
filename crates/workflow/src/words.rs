//! Words that mean something without a model: yes and no in every language, and choices.
//!
//! Only a whole message counts: "yes" confirms, "yes but what about June" does not.

use crate::turn::Turn;
use domain::{
    money::{Currency, printed_amount},
    names::fold,
    tenant::Language,
};
use rust_decimal::Decimal;
use serde::Deserialize;
use std::sync::LazyLock;

/// A text of more words than this is no answer to "which total?".
const MAX_WORDS_OF_AN_AMOUNT: usize = 6;

/// The words of one language, as `templates/words/<lang>.json` holds them.
#[derive(Debug, Default, Deserialize)]
pub struct Words {
    yes: Vec<String>,
    no: Vec<String>,
    /// Words that keep both of two documents that look like one.
    keep: Vec<String>,
    /// Words that put the newer of them in the place of the older.
    replace: Vec<String>,
    /// Words that leave the newer one out.
    skip: Vec<String>,
    /// Command words by command.
    pub help: Vec<String>,
    /// Words that take the last change back.
    pub undo: Vec<String>,
    /// Words that show what is remembered of vendors.
    pub memory: Vec<String>,
    /// Words that make it forgotten.
    pub forget: Vec<String>,
    /// Words that ask for everything to be deleted.
    pub erase: Vec<String>,
    /// Words that show the rest of a list.
    pub more: Vec<String>,
    /// Words that ask for the invoices or things that an answer is about.
    pub show: Vec<String>,
    /// Words that ask where an answer comes from.
    pub why: Vec<String>,
    /// Words that ask for an answer as a spreadsheet.
    pub sheet: Vec<String>,
    /// Words that ask for it as CSV.
    pub csv: Vec<String>,
    /// Words that ask for it as a chart.
    pub chart: Vec<String>,
    /// Words that show or set the currency of amounts that name none.
    pub currency: Vec<String>,
    /// Words that show or set the time zone.
    pub time_zone: Vec<String>,
    /// Words that show what was used.
    pub usage: Vec<String>,
    /// Words that ask to be reminded of what is due.
    pub reminders_on: Vec<String>,
    /// Words that ask not to be any more.
    pub reminders_off: Vec<String>,
    /// Words that begin an export.
    pub export: Vec<String>,
    /// Words that stand for all there is.
    pub everything: Vec<String>,
    /// Words around them in "send me everything as excel".
    pub sending: Vec<String>,
    /// How a draft that is shown is changed.
    pub amend: Amend,
    /// Words that point at a row of the list on screen.
    pub pointing: Pointing,
    /// Words of somebody who is angry.
    pub insults: Vec<String>,
    /// Words after which nothing more is sent.
    pub stop: Vec<String>,
    /// Words after which it is again.
    pub start: Vec<String>,
    /// Names of languages, by ISO code.
    pub languages: std::collections::BTreeMap<String, Vec<String>>,
    /// Labels of buttons, at most 20 characters each.
    pub labels: std::collections::BTreeMap<String, String>,
    /// How dates and periods are said, with places such as `{month}`.
    pub phrases: std::collections::BTreeMap<String, String>,
    /// The twelve months.
    pub months: Vec<String>,
}

/// Words that change a draft that waits for a yes, and sentences that hold what is changed.
#[derive(Debug, Default, Deserialize)]
pub struct Amend {
    /// "Make it".
    pub make: Vec<String>,
    /// "Add".
    pub add: Vec<String>,
    /// "Instead".
    pub instead: Vec<String>,
    /// "Remove", before or behind a thing.
    pub remove: Vec<String>,
    /// Words that keep a thing and a figure company: "the", "to".
    pub small: Vec<String>,
    /// Words that make a figure a price: "at".
    pub price: Vec<String>,
    /// "Not", before a name.
    pub not: Vec<String>,
    /// An invoice with other terms, such as when it is due.
    pub terms: String,
    /// An invoice with other items.
    pub items: String,
    /// An invoice to somebody else.
    pub party: String,
}

/// Words that point at a row of a list.
#[derive(Debug, Default, Deserialize)]
pub struct Pointing {
    /// "This one", which a sentence has in their place.
    pub it: String,
    /// "The first one", "the second one" and so on.
    pub places: Vec<Vec<String>>,
    /// "The last one".
    pub last: Vec<String>,
}

static SOURCES: [&str; 9] = [
    include_str!("../templates/words/en.json"),
    include_str!("../templates/words/es.json"),
    include_str!("../templates/words/pt.json"),
    include_str!("../templates/words/fr.json"),
    include_str!("../templates/words/de.json"),
    include_str!("../templates/words/it.json"),
    include_str!("../templates/words/nl.json"),
    include_str!("../templates/words/ar.json"),
    include_str!("../templates/words/hi.json"),
];

/// The words of every language, in the order of [`Language::ALL`].
static ALL: LazyLock<Vec<Words>> = LazyLock::new(|| {
    // A source that does not parse is caught by a test; at run time it is a language of no words.
    SOURCES.iter().map(|source| serde_json::from_str(source).unwrap_or_default()).collect()
});

/// Returns the words of one language.
pub fn of(language: Language) -> Option<&'static Words> {
    Language::ALL
        .iter()
        .zip(ALL.iter())
        .find_map(|(one, words)| (*one == language).then_some(words))
}

/// Returns the words of every language.
pub fn all() -> &'static [Words] {
    &ALL
}

/// A literal yes or no, or what to do with two documents that look like one; "skip" is a no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Yes, with the id of the pending action if a button said it.
    Yes(Option<String>),
    /// No, likewise.
    No(Option<String>),
    /// Both of two that look like one, likewise.
    Keep(Option<String>),
    /// The new one in the place of the old one, likewise.
    Replace(Option<String>),
}

impl Verdict {
    /// Returns what a message says, if it says nothing but yes or no.
    pub fn of(turn: &Turn) -> Option<Self> {
        let message = &turn.work.inbound.message;
        if let Some(button) = &message.button {
            let (word, id) = button.split_once(':')?;
            return match word {
                "yes" => Some(Self::Yes(Some(id.to_owned()))),
                "keep" => Some(Self::Keep(Some(id.to_owned()))),
                "no" | "skip" => Some(Self::No(Some(id.to_owned()))),
                "replace" => Some(Self::Replace(Some(id.to_owned()))),
                _ => None,
            };
        }
        let text = message.text.trim();
        match text {
            "👍" | "✅" | "👌" => return Some(Self::Yes(None)),
            "👎" | "❌" => return Some(Self::No(None)),
            _ => {}
        }
        // "No, €" corrects a currency.
        if text.contains(|c: char| c.is_numeric() || "€$£¥₹₺%".contains(c)) {
            return None;
        }
        let word = fold(text);
        let says = |list: fn(&Words) -> &Vec<String>| {
            all().iter().any(|words| list(words).contains(&word))
        };
        if says(|words| &words.yes) {
            return Some(Self::Yes(None));
        }
        if says(|words| &words.keep) {
            return Some(Self::Keep(None));
        }
        if says(|words| &words.replace) {
            return Some(Self::Replace(None));
        }
        (says(|words| &words.no) || says(|words| &words.skip)).then_some(Self::No(None))
    }

    /// Returns the id of the pending action if a button said it.
    pub fn button(&self) -> Option<&str> {
        match self {
            Self::Yes(id) | Self::No(id) | Self::Keep(id) | Self::Replace(id) => id.as_deref(),
        }
    }
}

/// Returns whether a text is the word for yes in any language, and none that agrees by the way.
pub fn is_plain_yes(text: &str) -> bool {
    let said = fold(text.trim());
    all().iter().any(|words| words.yes.first() == Some(&said))
}

/// What a word that was asked back about is, with the id of that question if a button says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placing {
    /// A vendor.
    Vendor(Option<String>),
    /// A customer.
    Customer(Option<String>),
    /// A thing that was bought or sold.
    Thing(Option<String>),
    /// The suggested name at this place.
    Name(usize, Option<String>),
}

impl Placing {
    /// The words of its buttons; a name's has its place behind it.
    pub const BUTTONS: [&str; 4] = ["vendor", "customer", "thing", "name"];

    /// Returns what a message says, if it says nothing else. What a button is called may be typed too.
    pub fn of(turn: &Turn) -> Option<Self> {
        let message = &turn.work.inbound.message;
        if let Some(button) = &message.button {
            let (word, id) = button.split_once(':')?;
            return Self::by_word(word, Some(id.to_owned()));
        }
        let said = fold(message.text.trim());
        let is_label = |word: &&&str| {
            all()
                .iter()
                .any(|words| words.labels.get(**word).is_some_and(|label| fold(label) == said))
        };
        Self::by_word(Self::BUTTONS.iter().take(3).find(is_label)?, None)
    }

    fn by_word(word: &str, id: Option<String>) -> Option<Self> {
        match word {
            "vendor" => Some(Self::Vendor(id)),
            "customer" => Some(Self::Customer(id)),
            "thing" => Some(Self::Thing(id)),
            _ => Some(Self::Name(word.strip_prefix("name")?.parse().ok()?, id)),
        }
    }

    /// Returns the id of the question if a button said it.
    pub fn button(&self) -> Option<&str> {
        match self {
            Self::Vendor(id) | Self::Customer(id) | Self::Thing(id) | Self::Name(_, id) => {
                id.as_deref()
            }
        }
    }
}

/// Returns the one amount that a short text says, "45.10" or "the total is 45 EUR", and its
/// currency, which is the assumed one where it names none.
pub fn amount(text: &str, assumed: Currency) -> Option<(Decimal, Currency)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() > MAX_WORDS_OF_AN_AMOUNT {
        return None;
    }
    let letters = |word: &&str| word.trim_matches(|c: char| !c.is_alphabetic()).to_uppercase();
    let signed = |sign: &str| text.contains(sign);
    let currency = words
        .iter()
        .map(letters)
        .filter(|word| word.len() == 3)
        .find_map(|word| Currency::parse(&word))
        .or_else(|| {
            let signs = [("€", "EUR"), ("£", "GBP"), ("US$", "USD"), ("¥", "JPY")];
            let (_, code) = signs.into_iter().find(|(sign, _)| signed(sign))?;
            Currency::parse(code)
        })
        .unwrap_or(assumed);
    let whole = |word: &str| {
        let number = word.trim_matches(|c: char| !c.is_ascii_digit());
        let all_digits = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
        all_digits.then(|| number.parse().ok()).flatten()
    };
    let mut amounts =
        words.iter().filter_map(|word| printed_amount(word, currency).or_else(|| whole(word)));
    let amount = amounts.next()?;
    amounts.next().is_none().then_some((amount, currency))
}

/// Returns whether a text can only be a choice from a list: a short number or an invoice number.
pub fn is_choice(text: &str) -> bool {
    let text = text.trim();
    let has_digit = text.chars().any(|c| c.is_ascii_digit());
    has_digit && text.chars().count() <= 30 && text.split_whitespace().count() <= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_its_words() {
        for source in SOURCES {
            let words: Words = serde_json::from_str(source).expect("the words parse");
            assert!(!words.yes.is_empty() && !words.no.is_empty() && !words.help.is_empty());
            assert!(![&words.keep, &words.replace, &words.skip].iter().any(|list| list.is_empty()));
            assert_eq!(words.months.len(), 12);
            assert!(words.phrases.keys().eq(all()[0].phrases.keys()), "a phrase is missing");
            for word in [
                &words.yes,
                &words.no,
                &words.keep,
                &words.replace,
                &words.skip,
                &words.help,
                &words.undo,
                &words.memory,
                &words.forget,
                &words.erase,
                &words.more,
                &words.show,
                &words.insults,
                &words.why,
                &words.sheet,
                &words.csv,
                &words.chart,
                &words.currency,
                &words.time_zone,
                &words.usage,
                &words.reminders_on,
                &words.reminders_off,
                &words.export,
                &words.everything,
                &words.sending,
                &words.amend.make,
                &words.amend.add,
                &words.amend.instead,
                &words.amend.remove,
                &words.amend.small,
                &words.amend.price,
                &words.amend.not,
                &words.pointing.last,
            ]
            .into_iter()
            .chain(&words.pointing.places)
            .flatten()
            {
                assert_eq!(&fold(word), word, "words are kept folded");
            }
        }
    }
}
