//! What a label says that a number is one of, where no list has the whole label: a sign for a number and
//! the name of a paper or of something else, in the order of the language, in one word or in several.

use serde::Deserialize;
use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// What has a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// A bill.
    Bill,
    /// A credit note.
    Credit,
    /// A debit note.
    Debit,
    /// A receipt.
    Receipt,
    /// A paper that is not said to be a bill.
    Paper,
    /// A person, an order, a register, an earlier bill, or another thing.
    Other,
}

#[derive(Deserialize)]
struct File {
    signs: Vec<String>,
    marks: Vec<String>,
    endings: Vec<String>,
    links: Vec<String>,
    ours: Vec<String>,
    yours: Vec<String>,
    bills: Vec<String>,
    bills_in_words: Vec<String>,
    credits: Vec<String>,
    debits: Vec<String>,
    receipts: Vec<String>,
    papers: Vec<String>,
    kinds: Vec<String>,
    earlier: Vec<String>,
    others: Vec<String>,
}

/// The words that such labels are made of.
pub struct Naming {
    signs: HashSet<String>,
    marks: HashSet<String>,
    endings: Vec<String>,
    passing: HashSet<String>,
    yours: HashSet<String>,
    earlier: Vec<String>,
    things: HashMap<String, Thing>,
    other_words: HashSet<String>,
    other_stems: Vec<String>,
}

/// Shorter words for something else begin no other word.
const STEM: usize = 4;
/// The most words that the name of a paper has.
const NAME: usize = 4;
/// Shorter names of papers are no part of another word.
const HEAD: usize = 5;

static NAMING: LazyLock<Naming> = LazyLock::new(|| {
    let text = include_str!("../lexicons/documents/numbers.toml");
    toml::from_str::<File>(text).map(Naming::of).unwrap_or_else(|_| Naming::empty())
});

/// Returns the words that labels of numbers are made of.
#[must_use]
pub fn naming() -> &'static Naming {
    &NAMING
}

/// What the words of a label are, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Sign,
    Named(Thing),
    Yours,
    Unknown,
}

impl Naming {
    fn empty() -> Self {
        Self {
            signs: HashSet::new(),
            marks: HashSet::new(),
            endings: Vec::new(),
            passing: HashSet::new(),
            yours: HashSet::new(),
            earlier: Vec::new(),
            things: HashMap::new(),
            other_words: HashSet::new(),
            other_stems: Vec::new(),
        }
    }

    fn of(file: File) -> Self {
        let mut all = Self::empty();
        let kinds = [
            (file.papers, Thing::Paper),
            (file.receipts, Thing::Receipt),
            (file.debits, Thing::Debit),
            (file.credits, Thing::Credit),
            (file.bills, Thing::Bill),
            (file.bills_in_words, Thing::Bill),
        ];
        for (names, thing) in kinds {
            all.things.extend(names.into_iter().map(|name| (name, thing)));
        }
        let (stems, words) = file.others.into_iter().partition(|word| word.len() >= STEM);
        all.other_stems = stems;
        all.other_words = HashSet::from_iter::<Vec<String>>(words);
        all.signs = file.signs.into_iter().collect();
        all.marks = file.marks.into_iter().collect();
        all.endings = file.endings;
        all.passing = file.links.into_iter().chain(file.ours).chain(file.kinds).collect();
        all.yours = file.yours.into_iter().collect();
        all.earlier = file.earlier;
        all
    }

    /// Returns whether a folded word is a sign for a number and nothing else.
    #[must_use]
    pub fn is_sign(&self, folded: &str) -> bool {
        self.signs.contains(folded)
    }

    /// Returns what a folded label says that its number is one of; nothing for a label without a sign,
    /// and where its words do not say which of two things is meant.
    #[must_use]
    pub fn thing(&self, label: &str) -> Option<Thing> {
        let ends = [label.split(' ').next(), label.split(' ').next_back()];
        if !ends.into_iter().flatten().any(|word| self.is_signed(word)) {
            return None;
        }
        let mut parts = self.parts(label);
        let read = parts.contains(&Part::Yours);
        parts.retain(|part| *part != Part::Yours);
        let signed = [parts.first(), parts.last()].contains(&Some(&Part::Sign));
        if !signed {
            return None;
        }
        let earlier = |word: &str| self.earlier.iter().any(|begin| word.starts_with(begin));
        if label.split(' ').any(earlier) {
            return Some(Thing::Other);
        }
        let mut named = parts.iter().filter_map(|part| match part {
            Part::Named(thing) => Some(*thing),
            _ => None,
        });
        let first = named.next()?;
        let last = named.next_back().unwrap_or(first);
        let unknown = parts.iter().filter(|part| **part == Part::Unknown).count();
        let begins = parts.first() == Some(&Part::Sign);
        // `facture proportionnelle n`; what is before or behind it says nothing.
        let inside = !begins && parts.first() == Some(&Part::Named(first));
        let strong = !matches!(first, Thing::Paper | Thing::Other);
        if unknown > 0 && !(inside && strong && unknown == 1) {
            return None;
        }
        let is_other = [first, last].contains(&Thing::Other);
        let yours = read && matches!(first, Thing::Paper | Thing::Other);
        match (first, last) {
            _ if yours => Some(Thing::Other),
            (first, last) if !is_other || first == last => Some(first),
            // `n facture client`, `customer invoice no`; in `rechnung der bestellung nr` it is open.
            (first, _) if begins && first != Thing::Other => Some(first),
            (Thing::Other, Thing::Bill | Thing::Credit | Thing::Debit) if !begins => Some(last),
            (Thing::Other, _) | (Thing::Paper | Thing::Receipt, _) => Some(Thing::Other),
            _ => None,
        }
    }

    /// Returns whether a folded label is about its reader, or about something else than a paper, also
    /// within a longer word: `Kundenkonto`, `cust. no.`
    #[must_use]
    pub fn is_of_another(&self, label: &str) -> bool {
        let parts = self.parts(label);
        let bill = |part: &Part| {
            matches!(part, Part::Named(Thing::Bill | Thing::Credit | Thing::Debit | Thing::Receipt))
        };
        !parts.iter().any(bill)
            && parts.iter().any(|part| matches!(part, Part::Yours | Part::Named(Thing::Other)))
    }

    /// Returns whether a word is a sign for a number, or may end in one.
    fn is_signed(&self, word: &str) -> bool {
        self.signs.contains(word)
            || self.marks.contains(word)
            || self.endings.iter().any(|ending| word.ends_with(ending.as_str()))
    }

    /// Returns whether a folded text begins with the word for its reader: `votre commande`.
    #[must_use]
    pub fn is_of_reader(&self, text: &str) -> bool {
        text.split(' ').next().is_some_and(|word| self.yours.contains(word))
    }

    fn parts(&self, label: &str) -> Vec<Part> {
        let words: Vec<&str> = label.split(' ').filter(|word| !word.is_empty()).collect();
        let mut parts = Vec::new();
        let mut at = 0_usize;
        while let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
            let several = (2..=NAME.min(rest.len())).rev().find_map(|count| {
                let name = rest.get(..count)?.join(" ");
                Some((count, *self.things.get(&name)?))
            });
            match (several, rest.first()) {
                (Some((count, thing)), _) => {
                    parts.push(Part::Named(thing));
                    at = at.saturating_add(count);
                }
                (None, Some(word)) => {
                    self.add(word, &mut parts);
                    at = at.saturating_add(1);
                }
                (None, None) => break,
            }
        }
        parts
    }

    fn add(&self, word: &str, parts: &mut Vec<Part>) {
        if self.signs.contains(word) || self.marks.contains(word) {
            parts.push(Part::Sign);
        } else if self.yours.contains(word) {
            parts.push(Part::Yours);
        } else if let Some(thing) = self.signed(word) {
            parts.extend([Part::Named(thing), Part::Sign]);
        } else if let Some(thing) = self.named(word) {
            parts.push(Part::Named(thing));
        } else if !self.passing.contains(word) {
            parts.push(Part::Unknown);
        }
    }

    /// Returns what a word that a sign ends names: `fakturanr`, `kundenkontonummer`.
    fn signed(&self, word: &str) -> Option<Thing> {
        let mut stems = self.endings.iter().filter_map(|ending| word.strip_suffix(ending.as_str()));
        let stem = stems.find(|stem| stem.len() >= 2)?;
        self.named(stem)
    }

    fn named(&self, word: &str) -> Option<Thing> {
        let plain = word.strip_suffix('s').filter(|plain| plain.len() >= STEM).unwrap_or(word);
        let known = self.things.get(word).or_else(|| self.things.get(plain));
        if let Some(thing) = known {
            return Some(*thing);
        }
        let headed = |thing: Thing| {
            let mut names = self.things.iter().filter(|(_, known)| **known == thing);
            names.any(|(name, _)| name.len() >= HEAD && plain.ends_with(name.as_str()))
        };
        let other = self.other_words.contains(word)
            || self.other_stems.iter().any(|stem| word.starts_with(stem.as_str()));
        [Thing::Credit, Thing::Bill]
            .into_iter()
            .find(|thing| headed(*thing) && !is_reckoned(plain))
            .or_else(|| other.then_some(Thing::Other))
            .or_else(|| [Thing::Receipt, Thing::Paper].into_iter().find(|thing| headed(*thing)))
    }
}

/// Returns whether a word that ends as a German bill does is something else: `vorberechnung`.
fn is_reckoned(word: &str) -> bool {
    let head = word.strip_suffix("rechnung").unwrap_or_default();
    ["ab", "be", "an", "ver", "hoch", "vor"].iter().any(|part| head.ends_with(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::names::fold;

    #[test]
    fn every_word_is_folded() {
        let naming = naming();
        assert!(!naming.things.is_empty());
        let words = naming.things.keys().chain(&naming.signs).chain(&naming.other_stems);
        for word in words.chain(&naming.passing).chain(&naming.endings) {
            assert_eq!(*word, fold(word));
        }
    }

    #[test]
    fn a_label_says_what_its_number_is_one_of() {
        for (label, thing) in [
            ("Billing document no.", Thing::Bill),
            ("Bill ID", Thing::Bill),
            ("Our invoice ref.", Thing::Bill),
            ("Application for payment no.", Thing::Bill),
            ("Rechnungs-/Belegnummer", Thing::Bill),
            ("Fakturierungsnummer", Thing::Bill),
            ("Verbrauchsabrechnung Nr.", Thing::Paper),
            ("Gutschrifts-Nr.", Thing::Credit),
            ("Kassenbelegnummer", Thing::Receipt),
            ("N° de la facture", Thing::Bill),
            ("Facture proportionnelle n°", Thing::Bill),
            ("N° de note d'honoraires", Thing::Bill),
            ("Nº nota de crédito", Thing::Credit),
            ("Comprobante Nro.", Thing::Paper),
            ("ID da fatura", Thing::Bill),
            ("Codice fattura", Thing::Bill),
            ("Bonnummer", Thing::Receipt),
            ("Boekstuknr.", Thing::Paper),
            ("Regningsnummer", Thing::Bill),
            ("Kvittonr", Thing::Receipt),
            ("Laskun tunnus", Thing::Bill),
            ("Numer rachunku bankowego", Thing::Other),
            ("Číslo daňového dokladu", Thing::Bill),
            ("Customer invoice no.", Thing::Bill),
            ("N° facture client", Thing::Bill),
            ("Client ref.", Thing::Other),
            ("Original invoice no.", Thing::Other),
            ("Ursprungsbeleg-Nr.", Thing::Other),
            ("Kundenkontonummer", Thing::Other),
            ("Documento di trasporto n.", Thing::Other),
            ("Votre pièce n°", Thing::Other),
        ] {
            assert_eq!(naming().thing(&fold(label)), Some(thing), "{label}");
        }
        for label in
            ["Invoice", "No.", "Rechnung der Bestellung Nr.", "Total no.", "Zur Gartenparty"]
        {
            assert_eq!(naming().thing(&fold(label)), None, "{label}");
        }
    }
}
