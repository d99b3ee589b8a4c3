//! What an answer is split by: "per month", "by vendor", "monthly".

use super::{
    piece::Piece,
    word::{Role, Word},
};
use domain::{
    dates::Unit,
    question::{GroupBy, Order, OrderBy},
};

/// "By month", "per vendor", "monthly".
///
/// A unit within a period that is bound ("segundo trimestre") splits nothing.
pub(super) fn group_of(pieces: &[Piece], used: &[bool]) -> Option<GroupBy> {
    let free = |at: usize| !used.get(at).copied().unwrap_or(false);
    let all = pieces.iter().enumerate().filter(|(at, _)| free(*at));
    let every = all.clone().flat_map(|(_, piece)| &piece.roles).find_map(|role| match role {
        Role::Every(unit) => Some(GroupBy::Calendar(*unit)),
        _ => None,
    });
    let after_per = all.filter(|(_, piece)| piece.is(Word::Per)).find_map(|(at, _)| {
        let rest = pieces.get(at.saturating_add(1)..)?;
        let named = |piece: &&Piece| !piece.is(Word::Stop) || noun_group(piece).is_some();
        let places = rest.iter().enumerate().take(2);
        let (place, noun) = places.into_iter().find(|(_, piece)| named(piece))?;
        noun_group(noun).filter(|_| free(at.saturating_add(1).saturating_add(place)))
    });
    // "month-wise": in Hindi the word for "by" comes after
    let before_per = pieces
        .windows(2)
        .enumerate()
        .filter(|(at, _)| free(*at))
        .filter(|(_, pair)| matches!(pair, [_, per] if per.is(Word::Per) && !per.is(Word::Stop)))
        .find_map(|(_, pair)| pair.first().and_then(noun_group));
    after_per.or(every).or(before_per)
}

pub(super) fn noun_group(piece: &Piece) -> Option<GroupBy> {
    let nouns = [
        (Word::Vendor, GroupBy::Vendor),
        (Word::Customer, GroupBy::Customer),
        (Word::Category, GroupBy::Category),
        (Word::Item, GroupBy::Item),
        (Word::CurrencyNoun, GroupBy::Currency),
        (Word::Status, GroupBy::Status),
    ];
    let unit = piece.roles.iter().find_map(|role| match role {
        Role::Unit(unit) if *unit != Unit::HalfYear => Some(GroupBy::Calendar(*unit)),
        _ => None,
    });
    nouns.into_iter().find(|(word, _)| piece.is(*word)).map(|(_, group)| group).or(unit)
}

pub(super) const fn group_order(group: GroupBy) -> Order {
    match group {
        GroupBy::Calendar(_) => Order { by: OrderBy::Group, descending: false },
        _ => Order { by: OrderBy::Value, descending: true },
    }
}
