//! Names with a letter that a reader of pixels took for another: what stands elsewhere on the
//! paper, and the legal forms that exist, say what was meant.

use super::super::{lexicon::lexicon, near::one_letter_off};
use domain::names::fold;

/// Returns a name with the misread letter of its legal form, and of the word that a domain of the
/// document bears, put right.
#[must_use]
pub fn mended(name: &str, domains: &[String]) -> String {
    let words: Vec<String> = name.split(' ').map(without_digit).collect();
    let by_domain = words.iter().map(|word| {
        let meant = domains.iter().find(|domain| domain.len() >= 5 && is_misread(word, domain));
        meant.map_or_else(|| word.clone(), |domain| respelt(word, domain))
    });
    let words: Vec<String> = by_domain.collect();
    with_form(&words).unwrap_or_else(|| words.join(" "))
}

/// Puts the last words right where they are a legal form but for one letter.
fn with_form(words: &[String]) -> Option<String> {
    // `BHD` is one by itself, and the end of `SON BHD` all the same.
    let known = lexicon().legal_form_words(&words.join(" "));
    (1..=3).rev().filter(|count| *count > known).find_map(|count| {
        let at = words.len().checked_sub(count).filter(|at| *at > 0)?;
        let (head, tail) = words.split_at_checked(at)?;
        let form = lexicon().legal_form_near(&fold(&tail.join(" ")))?;
        let meant = tail.iter().zip(form.split(' ')).map(|(word, meant)| respelt(word, meant));
        let whole: Vec<String> = head.iter().cloned().chain(meant).collect();
        Some(whole.join(" "))
    })
}

/// Returns a word without the one digit among its letters that is the picture of a letter: `0NE`,
/// `LAN6LEY`. `G4S`, `3M` and `Forever21` stay.
fn without_digit(word: &str) -> String {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let inside = word.trim_matches(|c: char| !c.is_alphanumeric());
    let first = inside.starts_with('0') && letters >= 2;
    let between = letters >= 4
        && !inside.starts_with(|c: char| c.is_ascii_digit())
        && !inside.ends_with(|c: char| c.is_ascii_digit());
    if digits != 1 || !(first || between) {
        return word.to_owned();
    }
    let capitals = word.chars().filter(|c| c.is_uppercase()).count().saturating_mul(2) > letters;
    let letter = |c: char| match (letter_like(c), capitals) {
        (Some(letter), false) => letter.to_ascii_lowercase(),
        (letter, _) => letter.unwrap_or(c),
    };
    word.chars().map(letter).collect()
}

/// Returns the capital that a digit looks like.
const fn letter_like(digit: char) -> Option<char> {
    match digit {
        '0' => Some('O'),
        '1' => Some('I'),
        '5' => Some('S'),
        '6' => Some('G'),
        '8' => Some('B'),
        _ => None,
    }
}

/// Returns whether a word is another but for one letter in the place of one.
fn is_misread(word: &str, meant: &str) -> bool {
    let folded = fold(word);
    folded != meant && folded.len() == meant.len() && one_letter_off(&folded, meant)
}

/// Returns a word with the letters of another of the same length, in its own capitals; its marks
/// stay.
fn respelt(word: &str, meant: &str) -> String {
    let capitals = word.chars().filter(|c| c.is_uppercase()).count();
    let small = word.chars().filter(|c| c.is_lowercase()).count();
    let mut letters = meant.chars();
    let put = |seen: char| {
        if !seen.is_alphanumeric() {
            return seen;
        }
        let Some(meant) = letters.next() else { return seen };
        if fold(&seen.to_string()) == meant.to_string() {
            seen
        } else if capitals > small {
            meant.to_ascii_uppercase()
        } else {
            meant
        }
    };
    word.chars().map(put).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misread_legal_form_is_put_right() {
        for (seen, meant) in [
            ("HILL FOODS SON BHD", "HILL FOODS SDN BHD"),
            ("Hill Foods Sdn. Bnd.", "Hill Foods Sdn. Bhd."),
            ("Moosbach GmbN", "Moosbach Gmbh"),
            ("Hill Corporatien", "Hill Corporation"),
        ] {
            assert_eq!(mended(seen, &[]), meant);
        }
    }

    #[test]
    fn a_domain_tells_the_letters_of_a_name() {
        let domains = ["norvita".to_owned()];
        assert_eq!(mended("NORVLTA FOODS", &domains), "NORVITA FOODS");
        assert_eq!(mended("Norv1ta", &domains), "Norvita");
    }

    #[test]
    fn a_digit_among_letters_is_the_letter_it_looks_like() {
        for (seen, meant) in
            [("DRAVO 0NE", "DRAVO ONE"), ("LAN6LEY FOODS", "LANGLEY FOODS"), ("M0tors", "Motors")]
        {
            assert_eq!(mended(seen, &[]), meant);
        }
        for name in ["G4S", "3M Health", "Forever21", "99 SPEED MART", "7-ELEVEN", "Studio 54"] {
            assert_eq!(mended(name, &[]), name);
        }
    }

    #[test]
    fn sound_names_stay() {
        let domains = ["hillside".to_owned()];
        for name in ["Hillside Stores", "Hill & Son", "Baker Bros", "SON BHD", "Sun Trading Co"] {
            assert_eq!(mended(name, &domains), name);
        }
    }
}
