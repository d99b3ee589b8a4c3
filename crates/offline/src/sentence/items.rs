//! Items of an invoice in a sentence: how many, what, at which price, in many orders.

use super::{
    draft::Maker,
    piece::Piece,
    token::Kind,
    word::{Role, Word},
};
use domain::{
    draft::DraftItem,
    money::{Quantity, UnitPrice},
};
use rust_decimal::Decimal;

/// The items of a sentence, and whether every number of it is one of theirs.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) items: Vec<DraftItem>,
    pub(super) is_whole: bool,
}

/// What one stretch of a sentence says.
struct Found {
    item: DraftItem,
    counted: bool,
    /// Whether it says how much of something and not of what: "3 days".
    measures: bool,
}

/// Reads the items from what is left of a sentence.
pub(super) fn read(maker: &Maker<'_>) -> Lines {
    let mut items: Vec<Found> = Vec::new();
    let mut loose: Option<UnitPrice> = None;
    let mut is_whole = true;
    for places in segments(maker) {
        let segment = Segment { maker, places: &places };
        // "3 saddles, 85 euros per saddle"
        if let Some(last) = items.last_mut()
            && last.counted
            && last.item.unit_price.is_none()
            && let Some(price) = segment.price_of_one()
        {
            last.item.unit_price = Some(UnitPrice(price));
            continue;
        }
        is_whole &= segment.is_whole();
        let Some(mut found) = segment.item() else {
            is_whole &= !segment.has_number();
            continue;
        };
        // "3 hours of lessons, 40 euros per hour": the price alone belongs to the item before;
        // "$4,800 with tax, for lights": to the one after
        if !found.item.description.is_empty() {
            found.item.unit_price = found.item.unit_price.or_else(|| loose.take());
            items.push(found);
            continue;
        }
        match items.last_mut() {
            Some(last) if last.item.unit_price.is_none() => {
                last.item.unit_price = found.item.unit_price;
                // "45 minutes of physio, 60 euros": the price of one or of all?
                let of_one = segment.says(&[Word::Each, Word::Per, Word::Times, Word::At]);
                let many = last.counted && last.item.quantity.0 != Decimal::ONE;
                is_whole &= !(last.counted && found.counted) && (of_one || !many);
                if found.counted {
                    last.item.quantity = found.item.quantity;
                }
            }
            _ => {
                is_whole &= !found.counted && loose.is_none();
                loose = found.item.unit_price;
            }
        }
    }
    under_one_head(&mut items);
    // a price of nothing: what it is for is asked
    is_whole &= loose.is_none() || items.is_empty();
    Lines { items: items.into_iter().map(|found| found.item).collect(), is_whole }
}

/// "Consulting, 3 days at 600": what it is for and how much of it are said apart.
fn under_one_head(items: &mut Vec<Found>) {
    let parted = matches!(items.as_slice(), [head, line] if !head.counted
        && head.item.unit_price.is_none()
        && line.measures
        && line.item.unit_price.is_some());
    if parted && let Some(line) = items.pop() {
        let head = items.pop().map(|head| head.item.description).unwrap_or_default();
        let description = format!("{} {head}", line.item.description);
        items.push(Found { item: DraftItem { description, ..line.item }, ..line });
    }
}

/// Returns where the first word or number stands that has no place in an item.
pub(super) fn strange(maker: &Maker<'_>) -> Option<usize> {
    segments(maker).iter().find_map(|places| {
        let segment = Segment { maker, places };
        places.get(segment.strange()?).copied()
    })
}

/// Cuts the free pieces at commas, and at an "and" that a number follows.
fn segments(maker: &Maker<'_>) -> Vec<Vec<usize>> {
    let mut segments: Vec<Vec<usize>> = vec![Vec::new()];
    for (at, piece) in maker.pieces.iter().enumerate() {
        let next = maker.piece(at.saturating_add(1));
        let next_counts =
            next.is_some_and(|next| next.decimal().is_some() || next.currency().is_some());
        let current_priced = segments.last().is_some_and(|segment| {
            segment.iter().any(|at| maker.piece(*at).is_some_and(|piece| piece.value.is_some()))
        });
        let cuts = piece.is_mark(",;:\n|")
            || (piece.is(Word::And) && (next_counts || current_priced))
            || (piece.is_mark(".+") && next.is_some());
        let free = !maker.is_used(at);
        if cuts || !free {
            segments.push(Vec::new());
        }
        if free
            && !cuts
            && let Some(segment) = segments.last_mut()
        {
            segment.push(at);
        }
    }
    segments.retain(|segment| !segment.is_empty());
    segments
}

/// Words that are no item where nothing else stands beside them.
const TALK: [Word; 7] = [
    Word::Stop,
    Word::WeMust,
    Word::Bill,
    Word::Document,
    Word::Create,
    Word::Please,
    Word::Thanks,
];

pub(super) struct Segment<'a, 'm> {
    pub(super) maker: &'a Maker<'m>,
    pub(super) places: &'a [usize],
}

impl<'m> Segment<'_, 'm> {
    pub(super) fn piece(&self, place: usize) -> Option<&'m Piece> {
        self.places.get(place).and_then(|at| self.maker.piece(*at))
    }

    pub(super) fn is(&self, place: usize, words: &[Word]) -> bool {
        self.piece(place).is_some_and(|piece| piece.is_any(words))
    }

    pub(super) fn numbers(&self) -> (Vec<usize>, Option<usize>, Option<usize>) {
        let numbers: Vec<usize> =
            (0..self.places.len()).filter(|place| self.counts(*place)).collect();
        let price = self.price(&numbers);
        let quantity = numbers.iter().copied().find(|place| Some(*place) != price);
        (numbers, price, quantity)
    }

    fn says(&self, words: &[Word]) -> bool {
        (0..self.places.len()).any(|place| self.is(place, words))
    }

    fn has_number(&self) -> bool {
        self.places.iter().any(|at| self.maker.piece(*at).is_some_and(|p| p.value.is_some()))
    }

    /// Returns whether nothing in it belongs to the terms of an invoice and found no place there.
    fn is_whole(&self) -> bool {
        let (_, price, quantity) = self.numbers();
        let doubtful = price.and_then(|at| self.piece(at)).is_some_and(Piece::is_doubtful)
            || self.has_a_rough_number()
            || self.has_parted_thousands()
            || self.has_a_typed_word();
        // "Rechnung 12 auf Anna umschreiben": the number of an invoice is no price
        let numbered = price.is_some_and(|price| {
            let at = self.places.get(price).and_then(|at| at.checked_sub(1));
            let paper = at.is_some_and(|at| self.maker.is(at, &[Word::Document]));
            let money = price.checked_add(1).and_then(|next| self.piece(next));
            paper && money.is_none_or(|piece| piece.currency().is_none())
        });
        !doubtful && !numbered && !self.is_for_all(price, quantity) && self.strange().is_none()
    }

    fn item(&self) -> Option<Found> {
        let (_, price, quantity) = self.numbers();
        let description = self.description(price, quantity);
        let value = |place: Option<usize>| {
            place.and_then(|place| self.piece(place)).and_then(Piece::decimal)
        };
        let unit_price = value(price).map(|price| self.per_unit(price, value(quantity)));
        let nothing = unit_price.is_none() && quantity.is_none();
        if description.is_empty() && unit_price.is_none() {
            return None;
        }
        // "facture rapide pour": talk alone is no item
        let stop = |at: &usize| self.maker.piece(*at).is_some_and(|piece| piece.is_any(&TALK));
        let filler = description.chars().count() < 2 || self.places.iter().all(stop);
        if nothing && filler {
            return None;
        }
        let item = DraftItem {
            description,
            quantity: Quantity(value(quantity).unwrap_or(Decimal::ONE)),
            unit_price: unit_price.map(UnitPrice),
        };
        let unit = |piece: &Piece| {
            piece.is(Word::Container)
                || piece.roles.iter().any(|role| matches!(role, Role::Unit(_)))
        };
        let named = self.places.iter().filter_map(|at| self.maker.piece(*at));
        let mut named = named.filter(|piece| item.description.contains(&piece.text));
        let measures = quantity.is_some() && named.any(unit) && !item.description.contains(' ');
        Some(Found { item, counted: quantity.is_some(), measures })
    }

    /// A number; a number word only where it leads.
    fn counts(&self, place: usize) -> bool {
        self.piece(place).is_some_and(|piece| match piece.kind {
            Kind::Number => piece.value.is_some(),
            Kind::Word => {
                let money = self.piece(place.saturating_add(1)).and_then(Piece::currency);
                piece.count().is_some() && (place <= 2 || money.is_some()) && !piece.is(Word::Stop)
            }
            _ => false,
        })
    }

    fn price(&self, numbers: &[usize]) -> Option<usize> {
        let signed = |place: usize| {
            let before = place.checked_sub(1).and_then(|place| self.piece(place));
            let after = self.piece(place.saturating_add(1));
            [before, after].into_iter().flatten().any(|piece| piece.currency().is_some())
        };
        let led = |place: usize| {
            // "for 3.5 hours" counts, "for 50" is a price
            let ends = place.saturating_add(1) >= self.places.len();
            let before = place.checked_sub(1).is_some_and(|place| {
                self.is(place, &[Word::At, Word::Times, Word::Each])
                    && (ends || !self.is(place, &[Word::For, Word::Of]))
            });
            let by_piece = self.is(place.saturating_add(1), &[Word::Each])
                || self.piece(place.saturating_add(1)).is_some_and(|piece| piece.is_mark("/"));
            let per = self.is(place.saturating_add(1), &[Word::Per, Word::Times])
                && self.piece(place.saturating_add(2)).is_some_and(|piece| {
                    piece.roles.iter().any(|role| matches!(role, Role::Unit(_)))
                });
            before || by_piece || per
        };
        let last = numbers.last().copied()?;
        if let Some(place) = numbers.iter().copied().find(|place| signed(*place)) {
            return Some(place);
        }
        if numbers.len() > 1 {
            let each = numbers.iter().copied().find(|place| self.is_for_each(*place, numbers));
            let found = each.or_else(|| numbers.iter().copied().rev().find(|place| led(*place)));
            return Some(found.unwrap_or(last));
        }
        let trails = last > 0 && last.saturating_add(1) >= self.places.len();
        (led(last) || trails || self.is_for_what_follows(last)).then_some(last)
    }

    pub(super) fn stands_behind_a_number(&self, place: usize) -> bool {
        let before = self.places.get(place).and_then(|at| self.maker.pieces.get(..*at));
        before.is_some_and(|before| before.iter().any(|piece| piece.value.is_some()))
    }

    /// "120 for gardening": the one number is what it costs.
    fn is_for_what_follows(&self, place: usize) -> bool {
        let lead = place.saturating_add(1);
        let thing = self.piece(lead.saturating_add(1));
        self.is(lead, &[Word::For])
            && !self.is(lead, &[Word::To, Word::Each])
            && thing.is_some_and(|thing| thing.kind == Kind::Word)
    }
}
