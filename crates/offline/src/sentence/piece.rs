//! A sentence as pieces: phrases of the lexicon with their roles, known names, numbers, the rest.

use super::{
    address, apart,
    lexicon::{self, Lexicon},
    names::{self, Known},
    negation, number, numeral, perfect, proper, script,
    token::{self, Kind, Token},
    word::{Role, Word},
};
use domain::money::Currency;
use ports::model::Sentence;
use rust_decimal::Decimal;

/// A run of tokens with one meaning.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// As it was written.
    pub(super) text: String,
    /// Folded words, parted by one space.
    pub(super) folded: String,
    /// Where it stands in the plain text, in bytes.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// What it is by its letters.
    pub(super) kind: Kind,
    /// What it can mean; empty for an unknown word.
    pub(super) roles: Vec<Role>,
    /// The stored name it stands for.
    pub(super) known: Option<Known>,
    /// Its value, for a number.
    pub(super) value: Option<Decimal>,
}

impl Piece {
    pub(super) fn is(&self, word: Word) -> bool {
        self.roles.contains(&Role::Word(word))
    }

    pub(super) fn is_any(&self, words: &[Word]) -> bool {
        words.iter().any(|word| self.is(*word))
    }

    pub(super) fn is_mark(&self, marks: &str) -> bool {
        self.kind == Kind::Mark && marks.contains(self.text.as_str())
    }

    pub(super) fn is_capital(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }

    /// Returns whether it is a word that no lexicon knows.
    pub(super) fn is_unknown(&self) -> bool {
        self.roles.is_empty() && self.kind == Kind::Word && self.known.is_none()
    }

    /// Returns whether it may be two thousand as well as two: "2.000".
    pub(super) fn is_doubtful(&self) -> bool {
        let head = self.text.split(['.', ',']).next().unwrap_or_default();
        self.value.is_some_and(|value| value.scale() == 3 && value >= Decimal::ONE)
            && (1..=3).contains(&head.len())
    }

    /// Returns whether it makes a number behind it a rough one.
    pub(super) fn is_rough_before(&self, next: Option<&Self>) -> bool {
        let amount = next.is_some_and(|next| next.value.is_some() || next.currency().is_some());
        self.is(Word::Roughly) && amount
    }

    /// Returns whether a noun stands for several things.
    pub(super) fn is_plural(&self, code: &str) -> bool {
        let ends: &[&str] = match code {
            "it" => &["e", "i"],
            "de" => &["en", "n", "s"],
            "nl" => &["en", "s"],
            _ => &["s"],
        };
        self.folded.chars().count() > 4 && ends.iter().any(|end| self.folded.ends_with(end))
    }

    pub(super) fn currency(&self) -> Option<Currency> {
        self.roles.iter().find_map(|role| match role {
            Role::Currency(currency) => Some(*currency),
            _ => None,
        })
    }

    /// Returns a whole number, written in digits or as a word.
    pub(super) fn count(&self) -> Option<u32> {
        let word = self.roles.iter().find_map(|role| match role {
            Role::Number(number) => Some(*number),
            _ => None,
        });
        word.or_else(|| self.value.filter(Decimal::is_integer)?.try_into().ok())
    }

    /// Returns the number it says, written in digits or as a word.
    pub(super) fn decimal(&self) -> Option<Decimal> {
        self.value.or_else(|| self.count().map(Decimal::from))
    }
}

/// A sentence in pieces.
#[derive(Debug)]
pub(super) struct Parsed {
    /// The text with ASCII digits.
    pub(super) plain: String,
    /// Its pieces, in order.
    pub(super) pieces: Vec<Piece>,
    /// The lexicon that fits it best.
    pub(super) code: &'static str,
    /// Whether that lexicon knows so many of its words that it is likely to be in that language.
    pub(super) recognised: bool,
}

/// Cuts a sentence into pieces in the language that fits it best.
pub(super) fn parse(sentence: &Sentence) -> Parsed {
    parse_text(&sentence.text, sentence)
}

/// Cuts another text of the same conversation into pieces.
pub(super) fn parse_text(text: &str, sentence: &Sentence) -> Parsed {
    let plain = token::plain(text);
    let tokens = token::tokens_in(&plain, number::parts_with_comma(&sentence.locale));
    let tokens = token::spaced_thousands(tokens, &plain, &sentence.locale);
    let tokens = apart::pronouns(apart::ands(apart::times(apart::weeks(apart::strokes(tokens)))));
    let told = names::without(&tokens, &sentence.names);
    let (code, weight) = language_of(&told, &sentence.locale);
    let lexicons: Vec<&Lexicon> =
        [code, "en"].into_iter().filter_map(lexicon::of).collect::<Vec<_>>();
    let scanner = Scanner {
        plain: &plain,
        known: names::find(&tokens, &sentence.names, &lexicons),
        lexicons,
        reading: number::Reading::of(&sentence.locale, code),
        currency: sentence.currency,
        tokens: &tokens,
    };
    let mut pieces = scanner.pieces();
    address::apply(&mut pieces);
    if code == "en" {
        numeral::apply(&mut pieces, &plain);
    }
    negation::apply(&mut pieces);
    negation::conditions(&mut pieces, code);
    proper::verbs(&mut pieces);
    perfect::apply(&mut pieces);
    proper::things(&mut pieces);
    let recognised = weight > 0 && (is_home(code, &sentence.locale) || is_mostly(&told, code));
    Parsed { plain, pieces, code, recognised }
}

/// Returns whether a lexicon knows half of the words at least: "time zone Mars/Phobos" is not French
/// because of a month.
fn is_mostly(tokens: &[Token], code: &str) -> bool {
    let words: Vec<Token> =
        tokens.iter().filter(|token| token.kind == Kind::Word).cloned().collect();
    let known = lexicon::of(code).map_or(0, |lexicon| coverage(&words, lexicon));
    script::language(tokens).is_some() || known.saturating_mul(2) >= words.len()
}

fn home_of(locale: &str) -> String {
    locale.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}

fn is_home(code: &str, locale: &str) -> bool {
    code == home_of(locale)
}

/// Returns the language whose lexicon covers most of the words, and by how much.
///
/// The script comes first: words of its own tell Arabic and Hindi from all others. Else the
/// locale's own language wins over another that is no better by more than half a word.
fn language_of(tokens: &[Token], locale: &str) -> (&'static str, usize) {
    if let Some(code) = script::language(tokens) {
        return (code, 2);
    }
    let home = home_of(locale);
    let mut best = ("en", 0);
    for lexicon in lexicon::all() {
        let covered = coverage(tokens, lexicon);
        let bonus = usize::from(covered > 0 && lexicon.code == home);
        let weight = covered.saturating_mul(2).saturating_add(bonus);
        if weight > best.1 {
            best = (lexicon.code, weight);
        }
    }
    if best.1 == 0
        && let Some(lexicon) = lexicon::of(&home)
    {
        best.0 = lexicon.code;
    }
    best
}

fn coverage(tokens: &[Token], lexicon: &Lexicon) -> usize {
    let mut at = 0;
    let mut covered: usize = 0;
    while at < tokens.len() {
        let length = (1..=lexicon.longest)
            .rev()
            .find(|length| !roles_at(tokens, at, *length, lexicon).is_empty());
        covered = covered.saturating_add(length.unwrap_or(0));
        at = at.saturating_add(length.unwrap_or(1));
    }
    covered
}

fn phrase(tokens: &[Token], at: usize, length: usize) -> Option<String> {
    let run = tokens.get(at..at.checked_add(length)?)?;
    let wordy = run.iter().all(|token| matches!(token.kind, Kind::Word | Kind::Code))
        || (length == 1 && run.iter().all(|token| token.kind == Kind::Mark));
    wordy.then(|| run.iter().map(|token| token.folded.as_str()).collect::<Vec<_>>().join(" "))
}

fn roles_at<'l>(tokens: &[Token], at: usize, length: usize, lexicon: &'l Lexicon) -> &'l [Role] {
    phrase(tokens, at, length).map_or(&[], |phrase| lexicon.roles(&phrase))
}

pub(super) struct Scanner<'a> {
    plain: &'a str,
    pub(super) tokens: &'a [Token],
    pub(super) known: Vec<Known>,
    pub(super) lexicons: Vec<&'static Lexicon>,
    reading: number::Reading,
    currency: Currency,
}

impl Scanner<'_> {
    fn pieces(&self) -> Vec<Piece> {
        let corrected = self.corrected();
        let mut pieces = Vec::new();
        let mut at = 0;
        while let Some(token) = self.tokens.get(at) {
            let (length, roles, known) = self.meaning(&corrected, at, token);
            let last = at.saturating_add(length).saturating_sub(1);
            let end = self.tokens.get(last).map_or(token.end, |token| token.end);
            let text = self.plain.get(token.start..end).unwrap_or_default().to_owned();
            let is_number = token.kind == Kind::Number && known.is_none();
            let value = is_number.then(|| self.reading.value(&text)).flatten();
            // "10k"
            let next = self.tokens.get(last.saturating_add(1));
            let thousands =
                value.is_some() && next.is_some_and(|next| next.folded == "k" && next.start == end);
            let value = match value {
                Some(value) if thousands => value.checked_mul(1000.into()),
                value => value,
            };
            let last = if thousands { last.saturating_add(1) } else { last };
            pieces.push(Piece {
                folded: domain::names::fold(&text),
                text,
                start: token.start,
                end,
                kind: if known.is_some() { Kind::Word } else { token.kind },
                roles,
                known,
                value,
            });
            at = last.saturating_add(1);
        }
        self.join_names(&mut pieces);
        pieces
    }

    /// "Harbor View": a word written large behind a name that nobody knows belongs to it, unless
    /// it says when, how much or which papers. German writes all nouns so.
    fn join_names(&self, pieces: &mut [Piece]) {
        const OWN: [Word; 9] = [
            Word::Document,
            Word::Paid,
            Word::Unpaid,
            Word::Overdue,
            Word::Due,
            Word::Tax,
            Word::Spend,
            Word::Income,
            Word::And,
        ];
        proper::seasons(pieces);
        let shouted = !self.plain.chars().any(char::is_lowercase);
        if shouted || self.lexicons.first().is_some_and(|lexicon| lexicon.code == "de") {
            return;
        }
        let mut name = false;
        for piece in pieces.iter_mut() {
            let plain = piece.roles.iter().all(|role| match role {
                Role::Word(word) => !OWN.contains(word),
                Role::Category(_) => true,
                _ => false,
            });
            let large = piece.kind == Kind::Word && piece.is_capital() && piece.text.len() > 1;
            let one = !piece.text.contains(' ');
            if name && large && one && plain && piece.known.is_none() {
                piece.roles.clear();
            }
            name = large && piece.is_unknown();
        }
    }

    fn meaning(
        &self,
        corrected: &[Token],
        at: usize,
        token: &Token,
    ) -> (usize, Vec<Role>, Option<Known>) {
        let known = self.known.iter().find(|known| known.at == at);
        if token.kind == Kind::Sign || token.kind == Kind::Word {
            let currency = number::currency_of(&token.text, self.currency);
            if let Some(currency) = currency.filter(|_| known.is_none()) {
                return (1, vec![Role::Currency(currency)], None);
            }
        }
        let known_length = known.map_or(0, |known| known.length);
        let longest = self.lexicons.iter().map(|lexicon| lexicon.longest).max();
        for length in (1..=longest.unwrap_or(1)).rev() {
            if length <= known_length {
                return (known_length, Vec::new(), known.cloned());
            }
            let found = self
                .lexicons
                .iter()
                .map(|lexicon| {
                    self.adapted(roles_at(corrected, at, length, lexicon), self.borrows(lexicon))
                })
                .find(|roles| !roles.is_empty());
            // "Alles von Uber": written large within a sentence it is no "über"
            let named = at > 0
                && corrected
                    .get(at..at.saturating_add(length))
                    .is_some_and(|run| run.iter().any(|token| token.text.starts_with("Uber")));
            let found = found.filter(|roles| !(named && roles.contains(&Role::Word(Word::Over))));
            if let Some(roles) = found {
                return (length, roles, None);
            }
        }
        (known_length.max(1), Vec::new(), known.cloned())
    }

    /// "Dollars" are the tenant's own dollars; English months only stand in where a language
    /// borrows them.
    fn adapted(&self, roles: &[Role], borrowed: bool) -> Vec<Role> {
        let adapt = |role: &Role| match role {
            Role::Currency(currency) => {
                Role::Currency(number::own_currency(*currency, self.currency))
            }
            other => *other,
        };
        let stays = |role: &&Role| borrowed || !matches!(role, Role::Month(_) | Role::Weekday(_));
        roles.iter().filter(stays).map(adapt).collect()
    }

    fn borrows(&self, lexicon: &Lexicon) -> bool {
        self.lexicons.first().is_some_and(|own| own.code == lexicon.code) || self.mixes_english()
    }

    /// Hindi and Arabic are written with English words between their own.
    pub(super) fn mixes_english(&self) -> bool {
        self.lexicons.first().is_some_and(|lexicon| matches!(lexicon.code, "hi" | "ar"))
    }
}

/// Returns whether any piece has one of these roles.
pub(super) fn has(pieces: &[Piece], words: &[Word]) -> bool {
    pieces.iter().any(|piece| piece.is_any(words))
}
