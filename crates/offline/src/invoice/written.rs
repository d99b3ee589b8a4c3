//! How numbers of documents are written: with a series, in groups, with slashes.

use super::{
    lexicon::{is_number_sign, lexicon},
    lines::{Line, Token, height},
};
use crate::number;
use domain::party::iban_is_valid;

/// Series of documents that the law of Portugal and Italy names; they are also labels.
pub const SERIES: [&str; 6] = ["FT", "FR", "FS", "NC", "ND", "FPR"];

/// Returns a number with the series before it, `FT 2024/17`, and the groups of digits behind it,
/// `418 305 6627`.
pub fn whole_id(line: &Line, at: usize, from: usize) -> Option<String> {
    let own = line.tokens.get(at)?;
    let mut value = id(&own.text)?;
    let same = |token: &&Token| token.cell == own.cell;
    let before = at.checked_sub(1);
    let series = before.and_then(|before| line.tokens.get(before)).filter(same).filter(|token| {
        let capitals = token.text.chars().all(|c| c.is_ascii_uppercase());
        let inside = before.is_some_and(|before| before >= from);
        (inside || SERIES.contains(&token.text.as_str()))
            && capitals
            && (2..=4).contains(&token.text.len())
            && !is_number_sign(&token.folded)
            && !lexicon().is_tax(&token.folded)
    });
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let mut last = own;
    let behind = || line.tokens.iter().skip(at.saturating_add(1));
    for (index, next) in behind().take(4).enumerate().filter(|(_, next)| same(next)) {
        let gap = next.region.left.saturating_sub(last.region.right);
        let ends = behind().nth(index.saturating_add(1)).is_none_or(|after| !same(&after));
        // The last of several groups may be a digit for checking.
        let least = if value.contains(' ') && ends { 1 } else { 3 };
        let group = digits(&next.text) && next.text.len() >= least;
        // `12 447`, `F-118 446`: thousands apart, however wide the letters are set.
        let run = value.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        let thousands = (1..=3).contains(&run.len()) && next.text.len() == 3;
        let high = height(own.region);
        let reach = if thousands { high } else { high / 2 };
        let counted = digits(&value.replace(' ', "")) || thousands && ends && value.contains('-');
        if !counted || !group || gap > reach {
            break;
        }
        value = format!("{value} {}", next.text);
        last = next;
    }
    if let Some(rest) = coded_rest(own, behind().take_while(same)) {
        value = format!("{value}{rest}");
    }
    // The place of sale and the count, with a dash of their own: `0007 - 00005129`.
    let dashed = line.tokens.get(at.saturating_add(1)).filter(|dash| dash.text == "-");
    let count = dashed.and_then(|_| line.tokens.get(at.saturating_add(2))).filter(same);
    if let Some(count) = count.filter(|count| digits(&value) && digits(&count.text)) {
        value = format!("{value}-{}", count.text);
    }
    Some(series.map_or_else(|| value.clone(), |token| format!("{} {value}", token.text)))
}

/// Returns a number with the capital that stands for its series right behind a strong label:
/// `Rechnungsnummer: P 26-0072`.
pub fn with_letter(line: &Line, (at, from): (usize, usize), strong: bool, value: String) -> String {
    // `Faktura F 88/2026`, but not the letter of a kind of invoice: `Factura A 0001-00005129`.
    let sure = strong || value.contains('/');
    let letter = line.tokens.get(from).filter(|_| sure && at == from.saturating_add(1));
    let letter = letter.filter(|letter| {
        let capital = letter.text.len() == 1 && letter.text.chars().all(|c| c.is_ascii_uppercase());
        let own = line.tokens.get(at).is_some_and(|token| token.cell == letter.cell);
        capital && own && !is_number_sign(&letter.folded)
    });
    letter.map_or(value.clone(), |letter| format!("{} {value}", letter.text))
}

/// Returns what the rest of a cell adds to a number that it begins with: the count or the year behind
/// a slash, `118 / 2031`, or groups of capitals and digits, `0441 T7 2031-26B1`.
fn coded_rest<'a>(own: &Token, rest: impl Iterator<Item = &'a Token>) -> Option<String> {
    let rest: Vec<&str> = rest.map(|token| token.text.as_str()).collect();
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let short = |text: &str| digits(text) && text.len() <= 5;
    // A mark or the word before a date ends the number.
    let ends = |text: &str| {
        let dated = ["vom", "del", "du", "of", "dated", "van", "de", "dal"].contains(&text);
        dated || !text.contains(char::is_alphanumeric) && text != "/"
    };
    match rest.as_slice() {
        ["/", count] if short(count) => Some(format!("/{count}")),
        ["/", count, next, ..] if short(count) && ends(next) => Some(format!("/{count}")),
        [slashed] if slashed.strip_prefix('/').is_some_and(short) => Some((*slashed).to_owned()),
        groups => {
            let coded = |text: &&str| {
                let shaped = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
                text.chars().all(shaped)
                    && text.chars().any(|c| c.is_ascii_digit())
                    && crate::date::parse(text, &[], 2000).is_none()
            };
            let lettered =
                groups.iter().any(|text| text.contains(|c: char| c.is_ascii_uppercase()));
            let grouped = (2..=3).contains(&groups.len()) && lettered && coded(&own.text.as_str());
            (grouped && groups.iter().all(coded)).then(|| format!(" {}", groups.join(" ")))
        }
    }
}

pub fn id(text: &str) -> Option<String> {
    // Some programs print the slash of a fraction, or a hyphen that does not break.
    let text = text.replace(['∕', '⁄', '／'], "/").replace(['‐', '‑', '–', '−'], "-");
    let plain = without_sign(&text).trim_matches(|c: char| !c.is_alphanumeric());
    let digits = plain.chars().filter(char::is_ascii_digit).count();
    // Some registers put the number of the till in brackets: `0/0(012)0093/4455`.
    let open = plain.find('(').is_some_and(|open| plain.find(')').is_some_and(|end| open < end));
    let inner = if open && digits >= 6 { "-/._#()" } else { "-/._#" };
    let shaped = plain.chars().all(|c| c.is_alphanumeric() || inner.contains(c));
    let money = number::readings(plain).iter().any(|amount| amount.decimals == 2)
        && plain.contains(['.', ','])
        && !is_year_and_count(plain);
    // `412/04/2025`: the four hundred and twelfth of April
    let parts = plain.split(['/', '.']).map(str::len);
    let days = parts.into_iter().all(|length| length <= 2 || length == 4);
    let dated =
        days && crate::date::parse(plain, &[], 2000).is_some() && plain.contains(['/', '.']);
    (shaped
        && (1..=36).contains(&plain.len())
        && plain.contains(|c: char| c.is_alphanumeric() && c != '0')
        && digits >= 1
        && !money
        && !dated
        && !is_kind_of_fattura(plain)
        && !iban_is_valid(plain))
    .then(|| plain.to_owned())
}

/// Returns whether a text is the code of a kind of paper in the Italian exchange of invoices: `TD01`.
fn is_kind_of_fattura(text: &str) -> bool {
    let digits = text.strip_prefix("TD");
    digits.is_some_and(|digits| digits.len() == 2 && digits.chars().all(|c| c.is_ascii_digit()))
}

/// Returns whether a text is a year and a count, `2026.21`.
fn is_year_and_count(text: &str) -> bool {
    let parts = text.split_once('.');
    parts.is_some_and(|(year, count)| {
        let digits = [year, count].into_iter().all(|part| part.chars().all(|c| c.is_ascii_digit()));
        digits && year.len() == 4 && year.starts_with("20")
    })
}

/// Returns a text without the sign for a number that is glued to its front: `n°5620`, `Nr.17`.
pub fn without_sign(text: &str) -> &str {
    let signs = ["n°", "nº", "n.º", "n.°", "№", "no.", "nr.", "num."];
    let begins = |sign: &&&str| {
        let head = text.get(..sign.len()).is_some_and(|head| head.to_lowercase() == ***sign);
        head && text.get(sign.len()..).is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
    };
    let sign = signs.iter().find(begins);
    sign.and_then(|sign| text.get(sign.len()..)).unwrap_or(text)
}
