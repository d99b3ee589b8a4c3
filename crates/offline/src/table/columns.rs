//! What the columns of a list hold, told by their heads in seven languages.

use crate::number;
use domain::{
    document::{Cell, Table},
    invoice::Status,
    money::Currency,
    names::fold,
    reading::ReadKind,
};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::LazyLock,
};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// Who issued the invoice.
    Vendor,
    /// Who is to pay.
    Customer,
    /// The invoice's number.
    Number,
    /// The issue date.
    Date,
    /// The due date.
    DueDate,
    /// The day of payment.
    PaidOn,
    /// The currency.
    Currency,
    /// The total without tax.
    Net,
    /// The tax.
    Tax,
    /// The total with tax.
    Gross,
    /// The tax rate.
    Rate,
    /// Paid, open and so on.
    Status,
    /// What it was for.
    Category,
    /// Invoice, credit note and so on.
    Kind,
    /// The vendor's tax number.
    TaxId,
    /// What was bought.
    Description,
    /// How many.
    Quantity,
    /// The price of one.
    Price,
}

#[derive(Deserialize)]
struct File {
    columns: BTreeMap<Column, Vec<String>>,
    statuses: BTreeMap<String, Vec<String>>,
    kinds: BTreeMap<ReadKind, Vec<String>>,
    sums: Vec<String>,
}

/// Labels without their spaces, since exports write `InvoiceNumber` and `invoice_number` alike.
#[derive(Default)]
struct Lexicon {
    columns: HashMap<String, Column>,
    statuses: HashMap<String, Status>,
    kinds: HashMap<String, ReadKind>,
    sums: HashSet<String>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let file = toml::from_str::<File>(include_str!("../lexicons/tables/columns.toml")).ok();
    let mut lexicon = Lexicon::default();
    for (column, labels) in file.iter().flat_map(|file| &file.columns) {
        lexicon.columns.extend(labels.iter().map(|label| (glued(label), *column)));
    }
    for (status, words) in file.iter().flat_map(|file| &file.statuses) {
        let Some(status) = Status::parse(status) else { continue };
        lexicon.statuses.extend(words.iter().map(|word| (glued(word), status)));
    }
    for (kind, words) in file.iter().flat_map(|file| &file.kinds) {
        lexicon.kinds.extend(words.iter().map(|word| (glued(word), *kind)));
    }
    lexicon.sums.extend(file.iter().flat_map(|file| &file.sums).map(|word| glued(word)));
    lexicon
});

fn glued(text: &str) -> String {
    fold(text).replace(' ', "")
}

/// Returns the status that a cell's text names.
pub fn status(text: &str) -> Option<Status> {
    LEXICON.statuses.get(&glued(text)).copied()
}

/// Returns what kind of document a cell's text names.
pub fn kind(text: &str) -> Option<ReadKind> {
    LEXICON.kinds.get(&glued(text)).copied()
}

/// Returns whether a cell's text is the head of a row of sums.
pub fn is_sum(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    LEXICON.sums.contains(&glued(text)) || LEXICON.sums.contains(&glued(first))
}

/// Returns the currency that a cell's text names by its code or sign.
pub fn currency(text: &str) -> Option<Currency> {
    Currency::parse(&text.trim().to_uppercase()).or_else(|| number::currency_of(text.trim()))
}

/// Returns what the head of a column says, with the currency that it names.
pub fn column(head: &str) -> Option<(Column, Option<Currency>)> {
    if let Some(column) = LEXICON.columns.get(&glued(head)) {
        return Some((*column, None));
    }
    let spaced = head.replace(['(', ')', '[', ']', '/', ':', ',', '_'], " ");
    let currency = spaced.split_whitespace().find_map(number::currency_of);
    let is_unit = |word: &str| {
        number::is_currency_sign(word) || matches!(fold(word).as_str(), "in" | "en" | "em" | "%")
    };
    let plain: String = spaced.split_whitespace().filter(|word| !is_unit(word)).collect();
    LEXICON.columns.get(&glued(&plain)).map(|column| (*column, currency))
}

/// The head of a list: its row and what stands in which column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The row of the heads, from 0.
    pub row: usize,
    /// The place of each column, from 0; the first of two with the same meaning.
    pub places: BTreeMap<Column, usize>,
    /// The currency that the head of the totals names.
    pub currency: Option<Currency>,
}

impl Head {
    /// Reads a row as heads.
    fn of(row: usize, cells: &[Cell]) -> Self {
        let mut head = Self { row, places: BTreeMap::new(), currency: None };
        for (at, cell) in cells.iter().enumerate() {
            let Cell::Text(text) = cell else { continue };
            let Some((column, currency)) = column(text) else { continue };
            head.places.entry(column).or_insert(at);
            head.currency = head.currency.or(currency);
        }
        head
    }

    /// Returns whether the heads are those of a list of invoices: each row says whose invoice it
    /// is or which, and how much.
    fn is_list(&self) -> bool {
        let has = |column| self.places.contains_key(&column);
        let whose = has(Column::Vendor) || has(Column::Customer) || has(Column::Number);
        let items = has(Column::Quantity) || has(Column::Price);
        let how_much = has(Column::Gross) || has(Column::Net);
        whose && how_much && self.places.len() >= 3 && (!items || has(Column::Number))
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

fn heads(table: &Table) -> impl Iterator<Item = Head> {
    table.rows.iter().enumerate().take(HEAD_WITHIN).map(|(row, cells)| Head::of(row, cells))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_is_folded_and_means_one_thing() {
        let file: File = toml::from_str(include_str!("../lexicons/tables/columns.toml")).unwrap();
        let mut seen = HashMap::new();
        for (column, labels) in &file.columns {
            for label in labels {
                assert_eq!(*label, fold(label));
                let before = seen.insert(glued(label), *column);
                assert!(before.is_none_or(|before| before == *column), "{label}: {before:?}");
            }
        }
    }

    #[test]
    fn heads_are_told_in_every_spelling() {
        assert_eq!(column("Invoice_Number"), Some((Column::Number, None)));
        assert_eq!(column("InvoiceNumber"), Some((Column::Number, None)));
        assert_eq!(column("Gesamtbetrag (EUR)"), Some((Column::Gross, Some(Currency::EUR))));
        assert_eq!(column("Total in €"), Some((Column::Gross, Some(Currency::EUR))));
        assert_eq!(column("Data di scadenza"), Some((Column::DueDate, None)));
        assert_eq!(column("Shoe size"), None);
    }

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
