//! The words of each language, read once from the data files.

use super::{
    token::{Kind, tokens},
    word::{Role, Word},
};
use domain::{dates::Unit, money::Currency};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::OnceLock,
};

/// The languages with a lexicon, English first.
pub(super) const CODES: [&str; 9] = ["en", "es", "pt", "fr", "de", "it", "nl", "ar", "hi"];

const FILES: [&str; 9] = [
    include_str!("../lexicons/sentences/en.toml"),
    include_str!("../lexicons/sentences/es.toml"),
    include_str!("../lexicons/sentences/pt.toml"),
    include_str!("../lexicons/sentences/fr.toml"),
    include_str!("../lexicons/sentences/de.toml"),
    include_str!("../lexicons/sentences/it.toml"),
    include_str!("../lexicons/sentences/nl.toml"),
    include_str!("../lexicons/sentences/ar.toml"),
    include_str!("../lexicons/sentences/hi.toml"),
];

/// How people write in chats, by language.
const SHORTHAND: &str = include_str!("../lexicons/sentences/shorthand.toml");

/// Words that are no slips, by language.
const ORDINARY: &str = include_str!("../lexicons/sentences/ordinary.toml");

/// A data file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    words: BTreeMap<Word, Vec<String>>,
    units: HashMap<Unit, Vec<String>>,
    every: HashMap<Unit, Vec<String>>,
    months: BTreeMap<String, Vec<String>>,
    weekdays: BTreeMap<String, Vec<String>>,
    numbers: BTreeMap<String, Vec<String>>,
    ordinals: BTreeMap<String, Vec<String>>,
    seasons: BTreeMap<String, Vec<String>>,
    categories: BTreeMap<String, Vec<String>>,
    currencies: BTreeMap<Currency, Vec<String>>,
    compounds: BTreeMap<Word, Vec<String>>,
}

/// The words of one language.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    /// ISO 639-1 code.
    pub(super) code: &'static str,
    /// Roles by folded phrase, its words parted by one space.
    phrases: HashMap<String, Vec<Role>>,
    /// Every word that occurs in a phrase.
    vocabulary: HashSet<String>,
    /// The same by first letter, longest first, for misspelt words.
    by_letter: BTreeMap<char, Vec<String>>,
    /// Words that lie near one of these and mean something else.
    ordinary: HashSet<String>,
    /// What is typed in chats, and the word that it stands for, folded.
    shorthand: HashMap<String, String>,
    /// Folded names of kinds of expenses by their English one, the usual one first.
    kinds: HashMap<String, Vec<String>>,
    /// The most words in a phrase.
    pub(super) longest: usize,
}

/// Returns all lexicons, in the order of [`CODES`].
pub(super) fn all() -> &'static [Lexicon] {
    static ALL: OnceLock<Vec<Lexicon>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut ordinary: HashMap<String, String> = toml::from_str(ORDINARY).unwrap_or_default();
        let mut short: HashMap<String, HashMap<String, String>> =
            toml::from_str(SHORTHAND).unwrap_or_default();
        let mut read = |(code, text)| {
            let mut lexicon = Lexicon::read(code, text);
            let written = short.remove(code).unwrap_or_default().into_iter();
            lexicon.shorthand = written.map(|(typed, word)| (typed, phrase_of(&word))).collect();
            let words = ordinary.remove(code).unwrap_or_default();
            lexicon.ordinary = words.split_whitespace().map(str::to_owned).collect();
            lexicon
        };
        CODES.into_iter().zip(FILES).map(&mut read).collect()
    })
}

/// Returns the lexicon of a language, English for an unknown one.
pub(super) fn of(code: &str) -> Option<&'static Lexicon> {
    all().iter().find(|lexicon| lexicon.code == code)
}

impl Lexicon {
    /// A file that does not parse gives an empty lexicon; a test keeps that from happening.
    fn read(code: &'static str, text: &'static str) -> Self {
        let file: File = toml::from_str(text).unwrap_or_default();
        let mut lexicon = Self { code, ..Self::default() };
        let File { words, units, every, months, weekdays, numbers, ordinals, .. } = &file;
        lexicon.add(words, |word| Some(Role::Word(*word)));
        // who says that he has paid has spent
        lexicon.add(words, |word| (*word == Word::WePaid).then_some(Role::Word(Word::Spend)));
        lexicon.add(units, |unit| Some(Role::Unit(*unit)));
        lexicon.add(every, |unit| Some(Role::Every(*unit)));
        lexicon.add(months, |key| key.parse().ok().map(Role::Month));
        lexicon.add(weekdays, |key| key.parse().ok().map(Role::Weekday));
        lexicon.add(numbers, |key| key.parse().ok().map(Role::Number));
        lexicon.add(ordinals, |key| key.parse().ok().map(Role::Ordinal));
        lexicon.add(&file.seasons, |key| key.parse().ok().map(Role::Season));
        // once for each language, and kept as long as the program runs
        let names: HashMap<&str, &'static str> =
            file.categories.keys().map(|name| (name.as_str(), &*name.clone().leak())).collect();
        lexicon.add(&file.categories, |key| names.get(key.as_str()).copied().map(Role::Category));
        lexicon.add(&file.currencies, |currency| Some(Role::Currency(*currency)));
        lexicon.compound(&file, &names);
        for (kind, names) in &file.categories {
            let folded = names.iter().map(|name| domain::names::fold(name)).collect();
            lexicon.kinds.insert(kind.clone(), folded);
        }
        for words in lexicon.by_letter.values_mut() {
            words.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        }
        lexicon
    }

    fn add<'f, K: 'f>(
        &mut self,
        table: impl IntoIterator<Item = (&'f K, &'f Vec<String>)>,
        role: impl Fn(&K) -> Option<Role>,
    ) {
        for (key, phrases) in table {
            let Some(role) = role(key) else { continue };
            phrases.iter().flat_map(|phrase| spellings(phrase)).for_each(|phrase| {
                self.add_phrase(&phrase, role);
            });
        }
    }

    /// Adds what a language writes as one word, such as "Reisekosten": a category, with or without
    /// its last letter or a joining one, and a noun.
    fn compound(&mut self, file: &File, categories: &HashMap<&str, &'static str>) {
        let single = |name: &&String| !name.contains(' ');
        for (category, names) in &file.categories {
            let category = categories.get(category.as_str()).copied().map(Role::Category);
            let stems: Vec<String> =
                names.iter().filter(single).flat_map(|name| stems(name)).collect();
            for (word, heads) in &file.compounds {
                let join =
                    |stem: &String| heads.iter().map(|head| format!("{stem}{head}")).collect();
                let phrases: Vec<String> = stems.iter().flat_map::<Vec<String>, _>(join).collect();
                let roles = category.into_iter().chain([Role::Word(*word)]);
                for role in roles {
                    phrases.iter().for_each(|phrase| self.add_phrase(phrase, role));
                }
            }
        }
    }

    fn add_phrase(&mut self, phrase: &str, role: Role) {
        let phrase = phrase_of(phrase);
        let words: Vec<&str> = phrase.split(' ').collect();
        self.longest = self.longest.max(words.len());
        for word in words {
            if self.vocabulary.insert(word.to_owned())
                && let Some(first) = word.chars().next()
            {
                self.by_letter.entry(first).or_default().push(word.to_owned());
            }
        }
        let roles = self.phrases.entry(phrase).or_default();
        if !roles.contains(&role) {
            roles.push(role);
        }
    }

    /// Returns the roles of a folded phrase; empty if it is unknown.
    pub(super) fn roles(&self, phrase: &str) -> &[Role] {
        self.phrases.get(phrase).map_or(&[], Vec::as_slice)
    }

    /// Returns the word that is meant by what is typed in chats: "qnt" is "quanto".
    pub(super) fn written_out(&self, typed: &str) -> Option<&str> {
        self.shorthand.get(typed).map(String::as_str)
    }

    /// Returns the folded names of a kind of expenses, the usual one first.
    pub(super) fn names_of(&self, kind: &str) -> &[String] {
        self.kinds.get(kind).map_or(&[], Vec::as_slice)
    }

    /// Returns whether a folded word occurs in any phrase.
    pub(super) fn knows(&self, word: &str) -> bool {
        self.vocabulary.contains(word)
    }

    /// Returns whether a folded word is one of the language: of its phrases, or one that lies near them.
    pub(super) fn is_everyday(&self, word: &str) -> bool {
        self.knows(word) || self.ordinary.contains(word)
    }

    /// Returns the word that a misspelt one most likely stands for, if there is a close one. A word
    /// that exists is no slip of another.
    pub(super) fn corrected(&self, word: &str) -> Option<&str> {
        if self.ordinary.contains(word) {
            return None;
        }
        let first = word.chars().next()?;
        let length = word.chars().count();
        let allowed = super::typo::allowed(length)?;
        let same_length = |candidate: &&String| {
            let letters = candidate.chars().count();
            letters >= 5 && letters.abs_diff(length) <= allowed
        };
        // "tiles" are no "times": a slip of the keyboard is sought in words with a meaning
        let ties = [
            Word::Times,
            Word::Each,
            Word::Stop,
            Word::Please,
            Word::Show,
            Word::Beyond,
            Word::OtherPaper,
        ];
        let ties = ties.map(Role::Word);
        let means = |word: &&String| !self.roles(word).iter().any(|role| ties.contains(role));
        let candidates = self.by_letter.get(&first)?.iter().filter(same_length).filter(means);
        // "electronic" is no slip of "electric", nor "tips" of "trips"
        let is_kind = |word: &str| {
            let roles = self.roles(word);
            !roles.is_empty() && roles.iter().all(|role| matches!(role, Role::Category(_)))
        };
        let close = |distance: usize, candidate: &str| {
            distance <= if is_kind(candidate) { usize::from(length >= 6) } else { allowed }
        };
        candidates
            .map(|candidate| (super::typo::distance(word, candidate), candidate))
            .filter(|(distance, candidate)| close(*distance, candidate))
            .filter(|(_, candidate)| super::typo::is_slip(word, candidate))
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, candidate)| candidate.as_str())
    }
}

/// Returns the folded words of a phrase, parted by one space.
fn phrase_of(phrase: &str) -> String {
    let words = tokens(&super::token::plain(phrase));
    let words = words.into_iter().filter(|token| token.kind != Kind::Mark);
    words.map(|token| token.folded).collect::<Vec<_>>().join(" ")
}

/// Returns the forms that a noun takes before another in one word: "reise", "arbeits", "strom".
fn stems(name: &str) -> [String; 3] {
    [name.to_owned(), format!("{name}s"), name.strip_suffix('n').unwrap_or(name).to_owned()]
}

/// Returns a phrase with its umlauts as they are, and written out where it has any; "hasn't" and
/// "i've" are typed as "hasnt" and "ive" too.
fn spellings(phrase: &str) -> Vec<String> {
    let ends = ["n't", "i've", "we've", "i'm", "what's", "who's", "how's", "where's"];
    if let Some(end) = ends.iter().find(|end| phrase.contains(**end)) {
        return vec![phrase.to_owned(), phrase.replace(end, &end.replace('\'', ""))];
    }
    let written = phrase.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue");
    if written == phrase { vec![written] } else { vec![phrase.to_owned(), written] }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A fuzzer's sanitizer found names that nothing held any more.
    #[test]
    fn the_name_of_a_category_is_kept_once_for_each_language() {
        for lexicon in all() {
            let mut kept: HashMap<&str, *const u8> = HashMap::new();
            for role in lexicon.phrases.values().flatten() {
                let Role::Category(name) = role else { continue };
                assert_eq!(*kept.entry(name).or_insert(name.as_ptr()), name.as_ptr(), "{name}");
            }
            assert!(!kept.is_empty(), "{} has no categories", lexicon.code);
        }
    }

    /// "Outstanding ones" is no filler, and "what's my spend" more than a question.
    #[test]
    fn what_only_asks_or_fills_swallows_no_word_of_money() {
        let all_of = |words: &[Word]| words.iter().copied().map(Role::Word).collect::<Vec<_>>();
        let fills = all_of(&[Word::HowMuch, Word::HowMany, Word::Stop]);
        let money =
            all_of(&[Word::Spend, Word::Owe, Word::OweMe, Word::Unpaid, Word::Overdue, Word::Tax]);
        let told = [all_of(&[Word::Costs, Word::Help, Word::Beyond, Word::Mark]), money.clone()];
        let told = told.concat();
        let mut lost = Vec::new();
        for lexicon in all() {
            for (phrase, roles) in &lexicon.phrases {
                let swallows = |word: &str| {
                    let roles = lexicon.roles(word);
                    roles.iter().any(|role| money.contains(role)) && !roles.contains(&fills[2])
                };
                let parts: Vec<&str> = phrase.split(' ').collect();
                if parts.len() > 1
                    && roles.iter().any(|role| fills.contains(role))
                    && parts.into_iter().any(swallows)
                    && !roles.iter().any(|role| told.contains(role))
                {
                    lost.push(format!("{}: {phrase}", lexicon.code));
                }
            }
        }
        lost.sort();
        // "paid or not" narrows nothing down, and says so
        let whether = [
            "de: bezahlt oder nicht",
            "de: ob bezahlt oder nicht",
            "en: paid or not",
            "en: paid or unpaid",
            "en: whether paid or not",
            "hi: कर दिया",
            "nl: betaald of niet",
        ];
        assert_eq!(lost, whether);
    }

    #[test]
    fn what_chats_shorten_stands_for_words_of_a_lexicon() {
        for lexicon in all() {
            let seven = !matches!(lexicon.code, "ar" | "hi");
            assert_eq!(lexicon.shorthand.is_empty(), !seven, "{}", lexicon.code);
            for (typed, word) in &lexicon.shorthand {
                let known = !lexicon.roles(word).is_empty() || lexicon.knows(word);
                assert!(known, "{}: {typed} is {word}", lexicon.code);
            }
        }
    }

    #[test]
    fn a_denial_is_typed_without_its_mark_too() {
        let english = of("en").unwrap();
        assert_eq!(english.roles("hasnt paid me"), english.roles("hasn t paid me"));
        assert!(!english.roles("hasnt paid me").is_empty());
    }
}
