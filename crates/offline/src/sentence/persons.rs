//! Whether words speak of somebody, of a month or of a thing, by what stands around them.

use super::{
    direction::BY,
    filters::Binder,
    names::Side,
    piece::{Piece, has},
    token::Kind,
    word::{Role, Word},
};
use domain::names::fold;

/// Words before a noun that say nothing of it.
const ARTICLES: [&str; 18] = [
    "the", "a", "el", "la", "los", "las", "un", "una", "le", "les", "o", "os", "as", "il", "lo",
    "de", "het", "een",
];

impl Binder<'_> {
    /// Returns whether words are known to stand on bills as what was bought.
    pub(super) fn is_on_a_bill(&self, run: &[Piece]) -> bool {
        let typed = run.iter().map(|piece| piece.text.as_str()).collect::<Vec<_>>().join(" ");
        let typed = fold(&typed);
        self.sentence.names.things.iter().any(|thing| fold(thing) == typed)
    }

    /// "Cuánto café compré" with a customer Café Azul: in small letters, and the first word of a name
    /// only, it is what was bought. Nobody buys of his customers.
    ///
    /// "Qué café compré" with a vendor Café Central: which coffee, and not which café.
    pub(super) fn is_thing_rather(&self, at: usize, piece: &Piece) -> bool {
        let asked = self.before(at).is_some_and(|before| {
            before.is_any(&[Word::Which, Word::What, Word::HowMuch, Word::HowMany])
        });
        let part = piece.known.as_ref().is_some_and(|known| {
            let bare = !known.is_whole && known.length == 1;
            bare && (known.side == Side::Customer || known.side == Side::Vendor && asked)
        });
        let ours = [Word::Document, Word::Income, Word::PaidUs, Word::OweMe, Word::Sent];
        part && !piece.is_capital()
            && has(self.pieces, &[Word::Spend, Word::Bought, Word::Price])
            && !has(self.pieces, &ours)
    }

    /// Returns whether an "and", an "or" or a comma stands between two things, and nothing that holds
    /// one against the other: "Lidl e mais barato que Carrefour".
    pub(super) fn is_joined(&self, from: usize, to: usize) -> bool {
        const HELD: [Word; 7] = [
            Word::Smallest,
            Word::Largest,
            Word::Least,
            Word::Most,
            Word::Over,
            Word::Under,
            Word::Compare,
        ];
        let between = self.pieces.get(from..to).unwrap_or_default();
        // "Shell vs Lidl" shows both
        if matches!(between, [piece] if piece.is(Word::Compare)) {
            return true;
        }
        !has(between, &HELD)
            && between.iter().any(|piece| {
                piece.is_any(&[Word::And, Word::Or, Word::WhatAbout]) || piece.is_mark(",&/")
            })
    }

    /// Two vendors that nothing joins are two things: "Amazon" and where it was, or an error.
    pub(super) fn parts_names(&mut self) {
        self.bound.is_unclear |= self.holds_month_name();
        let vendors: Vec<(usize, usize)> = self.named.clone();
        let apart = vendors.windows(2).any(|two| match two {
            [(_, end), (next, _)] => !self.is_joined(*end, *next),
            _ => false,
        });
        self.bound.is_unclear |= apart;
    }

    /// "Bills from May Electronics", "facturas de Abril Pérez": a month, or a part of a name?
    pub(super) fn holds_month_name(&self) -> bool {
        let leads = [Word::From, Word::To, Word::For, Word::Document, Word::Bill, Word::Income];
        let month = |piece: &Piece| {
            let is_month = |role: &Role| matches!(role, Role::Month(_) | Role::Season(_));
            piece.roles.iter().any(is_month) && piece.is_capital()
        };
        let mut runs = self.pieces.windows(3);
        let small = |piece: &Piece| piece.text.chars().all(|c| !c.is_uppercase());
        let shouted = !self.pieces.iter().any(|piece| piece.kind == Kind::Word && small(piece));
        !shouted
            && runs.any(|run| {
                matches!(run, [lead, time, name] if lead.is_any(&leads) && month(time)
                    && name.is_unknown() && name.is_capital())
            })
    }

    /// "Bills from Bob": papers that come from somebody, where a word says that and no more. "De",
    /// "di" and "van" may as well say whose they are.
    pub(super) fn comes_from(&self, at: usize) -> bool {
        let lead = self.lead(at).filter(|lead| lead.is(Word::From));
        let vague = [Word::Of, Word::To, Word::For, Word::At, Word::PaidUs];
        // "offene Posten von Bob" are what he owes
        let owed = self.pieces.iter().any(|piece| piece.folded.ends_with("posten"));
        let german = self.code == "de" && lead.is_some_and(|lead| lead.folded == "von") && !owed;
        let income = [Word::Income, Word::PaidUs, Word::Customer, Word::OweMe, Word::Sent];
        // "payées par Bob", "von Bob bezahlte": what he has paid
        let paid = [at.checked_sub(2), at.checked_add(1)].into_iter().flatten().any(|at| {
            self.piece(at).is_some_and(|piece| piece.is(Word::Paid) && !piece.is(Word::Unpaid))
        });
        let by = paid && lead.is_some_and(|lead| BY.contains(&lead.folded.as_str()));
        lead.is_some_and(|lead| german || !lead.is_any(&vague))
            && !by
            && has(self.pieces, &[Word::Document])
            && !has(self.pieces, &income)
    }

    /// "My wife", "ma femme": right behind what is mine, and behind no preposition.
    pub(super) fn is_of_the_family(&self, at: usize) -> bool {
        const MINE: [&str; 17] = [
            "my", "our", "mi", "mis", "nuestro", "nuestra", "meu", "minha", "mon", "ma", "mein",
            "meine", "mio", "mia", "mijn", "onze", "notre",
        ];
        let leads = [Word::At, Word::For, Word::From, Word::To, Word::Of, Word::About];
        let mine = self.before(at).is_some_and(|piece| MINE.contains(&piece.folded.as_str()));
        let lead = at.checked_sub(2).and_then(|at| self.piece(at));
        mine && lead.is_some_and(|lead| !lead.is_any(&leads) && !is_on(lead))
    }

    /// "The refunds", "les remboursements".
    pub(super) fn is_behind_article(&self, at: usize) -> bool {
        self.before(at).is_some_and(|piece| ARTICLES.contains(&piece.folded.as_str()))
    }

    /// "Gasté el finde": behind an article that no preposition leads.
    pub(super) fn is_bare_object(&self, at: usize, end: usize) -> bool {
        let article = self.is_behind_article(at);
        let verb = at.checked_sub(2).and_then(|at| self.piece(at));
        let verb = verb.is_some_and(|verb| verb.is(Word::Spend) && !verb.is(Word::About));
        let costs = self.piece(end).is_some_and(|piece| piece.is_any(&[Word::Spend, Word::Costs]));
        article && verb && !costs
    }
}

/// "The roastery Bluebean": somebody, behind a noun for what he does.
pub(super) fn is_titled(run: &[Piece]) -> bool {
    let name = run.iter().skip_while(|piece| !piece.is_capital());
    let large = |piece: &Piece| piece.is_capital() && piece.kind == Kind::Word;
    let titled = run.first().is_some_and(|first| !first.is_capital());
    titled && name.clone().count() > 0 && name.into_iter().all(large)
}

/// The preposition of "on coffee", which keeps others company elsewhere.
fn is_on(piece: &Piece) -> bool {
    const ON: [&str; 9] = ["on", "in", "en", "em", "dans", "sur", "su", "auf", "op"];
    ON.contains(&piece.folded.as_str())
}
