//! What is no business: greetings, thanks, help, and whatever else is left.

use super::{
    classify::{Signs, Verdict},
    names::Side,
    piece::Piece,
    token::Kind,
    word::{Role, Word},
};
use domain::intent::Intent;
use ports::model::Topic;

impl Signs<'_> {
    /// Greetings, thanks, help: talk that holds no business.
    pub(super) fn talk(&self, business: bool) -> Option<Verdict> {
        let general = [
            (Word::Identity, Topic::Identity),
            (Word::Capability, Topic::Capability),
            (Word::Help, Topic::Help),
        ];
        let said = general.into_iter().find(|(word, _)| self.says(&[*word]));
        let creates = self.says(&[Word::Bill, Word::Create]) && self.priced;
        let asks = self.says(&[Word::HowMuch, Word::Spend, Word::Unpaid]);
        let idle = |word: Word| {
            let strange = word == Word::Help && self.says(&[Word::OffTopic]);
            !creates && !strange && (!business || word == Word::Help && !asks)
        };
        said.filter(|(word, _)| idle(*word))
            .map(|(_, topic)| (Intent::General, topic, true))
            .or_else(|| self.small_talk(business))
    }

    fn small_talk(&self, business: bool) -> Option<Verdict> {
        let words = || self.pieces.iter().filter(|piece| piece.kind != Kind::Mark);
        let only = |said: &[Word]| {
            self.says(said) && words().all(|piece| piece.is_any(said) || is_small(piece))
        };
        let first_is = |word: Word| words().next().is_some_and(|piece| piece.is(word));
        let short = words().filter(|piece| !is_small(piece)).count() <= 2 && !business;
        let asks = self.says(&[Word::OffTopic, Word::HowMuch, Word::HowMany, Word::Show]);
        if only(&[Word::Thanks]) && !self.says(&[Word::Bye]) {
            return Some((Intent::General, Topic::Thanks, true));
        }
        if only(&[Word::Bye]) || only(&[Word::Bye, Word::Thanks]) {
            return Some((Intent::General, Topic::Goodbye, true));
        }
        if only(&[Word::Hello]) || first_is(Word::Hello) && short && !asks {
            return Some((Intent::Greeting, Topic::Hello, true));
        }
        let asks = self.asks || self.says(&[Word::Mark, Word::Create, Word::OffTopic]);
        let thanks = first_is(Word::Thanks) && short || self.says_thanks() && !business && !asks;
        thanks.then_some((Intent::General, Topic::Thanks, true))
    }

    /// "You're a lifesaver, thanks": behind a mark, or at the end.
    fn says_thanks(&self) -> bool {
        let mut words = self.pieces.iter().rev().filter(|piece| piece.kind != Kind::Mark);
        let last = words.next().is_some_and(|piece| piece.is(Word::Thanks));
        let numbered = self.pieces.iter().any(|piece| piece.value.is_some());
        last && !numbered && !self.pieces.iter().any(|piece| piece.known.is_some())
    }

    /// What is no order and no question that is understood: "when did Amazon last send me one?", "has Bob
    /// paid?" ask of somebody who is in the book, or of a payment; everything else is talk.
    pub(super) fn small_rest(&self) -> Verdict {
        let named =
            |piece: &Piece| piece.known.as_ref().is_some_and(|known| known.side != Side::Category);
        let mark = self.pieces.iter().any(|piece| piece.is_mark("?؟"));
        let pays = (mark || self.first_is(&[Word::Who]))
            && self.says(&[Word::PaidUs, Word::WePaid, Word::Paid]);
        let asks = self.asks || self.says(&[Word::Compare]);
        let timed = |piece: &Piece| {
            piece.roles.iter().any(|role| matches!(role, Role::Month(_) | Role::Unit(_)))
        };
        let holds = self.says(&[Word::Compare]) && self.pieces.iter().any(timed);
        let of_book = holds || asks && self.pieces.iter().any(named);
        let strange = self.says(&[Word::OffTopic]);
        if (pays || of_book) && !strange {
            return (Intent::InvoiceQuery, Topic::Other, false);
        }
        (Intent::OffTopic, Topic::Other, strange)
    }
}

/// Returns whether a word only keeps others company.
pub(super) fn is_small(piece: &Piece) -> bool {
    const SMALL: [Word; 7] =
        [Word::Stop, Word::Please, Word::Hello, Word::Thanks, Word::Bye, Word::And, Word::Help];
    piece.is_any(&SMALL)
}
