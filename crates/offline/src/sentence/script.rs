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
}
