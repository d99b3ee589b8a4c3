//! The script of a text, which tells its language before any word is known.

use super::token::{Kind, Token};

/// Letters that Persian and Urdu have and Arabic has not.
const NOT_ARABIC: &str = "پچژگٹڈڑںےھہۓۂکی";

/// Returns the language that the words of a text are spelt in, where its script says so: Arabic or
/// Hindi. One word is enough beside a Latin name, fewer words than a third are themselves a name.
pub(super) fn language(tokens: &[Token]) -> Option<&'static str> {
    let words = || tokens.iter().filter(|token| token.kind == Kind::Word);
    let of = |from: char, to: char| {
        let spelt = |token: &&Token| token.text.chars().any(|c| (from..=to).contains(&c));
        words().filter(spelt).count()
    };
    let leads = |count: usize| count > 0 && count.saturating_mul(3) >= words().count();
    if leads(of('\u{900}', '\u{97f}')) {
        return Some("hi");
    }
    let foreign = words().any(|token| token.text.contains(|c| NOT_ARABIC.contains(c)));
    (leads(of('\u{600}', '\u{6ff}')) && !foreign).then_some("ar")
}

/// Returns whether most words are spelt in a script that no lexicon has: Cyrillic, Greek, Hebrew,
/// Chinese and so on. A name among other words is none of it.
pub(super) fn is_foreign(tokens: &[Token]) -> bool {
    let known = |c: char| {
        let latin = c < '\u{250}' || ('\u{1e00}'..='\u{1eff}').contains(&c);
        let arabic = ('\u{600}'..='\u{6ff}').contains(&c) && !NOT_ARABIC.contains(c);
        latin || arabic || ('\u{900}'..='\u{97f}').contains(&c)
    };
    let lettered = || tokens.iter().filter(|token| token.text.chars().any(char::is_alphabetic));
    let strange = |token: &&Token| token.text.chars().any(|c| c.is_alphabetic() && !known(c));
    let count = lettered().filter(strange).count();
    count > 0 && count.saturating_mul(2) >= lettered().count()
}

/// Returns what an Arabic word may be without the small words that are written with it: "to", "and",
/// "with", "so".
pub(super) fn without_clitic(word: &str) -> impl Iterator<Item = String> + '_ {
    let with_article = word.strip_prefix("لل").map(|rest| format!("ال{rest}"));
    let bare = ['ل', 'ب', 'و', 'ف'].into_iter().filter_map(|small| word.strip_prefix(small));
    let bare = bare.filter(|rest| rest.chars().count() > 2).map(str::to_owned);
    with_article.into_iter().chain(bare)
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::language;

    #[test]
    fn the_script_tells_the_language_and_a_foreign_name_does_not() {
        let told = |text: &str| language(&tokens(text));
        assert_eq!(told("كم أنفقت في Carrefour Mall"), Some("ar"));
        assert_eq!(told("पिछले महीने Shell पर कितना खर्च हुआ"), Some("hi"));
        assert_eq!(told("how much did I spend at كارفور last month"), None);
        assert_eq!(told("چقدر در ماه گذشته خرج کردم"), None);
        assert_eq!(told("how much this year?"), None);
        assert_eq!(told("🙂 12"), None);
    }

    #[test]
    fn other_scripts_are_foreign_and_a_name_in_one_is_not() {
        let foreign = |text: &str| super::is_foreign(&tokens(text));
        for text in
            ["Сколько я потратил", "請求書12を支払済みにして", "כמה שילמתי", "ماه گذشته چقدر"]
        {
            assert!(foreign(text), "{text}");
        }
        for text in ["how much did I pay Яндекс", "كم أنفقت", "कितना खर्च", "größte Rechnung", "12"]
        {
            assert!(!foreign(text), "{text}");
        }
    }
}
