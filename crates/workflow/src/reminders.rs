//! What people who want it are told of invoices that nobody has paid yet: once some days before they are
//! due, and once when they are overdue.

use crate::replies::{self, Open, OpenInvoices, Reply};
use domain::{
    dates::Date,
    invoice::{Direction, Kind},
    message::NewOutbound,
    question::{DateField, Filters, StatusFilter},
    tenant::Sender,
};
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use ports::store::{Ledger, StoreResult};

/// How many days before it is due an invoice is named.
const AHEAD: i32 = 3;
/// How many invoices are named at once.
const NAMED: usize = 10;
/// How many are looked at.
const LOOKED_AT: u32 = 500;

/// Returns what somebody is to be told who was last told, or looked at, at an instant: what has come to be
/// due soon, or overdue, since; everything of the kind if that was never. Nothing if there is nothing.
///
/// # Errors
///
/// [`StoreError`](ports::store::StoreError).
pub async fn due(
    ledger: &dyn Ledger,
    sender: &Sender,
    last: Option<Timestamp>,
    now: Timestamp,
) -> StoreResult<Option<NewOutbound>> {
    let habits = &sender.habits;
    let zone = TimeZone::get(&habits.time_zone).unwrap_or(TimeZone::UTC);
    let day = |instant: Timestamp| instant.to_zoned(zone.clone()).date();
    let (today, before) = (day(now), last.map(day));
    let filters = Filters {
        status: vec![StatusFilter::Unpaid],
        date_field: DateField::DueDate,
        date_to: Some(days_after(today)),
        ..Filters::default()
    };
    let mut found = ledger.found(sender.tenant, &filters, today, LOOKED_AT).await?;
    found.retain(|invoice| {
        invoice.kind != Kind::CreditNote && is_news(invoice.due_date, before, today)
    });
    found.sort_by(|one, other| (one.due_date, &one.number).cmp(&(other.due_date, &other.number)));
    if found.is_empty() {
        return Ok(None);
    }
    let more = found.len().saturating_sub(NAMED);
    found.truncate(NAMED);
    let of = |direction| {
        found
            .iter()
            .filter(move |invoice| invoice.direction == direction)
            .filter_map(move |invoice| Open::of(invoice, today))
            .collect()
    };
    let invoices =
        OpenInvoices { to_pay: of(Direction::Received), owed: of(Direction::Issued), more };
    let language = habits.language.unwrap_or_default();
    Ok(replies::render(language, habits, vec![Reply::Reminder(invoices)]).into_iter().next())
}

/// Returns whether an invoice has come nearer to its day, or past it, since somebody was last told.
fn is_news(due: Option<Date>, before: Option<Date>, today: Date) -> bool {
    before.map(|before| Stage::of(due, before)) != Some(Stage::of(due, today))
}

/// How near the day is on which an invoice is to be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Far,
    Soon,
    Overdue,
}

impl Stage {
    fn of(due: Option<Date>, today: Date) -> Self {
        match due {
            Some(due) if due < today => Self::Overdue,
            Some(due) if due <= days_after(today) => Self::Soon,
            _ => Self::Far,
        }
    }
}

fn days_after(today: Date) -> Date {
    today.checked_add(AHEAD.days()).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::dates::date;

    #[test]
    fn an_invoice_is_news_when_it_is_soon_due_and_once_more_when_it_is_overdue() {
        let (due, first) = (Some(date(2026, 3, 10)), date(2026, 3, 1));
        let told: Vec<i8> = (2..=20)
            .filter(|day| is_news(due, Some(date(2026, 3, day - 1)), date(2026, 3, *day)))
            .collect();
        assert_eq!(told, [7, 11], "three days before, and the day after");
        // Whoever could not be told for days hears how it stands now, once.
        assert!(is_news(due, Some(first), date(2026, 3, 20)));
        assert!(!is_news(due, Some(date(2026, 3, 12)), date(2026, 3, 20)));
        assert!(is_news(due, None, date(2026, 3, 20)), "all there is, the first time");
        assert!(!is_news(None, Some(first), date(2026, 3, 20)), "it is never due");
    }
}
