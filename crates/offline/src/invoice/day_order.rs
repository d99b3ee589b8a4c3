//! Whether the day or the month stands first in the dates of a document.

use super::{
    candidates::{Candidates, FoundDate},
    certain,
    fields::{Placed, issue_date, labelled_due},
    lines::Layout,
};
use crate::date::Order;
use domain::{
    dates::Date,
    reading::{DOUBTFUL_BELOW, EITHER_ORDER},
};

/// Where a document comes from, as far as the order of its dates goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// Whether dates are written month first there.
    pub american: bool,
    /// Whether that is more than a guess.
    pub known: bool,
}

/// Returns the order of day and month that most dates prove; else the one under which no bill is
/// due before its issue or dated in the future; else the one that fits its place in the world. With
/// it, whether that is sure.
#[must_use]
pub fn order(
    layout: &Layout,
    candidates: &Candidates,
    origin: Origin,
    today: Date,
) -> (Order, bool) {
    let proofs = |order: Order| {
        candidates.dates.iter().filter(|found| found.reading.proves() == Some(order)).count()
    };
    match proofs(Order::DayFirst).cmp(&proofs(Order::MonthFirst)) {
        std::cmp::Ordering::Greater => return (Order::DayFirst, true),
        std::cmp::Ordering::Less => return (Order::MonthFirst, true),
        std::cmp::Ordering::Equal => {}
    }
    let (usual, other) = if origin.american {
        (Order::MonthFirst, Order::DayFirst)
    } else {
        (Order::DayFirst, Order::MonthFirst)
    };
    let odd = |order: Order| is_odd(layout, candidates, order, today);
    match (odd(usual), odd(other)) {
        (true, false) => (other, true),
        (false, true) => (usual, true),
        _ => (usual, origin.known || is_termed(layout, candidates, usual, today)),
    }
}

/// Returns whether the bill is due a usual term after its issue under an order of day and month.
fn is_termed(layout: &Layout, candidates: &Candidates, order: Order, today: Date) -> bool {
    let issued = issue_date(layout, candidates, order, today);
    let due = labelled_due(layout, candidates, order);
    issued.zip(due).is_some_and(|(issued, (_, _, due, _))| certain::is_termed(issued.value, due))
}

/// Marks a date as doubtful that is another one where day and month change places.
#[must_use]
pub fn in_doubt(date: Placed<Date>, candidates: &Candidates) -> Placed<Date> {
    let at = |found: &&FoundDate| found.region == date.region;
    let either = candidates.dates.iter().filter(at).any(|found| {
        found.reading.proves().is_none() && found.reading.day_first != found.reading.month_first
    });
    if !either {
        return date;
    }
    let confidence = date.confidence.min(DOUBTFUL_BELOW.saturating_sub(1));
    Placed { confidence, rule: EITHER_ORDER, ..date }
}

/// Returns whether an order dates the document in the future, or has it due before its issue or
/// more than half a year after it.
fn is_odd(layout: &Layout, candidates: &Candidates, order: Order, today: Date) -> bool {
    let Some(issued) = issue_date(layout, candidates, order, today) else { return false };
    let due = labelled_due(layout, candidates, order).map(|(_, _, day, _)| day);
    let late = domain::dates::due_in(issued.value, 185);
    issued.value > domain::dates::due_in(today, 1)
        || due.is_some_and(|due| due < issued.value || due > late)
}
