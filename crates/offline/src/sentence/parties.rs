//! Whose invoices a sentence speaks of: names of vendors and customers, items, categories.

use super::{
    filters::Binder,
    names::Side,
    piece::{Piece, has},
    word::{Role, Word},
};
use domain::invoice::Direction;

impl<'a> Binder<'a> {
    pub(super) fn names(&mut self) {
        let mut at = 0;
        while at < self.pieces.len() {
            let end = self.name_end(at);
            if end > at {
                self.bind_name(at, end);
                self.take(at, end);
            }
            at = end.max(at.saturating_add(1));
        }
        let categories: Vec<(usize, String)> = self
            .free()
            .filter_map(|(at, piece)| category(piece).map(|name| (at, name.to_owned())))
            .collect();
        for (at, name) in categories {
            self.bound.filters.category.push(name);
            self.take(at, at.saturating_add(1));
        }
    }

    /// Returns where the unknown words that begin here end.
    fn name_end(&self, at: usize) -> usize {
        let open = |at: usize| {
            self.piece(at).is_some_and(|piece| {
                !self.is_used(at) && (piece.is_unknown() || piece.known.is_some())
            })
        };
        let joins = |at: usize| {
            self.piece(at).is_some_and(|piece| {
                !self.is_used(at)
                    && (piece.is_capital()
                        && !piece.roles.is_empty()
                        && piece.roles.iter().all(soft)
                        || piece.is_mark("&")
                        || piece.text == "&")
            })
        };
        let soft_head = joins(at)
            && at > 0
            && open(at.saturating_add(1))
            && self.piece(at.saturating_add(1)).is_some_and(Piece::is_capital);
        if !open(at) && !soft_head {
            return at;
        }
        if self.piece(at).is_some_and(|piece| piece.known.is_some()) {
            return at.saturating_add(1);
        }
        let mut end = at.saturating_add(1);
        while (open(end) && self.piece(end).is_some_and(|piece| piece.known.is_none()))
            || joins(end)
        {
            end = end.saturating_add(1);
        }
        end
    }

    fn bind_name(&mut self, at: usize, end: usize) {
        let Some(pieces) = self.pieces.get(at..end) else { return };
        let Some(first) = pieces.first() else { return };
        let joined = pieces.iter().map(|piece| piece.text.as_str()).collect::<Vec<_>>().join(" ");
        let capital = first.is_capital();
        let lead = self.lead(at);
        let is = |words: &[Word]| lead.is_some_and(|piece| piece.is_any(words));
        let negated = is(&[Word::Except])
            || at
                .checked_sub(2)
                .and_then(|at| self.piece(at))
                .is_some_and(|piece| piece.is_any(&[Word::Except, Word::Not]));
        let owed = has(self.pieces, &[Word::OweMe])
            || self.bound.filters.direction == Some(Direction::Issued);
        let asks_number_of =
            has(self.pieces, &[Word::HowMany]) || has(self.pieces, &[Word::Quantity]);
        let measured = at
            .checked_sub(2)
            .into_iter()
            .chain(at.checked_sub(1))
            .any(|at| self.piece(at).is_some_and(|piece| piece.is(Word::Container)));
        let known = first.known.as_ref();
        let filters = &mut self.bound.filters;
        match known.map(|known| known.side) {
            Some(Side::Category) => filters.category.extend(known.map(|known| known.name.clone())),
            Some(Side::Customer) => filters.customer.extend(known.map(|known| known.name.clone())),
            Some(Side::Vendor) if owed => {
                filters.customer.extend(known.map(|known| known.name.clone()))
            }
            Some(Side::Vendor) if negated => {
                filters.vendor_not.extend(known.map(|known| known.name.clone()))
            }
            Some(Side::Vendor) => filters.vendor.extend(known.map(|known| known.name.clone())),
            None if negated => filters.vendor_not.push(joined),
            None if owed => filters.customer.push(joined),
            None if asks_number_of && !capital && (!is(&[Word::From]) || measured) => {
                filters.item.push(joined)
            }
            None if has(self.pieces, &[Word::Bought, Word::Price])
                && !is(&[Word::From])
                && !capital =>
            {
                filters.item.push(joined)
            }
            None if is(&[Word::From, Word::Spend])
                || capital
                || self.says(&[Word::Spend]) && is(&[Word::To]) =>
            {
                self.bound.filters.vendor.push(joined)
            }
            None if is(&[Word::For, Word::Stop, Word::Of, Word::At])
                && self.says(&[Word::Spend]) =>
            {
                self.bound.filters.item.push(joined)
            }
            None => self.bound.unbound.push(joined),
        }
    }

    /// Returns the piece before a name, articles left out.
    fn lead(&self, at: usize) -> Option<&'a Piece> {
        let before = self.before(at)?;
        let article =
            before.is(Word::Stop) && !before.is_any(&[Word::From, Word::To, Word::For, Word::At]);
        if article {
            self.before(at.saturating_sub(1))
                .filter(|piece| piece.is_any(&[Word::From, Word::To, Word::Except]))
                .or(Some(before))
        } else {
            Some(before)
        }
    }
}

/// Words that may be part of a name, such as "Office" in "Office Depot".
fn soft(role: &Role) -> bool {
    matches!(
        role,
        Role::Category(_)
            | Role::Word(
                Word::Item
                    | Word::Vendor
                    | Word::Category
                    | Word::Stop
                    | Word::Top
                    | Word::And
                    | Word::Of
                    | Word::Container
                    | Word::Price
                    | Word::Discount
            )
            | Role::Season(_)
    )
}

fn category(piece: &Piece) -> Option<&'static str> {
    piece.roles.iter().find_map(|role| match role {
        Role::Category(name) => Some(*name),
        _ => None,
    })
}
