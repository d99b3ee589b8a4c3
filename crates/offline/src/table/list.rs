//! A list with an invoice a row.

use super::{amounts, cells::Conventions, columns::Head, lexicon::Column, row::Row};
use domain::{
    dates::Date,
    document::{Cell, Table},
    names::fold,
};
use ports::tables::{Entry, Lack, List, Place, Skipped};
use std::collections::HashMap;

const AMOUNTS: [Column; 5] =
    [Column::Gross, Column::Net, Column::Tax, Column::Amount, Column::Left];
const DAYS: [Column; 3] = [Column::Date, Column::DueDate, Column::PaidOn];

/// Reads the rows below a head.
pub fn read(table: &Table, mut head: Head, today: Date, locale: &str) -> List {
    let cells = AMOUNTS.into_iter().flat_map(|column| under(table, &head, column));
    let days = DAYS.into_iter().flat_map(|column| under(table, &head, column));
    let ways = Conventions::of(cells, days, today, locale);
    let unused = amounts::settle(&mut head, table, &ways);
    let mut list = List { unused, ..List::default() };
    for (at, cells) in table.rows.iter().enumerate().skip(head.row.saturating_add(1)) {
        let place = Place { sheet: table.name.clone(), row: at.saturating_add(1) };
        match (Row { head: &head, ways: &ways, cells }).entry(&place) {
            Some(Ok(entry)) => list.entries.push(entry),
            Some(Err(why)) => list.skipped.push(Skipped { place, why }),
            None => {}
        }
    }
    one_of_each(list)
}

/// Returns the cells of a column.
fn under<'a>(
    table: &'a Table,
    head: &Head,
    column: Column,
) -> impl Iterator<Item = &'a Cell> + Clone + use<'a> {
    let place = head.places.get(&column).copied();
    let rows = table.rows.iter().skip(head.row.saturating_add(1));
    rows.filter_map(move |row| row.get(place?))
}

/// Joins rows that say the same of one number; where they differ in the total, none is believed.
fn one_of_each(list: List) -> List {
    let mut first: HashMap<(String, String), usize> = HashMap::new();
    let mut kept: Vec<(Entry, bool)> = Vec::new();
    let mut skipped = list.skipped;
    for entry in list.entries {
        let before = identity(&entry).and_then(|key| {
            let next = kept.len();
            let at = *first.entry(key).or_insert(next);
            kept.get_mut(at)
        });
        match before {
            Some((other, shared)) if said(other) != said(&entry) => {
                *shared = true;
                skipped.push(Skipped { place: entry.place, why: Lack::SharedNumber });
            }
            Some(_) => {}
            None => kept.push((entry, false)),
        }
    }
    let mut entries = Vec::new();
    for (entry, shared) in kept {
        if shared {
            skipped.push(Skipped { place: entry.place, why: Lack::SharedNumber });
        } else {
            entries.push(entry);
        }
    }
    skipped.sort_by_key(|skipped| skipped.place.row);
    List { entries, skipped, unused: list.unused }
}

/// Returns whose invoice it is and which; nothing without a number.
fn identity(entry: &Entry) -> Option<(String, String)> {
    let number = &entry.reading.number.as_ref()?.value;
    let who = entry.reading.vendor.as_ref().or(entry.reading.customer.as_ref());
    Some((who.map(|claim| fold(&claim.value)).unwrap_or_default(), fold(number)))
}

fn said(entry: &Entry) -> impl PartialEq {
    let reading = &entry.reading;
    let value = |claim: &Option<domain::reading::Claim<rust_decimal::Decimal>>| {
        claim.as_ref().map(|claim| claim.value)
    };
    (reading.kind.value, value(&reading.gross), reading.currency.as_ref().map(|claim| claim.value))
}
