//! Tables of cells in, invoices out: a form is read like a page, a list row by row.

mod amounts;
mod cells;
mod columns;
mod form;
mod lexicon;
mod list;
mod row;
#[cfg(test)]
mod tests;

use crate::Offline;
use domain::{dates::Date, document::Table};
use ports::tables::{Booked, Entry, List, Place, Tables};

/// A list of fewer rows than this may be a form whose labels stand side by side.
const ROWS_OF_A_LIST: usize = 2;

impl Tables for Offline {
    fn understand(&self, tables: &[Table], today: Date, locale: &str) -> Booked {
        let mut list = List::default();
        let (payments, tables): (Vec<&Table>, Vec<&Table>) =
            tables.iter().partition(|table| columns::are_payments(table));
        for table in &tables {
            let Some(head) = columns::head(table) else { continue };
            let has_items = columns::has_items(table, &head);
            let found = list::read(table, head, today, locale);
            let rows = found.entries.len().saturating_add(found.skipped.len());
            if rows < ROWS_OF_A_LIST && has_items {
                continue;
            }
            list.entries.extend(found.entries);
            list.skipped.extend(found.skipped);
            list.unused.extend(found.unused);
        }
        if !(list.entries.is_empty() && list.skipped.is_empty()) {
            return Booked::List(list);
        }
        let (lists, forms): (Vec<_>, Vec<_>) = tables
            .into_iter()
            .map(|table| (table, columns::unknown_heads(table)))
            .partition(|(_, heads)| heads.is_some());
        let heads = lists.into_iter().find_map(|(_, heads)| heads);
        match of_forms(&forms, today, locale) {
            Booked::Nothing if !payments.is_empty() => Booked::Payments,
            Booked::Nothing => heads.map_or(Booked::Nothing, Booked::Unknown),
            form => form,
        }
    }
}

/// Reads every sheet as a form of its own: one that is an invoice is that invoice, several with
/// different numbers are a list.
fn of_forms(tables: &[(&Table, Option<Vec<String>>)], today: Date, locale: &str) -> Booked {
    let mut entries: Vec<Entry> = Vec::new();
    for (table, _) in tables {
        let Some(reading) = form::read(table, today, locale) else { continue };
        let number = reading.number.as_ref().map(|claim| claim.value.clone());
        let known = entries
            .iter()
            .any(|entry| entry.reading.number.as_ref().map(|claim| claim.value.clone()) == number);
        if !known {
            let place = Place { sheet: table.name.clone(), row: 1 };
            entries.push(Entry::of(place, reading));
        }
    }
    let complete = |entry: &Entry| entry.reading.gross.is_some();
    let whole = entries.iter().filter(|entry| complete(entry)).count();
    if whole > 1 {
        entries.retain(complete);
        return Booked::List(List { entries, ..List::default() });
    }
    let best = entries.iter().position(complete).unwrap_or_default();
    match entries.into_iter().nth(best) {
        Some(entry) => Booked::Form(Box::new(entry.reading)),
        None => Booked::Nothing,
    }
}
