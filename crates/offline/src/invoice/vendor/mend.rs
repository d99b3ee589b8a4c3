//! Names with a letter that a reader of pixels took for another: what stands elsewhere on the
//! paper, and the legal forms that exist, say what was meant.

use super::super::{lexicon::lexicon, near::one_letter_off};
use domain::names::fold;

/// Returns a name with the misread letter of its legal form, and of the word that a domain of the
/// document bears, put right.
#[must_use]
pub fn mended(name: &str, domains: &[String]) -> String {
    let words: Vec<&str> = name.split(' ').collect();
    let by_domain = words.iter().map(|word| {
        let meant = domains.iter().find(|domain| domain.len() >= 5 && is_misread(word, domain));
        meant.map_or_else(|| (*word).to_owned(), |domain| respelt(word, domain))
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
    fn sound_names_stay() {
        let domains = ["hillside".to_owned()];
        for name in ["Hillside Stores", "Hill & Son", "Baker Bros", "SON BHD", "Sun Trading Co"] {
            assert_eq!(mended(name, &domains), name);
        }
    }
}
