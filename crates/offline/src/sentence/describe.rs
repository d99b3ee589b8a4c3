//! What an item of an invoice is called: the words of a stretch that are neither number nor tie.

use super::{
    items::Segment,
    piece::Piece,
    token::Kind,
    word::{Role, Word},
};

/// Words that only tie the numbers of an item together.
const TIES: [Word; 20] = [
    Word::For,
    Word::At,
    Word::Times,
    Word::Each,
    Word::Document,
    Word::Create,
    Word::Bill,
    Word::Please,
    Word::To,
    Word::Me,
    Word::Total,
    Word::Of,
    Word::Is,
    Word::And,
    Word::We,
    Word::Hello,
    Word::Amount,
    Word::BilledBehind,
    Word::Dated,
    Word::NamedBefore,
];

impl Segment<'_, '_> {
    /// The words that are left, without those that only tie numbers together.
    pub(super) fn description(&self, price: Option<usize>, quantity: Option<usize>) -> String {
        let keep = |place: &usize| {
            let Some(piece) = self.piece(*place) else { return false };
            if Some(*place) == price || Some(*place) == quantity {
                return false;
            }
            let spent = piece.currency().is_some()
                && price.is_some_and(|price| price.abs_diff(*place) <= 1);
            !spent && (piece.kind != Kind::Mark)
        };
        let kept = (0..self.places.len()).filter(keep);
        let tie =
            |place: &&usize| self.piece(**place).is_some_and(|piece| self.ties(**place, piece));
        // "14.50 per tray": a price alone, and what it is the price of
        let leads = price.is_some_and(|price| {
            (0..price).all(|place| self.piece(place).is_some_and(|p| p.currency().is_some()))
        });
        let of_one = |place: &usize| {
            leads
                && place.checked_sub(1).is_some_and(|before| {
                    self.is(before, &[Word::Per])
                        && !self.is(before, &[Word::Stop])
                        && price.is_some_and(|price| before > price)
                })
        };
        let unit_price = |place: &usize| {
            price.is_some_and(|price| *place > price && place.saturating_sub(price) <= 3)
                && self.piece(*place).is_some_and(|piece| {
                    piece.is_any(&[Word::Each, Word::Per, Word::Times])
                        || piece.roles.iter().any(|role| matches!(role, Role::Unit(_)))
                })
        };
        let kept: Vec<usize> = kept
            .filter(|place| {
                !unit_price(place)
                    && !of_one(place)
                    && !self.is_what_it_is_each(*place, price, quantity)
            })
            .collect();
        let first = kept.iter().position(|place| !tie(&place));
        let last = kept.iter().rposition(|place| !tie(&place));
        let (Some(first), Some(last)) = (first, last) else { return String::new() };
        let last = self.thing_behind(&kept, last).unwrap_or(last);
        self.said(kept.get(first..=last).unwrap_or_default())
    }

    /// Returns whether a word only ties the numbers of an item together.
    fn ties(&self, place: usize, piece: &Piece) -> bool {
        // "books" may be a filler in a question and is a thing here
        let short = piece.text.chars().count() <= 4 || piece.text.contains(' ');
        let small = piece.is(Word::Stop) && short;
        // "para-brisas" is one word; "…, new trap £12.50" orders nothing any more
        if self.is_hyphened(piece) || piece.is(Word::Create) && self.stands_behind_a_number(place) {
            return false;
        }
        let orders = [
            Word::Create,
            Word::BilledBehind,
            Word::Bill,
            Word::Document,
            Word::Hello,
            Word::Please,
        ];
        (piece.is_any(&TIES) || small) && !piece.is_capital() || piece.is_any(&orders)
    }

    /// "Fixing the till", "boîtes de thé": behind an article even a small word is a thing. Returns its place.
    fn thing_behind(&self, kept: &[usize], last: usize) -> Option<usize> {
        let next = last.checked_add(1)?;
        let article = kept.get(next).is_some_and(|place| self.is_article(*place));
        // "boîtes de" is one phrase
        let held = kept.get(last).and_then(|place| self.piece(*place)).is_some_and(|piece| {
            piece
                .folded
                .split(' ')
                .skip(1)
                .last()
                .is_some_and(|of| ["de", "of", "di"].contains(&of))
        });
        let thing = if held { next } else { next.checked_add(1)? };
        let leads = [Word::At, Word::Times, Word::For, Word::Each, Word::To];
        let word = kept.get(thing).and_then(|place| self.piece(*place))?;
        ((article || held) && !word.is_any(&leads)).then_some(thing)
    }

    pub(super) fn is_article(&self, place: usize) -> bool {
        const ARTICLES: [&str; 22] = [
            "of", "de", "di", "the", "der", "die", "das", "den", "dem", "le", "la", "les", "el",
            "los", "las", "il", "lo", "gli", "het", "o", "os", "as",
        ];
        self.piece(place)
            .is_some_and(|piece| piece.is(Word::Stop) && ARTICLES.contains(&piece.folded.as_str()))
    }

    fn is_hyphened(&self, piece: &Piece) -> bool {
        self.maker.plain.get(piece.end..).is_some_and(|rest| rest.starts_with('-'))
            || self.maker.plain.get(..piece.start).is_some_and(|rest| rest.ends_with('-'))
    }

    /// Returns words as they were written: "para-brisas" is one.
    fn said(&self, places: &[usize]) -> String {
        let mut said = String::new();
        let mut end = 0;
        for piece in places.iter().filter_map(|place| self.piece(*place)) {
            let hyphen = self.maker.plain.get(end..piece.start) == Some("-");
            if !said.is_empty() {
                said.push(if hyphen { '-' } else { ' ' });
            }
            said.push_str(&piece.text);
            end = piece.end;
        }
        said
    }
}
