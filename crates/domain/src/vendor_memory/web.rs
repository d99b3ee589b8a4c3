//! The web and mail domains that a document prints, as marks of its vendor.

use crate::names::fold;

/// Returns the one web address that is printed. E-mail addresses do not count: they may be the
/// customer's.
pub fn web_domain(rows: &[String]) -> Option<String> {
    let mut found: Vec<String> = words(rows)
        .filter_map(|word| {
            let start = word.find("www.")?.checked_add(4)?;
            domain(word.get(start..)?)
        })
        .collect();
    found.sort();
    found.dedup();
    found.pop().filter(|_| found.is_empty())
}

/// Returns the domains of all mail addresses that are printed, whoever they belong to; sorted.
pub fn mail_domains(rows: &[String]) -> Vec<String> {
    let mut found: Vec<String> =
        words(rows).filter_map(|word| domain(word.split_once('@')?.1)).collect();
    found.sort();
    found.dedup();
    found
}

/// Returns whether a domain bears a vendor's name, one letter of which may be misread: `krume.example`
/// is Bakery Krume's, a mail provider is nobody's.
pub fn bears(domain: &str, name: &str) -> bool {
    let host = domain.rsplit_once('.').map_or(domain, |(host, _)| host);
    let label = host.rsplit('.').find(|part| part.len() > 3).unwrap_or(host);
    let label = fold(label).replace(' ', "");
    let name = fold(name);
    let joined = name.replace(' ', "");
    let long = |word: &&str| word.chars().count() >= 5;
    label.chars().count() >= 4
        && (joined.contains(&label)
            || one_letter_off(&label, &joined)
            || name
                .split(' ')
                .filter(long)
                .any(|word| label.contains(word) || one_letter_off(&label, word)))
}

/// Returns whether two words of five letters or more differ in one letter at most.
fn one_letter_off(one: &str, other: &str) -> bool {
    let longer = one.len().max(other.len());
    let head = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let tails = one.bytes().rev().zip(other.bytes().rev());
    let tail = tails.take_while(|(a, b)| a == b).count();
    let near = one.len().abs_diff(other.len()) <= 1;
    near && longer >= 5 && head.saturating_add(tail).saturating_add(1) >= longer
}

fn words(rows: &[String]) -> impl Iterator<Item = String> + '_ {
    rows.iter().flat_map(|row| row.split_whitespace()).map(str::to_lowercase)
}

fn domain(text: &str) -> Option<String> {
    let domain = text.split(['/', ',', ';', ')', ':', '>']).next()?.trim_end_matches('.');
    (domain.contains('.') && domain.len() >= 4).then(|| domain.to_owned())
}
