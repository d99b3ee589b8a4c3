//! Slips of the keyboard in a sentence, mended where a lexicon has a close word.

use super::{
    lexicon::Lexicon,
    piece::Scanner,
    script,
    token::{Kind, Token},
    typo,
    word::{Role, Word},
};

impl Scanner<'_> {
    /// Returns the tokens with slips of the keyboard mended where a lexicon has a close word.
    pub(super) fn corrected(&self) -> Vec<Token> {
        let mend = |(at, token): (usize, &Token)| {
            let mut token = token.clone();
            let named = self
                .known
                .iter()
                .any(|known| (known.at..known.at.saturating_add(known.length)).contains(&at));
            let proper = at > 0 && token.text.chars().next().is_some_and(char::is_uppercase);
            // "q no he pagado"; "2 x 3" and "3 u" are something else, "31 n 32" is not
            let next = self.tokens.get(at.saturating_add(1));
            let one = token.folded.chars().count() == 1 && token.folded != "n";
            let times = token.folded == "x" && next.is_some_and(|next| next.kind == Kind::Number);
            let counts = one && self.is_thing(at) || times;
            let own = self.lexicons.first().filter(|_| !named && !proper && !counts);
            if let Some(word) = own.and_then(|own| own.written_out(&token.folded)) {
                token.folded = word.to_owned();
                return token;
            }
            let is_known = self.lexicons.iter().any(|lexicon| lexicon.knows(&token.folded));
            // "4 heures" is no slip of "/ heure"
            let counted = token.folded.strip_suffix('s').is_some_and(|one| {
                let each = Role::Word(Word::Each);
                self.lexicons.iter().any(|lexicon| lexicon.roles(one).contains(&each))
            });
            let fits = |word: &str| !self.is_thing(at) || !self.is_standing(word);
            if token.kind == Kind::Word && !named && !proper && !is_known && !counted {
                let stretched = typo::unstretched(&token.folded)
                    .into_iter()
                    .find(|word| self.lexicons.iter().any(|lexicon| lexicon.knows(word)));
                let close = || {
                    let mut lexicons = self.mending();
                    let close = lexicons.find_map(|lexicon| lexicon.corrected(&token.folded));
                    close.filter(|word| fits(word))
                };
                let bare = script::without_clitic(&token.folded).find(|word| {
                    self.lexicons.iter().any(|lexicon| !lexicon.roles(word).is_empty())
                });
                let fixed = stretched.or(bare).or_else(|| close().map(str::to_owned));
                if let Some(fixed) = fixed {
                    token.folded = fixed;
                }
            }
            token
        };
        self.tokens.iter().enumerate().map(mend).collect()
    }

    /// "3 vestidos": what stands right behind a number is counted.
    fn is_thing(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|at| self.tokens.get(at));
        before.is_some_and(|before| before.kind == Kind::Number)
    }

    /// Returns whether a word tells where an invoice stands.
    fn is_standing(&self, word: &str) -> bool {
        const STANDING: [Role; 6] = [
            Role::Word(Word::Paid),
            Role::Word(Word::Unpaid),
            Role::Word(Word::Overdue),
            Role::Word(Word::Due),
            Role::Word(Word::Draft),
            Role::Word(Word::Cancelled),
        ];
        let roles = || self.lexicons.iter().flat_map(|lexicon| lexicon.roles(word));
        roles().any(|role| STANDING.contains(role))
    }

    /// The lexicons that mend a word. What looks like a slip in one language is a word of another:
    /// "rente" is no "rent".
    fn mending(&self) -> impl Iterator<Item = &&'static Lexicon> {
        self.lexicons.iter().take(if self.mixes_english() { 2 } else { 1 })
    }
}
