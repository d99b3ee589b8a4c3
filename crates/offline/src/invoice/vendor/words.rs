//! Signs in the letters of a name, and what its neighbours say.

use super::{
    super::{
        lexicon::lexicon,
        places::{has_street, has_trade, is_address, is_banal},
    },
    contender::Contender,
    signs::{Sign, shown},
};
use domain::names::fold;

/// Returns the signs in the letters of a name.
#[must_use]
pub fn letters(one: &Contender) -> Vec<Sign> {
    let name = &one.name;
    let folded = fold(name);
    let words: Vec<&str> = name.split(' ').collect();
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let few = digits > 0 && digits <= 2 && words.len() >= 3;
    let prose = words.iter().filter(|word| lexicon().is_function_word(&fold(word))).count();
    let form = lexicon().legal_form_words(name);
    let legal = form > 0 || lexicon().has_legal_form(name);
    shown(&[
        (Sign::LegalForm, legal),
        (Sign::OnlyForm, is_form(&words)),
        (Sign::FormBelow, form > 0 && !is_form(&words) && words.len() <= form.saturating_add(1)),
        (Sign::FormAbove, legal && form == 0),
        (Sign::Trade, has_trade(&folded)),
        (Sign::Capitals, !name.contains(char::is_lowercase)),
        (Sign::NoCapitals, !name.contains(char::is_uppercase)),
        (Sign::Address, is_address(name)),
        (Sign::Addressed, words.len() > 1 && !legal && is_address_of_person(&folded)),
        (Sign::Owner, is_owner(&folded)),
        (Sign::Street, has_street(&folded)),
        (Sign::FewDigits, few),
        (Sign::Digits, digits > 0 && !few),
        (Sign::OneWord, words.len() == 1),
        (Sign::Long, words.len() > 5),
        // "i'm lovin' it": several small words
        (
            Sign::Prose,
            prose >= 2 && !legal || words.len() > 2 && !name.contains(char::is_uppercase),
        ),
        (
            Sign::Marks,
            name.contains(['!', '?', '©', '@', '=', '~', '*', '"']) || name.ends_with("..."),
        ),
        (Sign::Banal, is_banal(&folded)),
        (Sign::Announces, announces_number(&folded)),
        (Sign::Unsure, one.confidence < 90),
        (Sign::VeryUnsure, one.confidence < 70),
    ])
    .collect()
}

/// Returns whether a name begins as the address of a person does: `Frau Dr. Baumann`.
fn is_address_of_person(folded: &str) -> bool {
    const FORMS: [&str; 48] = [
        "sehr",
        "guten",
        "lieber",
        "liebe",
        "hallo",
        "hello",
        "dear",
        "estimado",
        "estimada",
        "estimados",
        "geachte",
        "beste",
        "cher",
        "chere",
        "prezado",
        "prezada",
        "egregio",
        "gentili",
        "herrn",
        "herr",
        "frau",
        "familie",
        "fam",
        "heer",
        "pan",
        "pani",
        "madame",
        "mme",
        "monsieur",
        "mr",
        "mrs",
        "ms",
        "miss",
        "senor",
        "senora",
        "sr",
        "sra",
        "don",
        "dona",
        "egr",
        "gent",
        "gentile",
        "sig",
        "exmo",
        "exma",
        "dhr",
        "mevr",
        "mevrouw",
    ];
    folded.split(' ').next().is_some_and(|first| FORMS.contains(&first))
}

/// Returns whether a name begins with a word for the owner of a shop: `Inh. M. Lorenz`.
fn is_owner(folded: &str) -> bool {
    const WORDS: [&str; 8] =
        ["inh", "inhaber", "inhaberin", "prop", "proprietor", "owner", "titolare", "eigenaar"];
    folded.split(' ').next().is_some_and(|first| WORDS.contains(&first))
}

/// Returns whether words are nothing but legal forms: `TRADING SDN BHD`.
fn is_form(words: &[&str]) -> bool {
    let form = lexicon().legal_form_words(&words.join(" "));
    let rest = words.len().saturating_sub(form);
    form > 0 && (rest == 0 || words.get(..rest).is_some_and(is_form))
}

/// Returns whether a text ends as the label of a number does: `Company Reg No.`.
fn announces_number(folded: &str) -> bool {
    matches!(folded.rsplit(' ').next(), Some("no" | "nr" | "number" | "num" | "id" | "tel" | "fax"))
}

/// Returns whether a web or mail domain of the document bears a name.
#[must_use]
pub fn owns(domains: &[String], name: &str) -> bool {
    let joined = fold(name).replace(' ', "");
    let first = fold(name).split(' ').next().unwrap_or_default().to_owned();
    domains.iter().any(|domain| {
        domain.len() >= 4
            && joined.len() >= 4
            && (joined.contains(domain.as_str())
                || domain.contains(&joined)
                || (first.len() >= 5 && domain.contains(&first)))
    })
}

/// Returns whether a text tells how to reach somebody.
#[must_use]
pub fn is_contact(text: &str) -> bool {
    let folded = format!(" {} ", fold(text));
    let words = [
        " tel ",
        " phone ",
        " fax ",
        " mobile ",
        " telefon ",
        " telefono ",
        " telefone ",
        " mail ",
        " email ",
    ];
    text.contains('@')
        || text.contains("www.")
        || (words.iter().any(|word| folded.contains(word))
            && folded.chars().filter(char::is_ascii_digit).count() >= 6)
}

/// Returns whether a text is the number of a company in a register, such as `(123456-X)`.
#[must_use]
pub fn is_registration(text: &str) -> bool {
    let plain = text.trim_matches(['(', ')', ' ']);
    let digits = plain.chars().filter(char::is_ascii_digit).count();
    let rest = plain.chars().filter(|c| !c.is_ascii_digit() && !matches!(c, '-' | ' ')).count();
    digits >= 5 && rest <= 1 && (text.starts_with('(') || plain.ends_with(char::is_alphabetic))
}
