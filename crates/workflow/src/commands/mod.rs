//! What a user can ask for by a word, typed once for every way in.

pub mod export;
mod setting;
pub mod wish;

use crate::{
    replies::{Odd, Oddness},
    turn::Turn,
    words::{self, Words},
};
use domain::{message::ChannelKind, money::Currency, names::fold, tenant::Language};
pub use export::Export;
use ports::press::SheetForm;

/// A command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Show what Billhook can do.
    Help,
    /// Take the last change back.
    Undo,
    /// Show what is remembered of vendors.
    Memory,
    /// Forget what is remembered of vendors.
    Forget,
    /// Delete everything that is stored of the person.
    Erase,
    /// Something more about the last answer.
    Again(Again),
    /// Send nothing more.
    Stop,
    /// Go on after that.
    Start,
    /// Show the currency of amounts that name none, or set it.
    Currency(Option<Currency>),
    /// Show the time zone, or set it.
    TimeZone(Option<String>),
    /// Show what was used.
    Usage,
    /// Tell of what is due, or do not any more.
    Reminders(bool),
    /// Give invoices away as a file.
    Export(Export),
    /// Reply in this language from now on.
    SetLanguage(Language),
    /// Set something to what there is none of.
    Odd(Odd),
}

/// What can be asked about the last answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// The rest of the list.
    More,
    /// What it is about, one by one.
    Show,
    /// Where it comes from.
    Why,
    /// The same as a file.
    Sheet(SheetForm),
    /// The same as a picture.
    Chart,
}

/// Returns the command of a message that is nothing but a command word or button.
pub fn parse(turn: &Turn) -> Option<Command> {
    let message = &turn.work.inbound.message;
    let said = message.button.as_deref().unwrap_or(&message.text);
    let word = fold(said.trim().trim_start_matches('/'));
    if message.channel == ChannelKind::Twilio {
        // Nobody is sent anything on our own channels who does not look there.
        let says = |list: fn(&Words) -> &Vec<String>| {
            words::all().iter().any(|words| list(words).contains(&word))
        };
        match turn.work.conversation.is_silent {
            true if says(|words| &words.start) => return Some(Command::Start),
            _ if says(|words| &words.stop) => return Some(Command::Stop),
            _ => {}
        }
    }
    self::said(said)
}

/// Returns the command of a text that is nothing but a command, whoever says it.
#[must_use]
pub fn said(said: &str) -> Option<Command> {
    let word = fold(said.trim().trim_start_matches('/'));
    let known = words::all().iter().find_map(|words| {
        if words.help.contains(&word) {
            Some(Command::Help)
        } else if words.undo.contains(&word) {
            Some(Command::Undo)
        } else if words.memory.contains(&word) {
            Some(Command::Memory)
        } else if words.forget.contains(&word) {
            Some(Command::Forget)
        } else if words.erase.contains(&word) {
            Some(Command::Erase)
        } else if words.reminders_on.contains(&word) {
            Some(Command::Reminders(true))
        } else if words.reminders_off.contains(&word) {
            Some(Command::Reminders(false))
        } else {
            again(words, &word).map(Command::Again)
        }
    });
    known
        .or_else(|| language(&word))
        .or_else(|| setting::of(said))
        .or_else(|| export::of(said).map(Command::Export))
}

/// Returns the language that a command is said in, where its word is of one language alone.
#[must_use]
pub fn language_of(said: &str) -> Option<Language> {
    let word = fold(said.trim().trim_start_matches('/'));
    let knows = |words: &Words| {
        [
            &words.help,
            &words.undo,
            &words.memory,
            &words.forget,
            &words.erase,
            &words.usage,
            &words.currency,
            &words.time_zone,
            &words.reminders_on,
            &words.reminders_off,
        ]
        .into_iter()
        .any(|list| list.contains(&word))
    };
    let all = Language::ALL.into_iter().zip(words::all());
    let mut known = all.filter(|(_, words)| knows(words)).map(|(language, _)| language);
    known.next().filter(|_| known.next().is_none())
}

fn again(words: &Words, word: &String) -> Option<Again> {
    let known = [
        (&words.more, Again::More),
        (&words.show, Again::Show),
        (&words.why, Again::Why),
        (&words.sheet, Again::Sheet(SheetForm::Xlsx)),
        (&words.csv, Again::Sheet(SheetForm::Csv)),
        (&words.chart, Again::Chart),
    ];
    known.into_iter().find_map(|(words, again)| words.contains(word).then_some(again))
}

/// Words around a language's name, folded: "language", "speak", "in", "please".
const AROUND_A_LANGUAGE: [&str; 64] = [
    "language",
    "idioma",
    "langue",
    "sprache",
    "lingua",
    "taal",
    "اللغه",
    "لغه",
    "भाषा",
    "in",
    "en",
    "em",
    "auf",
    "op",
    "to",
    "a",
    "my",
    "is",
    "mi",
    "minha",
    "ma",
    "meine",
    "ist",
    "la",
    "mijn",
    "speak",
    "talk",
    "reply",
    "answer",
    "write",
    "switch",
    "change",
    "can",
    "you",
    "do",
    "habla",
    "responde",
    "fala",
    "parle",
    "parlez",
    "reponds",
    "repondez",
    "sprich",
    "antworte",
    "schreib",
    "parla",
    "rispondi",
    "spreek",
    "antwoord",
    "تكلم",
    "बोलो",
    "में",
    "mein",
    "please",
    "por",
    "favor",
    "bitte",
    "graag",
    "s",
    "il",
    "vous",
    "te",
    "plait",
    "باللغه",
];
/// The nouns among them, before a name that stands for nothing but a language.
const LANGUAGE: [&str; 9] =
    ["language", "idioma", "langue", "sprache", "lingua", "taal", "اللغه", "لغه", "भाषा"];

/// Understands a language's name alone or with nothing but words such as "language" or "in" around it,
/// and its ISO code after "language".
fn language(said: &str) -> Option<Command> {
    let said = said.trim_matches(['.', '!', '?', '؟', '।']);
    let mut parts = said.split([' ', ':', '=']).filter(|word| !word.is_empty());
    let (first, second, third) = (parts.next()?, parts.next(), parts.next());
    if let (true, Some(name), None) = (LANGUAGE.contains(&first), second, third) {
        let known = Language::parse(name).or_else(|| language_named(name));
        let odd = || Command::Odd(Odd { typed: name.to_owned(), how: Oddness::Language });
        return Some(known.map_or_else(odd, Command::SetLanguage));
    }
    let mut named = said.split(' ').filter(|word| !AROUND_A_LANGUAGE.contains(word));
    let name = named.next().filter(|_| named.next().is_none())?;
    language_named(name).map(Command::SetLanguage)
}

/// Returns the language of a name in any language, without accents and in small letters.
fn language_named(name: &str) -> Option<Language> {
    words::all().iter().find_map(|words| {
        let named = words.languages.iter().find(|(_, names)| names.iter().any(|n| n == name));
        named.and_then(|(code, _)| Language::parse(code))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_chosen_by_its_name_and_the_words_around_one() {
        let chosen = |text: &str| language(&fold(text));
        for (text, language) in [
            ("English", Language::En),
            ("language de", Language::De),
            ("in english please", Language::En),
            ("Can you speak German?", Language::De),
            ("en français s'il vous plaît", Language::Fr),
            ("باللغة العربية", Language::Ar),
            ("हिंदी में", Language::Hi),
        ] {
            assert_eq!(chosen(text), Some(Command::SetLanguage(language)), "{text}");
        }
        let odd = Odd { typed: "klingon".to_owned(), how: Oddness::Language };
        assert_eq!(chosen("language Klingon"), Some(Command::Odd(odd)));
        for text in ["italian food", "english and german", "please", "in May"] {
            assert_eq!(chosen(text), None, "{text}");
        }
    }
}
