//! The name in a cell: without address, number of a register, label or marks.

use super::super::{lexicon::lexicon, places::is_address};
use crate::number::is_currency_sign;
use domain::names::fold;

/// Returns the name that a cell begins with: without address, registration number or label.
#[must_use]
pub fn name_in(cell: &str) -> Option<String> {
    if is_labelled(cell) {
        return None;
    }
    let cut = cell.split([',', '|', '·', '•', '–', '<']).next().unwrap_or_default();
    let cut = before_number_in_brackets(cut);
    let cut = cut.split(" - ").next().unwrap_or_default().trim();
    let cut = if cut.is_empty() { cell } else { cut };
    let letters = cut.chars().filter(|c| c.is_alphabetic()).count();
    let cut = before_rest(cut);
    let web = cut.contains('@') || cut.contains("www.") || cut.contains("http");
    let plain = trimmed(cut);
    let with_suffix = legal_suffix(cell, &plain);
    // Two letters are a name only as initials: `HP`, `C&A`.
    let initials = letters == 2
        && (2..=4).contains(&plain.len())
        && plain.chars().all(|c| c.is_uppercase() || matches!(c, '&' | '+' | '.'))
        && !is_currency_sign(&plain);
    let count = cut.chars().filter(|c| !matches!(c, ' ' | '.' | '(' | ')' | '&')).count();
    ((letters >= 3 || initials) && !web && letters.saturating_mul(2) > count).then_some(with_suffix)
}

/// Returns whether a cell is a label of several words with its value, or one with a number:
/// `Means of payment : transfer`, `Nummer : 549910`.
fn is_labelled(cell: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = |text: &str| text.chars().any(|c| c.is_ascii_digit());
    cell.split_once(':').is_some_and(|(label, rest)| {
        let words: Vec<&str> = label.split_whitespace().collect();
        let company = (1..=words.len()).filter_map(|to| words.get(..to));
        let mut company = company.filter(|part| lexicon().has_legal_form(&part.join(" ")));
        let whole = words.len() >= 3 && rest.starts_with(' ') && company.next().is_none();
        whole || digits(rest) && letters(rest) <= 2
    })
}

/// Cuts what follows the legal form of a company where it is an address, a number or a label:
/// `Hill Foods Ltd. Registered office 12 High Street`.
fn before_rest(text: &str) -> &str {
    let plain = !text.contains(|c: char| c.is_ascii_digit() || c == '.');
    if plain || text.len() < 8 {
        return text;
    }
    let ends = text.char_indices().filter(|(_, c)| *c == ' ').map(|(at, _)| at);
    let mut parts = ends.rev().filter_map(|at| text.split_at_checked(at));
    let cut = parts.find(|(head, rest)| {
        let rest = rest.trim_start();
        let words: Vec<&str> = rest.split(' ').collect();
        let said = |count: usize| words.get(..count).map(|part| fold(&part.join(" ")));
        let said = (1..=3).filter_map(said).any(|label| !lexicon().roles(&label).is_empty());
        let numbered = rest.contains(|c: char| c.is_ascii_digit());
        let labelled = numbered && (said || rest.contains(':'));
        let form = lexicon().legal_form_words(head);
        let whole = form > 0 && head.split(' ').count() > form;
        // `Co.` and the like also stand within names.
        let more = lexicon().has_legal_form(rest);
        whole && (labelled || (!more && (is_address(rest) || is_office(rest))))
    });
    cut.map_or(text, |(head, _)| head)
}

/// Returns whether a text goes on with the seat of a company.
fn is_office(rest: &str) -> bool {
    let folded = fold(rest);
    let words = [
        "registered ",
        "is registered",
        "is authorised",
        "is the trading name",
        "is a trading name",
        "sitz ",
        "siege ",
        "sede ",
        "domicilio ",
        "statutair",
        "handelsregister",
    ];
    words.iter().any(|word| folded.starts_with(word))
}

/// Returns a name without what readers glue to its ends: marks, an unknown label with a colon, a
/// number of a register, and letters of another script.
fn trimmed(name: &str) -> String {
    let foreign = |c: char| u32::from(c) > 0x2E80 && name.chars().any(|c| c.is_ascii_alphabetic());
    let edge = |c: char| foreign(c) || (!c.is_alphanumeric() && !matches!(c, '.' | ')' | '('));
    let plain = name.trim_matches(edge).trim_start_matches(['.', ')']);
    let plain = match plain.split_once(": ") {
        Some((label, rest)) if !label.contains(' ') => rest,
        _ => plain,
    };
    let registered = |word: &str| word.chars().filter(char::is_ascii_digit).count() >= 5;
    let rest = plain.rsplit_once(' ').filter(|(_, last)| registered(last)).map(|(rest, _)| rest);
    rest.unwrap_or(plain).trim_matches(edge).to_owned()
}

/// Cuts a remark in brackets off, but keeps `(North)` in `Hill (North) Ltd`.
fn before_number_in_brackets(text: &str) -> &str {
    let Some((head, tail)) = text.split_once('(') else { return text };
    // A number of a register ends the name, whatever brackets stand within it.
    let numbered = |inner: &str| inner.chars().filter(char::is_ascii_digit).count() >= 4;
    let mut brackets = text.match_indices('(').filter_map(|(at, _)| text.split_at_checked(at));
    if let Some((head, _)) = brackets.find(|(head, rest)| {
        !head.is_empty() && numbered(rest.split(')').next().unwrap_or_default())
    }) {
        return before_number_in_brackets(head.trim_end());
    }
    let kept = tail.split_once(')').is_some_and(|(inner, rest)| {
        !inner.chars().any(|c| c.is_ascii_digit()) && lexicon().has_legal_form(rest)
    });
    if kept || head.trim().is_empty() { text } else { head }
}

/// Keeps `, Inc.` and the like, which a comma parts from the name.
fn legal_suffix(cell: &str, name: &str) -> String {
    let Some((_, rest)) = cell.split_once(',') else { return name.to_owned() };
    let whole = format!("{name}, {}", rest.trim());
    if (1..=6).contains(&rest.trim().len()) && lexicon().has_legal_form(&whole) {
        whole
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_a_legal_form_is_cut_off() {
        for (cell, name) in [
            ("Hill Foods Ltd. Registered office: 12 High Street", "Hill Foods Ltd."),
            ("Moosbach GmbH HRB 12345", "Moosbach GmbH"),
            ("Moosbach GmbH,", "Moosbach GmbH"),
            ("Hill (North) Ltd (139386 X)", "Hill (North) Ltd"),
            ("Mr. H.I.L. (M) Sdn Bhd", "Mr. H.I.L. (M) Sdn Bhd"),
            ("PC Garage SA. Adresse : 115 rue de la Paix", "PC Garage SA."),
            ("Smits & Visser V.O.F. KvK 99319510", "Smits & Visser V.O.F."),
            ("Moosbach GmbH & Co. KG HRA 12345", "Moosbach GmbH & Co. KG"),
            ("Hill & Co. Company No. 04756557", "Hill & Co."),
            ("Hill & Co. Trading Ltd", "Hill & Co. Trading Ltd"),
            ("Hill Foods LLP is registered in England OC301122", "Hill Foods LLP"),
            ("Hill Foods LLC <billing@hill.example>", "Hill Foods LLC"),
            ("The Company Store", "The Company Store"),
            ("Baker Trading 24", "Baker Trading 24"),
        ] {
            assert_eq!(name_in(cell).as_deref(), Some(name));
        }
    }

    #[test]
    fn a_label_with_a_number_is_no_name() {
        for cell in
            ["Nummer : 549910", "Debitor: 12/345", "Tel.: +49 30 1234", "Means of payment : cash"]
        {
            assert_eq!(name_in(cell), None, "{cell}");
        }
    }
}
