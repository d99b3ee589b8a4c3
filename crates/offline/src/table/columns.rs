//! The head of a list: which row it is, and what stands in which column.

use super::lexicon::{self, Column, Meaning};
use domain::{
    document::{Cell, Table},
    money::Currency,
};
use std::collections::BTreeMap;

/// The head of a list: its row and what stands in which column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The row of the heads, from 0.
    pub row: usize,
    /// The place of each column, from 0; the first of two with the same meaning.
    pub places: BTreeMap<Column, usize>,
    /// The columns whose sum is the tax.
    pub taxes: Vec<usize>,
    /// The currency that the head of the totals names.
    pub currency: Option<Currency>,
    /// Whether the total may well be one without tax.
    pub unsure: bool,
}

/// Heads of columns whose cells are amounts.
const MONEY: [Column; 5] = [Column::Gross, Column::Net, Column::Tax, Column::Amount, Column::Left];

impl Head {
    /// Reads a row as heads.
    fn of(row: usize, cells: &[Cell]) -> Self {
        let meanings: Vec<(usize, Meaning)> = cells
            .iter()
            .enumerate()
            .filter_map(|(at, cell)| Some((at, lexicon::meaning(super::cells::text(cell)?)?)))
            .collect();
        let mut places = BTreeMap::new();
        for (at, meaning) in meanings.iter().filter(|(_, meaning)| !meaning.weak) {
            places.entry(meaning.column).or_insert(*at);
        }
        // A mere name is that of the other side, which a customer is too.
        let sided = places.contains_key(&Column::Customer);
        for (at, Meaning { column, .. }) in meanings.iter().filter(|(_, meaning)| meaning.weak) {
            if !(sided && *column == Column::Vendor) {
                places.entry(*column).or_insert(*at);
            }
        }
        let of = |wanted: Column| meanings.iter().filter(move |(_, said)| said.column == wanted);
        Self {
            row,
            places,
            taxes: of(Column::Tax).map(|(at, _)| *at).collect(),
            currency: meanings.iter().find_map(|(_, meaning)| meaning.currency),
            unsure: false,
        }
    }

    /// Returns whether the heads are those of a list of invoices: each row says whose invoice it
    /// is or which, and how much.
    fn is_list(&self) -> bool {
        let has = |column: &Column| self.places.contains_key(column);
        let whose = [Column::Vendor, Column::Customer, Column::Number].iter().any(has);
        let items = has(&Column::Quantity) || has(&Column::Price);
        let how_much = MONEY.iter().any(has);
        whose && how_much && self.places.len() >= 3 && (!items || has(&Column::Number))
    }

    /// Returns whether the heads are those of item lines.
    fn is_items(&self) -> bool {
        let has = |column| self.places.contains_key(&column);
        has(Column::Description) && (has(Column::Quantity) || has(Column::Price))
    }
}

/// How far down the head of a list is looked for.
const HEAD_WITHIN: usize = 50;

/// Returns the head of the list in a table: the row with the most known heads.
pub fn head(table: &Table) -> Option<Head> {
    heads(table)
        .filter(Head::is_list)
        .max_by_key(|head| (head.places.len(), usize::MAX.saturating_sub(head.row)))
}

/// Returns whether a table has item lines in another row than a list's head.
pub fn has_items(table: &Table, list: &Head) -> bool {
    heads(table).any(|head| head.row != list.row && head.is_items())
}

/// Returns whether a table is a list of payments, as a bank or a payment service gives it.
pub fn are_payments(table: &Table) -> bool {
    /// From so many points on the heads are those of payments.
    const ENOUGH: usize = 2;
    /// A row of fewer texts is no head.
    const FEWEST: usize = 3;
    table.rows.iter().take(HEAD_WITHIN).any(|cells| {
        let texts: Vec<&str> = cells.iter().filter_map(super::cells::text).collect();
        let points: usize = texts.iter().map(|text| lexicon::of_payments(text)).sum();
        let mut said = texts.iter().filter_map(|text| lexicon::meaning(text));
        let numbered = said.any(|said| said.column == Column::Number && !said.weak);
        texts.len() >= FEWEST && points >= ENOUGH.saturating_add(usize::from(numbered))
    })
}

/// Returns the heads of a table that is a list without being one of invoices: texts in its first
/// row, and below them rows that fill the same columns.
pub fn unknown_heads(table: &Table) -> Option<Vec<String>> {
    /// A table of fewer columns may be labels with their values.
    const FEWEST: usize = 4;
    let mut rows = table.rows.iter().filter(|row| row.iter().any(|cell| *cell != Cell::Empty));
    let first = rows.next()?;
    let texts: Option<Vec<String>> =
        first.iter().map(|cell| super::cells::text(cell).map(str::to_owned)).collect();
    let texts = texts.filter(|texts| texts.len() >= FEWEST)?;
    let lettered = |text: &String| text.chars().any(char::is_alphabetic);
    let items = Head::of(0, first).is_items();
    let fits = |row: &Vec<Cell>| {
        let filled = row.iter().filter(|cell| **cell != Cell::Empty).count();
        row.len() <= texts.len() && filled.saturating_mul(2) > texts.len()
    };
    let rows: Vec<&Vec<Cell>> = rows.collect();
    let like = !rows.is_empty() && rows.into_iter().all(fits);
    (like && !items && texts.iter().all(lettered)).then_some(texts)
}

fn heads(table: &Table) -> impl Iterator<Item = Head> {
    table.rows.iter().enumerate().take(HEAD_WITHIN).map(|(row, cells)| Head::of(row, cells))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn item_lines_are_no_list_of_invoices() {
        let row = |heads: &[&str]| {
            let cells: Vec<Cell> = heads.iter().map(|head| Cell::Text((*head).into())).collect();
            Head::of(0, &cells)
        };
        assert!(row(&["Rechnungsnummer", "Lieferant", "Datum", "Betrag"]).is_list());
        assert!(!row(&["Beschreibung", "Menge", "Einzelpreis", "Betrag"]).is_list());
        assert!(!row(&["Datum", "Beschreibung", "Betrag"]).is_list());
    }
}
