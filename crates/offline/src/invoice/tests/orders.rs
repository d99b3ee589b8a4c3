//! Day and month that may change places.

use super::*;
use domain::{
    dates::Date,
    reading::{EITHER_ORDER, Standing},
};

fn issued(rows: &[&str]) -> (Date, bool) {
    let date = read(&sheets(rows)).issue_date.unwrap();
    let doubtful = date.evidence.standing() == Standing::Doubtful;
    assert_eq!(doubtful, date.evidence.rule == EITHER_ORDER);
    (date.value, doubtful)
}

const SOLD: [&str; 2] = ["Item                    Amount", "Window cleaning         120.00"];

fn bill<'a>(head: &[&'a str], total: &'a str) -> Vec<&'a str> {
    let head = ["Bright Windows", "Invoice No. 2041"].into_iter().chain(head.iter().copied());
    head.chain(SOLD).chain([total]).collect()
}

#[test]
fn a_date_is_doubted_that_nothing_on_the_paper_decides() {
    let rows = bill(&["Invoice date: 03/04/2025"], "Total  $120.00");
    assert_eq!(issued(&rows), (date(2025, 3, 4), true));
}

#[test]
fn other_dates_terms_the_future_and_the_place_decide() {
    let by_another = bill(&["Invoice date: 03/04/2025", "Delivered: 28/03/2025"], "Total  $120.00");
    assert_eq!(issued(&by_another), (date(2025, 4, 3), false));
    let by_term = bill(&["Invoice date: 03/04/2025", "Due date: 04/03/2025"], "Total  $120.00");
    assert_eq!(issued(&by_term), (date(2025, 3, 4), false), "thirty days are a usual term");
    let by_future = bill(&["Invoice date: 12/10/2026"], "Total  $120.00");
    assert_eq!(issued(&by_future), (date(2026, 10, 12), false), "it is the first of November");
    let by_currency = bill(&["Invoice date: 03/04/2025"], "Total  £120.00");
    assert_eq!(issued(&by_currency), (date(2025, 4, 3), false));
    let by_place =
        bill(&["12 Elm Street, Austin, TX 78701", "Invoice date: 03/04/2025"], "Total  $120.00");
    assert_eq!(issued(&by_place), (date(2025, 3, 4), false));
    let in_words = bill(&["Invoice date: 3 April 2025"], "Total  $120.00");
    assert_eq!(issued(&in_words), (date(2025, 4, 3), false));
}
