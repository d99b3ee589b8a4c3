//! The words that documents use for their fields, by role and language: data files, read once.

pub use super::role::Role;
use super::{
    naming::{Thing, naming},
    near::{Near, one_letter_off},
};
use domain::names::fold;
use serde::Deserialize;
use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

#[derive(Deserialize)]
struct File {
    language: String,
    words: Vec<String>,
    legal_forms: Vec<String>,
    months: BTreeMap<String, i8>,
    /// How an amount says that tax is in it, is not, and what the tax is called.
    #[serde(default)]
    included: Vec<String>,
    #[serde(default)]
    excluded: Vec<String>,
    #[serde(default)]
    taxes: Vec<String>,
    #[serde(flatten)]
    labels: BTreeMap<Role, BTreeMap<String, u8>>,
}

/// All languages together; labels of two languages rarely disagree.
pub struct Lexicon {
    labels: HashMap<String, Vec<(Role, u8)>>,
    languages: Vec<(String, Vec<String>)>,
    /// Names of months, folded.
    pub months: Vec<(String, i8)>,
    legal_forms: Vec<String>,
    included: Vec<String>,
    excluded: Vec<String>,
    taxes: Vec<String>,
    near: Near,
}

/// What the title of a bill with a sign for its number means.
const NUMBERED: [(Role, u8); 2] = [(Role::Number, 9), (Role::IsInvoice, 7)];
/// What the title of a bill means that says what it is for.
const COMPOUND: [(Role, u8); 2] = [(Role::IsInvoice, 7), (Role::Number, 6)];
const NUMBERED_RECEIPT: [(Role, u8); 2] = [(Role::Number, 8), (Role::IsReceipt, 6)];
const NUMBERED_CREDIT: [(Role, u8); 2] = [(Role::Number, 9), (Role::IsCreditNote, 9)];
const NUMBERED_DEBIT: [(Role, u8); 2] = [(Role::Number, 9), (Role::IsDebitNote, 9)];
const NUMBERED_PAPER: [(Role, u8); 1] = [(Role::Number, 7)];
/// Codes of invoices (UNTDID 1001, those of EN 16931 BT-3 and of building).
///
/// Those of two digits are left out: houses have such numbers.
const DOCUMENT_TYPES: [&str; 18] = [
    "130", "202", "203", "326", "380", "382", "383", "384", "385", "386", "387", "388", "389",
    "575", "751", "875", "876", "877",
];
/// Codes of credit notes of the same list.
const CREDIT_TYPES: [&str; 4] = ["261", "262", "381", "396"];
/// The words for a bill that other words are put before, where languages glue them.
const BILLS: [&str; 6] = ["rechnung", "gutschrift", "factuur", "faktuur", "faktura", "lasku"];

/// Returns whether a folded word is a sign for a number and nothing else.
#[must_use]
pub fn is_number_sign(folded: &str) -> bool {
    naming().is_sign(folded)
}

/// Returns whether a text is a word of a sentence or label, and neither a code nor a series: `de`.
#[must_use]
pub fn is_word(text: &str) -> bool {
    let lettered =
        text.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '.' | '-' | ':'));
    lettered && text.chars().filter(|c| c.is_lowercase()).count() >= 2
}

/// What a label of an amount means that says that tax is in it.
const INCLUDED: [(Role, u8); 1] = [(Role::Gross, 9)];
/// What it means if it says that tax is not.
const EXCLUDED: [(Role, u8); 1] = [(Role::Net, 9)];

const FILES: [&str; 13] = [
    include_str!("../lexicons/documents/en.toml"),
    include_str!("../lexicons/documents/de.toml"),
    include_str!("../lexicons/documents/fr.toml"),
    include_str!("../lexicons/documents/es.toml"),
    include_str!("../lexicons/documents/pt.toml"),
    include_str!("../lexicons/documents/it.toml"),
    include_str!("../lexicons/documents/nl.toml"),
    include_str!("../lexicons/documents/nordic.toml"),
    include_str!("../lexicons/documents/tr.toml"),
    include_str!("../lexicons/documents/pl.toml"),
    include_str!("../lexicons/documents/cs.toml"),
    include_str!("../lexicons/documents/fi.toml"),
    include_str!("../lexicons/documents/hu.toml"),
];

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::of(FILES.iter().filter_map(|text| toml::from_str::<File>(text).ok()))
});

/// Returns the lexicon of all languages.
#[must_use]
pub fn lexicon() -> &'static Lexicon {
    &LEXICON
}

impl Lexicon {
    /// The most words that a label has.
    pub const LONGEST: usize = 5;

    fn of(files: impl Iterator<Item = File>) -> Self {
        let mut all = Self {
            labels: HashMap::new(),
            languages: Vec::new(),
            months: Vec::new(),
            legal_forms: Vec::new(),
            included: Vec::new(),
            excluded: Vec::new(),
            taxes: Vec::new(),
            near: Near::default(),
        };
        for file in files {
            for (role, labels) in file.labels {
                for (label, weight) in labels {
                    all.add(label, role, weight);
                }
            }
            all.months.extend(file.months);
            all.legal_forms.extend(file.legal_forms);
            all.included.extend(file.included);
            all.excluded.extend(file.excluded);
            all.taxes.extend(file.taxes);
            all.languages.push((file.language, file.words));
        }
        all
    }

    /// Adds a label; a long one also without its spaces, as readers of pixels glue words.
    fn add(&mut self, label: String, role: Role, weight: u8) {
        let glued = label.replace(' ', "");
        // `creditno` is all but the Spanish word for credit.
        let long = label.split(' ').all(|word| word.len() >= 3);
        if glued.len() >= 8 && glued != label {
            self.insert(glued, (role, weight), long);
        }
        self.insert(label, (role, weight), true);
    }

    fn insert(&mut self, label: String, (role, weight): (Role, u8), may_be_misread: bool) {
        if may_be_misread && !self.labels.contains_key(&label) {
            self.near.add(&label);
        }
        let roles = self.labels.entry(label).or_default();
        match roles.iter_mut().find(|(known, _)| *known == role) {
            Some((_, known)) => *known = (*known).max(weight),
            None => roles.push((role, weight)),
        }
    }

    /// Returns what a folded text of a label says; empty if it is none. A single long word may be
    /// one letter off, since text readers misread.
    #[must_use]
    pub fn roles(&self, folded: &str) -> &[(Role, u8)] {
        let known = self.labels.get(folded).or_else(|| self.signed(folded));
        let known = known.or_else(|| self.labels.get(self.near.find(folded)?));
        match known {
            Some(roles) => roles,
            None if !folded.contains(' ') && self.is_compound(folded) => &COMPOUND,
            None => self
                .numbered_title(folded)
                .or_else(|| numbered_thing(folded))
                .unwrap_or_else(|| self.taxed(folded)),
        }
    }

    /// Returns the roles of a label whose sign for a number the file spells in another way: `venda nº`
    /// for `venda n`.
    fn signed(&self, folded: &str) -> Option<&Vec<(Role, u8)>> {
        let last = folded.strip_suffix(" no").map(|head| format!("{head} n"));
        let first = folded.strip_prefix("no ").map(|rest| format!("n {rest}"));
        last.into_iter().chain(first).find_map(|label| self.labels.get(&label))
    }

    /// Returns what the title of a bill with the sign for its number says, whatever the bill is for:
    /// `mietrechnung nr`, `huurfactuur nr`, `rechnung des versicherers nr`, `(380) nr`.
    fn numbered_title(&self, folded: &str) -> Option<&'static [(Role, u8)]> {
        let (title, sign) = folded.rsplit_once(' ')?;
        if !is_number_sign(sign) {
            return None;
        }
        // Renderings of e-invoices print the code of the kind of document before it.
        let (name, code) = title.rsplit_once(' ').unwrap_or(("", title));
        if name.is_empty() || self.numbered(name).is_some() {
            if DOCUMENT_TYPES.contains(&code) {
                return Some(&NUMBERED);
            }
            if CREDIT_TYPES.contains(&code) {
                return Some(&NUMBERED_CREDIT);
            }
        }
        let is_order = |word: &str| {
            let numbered = self.labels.get(&format!("{word} {sign}"));
            numbered.is_some_and(|roles| roles.iter().any(|(role, _)| *role == Role::OtherNumber))
        };
        let words: Vec<&str> = title.split(' ').collect();
        match words.as_slice() {
            [one] => self.numbered(one),
            [one, "des" | "der", whose] if !is_order(whose) => self.numbered(one),
            // `ricevuta fiscale n. 4412`
            _ => self.numbered(title),
        }
    }

    /// Returns whether a word that no file knows ends in one for a bill: `rebenrechnung`.
    fn is_compound(&self, word: &str) -> bool {
        let kinds = ["rechnung", "factuur", "faktuur", "faktura"];
        kinds.iter().any(|kind| word.len() > kind.len() && word.ends_with(kind))
            && self.numbered(word).is_some()
    }

    /// Returns what the sign for a number says behind a word that is, or is put together with, one
    /// for a bill: `taxirechnung`.
    fn numbered(&self, word: &str) -> Option<&'static [(Role, u8)]> {
        let known = |wanted: Role, least: u8| {
            let roles = self.labels.get(word).into_iter().flatten();
            roles.filter(|(_, weight)| *weight >= least).any(|(role, _)| *role == wanted)
        };
        let made = |ending: &str| {
            word.strip_suffix(ending).is_some_and(|head| {
                let other = ["ab", "be", "an", "ver", "hoch", "vor"];
                head.len() >= 3 && !other.iter().any(|part| head.ends_with(part))
            })
        };
        if known(Role::IsCreditNote, 5) {
            return Some(&NUMBERED_CREDIT);
        }
        // A cashier has a number too, and is no receipt.
        if known(Role::IsReceipt, 6) && !known(Role::IsInvoice, 5) {
            return Some(&NUMBERED_RECEIPT);
        }
        (known(Role::IsInvoice, 5) || BILLS.into_iter().any(made)).then_some(&NUMBERED)
    }

    /// Returns whether a word, folded, is the name of a tax on sales.
    pub fn is_tax(&self, folded: &str) -> bool {
        self.taxes.iter().any(|tax| tax == folded)
    }

    /// Returns what the label of an amount says that tells whether tax is in it, in words that are
    /// put together: `amount paid incl gst`, `summe ohne mwst`, `totale iva inclusa`.
    fn taxed(&self, folded: &str) -> &'static [(Role, u8)] {
        let about = |amount: &str| {
            self.labels.get(amount).is_some_and(|roles| {
                let money = [Role::Gross, Role::Net, Role::Due, Role::Cash, Role::Amount];
                roles.iter().any(|(role, _)| money.contains(role))
            })
        };
        let said = |phrases: &[String]| {
            phrases.iter().any(|phrase| {
                let before = |tax: &String| cut(folded, phrase, tax).is_some_and(about);
                let behind = |tax: &String| cut(folded, tax, phrase).is_some_and(about);
                self.taxes.iter().any(|tax| before(tax) || behind(tax))
            })
        };
        if said(&self.included) {
            &INCLUDED
        } else if said(&self.excluded) {
            &EXCLUDED
        } else {
            &[]
        }
    }

    /// Returns whether a text ends in or holds the legal form of a company; a long form also glued
    /// to the name, as readers of pixels do.
    #[must_use]
    pub fn has_legal_form(&self, text: &str) -> bool {
        let folded = format!(" {} ", fold(text));
        let joined = folded.replace(' ', "");
        self.legal_forms.iter().any(|form| {
            let glued = form.replace(' ', "");
            let apart = format!(" {form} ");
            folded.ends_with(&apart)
                || (apart.len() > 5 && folded.contains(&apart))
                || (glued.len() >= 6 && joined.len() > glued.len() && joined.ends_with(&glued))
        })
    }

    /// Returns how many words the longest legal form has that a text ends in; 0 for none.
    #[must_use]
    pub fn legal_form_words(&self, text: &str) -> usize {
        let folded = format!(" {}", fold(text));
        let forms = self.legal_forms.iter().filter(|form| folded.ends_with(&format!(" {form}")));
        forms.map(|form| form.split(' ').count()).max().unwrap_or(0)
    }

    /// Returns the legal form that a folded text is but for one letter in the place of one; only
    /// forms that are no word of a language, since others have near words.
    #[must_use]
    pub fn legal_form_near(&self, folded: &str) -> Option<&str> {
        let odd = |form: &str| {
            form.len() >= 8 || (form.len() >= 4 && !form.contains(['a', 'e', 'i', 'o', 'u']))
        };
        let mut odd = self.legal_forms.iter().filter(|form| odd(form));
        let near = odd.find(|form| form.len() == folded.len() && one_letter_off(form, folded));
        near.map(String::as_str)
    }

    /// Returns whether a folded word is one that sentences are made of in some language.
    #[must_use]
    pub fn is_function_word(&self, folded: &str) -> bool {
        self.languages.iter().any(|(_, words)| words.iter().any(|word| word == folded))
    }

    /// Returns the code of the language that most of these folded words belong to; nothing below
    /// three hits.
    #[must_use]
    pub fn language(&self, words: &[String]) -> Option<String> {
        let hits = |known: &[String]| words.iter().filter(|word| known.contains(word)).count();
        let mut best: Option<(&str, usize)> = None;
        for (code, known) in &self.languages {
            let count = hits(known);
            if count >= 3 && best.is_none_or(|(_, most)| count > most) {
                best = Some((code, count));
            }
        }
        best.map(|(code, _)| code.to_owned())
    }
}

/// Returns what a label says whose words are a sign for a number and what it is one of.
fn numbered_thing(folded: &str) -> Option<&'static [(Role, u8)]> {
    Some(match naming().thing(folded)? {
        Thing::Bill => &NUMBERED,
        Thing::Credit => &NUMBERED_CREDIT,
        Thing::Debit => &NUMBERED_DEBIT,
        Thing::Receipt => &NUMBERED_RECEIPT,
        Thing::Paper => &NUMBERED_PAPER,
        Thing::Other => return None,
    })
}

/// Returns what stands before two phrases that a text ends in.
fn cut<'a>(text: &'a str, first: &str, second: &str) -> Option<&'a str> {
    let head = text.strip_suffix(second)?.strip_suffix(' ')?;
    head.strip_suffix(first)?.strip_suffix(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_read_and_every_label_is_folded() {
        for text in FILES {
            let file: File = toml::from_str(text).unwrap();
            for label in file.labels.values().flat_map(BTreeMap::keys).chain(file.months.keys()) {
                assert_eq!(*label, fold(label), "{}", file.language);
                assert!(label.split(' ').count() <= Lexicon::LONGEST + 1, "{label}");
            }
        }
        assert_eq!(lexicon().languages.len(), FILES.len());
    }

    #[test]
    fn words_about_tax_turn_any_amount_to_a_total() {
        let says = |label: &str| lexicon().roles(label).first().map(|(role, _)| *role);
        for label in ["amt paid incl gst", "summe inklusive ust", "totale fattura iva inclusa"] {
            assert_eq!(says(label), Some(Role::Gross), "{label}");
        }
        for label in ["amount paid before vat", "summe ohne mwst", "total sin iva"] {
            assert_eq!(says(label), Some(Role::Net), "{label}");
        }
        for label in ["bread with vat", "incl gst", "paid gst"] {
            assert!(says(label).is_none_or(|role| role != Role::Gross), "{label}");
        }
    }

    #[test]
    fn whatever_a_bill_is_for_its_number_is_found() {
        let says = |label: &str| lexicon().roles(label).first().map(|(role, _)| *role);
        for label in [
            "mietrechnung nr",
            "handelsrechnung nr",
            "380 nr",
            "rechnung des versicherers nr",
            "huurfactuur nummer",
            "hyresfaktura nr",
        ] {
            assert_eq!(says(label), Some(Role::Number), "{label}");
        }
        for label in ["gehaltsabrechnung nr", "rechnung der bestellung nr", "vorberechnung nr"] {
            assert_ne!(says(label), Some(Role::Number), "{label}");
        }
    }

    #[test]
    fn a_misread_letter_does_not_hide_a_label() {
        assert!(lexicon().roles("rechnungsbetraq").iter().any(|(role, _)| *role == Role::Gross));
        assert!(lexicon().roles("subtota").iter().any(|(role, _)| *role == Role::Net));
        assert!(lexicon().roles("bread").is_empty());
        assert!(lexicon().roles("grandtotal").iter().any(|(role, _)| *role == Role::Gross));
    }
}
