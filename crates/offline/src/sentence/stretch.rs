//! What a stretch of days in a question is about: the day of the invoice, when it falls due, when it
//! was paid.

use super::{
    filters::Binder,
    found::Found,
    lexicon,
    piece::{Piece, has},
    word::{Role, Word},
};
use domain::{dates::Date, question::DateField};

impl Binder<'_> {
    /// Which day of an invoice a stretch is about; returns where the stretch begins then.
    pub(super) fn date_field(
        &mut self,
        best: Found,
        from: Option<Date>,
        to: Option<Date>,
    ) -> Option<Date> {
        let near = |words: &[Word]| {
            let first = best.first.saturating_sub(2);
            self.pieces
                .get(first..best.first)
                .unwrap_or_default()
                .iter()
                .any(|piece| piece.is_any(words))
        };
        // "What do I have to pay this week?" asks for what falls due
        let to_pay = has(self.pieces, &[Word::Owe])
            && !has(self.pieces, &[Word::OweMe, Word::Customer])
            && to.is_some_and(|to| to >= self.sentence.today)
            && from != to;
        // "more than 30 days overdue"
        let late = from.is_none()
            && has(self.pieces, &[Word::Overdue])
            && self.piece(best.first).is_some_and(|piece| piece.is(Word::Over));
        if has(self.pieces, &[Word::Due]) || to_pay || late {
            self.bound.filters.date_field = DateField::DueDate;
            let until = near(&[Word::Until])
                || self.ends_in_a_limit(best.first)
                || self.piece(best.first).is_some_and(|piece| piece.is(Word::Until));
            if until && from == to {
                return None;
            }
        } else if (near(&[Word::Paid]) || self.is_paid_behind(best))
            && (has(self.pieces, &[Word::Document]) || self.is_passive())
            && !has(self.pieces, &[Word::HowMuch])
            && (!has(self.pieces, &[Word::We]) || self.is_paid_within(best))
        {
            self.bound.filters.date_field = DateField::PaidAt;
        }
        from
    }

    /// "À payer avant la fin du mois": the phrase before a day may end in the word that limits it.
    fn ends_in_a_limit(&self, first: usize) -> bool {
        let words = self.before(first).map(|piece| piece.folded.as_str()).unwrap_or_default();
        let last = words.rsplit_once(' ').map(|(_, last)| last);
        last.zip(lexicon::of(self.code)).is_some_and(|(last, lexicon)| {
            let limits = [Word::Before, Word::Until].map(Role::Word);
            lexicon.roles(last).iter().any(|role| limits.contains(role))
        })
    }

    /// "Over the summer": returns where a stretch begins that is said so.
    pub(super) fn led_over(&self, first: usize) -> usize {
        let is = |at: usize, word: &str| self.piece(at).is_some_and(|piece| piece.folded == word);
        let before = first.checked_sub(1);
        let article = before.filter(|at| is(*at, "the")).and_then(|at| at.checked_sub(1));
        let the = self.piece(first).is_some_and(|piece| piece.text.starts_with("the "));
        let over = article.or(before.filter(|_| the));
        over.filter(|at| is(*at, "over")).unwrap_or(first)
    }

    /// "Expenses at the end of October": how many days is that?
    pub(super) fn is_edge(&self, found: Found) -> bool {
        self.piece(found.first).is_some_and(|piece| piece.is_any(&[Word::EndOf, Word::StartOf]))
            && found.from == found.to
    }

    /// "The first ten days of October", "early October": a part of what was found.
    pub(super) fn is_within(&self, found: Found) -> bool {
        let before = self.pieces.get(..found.first).unwrap_or_default().iter().rev();
        let mut before = before.skip_while(|piece| piece.is_any(&[Word::Of, Word::Stop]));
        let part = |piece: &Piece| {
            let timed = |role: &Role| matches!(role, Role::Unit(_));
            let every = piece.roles.iter().any(|role| matches!(role, Role::Every(_)));
            piece.roles.iter().any(timed) && !every && !piece.is_any(&[Word::Per, Word::Stop])
        };
        let led = self.before(found.first).is_some_and(|piece| piece.is(Word::Of));
        led && before.next().is_some_and(part)
    }
}
