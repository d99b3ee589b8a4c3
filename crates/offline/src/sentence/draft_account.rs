//! Whether every number of a sentence stands in the draft that was made of it.

use super::{draft::Maker, period::Towards, piece::Piece, token::Kind};
use domain::{
    dates::{Date, due_in},
    draft::{Discount, Draft, DraftTax},
};
use rust_decimal::Decimal;

/// Returns whether each number is a quantity, a price, a rate, an amount, a day or a part of a text.
pub(super) fn holds_all_numbers(maker: &Maker<'_>, draft: &Draft) -> bool {
    lost_number(maker, draft).is_none()
}

/// Returns the place of the first number that stands nowhere in the draft.
pub(super) fn lost_number(maker: &Maker<'_>, draft: &Draft) -> Option<usize> {
    let days = days_said(maker, draft);
    let numbers = maker.pieces.iter().enumerate().filter(|(_, piece)| piece.kind == Kind::Number);
    let figures = figures(draft);
    let has_place = |(at, piece): &(usize, &Piece)| {
        days.contains(at)
            || is_in_a_text(piece, draft)
            || piece.value.is_some_and(|value| {
                figures.contains(&value.normalize()) || is_due_in(maker, draft, value)
            })
    };
    numbers.into_iter().find(|number| !has_place(number)).map(|(at, _)| at)
}

/// Returns every figure of a draft, and the totals of its items that a sentence may have named.
fn figures(draft: &Draft) -> Vec<Decimal> {
    let mut figures: Vec<Decimal> = Vec::new();
    for item in &draft.items {
        let price = item.unit_price.map(|price| price.0);
        let total = price.and_then(|price| price.checked_mul(item.quantity.0));
        figures.extend([Some(item.quantity.0), price, total].into_iter().flatten());
    }
    figures.extend(match draft.tax {
        Some(DraftTax::Rate { rate, .. }) => Some(rate.percent()),
        Some(DraftTax::Amount(amount)) => Some(amount),
        None => None,
    });
    figures.extend(draft.discount.map(|discount| match discount {
        Discount::Rate(rate) => rate.percent(),
        Discount::Amount(amount) => amount,
    }));
    figures.into_iter().map(|figure| figure.normalize()).collect()
}

/// Within a description, a name, a note or the number of the invoice.
fn is_in_a_text(piece: &Piece, draft: &Draft) -> bool {
    let descriptions = draft.items.iter().map(|item| &item.description);
    let texts = descriptions.chain(&draft.customer).chain(&draft.notes).chain(&draft.number);
    texts.into_iter().any(|text| {
        text.split_whitespace().any(|word| word == piece.text) || text.contains(&piece.text)
    })
}

/// Returns the places of the pieces that say the issue date or the due date.
fn days_said(maker: &Maker<'_>, draft: &Draft) -> Vec<usize> {
    let said = |day: Option<Date>| {
        day.is_some() && (day == draft.due_date || day == Some(draft.issue_date))
    };
    let calendars = [Towards::Past, Towards::Future].map(|towards| maker.calendar(towards));
    let found = calendars.iter().flat_map(|calendar| calendar.all());
    found.filter(|found| said(found.to)).flat_map(|found| found.first..found.end).collect()
}

/// A number of days, weeks or months until the due date.
fn is_due_in(maker: &Maker<'_>, draft: &Draft, value: Decimal) -> bool {
    let lengths = [1, 7, 30].into_iter().filter_map(|length: u16| {
        u16::try_from(value).ok().filter(|_| value.is_integer())?.checked_mul(length)
    });
    let mut days = lengths.map(|days| due_in(maker.sentence.today, days));
    draft.due_date.is_some_and(|due| days.any(|day| day == due))
}
