//! Numbers of an item that may mean something else: they are asked about.

use super::{
    items::Segment,
    piece::Piece,
    token::Kind,
    word::{Role, Word},
};
use rust_decimal::Decimal;

impl Segment<'_, '_> {
    /// Returns the place of what belongs to the terms of an invoice and found no place there.
    pub(super) fn strange(&self) -> Option<usize> {
        const TERMS: [Word; 9] = [
            Word::Included,
            Word::Paid,
            Word::Due,
            Word::DueDate,
            Word::Tax,
            Word::NoTax,
            Word::Discount,
            Word::Email,
            Word::Not,
        ];
        let (numbers, price, quantity) = self.numbers();
        let has_place = |place: usize| {
            let Some(piece) = self.piece(place) else { return true };
            let strange = matches!(piece.kind, Kind::Date | Kind::Email)
                || piece.kind == Kind::Number
                    && ![price, quantity].contains(&Some(place))
                    && (numbers.contains(&place) || piece.value.is_none())
                || piece.is_mark("%");
            // "3 hours at 50 in dollars"
            let foreign = self.is_foreign_money(place, price);
            let rhythm = piece.roles.iter().any(|role| matches!(role, Role::Every(_)))
                && !piece.is_any(&[Word::Each, Word::Per]);
            let choice = piece.is(Word::Or)
                && self.piece(place.saturating_add(1)).is_some_and(|next| next.decimal().is_some());
            // "no later than Friday" says when it is due
            let limit = piece.is(Word::Until) && piece.text.contains(' ');
            if rhythm || choice || foreign || limit {
                return false;
            }
            let small = !piece.is_capital() || piece.text == piece.text.to_uppercase();
            let term = piece.is_any(&TERMS) && !piece.is(Word::Stop) && small;
            !strange && !term
        };
        (0..self.places.len()).find(|place| !has_place(*place))
    }

    /// "About 200": how much exactly is asked.
    pub(super) fn has_a_rough_number(&self) -> bool {
        (0..self.places.len()).any(|place| {
            let next = self.piece(place.saturating_add(1));
            self.piece(place).is_some_and(|piece| piece.is_rough_before(next))
        })
    }

    /// "200 4 the fence": a number that is typed for a word.
    pub(super) fn has_a_typed_word(&self) -> bool {
        (1..self.places.len()).any(|place| {
            let before = place.checked_sub(1).and_then(|place| self.piece(place));
            let typed =
                self.piece(place).is_some_and(|piece| ["2", "4"].contains(&piece.text.as_str()));
            let article = self
                .piece(place.saturating_add(1))
                .is_some_and(|next| next.is(Word::Stop) && next.kind == Kind::Word);
            typed && article && before.is_some_and(|before| before.value.is_some())
        })
    }

    /// "1 500" may be one of 500, and fifteen hundred.
    pub(super) fn has_parted_thousands(&self) -> bool {
        let number = |place: usize| self.piece(place).filter(|piece| piece.value.is_some());
        (0..self.places.len()).any(|place| {
            let (head, tail) = (number(place), number(place.saturating_add(1)));
            head.zip(tail).is_some_and(|(head, tail)| {
                let three = tail.text.split([',', '.']).next().is_some_and(|t| t.len() == 3);
                three && head.text.len() <= 3 && head.end.saturating_add(1) == tail.start
            })
        })
    }

    /// A currency that is said apart from the price.
    pub(super) fn is_foreign_money(&self, place: usize, price: Option<usize>) -> bool {
        let is_small = |place: usize| self.is(place, &[Word::Stop, Word::At, Word::For]);
        let led = place.checked_sub(1).is_some_and(is_small);
        let money = self.piece(place).is_some_and(|piece| piece.currency().is_some());
        money && led && price.is_some_and(|price| price.abs_diff(place) > 1)
    }

    /// "4 lamps for 120": the price of one or of all?
    pub(super) fn is_for_all(&self, price: Option<usize>, quantity: Option<usize>) -> bool {
        let many = quantity
            .and_then(|at| self.piece(at))
            .and_then(Piece::decimal)
            .is_some_and(|quantity| quantity != Decimal::ONE);
        let Some(price) = price.filter(|_| many) else { return false };
        let signed = price
            .checked_sub(1)
            .filter(|at| self.piece(*at).is_some_and(|piece| piece.currency().is_some()));
        let lead = signed.unwrap_or(price).checked_sub(1).and_then(|at| self.piece(at));
        let of_one = (price..self.places.len()).any(|at| self.is(at, &[Word::Each, Word::Per]));
        !of_one
            && lead.is_some_and(|lead| lead.is(Word::For) && !lead.is_any(&[Word::Times, Word::To]))
    }

    /// "400 in total for 4 chairs" is a price of 100 each.
    pub(super) fn per_unit(&self, price: Decimal, quantity: Option<Decimal>) -> Decimal {
        let total = (0..self.places.len()).any(|place| self.is(place, &[Word::Total]));
        let each = quantity.filter(|quantity| total && !quantity.is_zero());
        each.and_then(|quantity| price.checked_div(quantity)).map_or(price, |each| each.normalize())
    }
}
